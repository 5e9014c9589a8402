"""The security log, as the auditor reads it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.journal.models import SecurityEvent
from webapp.pages.journal import MAX_FILTER, PAGE_SIZE, account_names

EVENT_WORDS = {
    "signed_in": "登录",
    "signed_out": "退出",
    "sign_in_refused": "登录被拒绝",
    "locked": "账号被锁定",
    "refused": "越权被拒绝",
    "read": "查阅不宜公开职权登记",
    "marked": "录入密级标志被拒绝",
}


@dataclass(frozen=True)
class EventRow:
    """One event of the security log."""

    id: int
    at: datetime
    kind: str
    who: str
    address: str
    detail: str
    late: bool


@dataclass(frozen=True)
class SecurityLogPage:
    """A page of the security log, newest first."""

    rows: tuple[EventRow, ...]
    kind: str
    kinds: tuple[tuple[str, str, int], ...]  # kind, its words and how often
    page: int
    pages: int
    total: int


def security_log_page(session: Session, *, kind: str = "", page: int = 1) -> SecurityLogPage:
    """Return events, all or of one kind. Four queries."""
    kind = kind.strip()[:MAX_FILTER]
    chosen = (SecurityEvent.kind == kind,) if kind else ()
    counts = session.execute(
        select(SecurityEvent.kind, func.count()).group_by(SecurityEvent.kind).order_by(SecurityEvent.kind),
    ).all()
    total = sum(count for name, count in counts if not kind or name == kind)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    events = session.scalars(
        select(SecurityEvent)
        .where(*chosen)
        .order_by(SecurityEvent.id.desc())
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE),
    ).all()
    names = account_names(session, {event.account for event in events})
    return SecurityLogPage(
        rows=tuple(
            EventRow(
                event.id,
                event.at,
                EVENT_WORDS.get(event.kind, event.kind),
                names.get(event.account or 0, "未知"),
                event.address,
                event.detail,
                event.kind in {"refused", "locked"},
            )
            for event in events
        ),
        kind=kind,
        kinds=tuple((name, EVENT_WORDS.get(name, name), count) for name, count in counts),
        page=page,
        pages=pages,
        total=total,
    )
