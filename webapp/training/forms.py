"""What is typed about training and guidance, turned into values; a sentence for every field that cannot be."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from webapp.campaigns.forms import MAX_TEXT, Checked
from webapp.campaigns.rows import Form, text_of
from webapp.policy import Role
from webapp.powers.categories import OPTIONS
from webapp.powers.fields import FIELDS
from webapp.revisions.kinds import BodyProblem
from webapp.training.topics import OUTCOME_WORDS, TOPIC_WORDS

MAX_MONTHS = 120
FIELD_WORDS = {field.name: field.heading for field in FIELDS}
CATEGORY_WORDS = dict(OPTIONS)


@dataclass(frozen=True)
class SessionGiven:
    """A training as planned or held."""

    topic: str
    title: str
    planned_on: date
    held_on: date | None
    place: str
    teacher: str
    content: str
    months: int


@dataclass(frozen=True)
class RequirementGiven:
    """Who must know a topic by when."""

    topic: str
    role: str
    section: int | None
    before_on: date
    basis: str


@dataclass(frozen=True)
class AnswerGiven:
    """An answer with its scope."""

    answer: str
    category: str
    field: str


def plan_given(form: Form) -> tuple[int, str, str]:
    """Return year, basis and content of a plan; raise FormRefused."""
    checked = Checked()
    year = number_of(form, "year") or 0
    if not 1990 <= year <= 2100:  # noqa: PLR2004 - the years of the calendar
        checked.problems.append(BodyProblem("year", "年份请填写四位数字，如2008。"))
    basis = checked.text("basis", "依据", text_of(form, "basis"))
    content = checked.text("content", "安排", text_of(form, "content"), longest=MAX_TEXT, is_needed=False)
    checked.done()
    return year, basis, content


def session_given(form: Form) -> SessionGiven:
    """Return the training a form gives; raise FormRefused."""
    checked = Checked()
    months = text_of(form, "months") or "0"
    if not (months.isascii() and months.isdigit() and int(months[:4]) <= MAX_MONTHS):
        checked.problems.append(BodyProblem("months", f"有效期请填0至{MAX_MONTHS}个月，0表示长期有效。"))
        months = "0"
    given = SessionGiven(
        topic=_topic(checked, form),
        title=checked.text("title", "名称", text_of(form, "title")),
        planned_on=checked.day("planned_on", "计划日期", text_of(form, "planned_on")),
        held_on=checked.perhaps_day("held_on", "实际日期", text_of(form, "held_on")),
        place=checked.text("place", "地点", text_of(form, "place"), is_needed=False),
        teacher=checked.text("teacher", "讲授人", text_of(form, "teacher"), is_needed=False),
        content=checked.text("content", "培训记录", text_of(form, "content"), longest=MAX_TEXT, is_needed=False),
        months=int(months),
    )
    checked.done()
    return given


def attendance_given(form: Form, people: Collection[int]) -> dict[int, str]:
    """Return what is written down per person; those left open are left out."""
    checked, found = Checked(), {}
    for person in people:
        outcome = text_of(form, f"outcome-{person}")
        if outcome not in OUTCOME_WORDS:
            checked.problems.append(BodyProblem(f"outcome-{person}", "请选择到课情况。"))
        found[person] = outcome
    checked.done()
    return found


def requirement_given(form: Form) -> RequirementGiven:
    """Return the requirement a form gives; raise FormRefused."""
    checked, role = Checked(), text_of(form, "role")
    if role and role not in set(Role):
        checked.problems.append(BodyProblem("role", "请选择职责。"))
    given = RequirementGiven(
        topic=_topic(checked, form),
        role=role,
        section=number_of(form, "section"),
        before_on=checked.day("before_on", "期限", text_of(form, "before_on")),
        basis=checked.text("basis", "依据", text_of(form, "basis"), is_needed=False),
    )
    checked.done()
    return given


def question_given(form: Form) -> tuple[str, int | None]:
    """Return the question a form gives and the section it came from; raise FormRefused."""
    checked = Checked()
    question = checked.text("question", "问题", text_of(form, "question"), longest=2000)
    checked.done()
    return question, number_of(form, "section")


def answer_given(form: Form) -> AnswerGiven:
    """Return the answer a form gives; raise FormRefused."""
    checked = Checked()
    category, field = text_of(form, "category"), text_of(form, "field")
    if category and category not in CATEGORY_WORDS:
        checked.problems.append(BodyProblem("category", "请选择职权类别。"))
    if field and field not in FIELD_WORDS:
        checked.problems.append(BodyProblem("field", "请选择栏目。"))
    answer = checked.text("answer", "答复口径", text_of(form, "answer"), longest=2000)
    checked.done()
    return AnswerGiven(answer, category, field)


def reason_given(form: Form) -> str:
    """Return why an answer holds no longer; raise FormRefused."""
    checked = Checked()
    reason = checked.text("reason", "理由", text_of(form, "reason"))
    checked.done()
    return reason


def number_of(form: Form, name: str) -> int | None:
    """Return a number chosen in a form, None where there is none."""
    text = text_of(form, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - digits of an integer column


def _topic(checked: Checked, form: Form) -> str:
    topic = text_of(form, "topic")
    if topic not in TOPIC_WORDS:
        checked.problems.append(BodyProblem("topic", "请选择培训内容。"))
    return topic
