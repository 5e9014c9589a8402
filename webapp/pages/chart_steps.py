"""The steps of a power's charts by name, to say what an opinion is about."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.flows.kind import FLOW
from webapp.revisions.models import Record, Revision
from webapp.revisions.reading import revision_body

MAX_STEPS = 60


def step_options(session: Session, numbers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the steps of charts as (words, words), from the revision submitted last; one query or none.

    The steps of an internal chart stand in its internal part only; who signs the power is of the bureau and reads them.
    """
    if not numbers:
        return ()
    rows = session.execute(
        select(Record.code, Revision)
        .join(Revision, Revision.record_id == Record.id)
        .where(Record.kind == FLOW.key, Record.code.in_(list(numbers)))
        .order_by(Revision.number.desc()),
    )
    newest: dict[str, Revision] = {}
    for code, revision in rows:
        newest.setdefault(code or "", revision)
    told = [
        f"{number}环节{step['id']} {step['name']}"
        for number in numbers
        if number in newest
        for step in revision_body(FLOW, newest[number])["steps"]
    ]
    return tuple((words, words) for words in told[:MAX_STEPS])
