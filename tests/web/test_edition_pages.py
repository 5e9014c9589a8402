"""One edition's page, its check and its file; what a person sees is what he releases."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from harness.bureau import SmallBureau, sample_lines
from harness.desks import Desk, QueryCount
from webapp.bundle.verify import verify_bundle
from webapp.config import Settings
from webapp.pages.editions import editions_page
from webapp.publication.models import Edition
from webapp.reviews import intake

At = Callable[[str], Desk]


@pytest.fixture
def edition(bureau: SmallBureau, desk: At) -> Edition:
    """A prepared public edition of two powers."""
    adopt(bureau, {"JTHB-CF-003", "JTHB-XK-001"})
    assert desk("office").post("/editions", {}).status == 303
    with bureau.database.reading() as session:
        return session.scalars(select(Edition).where(Edition.audience == "public")).one()


def adopt(bureau: SmallBureau, codes: set[str]) -> None:
    lines = [line for line in sample_lines() if line.get("code") in codes]
    for line in lines:
        line["flows"] = []
    with bureau.database.writing() as session:
        intake.adopt_catalogue(
            session, bureau.office, enumerate(lines, 1), document="坛优组字〔2008〕2号", decided_on=date(2008, 8, 27)
        )


def _file(who: Desk, address: str) -> bytes:
    with who.client.get(address) as response:
        assert response.status_code == 200
        return response.data


def test_an_editions_page_names_its_items_and_its_whole_digest(desk: At, edition: Edition) -> None:
    shown = desk("publisher").get(f"/editions/{edition.id}")
    assert (shown.status, shown.h1s) == (200, 1)
    assert edition.manifest_digest in shown.text
    assert "JTHB-XK-001" in shown.text
    assert "坛优组字〔2008〕2号" in shown.text
    assert len(shown.ids) == len(set(shown.ids))
    assert desk("publisher").get("/editions/999").status == 404
    assert desk("clerk").get(f"/editions/{edition.id}").status == 403
    assert desk("clerk").get(f"/editions/{edition.id}/bundle.zip").status == 403


def test_the_file_holds_the_stored_bundle_and_is_the_same_every_time(
    desk: At, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first, second = (_file(desk("office"), f"/editions/{edition.id}/bundle.zip") for _ in range(2))
    assert first == second
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}
        assert packed.namelist() == sorted(packed.namelist())
        packed.extractall(folder)
    assert verify_bundle(folder, edition.manifest_digest) == []


def test_a_changed_byte_in_the_store_is_named(desk: At, edition: Edition, settings: Settings) -> None:
    office = desk("office")
    assert "校验相符" in office.get(f"/editions/{edition.id}?check=1").text
    home = settings.editions / edition.folder / "index.html"
    home.write_bytes(home.read_bytes().replace(b"<html", b"<html ", 1))
    shown = office.get(f"/editions/{edition.id}?check=1")
    assert "校验不符" in shown.text
    assert "index.html" in shown.text


def test_a_bundle_that_is_gone_is_said_and_not_sent(desk: At, edition: Edition, settings: Settings) -> None:
    (settings.editions / edition.folder / "manifest.json").unlink()
    shown = desk("office").get(f"/editions/{edition.id}/bundle.zip")
    assert shown.status == 422
    assert "不在库中" in shown.text


def test_what_was_seen_is_what_is_released(bureau: SmallBureau, desk: At, edition: Edition) -> None:
    publisher, office = desk("publisher"), desk("office")
    form = publisher.get("/editions").form("/editions/release")
    assert office.post("/editions/discard", {"seen_digest": form.fields["seen_digest"]}).status == 303
    adopt(bureau, {"JTHB-XK-002"})
    assert office.post("/editions", {}).status == 303
    shown = publisher.presses(form, document="审批单〔2008〕9号")
    assert shown.status == 409
    assert "审批单〔2008〕9号" in shown.body
    assert publisher.presses(publisher.get("/editions").form("/editions/release"), document="审批单9").status == 303
    assert edition


def test_the_office_sees_what_the_next_edition_would_hold(bureau: SmallBureau, desk: At) -> None:
    assert "还没有审定的职权" in desk("office").get("/editions").text
    adopt(bureau, {"JTHB-CF-003", "JTHB-XK-001"})
    shown = desk("office").get("/editions")
    assert "社会公开版第1号" in shown.text
    assert "首次编制" in shown.text
    assert "社会公开版第1号" not in desk("deputy").get("/editions").text


def test_the_pages_take_a_bounded_number_of_queries(bureau: SmallBureau) -> None:
    counts = []
    viewer = bureau.office
    for codes in ({"JTHB-XK-001"}, {"JTHB-CF-003", "JTHB-XK-002", "JTHB-CF-004"}):
        adopt(bureau, codes)
        with QueryCount(bureau) as count, bureau.database.reading() as session:
            editions_page(session, viewer=viewer)
        counts.append(len(count))
    assert counts[0] == counts[1] <= 30
