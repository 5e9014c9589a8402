"""Every address that changes something, pressed once: one entry in the journal each, and none that is not listed.

Case AUD-01 of security.md over the whole list of routes; the commands have theirs in `tests/commands`.
"""

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, add_person, flow_body, power_body, withholding_body
from harness.campaigns import plan_fields
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.filled_forms import changed, filled
from harness.inspections import team_in
from harness.visitors import OURS, PASSWORD, Shown
from webapp import clock
from webapp.accounts.models import Post, Section
from webapp.deadlines.models import Clock
from webapp.findings.models import Card, RectificationOrder
from webapp.inspections.models import Checklist
from webapp.journal.models import JournalEntry
from webapp.powers.categories import OPTIONS
from webapp.publication.models import EditionItem
from webapp.reviews.intake import adopt_catalogue
from webapp.reviews.models import Problem, WordingItem
from webapp.revisions.models import Record

pytestmark = only_sqlite
At = Callable[[str], Desk]
ENTRIES = 1
#: Routes whose success writes no entry, and why.
NONE = {
    "/sign-in": "goes to the security log",
    "/sign-out": "goes to the security log",
    "/imports": "a preview; the confirmation is the change",
    "/laws/imports": "a preview; the confirmation is the change",
    "/calendar/imports": "a preview; the confirmation is the change",
    "/imports/<int:run_id>/columns": "the preview again; the confirmation is the change",
    "/imports/<int:run_id>/corrections": "the preview again; the confirmation is the change",
    "/flows/<int:flow_id>/draft/preview": "draws what is typed and keeps nothing",
    "/powers/<int:power_id>/draft/autosave": "the buffer is not journalled (design.md, rule 4)",
    "/flows/<int:flow_id>/draft/autosave": "the buffer is not journalled (design.md, rule 4)",
    "/powers/<int:power_id>/draft/discards": "the buffer is not journalled (design.md, rule 4)",
    "/flows/<int:flow_id>/draft/discards": "the buffer is not journalled (design.md, rule 4)",
}


class Story:
    """Presses buttons and counts what the journal gained by each."""

    def __init__(self, app: Flask, bureau: SmallBureau) -> None:
        self.app, self.bureau = app, bureau
        self.pressed: set[str] = set()

    def rule_of(self, address: str) -> str:
        rule, _ = self.app.url_map.bind("localhost").match(address, method="POST", return_rule=True)
        return str(rule.rule)

    def entries(self) -> int:
        with self.bureau.database.reading() as session:
            return session.scalar(select(func.count()).select_from(JournalEntry)) or 0

    def __call__(self, person: Desk, address: str, fields: dict[str, Any] | None = None, **more: Any) -> Shown:  # noqa: ANN401 - what the test client takes
        before, rule = self.entries(), self.rule_of(address)
        shown = Shown(person.client.post(address, data=fields or {}, headers=OURS, **more))
        assert shown.status in {200, 303}, (address, shown.status, shown.text)
        assert self.entries() - before == (0 if rule in NONE else ENTRIES), address
        self.pressed.add(rule)
        return shown


def draft_form(person: Desk, address: str, **values: str) -> dict[str, list[str]]:
    return changed(filled(person.get(address).body, address), **values)


def seen_by(bureau: SmallBureau, record: int, action: str, **more: str) -> dict[str, str]:
    return {"action": action, "seen_digest": walk.digest_of(bureau, record), **more}


