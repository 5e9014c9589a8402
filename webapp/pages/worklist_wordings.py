"""What proposed wordings bring to the worklist: answers a section owes, and refusals the office should read."""

from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.pages.worklist_papers import PaperTask
from webapp.policy import Actor, Role
from webapp.powers.fields import field
from webapp.reviews.models import Wording, WordingItem
from webapp.reviews.wording_stages import ANSWERABLE
from webapp.revisions.models import Record

SHOWN = 50
_LINE = 40
TOLD = timedelta(days=30)  # how long a refusal stands before the office


def read_wordings_to_answer(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the proposals the viewer's sections have not answered; one query or none."""
    if not viewer.own_sections:
        return []
    own = Record.section_id.in_(sorted(viewer.own_sections))
    waiting = (own, WordingItem.state == "open", Record.stage.in_(sorted(ANSWERABLE)))
    return _tasks(session, "待答复{}项", *waiting)


def read_refused_wordings(session: Session, viewer: Actor) -> list[PaperTask]:
    """Return the proposals lately declined by a section, for the office; one query or none."""
    if not viewer.has(Role.OFFICE):
        return []
    lately = WordingItem.at >= clock.now() - TOLD
    return _tasks(session, "科室不采纳{}项，理由已写明", WordingItem.state == "declined", lately)


def _tasks(session: Session, why: str, *conditions: ColumnElement[bool]) -> list[PaperTask]:
    rows = session.execute(
        select(Wording, func.count())
        .join(WordingItem, WordingItem.wording_id == Wording.id)
        .join(Record, Record.id == WordingItem.record_id)
        .where(*conditions)
        .group_by(Wording.id)
        .order_by(Wording.id)
        .limit(SHOWN),
    )
    return [
        PaperTask(
            address=f"/wordings/{wording.id}",
            kind="统一表述",
            code="",
            name=f"{field(wording.field).heading}：统一为“{_brief(wording.text)}”",
            section="",
            why=why.format(count),
            since=wording.at,
        )
        for wording, count in rows
    ]


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LINE else f"{line[:_LINE]}…"
