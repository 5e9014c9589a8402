"""What came in through the form of an act, turned into values; each field's sentence where it cannot be."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from webapp import clock
from webapp.reviews.chain import Action, Decision
from webapp.reviews.moving import ProblemFound
from webapp.reviews.operations import MAX_NOTE
from webapp.reviews.recording import ItemResult, Paper
from webapp.rules import RuleBroken

MAX_PROBLEMS = 40
MAX_RESULTS = 500  # items of one paper; a meeting of the plan decides on 149
MAX_ITEMS = 100  # signed at once; each is an act of its own
MAX_DOCUMENT = 120
MAX_PLACE = 120
_PLACE = re.compile(r"[a-z_]{1,40}(-[\w-]{1,40})?")
_ITEM = re.compile(r"(power|flow|withholding):([0-9]{1,9}):([0-9a-f]{64})")
_RESULT = re.compile(r"([0-9]{1,9}):([0-9a-f]{64})")
_KEY = re.compile(r"[\w:.-]{1,80}")
_MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Fields:
    """A form as it came in: all values by name."""

    values: Mapping[str, Sequence[str]]

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a name."""
        found = self.values.get(name)
        return found[0] if found else default

    def getlist(self, name: str) -> Sequence[str]:
        """Return all values of a name."""
        return self.values.get(name, ())

    def __contains__(self, name: object) -> bool:
        return name in self.values


@dataclass(frozen=True)
class PaperGiven:
    """What a form says of the paper a result stands on."""

    outcome: str
    form: str
    document: str
    day: date


@dataclass(frozen=True)
class ActGiven:
    """One act as it was asked for."""

    decision: Decision
    problems: tuple[ProblemFound, ...]
    attested: tuple[str, ...] | None
    reviewer: int | None
    request_key: str | None
    paper: PaperGiven | None
    batch: int | None = None  # of a verification: the recorded result that was seen


@dataclass(frozen=True)
class ItemGiven:
    """A record ticked in a list, and the revision that stood there."""

    kind: str
    record: int
    seen_digest: str


def items_given(form: Fields) -> tuple[ItemGiven, ...]:
    """Return the ticked items `kind:id:digest`; raise RuleBroken where there are none, too many or unreadable ones."""
    texts = list(dict.fromkeys(form.getlist("item")))
    if not texts:
        raise RuleBroken("请至少选择一个事项。", "item")
    if len(texts) > MAX_ITEMS:
        raise RuleBroken(f"一次最多办理{MAX_ITEMS}项，请分批办理。", "item")
    found = [_ITEM.fullmatch(text) for text in texts]
    items = [ItemGiven(one[1], int(one[2]), one[3]) for one in found if one]
    if len(items) != len(texts) or len({item.record for item in items}) != len(items):
        raise RuleBroken("所选事项有误，未办理。请刷新页面后重新选择。", "item")
    return tuple(items)


def act_given(form: Fields) -> ActGiven:
    """Return the act a form asks for; raise RuleBroken where a field cannot be read."""
    action = _action(form.get("action", ""))
    found = problems_given(form)
    note = form.get("note", "").strip()
    if action is Action.RETURN and not note and found:
        note = "见逐项意见。"
    if action is Action.DISSENT and note and (place := form.get("place", "").strip()[:MAX_PLACE]):
        note = f"{place}：{note}"
    seen = form.get("seen_version", "")
    return ActGiven(
        decision=Decision(
            action=action,
            seat=number_given(form, "seat", "审核席位不对，请刷新页面后再试。"),
            note=note,
            seen_digest=form.get("seen_digest", "").strip() or None,
            seen_version=number_given(form, "seen_version", "草稿版本号不对，请刷新页面后再试。") if seen else None,
            to=form.get("to", "") or "draft",
        ),
        problems=found,
        attested=tuple(form.getlist("attested")) if "attested" in form or "attesting" in form else None,
        reviewer=number_given(form, "reviewer", "请选择初审人。"),
        request_key=key_given(form),
        paper=_paper(form, note) if action is Action.RECORD else None,
        batch=number_given(form, "batch", "登记号不对，请刷新页面后再试。"),
    )


