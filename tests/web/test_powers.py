"""Pages of powers: list, entry, versions; what may not be seen is not there."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body, sample_lines
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.deadlines.operations import load_calendar
from webapp.publication.models import Edition, EditionItem
from webapp.reviews.chain import Action
from webapp.reviews.intake import adopt_catalogue, import_records
from webapp.reviews.models import Approval
from webapp.reviews.moving import ProblemFound
from webapp.workdays import CalendarDay

At = Callable[[str], Desk]
# Each must stay text wherever it is shown (security.md XSS-01, XSS-03).
CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "<svg onload=alert(1)>",
    '<a hx-get="/x" hx-trigger="load" data-hx-on:load="alert(1)">x</a>',
    '</textarea><div hx-swap-oob="true" id="main">x</div>',
    "{{ 7 * 7 }}{% raw %}",
    "<!--<style>*{display:none}</style>",
)
POISON = "".join(CORPUS)


def is_inert(body: str) -> bool:
    """Say whether nothing of the corpus became markup."""
    return not re.search(r"<(?:img src=x|svg onload|a hx-get|div hx-swap-oob|style>|script>alert|!--<)", body)


def poisoned(**more: object) -> dict[str, object]:
    names = ("conditions", "exercise_scope", "rules", "service_commitment", "discipline", "accountability")
    texts = dict.fromkeys(names, POISON)
    return power_body(name=POISON[:110], flow_reason=POISON[:400], follow_up=POISON, **texts, **more)


def total(body: str) -> int:
    found = re.search(r"共 <b>(\d+)</b>", body)
    assert found
    return int(found[1])


@pytest.fixture
def powers(bureau: SmallBureau) -> dict[str, int]:
    """Four powers of 污染控制科 with different names and categories."""
    bodies = {
        "水": power_body(name="排放水污染物许可证核发"),
        "气": power_body(name="排放大气污染物许可证核发"),
        "罚": power_body("JTHB-CF-001", name="超标排放水污染物的处罚"),
        "百": power_body(name="100%_全量\\备案"),
    }
    return {key: walk.create(bureau, bureau.clerk, "power", body) for key, body in bodies.items()}


def test_the_list_counts_each_facet_under_the_other_filters(desk: At, powers: dict[str, int]) -> None:
    clerk = desk("clerk")
    assert total(clerk.get("/powers").body) == len(powers)
    shown = clerk.get("/powers?category=licence&stage=draft")
    assert total(shown.body) == 3
    assert re.search(r"行政处罚 <span class=\"count\">1<", shown.body), "the category facet still counts the others"
    assert re.search(r"污染控制科 <span class=\"count\">3<", shown.body)
    assert "/powers?category=penalty&stage=draft" in shown.links


@pytest.mark.parametrize(
    ("q", "count"),
    [
        ("水", 2),
        ("超标", 1),
        ("许可证 大气", 1),
        ("大气污染物", 1),
        ("100%", 1),
        ("%_", 1),
        ("%", 1),
        ("_", 1),
        ("\\", 1),
        ("％", 1),
        ("'; DROP TABLE record; --", 0),
        ('") OR 1=1 --', 0),
        ("没有这样的事", 0),
        (" ", 4),
    ],
)
def test_a_search_is_literal_and_all_its_terms_count(desk: At, powers: dict[str, int], q: str, count: int) -> None:
    assert powers
    body = desk("clerk").client.get("/powers", query_string={"q": q}).get_data(as_text=True)
    assert total(body) == count


def test_a_long_search_is_cut_and_strange_filters_find_nothing(desk: At, powers: dict[str, int]) -> None:
    assert powers
    clerk = desk("clerk")
    assert total(clerk.get("/powers?q=" + "%25x" * 200).body) == 0
    for address in ("/powers?category='&section=--&stage=;", "/powers?section=nowhere", "/powers?sort=id)--"):
        assert clerk.get(address).status == 200
    for page in ("0", "-1", "x", "99999999999"):
        assert clerk.get(f"/powers?page={page}").status == 422
    assert clerk.get("/powers?page=99").status == 200


def test_a_row_tells_stage_age_and_open_problems(bureau: SmallBureau, desk: At, powers: dict[str, int]) -> None:
    holiday = CalendarDay(date(2008, 6, 9), is_working=False, name="端午")
    with bureau.database.writing() as session:
        load_calendar(session, [holiday], by=None)
    clock.fix_day(date(2008, 6, 6))
    walk.submit(bureau, bureau.clerk, powers["水"])
    walk.act(
        bureau,
        bureau.chief,
        powers["水"],
        Action.RETURN,
        note="请补",
        problems=[ProblemFound("缺条款", "basis-0-article")],
    )
    clock.fix_day(date(2008, 6, 11))
    shown = desk("clerk").get("/powers?stage=returned")
    cells = re.findall(r"<td class=\"numeric(?: less)?\">(.*?)</td>", shown.body)
    assert cells == ["2", "<strong>1</strong>"], "Tuesday and Wednesday: the weekend and the festival are off"
    assert "已退回" in shown.text


def test_how_long_a_section_drafts_is_counted_nowhere(bureau: SmallBureau, desk: At) -> None:
    clock.fix_day(date(2008, 6, 6))
    walk.create(bureau, bureau.clerk, "power", power_body())
    walk.create(bureau, bureau.clerk, "flow", flow_body())
    clock.fix_day(date(2008, 6, 11))
    clerk = desk("clerk")
    assert [cell for cell in cells(clerk, "/powers") if cell != "0"] == ["—"]
    assert cells(clerk, "/flows") == ["—"]
    assert cells(clerk, "/worklist") == ["—", "—"]


def cells(clerk: Desk, address: str) -> list[str]:
    """The figures of a list that is seen on a phone too."""
    return re.findall(r"<td class=\"numeric\">(.*?)</td>", clerk.get(address).body)


def test_a_chart_that_is_not_there_is_told_with_what_to_do(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(flows=["LC-XX-99"], flow_required=True))
    shown = desk("clerk").get(f"/powers/{record}")
    assert "LC-XX-99" in shown.text
    assert "请核对图号" in shown.text
    assert "/flows" in shown.links


def test_the_list_costs_the_same_few_queries_for_many_powers(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    with bureau.database.writing() as session:
        bodies = ({"record": "power", "code": f"T-{n:03}", **power_body()} for n in range(120))
        import_records(session, bureau.office, enumerate(bodies, 1))
    with QueryCount(bureau) as queries:
        shown = office.get("/powers?page=2")
    assert total(shown.body) == 120
    assert len(queries) <= 10, queries.statements


def test_every_link_of_a_list_keeps_its_filters(bureau: SmallBureau, desk: At) -> None:
    with bureau.database.writing() as session:
        bodies = ({"record": "power", "code": f"T-{n:03}", **power_body()} for n in range(60))
        import_records(session, bureau.office, enumerate(bodies, 1))
    shown = desk("office").get("/powers?category=licence&q=许可")
    assert "/powers?category=licence&q=%E8%AE%B8%E5%8F%AF&page=2" in shown.links
    fragment = desk("office").get("/powers?category=licence", fragment=True)
    assert fragment.is_fragment
    assert total(fragment.body) == 60


@pytest.mark.parametrize("who", ["clerk2", "chief7", "office", "legal", "publisher", "deputy"])
def test_a_foreign_draft_is_nowhere(bureau: SmallBureau, desk: At, who: str) -> None:
    record = walk.create(
        bureau, bureau.clerk, "power", power_body(name="尚未送审的许可", joint_sections=[], support_sections=[])
    )
    person = desk(who)
    assert "尚未送审的许可" not in person.get("/powers?q=许可").body
    assert total(person.get("/powers").body) == 0
    nothing = person.get("/powers/999999")
    for path in ("", "/compare", "/compare?from=draft&to=draft"):
        shown = person.get(f"/powers/{record}{path}")
        assert (shown.status, shown.text) == (404, nothing.text), path
    absent = person.get("/powers/999999/draft").status
    assert person.get(f"/powers/{record}/draft").status == absent
    for path in ("/draft", "/draft/autosave", "/draft/discards"):
        fields = {"seen_version": "1", "rules": "改", "panel": "duties"}
        assert person.post(f"/powers/{record}{path}", fields).status in {403, 404}


def test_others_see_what_was_submitted_not_the_draft_begun_since(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(name="送审时的名称"))
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.chief, record, Action.RETURN, note="请改")
    clerk = desk("clerk")
    assert clerk.post(f"/powers/{record}/draft", {"seen_version": "1", "name": "退回后的新名称"}).status == 303
    office = desk("office")
    assert office.get(f"/powers/{record}").h1 == "送审时的名称"
    assert clerk.get(f"/powers/{record}").h1 == "退回后的新名称"
    assert "退回后" not in office.get("/powers").body + office.get(f"/powers/{record}/compare").body
    assert office.get(f"/powers/{record}/compare?from=1&to=draft").status == 404
    shown = clerk.get(f"/powers/{record}/compare?from=1&to=draft")
    assert "项目名称" in shown.text
    assert "送审时" in shown.text
    assert "退回后" in shown.text


def test_a_revision_that_was_recalled_stays_with_the_section(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(rules="收回前的规则"))
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.clerk, record, Action.RECALL)
    assert desk("office").get(f"/powers/{record}").status == 404
    desk("clerk").post(f"/powers/{record}/draft", {"seen_version": "1", "rules": "收回后的规则"})
    walk.submit(bureau, bureau.clerk, record)
    office = desk("office")
    assert "收回前" not in office.get(f"/powers/{record}").body
    assert office.get(f"/powers/{record}/compare?from=1&to=2").status == 404
    assert desk("clerk").get(f"/powers/{record}/compare?from=1&to=2").status == 200


def test_what_is_missing_is_marked_at_its_place(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(conditions="", basis=[]))
    shown = desk("clerk").get(f"/powers/{record}")
    assert re.search(r'id="item-conditions".*?未填写', shown.body, re.DOTALL)
    assert f"/powers/{record}/draft#field-conditions" in shown.links
    assert "“行使条件”尚未填写" in shown.text


@pytest.mark.parametrize("path", ["", "/draft", "/compare"])
def test_whatever_was_typed_stays_text(bureau: SmallBureau, desk: At, path: str) -> None:
    record = walk.create(bureau, bureau.clerk, "power", poisoned())
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.chief, record, Action.RETURN, note=POISON, problems=[ProblemFound(POISON, "rules")])
    clerk = desk("clerk")
    assert clerk.post(f"/powers/{record}/draft", {"seen_version": "1", "rules": POISON[::-1] + POISON}).status == 303
    shown = clerk.get(f"/powers/{record}{path}")
    assert shown.status == 200
    assert is_inert(shown.body)
    assert "&lt;script&gt;alert(1)" in shown.body
    assert shown.h1s == 1


def test_lists_and_searches_show_text_as_text(bureau: SmallBureau, desk: At) -> None:
    walk.create(bureau, bureau.clerk, "power", poisoned())
    shown = desk("clerk").client.get("/powers", query_string={"q": "<script>", "category": '"><img src=x>'})
    assert is_inert(shown.get_data(as_text=True))
    assert is_inert(desk("clerk").get("/powers").body)


def test_every_sample_power_is_shown_and_its_page_costs_few_queries(bureau: SmallBureau, desk: At) -> None:
    seen: dict[str, dict[str, object]] = {}
    for line in sample_lines():
        if line["record"] == "power":
            seen.setdefault(str(line["category"]), line)
    lines = [{**line, "section": "污染控制科", "joint_sections": [], "support_sections": []} for line in seen.values()]
    with bureau.database.writing() as session:
        assert import_records(session, bureau.clerk, enumerate(lines, 1)).taken == len(lines)
    clerk = desk("clerk")
    addresses = [link for link in clerk.get("/powers").links if re.fullmatch(r"/powers/\d+", link)]
    assert len(addresses) == len(lines)
    for address in addresses:
        with QueryCount(bureau) as queries:
            shown = clerk.get(address)
        assert shown.status == 200
        assert len(shown.ids) == len(set(shown.ids)), address
        assert len(queries) <= 29, queries.statements


def test_a_published_entry_is_shown_as_published(bureau: SmallBureau, desk: At) -> None:
    line = {"record": "power", "code": "T-001", **power_body(disclosure="public", name="已上网的许可")}
    with bureau.database.writing() as session:
        adopt_catalogue(session, bureau.office, [(1, line)], document="文", decided_on=date(2008, 7, 1))
        approval = session.scalars(select(Approval)).one()
        edition = Edition(
            audience="public",
            number=1,
            day=date(2008, 9, 1),
            state="released",
            folder="public-1",
            manifest_digest="0" * 64,
            frame="{}",
            item_count=1,
            prepared_by=bureau.office.person,
            prepared_at=clock.now(),
            released_by=bureau.publisher.person,
            released_at=clock.now(),
        )
        session.add(edition)
        session.flush()
        session.add(EditionItem(edition_id=edition.id, record_id=approval.record_id, approval_id=approval.id))
        record = approval.record_id
    office, clerk = desk("office"), desk("clerk")
    for address in ("/powers", f"/powers/{record}"):
        assert "已公开" in office.get(address).text
        assert "待公开" not in office.get(address).text
    clerk.post(f"/powers/{record}/draft", {"seen_version": "1", "rules": "修订中的规则"})
    assert "已公开，修订中" in clerk.get("/powers").text
    assert "修订中" not in office.get("/powers").text, "a revision begun is the section's own"


def test_the_history_names_the_seat_that_signed(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    history = desk("clerk").get(f"/powers/{record}").text.rpartition("办理经过")[2]
    for seat in ("汇总初审", "法制审核", "保密审查"):
        assert history.count(f"{seat}：审核通过") == 1
