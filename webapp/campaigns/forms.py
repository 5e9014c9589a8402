"""What is typed about a campaign, turned into values; a sentence for every field that cannot be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from webapp import scan
from webapp.campaigns.handing_in import MAX_ITEMS, ItemReady, ItemTicked
from webapp.campaigns.models import MEETING_KINDS
from webapp.campaigns.phases import INNER, INNER_DATES
from webapp.campaigns.rows import Form, Row, filled, read_rows, text_of
from webapp.characters import character_sentence
from webapp.revisions.kinds import BodyProblem
from webapp.rules import RuleBroken

DOCUMENT_KEYS = ("number", "dated_on", "title", "scan")
PHASE_KEYS = ("name", "starts_on", "ends_on", "work")
TASK_KEYS = ("section", "content", "responsible", "due_on")
MAX_LINE, MAX_TEXT = 200, 10_000
_ITEM = re.compile(r"(power|flow|withholding):([0-9]{1,9}):([0-9a-f]{64})")
_READY = re.compile(r"(power|flow|withholding):([0-9]{1,9}):([0-9]{1,9})")
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)


class FormRefused(RuleBroken):
    """A form cannot be taken; `problems` says where and why."""

    def __init__(self, problems: Sequence[BodyProblem]) -> None:
        super().__init__(problems[0].sentence, problems[0].field)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class DocumentGiven:
    """A basis document."""

    number: str
    dated_on: date | None
    title: str
    scan: str


@dataclass(frozen=True)
class PhaseGiven:
    """A phase as the document dates it."""

    name: str
    starts_on: date
    ends_on: date | None
    work: str


@dataclass(frozen=True)
class PlanGiven:
    """A campaign's plan; `inner` are the inner dates by key."""

    title: str
    documents: tuple[DocumentGiven, ...]
    phases: tuple[PhaseGiven, ...]
    inner: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class TaskGiven:
    """A row of the task sheet."""

    section: int
    content: str
    responsible: str
    due_on: date


@dataclass(frozen=True)
class MeetingGiven:
    """A meeting with what was written before and after."""

    kind: str
    title: str
    held_on: date
    place: str
    notice: str
    minutes: str


@dataclass
class Checked:
    """The problems found while a form is read."""

    problems: list[BodyProblem] = field(default_factory=list)

    def text(self, where: str, label: str, value: str, *, longest: int = MAX_LINE, is_needed: bool = True) -> str:
        """Return a text; note what is wrong with it."""
        sentence = ""
        if is_needed and not value:
            sentence = f"请填写{label}。"
        elif len(value) > longest:
            sentence = f"{label}过长，现有{len(value)}字，请控制在{longest}字以内。"
        elif found := character_sentence(value):
            sentence = f"{label}：{found}"
        elif marked := scan.secrecy_sentence(value):
            sentence = marked
        if sentence:
            self.problems.append(BodyProblem(where, sentence))
        return value

    def day(self, where: str, label: str, value: str) -> date:
        """Return a day; note where it is missing or none."""
        found = self.perhaps_day(where, label, value)
        if found is None and not value:
            self.problems.append(BodyProblem(where, f"请填写{label}，样式为“2008-06-30”。"))
        return found or _FIRST

    def perhaps_day(self, where: str, label: str, value: str) -> date | None:
        """Return a day that may be left empty; note where it is none."""
        if not value:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or not _FIRST <= found <= _LAST:
            self.problems.append(BodyProblem(where, f"{label}“{value[:20]}”不是日期，请按“2008-06-30”的样式填写。"))
            return None
        return found

    def done(self) -> None:
        """Raise FormRefused if anything was noted."""
        if self.problems:
            raise FormRefused(self.problems)


def plan_given(form: Form) -> PlanGiven:
    """Return the plan a form gives; raise FormRefused. Phase dates are taken as typed, whatever weekday they are."""
    checked = Checked()
    title = checked.text("title", "专项工作名称", text_of(form, "title"))
    documents = [_document(checked, at, row) for at, row in filled(read_rows(form, "documents", DOCUMENT_KEYS))]
    phases = [_phase(checked, at, row) for at, row in filled(read_rows(form, "phases", PHASE_KEYS))]
    if not documents:
        checked.problems.append(BodyProblem("documents", "请至少填写一份依据文件。"))
    if not phases:
        checked.problems.append(BodyProblem("phases", "请按方案填写各阶段的起止日期。"))
    inner = []
    for kind in INNER_DATES:
        found = checked.perhaps_day(f"inner-{kind.key}", kind.label, text_of(form, f"inner-{kind.key}"))
        if found is not None:
            inner.append((kind.key, found))
    for (before_key, before), (after_key, after) in pairwise(inner):
        if after < before:
            words = f"“{INNER[after_key].label}”早于“{INNER[before_key].label}”，请核对两个日期。"
            checked.problems.append(BodyProblem(f"inner-{after_key}", words))
    checked.done()
    return PlanGiven(title, tuple(documents), tuple(phases), tuple(inner))


