"""The rule of the public search, pure: what a query means, which records it hits and in what order.

The same rule stands in `static/js/public-search.js` for the bundle opened from a folder; `search_cache.py` finds the
same hits through an index when there are many. A test holds the three together. The rule:

1. Query and texts are normalised: NFKC, every character folded by `upper` then `lower`, NFKC again.
2. The first 64 characters of a query count; blanks and punctuation of sentences part it into terms.
3. A record is hit when every term stands in it as a substring. A term's tier is where it stands best: 0 at the start
   of the name, 1 in the name, 2 in the topics (everyday words, pinyin, initials, code), 3 in the basis, 4 in the text.
   A record's tier is that of its weakest term. Hits are ordered by tier, then by code.
4. If nothing is hit, each term is replaced by the known words within it (leftmost, longest first): 半夜施工太吵 becomes
   半夜施工 and 吵. If that hits nothing either, the longest known word that hits something decides alone.
5. At most 100 hits are given; `more` says that there are others.

An everyday word is found where its formal term stands: the builder writes it into that field of the record.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

QUERY_LIMIT = 64
HIT_LIMIT = 100
TIERS = 5
_BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
_BLANKS += "\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
SEPARATORS = _BLANKS + "\x00,;?!。、“”‘’《》〈〉「」『』"
_PART = str.maketrans(dict.fromkeys(SEPARATORS, " "))


class _Folding(dict[int, str]):
    """Translation table that folds a character the first time it is met; JavaScript folds the same way."""

    def __missing__(self, code_point: int) -> str:
        folded = chr(code_point).upper().lower()
        self[code_point] = folded
        return folded


_FOLDING = _Folding()


def normalise(text: str) -> str:
    """Return the form in which queries and texts are compared."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDING)
    return folded if folded.isascii() else unicodedata.normalize("NFKC", folded)


def terms_of(query: str) -> tuple[str, ...]:
    """Return the different terms of a query, in their order; empty for a query without any."""
    parts = normalise(query.strip()[:QUERY_LIMIT]).translate(_PART).split(" ")
    return tuple(dict.fromkeys(part for part in parts if part))


class Hit(NamedTuple):
    """What is shown of a power that was found."""

    code: str
    title: str
    note: str


class SearchRecord(NamedTuple):
    """What the search knows of one power: the four fields are normalised, the rest is shown.

    A tuple, because a search makes a hundred of them and a start as many as there are powers.
    """

    code: str
    title: str
    note: str
    name: str
    topics: str
    basis: str
    text: str

    @property
    def hit(self) -> Hit:
        """Return what is shown of it."""
        return Hit(self.code, self.title, self.note)

    def tier(self, term: str) -> int:
        """Return where the term stands best, `TIERS` for nowhere."""
        if self.name.startswith(term):
            return 0
        for tier, field in enumerate((self.name, self.topics, self.basis, self.text), start=1):
            if term in field:
                return tier
        return TIERS

    def tier_of_all(self, terms: Iterable[str]) -> int:
        """Return the tier of the weakest term, `TIERS` when one stands nowhere."""
        return max(map(self.tier, terms))


@dataclass(frozen=True)
class Nuisance:
    """A row of 谁来管: who is competent for a nuisance, also where it is not this bureau."""

    topic: str
    words: tuple[str, ...]
    body: str
    ours: str
    section: str
    basis: str
    powers: tuple[tuple[str, str], ...]
    note: str
    known: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class SearchData:
    """All that a bundle's search works on: records by code, rows of 谁来管, known words (normalised)."""

    records: tuple[SearchRecord, ...]
    nuisances: tuple[Nuisance, ...]
    known: tuple[str, ...]


@dataclass(frozen=True)
class Hits:
    """The answer: records in order, and whether there are more than are given.

    `words` are what was searched for where that was not the query's own terms.
    """

    records: tuple[Hit, ...]
    words: tuple[str, ...] = ()
    more: bool = False


class KnownWords:
    """Finds the words that the vocabulary knows inside a term."""

    def __init__(self, words: Iterable[str]) -> None:
        by_first: dict[str, list[str]] = {}
        for word in words:
            if word:
                by_first.setdefault(word[0], []).append(word)
        self._by_first = {first: sorted(set(found), key=_longest_first) for first, found in by_first.items()}

    def within(self, term: str) -> tuple[str, ...]:
        """Return the known words in a term: leftmost first, the longest at each place, none overlapping."""
        found: list[str] = []
        at = 0
        while at < len(term):
            word = next((word for word in self._by_first.get(term[at], ()) if term.startswith(word, at)), "")
            if word:
                found.append(word)
            at += len(word) or 1
        return tuple(dict.fromkeys(found))


def _longest_first(word: str) -> tuple[int, str]:
    return (-len(word), word)


Finder = Callable[[Sequence[str]], Hits]


def find_among(records: Sequence[SearchRecord]) -> Finder:
    """Return the plain finder over records in the order of their codes: looks at each."""

    def find(terms: Sequence[str]) -> Hits:
        tiers: list[list[SearchRecord]] = [[] for _ in range(TIERS)]
        for record in records:
            tier = record.tier_of_all(terms)
            if tier < TIERS:
                tiers[tier].append(record)
        hits = [record for tier in tiers for record in tier]
        return Hits(tuple(record.hit for record in hits[:HIT_LIMIT]), more=len(hits) > HIT_LIMIT)

    return find


def search(query: str, known: KnownWords, find: Finder) -> Hits:
    """Answer a query by the rule; `find` gives the hits for terms that must all stand in a record."""
    terms = terms_of(query)
    if not terms:
        return Hits(())
    hits = find(terms)
    if hits.records:
        return hits
    within = {term: known.within(term) for term in terms}
    words = tuple(dict.fromkeys(word for term in terms for word in within[term] or (term,)))
    if words != terms:
        hits = find(words)
        if hits.records:
            return Hits(hits.records, words, hits.more)
    single = dict.fromkeys(word for term in terms for word in within[term])
    # sorted() is stable: of words of one length the first in the query goes first.
    for word in sorted(single, key=len, reverse=True):
        hits = find((word,))
        if hits.records:
            return Hits(hits.records, (word,), hits.more)
    return Hits(())


def nuisances_for(query: str, nuisances: Iterable[Nuisance]) -> tuple[Nuisance, ...]:
    """Return the rows of 谁来管 that a query means: all its terms stand in the row, or a word of the row in a term."""
    terms = terms_of(query)
    if not terms:
        return ()
    return tuple(
        row
        for row in nuisances
        if all(term in row.text for term in terms) or any(word in term for word in row.known for term in terms)
    )
