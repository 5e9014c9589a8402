"""What the public search of an edition knows: records, everyday words, 谁来管. Made only from the edition itself.

An everyday word or a short name of a law is written into the field where its formal term stands, so that the search
needs no table of synonyms; a word whose formal terms stand nowhere in the edition is left out, since it would tell
what is not published.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from webapp.bundle.search import Nuisance, SearchData, SearchRecord, normalise
from webapp.powers.categories import category_label
from webapp.publication.content import EditionContent, PublicPower
from webapp.publication.wording import limit_text

_TEXTS = (
    "conditions",
    "exercise_scope",
    "rules",
    "service_commitment",
    "counterpart_rights",
    "complaint_channel",
    "publication_content",
    "publication_time",
    "section",
    "implementing_body",
    "handling_body",
)
_GAP = "\n"  # no term of a query holds one, so nothing is found across two texts


def search_data(content: EditionContent) -> SearchData:
    """Return the search data of an edition, records in the order of their codes."""
    words = _Words(content.synonyms)
    records = tuple(_record(power, words) for power in sorted(content.powers, key=lambda power: power.code))
    names = {power.code: str(power.entry["name"]) for power in content.powers}
    nuisances = tuple(_nuisance(row, names) for row in content.who_handles)
    known = sorted(words.met | {word for row in nuisances for word in row.known})
    return SearchData(records, nuisances, tuple(known))


class _Words:
    """The everyday words; `met` collects those of which a formal term stood somewhere in the edition."""

    def __init__(self, synonyms: Iterable[Mapping[str, str]]) -> None:
        self._everyday: dict[str, list[str]] = {}
        self.met: set[str] = set()
        for row in synonyms:
            for formal in row["formal"].split(";"):
                if formal.strip():
                    self._everyday.setdefault(normalise(formal.strip()), []).append(row["everyday"])

    def for_text(self, text: str) -> list[str]:
        """Return the everyday words for the formal terms that stand in a normalised text."""
        found: dict[str, None] = {}
        for formal, everyday in self._everyday.items():
            if formal in text:
                self.met.add(formal)
                found.update(dict.fromkeys(everyday))
        words = list(found)
        self.met.update(normalise(word) for word in words)
        return words


def _record(power: PublicPower, words: _Words) -> SearchRecord:
    entry = power.entry
    name = normalise(entry["name"])
    topics = [power.code, category_label(entry["category"])]
    everyday = words.for_text(name)
    for word in (entry["name"], *everyday):
        topics += _spellings(word)
    basis = normalise(_GAP.join(_basis_text(row) for row in entry["basis"]))
    text = normalise(_GAP.join(_texts(entry)))
    return SearchRecord(
        code=power.code,
        title=entry["name"],
        note=_note(entry),
        name=name,
        topics=normalise(_GAP.join(dict.fromkeys(topics + everyday))),
        basis=_GAP.join([basis, *(normalise(word) for word in words.for_text(basis))]),
        text=_GAP.join([text, *(normalise(word) for word in words.for_text(text))]),
    )


def _note(entry: Mapping[str, Any]) -> str:
    """Return the line under a hit: category, section, limit."""
    parts = [category_label(entry["category"]), entry["section"]]
    limit = limit_text(entry["promised_limit"] or entry["statutory_limit"])
    return " · ".join([*parts, f"时限{limit}"] if limit else parts)


def _basis_text(row: Mapping[str, str]) -> str:
    return f"{row.get('law') or row.get('document', '')}{row.get('article', '')}"


def _texts(entry: Mapping[str, Any]) -> list[str]:
    texts = [str(entry[key]) for key in _TEXTS]
    texts += [f"{fee['item']}{_GAP}{fee['standard']}" for fee in entry["fees"]]
    texts += _leaves(entry["details"])
    return [text for text in dict.fromkeys(texts) if text]


def _leaves(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [leaf for inner in value.values() for leaf in _leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in _leaves(inner)]
    return []


@cache
def _spellings(word: str) -> tuple[str, ...]:
    """Return the pinyin of a word in full and its first letters; nothing for a word without Chinese characters."""
    if word.isascii():
        return ()
    # Its dictionary takes 52 MB and half a second, which every process of ours would pay that never builds a bundle.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - as said above

    syllables = lazy_pinyin(word, style=Style.NORMAL)
    return ("".join(syllables), "".join(syllable[:1] for syllable in syllables))


def _nuisance(row: Mapping[str, str], names: Mapping[str, str]) -> Nuisance:
    words = tuple(word for word in row["everyday_words"].split(";") if word)
    codes = [code for code in row["related_codes"].split(";") if code in names]
    spellings = [spelling for word in (row["topic"], *words) for spelling in _spellings(word)]
    return Nuisance(
        topic=row["topic"],
        words=words,
        body=row["competent_body"],
        ours=row["this_bureau"],
        section=row["section"],
        # A basis that nobody has read is no statement to make in public.
        basis=row["basis"] if row["basis_checked"] == "yes" else "",
        powers=tuple((code, names[code]) for code in codes),
        note=row["note"],
        known=tuple(normalise(word) for word in words),
        text=normalise(_GAP.join([row["topic"], *words, *spellings])),
    )
