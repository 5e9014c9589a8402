"""What a supervision record holds: the inspection as it was signed, as a document of plain values."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person, Section
from webapp.accounts.reading import bureau
from webapp.files.models import File
from webapp.inspections.models import Checklist, Inspection, InspectionEvidence
from webapp.inspections.points import ANSWER_WORDS
from webapp.inspections.reading import answers_of, points_of, signatures_of, team_of
from webapp.inspections.stages import COMMENT_WORDS, KIND_WORDS
from webapp.revisions.models import Listing, Record


def record_content(session: Session, inspection: Inspection) -> dict[str, Any]:
    """Return everything a record shows, by value: names as they are today, files by digest; about ten queries."""
    own = bureau(session)
    checklist = session.get_one(Checklist, inspection.checklist_id)
    answers = answers_of(session, inspection.id)
    proofs: dict[str, list[dict[str, str]]] = {}
    for key, name, sha256 in session.execute(
        select(InspectionEvidence.item_key, InspectionEvidence.name, File.sha256)
        .join(File, File.id == InspectionEvidence.file_id)
        .where(InspectionEvidence.inspection_id == inspection.id, InspectionEvidence.removed_at.is_(None))
        .order_by(InspectionEvidence.id),
    ):
        proofs.setdefault(key, []).append({"name": name, "sha256": sha256})
    sections = [
        {
            "title": section.title,
            "points": [
                {
                    "key": point.key,
                    "text": point.text,
                    "basis": point.basis,
                    "answer": ANSWER_WORDS[answers[point.key].value] if point.key in answers else "",
                    "note": answers[point.key].note if point.key in answers else "",
                    "is_finding": point.key in answers and answers[point.key].value in point.finding_on,
                    "proofs": proofs.get(point.key, []),
                }
                for point in section.points
            ],
        }
        for section in points_of(session, inspection.content_digest)
    ]
    commenter = session.get(Person, inspection.comment_by) if inspection.comment_by else None
    return {
        "bureau": own.name if own else "",
        "year": inspection.year,
        "number": inspection.number,
        "kind": KIND_WORDS[inspection.kind],
        "method": inspection.method,
        "section": session.get_one(Section, inspection.section_id).name,
        "power": power_words(session, inspection.record_id),
        "checklist": f"{checklist.title}(第{checklist.number}版)",
        "content_digest": inspection.content_digest,
        "held_on": inspection.held_on.isoformat(),
        "recorded_on": clock.local_day(inspection.made_at).isoformat(),
        "is_late_entry": inspection.is_late_entry,
        "team": [name for _, name in team_of(session, inspection.id)],
        "sections": sections,
        "proofs": proofs.get("", []),
        "comment": {
            "kind": COMMENT_WORDS.get(inspection.comment_kind, ""),
            "text": inspection.comment,
            "by": commenter.name if commenter else "",
            "on": clock.local_day(inspection.comment_at).isoformat() if inspection.comment_at else "",
        },
        "signatures": [
            {
                "kind": row.kind,
                "name": name,
                "witness": row.witness,
                "note": row.note,
                "on": clock.local_day(row.signed_at).isoformat(),
            }
            for row, name in signatures_of(session, inspection.id)
        ],
    }


def power_words(session: Session, record_id: int | None) -> str:
    """Return a power's code and name, "" for none; its approved name where there is one."""
    if record_id is None:
        return ""
    record = session.get_one(Record, record_id)
    names = dict(session.execute(select(Listing.face, Listing.name).where(Listing.record_id == record_id)).all())
    name = names.get("approved") or names.get("review") or ""
    return f"{record.code or '未编码'} {name}".strip()
