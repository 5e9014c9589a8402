"""Topics of training and who is covered by what. Pure.

The campaign holds a training of its own (`campaigns`, kind 培训); it counts for `CAMPAIGN_TOPIC`, for the clerks of the
sections that were there, so nothing is entered twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from webapp.rules import RuleBroken
from webapp.workdays import Calendar

TOPICS = (
    ("inventory", "职权清理与目录填报"),
    ("flow", "服务流程图编制"),
    ("openness", "公开范围与保密审查"),
    ("conduct", "执法程序与文书"),
    ("complaints", "投诉办理与保护来件人"),
    ("supervision", "监督检查与整改"),
)
TOPIC_WORDS = dict(TOPICS)
CAMPAIGN_TOPIC = "inventory"
CAMPAIGN_ROLE = "clerk"
# What may be written down of a person at a session: key, words, whether he was there, the result it leaves.
OUTCOMES = (
    ("", "未登记", False, ""),
    ("passed", "到课，合格", True, "passed"),
    ("failed", "到课，不合格", True, "failed"),
    ("absent", "缺席", False, ""),
)
OUTCOME_WORDS = {key: words for key, words, _, _ in OUTCOMES}
WAS_THERE = frozenset(key for key, _, there, _ in OUTCOMES if there)
_NO_DAYS = Calendar(())


@dataclass(frozen=True)
class Demand:
    """A requirement: who (a role, a section, or both; neither means everybody) must know a topic by when."""

    id: int
    topic: str
    role: str
    section: int | None
    before: date


@dataclass(frozen=True)
class Worker:
    """Somebody at work: his sections by post, his roles with their sections (None for the whole bureau)."""

    person: int
    sections: frozenset[int]
    roles: frozenset[tuple[str, int | None]]


@dataclass(frozen=True)
class Passed:
    """A result that stands: passed on a day, valid until (None: without end)."""

    person: int
    topic: str
    day: date
    until: date | None


def must(demand: Demand, worker: Worker) -> bool:
    """Say whether a requirement is somebody's."""
    if not demand.role:
        return demand.section is None or demand.section in worker.sections
    held = {section for role, section in worker.roles if role == demand.role}
    if demand.section is None or demand.section in held:
        return bool(held)
    return None in held and demand.section in worker.sections


def valid_until(day: date, months: int) -> date | None:
    """Return how long a result of a day is valid; 0 months means without end."""
    return _NO_DAYS.add(day, months, "month") if months else None


def covered(demand: Demand, workers: Iterable[Worker], passed: Iterable[Passed], today: date) -> dict[int, bool]:
    """Return for everybody who must whether he has: a result of the topic that is valid today."""
    has = {one.person for one in passed if one.topic == demand.topic and (one.until is None or one.until >= today)}
    return {worker.person: worker.person in has for worker in workers if must(demand, worker)}


def home_of(worker: Worker) -> int:
    """Return the section a person is counted in: of his post, else of his role; 0 for none."""
    own = worker.sections or frozenset(section for _, section in worker.roles if section is not None)
    return min(own, default=0)


def check_topic(topic: str) -> None:
    """Raise RuleBroken for a topic that is none."""
    if topic not in TOPIC_WORDS:
        raise RuleBroken("请选择培训内容。", "topic")
