"""What inspectors enter while they inspect: answers one by one, photographs and other proof."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.characters import character_sentence
from webapp.digests import digest
from webapp.files.operations import store_file
from webapp.files.storing import Kept
from webapp.inspections.models import Inspection, InspectionAnswer, InspectionEvidence
from webapp.inspections.points import Point, all_points, seen_mark
from webapp.inspections.reading import points_of, relations_of, seen_inspection, team_of
from webapp.inspections.stages import Relation
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.scan import secrecy_sentence

MAX_NOTE = 2000
MAX_EVIDENCE = 200  # files of one inspection


@dataclass(frozen=True)
class Given:
    """An answer as typed; `seen` is what stood on the screen before (`seen_mark`), None where the form had none."""

    value: str
    note: str = ""
    seen: str | None = None


def save_answers(session: Session, inspection_id: int, given: Mapping[str, Given], *, by: Actor) -> int:
    """Keep the answers that differ from what stands; return how many. One journal entry if any.

    The same answer again changes nothing. Raises Stale where somebody else has answered the point meanwhile.
    """
    inspection, points = _open(session, inspection_id, by)
    rows = {
        row.item_key: row
        for row in session.scalars(select(InspectionAnswer).where(InspectionAnswer.inspection_id == inspection.id))
    }
    changed: dict[str, str] = {}
    for key, answer in given.items():
        point = points.get(key)
        if point is None:
            raise NotFound
        _check(point, answer)
        row = rows.get(key)
        value, note = answer.value, answer.note.strip().replace("\r\n", "\n")
        if row is not None and (row.value, row.note) == (value, note):
            continue
        standing = seen_mark(row.value, row.note) if row else seen_mark("", "")
        if answer.seen is not None and answer.seen != standing:
            raise Stale(f"{key}刚刚由另一位检查人填写，您的内容仍在本页，没有保存。请刷新后核对。")
        if row is None:
            row = InspectionAnswer(inspection_id=inspection.id, item_key=key)
            session.add(row)
        row.value, row.note, row.answered_by, row.answered_at = value, note, by.person, clock.now()
        changed[key] = digest([value, note])
    if changed:
        session.flush()
        journal.write(session, by, "answer_points", f"inspection:{inspection.id}", {"answers": changed})
    return len(changed)


def add_evidence(
    session: Session, inspection_id: int, files: Sequence[tuple[str, Kept]], *, by: Actor
) -> list[InspectionEvidence]:
    """Attach kept files, each to a point by its key ("" for the whole); the same file twice at a point is one.

    One journal entry. The scan of a paper and what turns up later may still be added until the record is signed.
    """
    inspection, points = _open(session, inspection_id, by, until_signed=True)
    standing = list(
        session.scalars(
            select(InspectionEvidence).where(
                InspectionEvidence.inspection_id == inspection.id, InspectionEvidence.removed_at.is_(None)
            ),
        ),
    )
    if len(standing) + len(files) > MAX_EVIDENCE:
        raise RuleBroken(f"一次检查最多附{MAX_EVIDENCE}个文件，请删去重复的照片后再传。", "file")
    added: list[InspectionEvidence] = []
    for key, kept in files:
        if key and (key not in points or inspection.state != "in_progress"):
            raise Stale("检查已经完毕，各检查点不能再附证据；需要补充的请附在整份记录上。")
        file = store_file(session, by, kept)
        if any(row.file_id == file.id and row.item_key == key for row in (*standing, *added)):
            continue
        added.append(
            InspectionEvidence(
                inspection_id=inspection.id,
                item_key=key,
                file_id=file.id,
                name=kept.name,
                added_by=by.person,
                added_at=clock.now(),
            ),
        )
    if added:
        session.add_all(added)
        session.flush()
        facts = {"files": [kept.sha256 for _, kept in files], "points": [row.item_key for row in added]}
        journal.write(session, by, "add_evidence", f"inspection:{inspection.id}", facts)
    return added


def remove_evidence(session: Session, inspection_id: int, evidence_id: int, *, by: Actor) -> None:
    """Take a proof out while the inspection is under way; the row stays with its moment. One journal entry."""
    inspection, _ = _open(session, inspection_id, by)
    row = session.get(InspectionEvidence, evidence_id)
    if row is None or row.inspection_id != inspection.id:
        raise NotFound
    if row.removed_at is None:
        row.removed_at = clock.now()
        journal.write(session, by, "remove_evidence", f"inspection:{inspection.id}", {"evidence": row.id})


def _open(
    session: Session, inspection_id: int, by: Actor, *, until_signed: bool = False
) -> tuple[Inspection, dict[str, Point]]:
    seen_inspection(session, inspection_id, by)
    inspection = session.scalars(select(Inspection).where(Inspection.id == inspection_id).with_for_update()).one()
    team = [person for person, _ in team_of(session, inspection.id)]
    if Relation.MEMBER not in relations_of(inspection, by, team):
        raise NotAllowed("检查结果由本次检查的检查人填写。")
    states = {"in_progress", "drafted", "in_comment", "commented"} if until_signed else {"in_progress"}
    if inspection.state not in states:
        raise Stale("这次检查不在检查中，不能填写。请刷新页面查看现在的状态。")
    return inspection, {point.key: point for point in all_points(points_of(session, inspection.content_digest))}


def _check(point: Point, answer: Given) -> None:
    if answer.value not in point.answers:
        raise RuleBroken(f"{point.key}请在所列结果中选择一项。", f"value-{point.key}")
    if len(answer.note) > MAX_NOTE:
        raise RuleBroken(f"{point.key}的说明过长，请控制在{MAX_NOTE}字以内。", f"note-{point.key}")
    if sentence := character_sentence(answer.note) or secrecy_sentence(answer.note):
        raise RuleBroken(sentence, f"note-{point.key}")
