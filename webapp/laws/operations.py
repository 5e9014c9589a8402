"""Changing the law library."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.laws.citations import article_order, law_key
from webapp.laws.models import Article, ArticleSuccessor, Law, LawAlias, LawVersion
from webapp.laws.reading import read_library
from webapp.laws.table import completed, read_law_table
from webapp.policy import Actor, Permission
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


def load_library(session: Session, data: Mapping[str, Any], *, by: Actor | None) -> int:
    """Add what the library lacks and mend what differs, from data in the shape of laws.json; return how much changed.

    Nothing is removed: entries cite it. The same data again changes nothing and writes no journal entry. Raises
    RuleBroken where a short name would mean two laws or a date cannot be read.
    """
    laws = {law.name: law for law in session.scalars(select(Law))}
    _refuse_doubles(laws.values(), data["laws"])
    changed = 0
    for entry in data["laws"]:
        law = laws.get(entry["name"])
        if law is None:
            law = laws[entry["name"]] = Law(name=entry["name"], versions=[], aliases=[])
            session.add(law)
        changed += _update(law, full_name=entry.get("full_name", ""), rank=entry.get("rank", ""))
        changed += _put_aliases(law, entry.get("aliases", ()))
        changed += sum(_put_version(law, version) for version in entry.get("versions", ()))
        changed += _put_articles(session, law, entry.get("versions", ()))
    changed += _put_successors(session, data.get("successors", ()))
    session.flush()
    if changed:
        journal.write(session, by, "change_laws", "laws", {"changes": changed, "source": digest(data)})
    return changed


def add_law(session: Session, entry: Mapping[str, Any], *, by: Actor) -> Law:
    """Take a law into the library; raise RuleBroken where it, or one of its names, is there already."""
    _require(by)
    laws = list(session.scalars(select(Law)))
    if any(law_key(entry["name"]) == law_key(law.name) for law in laws):
        raise RuleBroken("库中已有这部法规，请到该法规的页面增加版本。", "name")
    _refuse_doubles(laws, [entry])
    law = Law(name=entry["name"], full_name=entry["full_name"], rank=entry["rank"], versions=[], aliases=[])
    session.add(law)
    _put_aliases(law, entry["aliases"])
    session.flush()
    journal.write(session, by, "change_laws", f"law:{law.id}", {"changes": 1, "source": digest(dict(entry))})
    return law


def change_law(
    session: Session,
    law_id: int,
    entry: Mapping[str, Any],
    *,
    seen_digest: str | None,
    cited: Collection[str],
    by: Actor,
) -> Law:
    """Change a law's full name, rank and short names; its name stays, because entries cite it.

    `cited` are the names that records cite it by: one of them stays a short name. Raises Stale with what stands now.
    """
    _require(by)
    law = _locked(session, law_id)
    _check_seen(seen_digest, law_digest(law), law_text(law))
    _refuse_doubles(
        (other for other in session.scalars(select(Law)) if other.id != law.id), [{**entry, "name": law.name}]
    )
    gone = [alias for alias in law.aliases if alias.name not in entry["aliases"]]
    if kept := [alias.name for alias in gone if alias.name in cited]:
        raise RuleBroken(f"简称“{kept[0]}”仍有条目引用，不能删去。", "aliases")
    for alias in gone:
        law.aliases.remove(alias)
        session.delete(alias)
    changed = _update(law, full_name=entry["full_name"], rank=entry["rank"]) + _put_aliases(law, entry["aliases"])
    return _told(session, law, changed + len(gone), entry, by)


def put_edition(
    session: Session, law_id: int, entry: Mapping[str, Any], *, seen_digest: str | None, by: Actor
) -> LawVersion:
    """Add an edition to a law (`seen_digest` empty), or change the one of that name that was on screen."""
    _require(by)
    law = _locked(session, law_id)
    kept = next((each for each in law.versions if each.edition == entry["edition"]), None)
    if kept is None and seen_digest:
        raise NotFound("没有找到这个版本，可能刚刚有变动。请刷新页面后再试。")
    if kept is not None and not seen_digest:
        raise RuleBroken("该法规已有这个版本，请在该版本的页面修改。", "edition")
    if kept is not None:
        _check_seen(seen_digest, edition_digest(kept), edition_text(kept))
    _told(session, law, _put_version(law, entry), entry, by)
    return next(each for each in law.versions if each.edition == entry["edition"])


def put_article(
    session: Session, version_id: int, entry: Mapping[str, Any], *, seen_digest: str | None, by: Actor
) -> Article:
    """Add an article to an edition (`seen_digest` empty), or change the text that was on screen."""
    _require(by)
    version = session.get(LawVersion, version_id)
    if version is None:
        raise NotFound("没有找到这个版本，可能刚刚有变动。请刷新页面后再试。")
    law = _locked(session, version.law_id)
    found = select(Article).where(Article.version_id == version.id, Article.place == entry["article"])
    kept = session.scalars(found).one_or_none()
    if kept is not None:
        if not seen_digest:
            raise Stale("该版本已有这一条，本次内容未保存。请对照现在的条文后再保存。", kept.content)
        _check_seen(seen_digest, digest([kept.place, kept.content]), kept.content)
    elif seen_digest:
        raise NotFound("没有找到这一条，可能刚刚有变动。请刷新页面后再试。")
    _told(session, law, _put_articles(session, law, [{"edition": version.edition, "articles": [entry]}]), entry, by)
    return session.scalars(found).one()


def add_successor(session: Session, law_id: int, entry: Mapping[str, Any], *, by: Actor) -> Law:
    """Keep that an article of a law was replaced by another; the same pair again is mended."""
    _require(by)
    law = _locked(session, law_id)
    if entry["from"] == entry["to"]:
        raise RuleBroken("新旧条款相同，请核对。", "to_place")
    return _told(session, law, _put_successors(session, [entry]), entry, by)


def import_laws(session: Session, rows: Sequence[tuple[int, Sequence[str]]], *, by: Actor) -> int:
    """Take in what the rows of a previewed table hold, over what the library knows; return how much changed."""
    _require(by)
    library = read_library(session)
    return load_library(session, completed(read_law_table(rows, library).data, library), by=by)


def law_digest(law: Law) -> str:
    """Return the name of a law's head by its content."""
    return digest([law.name, law.full_name, law.rank, sorted(alias.name for alias in law.aliases)])


