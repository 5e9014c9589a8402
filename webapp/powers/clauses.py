"""What is put into an entry for its writer: shared clauses, and citations recognised as typed. Only reads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.clock import today
from webapp.laws.citations import Citation, normalise_article, parse_citation, parse_citations
from webapp.laws.reading import Found, LawLibrary
from webapp.powers.fields import Body
from webapp.powers.models import SharedClause


def offered_clauses(session: Session, section: int, category: str) -> dict[str, tuple[int, str]]:
    """Return the shared clauses of a section for a category: id and text by field; one query."""
    rows = session.execute(
        select(SharedClause.field, SharedClause.id, SharedClause.content).where(
            SharedClause.section_id == section,
            SharedClause.category == category,
            SharedClause.content != "",
        ),
    )
    return {row.field: (row.id, row.content) for row in rows}


def recognised(body: Mapping[str, Any], before: Mapping[str, Any], library: LawLibrary) -> Body:
    """Return the body with citations recognised in new basis rows: 大气法 48 becomes name, edition, article.

    Only what is left empty is filled in, and a name the library does not know stays as typed.
    """
    kept = [row for row in before["basis"] if isinstance(row, dict)]
    rows: list[Any] = []
    for row in body["basis"]:
        rows += [row] if row in kept else _recognised_rows(row, library, str(body["reference_date"]))
    return {**body, "basis": rows}


def _recognised_rows(row: Mapping[str, str], library: LawLibrary, reference_date: str) -> list[dict[str, str]]:
    """Return the row, or one for each article where several were typed into the name."""
    typed = dict(row)
    if library.law(typed["law"]) is None and not typed["article"]:
        found = [_found(library, citation, reference_date) for citation in parse_citations(typed["law"])]
        if found and all(found):
            return [_filled(typed, one) for one in found if one]
        return [typed]
    one = _found(library, replace(parse_citation(typed["law"]), article=""), reference_date)
    if typed["article"]:
        typed["article"] = normalise_article(typed["article"])
    return [_filled(typed, one) if one else typed]


def _found(library: LawLibrary, citation: Citation, reference_date: str) -> Found | None:
    try:
        day = date.fromisoformat(reference_date)
    except ValueError:
        day = today()
    return library.resolve(citation, day)


def _filled(typed: Mapping[str, str], found: Found) -> dict[str, str]:
    known = found.as_row(typed["role"])
    return {
        **typed,
        "law": known["law"],
        "kind": typed["kind"] or known["kind"],
        "edition": typed["edition"] or known["edition"],
        "article": typed["article"] or known["article"],
    }
