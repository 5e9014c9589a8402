"""The catalogue for the bureau: approved and open entries only, by no side path anything else."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.desks import Desk, QueryCount
from webapp.config import Settings
from webapp.publication.withdrawing import withdraw_record
from webapp.reviews.intake import adopt_catalogue
from webapp.revisions.reading import find_by_code

At = Callable[[str], Desk]
OPEN = {"T-001": "public", "T-002": "bureau"}


def entry(code: str, disclosure: str, **changes: object) -> dict[str, object]:
    forms = {"public": ["政府门户网站"], "bureau": ["局务会通报"]}.get(disclosure, ["不公开"])
    body = power_body(name=f"名称{code}", disclosure=disclosure, publication_forms=forms, follow_up=f"内部意见{code}")
    return {"record": "power", "code": code, **body, **changes}


@pytest.fixture
def catalogue(bureau: SmallBureau) -> SmallBureau:
    """A public, a bureau, a pending entry as approved, and a draft."""
    lines = [entry("T-001", "public"), entry("T-002", "bureau"), entry("T-003", "pending")]
    with bureau.database.writing() as session:
        taken = adopt_catalogue(
            session, bureau.office, enumerate(lines, 1), document="坛优组字〔2008〕5号", decided_on=date(2008, 7, 1)
        ).taken
    assert taken == 3
    walk.create(bureau, bureau.clerk, "power", power_body(name="名称草稿"), "T-004")
    return bureau


def total(body: str) -> int:
    found = re.search(r"共 <b>(\d+)</b>", body)
    assert found
    return int(found[1])


@pytest.mark.parametrize("who", ["clerk2", "office", "publisher", "deputy", "sysadmin", "auditor"])
def test_everyone_in_the_bureau_reads_what_is_open(catalogue: SmallBureau, desk: At, who: str) -> None:
    assert catalogue
    person = desk(who)
    shown = person.get("/catalogue")
    assert total(shown.body) == 2
    assert "名称T-003" not in shown.body
    assert "名称草稿" not in shown.body
    for code in OPEN:
        page = person.get(f"/catalogue/{code}")
        assert (page.status, page.h1) == (200, f"名称{code}")
        assert "内部意见" not in page.body
        assert "清理结论" not in page.text


@pytest.mark.parametrize("code", ["T-003", "T-004", "T-999", "'", "%", "..%2fx"])
def test_nothing_else_is_there(catalogue: SmallBureau, desk: At, code: str) -> None:
    assert catalogue
    assert desk("clerk").get(f"/catalogue/{code}").status == 404


def test_searches_and_facets_know_nothing_of_the_rest(catalogue: SmallBureau, desk: At) -> None:
    assert catalogue
    office = desk("office")
    for query in ("q=T-003", "q=%E8%8D%89%E7%A8%BF", "q=T-004", "stage=draft&q=T-004"):
        assert total(office.get(f"/catalogue?{query}").body) == 0
    assert total(office.get("/catalogue?stage=draft").body) == 2, "a stage is no filter here"
    assert total(office.get("/catalogue?section=pollution-control&category=licence&q=T-00").body) == 2


def test_a_draft_begun_since_does_not_show(catalogue: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    with catalogue.database.reading() as session:
        record = find_by_code(session, "power", "T-001")
    assert record
    assert clerk.post(f"/powers/{record.id}/draft", {"seen_version": "1", "name": "修改中的名称"}).status == 303
    assert clerk.get("/catalogue/T-001").h1 == "名称T-001"
    assert "修改中" not in clerk.get("/catalogue").body
    assert "修改中" not in desk("office").get("/catalogue/export?format=jsonl").body


def test_what_was_withdrawn_is_gone(catalogue: SmallBureau, desk: At, settings: Settings) -> None:
    withdraw_record(
        catalogue.database, settings, catalogue.publisher, "T-001", reason="更正", document="坛环〔2008〕9号"
    )
    clerk = desk("clerk")
    assert clerk.get("/catalogue/T-001").status == 404
    assert total(clerk.get("/catalogue").body) == 1
    assert "T-001" not in clerk.get("/catalogue/export?format=csv").body


def test_it_is_handed_out_without_what_is_internal(catalogue: SmallBureau, desk: At) -> None:
    assert catalogue
    office = desk("office")
    lines = [json.loads(line) for line in office.get("/catalogue/export?format=jsonl").body.splitlines()]
    assert [line["code"] for line in lines] == list(OPEN)
    hidden = {"disclosure", "verdict", "follow_up", "key_areas"}
    assert not any(hidden & line.keys() for line in lines)
    rows = list(csv.reader(io.StringIO(office.get("/catalogue/export?format=csv").body.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["职权编码", *OPEN]
    workbook = office.client.get("/catalogue/export?format=xlsx").get_data()
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        everything = b"".join(book.read(name) for name in book.namelist()).decode()
    for text in (office.get("/catalogue/export?format=csv").body, everything):
        assert "内部意见" not in text
        assert "T-003" not in text


@pytest.mark.parametrize(
    "query",
    ["section=*", "section=0 OR 1=1", "ids=3", "fields=password_hash", "record=4&face=draft", "category=pending"],
)
def test_a_tampered_export_hands_out_no_more(catalogue: SmallBureau, desk: At, query: str) -> None:
    assert catalogue
    body = desk("office").get(f"/catalogue/export?format=jsonl&{query}").body
    assert "T-003" not in body
    assert "T-004" not in body
    assert "password" not in body
    assert "password_hash" not in body


def test_only_who_may_exports(catalogue: SmallBureau, desk: At) -> None:
    assert catalogue
    for who in ("auditor", "sysadmin", "publisher"):
        person = desk(who)
        assert person.get("/catalogue/export?format=csv").status == 403
        assert not [link for link in person.get("/catalogue").links if "export" in link]
    assert desk("office").get("/catalogue/export?format=exe").status == 422


def test_cells_are_text_whatever_they_hold(bureau: SmallBureau, desk: At) -> None:
    signs = ["=1+1", "＝1", "+86", "@SUM", "-1", "\t=1", '"=1', "好\n=1"]
    lines = [entry(f"T-{n:03}", "public", rules=sign) for n, sign in enumerate(signs, 1)]
    with bureau.database.writing() as session:
        adopt_catalogue(session, bureau.office, enumerate(lines, 1), document="文", decided_on=date(2008, 7, 1))
    body = desk("office").get("/catalogue/export?format=csv").body.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(body)))
    column = rows[0].index("行政权力的规则")
    assert all("'" in row[column] for row in rows[1:])


def test_list_and_entry_cost_few_queries(catalogue: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    for address, most in (("/catalogue", 9), ("/catalogue/T-001", 12)):
        with QueryCount(catalogue) as queries:
            shown = clerk.get(address)
        assert shown.status == 200
        assert len(shown.ids) == len(set(shown.ids))
        assert len(queries) <= most, queries.statements