def tasks_given(form: Form, section_of: Callable[[str], int]) -> tuple[TaskGiven, ...]:
    """Return the task sheet a form gives; `section_of` returns the id of a section by slug, 0 for none."""
    checked, tasks = Checked(), []
    for at, row in filled(read_rows(form, "tasks", TASK_KEYS)):
        where, said = f"tasks-{at}", f"第{at + 1}行的"
        section = section_of(row["section"])
        if section <= 0:
            checked.problems.append(BodyProblem(f"{where}-section", f"请选择{said}科室。"))
        tasks.append(
            TaskGiven(
                section=section,
                content=checked.text(f"{where}-content", f"{said}任务", row["content"], longest=MAX_TEXT),
                responsible=checked.text(f"{where}-responsible", f"{said}责任人", row["responsible"]),
                due_on=checked.day(f"{where}-due_on", f"{said}完成时限", row["due_on"]),
            ),
        )
    checked.done()
    return tuple(tasks)


def meeting_given(form: Form) -> MeetingGiven:
    """Return the meeting a form gives; raise FormRefused."""
    checked = Checked()
    kind = text_of(form, "kind")
    if kind not in MEETING_KINDS:
        checked.problems.append(BodyProblem("kind", "请选择动员会或培训。"))
    given = MeetingGiven(
        kind=kind,
        title=checked.text("title", "名称", text_of(form, "title")),
        held_on=checked.day("held_on", "日期", text_of(form, "held_on")),
        place=checked.text("place", "地点", text_of(form, "place"), is_needed=False),
        notice=checked.text("notice", "通知", text_of(form, "notice"), longest=MAX_TEXT, is_needed=False),
        minutes=checked.text("minutes", "记录", text_of(form, "minutes"), longest=MAX_TEXT, is_needed=False),
    )
    checked.done()
    return given


def attendance_given(form: Form, sections: Sequence[int], held_on: date) -> dict[int, tuple[str, date | None]]:
    """Return per section whether it was there and when it was trained later; sections left open are left out."""
    checked, found = Checked(), {}
    for section in sections:
        state = text_of(form, f"state-{section}")
        later = checked.perhaps_day(f"made_up_on-{section}", "补训日期", text_of(form, f"made_up_on-{section}"))
        if not state:
            continue
        if state not in {"present", "missing"}:
            checked.problems.append(BodyProblem(f"state-{section}", "请选择到会或缺席。"))
        if later is not None and state == "missing" and later < held_on:
            checked.problems.append(BodyProblem(f"made_up_on-{section}", "补训日期早于会议日期，请核对。"))
        found[section] = (state, later if state == "missing" else None)
    checked.done()
    return found


def version_given(form: Form) -> int | None:
    """Return the version that was on screen, None where the form has none."""
    version = text_of(form, "seen_version")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None  # noqa: PLR2004 - digits of an integer column


def _document(checked: Checked, at: int, row: Row) -> DocumentGiven:
    where, said = f"documents-{at}", f"第{at + 1}份文件的"
    return DocumentGiven(
        number=checked.text(f"{where}-number", f"{said}文号", row["number"]),
        dated_on=checked.perhaps_day(f"{where}-dated_on", f"{said}日期", row["dated_on"]),
        title=checked.text(f"{where}-title", f"{said}名称", row["title"]),
        scan=checked.text(f"{where}-scan", f"{said}扫描件存放处", row["scan"], is_needed=False),
    )


def _phase(checked: Checked, at: int, row: Row) -> PhaseGiven:
    where, said = f"phases-{at}", f"第{at + 1}阶段的"
    starts_on = checked.day(f"{where}-starts_on", f"{said}开始日期", row["starts_on"])
    ends_on = checked.perhaps_day(f"{where}-ends_on", f"{said}结束日期", row["ends_on"])
    if ends_on is not None and ends_on < starts_on:
        checked.problems.append(BodyProblem(f"{where}-ends_on", f"{said}结束日期早于开始日期，请核对。"))
    return PhaseGiven(
        name=checked.text(f"{where}-name", f"{said}名称", row["name"]),
        starts_on=starts_on,
        ends_on=ends_on,
        work=checked.text(f"{where}-work", f"{said}工作", row["work"], longest=MAX_TEXT, is_needed=False),
    )


def ticked_items(form: Form) -> tuple[tuple[ItemTicked, ...], dict[str, tuple[str, ...]]]:
    """Return the items with at least one point ticked, and the points by record as typed; raise RuleBroken."""
    found = [_ITEM.fullmatch(value) for value in form.get("item", ())]
    if not all(found) or len(found) > MAX_ITEMS:
        raise RuleBroken("所列事项有误，未签署。请刷新页面后再试。", "items")
    points = {one[2]: tuple(form.get(f"attested-{one[2]}", ())) for one in found if one}
    items = [ItemTicked(one[1], int(one[2]), one[3], points[one[2]]) for one in found if one and points[one[2]]]
    if len({item.record for item in items}) != len(items):
        raise RuleBroken("所列事项有重复，未签署。请刷新页面后再试。", "items")
    return tuple(items), points


def ready_items(form: Form) -> tuple[ItemReady, ...]:
    """Return the drafts to be handed in, `kind:id:version`; raise RuleBroken where one cannot be read."""
    found = [_READY.fullmatch(value) for value in dict.fromkeys(form.get("item", ()))]
    if not all(found) or len(found) > MAX_ITEMS:
        raise RuleBroken("所列事项有误，未送审。请刷新页面后再试。")
    return tuple(ItemReady(one[1], int(one[2]), int(one[3])) for one in found if one)
