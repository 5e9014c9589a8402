"""The limits that run for a complaint: telling, answering, 复查, 复核; each a clock of its own with its own basis.

Clocks of complaints are confidential: they have no page of their own and stand only on the complaint's.
"""

from datetime import date

from sqlalchemy.orm import Session

from webapp import clock
from webapp.complaints.models import Complaint
from webapp.complaints.stages import Event
from webapp.deadlines import clocks
from webapp.policy import Actor

TELL, FINISH, ANSWER = "petition.tell", "petition.finish", "opinion.answer"
REVIEWS = {1: "petition.review_answer", 2: "petition.final_answer"}
SUBJECT = "complaint"
# Complaints and reports run under the rules of petitions; questions, proposals and corrections under the house's own.
PETITIONS = frozenset({"complaint", "report"})
_GOES_ELSEWHERE = frozenset({Event.REFUSE, Event.TRANSFER, Event.MERGE})


def start_with_intake(session: Session, by: Actor, complaint: Complaint) -> None:
    """Start what runs from the day on which something came in."""
    _start(session, by, complaint, TELL if complaint.kind in PETITIONS else ANSWER, complaint.received_on)


def keep_time(session: Session, by: Actor, complaint: Complaint, event: Event, day: date | None, document: str) -> None:
    """Start, stop, end what an act starts, stops, ends; `day` is the day of the event where it was told."""
    on = day or clock.today()
    is_petition = complaint.kind in PETITIONS
    if event is Event.ACCEPT or event in _GOES_ELSEWHERE:
        _meet(session, complaint, TELL, on)
    if event is Event.ACCEPT and is_petition:
        _start(session, by, complaint, FINISH, on)
    elif event in _GOES_ELSEWHERE:
        _void(session, complaint, "已转送、并案或者不予受理")
    elif event is Event.REOPEN:
        _start(session, by, complaint, FINISH if is_petition else ANSWER, on)
    elif event is Event.REPLY:
        _meet(session, complaint, FINISH if is_petition else ANSWER, on)
    elif event is Event.REQUEST_REVIEW:
        _start(session, by, complaint, REVIEWS[complaint.reviews], on)
    elif event in {Event.UPHOLD, Event.REVISE}:
        _meet(session, complaint, REVIEWS[complaint.reviews], on)
    elif event in {Event.ASK, Event.ANSWERED}:
        _wait(session, by, complaint, event, document)


def _wait(session: Session, by: Actor, complaint: Complaint, event: Event, document: str) -> None:
    """Stop the limit while the complainant is asked in writing; without a document it runs on (I7)."""
    running = clocks.clock_of(session, FINISH, (SUBJECT, complaint.id), complaint.cycle)
    if running is None:
        return
    if event is Event.ASK and document and running.state == "running":
        clocks.pause(session, by, running, since=clock.today(), reason="awaiting", document=document)
    elif event is Event.ANSWERED and running.state == "paused":
        clocks.resume(session, by, running, on=clock.today())


def _start(session: Session, by: Actor, complaint: Complaint, rule: str, on: date) -> None:
    if clocks.clock_of(session, rule, (SUBJECT, complaint.id), complaint.cycle) is not None:
        return  # an answer that was revised and given anew in the same turn runs under no second limit
    clocks.start_clock(
        session,
        by,
        rule=rule,
        subject=(SUBJECT, complaint.id),
        started_on=on,
        cycle=complaint.cycle,
        is_confidential=True,
    )


def _meet(session: Session, complaint: Complaint, rule: str, on: date) -> None:
    running = clocks.clock_of(session, rule, (SUBJECT, complaint.id), complaint.cycle)
    if running is not None and clocks.is_open(running):
        clocks.meet(session, running, on=on)


def _void(session: Session, complaint: Complaint, reason: str) -> None:
    for rule in (FINISH, ANSWER):
        running = clocks.clock_of(session, rule, (SUBJECT, complaint.id), complaint.cycle)
        if running is not None and clocks.is_open(running):
            clocks.void(session, running, reason=reason)
