"""Filters of lists that are no lists of records: kept in the address, each value with what it leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from webapp.pages.finding import Chosen, Facet, Option


@dataclass(frozen=True)
class Axis:
    """A filter: its name in the address, its label, and (value, words) in order."""

    name: str
    label: str
    values: Sequence[tuple[str, str]]


def address_of(path: str, chosen: Mapping[str, str], page: int = 1) -> str:
    """Return the address of a list with these filters."""
    told = {name: value for name, value in chosen.items() if value} | ({"page": str(page)} if page > 1 else {})
    return f"{path}?{urlencode(told)}" if told else path


def facets_of(
    path: str, axes: Sequence[Axis], chosen: Mapping[str, str], rows: Sequence[Mapping[str, str]], q: str = ""
) -> tuple[Facet, ...]:
    """Return the filters over rows (axis → value), the counts of each respecting the others."""
    shown = []
    for axis in axes:
        left = [row for row in rows if _fits(row, chosen, without=axis.name)]
        options = []
        for value, words in axis.values:
            count = sum(row[axis.name] == value for row in left)
            current = chosen.get(axis.name) == value
            if count or current:
                told = {**chosen, axis.name: "" if current else value}
                options.append(Option(words, count, address_of(path, {**told, "q": q}), current))
        if options:
            shown.append(Facet(axis.label, tuple(options)))
    return tuple(shown)


def chosen_of(path: str, axes: Sequence[Axis], chosen: Mapping[str, str], q: str = "") -> tuple[Chosen, ...]:
    """Return the filters that are set, each with the address without it."""
    return tuple(
        Chosen(
            f"{axis.label}：{dict(axis.values).get(chosen[axis.name], chosen[axis.name])}",
            address_of(path, {**chosen, axis.name: "", "q": q}),
        )
        for axis in axes
        if chosen.get(axis.name)
    )


def keeps(row: Mapping[str, str], chosen: Mapping[str, str]) -> bool:
    """Say whether the filters leave a row."""
    return _fits(row, chosen, without="")


def finds(q: str, *texts: str | None) -> bool:
    """Say whether every word of a search stands in one of the texts."""
    whole = " ".join(text or "" for text in texts).casefold()
    return all(word in whole for word in q.casefold().split())


def _fits(row: Mapping[str, str], chosen: Mapping[str, str], *, without: str) -> bool:
    return all(row[name] == value for name, value in chosen.items() if value and name != without)
