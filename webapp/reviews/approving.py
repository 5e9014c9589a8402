"""The end of a review: the revision may be in an edition, a power gets its code, a withheld power is marked."""

import json
import re
from datetime import date

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Bureau
from webapp.policy import Actor
from webapp.powers.categories import code_prefix
from webapp.reviews.chain import ENDS, STAGE_LABELS
from webapp.reviews.ending import withhold_power
from webapp.reviews.models import Approval, Batch, Review, ReviewStep, Seat
from webapp.revisions import faces
from webapp.revisions.kinds import Body, Kind
from webapp.revisions.models import DraftEditor, Record, Revision
from webapp.revisions.reading import revision_body


def approve_revision(session: Session, by: Actor, kind: Kind, record: Record, review: Review) -> Approval:
    """Close a review whose last stage is passed; the revision it ends with is approved."""
    revision = session.get_one(Revision, review.revision_id)
    lines = _lines(session, review, revision)
    review.is_open, review.closed_at, review.stage = False, clock.now(), ENDS[record.kind]
    approval = Approval(
        record_id=record.id,
        revision_id=revision.id,
        review_id=review.id,
        document=lines[-1]["document"] if lines else "",
        decided_on=date.fromisoformat(lines[-1]["date"]) if lines else clock.today(),
        lines=json.dumps(lines, ensure_ascii=False),
        approved_at=clock.now(),
    )
    session.add(approval)
    show_approved(session, by, kind, record, revision_body(kind, revision))
    return approval


def show_approved(session: Session, by: Actor, kind: Kind, record: Record, body: Body) -> None:
    """Let every list show a record as approved; give a power its code, mark a withheld power."""
    del by
    if record.kind == "power" and record.code is None:
        record.code = next_code(session, body["category"], body["details"].get("nature", ""))
    record.stage = ENDS[record.kind]
    record.entered_by, record.is_reopened = None, False
    session.execute(delete(DraftEditor).where(DraftEditor.record_id == record.id))
    session.flush()
    described = kind.describe(body)
    for face in ("review", "approved"):
        faces.put_face(session, record, face, described, record.stage)
    faces.show_stage(session, record, ("draft",))
    if record.kind == "withholding":
        withhold_power(session, record, body)


def next_code(session: Session, category: str, nature: str = "") -> str:
    """Return the next free code of a category (fees: by nature); codes are never reused, so gaps stay."""
    prefix = session.scalars(select(Bureau.code_prefix)).one()
    stem = f"{prefix}-{code_prefix(category, nature)}-"
    codes = session.scalars(select(Record.code).where(Record.kind == "power", Record.code.startswith(stem))).all()
    numbers = [int(found[1]) for code in codes if code and (found := re.fullmatch(r".*-(\d+)", code))]
    return f"{stem}{max(numbers, default=0) + 1:03d}"


def _lines(session: Session, review: Review, revision: Revision) -> list[dict[str, str]]:
    """Return what may be said in public of who approved: stage, post, date, document number."""
    rows = session.execute(
        select(ReviewStep, Batch)
        .outerjoin(Batch, Batch.id == ReviewStep.batch_id)
        .outerjoin(Seat, Seat.id == ReviewStep.seat_id)
        .where(
            or_(Seat.id.is_(None), Seat.state != "void"),  # a signature taken back approved nothing
            ReviewStep.review_id == review.id,
            ReviewStep.action.in_(["approve", "rule", "verify"]),
            ReviewStep.digest == revision.digest,
        )
        .order_by(ReviewStep.id),
    ).all()
    lines = []
    for step, batch in rows:
        if step.action == "verify" and (batch is None or step.to_stage):
            continue  # a verified return or deferral approves nothing
        lines.append(
            {
                "stage": STAGE_LABELS[step.stage],
                "post": step.behalf_of
                if batch is None
                else STAGE_LABELS[step.stage].removesuffix("审定").removesuffix("初审"),
                "date": (batch.decided_on if batch else clock.local_day(step.at)).isoformat(),
                "document": batch.document if batch else "",
            },
        )
    return lines
