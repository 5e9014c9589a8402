"""Taking a power back: everywhere at once, neutral to the reader, checkable by anybody, and never half."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from harness.bureau import SmallBureau, power_body, sample_lines
from harness.databases import only_sqlite
from webapp import clock
from webapp.accounts.models import Section
from webapp.bundle import manifest as manifests
from webapp.bundle.verify import chain_faults, verify_bundle
from webapp.config import Settings
from webapp.db import Database
from webapp.journal.models import JournalEntry
from webapp.pages.withdrawals import withdrawals_page
from webapp.pages.worklist import worklist_page
from webapp.pages.worklist_rows import Chosen
from webapp.publication import withdrawing
from webapp.publication.models import Edition, Withdrawal
from webapp.publication.operations import prepare_editions, release_editions
from webapp.publication.withdrawing import Withdrawn, lift_withdrawal, withdraw_record
from webapp.reviews import intake
from webapp.reviews.stopping import stop_power
from webapp.revisions.models import Record
from webapp.rules import NotAllowed, RuleBroken, Stale

DAY = date(2008, 9, 1)
CODE, REASON, DOCUMENT = "JTHB-XK-001", "撤下的真实理由", "坛环办〔2008〕9号"
NAME = "建设项目环境影响报告书审批"
# A small catalogue: two licences with a chart each, a penalty, an entry for the bureau.
CODES = {CODE, "JTHB-XK-002", "JTHB-CF-001", "JTHB-RS-003"}


def draw(chart: Mapping[str, Any]) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>{chart["name"]}</title></svg>'


@pytest.fixture(autouse=True)
def _in_2008() -> Iterator[None]:
    clock.fix_day(DAY)
    yield
    clock.fix_day(None)


@pytest.fixture
def published(bureau: SmallBureau, settings: Settings) -> SmallBureau:
    """A bureau whose first edition is released, and a second that holds one power more."""
    lines = [line for line in sample_lines() if line.get("code") in CODES]
    charts = {number for line in lines for number in line["flows"]}
    adopt(bureau, [*(line for line in sample_lines() if line.get("number") in charts), *lines])
    issue(bureau, settings)
    adopt(bureau, [{"record": "power", "code": "JTHB-XK-101", **power_body(name="第二版新增的许可")}])
    issue(bureau, settings)
    return bureau


def adopt(bureau: SmallBureau, lines: list[dict[str, Any]]) -> None:
    """Take lines over as approved."""
    with bureau.database.writing() as session:
        taken = intake.adopt_catalogue(
            session, bureau.office, enumerate(lines, 1), document="坛优组字〔2008〕2号", decided_on=date(2008, 8, 27)
        )
    assert not taken.refusals


def adopt_third(bureau: SmallBureau) -> None:
    """Take one more power over, so that an edition is due."""
    adopt(bureau, [{"record": "power", "code": "JTHB-XK-102", **power_body(name="第三项许可")}])


def prepare(bureau: SmallBureau, settings: Settings) -> tuple[Edition, ...]:
    return prepare_editions(bureau.database, settings, bureau.office, draw=draw, day=DAY).editions


def issue(bureau: SmallBureau, settings: Settings) -> tuple[Edition, ...]:
    prepare(bureau, settings)
    return release_editions(bureau.database, settings, bureau.publisher, document="审批单")


def withdraw(bureau: SmallBureau, settings: Settings, code: str = CODE) -> Withdrawn:
    return withdraw_record(bureau.database, settings, bureau.publisher, code, reason=REASON, document=DOCUMENT)


def editions(database: Database, audience: str = "public") -> list[Edition]:
    with database.reading() as session:
        return list(session.scalars(select(Edition).where(Edition.audience == audience).order_by(Edition.number)))


def files_of(settings: Settings, edition: Edition) -> dict[str, bytes]:
    folder = settings.editions / edition.folder
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def folders(settings: Settings) -> set[str]:
    return {path.name for path in settings.editions.iterdir()}


def test_every_bundle_shows_a_neutral_notice_and_the_next_edition_is_out_at_once(
    published: SmallBureau, settings: Settings
) -> None:
    before = {one.number: (one, files_of(settings, one)) for one in editions(published.database)}
    done = withdraw(published, settings)
    after = editions(published.database)
    assert [(one.number, one.state, one.item_count) for one in after] == [
        (1, "released", 2),
        (2, "released", 3),
        (3, "released", 3),
    ]
    assert [one.number for one in done.replaced] == [1, 2]
    assert [(one.number, one.is_reduction) for one in done.issued] == [(3, True)]
    pointer = (settings.instance / "public" / "current").read_text(encoding="utf-8").strip()
    assert pointer == after[-1].folder
    for one in after:
        files = files_of(settings, one)
        everything = b"\n".join(files.values()).decode(errors="replace")
        assert "现不公开" in files[f"powers/{CODE}/index.html"].decode()
        assert NAME not in everything
        assert REASON not in everything
        assert DOCUMENT not in everything
        assert "flows/LC-XK-001/index.html" not in files, "the chart of that power alone went with it"
        assert verify_bundle(settings.editions / one.folder, one.manifest_digest) == []
    for number, (edition, files) in before.items():
        now = files_of(settings, after[number - 1])
        assert edition.folder not in folders(settings), "what was withdrawn lies in no folder any more"
        kept = "powers/JTHB-CF-001/index.html"
        assert now[kept] == files[kept], "what was not withdrawn is the same byte for byte"


@only_sqlite
def test_the_chain_of_manifests_can_still_be_checked(published: SmallBureau, settings: Settings) -> None:
    old = [one.manifest_digest for one in editions(published.database)]
    withdraw(published, settings)
    withdraw(published, settings, "JTHB-XK-002")
    bundles = [settings.editions / one.folder for one in editions(published.database)]
    read = [manifests.parse((folder / "manifest.json").read_bytes()) for folder in bundles]
    assert [one.edition for one in read] == [1, 2, 3, 4]
    assert [one.replaces[:1] for one in read[:2]] == [(old[0],), (old[1],)]
    assert [len(one.replaces) for one in read] == [2, 2, 1, 0]
    assert read[1].previous_manifest == old[0], "the second edition says what it said when it was released"
    for earlier, later in pairwise(bundles):
        assert chain_faults(earlier, later) == []
    assert chain_faults(bundles[0], bundles[2]) != []
    page = files_of(settings, editions(published.database)[-1])["editions/index.html"].decode()
    for one in editions(published.database)[:-1]:
        assert one.manifest_digest in page
    assert old[0] in page, "who holds the paper of the first edition finds its digest"


@only_sqlite
def test_both_digests_stand_in_one_journal_entry(published: SmallBureau, settings: Settings) -> None:
    old = {one.number: one.manifest_digest for one in editions(published.database)}
    withdraw(published, settings)
    new = {one.number: one.manifest_digest for one in editions(published.database)}
    with published.database.reading() as session:
        entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "withdraw")).one()
    facts = json.loads(entry.facts)
    assert facts["replaced"] == [["public", number, old[number], new[number]] for number in (1, 2)]
    assert facts["issued"] == [["public", 3, new[3]]]
    assert REASON not in entry.facts


@only_sqlite
def test_an_old_bundle_is_stored_anew_though_a_section_was_renamed_since(
    published: SmallBureau, settings: Settings
) -> None:
    name = next(str(line["section"]) for line in sample_lines() if line.get("code") == "JTHB-CF-001")
    with published.database.writing() as session:
        session.execute(update(Section).where(Section.name == name).values(name="合并后的科室"))
    withdraw(published, settings)
    first = editions(published.database)[0]
    assert name in files_of(settings, first)["powers/JTHB-CF-001/index.html"].decode()


def test_what_stood_prepared_is_discarded_and_nothing_is_due_afterwards(
    published: SmallBureau, settings: Settings
) -> None:
    adopt_third(published)
    (waiting,) = prepare(published, settings)
    done = withdraw(published, settings)
    assert done.discarded == (waiting.folder,)
    assert waiting.folder not in folders(settings)
    assert [(one.number, one.item_count) for one in issue(published, settings)] == [(4, 4)]
    with pytest.raises(RuleBroken, match="没有变化"):
        prepare(published, settings)


@only_sqlite
def test_what_is_stopped_while_it_is_published_is_work_the_same_day_until_it_is_taken_down(
    published: SmallBureau, settings: Settings
) -> None:
    with published.database.writing() as session:
        record = session.scalars(select(Record).where(Record.code == "JTHB-XK-101")).one()
        day, number = clock.today(), record.id
        stop_power(session, published.chief, number, reason="属政府", aftermath="移送", day=day, seen_version=1)
    for who, words in ((published.publisher, "请撤下"), (published.office, "督促局办公室撤下")):
        with published.database.reading() as session:
            due = next(group for group in worklist_page(session, Chosen(), viewer=who).groups if group.key == "overdue")
        assert [(row.code, words in row.why) for row in due.rows] == [("JTHB-XK-101", True)]
    with published.database.reading() as session:
        assert withdrawals_page(session, viewer=published.publisher).overdue == ("JTHB-XK-101",)
    done = withdraw(published, settings, "JTHB-XK-101")
    assert [one.audience for one in done.issued] == ["public"]
    with published.database.reading() as session:
        assert withdrawals_page(session, viewer=published.publisher).overdue == ()


@only_sqlite
def test_what_was_never_published_leaves_no_trace(published: SmallBureau, settings: Settings) -> None:
    adopt_third(published)
    before = editions(published.database)
    done = withdraw(published, settings, "JTHB-XK-102")
    assert (done.replaced, done.issued) == ((), ())
    assert [one.manifest_digest for one in editions(published.database)] == [one.manifest_digest for one in before]
    with pytest.raises(RuleBroken, match="没有变化"):
        prepare(published, settings)


def test_a_lifted_withdrawal_lets_the_power_into_the_next_edition_by_two_persons(
    published: SmallBureau, settings: Settings
) -> None:
    withdraw(published, settings)
    with pytest.raises(Stale, match="已经撤下"):
        withdraw(published, settings)
    with published.database.writing() as session:
        lift_withdrawal(session, published.publisher, CODE, reason="已更正", document="坛环办〔2008〕10号")
    (fourth,) = issue(published, settings)
    assert (fourth.number, fourth.item_count, fourth.is_reduction) == (4, 4, False)
    assert NAME in files_of(settings, fourth)[f"powers/{CODE}/index.html"].decode()
    first = editions(published.database)[0]
    assert "现不公开" in files_of(settings, first)[f"powers/{CODE}/index.html"].decode()
    # Taken down a second time, only the edition that shows it again is stored anew.
    again = withdraw(published, settings)
    assert [one.number for one in again.replaced] == [4]
    assert [one.number for one in again.issued] == [5]
    with published.database.writing() as session:
        lift_withdrawal(session, published.publisher, CODE, reason="已更正", document="坛环办〔2008〕11号")
    with pytest.raises(Stale, match="没有撤下"), published.database.writing() as session:
        lift_withdrawal(session, published.publisher, CODE, reason="已更正", document="坛环办〔2008〕12号")


@only_sqlite
def test_an_entry_for_the_bureau_is_taken_from_the_internal_edition(published: SmallBureau, settings: Settings) -> None:
    public = [one.manifest_digest for one in editions(published.database)]
    done = withdraw(published, settings, "JTHB-RS-003")
    assert {one.audience for one in (*done.replaced, *done.issued)} <= {"bureau"}
    assert [one.manifest_digest for one in editions(published.database)] == public


@only_sqlite
def test_a_refused_withdrawal_changes_nothing(published: SmallBureau, settings: Settings) -> None:
    before = folders(settings)
    refused: list[tuple[str, str, dict[str, str], type[RuleBroken]]] = [
        ("office", CODE, {}, NotAllowed),
        ("publisher", "JTHB-XK-999", {}, RuleBroken),
        ("publisher", CODE, {"reason": " "}, RuleBroken),
        ("publisher", CODE, {"document": ""}, RuleBroken),
        ("publisher", CODE, {"reason": "秘密★3年"}, RuleBroken),
        ("publisher", CODE, {"reason": "长" * 501}, RuleBroken),
    ]
    for who, code, given, expected in refused:
        told = {"reason": REASON, "document": DOCUMENT, **given}
        with pytest.raises(expected):
            withdraw_record(published.database, settings, getattr(published, who), code, **told)
    assert folders(settings) == before
    with published.database.reading() as session:
        assert session.scalars(select(Withdrawal)).all() == []


def test_an_edition_released_meanwhile_stops_it_and_leaves_no_folder(
    published: SmallBureau, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt_third(published)
    prepare(published, settings)
    store = withdrawing.store_bundle

    def released_first(*given: Any) -> tuple[Path, str]:  # noqa: ANN401 - what the function takes
        if len(editions(published.database)) == 3 and editions(published.database)[-1].state == "prepared":
            release_editions(published.database, settings, published.publisher, document="审批单")
        return store(*given)

    monkeypatch.setattr(withdrawing, "store_bundle", released_first)
    with pytest.raises(Stale, match="重新办理"):
        withdraw(published, settings)
    assert folders(settings) == {
        one.folder for kind in ("public", "bureau") for one in editions(published.database, kind)
    }
    assert [one.number for one in withdraw(published, settings).issued] == [4]