def test_every_act_writes_one_entry_and_every_route_that_acts_is_known_here(
    app: Flask, bureau: SmallBureau, desk: At
) -> None:
    with bureau.database.writing() as session:
        add_person(session, bureau, "secadmin", "办公室", (("secadmin", False),))
        session.add(Post(section_id=bureau.sections["污染控制科"], name="固废管理岗"))
    with bureau.database.reading() as session:
        post = session.scalars(select(Post.id).where(Post.name == "固废管理岗")).one()
    press, clerk = Story(app, bureau), desk("clerk")
    _people(press, desk("sysadmin"), desk("secadmin"), str(post), clock.today().isoformat())

    made = press(clerk, "/powers", {"name": "新许可", "category": "licence", "section": "污染控制科"})
    new = made.location.partition("?")[0]
    press(clerk, f"{new}/autosave", {"panel": "duties", "seen_version": "1", "rules": "甲"})
    press(clerk, f"{new}/discards")
    press(clerk, new, draft_form(clerk, new, rules="乙"))
    _entry_acts(press, clerk, new)
    clause = {
        "section": "污染控制科",
        "category": "licence",
        "field": "discipline",
        "content": "丙",
        "seen_version": "0",
    }
    press(clerk, "/shared-clauses", clause)

    outline = "1. 受理(窗口岗)2个工作日\n2. 办结(窗口岗)1个工作日\n"
    made = press(clerk, "/flows", {"number": "LC-QT-901", "name": "备案", "section": "污染控制科", "outline": outline})
    new = made.location
    press(clerk, f"{new}/preview", draft_form(clerk, new))
    press(clerk, f"{new}/autosave", draft_form(clerk, new, name="备案二"))
    press(clerk, f"{new}/discards")
    press(clerk, new, draft_form(clerk, new, name="备案三"))
    body = flow_body()
    body["transitions"].append({"from": "20", "to": "20", "condition": "补充核对"})
    chart = walk.create(bureau, bureau.clerk, "flow", body, code="LC-CF-02")
    press(clerk, f"/flows/{chart}/warning-reasons", {"reason-F17": "当场补充核对"})
    press(clerk, f"/flows/{chart}/review-steps", {"action": "submit", "seen_version": "1"})

    _withholding(press, bureau, clerk)

    _campaign(press, desk)
    _keeping(press, desk)
    _imports(press, clerk)
    _chain(press, desk)
    _verdicts(press, desk)
    _inspections(press, desk)
    _orders(press, desk)
    _editions(press, desk, bureau)
    told = {"old_password": PASSWORD, "new_password": "Another-2008", "new_password_again": "Another-2008"}
    press(clerk, "/password", told)
    press(clerk, "/sign-out")
    press(clerk, "/sign-in", {"username": "clerk", "password": "Another-2008"})

    acting = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert press.pressed == acting, "press the new button here once, so that its entry is counted"
    assert set(NONE) <= acting


def _orders(press: Story, desk: At) -> None:
    office, deputy, clerk = desk("office"), desk("deputy"), desk("clerk")
    told = {"section": str(press.bureau.sections["污染控制科"]), "fact": "电话无人接听", "severity": "minor"}
    finding = press(office, "/findings", {**told, "found_on": clock.today().isoformat()}).location
    press(desk("office2"), f"{finding}/decisions", {"event": "confirm"})
    told = {"finding": finding.rpartition("/")[2], "title": "整改", "measures": "改正", "limit_n": "5"}
    order = press(office, "/orders", told).location
    press(office, f"{order}/steps", {"event": "submit_order", "seen_version": "1"})
    press(deputy, f"{order}/steps", {"event": "issue_order", "seen_version": "2", "document": "坛环督〔2008〕1号"})
    press(clerk, "/orders/acknowledgements", {"order": f"{order.rpartition('/')[2]}:3"})
    body = _file("序号,整改情况,佐证\r\n1,已改,照片\r\n", "a.csv", {"seen_version": "4"})
    press(clerk, f"{order}/feedback-imports", **body)
    press(office, "/cards/switches", {"is_on": "1", "document": "坛环组1号", "decided_on": clock.today().isoformat()})
    with press.bureau.database.writing() as session:
        limit = session.scalars(select(Clock.id).where(Clock.rule_key == "order.rectify")).one()
        row = session.scalars(select(RectificationOrder)).one()
        card = Card(trigger_key="t", level="yellow", policy="late", policy_version=1, clock_id=limit, order_id=row.id)
        card.section_id, card.facts, card.state, card.made_at = row.section_id, "超期", "proposed", clock.now()
        card.became_true_on = clock.today()
        session.add(card)
    press(office, "/cards/1/steps", {"event": "issue_card"})


