"""Headings the bureau's tables use: learned when an import was confirmed, forgotten when somebody says so."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission
from webapp.powers.models import HeadingAlias
from webapp.powers.table_columns import target_of
from webapp.powers.table_details import DETAIL_MARK
from webapp.powers.table_headings import heading_key
from webapp.reviews.uploads import known_headings
from webapp.rules import NotAllowed, NotFound


def learn_headings(session: Session, by: Actor, chosen: Iterable[tuple[str, str]]) -> int:
    """Remember headings (heading, target) that are understood otherwise so far; return how many.

    Part of a confirmation, which writes the entry in the journal.
    """
    known: Mapping[str, str] | None = None
    learned = 0
    for heading, target in chosen:
        key = heading_key(heading)
        if not key or not target or heading.startswith(DETAIL_MARK):
            continue
        known = known_headings(session) if known is None else known
        if target_of(heading, known) == target:
            continue
        alias = session.scalars(select(HeadingAlias).where(HeadingAlias.key == key)).one_or_none()
        if alias is None:
            alias = HeadingAlias(key=key)
            session.add(alias)
        alias.heading, alias.target = heading, target
        alias.learned_by, alias.learned_at = by.person, clock.now()
        session.flush()
        learned += 1
    return learned


def forget_heading(session: Session, by: Actor, alias_id: int) -> None:
    """Forget a heading the bureau taught; one journal entry."""
    if not by.may(Permission.IMPORT_RECORDS):
        raise NotAllowed("您没有导入职权事项的权限。")
    alias = session.get(HeadingAlias, alias_id)
    if alias is None:
        raise NotFound
    journal.write(session, by, "forget_heading", "catalogue", {"target": alias.target})
    session.delete(alias)
