"""Running a clock: start, pause, resume, more time, meet, void. Parts of an act of whatever the clock runs for.

They write no journal entry: the operation that calls them does, and names the clock there. The due date is never typed;
it is computed by `due.due_at` from the rows kept here, so `recomputing` can find every difference.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock as time
from webapp.deadlines.due import Due, Extension, Limit, Span, due_at, first_instant_after
from webapp.deadlines.models import Clock, ClockChange, ClockExtension, ClockOverdue, ClockSegment, TimeLimitRule
from webapp.deadlines.reading import read_days
from webapp.deadlines.rules import BY_KEY, PAUSE_WORDS, limit_words
from webapp.policy import Actor
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.workdays import Calendar

_MARGIN = 120  # days beyond what is counted: the longest holidays in a row
_LONGER = {"month": 31, "year": 366}


def rule_of(session: Session, key: str) -> TimeLimitRule:
    """Return the newest version of a limit, loading it from its seed where none is kept yet; KeyError for no limit."""
    kept = session.scalars(
        select(TimeLimitRule).where(TimeLimitRule.key == key).order_by(TimeLimitRule.version.desc()).limit(1)
    ).one_or_none()
    if kept is not None:
        return kept
    seed = BY_KEY[key]
    rule = TimeLimitRule(
        key=seed.key,
        label=seed.label,
        n=seed.n,
        unit=seed.unit,
        start_event=seed.start,
        basis=seed.basis,
        kind=seed.kind,
        pauses=",".join(seed.pauses),
        ext_max_n=seed.ext_n,
        ext_max_times=seed.ext_times,
        rolls=seed.rolls,
        made_at=time.now(),
    )
    session.add(rule)
    session.flush()
    return rule


def start_clock(
    session: Session,
    by: Actor | None,
    *,
    rule: str,
    subject: tuple[str, int],
    started_on: date,
    section_id: int | None = None,
    n: int | None = None,
    unit: str | None = None,
    cycle: int = 1,
    is_confidential: bool = False,
) -> Clock:
    """Start a clock for a subject (kind, id) on the day of its event; `n`, `unit`: where another limit was set."""
    limit = rule_of(session, rule)
    running = Clock(
        rule_id=limit.id,
        rule_key=limit.key,
        subject_kind=subject[0],
        subject_id=subject[1],
        cycle=cycle,
        section_id=section_id,
        is_confidential=is_confidential,
        n=n or limit.n,
        unit=unit or limit.unit,
        started_on=started_on,
        entered_at=time.now(),
        due_on=started_on,
    )
    session.add(running)
    session.flush()
    _open_segment(session, by, running, "run", started_on)
    due = compute(session, running)
    running.due_on, running.is_provisional = due.day, due.is_provisional
    session.flush()
    return running


def clock_of(session: Session, rule: str, subject: tuple[str, int], cycle: int | None = None) -> Clock | None:
    """Return the clock of a subject under a rule: of a cycle, or of the newest. Who acts locks the subject."""
    query = select(Clock).where(
        Clock.rule_key == rule, Clock.subject_kind == subject[0], Clock.subject_id == subject[1]
    )
    if cycle is not None:
        query = query.where(Clock.cycle == cycle)
    return session.scalars(query.order_by(Clock.cycle.desc()).limit(1)).one_or_none()


def is_open(running: Clock) -> bool:
    """Say whether what the clock asks for is still to be done."""
    return running.state in {"running", "paused"} or (running.state == "breached" and running.met_at is None)


def pause(session: Session, by: Actor, running: Clock, *, since: date, reason: str, document: str) -> None:
    """Stop a clock from the day after `since` on: only for a reason its rule names, and with a document."""
    rule = session.get_one(TimeLimitRule, running.rule_id)
    if reason not in rule.pauses.split(",") or not reason:
        allowed = "、".join(PAUSE_WORDS.get(one, one) for one in rule.pauses.split(",") if one)
        raise RuleBroken(
            f"“{rule.label}”的时限只能因{allowed}暂停。" if allowed else f"“{rule.label}”的时限不能暂停。", "reason"
        )
    if not document.strip():
        raise RuleBroken("暂停计时须有文书，请填写文号或文书名称。", "document")
    if running.state != "running":
        raise Stale("时限没有在计时，不能暂停。请刷新页面查看。")
    opened = _open(session, running)
    if not opened.since <= since <= time.today():
        raise RuleBroken("暂停的日期应在计时开始之后、今日之前。", "since")
    opened.until = since
    session.flush()
    _open_segment(session, by, running, "pause", since, reason, document.strip())
    running.state = "paused"
    session.flush()


def resume(session: Session, by: Actor, running: Clock, *, on: date) -> None:
    """Let a clock run again after day `on`; its due date moves by the days that were paused."""
    if running.state != "paused":
        raise Stale("时限没有暂停，无需恢复。请刷新页面查看。")
    opened = _open(session, running)
    if not opened.since <= on <= time.today():
        raise RuleBroken("恢复的日期应在暂停之后、今日之前。", "on")
    opened.until = on
    session.flush()
    _open_segment(session, by, running, "run", on)
    running.state = "running"
    _change(session, by, running, "pause", PAUSE_WORDS.get(opened.reason, opened.reason))


def ask_extension(session: Session, by: Actor, running: Clock, *, n: int, reason: str) -> ClockExtension:
    """Ask for n more of the clock's unit: on or before its last day, within what the rule allows."""
    rule = session.get_one(TimeLimitRule, running.rule_id)
    if running.state != "running" or time.today() > running.due_on:
        raise Stale("时限已到或者没有在计时，不能申请延期：延期须在到期以前申请。")
    if not reason.strip():
        raise RuleBroken("请填写申请延期的理由。", "reason")
    _check_cap(session, rule, running, n)
    if session.scalar(
        select(ClockExtension.id).where(ClockExtension.clock_id == running.id, ClockExtension.state == "pending")
    ):
        raise Stale("已有一份延期申请待批，不能重复申请。")
    asked = ClockExtension(clock_id=running.id, n=n, reason=reason.strip(), asked_by=by.person, asked_at=time.now())
    session.add(asked)
    session.flush()
    return asked