def _entry_acts(press: Story, clerk: Desk, new: str) -> None:
    bureau = press.bureau
    source = walk.create(bureau, bureau.clerk, "power", power_body(name="可以参照的许可"))
    taken = {"from": str(source), "take": "conditions", "seen_version": "2"}
    press(clerk, new.replace("draft", "taking-over"), taken)
    doubtful = walk.create(bureau, bureau.clerk, "power", power_body(disclosure="bureau", name="只在内部公开的许可"))
    press(clerk, f"/powers/{doubtful}/warning-reasons", {"reason-W37": "涉及商业秘密较多"})
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body("LC-CF-01"), code="LC-CF-01")
    using = power_body(name="另立专用图的许可", flows=["LC-CF-01"], flow_required=True, flow_reason="")
    power = walk.create(bureau, bureau.clerk, "power", using)
    press(clerk, f"/powers/{power}/own-charts", {"flow": str(chart), "seen_version": "1"})
    moved = {"category": "confirmation", "reason": "实为确认", "seen_version": "1"}
    press(clerk, f"/powers/{doubtful}/reclassification", moved)


def _decided(bureau: SmallBureau) -> int:
    """Take over a request not to publish that was decided on paper; return its number."""
    lines = [(1, withholding_body("JTHB-BG-002"))]
    with bureau.database.writing() as session:
        adopt_catalogue(session, bureau.office, lines, document="文1", decided_on=date(2008, 7, 1))
    with bureau.database.reading() as session:
        return session.scalars(select(Record.id).where(Record.kind == "withholding", Record.stage == "withheld")).one()


def _editions(press: Story, desk: At, bureau: SmallBureau) -> None:
    """Prepare, discard, release; take a power down and let it in again."""
    office, publisher = desk("office"), desk("publisher")
    press(office, "/editions")
    form = office.get("/editions").form("/editions/discard")
    press(office, form.action, form.fields)
    press(office, "/editions")
    form = publisher.get("/editions").form("/editions/release")
    press(publisher, form.action, {**form.fields, "document": "审批单1"})
    with bureau.database.reading() as session:
        code = session.scalars(select(Record.code).join(EditionItem).where(Record.kind == "power").limit(1)).one()
    why = {"reason": "有误", "document": "审批单2"}
    press(publisher, "/editions/withdrawals", {"code": code, **why})
    shown = publisher.get("/editions/withdrawals")
    press(publisher, next(form.action for form in shown.forms if form.action.endswith("/liftings")), why)


def _chain(press: Story, desk: At) -> None:
    bureau, clerk, office, second = press.bureau, desk("clerk"), desk("office"), desk("office2")
    power = walk.create(bureau, bureau.clerk, "power", power_body())
    press(clerk, f"/powers/{power}/review-steps", {"action": "submit", "seen_version": "1"})
    ticked = {"attested": ["item", "basis", "procedure", "flow", "publication"], "task": "chief"}
    press(desk("chief"), "/review-steps", {**ticked, "item": f"power:{power}:{walk.digest_of(bureau, power)}"})
    press(
        office,
        f"/powers/{power}/review-steps",
        seen_by(bureau, power, "return", problem_text="请改", problem_field="rules"),
    )
    with bureau.database.reading() as session:
        problem = session.scalars(select(Problem.id)).one()
    press(clerk, f"/problems/{problem}/reply", {"reply": "adopted"})
    press(clerk, f"/powers/{power}/review-steps", {"action": "submit", "seen_version": "1"})
    for name in ("office", "legal", "publisher"):
        press(desk(name), f"/powers/{power}/review-steps", seen_by(bureau, power, "approve"))
    for stage in ("bureau_decision", "city_review", "city_decision"):
        paper = {"stage": stage, "form": "meeting", "document": "纪要1号", "document_date": clock.today().isoformat()}
        location = press(office, "/batches", {**paper, "item": f"{power}:{walk.digest_of(bureau, power)}"}).location
        form = second.get(location).form(f"{location}/verification")
        press(second, form.action, {**form.fields, "verdict": "right"})


