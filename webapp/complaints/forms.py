"""What is typed about a complaint, turned into values; a sentence for every field that cannot be."""

from dataclasses import dataclass
from datetime import date

from webapp import scan
from webapp.campaigns.forms import MAX_TEXT, Checked
from webapp.campaigns.rows import Form, text_of
from webapp.complaints.kinds import (
    CHANNEL_WORDS,
    CONCLUSION_WORDS,
    KIND_WORDS,
    SATISFACTION_WORDS,
    SEVERITIES,
    SUBSTANTIATED,
    SYSTEM_WORDS,
)
from webapp.complaints.stages import BY_EVENT, Event
from webapp.complaints.vault import Identity
from webapp.revisions.kinds import BodyProblem
from webapp.rules import RuleBroken

MAX_NAME = 60
_LABELS = {
    "note": "说明",
    "where": "去向",
    "document": "文号",
    "reply": "答复内容",
    "fact": "查明的问题",
    "basis": "问题的依据",
}
_LONG = frozenset({"note", "reply", "fact", "basis"})
_CHOICES = {"conclusion": ("核查结论", CONCLUSION_WORDS), "severity": ("严重程度", dict(SEVERITIES))}


@dataclass(frozen=True)
class ComplaintGiven:
    """What came in; `identity` goes into the vault."""

    kind: str
    channel: str
    received_on: date
    subject: str
    content: str
    section: int | None
    person: int | None
    power: int | None
    identity: Identity
    is_real_name: bool
    may_disclose: bool


