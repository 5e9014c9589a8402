"""What can become of a version of a checklist, as data. Pure.

draft → in_review → published → superseded | retired; in_review → draft, returned with the reason (supervision.md 3.2).
"""

from dataclasses import dataclass

from webapp.rules import NotAllowed, RuleBroken, Stale

CHECKLIST_STATES = ("draft", "in_review", "published", "superseded", "retired")
CHECKLIST_WORDS = {
    "draft": "草稿",
    "in_review": "待审核",
    "published": "使用中",
    "superseded": "已有新版",
    "retired": "已停用",
}


@dataclass(frozen=True)
class ChecklistAct:
    """A row: from which state to which, what the button says, whether a second person must act, or say why."""

    event: str
    before: str
    after: str
    label: str
    by_second: bool = False
    needs_reason: bool = False


ACTS = (
    ChecklistAct("submit", "draft", "in_review", "送审核"),
    ChecklistAct("return", "in_review", "draft", "退回修改", by_second=True, needs_reason=True),
    ChecklistAct("publish", "in_review", "published", "审核通过并启用", by_second=True),
    ChecklistAct("retire", "published", "retired", "停用", needs_reason=True),
)


def checklist_act(state: str, event: str, *, is_author: bool, note: str) -> ChecklistAct:
    """Return the row of an act; raise Stale, NotAllowed or RuleBroken with what to do."""
    if event not in {row.event for row in ACTS}:
        raise RuleBroken("没有这种办理方式，请刷新页面后再试。")
    row = next((row for row in ACTS if row.event == event and row.before == state), None)
    if row is None:
        raise Stale(f"该清单现在是“{CHECKLIST_WORDS[state]}”，不能再这样办理。请刷新页面后查看。")
    if row.by_second and is_author:
        raise NotAllowed("您是该清单的编写人，不能同时审核；请由领导小组办公室的其他人员审核。")
    if row.needs_reason and not note.strip():
        raise RuleBroken(f"{row.label}请写明理由。", "note")
    return row
