"""Walking a record through the chain with the real operations, as tests and the race workers do."""

from collections.abc import Sequence

from harness.bureau import SmallBureau
from webapp import clock
from webapp.policy import Actor
from webapp.reviews import operations, recording
from webapp.reviews.chain import Action, Decision
from webapp.reviews.kinds import KINDS
from webapp.reviews.reading import open_review, seats_of
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Record, Revision


def create(bureau: SmallBureau, by: Actor, kind: str, body: dict[str, object], code: str | None = None) -> int:
    """Make a record with its draft; return its id."""
    section = bureau.sections[KINDS[kind].describe(body).section]
    with bureau.database.writing() as session:
        return revisions.create_record(session, by, KINDS[kind], revisions.NewRecord(body, section, code)).id


def digest_of(bureau: SmallBureau, record: int) -> str:
    """Return the digest under review."""
    with bureau.database.reading() as session:
        review = open_review(session, record)
        assert review is not None
        return session.get_one(Revision, review.revision_id).digest


def stage_of(bureau: SmallBureau, record: int) -> str:
    """Return where a record stands."""
    with bureau.database.reading() as session:
        return session.get_one(Record, record).stage


def submit(bureau: SmallBureau, by: Actor, record: int) -> str:
    """Submit the draft as it stands."""
    with bureau.database.writing() as session:
        row = session.get_one(Record, record)
        version = session.get_one(Draft, record).version
        decision = Decision(Action.SUBMIT, seen_version=version)
        return operations.advance(session, by, KINDS[row.kind], record, decision).stage


def act(bureau: SmallBureau, by: Actor, record: int, action: Action, **given: object) -> str:
    """Take an act on what is under review."""
    digest = str(given.pop("seen_digest", "") or digest_of(bureau, record))
    outside = {key: given.pop(key) for key in ("problems", "attested", "reviewer", "request_key") if key in given}
    decision = Decision(action, seen_digest=digest, **given)  # type: ignore[arg-type] # tests give what fits
    with bureau.database.writing() as session:
        kind = KINDS[session.get_one(Record, record).kind]
        return operations.advance(session, by, kind, record, decision, **outside).stage  # type: ignore[arg-type] # as above


def approve(bureau: SmallBureau, by: Actor, record: int) -> str:
    """Approve the one seat the person has."""
    return act(bureau, by, record, Action.APPROVE)


def record_and_verify(
    bureau: SmallBureau,
    records: Sequence[int],
    *,
    document: str = "坛环纪〔2008〕1号",
    outcome: str = "approve",
) -> None:
    """Let the office record a result for these records and its second person verify it."""
    items = [
        recording.ItemResult(record, digest_of(bureau, record), outcome, "" if outcome == "approve" else "请修改")
        for record in records
    ]
    paper = recording.Paper(
        stage=stage_of(bureau, records[0]),
        document=document,
        decided_on=clock.today(),
        items=items,
    )
    with bureau.database.writing() as session:
        batch = recording.record_result(session, bureau.office, paper)
    with bureau.database.writing() as session:
        recording.verify_result(session, bureau.office2, batch.id)


def to_office_review(bureau: SmallBureau, record: int) -> None:
    """Submit and let the chief approve."""
    submit(bureau, bureau.clerk, record)
    approve(bureau, bureau.chief, record)


def to_bureau_decision(bureau: SmallBureau, record: int) -> None:
    """Pass the seats of the office's review too."""
    to_office_review(bureau, record)
    for by in (bureau.office, bureau.legal, bureau.publisher):
        approve(bureau, by, record)


def to_the_end(bureau: SmallBureau, record: int) -> None:
    """Pass everything."""
    to_bureau_decision(bureau, record)
    while open_seat_count(bureau, record):
        record_and_verify(bureau, [record])


def open_seat_count(bureau: SmallBureau, record: int) -> int:
    """Return how many seats of the record are open."""
    with bureau.database.reading() as session:
        review = open_review(session, record)
        return sum(seat.state == "open" for seat in seats_of(session, review)) if review else 0
