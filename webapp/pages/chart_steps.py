"""The steps of a power's charts by name, to say what an opinion is about."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.revisions.models import Record, Revision

MAX_STEPS = 60


def step_options(session: Session, numbers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the steps of charts as (words, words), from the revision submitted last; one query or none."""
    if not numbers:
        return ()
    rows = session.execute(
        select(Record.code, Revision.public)
        .join(Revision, Revision.record_id == Record.id)
        .where(Record.kind == "flow", Record.code.in_(list(numbers)))
        .order_by(Revision.number.desc()),
    )
    newest: dict[str, str] = {}
    for code, public in rows:
        newest.setdefault(code or "", public)
    told = [
        f"{number}环节{step['id']} {step['name']}"
        for number in numbers
        if number in newest
        for step in json.loads(newest[number])["steps"]
    ]
    return tuple((words, words) for words in told[:MAX_STEPS])
