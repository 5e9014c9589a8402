"""Forms of the law library: a law's head, one edition with its articles, the preview of a table, what typing finds."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.documents.reading import read_table
from webapp.laws.models import Article, Law, LawVersion
from webapp.laws.reading import RANKS, LawLibrary, read_library
from webapp.laws.table import SAMPLE, RefusedRow, read_law_table, told_changes
from webapp.laws.validity import Edition, judge_edition
from webapp.pages.laws import PATH, STATES
from webapp.policy import Actor, Permission
from webapp.rules import NotFound, RuleBroken

RANK_OPTIONS = (("", "请选择"), *((rank, rank) for rank in RANKS))
MAX_DATA = 500_000  # characters of a previewed table that go along to the confirmation
MAX_SHOWN = 500
SUGGESTED = 8


@dataclass(frozen=True)
class LawFormPage:
    """The form of a law's head, new or as it stands."""

    id: int
    name: str
    values: Mapping[str, str]
    digest: str
    path: str
    ranks: tuple[tuple[str, str], ...] = RANK_OPTIONS


@dataclass(frozen=True)
class ArticleRow:
    """An article with its text, and the name of that text by its content."""

    place: str
    content: str
    is_checked: bool
    digest: str


@dataclass(frozen=True)
class EditionPage:
    """One edition of a law, its articles, and the values of its form."""

    id: int
    law: str
    law_id: int
    edition: str
    state: str
    badge: str
    sentence: str
    values: Mapping[str, str]
    digest: str
    rows: tuple[ArticleRow, ...]
    total: int
    editions: tuple[tuple[str, str], ...]
    laws: tuple[str, ...]
    may_keep: bool
    path: str


@dataclass(frozen=True)
class LawImportPage:
    """What taking a table in would do; `data` goes along to the confirmation, nothing is stored between."""

    file_name: str
    rows: int
    taken: int
    refused: tuple[RefusedRow, ...]
    told: tuple[str, ...]
    more: int
    notes: tuple[str, ...]
    data: str


@dataclass(frozen=True)
class Suggestion:
    """What a typed citation may mean: the words to take over, and whether the edition was in force on the day."""

    text: str
    note: str


def law_form_page(session: Session, law_id: int | None) -> LawFormPage:
    """Return the form of a law, empty for none; raise NotFound. Three queries."""
    if law_id is None:
        return LawFormPage(0, "", {}, "", PATH)
    law = session.get(Law, law_id)
    if law is None:
        raise NotFound
    names = sorted(alias.name for alias in law.aliases)
    values = {"full_name": law.full_name, "rank": law.rank, "aliases": "\n".join(names)}
    seen = digest([law.name, law.full_name, law.rank, names])
    return LawFormPage(law.id, law.name, values, seen, f"{PATH}/{law.id}")


def edition_page(session: Session, edition_id: int, day: date, *, seen: str, viewer: Actor) -> EditionPage:
    """Return one edition with its articles; raise NotFound. `seen`: the digest of the edition. At most six queries."""
    version = session.get(LawVersion, edition_id)
    if version is None:
        raise NotFound
    law = session.get_one(Law, version.law_id)
    total = session.scalar(select(func.count()).where(Article.version_id == version.id)) or 0
    rows = session.scalars(
        select(Article).where(Article.version_id == version.id).order_by(Article.position).limit(2000)
    )
    replaced = (version.replaced_by_law, version.replaced_by_edition) if version.replaced_by_law else None
    edition = Edition(
        law.name, version.edition, version.document, version.in_force, version.repealed, version.is_checked, replaced
    )
    judged = judge_edition(edition, day)
    label, badge = STATES[judged.state]
    may_keep = viewer.may(Permission.KEEP_LAWS)
    return EditionPage(
        id=version.id,
        law=law.name,
        law_id=law.id,
        edition=version.edition,
        state=label,
        badge=badge,
        sentence=judged.sentence,
        values={
            "document": version.document,
            "in_force": version.in_force.isoformat() if version.in_force else "",
            "repealed": version.repealed.isoformat() if version.repealed else "",
            "replaced_law": version.replaced_by_law,
            "replaced_edition": version.replaced_by_edition,
            "checked": "1" if version.is_checked else "",
        },
        digest=seen,
        rows=tuple(
            ArticleRow(row.place, row.content, row.is_checked, digest([row.place, row.content])) for row in rows
        ),
        total=total,
        editions=tuple((each.edition, each.edition) for each in law.versions),
        laws=tuple(session.scalars(select(Law.name).order_by(Law.name))) if may_keep else (),
        may_keep=may_keep,
        path=f"{PATH}/editions/{version.id}",
    )


def law_import_page(session: Session, content: bytes, file_name: str) -> LawImportPage:
    """Return what a file would do to the library; raise RuleBroken where it cannot be read. One query."""
    read = read_table(content, file_name)
    rows = [(row.number, list(row.cells)) for row in read.rows]
    refused = [RefusedRow(one.number, str(one.column or ""), one.value, one.why) for one in read.refused]
    return law_rows_page(session, rows, file_name[-120:], refused, read.notes)


def law_rows_page(
    session: Session,
    rows: list[tuple[int, list[str]]],
    file_name: str,
    refused: Sequence[RefusedRow] = (),
    notes: tuple[str, ...] = (),
) -> LawImportPage:
    """Return what the rows of a table would do to the library. One query."""
    library = read_library(session)
    table = read_law_table(rows, library)
    told = told_changes(table.data, library)
    data = json.dumps(rows, ensure_ascii=False)
    if len(data) > MAX_DATA:
        raise RuleBroken("文件内容过多，请分成几个文件导入。", "file")
    unknown = (f"未识别的栏：{'、'.join(table.unknown[:8])}，没有读入。",) if table.unknown else ()
    return LawImportPage(
        file_name=file_name,
        rows=table.rows + len(refused),
        taken=table.taken,
        refused=tuple(sorted([*refused, *table.refused], key=lambda one: one.row)),
        told=tuple(told[:MAX_SHOWN]),
        more=max(0, len(told) - MAX_SHOWN),
        notes=(*notes, *unknown),
        data=data,
    )


def suggestions(library: LawLibrary, text: str, day: date) -> tuple[Suggestion, ...]:
    """Return what a typed citation (大气法 48) may mean on a day, as the entry's form takes it over."""
    if not text.strip():
        return ()
    found = []
    for one in library.find(text, day, SUGGESTED):
        edition = f"({one.edition.edition})" if one.edition and one.edition.edition else ""
        note = judge_edition(one.edition, day).sentence if one.edition else "没有当日有效的版本"
        found.append(Suggestion(f"{one.law.name}{edition}{one.article}", note))
    return tuple(found)


IMPORT_COLUMNS = SAMPLE