def problems_given(form: Fields) -> tuple[ProblemFound, ...]:
    """Return the comments of a form, rows without text left out."""
    rows = problem_rows(form)
    if len(rows) > MAX_PROBLEMS:
        raise RuleBroken(f"逐项意见一次最多{MAX_PROBLEMS}条，请合并后再提交。", "problem_text")
    return tuple(
        ProblemFound(text.strip(), place if _PLACE.fullmatch(place) else "", severity or "must")
        for place, severity, text in rows
        if text.strip()
    )


def problem_rows(form: Fields) -> tuple[tuple[str, str, str], ...]:
    """Return the rows for comments as typed: place, severity, text."""
    texts = form.getlist("problem_text")
    places, severities = (_filled(form.getlist(f"problem_{name}"), len(texts)) for name in ("field", "severity"))
    return tuple(zip(places, severities, texts, strict=True))


def number_given(form: Fields, name: str, sentence: str) -> int | None:
    """Return a whole number of a form, None where it is left empty; raise RuleBroken with the sentence."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:11]) <= _MAX_NUMBER):
        raise RuleBroken(sentence, name)
    return int(text)


def day_given(text: str, name: str) -> date:
    """Return the day a form names, today where it is left empty; raise RuleBroken."""
    if not text.strip():
        return clock.today()
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RuleBroken("日期请按“2008-07-09”的样式填写。", name) from error


def key_given(form: Fields) -> str | None:
    """Return the request key of a form; one that no form of ours has is none."""
    key = form.get("request_key", "")
    return key if _KEY.fullmatch(key) else None


def document_given(text: str) -> str:
    """Return a document number; raise RuleBroken where it is too long for one."""
    if len(text.strip()) > MAX_DOCUMENT:
        raise RuleBroken(f"文号过长，请控制在{MAX_DOCUMENT}字以内。", "document")
    return text.strip()


def _action(text: str) -> Action:
    try:
        return Action(text)
    except ValueError as error:
        raise RuleBroken("没有这种办理事项，未办理。请从页面上的按钮办理。", "action") from error


def _paper(form: Fields, note: str) -> PaperGiven:
    # Some papers have no number of their own: what is written as the opinion then names them.
    return PaperGiven(
        outcome=form.get("outcome", "") or "approve",
        form=form.get("form", ""),
        document=document_given(form.get("document", "") or note[:MAX_DOCUMENT]),
        day=day_given(form.get("document_date", ""), "document_date"),
    )


def _filled(values: Sequence[str], count: int) -> Iterable[str]:
    return [*values[:count], *[""] * (count - len(values))]


def result_given(form: Fields) -> Paper:
    """Return the recorded result a form asks for: one paper, the ticked items, each with its own outcome and note.

    An item is `id:digest`; what is said about it stands in `outcome-ID` and `note-ID`. Raises RuleBroken.
    """
    texts = list(dict.fromkeys(form.getlist("item")))
    found = [_RESULT.fullmatch(text) for text in texts]
    if not all(found) or len(texts) > MAX_RESULTS:
        raise RuleBroken("所选事项有误，未登记。请刷新页面后重新选择。", "items")
    items = [
        ItemResult(
            record=int(one[1]),
            seen_digest=one[2],
            outcome=form.get(f"outcome-{one[1]}") or "approve",
            note=form.get(f"note-{one[1]}"),
        )
        for one in found
        if one
    ]
    for item in items:
        if item.outcome != "approve" and not item.note.strip():
            raise RuleBroken("退回或缓议的事项，请写明意见。", f"note-{item.record}")
        if len(item.note) > MAX_NOTE:
            raise RuleBroken(f"意见过长，请控制在{MAX_NOTE}字以内。", f"note-{item.record}")
    if not form.get("document_date").strip():
        raise RuleBroken("请填写纪要或来文上的日期。", "document_date")
    return Paper(
        stage=form.get("stage"),
        document=document_given(form.get("document")),
        decided_on=day_given(form.get("document_date"), "document_date"),
        form=form.get("form"),
        note=form.get("note")[:MAX_NOTE],
        items=items,
    )
