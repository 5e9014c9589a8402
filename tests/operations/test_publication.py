"""Editions: prepared by one, released by another, only from approvals, and nothing else in them."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from harness import walk
from harness.bureau import SmallBureau, power_body, sample_lines
from webapp import clock
from webapp.bundle.verify import verify_bundle
from webapp.config import Settings
from webapp.directory.operations import load_directory
from webapp.directory.reading import current_directory
from webapp.publication.models import Edition, EditionItem
from webapp.publication.operations import (
    discard_edition,
    point_at_released,
    prepare_editions,
    release_editions,
)
from webapp.reviews import intake
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Approval
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Listing, Record
from webapp.rules import NotAllowed, RuleBroken, Stale

DAY = date(2008, 9, 1)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>图</title></svg>'


def draw(_chart: Mapping[str, Any]) -> str:
    return SVG


@pytest.fixture(autouse=True)
def _in_2008() -> Iterator[None]:
    clock.fix_day(DAY)
    yield
    clock.fix_day(None)


@pytest.fixture
def adopted(bureau: SmallBureau) -> SmallBureau:
    """The bureau with the sample catalogue taken over as approved."""
    adopt(bureau, sample_lines())
    return bureau


def adopt(bureau: SmallBureau, lines: list[dict[str, Any]]) -> intake.Intake:
    with bureau.database.writing() as session:
        return intake.adopt_catalogue(
            session,
            bureau.office,
            enumerate(lines, 1),
            document="坛优组字〔2008〕2号",
            decided_on=date(2008, 8, 27),
        )


def prepare(bureau: SmallBureau, settings: Settings) -> tuple[Edition, ...]:
    return prepare_editions(bureau.database, settings, bureau.office, draw=draw, day=DAY).editions


def release(bureau: SmallBureau, settings: Settings) -> tuple[Edition, ...]:
    return release_editions(bureau.database, settings, bureau.publisher, document="审批单2008-001")


def files_of(settings: Settings, edition: Edition) -> dict[str, bytes]:
    folder = settings.editions / edition.folder
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_adopted_sample_makes_127_public_and_12_bureau_entries(adopted: SmallBureau, settings: Settings) -> None:
    public, internal = prepare(adopted, settings)
    assert (public.audience, public.number, public.item_count) == ("public", 1, 127)
    assert (internal.audience, internal.number, internal.item_count) == ("bureau", 1, 12)
    files = files_of(settings, public)
    assert (
        sum(path.startswith("powers/") and path.count("/") == 2 and path.endswith("/index.html") for path in files)
        == 127
    )
    assert verify_bundle(settings.editions / public.folder, public.manifest_digest) == []
    assert verify_bundle(settings.editions / internal.folder, internal.manifest_digest) == []


def test_another_person_releases_and_only_then_the_public_site_sees_it(
    adopted: SmallBureau, settings: Settings
) -> None:
    prepare(adopted, settings)
    pointer = settings.instance / "public" / "current"
    assert not pointer.exists()
    with pytest.raises(NotAllowed, match="只有局办公室"):
        release_editions(adopted.database, settings, adopted.office, document="审批单1")
    with pytest.raises(RuleBroken, match="审批单号"):
        release_editions(adopted.database, settings, adopted.publisher, document=" ")
    public, _ = release(adopted, settings)
    assert pointer.read_text(encoding="utf-8").strip() == public.folder
    with pytest.raises(Stale, match="没有待发布"):
        release(adopted, settings)


def test_the_pointer_lost_between_release_and_crash_is_mended(adopted: SmallBureau, settings: Settings) -> None:
    prepare(adopted, settings)
    public, _ = release(adopted, settings)
    (settings.instance / "public" / "current").unlink()
    point_at_released(adopted.database, settings)
    assert (settings.instance / "public" / "current").read_text(encoding="utf-8").strip() == public.folder


def test_a_pending_power_stops_the_edition_with_a_sentence(bureau: SmallBureau, settings: Settings) -> None:
    adopt(bureau, [line for line in sample_lines() if line.get("number") != "JTHB-BG-001"])
    with pytest.raises(RuleBroken, match="本批次公开范围待定1项，不能编制公开版"):
        prepare(bureau, settings)


def test_a_power_whose_chart_is_not_approved_is_held_back_and_named(bureau: SmallBureau, settings: Settings) -> None:
    adopt(bureau, [line for line in sample_lines() if line.get("number") not in {"LC-XK-001", "LC-XK-001N"}])
    prepared = prepare_editions(bureau.database, settings, bureau.office, draw=draw, day=DAY)
    assert prepared.editions[0].item_count == 127  # a chart nobody knows counts as not external: no reference is shown
    assert prepared.held_back == ()


def test_nothing_is_stored_when_nothing_differs_and_a_second_preparation_waits(
    adopted: SmallBureau,
    settings: Settings,
) -> None:
    prepare(adopted, settings)
    with pytest.raises(Stale, match="已有编制好、待发布"):
        prepare(adopted, settings)
    release(adopted, settings)
    with pytest.raises(RuleBroken, match="没有变化"):
        prepare(adopted, settings)
    assert sorted(path.name.split("-")[0] for path in settings.editions.iterdir()) == ["bureau", "public"]


def test_a_discarded_edition_leaves_no_trace_and_its_number_is_used_again(
    adopted: SmallBureau,
    settings: Settings,
) -> None:
    first = prepare(adopted, settings)
    discard_edition(adopted.database, settings, adopted.office)
    assert list(settings.editions.iterdir()) == []
    second = prepare(adopted, settings)
    assert [one.manifest_digest for one in second] == [one.manifest_digest for one in first]


def test_the_next_edition_tells_what_changed_and_names_the_one_before(adopted: SmallBureau, settings: Settings) -> None:
    first, _ = prepare(adopted, settings)
    release(adopted, settings)
    record = walk.create(adopted, adopted.clerk, "power", power_body(name="新增的许可事项"))
    walk.to_the_end(adopted, record)
    (second,) = prepare(adopted, settings)
    assert (second.number, second.item_count, second.previous_digest) == (2, 128, first.manifest_digest)
    files = files_of(settings, second)
    assert "新增的许可事项" in files["changes/index.html"].decode()
    assert json.loads(files["manifest.json"])["previous_manifest"] == first.manifest_digest


def test_a_draft_begun_on_a_published_entry_changes_no_public_byte(adopted: SmallBureau, settings: Settings) -> None:
    first, _ = prepare(adopted, settings)
    discard_edition(adopted.database, settings, adopted.office)
    with adopted.database.writing() as session:
        listing = session.scalars(select(Listing).where(Listing.code == "JTHB-XK-001", Listing.face == "draft")).one()
        row = session.get_one(Record, listing.record_id)
        row.section_id = adopted.sections["污染控制科"]
    with adopted.database.writing() as session:
        draft = session.get_one(Draft, listing.record_id)
        body = {**json.loads(draft.body), "rules": "尚未审定的新规则", "section": "污染控制科"}
        revisions.save_draft(
            session, adopted.clerk, KINDS["power"], listing.record_id, body, seen_version=draft.version
        )
    second, _ = prepare(adopted, settings)
    assert second.manifest_digest == first.manifest_digest


def correct_contact(bureau: SmallBureau, key: str, **changes: str) -> None:
    with bureau.database.writing() as session:
        contacts = current_directory(session)
        load_directory(session, {**contacts, key: {**contacts[key], **changes}}, by=bureau.office)


def test_a_corrected_telephone_is_carried_by_the_next_edition_and_moves_no_digest_of_a_power(
    adopted: SmallBureau, settings: Settings
) -> None:
    first, _ = prepare(adopted, settings)
    release(adopted, settings)
    correct_contact(adopted, "window-construction-projects", phone="0519-80009999")
    (second,) = prepare(adopted, settings)
    before, after = files_of(settings, first), files_of(settings, second)
    pages = [path for path, raw in after.items() if b"0519-80009999" in raw]
    assert "powers/JTHB-XK-001/index.html" in pages
    assert not any(b"0519-80009999" in raw for raw in before.values())
    digests = [
        {one["code"]: one["public_digest"] for one in json.loads(files["manifest.json"])["powers"]}
        for files in (before, after)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 127
    assert before["data/catalogue.jsonl"] == after["data/catalogue.jsonl"]
    assert "职权目录没有变化。更正了联系方式。" in after["changes/index.html"].decode()
    release(adopted, settings)
    with pytest.raises(RuleBroken, match="没有变化"):
        prepare(adopted, settings)


def test_what_is_not_printed_of_a_contact_makes_no_edition_due(adopted: SmallBureau, settings: Settings) -> None:
    prepare(adopted, settings)
    release(adopted, settings)
    correct_contact(adopted, "window-construction-projects", verified_on="2008-08-30", note="已拨打")
    with pytest.raises(RuleBroken, match="没有变化"):
        prepare(adopted, settings)


def test_a_telephone_corrected_while_an_edition_is_made_stops_it(adopted: SmallBureau, settings: Settings) -> None:
    def draw_late(_chart: Mapping[str, Any]) -> str:
        correct_contact(adopted, "window-construction-projects", phone="0519-80009999")
        return SVG

    with pytest.raises(Stale, match="重新编制"):
        prepare_editions(adopted.database, settings, adopted.office, draw=draw_late, day=DAY)


def test_the_database_refuses_an_item_that_is_not_approved(adopted: SmallBureau, settings: Settings) -> None:
    public, _ = prepare(adopted, settings)
    record = walk.create(adopted, adopted.clerk, "power", power_body(name="未审定"))
    with pytest.raises(RuleBroken), adopted.database.writing() as session:
        session.add(EditionItem(edition_id=public.id, record_id=record, approval_id=999_999))


def test_the_database_refuses_that_preparer_and_releaser_are_one(adopted: SmallBureau, settings: Settings) -> None:
    public, _ = prepare(adopted, settings)

    def release_alone() -> None:
        with adopted.database.writing() as session:
            edition = session.get_one(Edition, public.id)
            edition.state, edition.released_by = "released", edition.prepared_by

    with pytest.raises(RuleBroken):
        release_alone()


def test_an_approval_cannot_be_changed_or_deleted_in_the_database(adopted: SmallBureau) -> None:
    def forge() -> None:
        with adopted.database.writing() as session:
            session.execute(delete(Approval))

    with pytest.raises((RuleBroken, DBAPIError)) as refused:
        forge()
    assert "immutable" in str(refused.value.__cause__ or refused.value)


def test_personal_data_stops_an_edition(bureau: SmallBureau, settings: Settings) -> None:
    lines = sample_lines()
    line = next(line for line in lines if line.get("code") == "JTHB-CF-001")
    line["rules"] = "联系人手机13812345678"
    adopt(bureau, lines)
    with pytest.raises(RuleBroken, match="手机号码"):
        prepare(bureau, settings)
    assert not settings.editions.exists() or list(settings.editions.iterdir()) == []


def test_withheld_and_bureau_powers_leave_no_trace_in_the_public_bundle(
    adopted: SmallBureau, settings: Settings
) -> None:
    public, _ = prepare(adopted, settings)
    hidden = [line for line in sample_lines() if line.get("disclosure") in {"bureau", "pending"}]
    everything = b"\n".join(files_of(settings, public).values()).decode(errors="replace")
    for line in hidden:
        assert line["code"] not in everything
        assert line["name"] not in everything or line["name"] == "发展党员"  # a word of the plan's tree too
