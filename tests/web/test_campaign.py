"""The campaign as the office sets it up and everybody reads it: dates, reminders, meetings, the board and its lists."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from harness import campaigns, walk
from harness.bureau import SmallBureau, power_body
from harness.campaigns import day, plan_fields
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.accounts.models import Section
from webapp.campaigns.models import Campaign, Phase
from webapp.campaigns.reminding import remind
from webapp.deadlines.models import Notice
from webapp.pages.campaign_board import BoardPage, board_page
from webapp.pages.powers import PowerFilters, powers_page
from webapp.policy import Actor

At = Callable[[str], Desk]


def board_of(bureau: SmallBureau, viewer: Actor) -> BoardPage:
    with bureau.database.reading() as session:
        page = board_page(session, viewer=viewer)
    assert page is not None
    return page


def ticks(bureau: SmallBureau, text: str) -> int:
    clock.fix_day(day(text))
    with bureau.database.writing() as session:
        return remind(session)


def notices(bureau: SmallBureau) -> list[Notice]:
    with bureau.database.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def some_powers(bureau: SmallBureau) -> None:
    walk.create(bureau, bureau.clerk, "power", power_body(name="草稿"))
    walk.create(bureau, bureau.clerk2, "power", power_body("JTHB-CF-001", section="环境监察大队", disclosure="pending"))
    walk.submit(bureau, bureau.clerk, walk.create(bureau, bureau.clerk, "power", power_body(name="送科长")))
    walk.to_office_review(bureau, walk.create(bureau, bureau.clerk, "power", power_body(name="送办公室")))
    walk.to_the_end(bureau, walk.create(bureau, bureau.clerk, "power", power_body(name="审定")))


def test_the_office_deploys_the_plan_and_its_dates_stay_as_the_document_has_them(bureau: SmallBureau, desk: At) -> None:
    campaigns.load_days(bureau)
    clock.fix_day(day("06-10"))
    office = desk("office")
    assert "还没有部署专项工作" in office.get("/campaign").text
    assert office.post("/campaign/phases", plan_fields()).status == 303
    shown = office.get("/campaign/phases").text
    for words in ("坛优组字[2008]1号", "2008年6月21日 星期六", "2008年8月30日 星期六", "副组长", "设在宣教法制科"):
        assert words in shown
    with bureau.database.reading() as session:
        rows = session.scalars(select(Phase).order_by(Phase.position)).all()
        assert [(row.starts_on, row.ends_on) for row in rows[:3]] == [
            (day("06-10"), day("06-20")),
            (day("06-21"), day("07-10")),
            (day("07-11"), day("08-30")),
        ]
    assert "已有一项专项工作" in office.post("/campaign/phases", plan_fields()).text
    assert desk("clerk").post("/campaign/phases", plan_fields()).status == 403


def test_a_refused_or_overtaken_plan_keeps_what_was_typed(desk: At) -> None:
    office = desk("office")
    shown = office.post(
        "/campaign/phases", plan_fields(**{"phases-1-ends_on": "7月10日", "inner-decision": "2008-07-01"})
    )
    assert shown.status == 422
    assert "7月10日" in shown.body
    assert "早于“汇总初审”" in shown.text
    shown = office.post("/campaign/phases", {**plan_fields(), "add_row": "documents"})
    assert "documents-2-number" in shown.body
    assert office.post("/campaign/phases", plan_fields()).status == 303
    assert office.post("/campaign/phases", plan_fields(seen_version="1", title="先改的")).status == 303
    shown = office.post("/campaign/phases", plan_fields(seen_version="1", title="后改的"))
    assert shown.status == 409
    assert "先改的" in shown.text
    form = shown.form("/campaign/phases")
    assert form.fields["title"] == "后改的"
    assert office.post(form.action, plan_fields(seen_version=form.fields["seen_version"], title="后改的")).status == 303


def test_reminders_come_once_on_the_working_day_before_and_catch_up(bureau: SmallBureau) -> None:
    clock.fix_day(day("06-10"))
    campaigns.opened(bureau)
    assert ticks(bureau, "06-10") == 14  # the phase begins today: 12 sections, the office and the deputy
    assert ticks(bureau, "06-18") == 0
    assert ticks(bureau, "06-19") == 14  # the first phase ends on the 20th
    assert ticks(bureau, "06-20") == 14  # Saturday the 21st
    assert ticks(bureau, "06-20") == 0
    assert {one.made_on for one in notices(bureau) if one.due_on == day("06-21")} == {day("06-20")}
    # Nothing ran for weeks: all that was due is made, once.
    caught = ticks(bureau, "07-09")
    assert caught > 14 * 3
    assert ticks(bureau, "07-09") == 0
    assert ticks(bureau, "08-29") > 0
    assert {one.due_on for one in notices(bureau) if one.made_on == day("08-29")} >= {day("08-30")}


def test_a_moved_date_takes_its_reminder_along(bureau: SmallBureau, desk: At) -> None:
    clock.fix_day(day("06-10"))
    campaigns.opened(bureau)
    ticks(bureau, "06-27")
    assert [one for one in notices(bureau) if one.due_on == day("06-30")]
    fields = plan_fields(seen_version="1", **{"inner-cleaning": "2008-07-01"})
    assert desk("office").post("/campaign/phases", fields).status == 303
    assert not [one for one in notices(bureau) if one.due_on == day("06-30")]
    assert ticks(bureau, "06-30") > 0


@only_sqlite
def test_a_section_is_told_on_its_worklist_until_the_day(bureau: SmallBureau, desk: At) -> None:
    clock.fix_day(day("06-10"))
    campaigns.opened(bureau)
    walk.create(bureau, bureau.clerk, "power", power_body(name="草稿"))
    ticks(bureau, "06-27")
    told = "科室清理截止"
    for name in ("clerk", "chief", "office"):
        assert told in desk(name).get("/worklist").text, name
    assert "尚有1项未完成" in desk("clerk").get("/worklist").text
    assert told not in desk("legal").get("/worklist").text
    clock.fix_day(day("07-01"))
    assert told not in desk("clerk").get("/worklist").text


@only_sqlite
def test_the_date_page_says_why(bureau: SmallBureau, desk: At) -> None:
    campaigns.load_days(bureau)
    shown = desk("clerk").get("/dates?from=2008-06-05&to=2008-06-19").text
    assert "第9个工作日，6月9日端午节放假" in shown
    assert desk("clerk").get("/dates?from=x&to=2008-06-19").status == 422
    assert desk("clerk").get("/dates").status == 200


@only_sqlite
def test_who_was_missing_is_named_on_the_board_until_trained(bureau: SmallBureau, desk: At) -> None:
    clock.fix_day(day("06-17"))
    campaigns.opened(bureau)
    office = desk("office")
    made = office.post(
        "/campaign/meetings",
        {
            "kind": "training",
            "title": "业务培训",
            "held_on": "2008-06-17",
            "place": "三楼会议室",
            "notice": "请填报人参加",
        },
    )
    there = {f"state-{number}": "present" for number in bureau.sections.values()}
    there |= {f"state-{bureau.sections['辐射管理']}": "missing", "seen_version": "1"}
    assert office.post(f"{made.location}/attendance", there).status == 303
    assert "尚未培训的科室：辐射管理" in office.get("/campaign").text
    assert board_of(bureau, bureau.clerk).untrained == ()
    later = {**there, f"made_up_on-{bureau.sections['辐射管理']}": "2008-06-20"}
    assert office.post(f"{made.location}/attendance", later).status == 409
    assert office.post(f"{made.location}/attendance", {**later, "seen_version": "2"}).status == 303
    assert board_of(bureau, bureau.office).untrained == ("辐射管理",)
    clock.fix_day(day("06-20"))
    assert board_of(bureau, bureau.office).untrained == ()
    assert "到会11个，共12个科室" in office.get(made.location).text.replace(" ", "")


@only_sqlite
def test_the_task_sheet_says_who_does_what_until_when(bureau: SmallBureau, desk: At) -> None:
    campaigns.opened(bureau)
    row = {"section": "pollution-control", "content": "清理行政许可", "responsible": "科长", "due_on": "2008-06-30"}
    with bureau.database.reading() as session:
        version = session.scalars(select(Campaign.version)).one()
    fields = {f"tasks-0-{key}": value for key, value in row.items()} | {"seen_version": str(version)}
    wrong = desk("office").post("/campaign/tasks", {**fields, "tasks-0-section": "nowhere"})
    assert wrong.status == 422
    with bureau.database.reading() as session:
        slug = session.scalars(select(Section.slug).where(Section.name == "污染控制科")).one()
    assert desk("office").post("/campaign/tasks", {**fields, "tasks-0-section": slug}).status == 303
    assert "清理行政许可" in desk("clerk").get("/campaign/tasks").text


@pytest.mark.parametrize("who", ["office", "deputy", "chief", "clerk"])
def test_every_number_of_the_board_leads_to_exactly_these_items(bureau: SmallBureau, who: str) -> None:
    campaigns.opened(bureau)
    some_powers(bureau)
    viewer = getattr(bureau, who)
    page = board_of(bureau, viewer)
    assert page.sum.total.number == (4 if who == "clerk" else 5)
    assert sum(count for _, count, _ in page.identity_links) == page.identity.total == page.sum.total.number
    seen = 0
    for row in (*page.rows, page.sum):
        cells = [(cell.number, cell.address) for cell in (*row.stages, row.total, row.pending, row.withheld)]
        cells += [(cell.number, cell.address) for cell in row.categories]
        for number, address in cells:
            if address.startswith("/powers"):
                asked = dict(pair.split("=") for pair in address.partition("?")[2].split("&") if pair)
                with bureau.database.reading() as session:
                    assert powers_page(session, PowerFilters.of(asked), page=1, viewer=viewer).total == number, address
                seen += bool(number)
            else:
                assert number, address
    assert seen > 5


def test_the_board_is_bounded_whatever_it_counts(bureau: SmallBureau) -> None:
    campaigns.opened(bureau)
    some_powers(bureau)
    with QueryCount(bureau) as queries, bureau.database.reading() as session:
        board_page(session, viewer=bureau.office)
    assert len(queries) <= 13


def test_a_section_without_answer_is_red_after_the_inner_date(bureau: SmallBureau, desk: At) -> None:
    clock.fix_day(day("06-30"))
    campaigns.opened(bureau)
    walk.create(bureau, bureau.clerk, "power", power_body(name="草稿"))
    own = next(row for row in board_of(bureau, bureau.office).rows if row.name == "污染控制科")
    assert (own.unfilled, own.late) == (13, False)
    clock.fix_day(day("07-01"))
    page = board_of(bureau, bureau.office)
    own = next(row for row in page.rows if row.name == "污染控制科")
    assert own.late
    assert [cell.is_late for cell in own.categories].count(True) == 13
    shown = desk("office").get("/campaign")
    assert re.search(r'class="late"[^>]*><span[^>]*>▲</span>13类未填报', shown.body)
    assert page.dates.inner[0].late_days == 1
    clock.fix_day(day("07-01") + timedelta(days=7))
    assert board_of(bureau, bureau.office).dates.inner[0].late_days == 6
