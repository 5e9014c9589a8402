"""Every address that changes something, pressed once: one entry in the journal each, and none that is not listed.

Case AUD-01 of security.md over the whole list of routes; the commands have theirs in `tests/commands`.
"""

import io
import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, add_person, flow_body, power_body, withholding_body
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.filled_forms import changed, filled
from harness.visitors import OURS, PASSWORD, Shown
from webapp import clock
from webapp.accounts.models import Post
from webapp.journal.models import JournalEntry
from webapp.reviews.models import Problem

pytestmark = only_sqlite
At = Callable[[str], Desk]
ENTRIES = 1
#: Routes whose success writes no entry, and why.
NONE = {
    "/sign-in": "goes to the security log",
    "/sign-out": "goes to the security log",
    "/imports": "a preview; the confirmation is the change",
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
    press, clerk, office = Story(app, bureau), desk("clerk"), desk("office")
    _people(press, desk("sysadmin"), desk("secadmin"), str(post), clock.today().isoformat())

    made = press(clerk, "/powers", {"name": "新许可", "category": "licence", "section": "污染控制科"})
    new = made.location.partition("?")[0]
    press(clerk, f"{new}/autosave", {"panel": "duties", "seen_version": "1", "rules": "甲"})
    press(clerk, f"{new}/discards")
    press(clerk, new, draft_form(clerk, new, rules="乙"))
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
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body(), code="LC-CF-02")
    press(clerk, f"/flows/{chart}/review-steps", {"action": "submit", "seen_version": "1"})

    asked = {"section": "污染控制科", "title": "方案", "category": "penalty", "kind": "for_now", "power": ""}
    asked |= {"basis": "政府信息公开条例第8条", "reason": "行动未结束", "until": "行动结束"}
    location = press(clerk, "/withholdings", asked).location
    press(clerk, f"{location}/draft", {"seen_version": "1", "reason": "行动还未结束"})
    request = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-009")
    press(clerk, f"/withholdings/{request}/review-steps", {"action": "submit", "seen_version": "1"})

    _imports(press, clerk)
    _chain(press, desk)
    press(office, "/editions")
    form = office.get("/editions").form("/editions/discard")
    press(office, form.action, form.fields)
    press(office, "/editions")
    form = desk("publisher").get("/editions").form("/editions/release")
    press(desk("publisher"), form.action, {**form.fields, "document": "审批单1"})
    told = {"old_password": PASSWORD, "new_password": "Another-2008", "new_password_again": "Another-2008"}
    press(clerk, "/password", told)
    press(clerk, "/sign-out")
    press(clerk, "/sign-in", {"username": "clerk", "password": "Another-2008"})

    acting = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert press.pressed == acting, "press the new button here once, so that its entry is counted"
    assert set(NONE) <= acting


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


def _file(text: str, name: str = "a.jsonl") -> dict[str, Any]:
    head = f'--limit\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + text.encode() + b"\r\n--limit--\r\n"
    return {
        "input_stream": io.BytesIO(body),
        "content_length": len(body),
        "content_type": "multipart/form-data; boundary=limit",
    }
