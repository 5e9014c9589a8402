"""The law library as a snapshot: names, short names and editions in one query, then answers without the database."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.laws.citations import Citation, law_key, parse_citations
from webapp.laws.models import Law, LawAlias, LawVersion
from webapp.laws.validity import Edition, Judgement, State, in_force_on, judge_edition

RANKS = (
    "法律", "行政法规", "地方性法规", "部门规章", "地方政府规章", "规范性文件", "政策文件", "党内法规", "本局制度",
)  # fmt: skip
_KINDS = {
    "法律": "law",
    "行政法规": "regulation",
    "地方性法规": "local_regulation",
    "部门规章": "rule",
    "地方政府规章": "rule",
    "政策文件": "policy",
    "党内法规": "party_rule",
    "本局制度": "own_rule",
}


@dataclass(frozen=True)
class KnownLaw:
    """A law of the library with its short names and its editions, oldest first."""

    name: str
    full_name: str
    rank: str
    aliases: tuple[str, ...]
    editions: tuple[Edition, ...]

    @property
    def kind(self) -> str:
        """Return the kind of basis row it makes: contract.md, `basis`."""
        if any(edition.edition == "本局制定" for edition in self.editions):
            return "own_rule"
        if "党" in self.name and self.rank == "规范性文件":
            return "party_rule"
        return _KINDS.get(self.rank, "normative")


@dataclass(frozen=True)
class Found:
    """What typing a citation leads to: the law, the edition for the day, the article in the one spelling."""

    law: KnownLaw
    edition: Edition | None
    article: str

    def as_row(self, role: str = "") -> dict[str, str]:
        """Return it as a basis row of an entry."""
        edition = self.edition.edition if self.edition else ""
        return {
            "kind": self.law.kind,
            "law": self.law.name,
            "edition": edition,
            "article": self.article,
            "role": role,
        }


class LawLibrary:
    """All laws as of the moment it was read. Lookups take microseconds; make one per request or import."""

    def __init__(self, laws: Iterable[KnownLaw]) -> None:
        self.laws = tuple(sorted(laws, key=lambda law: (_rank(law.rank), law.name)))
        self._keys = tuple(
            (law, tuple(law_key(name) for name in (*law.aliases, law.full_name, law.name) if name)) for law in self.laws
        )
        self._by_key = {key: law for law, keys in self._keys for key in keys}

    def law(self, name: str) -> KnownLaw | None:
        """Return the law of that name, full name or short name."""
        return self._by_key.get(law_key(name)) if name else None

    def edition(self, name: str, edition: str) -> Edition | None:
        """Return the edition of a law, named as in the library or by its document number."""
        law = self.law(name)
        key = law_key(edition)
        if law is None or not key:
            return None
        return next((each for each in law.editions if key in {law_key(each.edition), law_key(each.document)}), None)

    def resolve(self, citation: Citation, on: date) -> Found | None:
        """Return law and edition of a citation: the edition it names, else the one in force on the day."""
        law = self.law(citation.law)
        if law is None:
            return None
        named = self.edition(law.name, citation.edition) or _by_year(law, citation.edition)
        edition = named or in_force_on(law.editions, on)
        if edition is None and len(law.editions) == 1:
            edition = law.editions[0]
        return Found(law, edition, citation.article)

    def find(self, text: str, on: date, limit: int = 8) -> list[Found]:
        """Return what a typed citation (大气法 48) may mean: the exact name first, then names that hold it."""
        citations = parse_citations(text)
        if not citations:
            return []
        citation = citations[-1]
        exact = self.resolve(citation, on)
        found = [exact] if exact else []
        key = law_key(citation.law)
        if key:
            for law, names in self._keys:
                if any(key in name for name in names) and not (exact and exact.law is law):
                    found.append(Found(law, in_force_on(law.editions, on), citation.article))
        return found[:limit]

    def judge(self, row: Mapping[str, str], on: date | str) -> Judgement:
        """Say whether the edition a basis row cites was in force on the entry's reference date.

        A reference date that is empty or no date gives UNKNOWN.
        """
        day = _day(on)
        law = self.law(row["law"])
        if law is None:
            name = row["law"][:60]
            return Judgement(State.UNKNOWN, f"法规制度库中没有“{name}”，请核对名称，或先将其录入。" if name else "")
        if day is None:
            return Judgement(State.UNKNOWN, "尚未填写基准日，无法判断依据是否有效。")
        edition = self.edition(law.name, row["edition"])
        if edition is None:
            now = in_force_on(law.editions, day)
            hint = f"基准日有效的是{now.edition}" if now else "请核对版本或文号"
            written = f"没有“{row['edition'][:60]}”这一版本" if row["edition"] else "未写明版本"
            return Judgement(State.UNKNOWN, f"{law.name}{written}，{hint}。", now)
        return judge_edition(edition, day)

    def article_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Return (law, edition) as the library names them, for links; empty texts where it does not know them."""
        law = self.law(row["law"])
        edition = self.edition(row["law"], row["edition"])
        return (law.name if law else "", edition.edition if edition else "")


def read_library(session: Session, names: Collection[str] | None = None) -> LawLibrary:
    """Read the whole library, or the laws of these names as the library writes them, in one query."""
    query = (
        select(
            Law.id,
            Law.name,
            Law.full_name,
            Law.rank,
            LawAlias.name,
            LawVersion.id,
            LawVersion.replaced_by_law,
            LawVersion.replaced_by_edition,
            LawVersion.edition,
            LawVersion.document,
            LawVersion.in_force,
            LawVersion.repealed,
            LawVersion.is_checked,
        )
        .outerjoin(LawVersion, LawVersion.law_id == Law.id)
        .outerjoin(LawAlias, LawAlias.law_id == Law.id)
        .order_by(Law.id, LawVersion.id, LawAlias.name)
    )
    rows = session.execute(query if names is None else query.where(Law.name.in_(sorted(names)))).all()
    heads: dict[int, tuple[str, str, str]] = {}
    editions: dict[int, dict[int, Edition]] = {}
    aliases: dict[int, dict[str, None]] = {}
    for number, name, full_name, rank, alias, version, to_law, to_edition, words, document, start, end, checked in rows:
        heads[number] = (name, full_name, rank)
        if version is not None:
            replaced = (to_law, to_edition) if to_law else None
            editions.setdefault(number, {})[version] = Edition(name, words, document, start, end, checked, replaced)
        if alias:
            aliases.setdefault(number, {})[alias] = None
    return LawLibrary(
        KnownLaw(
            name,
            full_name,
            rank,
            tuple(aliases.get(number, ())),
            tuple(sorted(editions.get(number, {}).values(), key=lambda each: each.in_force or date.min)),
        )
        for number, (name, full_name, rank) in heads.items()
    )


def _rank(rank: str) -> int:
    return RANKS.index(rank) if rank in RANKS else len(RANKS)


def _by_year(law: KnownLaw, text: str) -> Edition | None:
    """Return the only edition whose name or document holds what stands in brackets, or is held by it."""
    key = law_key(text)
    if not key:
        return None
    fits = [
        each
        for each in law.editions
        if any(name and (name in key or key in name) for name in (law_key(each.edition), law_key(each.document)))
    ]
    return fits[0] if len(fits) == 1 else None


def _day(on: date | str) -> date | None:
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(on)
    except ValueError:
        return None
