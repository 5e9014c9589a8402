"""The supervision record and the blank checklist of an inspection, as stacks of paper for screen, Word and PDF."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person, Section
from webapp.accounts.reading import bureau
from webapp.digests import sha256_hex
from webapp.documents.paper import Stack
from webapp.inspections.models import Addendum, Checklist, SupervisionRecord
from webapp.inspections.reading import points_of, seen_inspection, team_of
from webapp.inspections.record_paper import blank_stack, record_stack
from webapp.inspections.recording import power_words
from webapp.inspections.stages import KIND_WORDS
from webapp.pages.inspections import PATH
from webapp.pages.paper_making import day_words
from webapp.policy import Actor
from webapp.rules import NotFound, RuleBroken


class RecordChanged(RuleBroken):
    """The stored record is not the one that was signed."""

    status = 503


@dataclass(frozen=True)
class InspectionPaperPage:
    """A paper on the screen, with its files."""

    stack: Stack
    address: str
    files: tuple[tuple[str, str], ...]


def inspection_paper_page(session: Session, inspection_id: int, name: str, *, viewer: Actor) -> InspectionPaperPage:
    """Return `record` or `blank` of an inspection; raise NotFound."""
    path = f"{PATH}/{inspection_id}"
    files = ((f"{path}/{name}.docx", "Word文档"), (f"{path}/{name}.pdf", "PDF"))
    return InspectionPaperPage(inspection_stack(session, inspection_id, name, viewer=viewer), path, files)


def inspection_stack(session: Session, inspection_id: int, name: str, *, viewer: Actor) -> Stack:
    """Return the stack itself; raise NotFound, RecordChanged where what is stored is not what was signed."""
    row = seen_inspection(session, inspection_id, viewer)
    if name == "record":
        record = session.get(SupervisionRecord, row.id)
        if record is None:
            raise NotFound
        if sha256_hex(record.content) != record.digest:
            raise RecordChanged("监督检查记录与签字时的校验码不符，已停止提供。请联系系统管理员从备份恢复。")
        addenda = session.execute(
            select(Addendum, Person.name)
            .join(Person, Person.id == Addendum.person_id)
            .where(Addendum.inspection_id == row.id)
            .order_by(Addendum.number),
        )
        told = [(each.number, each.content, person, clock.local_day(each.added_at)) for each, person in addenda]
        return record_stack(json.loads(record.content), record.digest, told)
    if name != "blank":
        raise NotFound
    own = bureau(session)
    checklist = session.get_one(Checklist, row.checklist_id)
    values = {
        "number": "签字后编号",
        "held_on": day_words(row.held_on),
        "section": session.get_one(Section, row.section_id).name,
        "method": row.method,
        "team": "、".join(person for _, person in team_of(session, row.id)),
        "kind": KIND_WORDS[row.kind],
        "power": power_words(session, row.record_id) or "科室整体",
        "checklist": f"{checklist.title}(第{checklist.number}版)",
    }
    return blank_stack(
        f"{checklist.title}表",
        values,
        points_of(session, row.content_digest),
        bureau=own.name if own else "",
        printed=day_words(clock.today()),
    )