def pending_extension(session: Session, running: Clock) -> ClockExtension | None:
    """Return the request that waits to be decided."""
    return session.scalars(
        select(ClockExtension).where(ClockExtension.clock_id == running.id, ClockExtension.state == "pending")
    ).one_or_none()


def decide_extension(
    session: Session, by: Actor, running: Clock, *, is_granted: bool, note: str = ""
) -> ClockExtension:
    """Grant or refuse what was asked; another person than asked. The old date stays in the change."""
    asked = pending_extension(session, running)
    if asked is None:
        raise Stale("没有待批的延期申请。请刷新页面查看。")
    if asked.asked_by == by.person:
        raise NotAllowed("延期由他人批准，申请人不能自批。")
    if not is_granted and not note.strip():
        raise RuleBroken("不同意延期的，请写明理由。", "note")
    if is_granted:
        _check_cap(session, session.get_one(TimeLimitRule, running.rule_id), running, asked.n)
    asked.state = "granted" if is_granted else "refused"
    asked.decided_by, asked.decided_at, asked.note = by.person, time.now(), note.strip()
    if is_granted:
        _change(session, by, running, "extension", asked.reason, asked.n, running.unit)
    session.flush()
    return asked


def grant(session: Session, by: Actor, running: Clock, *, n: int, reason: str) -> None:
    """Give n more of the clock's unit without being asked, as a checker may who sends something back."""
    if not reason.strip():
        raise RuleBroken("另给时限的，请写明理由。", "reason")
    if n <= 0:
        raise RuleBroken("另给的时限应为正整数。", "n")
    _change(session, by, running, "grant", reason.strip(), n, running.unit)


def meet(session: Session, running: Clock, *, on: date) -> None:
    """End a clock because what it asks for was done on a day; after its last day it stays breached."""
    if not is_open(running):
        raise Stale("时限已经了结。请刷新页面查看。")
    running.met_on, running.met_at = on, time.now()
    if on > running.due_on:
        note_overdue(session, running)
    else:
        running.state = "met"
    _close(session, running, on)


def void(session: Session, running: Clock, *, reason: str) -> None:
    """End a clock whose subject fell away."""
    running.state, running.void_reason = "void", reason
    _close(session, running, time.today())


def reopen(session: Session, by: Actor, running: Clock) -> None:
    """Let a met clock run on under its old limit, as when what was done is sent back; the limit does not restart."""
    if running.met_at is None or running.met_on is None:
        return
    last = session.scalars(
        select(ClockSegment).where(ClockSegment.clock_id == running.id).order_by(ClockSegment.id.desc()).limit(1)
    ).one()
    is_late = session.get(ClockOverdue, running.id) is not None
    running.state = "breached" if is_late else "running"
    running.met_on, running.met_at = None, None
    _open_segment(session, by, running, "run", last.until or running.started_on)


def note_overdue(session: Session, running: Clock) -> bool:
    """Keep that the limit passed, dated at the first moment after it; False where that is kept already."""
    running.state = "breached"
    if session.get(ClockOverdue, running.id) is not None:
        return False
    became = first_instant_after(running.due_on)
    session.add(ClockOverdue(clock_id=running.id, due_on=running.due_on, became_true_at=became, noted_at=time.now()))
    session.flush()
    return True