def _campaign(press: Story, desk: At) -> None:
    office = desk("office")
    press(office, "/campaign/phases", plan_fields())
    press(office, "/campaign/phases", plan_fields(seen_version="1", title="改名"))
    task = {"section": "wukong", "content": "清理", "responsible": "科长", "due_on": "2008-06-30"}
    with press.bureau.database.reading() as session:
        task["section"] = session.scalars(select(Section.slug).where(Section.name == "污染控制科")).one()
    press(office, "/campaign/tasks", {f"tasks-0-{key}": value for key, value in task.items()} | {"seen_version": "2"})
    told = {"kind": "training", "title": "业务培训", "held_on": "2008-06-17"}
    meeting = press(office, "/campaign/meetings", told).location
    press(office, meeting, {**told, "minutes": "记录", "seen_version": "1"})
    press(office, f"{meeting}/attendance", {"seen_version": "2"})
    _package(press, desk)
    press(office, "/campaign/closures", {"seen_version": "3"})


def _withholding(press: Story, bureau: SmallBureau, clerk: Desk) -> None:
    asked = {"section": "污染控制科", "title": "方案", "category": "penalty", "kind": "for_now", "power": ""}
    asked |= {"basis": "政府信息公开条例第8条", "reason": "行动未结束", "until": "行动结束"}
    location = press(clerk, "/withholdings", asked).location
    press(clerk, f"{location}/draft", {"seen_version": "1", "reason": "行动还未结束"})
    request = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-009")
    press(clerk, f"/withholdings/{request}/review-steps", {"action": "submit", "seen_version": "1"})
    press(clerk, f"/withholdings/{_decided(bureau)}/endings", {"reason": "行动已结束", "seen_until": ""})


def _package(press: Story, desk: At) -> None:
    clerk = desk("clerk")
    home = next(link for link in clerk.get("/packages").links if link.startswith("/packages/")).partition("#")[0]
    tags = clerk.get(home).tags
    nothing = [named["value"] for tag, named in tags if tag == "input" and named.get("name") == "category"]
    press(clerk, f"{home}/nil-returns", {"category": nothing, "basis": "三定规定"})
    press(clerk, f"{home}/nil-returns/withdrawals", {"category": "penalty"})
    press(clerk, f"{home}/nil-returns", {"category": "penalty", "basis": "三定规定"})
    press(clerk, f"{home}/report", {"seen_version": "1", "problems": "无"})
    press(clerk, f"{home}/scans", {"scan": "档案柜三", "scanned_on": "2008-07-03"})
    power = walk.create(press.bureau, press.bureau.clerk, "power", power_body(name="随材料报送"))
    press(clerk, f"{home}/submissions", {"item": f"power:{power}:1"})
    # The signature and every item it takes along have an entry each; here there are only nil returns.
    finance = desk("chief7")
    home = next(link for link in finance.get("/packages").links if link.startswith("/packages/")).partition("#")[0]
    press(finance, f"{home}/nil-returns", {"category": [key for key, _ in OPTIONS], "basis": "三定规定"})
    press(finance, f"{home}/signatures", {"truth": "1"})


def _inspections(press: Story, desk: At) -> None:
    """A new version of a checklist, a line of the plan, an inspection begun."""
    bureau = press.bureau
    team = team_in(bureau)
    office, inspector = desk("office"), desk("inspector")
    with bureau.database.reading() as session:
        checklist = session.scalars(select(Checklist.id).where(Checklist.slug == "training")).one()
    made = press(office, f"/checklists/{checklist}/versions").location
    press(office, f"{made}/points", {"text-TR01": "计划已印发", "seen_version": "1"})
    press(office, f"{made}/steps", {"event": "submit", "seen_version": "2"})
    section, today = bureau.sections["污染控制科"], clock.today().isoformat()
    line = {"slug": "training", "section": section, "kind": "routine", "due": today}
    press(office, "/inspections/plan-lines", line)
    people = [team.inspector.person, team.inspector2.person]
    given = {"checklist": checklist, "section": section, "held_on": today, "kind": "routine", "method": "现场检查"}
    made = press(office, "/inspections", {**given, "team": people}).location
    press(inspector, f"{made}/steps", {"event": "start", "seen_version": "1"})
    press(inspector, f"{made}/answers", {"value-TR01": "met"})


