"""Changes of the directory that wait for a second person, and its versions with who changed what and when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person
from webapp.directory.models import DirectoryChange, DirectoryVersion
from webapp.directory.reading import current_directory
from webapp.pages.directory_contact import ChangeRow, read_changes
from webapp.pages.finding import PAGE_SIZE, page_count
from webapp.policy import Actor


@dataclass(frozen=True)
class DirectoryChangesPage:
    """What waits; `mine` cannot be approved by their own proposer."""

    others: tuple[ChangeRow, ...]
    mine: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class VersionRow:
    """A version: who approved it, and which contacts changed for which reason."""

    number: int
    at: datetime
    who: str
    digest: str
    changes: tuple[tuple[str, str, str], ...]  # key, proposed by, reason


@dataclass(frozen=True)
class DirectoryVersionsPage:
    """The versions, the newest first."""

    rows: tuple[VersionRow, ...]
    total: int
    page: int
    pages: int


def directory_changes_page(session: Session, *, viewer: Actor) -> DirectoryChangesPage:
    """Return what waits for a second person. At most four queries."""
    rows = read_changes(session, viewer, is_open=True, contacts=current_directory(session))
    return DirectoryChangesPage(
        others=tuple(row for row in rows if not row.is_own), mine=tuple(row for row in rows if row.is_own)
    )


def directory_versions_page(session: Session, *, page: int) -> DirectoryVersionsPage:
    """Return one page of the versions. Three queries."""
    total = session.scalar(select(func.count()).select_from(DirectoryVersion)) or 0
    pages = page_count(total)
    page = min(page, pages)
    versions = session.execute(
        select(DirectoryVersion.number, DirectoryVersion.edited_at, DirectoryVersion.digest, Person.name)
        .outerjoin(Person, Person.id == DirectoryVersion.edited_by)
        .order_by(DirectoryVersion.number.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE),
    ).all()
    changes: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for row in session.execute(
        select(DirectoryChange.version, DirectoryChange.key, Person.name, DirectoryChange.reason)
        .join(Person, Person.id == DirectoryChange.proposed_by)
        .where(DirectoryChange.version.in_([version.number for version in versions]))
        .order_by(DirectoryChange.id),
    ):
        changes[row.version].append((row.key, row.name, row.reason))
    rows = tuple(
        VersionRow(row.number, row.edited_at, row.name or "系统装入", row.digest, tuple(changes[row.number]))
        for row in versions
    )
    return DirectoryVersionsPage(rows, total, page, pages)
