"""Contending processes: several workers of an installation do something to the same record at the same instant."""

import json
import multiprocessing
from collections.abc import Callable, Sequence
from threading import Thread
from typing import TYPE_CHECKING

from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau
from webapp.db import Database
from webapp.reviews.chain import Action
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Review, ReviewStep
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Revision
from webapp.rules import RuleBroken

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

PATIENCE = 60  # seconds a contender waits for the others


def contend(
    url: str, records: Sequence[int], contenders: Sequence[tuple[str, str]], *, threads: int = 1
) -> list[list[str]]:
    """Let each contender (username, deed) act on each record together with the others, in processes of their own.

    Returns per record what came out: `done` or the name of the refusal. Any other error fails.
    """
    context = multiprocessing.get_context("spawn")
    barrier, outcomes = context.Barrier(len(contenders) * threads), context.Queue()
    sections: dict[str, int] = {}
    workers = [
        context.Process(target=_work, args=(url, list(records), name, deed, threads, barrier, outcomes, sections))
        for name, deed in contenders
    ]
    for worker in workers:
        worker.start()
    found: dict[int, list[str]] = {record: [] for record in records}
    for _ in range(len(contenders) * threads * len(records)):
        record, outcome = outcomes.get(timeout=PATIENCE)
        found[record].append(outcome)
    for worker in workers:
        worker.join(timeout=PATIENCE)
        assert worker.exitcode == 0
    return list(found.values())


def _work(
    url: str,
    records: list[int],
    username: str,
    deed: str,
    threads: int,
    barrier: "Barrier",
    outcomes: "Queue[tuple[int, str]]",
    sections: dict[str, int],
) -> None:
    bureau = SmallBureau(Database(url), sections)
    hands = [Thread(target=_hand, args=(bureau, records, username, deed, barrier, outcomes)) for _ in range(threads)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    bureau.database.close()


def _hand(
    bureau: SmallBureau,
    records: list[int],
    username: str,
    deed: str,
    barrier: "Barrier",
    outcomes: "Queue[tuple[int, str]]",
) -> None:
    by = getattr(bureau, username)
    for record in records:
        seen = walk.digest_of(bureau, record)
        barrier.wait(PATIENCE)
        try:
            _DEEDS[deed](bureau, by, record, seen)
            outcome = "done"
        except RuleBroken as error:
            outcome = type(error).__name__
        except Exception as error:  # noqa: BLE001 - told to the test, which fails on it
            outcome = f"{type(error).__name__}: {error}"
        outcomes.put((record, outcome))
        barrier.wait(PATIENCE)


def _approve(bureau: SmallBureau, by: object, record: int, seen: str) -> None:
    walk.act(bureau, by, record, Action.APPROVE, seen_digest=seen)  # type: ignore[arg-type] # an actor


def _return(bureau: SmallBureau, by: object, record: int, seen: str) -> None:
    walk.act(bureau, by, record, Action.RETURN, seen_digest=seen, note="退回")  # type: ignore[arg-type] # an actor


def _recall(bureau: SmallBureau, by: object, record: int, seen: str) -> None:
    walk.act(bureau, by, record, Action.RECALL, seen_digest=seen)  # type: ignore[arg-type] # an actor


def _edit(bureau: SmallBureau, by: object, record: int, seen: str) -> None:
    """Take the submission back, change it and submit it again, as a clerk in a hurry does."""
    _recall(bureau, by, record, seen)
    with bureau.database.writing() as session:
        draft = session.get_one(Draft, record)
        body = {**json.loads(draft.body), "rules": f"改于{draft.version}"}
        revisions.save_draft(session, by, KINDS["power"], record, body, seen_version=draft.version)  # type: ignore[arg-type] # an actor
    walk.submit(bureau, by, record)  # type: ignore[arg-type] # an actor


_DEEDS: dict[str, Callable[[SmallBureau, object, int, str], None]] = {
    "approve": _approve,
    "return": _return,
    "recall": _recall,
    "edit": _edit,
}


def history_of(bureau: SmallBureau, record: int) -> tuple[str, list[tuple[str, str]], str]:
    """Return the digest under review, every act with the digest it was about, and the stage."""
    with bureau.database.reading() as session:
        review = session.scalars(select(Review).where(Review.record_id == record).order_by(Review.id.desc())).first()
        assert review is not None
        steps = session.execute(
            select(ReviewStep.action, ReviewStep.digest)
            .where(ReviewStep.review_id == review.id)
            .order_by(ReviewStep.id),
        ).all()
        digest = session.get_one(Revision, review.revision_id).digest
    return digest, [(step.action, step.digest) for step in steps], walk.stage_of(bureau, record)