def edition_digest(version: LawVersion) -> str:
    """Return the name of an edition by its content."""
    return digest(edition_text(version))


def law_text(law: Law) -> str:
    """Return a law's head as lines, for the page that shows two of them side by side."""
    return f"全称：{law.full_name}\n种类：{law.rank}\n简称：{'、'.join(alias.name for alias in law.aliases)}"


def edition_text(version: LawVersion) -> str:
    """Return an edition as lines."""
    replaced = f"{version.replaced_by_law}({version.replaced_by_edition})" if version.replaced_by_law else "无"
    return (
        f"文号：{version.document}\n施行：{version.in_force or '不详'}\n失效：{version.repealed or '无'}\n"
        f"取代它的：{replaced}\n{'已核对' if version.is_checked else '条文待核'}"
    )


def _told(session: Session, law: Law, changed: int, entry: Mapping[str, Any], by: Actor) -> Law:
    if not changed:
        raise RuleBroken("内容没有变化，无需保存。")
    session.flush()
    journal.write(session, by, "change_laws", f"law:{law.id}", {"changes": changed, "source": digest(dict(entry))})
    return law


def _locked(session: Session, law_id: int) -> Law:
    law = session.get(Law, law_id, with_for_update={"of": Law})
    if law is None:
        raise NotFound("没有找到这部法规，可能刚刚有变动。请刷新页面后再试。")
    return law


def _check_seen(seen: str | None, stands: str, text: str) -> None:
    if not seen:
        raise RuleBroken("缺少校验码，未保存。请刷新页面后再试。", "seen_digest")
    if seen != stands:
        raise Stale("内容刚刚被他人修改，本次填写的未保存。请对照后再保存。", text)


def _require(by: Actor) -> None:
    if not by.may(Permission.KEEP_LAWS):
        raise NotAllowed("法规制度库由领导小组办公室和法制审核人员维护。")


