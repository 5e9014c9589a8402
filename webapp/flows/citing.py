"""The basis of a step as one cell of text (《行政处罚法》第31条；许可法 32) and its rows; laws found in the library."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from webapp.flows.words import same
from webapp.laws.citations import Citation, law_key, normalise_article, parse_citations
from webapp.laws.reading import LawLibrary

Row = dict[str, str]


def basis_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Write basis rows as a cell: name, edition in brackets, article; rows joined with ;."""
    return ";".join(_words(row) for row in rows)


def read_basis(text: str, before: Sequence[Mapping[str, str]]) -> list[Row]:
    """Return the rows a cell says; a citation that stood there before keeps its role, kind and edition."""
    if text.strip() == basis_text(before):
        return [dict(row) for row in before]
    kept = {_key(row.get("law") or row.get("document", ""), row.get("article", "")): row for row in before}
    rows = []
    for cited in parse_citations(text):
        old = kept.get(_key(cited.law, cited.article))
        if old is not None and (not cited.edition or cited.edition == old.get("edition", "")):
            rows.append(dict(old))
        elif cited.law or cited.article:
            rows.append(_row(cited))
    return rows


def recognised(body: Mapping[str, Any], before: Mapping[str, Any], library: LawLibrary, on: date) -> dict[str, Any]:
    """Return a chart whose new citations are named as the library names them; unknown names stay as typed."""
    kept = [row for step in before["steps"] for row in step["basis"]]
    steps = []
    for step in body["steps"]:
        rows = [row if row in kept else _known(row, library, on) for row in step["basis"]]
        steps.append({**step, "basis": rows})
    return {**body, "steps": steps}


def _words(row: Mapping[str, str]) -> str:
    edition = f"({row['edition']})" if row.get("edition") else ""
    name = row.get("law") or row.get("document") or ""
    return f"《{name}》{edition}{row.get('article', '')}"


def _key(law: str, article: str) -> tuple[str, str]:
    return law_key(law), same(normalise_article(article)) if article else ""


def _row(cited: Citation) -> Row:
    return {"law": cited.law, "edition": cited.edition, "article": cited.article, "role": "procedure", "kind": ""}


def _known(row: Row, library: LawLibrary, on: date) -> Row:
    found = library.resolve(Citation(row.get("law", ""), row.get("article", ""), row.get("edition", "")), on)
    if found is None:
        return row
    named = found.as_row(row.get("role", ""))
    return {
        "law": named["law"],
        "edition": row.get("edition") or named["edition"],
        "article": named["article"],
        "role": named["role"],
        "kind": row.get("kind") or named["kind"],
    }