def _verdicts(press: Story, desk: At) -> None:
    bureau, office, today = press.bureau, desk("office"), clock.today().isoformat()
    gap = {
        "name": "应有的职责",
        "category": "other_enforcement",
        "section": "环境监察大队",
        "reason": "法定",
        "due": today,
    }
    press(office, "/verdicts", gap)
    power = walk.create(bureau, bureau.clerk, "power", power_body(name="越位的职权"))
    told = {"reason": "属政府职权", "aftermath": "移送", "day": today, "seen_version": "1"}
    press(desk("chief"), f"/powers/{power}/stops", told)
    lifted = {"document": "坛环组〔2008〕9号", "decided_on": today, "reason": "委托"}
    press(office, f"/powers/{power}/resumptions", lifted)
    both = [
        (walk.create(bureau, bureau.clerk, "power", power_body(name="两科都报的许可")), bureau.clerk),
        (
            walk.create(bureau, bureau.clerk2, "power", power_body(name="两科都报的许可", section="环境监察大队")),
            bureau.clerk2,
        ),
    ]
    for record, clerk in both:
        walk.submit(bureau, clerk, record)
    ruling = {"one": str(both[0][0]), "other": str(both[1][0]), "outcome": "one", "reason": "三定"}
    press(office, "/claims", ruling)
    _wordings(press, office, desk)


def _wordings(press: Story, office: Desk, desk: At) -> None:
    bureau = press.bureau
    records = [
        walk.create(bureau, bureau.clerk, "power", power_body(name=f"统一表述的事项{number}")) for number in range(3)
    ]
    for record in records:
        walk.submit(bureau, bureau.clerk, record)
    items = [f"{record}:{walk.digest_of(bureau, record)}" for record in records]
    said = {"field": "publication_time", "text": "决定作出后5个工作日内", "reason": "与上级要求一致", "item": items}
    proposal = press(office, "/wordings", said).location
    with bureau.database.reading() as session:
        rows = list(session.scalars(select(WordingItem).order_by(WordingItem.id)))
    chief, clerk = desk("chief"), desk("clerk")
    # A consent that changes a text has the entries of that change too; here the section has written the words already.
    chief.takes_step(records[0], "return", note="公开时间")
    clerk.post(f"/powers/{records[0]}/draft", {"publication_time": said["text"], "seen_version": "1"})
    press(chief, f"{proposal}/consents", {"item": f"{rows[0].id}:{rows[0].record_id}:2"})
    press(chief, f"{proposal}/refusals", {"item": str(rows[1].id), "reason": "本项时间由法律规定"})
    press(office, f"{proposal}/withdrawals", {"more": "1"})


def _people(press: Story, sysadmin: Desk, secadmin: Desk, post: str, today: str) -> None:
    press(sysadmin, "/accounts", {"name": "周拟文", "username": "zhou"})
    person = press.bureau.zhou.person
    home, rights = f"/accounts/people/{person}", f"/rights/people/{person}"
    press(sysadmin, f"{home}/appointments", {"post": post, "since": today})
    press(secadmin, f"{rights}/roles", {"role": "legal", "section": "", "since": today})
    press(sysadmin, f"{home}/one-time-passwords")
    press(sysadmin, f"{home}/closures")
    press(sysadmin, f"{home}/openings")
    for _ in range(5):
        Desk.post(sysadmin, "/sign-in", {"username": "zhou", "password": "Wrong-pass-1"})
    press(secadmin, f"{rights}/unlocks")
    term = secadmin.get(rights).form(f"{rights}/role-ends")
    press(secadmin, term.action, {**term.fields, "last_day": today})
    term = sysadmin.get(home).form(f"{home}/appointment-ends")
    press(sysadmin, term.action, {**term.fields, "last_day": today})


def _directory(press: Story, office: Desk, second: Desk) -> None:
    key, phones = "consult-finance", iter(("0519-80000911", "0519-80000912", "0519-80000913"))

    def propose() -> str:
        form = office.get(f"/directory/contacts/{key}/draft").form("/directory/changes").fields
        press(office, "/directory/changes", {**form, "kind": "consult", "phone": next(phones), "reason": "换号"})
        tags = second.get("/directory/changes").tags
        return next(named["value"] for _, named in tags if named.get("name") == "change")

    number, _, digest = propose().partition(":")
    press(second, f"/directory/changes/{number}/refusals", {"seen_digest": digest, "note": "不通"})
    number, _, digest = propose().partition(":")
    press(office, f"/directory/changes/{number}/recalls", {"seen_digest": digest})
    press(second, "/directory/approvals", {"change": propose()})
    told = {"phone": "0519-80000913", "day": clock.today().isoformat(), "result": "right"}
    press(office, f"/directory/contacts/{key}/diallings", told)