@dataclass(frozen=True)
class StepGiven:
    """An act with what goes with it; fields that the act neither needs nor takes stay empty."""

    event: Event
    note: str = ""
    where: str = ""
    document: str = ""
    into: int | None = None
    assignee: int | None = None
    reply: str = ""
    conclusion: str = ""
    fact: str = ""
    basis: str = ""
    severity: str = ""
    day: date | None = None
    satisfaction: str = ""
    section: int | None = None
    person: int | None = None
    seen_version: int | None = None
    request_key: str | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Return everything that was typed freely."""
        return (self.note, self.where, self.document, self.reply, self.fact, self.basis)


@dataclass(frozen=True)
class ElsewhereGiven:
    """A matter of another system."""

    system: str
    reference: str
    received_on: date
    power: int | None


def complaint_given(form: Form) -> ComplaintGiven:
    """Return the complaint a form gives; raise FormRefused."""
    checked = Checked()
    given = ComplaintGiven(
        kind=_one(checked, form, "kind", "种类", KIND_WORDS),
        channel=_one(checked, form, "channel", "来件方式", CHANNEL_WORDS),
        received_on=checked.day("received_on", "收到日期", text_of(form, "received_on")),
        subject=_plain(checked, "subject", "事由", text_of(form, "subject"), longest=100),
        content=_plain(checked, "content", "主要内容", text_of(form, "content"), longest=MAX_TEXT),
        section=number_of(form, "section"),
        person=number_of(form, "person"),
        power=number_of(form, "power"),
        identity=Identity(
            checked.text("name", "姓名", text_of(form, "name"), longest=MAX_NAME, is_needed=False),
            checked.text("contact", "联系方式", text_of(form, "contact"), longest=200, is_needed=False),
        ),
        is_real_name=text_of(form, "is_real_name") == "1",
        may_disclose=text_of(form, "may_disclose") == "1",
    )
    if given.is_real_name and not given.identity.name:
        checked.problems.append(BodyProblem("name", "实名的请填写姓名；没有留下姓名的，请取消“实名”。"))
    checked.done()
    return given


def step_given(form: Form) -> StepGiven:
    """Return the act a form gives, with what it needs and takes; raise FormRefused or RuleBroken."""
    event = text_of(form, "event")
    if event not in set(Event):
        raise RuleBroken("没有这种办理。请从页面重新操作。", "event")
    act, checked, told = BY_EVENT[Event(event)], Checked(), {}
    for name in (*act.needs, *act.takes):
        is_needed, value = name in act.needs, text_of(form, name)
        if name in _LABELS:
            longest = MAX_TEXT if name in _LONG else 200
            told[name] = _plain(checked, name, _LABELS[name], value, longest=longest, is_needed=is_needed)
        elif name in _CHOICES and (is_needed or value):
            told[name] = _one(checked, form, name, *_CHOICES[name])
    conclusion = told.get("conclusion", "")
    if conclusion in SUBSTANTIATED and not (told["fact"] and told["basis"] and told["severity"]):
        sentence = "属实或者部分属实的，请写明查明的问题、依据和严重程度，据以列入问题台账。"
        checked.problems.append(BodyProblem("fact", sentence))
    day = None
    if "day" in act.needs:
        day = checked.day("day", "日期", text_of(form, "day"))
    for name, sentence in (("assignee", "请选择承办人。"), ("into", "请选择并入哪一件。")):
        if name in act.needs and number_of(form, name) is None:
            checked.problems.append(BodyProblem(name, sentence))
    checked.done()
    satisfaction = text_of(form, "satisfaction")
    return StepGiven(
        event=Event(event),
        **told,
        day=day,
        into=number_of(form, "into"),
        assignee=number_of(form, "assignee"),
        satisfaction=satisfaction if satisfaction in SATISFACTION_WORDS else "",
        section=number_of(form, "section"),
        person=number_of(form, "person"),
        seen_version=number_of(form, "seen_version"),
        request_key=text_of(form, "request_key")[:64] or None,
    )


def elsewhere_given(form: Form) -> ElsewhereGiven:
    """Return the matter of another system that a form gives; raise FormRefused."""
    checked = Checked()
    given = ElsewhereGiven(
        system=_one(checked, form, "system", "来自", SYSTEM_WORDS),
        reference=_plain(checked, "reference", "编号", text_of(form, "reference"), longest=40),
        received_on=checked.day("received_on", "收到日期", text_of(form, "received_on")),
        power=number_of(form, "power"),
    )
    checked.done()
    return given


def result_given(form: Form) -> tuple[str, date]:
    """Return conclusion and date of a matter of another system; raise FormRefused."""
    checked = Checked()
    result = _one(checked, form, "result", "办理结果", CONCLUSION_WORDS)
    day = checked.day("result_on", "办结日期", text_of(form, "result_on"))
    checked.done()
    return result, day


def discipline_given(form: Form) -> tuple[date, date, str]:
    """Return when a report about discipline was received, when it was passed on and to whom; raise FormRefused."""
    checked = Checked()
    received = checked.day("received_on", "收到日期", text_of(form, "received_on"))
    passed = checked.day("transferred_on", "转送日期", text_of(form, "transferred_on"))
    body = _plain(checked, "body", "转送单位", text_of(form, "body"), longest=60)
    if not checked.problems and passed < received:
        checked.problems.append(BodyProblem("transferred_on", "转送日期早于收到日期，请核对。"))
    checked.done()
    return received, passed, body


def reason_given(form: Form) -> str:
    """Return why an identity is looked at or erased; raise FormRefused."""
    checked = Checked()
    reason = _plain(checked, "reason", "理由", text_of(form, "reason"), longest=200)
    checked.done()
    return reason


def number_of(form: Form, name: str) -> int | None:
    """Return a number chosen in a form, None where there is none."""
    text = text_of(form, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits of an integer column


def _one(checked: Checked, form: Form, name: str, label: str, words: dict[str, str]) -> str:
    value = text_of(form, name)
    if value not in words:
        checked.problems.append(BodyProblem(name, f"请选择{label}。"))
    return value


def _plain(checked: Checked, where: str, label: str, value: str, *, longest: int = 200, is_needed: bool = True) -> str:
    """Return a text that may hold no number of a person: identity cards, mobile telephones, bank cards."""
    found = checked.text(where, label, value, longest=longest, is_needed=is_needed)
    if hits := scan.find_personal(found):
        kinds = "、".join(dict.fromkeys(scan.LABELS[hit.kind] for hit in hits))
        checked.problems.append(BodyProblem(where, f"{label}中有{kinds}，请删去；联系方式只填在“联系方式”一栏。"))
    return found