def _put_articles(session: Session, law: Law, versions: Iterable[Mapping[str, Any]]) -> int:
    """Add articles and mend their texts; an article without text leaves a text that is there."""
    wanted = [version for version in versions if version.get("articles")]
    if not wanted:
        return 0
    session.flush()
    changed = 0
    for entry in wanted:
        version = next(each for each in law.versions if each.edition == entry["edition"])
        rows = session.scalars(select(Article).where(Article.version_id == version.id))
        kept = {row.place: row for row in rows}
        for each in entry["articles"]:
            article = kept.get(each["article"])
            if article is None:
                article = kept[each["article"]] = Article(version_id=version.id, place=each["article"], position=0)
                session.add(article)
                changed += 1
            elif each["text"] and (article.content, article.is_checked) != (each["text"], each["checked"]):
                changed += 1
            if each["text"] or not article.content:
                article.content, article.is_checked = each["text"], each["checked"]
        for position, row in enumerate(sorted(kept.values(), key=lambda row: (article_order(row.place), row.place)), 1):
            if row.position != position:
                row.position = position
    session.flush()
    return changed


def _refuse_doubles(kept: Iterable[Law], entries: Iterable[Mapping[str, Any]]) -> None:
    """Raise where a name or short name would mean two laws."""
    owner: dict[str, str] = {}
    named = [(law.name, (law.name, law.full_name, *(alias.name for alias in law.aliases))) for law in kept]
    named += [(e["name"], (e["name"], e.get("full_name", ""), *e.get("aliases", ()))) for e in entries]
    for law, names in named:
        for name in filter(None, names):
            if owner.setdefault(law_key(name), law) != law:
                raise RuleBroken(f"简称“{name}”已用于“{owner[law_key(name)]}”，不能再用于“{law}”。请改用其他简称。")


def _put_aliases(law: Law, names: Iterable[str]) -> int:
    have = {alias.name for alias in law.aliases}
    new = [name for name in dict.fromkeys(names) if name not in have]
    law.aliases += [LawAlias(name=name) for name in new]
    return len(new)


def _put_version(law: Law, entry: Mapping[str, Any]) -> int:
    version = next((each for each in law.versions if each.edition == entry["edition"]), None)
    is_new = version is None
    if version is None:
        version = LawVersion(edition=entry["edition"])
        law.versions.append(version)
    replaced = entry.get("replaced_by") or {}
    changed = _update(
        version,
        document=entry.get("document", ""),
        in_force=_date(law, entry.get("in_force")),
        repealed=_date(law, entry.get("repealed")),
        replaced_by_law=replaced.get("law", ""),
        replaced_by_edition=replaced.get("edition", ""),
        is_checked=bool(entry.get("checked")),
    )
    if version.in_force and version.repealed and version.repealed <= version.in_force:
        raise RuleBroken(f"“{law.name}({version.edition})”的失效日期不晚于施行日期，请核对。")
    return 1 if is_new else changed


def _put_successors(session: Session, entries: Iterable[Mapping[str, Any]]) -> int:
    kept = {_pair(each): each for each in session.scalars(select(ArticleSuccessor))}
    changed = 0
    for entry in entries:
        start, end = entry["from"], entry["to"]
        key = (start["law"], start["edition"], start["article"], end["law"], end["edition"], end["article"])
        successor = kept.get(key)
        if successor is None:
            names = ("from_law", "from_edition", "from_article", "to_law", "to_edition", "to_article")
            successor = kept[key] = ArticleSuccessor(**dict(zip(names, key, strict=True)))
            session.add(successor)
        changed += _update(
            successor,
            change=entry.get("change", ""),
            is_substantive=bool(entry.get("substantive")),
            is_checked=bool(entry.get("checked_from")) and bool(entry.get("checked_to")),
        )
    return changed


def _pair(each: ArticleSuccessor) -> tuple[str, ...]:
    return (each.from_law, each.from_edition, each.from_article, each.to_law, each.to_edition, each.to_article)


def _update(row: Law | LawVersion | ArticleSuccessor, **values: object) -> int:
    """Set what differs; return 1 if anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return 1 if different else 0


def _date(law: Law, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(f"“{law.name}”的日期“{text[:20]}”无法识别，应写作2008-06-01的样子。") from None