def _organisation(press: Story, sysadmin: Desk) -> None:
    told = {"kind": "section", "document": "坛编〔2008〕1号"}
    made = press(sysadmin, "/organisation/sections", {"name": "信息科", **told}).location
    press(sysadmin, f"{made}/posts", {"name": "信息岗", "purpose": "管网站"})
    form = sysadmin.get(made).form
    names = next(each.action for each in sysadmin.get(made).forms if "/organisation/posts/" in each.action)
    press(sysadmin, names, {"name": "网站岗", "seen_name": "信息岗"})
    press(sysadmin, f"{made}/names", {"name": "信息中心", "seen_name": "信息科", **told})
    split = {"name": "网站科", "seen_name": "信息中心", "post": form(names).action.split("/")[3], **told}
    second = press(sysadmin, f"{made}/splits", split).location
    into = {"into": str(press.bureau.sections["财务科"]), "seen_name": "信息中心", **told}
    press(sysadmin, f"{second}/mergers", into)
    made = press(sysadmin, "/organisation/sections", {"name": "临时科", **told}).location
    press(sysadmin, f"{made}/posts", {"name": "临时岗", "purpose": ""})
    closing = next(each.action for each in sysadmin.get(made).forms if each.action.endswith("/closures"))
    press(sysadmin, closing)
    today = clock.today().isoformat()
    press(sysadmin, "/organisation/group", {"person": str(press.bureau.chief.person), "post": "成员", "since": today})
    ends = sysadmin.get("/organisation/group").form("/organisation/group/ends")
    press(sysadmin, ends.action, {**ends.fields, "last_day": today})


def _handover(press: Story, clerk: Desk) -> None:
    leaving = f"/handovers/people/{press.bureau.clerk.person}"
    signed = clerk.get(leaving).form(leaving).fields
    press(clerk, leaving, {**signed, "to": str(press.bureau.chief.person)})


def _laws(press: Story, office: Desk) -> None:
    law = press(office, "/laws", {"name": "某法", "rank": "法律", "full_name": "", "aliases": ""}).location
    edition = press(office, f"{law}/editions", {"edition": "1999", "in_force": "1999-01-01"}).location
    form = office.get(f"{law}/draft").form(f"{law}/draft").fields
    press(office, f"{law}/draft", {**form, "rank": "法律", "full_name": "中华人民共和国某法"})
    press(office, edition, {**office.get(edition).form(edition).fields, "document": "令1号"})
    press(office, f"{edition}/articles", {"place": "1", "content": "甲"})
    pair = {"from_place": "1", "to_law": "某法", "to_edition": "2000", "to_place": "2"}
    press(office, f"{edition}/successors", pair)
    told = _file("名称,版本\r\n某法,2000\r\n", "a.csv")
    shown = press(office, "/laws/imports", **told)
    press(office, "/laws/imports/confirmations", shown.form("/laws/imports/confirmations").fields)


def _administration(press: Story, sysadmin: Desk) -> None:
    told = _file("日期,是否工作日,名称\r\n2008-10-01,0,国庆节\r\n", "a.csv")
    shown = press(sysadmin, "/calendar/imports", **told)
    press(sysadmin, "/calendar/imports/confirmations", shown.form("/calendar/imports/confirmations").fields)
    form = sysadmin.get("/settings").form("/settings").fields
    press(sysadmin, "/settings", {**form, "name": "某局", "host": str(press.bureau.sections["宣教法制科"])})


def _keeping(press: Story, desk: At) -> None:
    _directory(press, desk("office"), desk("office2"))
    _organisation(press, desk("sysadmin"))
    _handover(press, desk("clerk"))
    _laws(press, desk("office"))
    _administration(press, desk("sysadmin"))
    _complaints(press, desk("office"), desk("clerk2"), desk("deputy"))
    _training(press, desk("office"), desk("clerk"))
    _matters(press, desk("office"), desk("clerk"))


