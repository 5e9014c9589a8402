"""What is typed about a matter of a key area, turned into values; a sentence for every field that cannot be."""

from dataclasses import dataclass
from datetime import date

from webapp import scan
from webapp.campaigns.forms import Checked
from webapp.campaigns.rows import Form, text_of
from webapp.matters.traces import BY_KIND
from webapp.revisions.kinds import BodyProblem

MAX_AMOUNT = 2_000_000_000


@dataclass(frozen=True)
class MatterGiven:
    """A matter as entered."""

    kind: str
    section: int
    power: int | None
    title: str
    amount: int | None
    decided_on: date
    deciders: str


def matter_given(form: Form) -> MatterGiven:
    """Return the matter a form gives; raise FormRefused."""
    checked, kind, amount = Checked(), text_of(form, "kind"), text_of(form, "amount").replace(",", "")
    if kind not in BY_KIND:
        checked.problems.append(BodyProblem("kind", "请选择事项种类。"))
    section = _number(form, "section")
    if section is None:
        checked.problems.append(BodyProblem("section", "请选择承办科室。"))
    if amount and not (amount.isascii() and amount.isdigit() and int(amount[:12]) <= MAX_AMOUNT):
        checked.problems.append(BodyProblem("amount", "金额请填写整数元，不带单位；不涉及金额的不填。"))
        amount = ""
    title = checked.text("title", "事项", text_of(form, "title"))
    if scan.find_personal(title):
        checked.problems.append(BodyProblem("title", "事项中有身份证号、手机号或者银行卡号，请删去。"))
    given = MatterGiven(
        kind=kind,
        section=section or 0,
        power=_number(form, "power"),
        title=title,
        amount=int(amount) if amount else None,
        decided_on=checked.day("decided_on", "决定日期", text_of(form, "decided_on")),
        deciders=checked.text("deciders", "决定的会议或者人员", text_of(form, "deciders")),
    )
    checked.done()
    return given


def trace_given(form: Form) -> tuple[str, date, str]:
    """Return key, day and paper of a trace; raise FormRefused."""
    checked = Checked()
    day = checked.day("day", "日期", text_of(form, "day"))
    document = checked.text("document", "文书和存放处", text_of(form, "document"))
    checked.done()
    return text_of(form, "trace"), day, document


def reason_given(form: Form) -> str:
    """Return why a matter is cancelled; raise FormRefused."""
    checked = Checked()
    reason = checked.text("reason", "理由", text_of(form, "reason"))
    checked.done()
    return reason


def _number(form: Form, name: str) -> int | None:
    text = text_of(form, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits of an integer column