def compute(session: Session, running: Clock, calendar: Calendar | None = None) -> Due:
    """Return what the due date is by the rows kept: the pure function over limit, start, pauses and extensions."""
    pauses, extensions = read_spans(session, running), read_extensions(session, running)
    days = calendar or calendar_for(session, running, pauses, extensions)
    rule = session.get_one(TimeLimitRule, running.rule_id)
    return due_at(Limit(running.n, running.unit, rule.rolls), running.started_on, pauses, extensions, days)


def read_spans(session: Session, running: Clock) -> list[Span]:
    """Return the pauses of a clock in order."""
    rows = session.execute(
        select(ClockSegment.since, ClockSegment.until)
        .where(ClockSegment.clock_id == running.id, ClockSegment.kind == "pause")
        .order_by(ClockSegment.id)
    )
    return [Span(row.since, row.until) for row in rows]


def read_extensions(session: Session, running: Clock) -> list[Extension]:
    """Return the time that was added, in the order in which it was."""
    rows = session.execute(
        select(ClockChange.n, ClockChange.unit)
        .where(ClockChange.clock_id == running.id, ClockChange.cause.in_(["extension", "grant"]))
        .order_by(ClockChange.id)
    )
    return [Extension(row.n, row.unit) for row in rows]


def calendar_for(session: Session, running: Clock, pauses: Sequence[Span], extensions: Sequence[Extension]) -> Calendar:
    """Return the days of the calendar that a clock can need; one query."""
    counted = sum(
        n * _LONGER.get(unit, 3) for n, unit in [(running.n, running.unit), *((e.n, e.unit) for e in extensions)]
    )
    paused = sum(((span.until or span.since) - span.since).days for span in pauses)
    return read_days(session, running.started_on, running.started_on + timedelta(days=counted + paused + _MARGIN))


def locked_clock(session: Session, clock_id: int) -> Clock:
    """Return a clock to act on; raise NotFound."""
    found = session.get(Clock, clock_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def _check_cap(session: Session, rule: TimeLimitRule, running: Clock, n: int) -> None:
    used = [each.n for each in session.scalars(
        select(ClockChange).where(ClockChange.clock_id == running.id, ClockChange.cause == "extension")
    )]  # fmt: skip
    if n <= 0:
        raise RuleBroken("延期的数目应为正整数。", "n")
    if len(used) >= rule.ext_max_times:
        raise RuleBroken(
            f"“{rule.label}”最多延期{rule.ext_max_times}次，已用完。"
            if rule.ext_max_times
            else f"“{rule.label}”不能延期。",
            "n",
        )
    if sum(used) + n > rule.ext_max_n:
        raise RuleBroken(f"“{rule.label}”最多延期{limit_words(rule.ext_max_n, running.unit)}，请减少。", "n")


def _change(
    session: Session, by: Actor | None, running: Clock, cause: str, reason: str, n: int = 0, unit: str = ""
) -> None:
    old = running.due_on
    change = ClockChange(
        clock_id=running.id,
        cause=cause,
        n=n,
        unit=unit,
        old_due_on=old,
        new_due_on=old,
        reason=reason,
        approver_id=by.person if by else None,
        at=time.now(),
    )
    extensions = read_extensions(session, running)
    if n:
        extensions.append(Extension(n, unit))
    pauses = read_spans(session, running)
    rule = session.get_one(TimeLimitRule, running.rule_id)
    days = calendar_for(session, running, pauses, extensions)
    due = due_at(Limit(running.n, running.unit, rule.rolls), running.started_on, pauses, extensions, days)
    change.new_due_on = due.day
    running.due_on, running.is_provisional = due.day, due.is_provisional
    if running.state == "breached" and running.met_at is None and time.today() <= due.day:
        running.state = "running"  # more time was given; that the first limit passed stays written
    session.add(change)
    session.flush()


def _open(session: Session, running: Clock) -> ClockSegment:
    return session.scalars(
        select(ClockSegment).where(ClockSegment.clock_id == running.id, ClockSegment.until.is_(None))
    ).one()


def _open_segment(
    session: Session, by: Actor | None, running: Clock, kind: str, since: date, reason: str = "", document: str = ""
) -> None:
    session.add(
        ClockSegment(
            clock_id=running.id,
            kind=kind,
            since=since,
            reason=reason,
            document=document,
            entered_by=by.person if by else None,
            entered_at=time.now(),
        )
    )
    session.flush()


def _close(session: Session, running: Clock, on: date) -> None:
    opened = _open(session, running)
    opened.until = max(on, opened.since)
    session.flush()
