"""The library of laws on screen: search, editions on a day, and what cites them, as far as the viewer may see it."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SAMPLE, SmallBureau, flow_body, power_body
from harness.desks import Desk, QueryCount
from webapp.laws.models import Law
from webapp.laws.operations import load_library
from webapp.pages.laws import law_page, laws_page
from webapp.reviews.intake import adopt_catalogue

At = Callable[[str], Desk]
LIBRARY = json.loads((SAMPLE.parent / "laws.json").read_text(encoding="utf-8"))
DAY = "day=2008-07-08"


@pytest.fixture
def library(bureau: SmallBureau) -> dict[str, int]:
    """The sample library; the number of each law by its name."""
    with bureau.database.writing() as session:
        load_library(session, LIBRARY, by=None)
    with bureau.database.reading() as session:
        return {row.name: row.id for row in session.execute(select(Law.name, Law.id))}


def cites(*rows: tuple[str, str, str]) -> list[dict[str, str]]:
    return [
        {"kind": "law", "law": law, "edition": edition, "article": article, "role": ""}
        for law, edition, article in rows
    ]


def counts(body: str, name: str) -> tuple[int, int]:
    """The numbers of powers and charts that the list shows for a law."""
    found = re.search(
        rf">{re.escape(name)}</a>.*?<td class=\"numeric\">(\d+)</td><td class=\"numeric\">(\d+)</td>", body, re.DOTALL
    )
    assert found, name
    return int(found[1]), int(found[2])


@pytest.mark.parametrize("who", ["clerk2", "office", "publisher", "deputy", "sysadmin", "auditor"])
def test_everyone_in_the_bureau_reads_the_library(library: dict[str, int], desk: At, who: str) -> None:
    person = desk(who)
    shown = person.get(f"/laws?{DAY}")
    assert (shown.status, shown.h1) == (200, "法规制度库")
    assert f"共 <b>{len(library)}</b>" in shown.body
    page = person.get(f"/laws/{library['水污染防治法']}?{DAY}")
    assert (page.status, page.h1) == (200, "水污染防治法")


@pytest.mark.parametrize(
    ("q", "name"),
    [
        ("水污染防治法", "水污染防治法"),
        ("水防法", "水污染防治法"),
        ("中华人民共和国水污染防治法", "水污染防治法"),
        ("《水防法》", "水污染防治法"),
        ("主席令第87号", "水污染防治法"),
    ],
)
def test_a_law_is_found_by_its_names_and_its_document(library: dict[str, int], desk: At, q: str, name: str) -> None:
    shown = desk("clerk").get(f"/laws?q={q}")
    assert f'href="/laws/{library[name]}?' in shown.body
    assert shown.body.count("data-row>") < 10


def test_what_is_not_found_is_said_and_typed_text_stays_text(library: dict[str, int], desk: At) -> None:
    assert library
    shown = desk("clerk").get("/laws?q=%3Cscript%3Ealert(1)")
    assert "没有找到" in shown.text
    assert "<script>alert" not in shown.body
    for q in ("%25", "_", "'", "\\"):
        assert "没有找到" in desk("clerk").get(f"/laws?q={q}").text


@pytest.mark.parametrize(
    ("day", "state"),
    [("1990-01-01", "未施行"), ("2008-05-31", "未施行"), ("2008-06-01", "有效"), ("2018-01-01", "已失效")],
)
def test_an_edition_is_judged_on_the_day_asked_for(library: dict[str, int], desk: At, day: str, state: str) -> None:
    page = desk("clerk").get(f"/laws/{library['水污染防治法']}?day={day}").body
    row = next(part for part in page.split("<tr") if "2008年修订" in part and "主席令第87号" in part)
    assert f"</span>{state}</span>" in row


def test_successors_and_unchecked_dates_are_shown(library: dict[str, int], desk: At) -> None:
    clerk = desk("clerk")
    old = clerk.get(f"/laws/{library['环境噪声污染防治法']}?{DAY}")
    assert "环境噪声污染防治法(1996)第55条" in old.text
    assert f'href="/laws/{library["噪声污染防治法"]}?' in old.body
    assert "实质变化" in old.text
    assert "条文待核" in old.text
    assert "环境噪声污染防治法(1996)第55条" in clerk.get(f"/laws/{library['噪声污染防治法']}?{DAY}").text


def test_only_what_a_person_may_see_is_counted_and_listed(
    bureau: SmallBureau, library: dict[str, int], desk: At
) -> None:
    law = library["水污染防治法"]
    basis = cites(("水污染防治法", "2008年修订", "第21条"))
    mine = walk.create(bureau, bureau.clerk, "power", power_body(name="本科室的草稿", basis=basis), "T-001")
    steps = flow_body()["steps"]
    steps[0]["basis"] = [{"law": "水防法", "edition": "主席令第87号", "article": "第21条"}]
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body(steps=steps), "LC-CF-02")
    own = desk("clerk").get(f"/laws?{DAY}").body
    assert counts(own, "水污染防治法") == (1, 1)
    page = desk("clerk").get(f"/laws/{law}?{DAY}").body
    assert f'href="/powers/{mine}"' in page
    assert f'href="/flows/{chart}"' in page, "cited by a short name and the document's number"
    for who in ("clerk2", "office", "sysadmin"):
        person = desk(who)
        assert counts(person.get(f"/laws?{DAY}").body, "水污染防治法") == (0, 0), who
        shown = person.get(f"/laws/{law}?{DAY}").body
        assert "本科室的草稿" not in shown
        assert "没有您可以查看的事项引用该法规" in shown


def test_what_is_approved_is_read_in_the_catalogue_by_who_may_not_open_the_record(
    bureau: SmallBureau, library: dict[str, int], desk: At
) -> None:
    law, basis = library["水污染防治法"], cites(("水污染防治法", "2008年修订", "第21条"), ("水污染防治法", "", ""))
    public, pending = {"disclosure": "public"}, {"disclosure": "pending", "publication_forms": ["不公开"]}
    lines = [
        {"record": "power", "code": code, **power_body(name=f"名称{code}", basis=basis, **more)}
        for code, more in (("T-001", public), ("T-002", pending))
    ]
    with bureau.database.writing() as session:
        taken = adopt_catalogue(
            session, bureau.office, enumerate(lines, 1), document="坛优组字〔2008〕5号", decided_on=date(2008, 7, 1)
        ).taken
    assert taken == 2
    outside = desk("sysadmin").get(f"/laws/{law}?{DAY}").body
    assert 'href="/catalogue/T-001"' in outside
    assert "T-002" not in outside
    assert counts(desk("sysadmin").get("/laws").body, "水污染防治法") == (1, 0)
    office = desk("office").get(f"/laws/{law}?{DAY}")
    assert counts(desk("office").get("/laws").body, "水污染防治法") == (2, 0), "one of two citations of the same law"
    assert "名称T-002" in office.text
    assert "未写明，或库中没有这一版本" in office.text
    assert "/catalogue/" not in office.body.split('id="citing"')[1]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/laws/999", 404),
        ("/laws/x", 404),
        ("/laws?page=0", 422),
        ("/laws?page=99", 200),
        ("/laws?day=2008", 422),
        ("/laws/1?day=31.12.2008", 422),
        ("/laws/1?page=99", 200),
        ("/laws/1?page=x", 422),
    ],
)
def test_addresses_that_mean_nothing_are_answered_in_words(
    library: dict[str, int], desk: At, address: str, status: int
) -> None:
    assert library
    assert desk("clerk").get(address).status == status


def test_the_pages_ask_few_queries_however_many_entries_cite(
    bureau: SmallBureau, library: dict[str, int], desk: At
) -> None:
    assert desk
    basis = cites(("水污染防治法", "2008年修订", "第21条"))
    clerk = bureau.clerk
    numbers = []
    for round_ in range(2):
        for number in range(3):
            body = power_body(name=f"职权{round_}{number}", basis=basis)
            walk.create(bureau, bureau.clerk, "power", body, f"T-{round_}{number}")
        with bureau.database.reading() as session:
            with QueryCount(bureau) as listed:
                page = laws_page(session, q="", day=date(2008, 7, 8), page=1, viewer=clerk)
            with QueryCount(bureau) as one:
                law_page(session, library["水污染防治法"], day=date(2008, 7, 8), page=1, viewer=clerk)
        assert next(row for row in page.rows if row.name == "水污染防治法").powers == 3 * (round_ + 1)
        numbers.append((len(listed), len(one)))
    assert numbers[0] == numbers[1]
    assert numbers[0][0] <= 6
    assert numbers[0][1] <= 10