def _complaints(press: Story, office: Desk, assignee: Desk, deputy: Desk) -> None:
    today, bureau = clock.today().isoformat(), press.bureau
    told = {"kind": "complaint", "channel": "letter", "received_on": today, "subject": "事由", "content": "经过"}
    made = press(office, "/complaints", {**told, "name": "钱三拟", "contact": "0519-82661234"}).location

    def act(person: Desk, event: str, **given: str) -> None:
        form = next(one for one in person.get(made).forms if one.fields.get("event") == event)
        press(person, form.action, {**form.fields, **given})

    act(office, "register")
    act(office, "accept")
    act(office, "assign", assignee=str(bureau.clerk2.person))
    act(assignee, "begin")
    press(assignee, f"{made}/identity-looks", {"reason": "约见"})
    act(assignee, "draft_reply", reply="已答复", conclusion="unfounded")
    act(deputy, "approve_reply")
    act(office, "reply", day=today)
    press(office, f"{made}/identity-erasures", {"reason": "保存期满"})
    told = {"system": "12345", "reference": "0801", "received_on": today}
    press(office, "/complaints/elsewhere", told)
    press(office, "/complaints/elsewhere/1/results", {"result": "answered", "result_on": today})
    told = {"received_on": today, "transferred_on": today, "body": "派驻纪检组"}
    press(office, "/complaints/discipline-transfers", told)


def _training(press: Story, office: Desk, clerk: Desk) -> None:
    today = clock.today().isoformat()
    press(office, "/training/plans", {"year": str(clock.today().year), "basis": "坛环法〔2008〕第1号"})
    told = {"topic": "flow", "title": "流程图编制", "planned_on": today, "held_on": today, "months": "0"}
    made = press(office, "/training/sessions", told).location
    press(office, made, {**told, "seen_version": "1", "place": "会议室"})
    form = office.get(made).form(f"{made}/attendance").fields
    press(office, f"{made}/attendance", {**form, f"outcome-{press.bureau.clerk.person}": "passed"})
    press(office, "/training/requirements", {"topic": "flow", "role": "", "section": "", "before_on": today})
    press(office, "/training/requirements/1/ends")
    asked = press(clerk, "/guidance", {"question": "附件是否公开？"}).location
    press(office, f"{asked}/answers", {"seen_version": "1", "answer": "公开。", "category": "", "field": ""})
    press(office, f"{asked}/withdrawals", {"seen_version": "2", "reason": "另行规定"})


def _matters(press: Story, office: Desk, clerk: Desk) -> None:
    today, section = clock.today().isoformat(), str(press.bureau.sections["污染控制科"])
    told = {"kind": "procurement", "section": section, "title": "采购采样仪", "amount": "120000", "deciders": "局务会"}
    made = press(clerk, "/matters", {**told, "decided_on": today}).location
    press(clerk, f"{made}/traces", {"trace": "contract", "day": today, "document": "合同，财务科"})
    press(office, f"{made}/cancellations", {"reason": "重复登记"})


def _imports(press: Story, clerk: Desk) -> None:
    lines = json.dumps({"record": "power", "code": "T-1", **power_body()}, ensure_ascii=False)
    brought = press(clerk, "/imports", **_file(lines))
    press(clerk, f"{brought.location}/confirmations")
    table = "事情,职权类别,备考\n甲许可,行政许可,污染控制科\n"
    brought = press(clerk, "/imports", **_file(table, "a.csv"))
    mapped = {"column-0": "name", "column-1": "category", "column-2": "department"}
    press(clerk, f"{brought.location}/columns", mapped)
    press(clerk, f"{brought.location}/corrections", {"row": "2", "cell-2-0": "乙许可"})
    press(clerk, f"{brought.location}/confirmations")
    forms = clerk.get("/imports/headings").forms
    press(clerk, next(form.action for form in forms if form.action.endswith("/removals")))


def _file(text: str, name: str = "a.jsonl", fields: dict[str, str] | None = None) -> dict[str, Any]:
    head = "".join(
        f'--limit\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in (fields or {}).items()
    )
    head += f'--limit\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + text.encode() + b"\r\n--limit--\r\n"
    return {
        "input_stream": io.BytesIO(body),
        "content_length": len(body),
        "content_type": "multipart/form-data; boundary=limit",
    }
