"""The catalogue as a person sees it, in the contract's shape: for `export catalogue` and the pages that hand it out.

What somebody may see is one face of each record (`revisions.reading.visible_to`): the own section its draft, everybody
else the last submitted or approved revision. Only reads; a bounded number of queries per 500 records.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.flows.tables import STEP_HEADINGS, step_rows
from webapp.policy import Actor, Permission
from webapp.powers.fields import catalogue_line
from webapp.powers.tables import headings, row_of
from webapp.reviews.chain import ENDS
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Approval, Review
from webapp.revisions.models import Draft, Listing, Revision
from webapp.revisions.reading import revision_body, visible_to
from webapp.rules import NotAllowed

ORDER = ("flow", "power", "withholding")
_PART = 500

FORMATS = ("jsonl", "csv", "xlsx")

Line = dict[str, Any]


def exported(session: Session, by: Actor, kinds: Sequence[str] = ORDER, *, as_typed: bool = True) -> Iterator[Line]:
    """Yield the records a person may see as lines of catalogue.jsonl: flows, powers, withholdings, each by its code.

    Records without a code come last of their kind, by name. `as_typed` keeps the order of keys in which a body came in,
    for which its draft is read beside its revision. Raises NotAllowed without the right to export.
    """
    if not by.may(Permission.EXPORT_CATALOGUE):
        raise NotAllowed("您没有导出职权目录的权限。")
    for key in (key for key in ORDER if key in kinds):
        if key == "withholding" and not by.may(Permission.SEE_WITHHOLDINGS):
            continue
        rows = session.execute(
            select(Listing.record_id, Listing.face, Listing.stage, Listing.code)
            .where(Listing.kind == key, visible_to(by))
            .order_by(Listing.sort_key, Listing.record_id),
        ).all()
        for start in range(0, len(rows), _PART):
            part = rows[start : start + _PART]
            bodies = _bodies(session, key, [(row.record_id, row.face, row.stage) for row in part], as_typed=as_typed)
            for row in part:
                body = bodies[row.record_id]
                yield catalogue_line(row.code, body) if key == "power" else body


def catalogue_file(session: Session, by: Actor, form: str) -> bytes:
    """Return the catalogue as a person sees it, as a file. Raises NotAllowed without the right to export.

    .jsonl holds everything, .csv the powers, .xlsx the powers and the steps of the charts.
    """
    if form == "jsonl":
        return "".join(f"{line_text(line)}\n" for line in exported(session, by)).encode()
    powers = (row_of(line["code"], line) for line in exported(session, by, ("power",), as_typed=False))
    if form == "csv":
        return write_csv(chain([headings()], powers))
    steps = (row for line in exported(session, by, ("flow",), as_typed=False) for row in step_rows(line))
    return write_xlsx(
        [
            Sheet("职权目录", headings(), powers, widths=(16, 18, 32, 24)),
            Sheet("流程图环节", STEP_HEADINGS, steps, widths=(14, 24, 12, 8, 28, 12)),
        ],
    )


def line_text(line: Line) -> str:
    """Return a line as it stands in catalogue.jsonl, without its line feed."""
    return json.dumps(line, ensure_ascii=False)


def _bodies(session: Session, key: str, wanted: Sequence[tuple[int, str, str]], *, as_typed: bool) -> dict[int, Line]:
    """Return the body each record shows in the face it is seen in."""
    approved = [record for record, face, stage in wanted if face != "draft" and stage == ENDS[key]]
    in_review = [record for record, face, stage in wanted if face != "draft" and stage != ENDS[key]]
    newest = (
        select(func.max(Approval.id)).where(Approval.record_id.in_(approved)).group_by(Approval.record_id)
    ).scalar_subquery()
    revisions = [
        *session.scalars(
            select(Revision).join(Approval, Approval.revision_id == Revision.id).where(Approval.id.in_(newest)),
        ),
        *session.scalars(
            select(Revision)
            .join(Review, Review.revision_id == Revision.id)
            .where(Review.record_id.in_(in_review), Review.is_open),
        ),
    ]
    frozen = {revision.record_id: revision_body(KINDS[key], revision) for revision in revisions}
    typed = [record for record, _, _ in wanted if as_typed or record not in frozen]
    texts = session.execute(select(Draft.record_id, Draft.body).where(Draft.record_id.in_(typed)))
    drafts: dict[int, Line] = {record: json.loads(body) for record, body in texts}
    # Where the draft says the same, it is told in the order of keys in which it came in.
    return {**frozen, **{record: body for record, body in drafts.items() if frozen.get(record, body) == body}}
