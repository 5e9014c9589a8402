"""The frame of a chart (图框): number, who handles it, hours and telephones, limits, version, day of the decision.

Hours and telephones stand in the directory and limits in the entries; a chart of many powers says what they share.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.flows.agreeing import BUREAU_HEADS
from webapp.flows.words import limit_words
from webapp.pages.entry import Contacts, read_contacts
from webapp.pages.flow_powers import ServedPowers
from webapp.reviews.models import Approval
from webapp.revisions.kinds import Body
from webapp.revisions.models import Revision

_FEW = 2  # different values that are written out
_LIMITS = (("法定时限", "statutory_limit"), ("承诺时限", "promised_limit"))
_CONTACTS = (("咨询电话、办公时间", "contact"), ("监督电话", "supervision_contact"))


@dataclass(frozen=True)
class FrameRow:
    """A line of the frame; `name` is for the page's anchors."""

    name: str
    label: str
    value: str


def chart_frame(
    session: Session,
    body: Body,
    served: ServedPowers,
    *,
    version: str,
    approved: Revision | None,
) -> tuple[FrameRow, ...]:
    """Return the frame; two queries."""
    contacts = read_contacts(session)
    decided = (
        session.scalar(select(Approval.decided_on).where(Approval.revision_id == approved.id)) if approved else None
    )
    sections = dict.fromkeys(s["section"] for s in body["steps"] if s["section"] not in {"", BUREAU_HEADS})
    rows = [
        ("frame-number", "图号", str(body["number"])),
        ("frame-sections", "承办机构", "、".join(sections)),
        *((f"frame-{name}", label, _shared(served.bodies, name, _contact(contacts))) for label, name in _CONTACTS),
        *((f"frame-{name}", label, _shared(served.bodies, name, _limit)) for label, name in _LIMITS),
        ("frame-total", "总时限", limit_words(body["total_limit"]) if body["total_limit"] else ""),
        ("frame-version", "版本", version),
        ("frame-decided", "审定日期", f"{decided.year}年{decided.month}月{decided.day}日" if decided else ""),
    ]
    return tuple(FrameRow(name, label, value or "—") for name, label, value in rows)


def _shared(powers: Sequence[Body], name: str, words: Callable[[Any], str]) -> str:
    """Return what the entries of the powers say under a name: each once, or that they differ."""
    said = [text for text in dict.fromkeys(words(power[name]) for power in powers if power[name]) if text]
    if len(said) <= _FEW:
        return "；".join(said)
    return f"各职权条目分别写明，共{len(said)}种"


def _limit(limit: Any) -> str:  # noqa: ANN401 - JSON
    return limit_words(limit)


def _contact(contacts: Contacts) -> Callable[[Any], str]:
    def words(key: Any) -> str:  # noqa: ANN401 - JSON
        found = contacts.get(str(key)) or {}
        return "，".join(str(found[part]) for part in ("phone", "hours") if found.get(part))

    return words
