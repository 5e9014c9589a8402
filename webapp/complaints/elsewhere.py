"""What lives in other systems, and reports about discipline that are passed on: numbers, dates, to whom; no content."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.complaints.forms import ElsewhereGiven
from webapp.complaints.models import ComplaintElsewhere, DisciplineTransfer
from webapp.complaints.reading import elsewhere_visible_to
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.revisions.models import Record
from webapp.rules import NotAllowed, NotFound, RuleBroken


def note_elsewhere(session: Session, by: Actor, given: ElsewhereGiven) -> ComplaintElsewhere:
    """Note a matter of 12345, 12369 or 信访 by its number and the power concerned."""
    _require(by)
    if given.received_on > clock.today():
        raise RuleBroken("日期在今天之后，请核对。", "received_on")
    if given.power is not None and session.get(Record, given.power) is None:
        raise RuleBroken("没有所选的职权，请重新选择。", "power")
    same = (ComplaintElsewhere.system == given.system, ComplaintElsewhere.reference == given.reference)
    if session.scalar(select(ComplaintElsewhere.id).where(*same)) is not None:
        raise RuleBroken("该编号已经登记过，请在列表中查找。", "reference")
    noted = ComplaintElsewhere(
        system=given.system,
        reference=given.reference,
        received_on=given.received_on,
        power_id=given.power,
        entered_by=by.person,
        entered_at=clock.now(),
    )
    session.add(noted)
    session.flush()
    facts = {"content": digest([given.system, given.reference])}
    journal.write(session, by, "note_elsewhere", f"elsewhere:{noted.id}", facts)
    return noted


def note_result(session: Session, by: Actor, noted_id: int, *, result: str, day: date) -> ComplaintElsewhere:
    """Note the result of a matter of another system, once."""
    _require(by)
    asked = select(ComplaintElsewhere).where(ComplaintElsewhere.id == noted_id, elsewhere_visible_to(by))
    noted = session.scalars(asked.with_for_update()).one_or_none()
    if noted is None:
        raise NotFound
    if noted.result:
        raise RuleBroken("结果已经登记，不能重复登记。")
    if not noted.received_on <= day <= clock.today():
        raise RuleBroken("办结日期应在收到日期之后、今天之前，请核对。", "result_on")
    noted.result, noted.result_on = result, day
    journal.write(session, by, "note_elsewhere_result", f"elsewhere:{noted.id}", {"result": digest(result)})
    return noted


def note_discipline(session: Session, by: Actor, received_on: date, transferred_on: date, body: str) -> None:
    """Note that a report about a cadre's discipline was passed on: when it came, when it went, to whom.

    Nothing else may be kept here (practice.md, "What may not be in such a system").
    """
    if not by.may(Permission.TAKE_COMPLAINTS):
        raise NotAllowed("由接收信函的人员登记转送。")
    if transferred_on > clock.today():
        raise RuleBroken("日期在今天之后，请核对。", "transferred_on")
    noted = DisciplineTransfer(
        received_on=received_on,
        transferred_on=transferred_on,
        body=body,
        entered_by=by.person,
        entered_at=clock.now(),
    )
    session.add(noted)
    session.flush()
    journal.write(session, by, "note_discipline", f"discipline:{noted.id}", {"content": digest(body)})


def _require(by: Actor) -> None:
    if not by.may(Permission.HANDLE_ELSEWHERE):
        raise NotAllowed("其他系统的来件由领导小组办公室登记。")
