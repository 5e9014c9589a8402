"""Changing the law library."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.laws.citations import law_key
from webapp.laws.models import ArticleSuccessor, Law, LawAlias, LawVersion
from webapp.policy import Actor
from webapp.rules import RuleBroken


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
    changed += _put_successors(session, data.get("successors", ()))
    session.flush()
    if changed:
        journal.write(session, by, "change_laws", "laws", {"changes": changed, "source": digest(data)})
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
