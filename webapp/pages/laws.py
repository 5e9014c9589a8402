"""The library of laws, policies and own rules: the list, and one law with its editions on a day and who cites them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.laws.citations import law_key
from webapp.laws.models import ArticleSuccessor, Law, LawVersion
from webapp.laws.reading import KnownLaw, LawLibrary, read_library
from webapp.laws.validity import UNCHECKED, Edition, State, judge_edition
from webapp.pages.finding import MAX_QUERY, PAGE_SIZE, page_count, section_names
from webapp.pages.law_citing import Citing, cited_targets, count_citing, law_of_target, read_citing
from webapp.policy import Actor
from webapp.rules import NotFound

PATH = "/laws"
# What an edition is on the day, in words, and the badge whose sign and tone it takes.
STATES = {
    State.OK: ("有效", "approved"),
    State.NOT_YET: ("未施行", "section_review"),
    State.ENDED: ("已失效", "stopped"),
    State.UNKNOWN: ("施行日期不详", "pending"),
}


@dataclass(frozen=True)
class EditionRow:
    """An edition with its dates, what it is on the day, and what replaced it; `cited` by how many the viewer sees."""

    edition: str
    document: str
    in_force: date | None
    repealed: date | None
    state: str
    badge: str
    unchecked: str
    replaced_by: str
    replaced_address: str
    cited: int = 0
    address: str = ""


@dataclass(frozen=True)
class LawRow:
    """A law in the list."""

    address: str
    name: str
    full_name: str
    rank: str
    aliases: tuple[str, ...]
    editions: tuple[EditionRow, ...]
    powers: int
    flows: int


@dataclass(frozen=True)
class LawsPage:
    """What the list shows."""

    q: str
    day: date
    rows: tuple[LawRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class SuccessorRow:
    """An article and what replaced it."""

    old: str
    old_address: str
    new: str
    new_address: str
    change: str
    is_substantive: bool
    unchecked: str


@dataclass(frozen=True)
class CitingRow:
    """An entry or chart that cites the law; `edition` as the library names it."""

    edition: str
    address: str
    code: str
    name: str
    kind: str
    section: str
    stage: str


@dataclass(frozen=True)
class LawPage:
    """What the page of one law shows."""

    name: str
    full_name: str
    rank: str
    aliases: tuple[str, ...]
    path: str
    day: date
    editions: tuple[EditionRow, ...]
    successors: tuple[SuccessorRow, ...]
    citing: tuple[CitingRow, ...]
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None


def laws_page(session: Session, *, q: str, day: date, page: int, viewer: Actor) -> LawsPage:
    """Return one page of the laws whose name, short name or document number holds `q`. Four queries."""
    q = q.strip()[:MAX_QUERY].strip()
    library = read_library(session)
    found = [law for law in library.laws if _matches(law, law_key(q))]
    pages = page_count(len(found))
    page = min(page, pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    numbers = _numbers(session)
    targets: dict[str, list[str]] = {law.name: [] for law in shown}
    for target in cited_targets(session):
        name, _ = law_of_target(library, target)
        if name in targets:
            targets[name].append(target)
    counts = count_citing(session, targets, viewer)
    rows = tuple(
        LawRow(
            address=_address(f"{PATH}/{numbers[law.name]}", day=day),
            name=law.name,
            full_name=law.full_name,
            rank=law.rank,
            aliases=law.aliases,
            editions=tuple(_edition_row(each, day, numbers) for each in reversed(law.editions)),
            powers=counts.get(law.name, {}).get("power", 0),
            flows=counts.get(law.name, {}).get("flow", 0),
        )
        for law in shown
    )
    return LawsPage(
        q=q,
        day=day,
        rows=rows,
        total=len(found),
        page=page,
        pages=pages,
        previous=_address(PATH, q=q, day=day, page=page - 1) if page > 1 else None,
        next=_address(PATH, q=q, day=day, page=page + 1) if page < pages else None,
    )


def law_page(session: Session, law_id: int, *, day: date, page: int, viewer: Actor) -> LawPage:
    """Return one law on a day; raise NotFound. At most nine queries."""
    name = session.scalar(select(Law.name).where(Law.id == law_id))
    law = next(iter(read_library(session, [name]).laws), None) if name else None
    if law is None:
        raise NotFound
    editions = tuple(reversed(law.editions))  # the newest first
    targets, others = _targets(session, law, editions)
    found = session.execute(select(LawVersion.edition, LawVersion.id).where(LawVersion.law_id == law_id))
    rows = {row.edition: row.id for row in found}
    numbers = _numbers(session)
    counts, citing = read_citing(session, targets, others, viewer, page=page)
    sections = {section.id: section.name for section in section_names(session)} if citing else {}
    total = sum(counts.values())
    pages, path = page_count(total), f"{PATH}/{law_id}"
    return LawPage(
        name=law.name,
        full_name=law.full_name,
        rank=law.rank,
        aliases=law.aliases,
        path=path,
        day=day,
        editions=tuple(
            replace(
                _edition_row(each, day, numbers, counts.get(place, 0)), address=f"{PATH}/editions/{rows[each.edition]}"
            )
            for place, each in enumerate(editions)
        ),
        successors=_successors(session, law.name, numbers, day),
        citing=tuple(_citing_row(each, editions, sections) for each in citing),
        total=total,
        page=page,
        pages=pages,
        previous=_address(path, day=day, page=min(page - 1, pages)) if page > 1 else None,
        next=_address(path, day=day, page=page + 1) if page < pages else None,
    )


def _matches(law: KnownLaw, key: str) -> bool:
    documents = (each.document for each in law.editions)
    return not key or any(key in law_key(name) for name in (law.name, law.full_name, *law.aliases, *documents) if name)


def _numbers(session: Session) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(select(Law.name, Law.id))}


def _targets(session: Session, law: KnownLaw, editions: Iterable[Edition]) -> tuple[list[list[str]], list[str]]:
    """Return the targets that mean each edition, and those that mean the law in no edition the library has."""
    library = LawLibrary([law])
    by_edition: dict[str, list[str]] = {each.edition: [] for each in editions}
    others: list[str] = []
    for target in cited_targets(session):
        name, edition = law_of_target(library, target)
        if name:
            by_edition.get(edition, others).append(target)
    return list(by_edition.values()), others


def _edition_row(edition: Edition, day: date, numbers: dict[str, int], cited: int = 0) -> EditionRow:
    label, badge = STATES[judge_edition(edition, day).state]
    law, text = edition.replaced_by or ("", "")
    number = numbers.get(law) if law != edition.law else None
    return EditionRow(
        edition=edition.edition,
        document=edition.document,
        in_force=edition.in_force,
        repealed=edition.repealed,
        state=label,
        badge=badge,
        unchecked="" if edition.is_checked else UNCHECKED,
        replaced_by=f"{law}({text})" if law and text else law,
        replaced_address=_address(f"{PATH}/{number}", day=day) if number else "",
        cited=cited,
    )


def _successors(session: Session, name: str, numbers: dict[str, int], day: date) -> tuple[SuccessorRow, ...]:
    rows = session.scalars(
        select(ArticleSuccessor)
        .where(or_(ArticleSuccessor.from_law == name, ArticleSuccessor.to_law == name))
        .order_by(ArticleSuccessor.id),
    )

    def address(law: str) -> str:
        return _address(f"{PATH}/{numbers[law]}", day=day) if law != name and law in numbers else ""

    return tuple(
        SuccessorRow(
            old=f"{row.from_law}({row.from_edition}){row.from_article}",
            old_address=address(row.from_law),
            new=f"{row.to_law}({row.to_edition}){row.to_article}",
            new_address=address(row.to_law),
            change=row.change,
            is_substantive=row.is_substantive,
            unchecked="" if row.is_checked else UNCHECKED,
        )
        for row in rows
    )


def _citing_row(citing: Citing, editions: tuple[Edition, ...], sections: dict[int, str]) -> CitingRow:
    return CitingRow(
        edition=editions[citing.edition].edition if citing.edition >= 0 else "",
        address=citing.address,
        code=citing.code,
        name=citing.name,
        kind="职权" if citing.kind == "power" else "流程图",
        section=sections.get(citing.section, ""),
        stage=citing.stage,
    )


def _address(path: str, *, day: date, q: str = "", page: int = 1) -> str:
    told = {"q": q, "day": day.isoformat(), "page": page if page > 1 else ""}
    return f"{path}?{urlencode({name: value for name, value in told.items() if value})}"
