"""Vertical cards: the field's name on the left, its value on the right, one item after the other. Pure.

Cards become rows of a table, so that everything else reads them like one: the headings take the place of the first
row, each card that of its next row; the other rows of a card are blank.

Two pairs in a row (职权类别 | … | 对内/对外 | …) are read as two fields, also where merged cells repeat a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.powers.table_words import IGNORED, heading_key, known_headings, target_of

_ENOUGH = 3  # names of fields on the left
_SEARCHED = 200  # rows
_LONGEST_LABEL = 20

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Unfolded:
    """Cards as a table: all rows by number, and what became of those that are no item."""

    rows: list[tuple[int, list[str]]]
    passed_over: dict[int, str]


@dataclass
class _Card:
    """One card: the number of its first row, its values by label as written."""

    first: int
    values: dict[str, str]


def unfold_cards(rows: Rows, mapping: Mapping[str, str] | None = None) -> Unfolded | None:
    """Return the rows of cards as a table, None where the rows are no cards.

    `mapping` gives targets for labels in the bureau's own words.
    """
    known = {**known_headings(), **{heading_key(word): target for word, target in (mapping or {}).items()}}
    if not _are_cards(rows, known):
        return None
    cards: list[_Card] = []
    passed_over: dict[int, str] = {}
    numbers: dict[int, int] = {}  # row → place of its card
    last = ""
    for number, cells in rows:
        pairs = _pairs(cells, known)
        if not pairs:
            if cards and last and (more := [cell for cell in _distinct(cells) if cell]) and not cells[0].strip():
                cards[-1].values[last] += "\n" + "\n".join(more)
                numbers[number] = len(cards) - 1
            else:
                passed_over[number] = "卡片以外的行"
            continue
        for label, value in pairs:
            key = heading_key(label)
            taken = {heading_key(each) for each in cards[-1].values} if cards else set()
            if not cards or (key in taken and _starts_card(label, cards, known)):
                cards.append(_Card(number, {}))
            elif key in taken:
                label = f"{label}({number})"  # noqa: PLW2901 - a second field of that name in one card stays unknown
            cards[-1].values[label] = value
            last = label
        numbers[number] = len(cards) - 1
    return _table(rows, cards, numbers, passed_over)


def _are_cards(rows: Rows, known: Mapping[str, str]) -> bool:
    """Say whether the left column names fields and no row is one of headings."""
    left: set[str] = set()
    for _, cells in rows[:_SEARCHED]:
        targets = {target for cell in _distinct(cells) if (target := _label(cell, known))}
        if len(targets) > _ENOUGH and len(targets) == len([cell for cell in _distinct(cells) if cell.strip()]):
            return False  # a row of nothing but names is a row of headings
        first = next((cell for cell in cells if cell.strip()), "")
        if (target := _label(first, known)) and len([cell for cell in _distinct(cells) if cell]) != 1:
            left.add(target)
    return len(left - {IGNORED}) >= _ENOUGH and "name" in {
        target for _, cells in rows[:_SEARCHED] for cell in cells if (target := _label(cell, known))
    }


def _pairs(cells: Sequence[str], known: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the names and values of a row: a name, then what stands until the next name."""
    pairs: list[tuple[str, str]] = []
    is_open = False
    for cell in _distinct(cells):
        if not is_open and _label(cell, known):
            pairs.append((" ".join(cell.split()), ""))
            is_open = True
        elif is_open and pairs:
            pairs[-1] = (pairs[-1][0], cell.strip())
            is_open = False
        elif pairs and cell.strip():
            if len(cell) <= _LONGEST_LABEL and not cell.strip().isdigit():  # a name nobody knows, and its value
                pairs.append((" ".join(cell.split()), ""))
                is_open = True
            else:
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{cell.strip()}".strip())
    if not pairs:
        filled = [cell.strip() for cell in _distinct(cells)]
        if len(filled) == 2 and filled[0] and len(filled[0]) <= _LONGEST_LABEL:  # noqa: PLR2004 - a name nobody knows and its value
            pairs.append((filled[0], filled[1]))
    return pairs


def _starts_card(label: str, cards: Sequence[_Card], known: Mapping[str, str]) -> bool:
    """Say whether a name that comes again begins the next card: the first of the last card, or the item's name."""
    first = next(iter(cards[-1].values))
    return heading_key(label) == heading_key(first) or target_of(label, known) in {"name", "category", "code"}


def _label(cell: str, known: Mapping[str, str]) -> str | None:
    text = cell.strip()
    return target_of(text, known) if text and len(text) <= 2 * _LONGEST_LABEL else None


def _distinct(cells: Sequence[str]) -> list[str]:
    """Return the cells with those left out that repeat the one before, as merging makes them."""
    kept: list[str] = []
    for cell in cells:
        if not kept or cell != kept[-1] or not cell.strip():
            kept.append(cell)
    while kept and not kept[-1].strip() and len(kept) > 2:  # noqa: PLR2004 - a name and an empty value
        kept.pop()
    return kept


def _table(rows: Rows, cards: Sequence[_Card], numbers: Mapping[int, int], passed_over: dict[int, str]) -> Unfolded:
    labels: dict[str, str] = {}
    for card in cards:
        for label in card.values:
            labels.setdefault(heading_key(label), label)
    head, *_ = [number for number, _ in rows if number in numbers]
    places: dict[int, int] = {}  # card → row it stands in
    for number, place in numbers.items():
        if number != head:
            places.setdefault(place, number)
    given: dict[int, list[str]] = {head: list(labels.values())}
    for place, number in places.items():
        values = {heading_key(label): value for label, value in cards[place].values.items()}
        given[number] = [values.get(key, "") for key in labels]
    for number, place in numbers.items():
        if number != head and places[place] != number:
            passed_over[number] = f"第{places[place]}行所示卡片的内容"
    # Rows above the first card would be taken for titles anyway; they are blank, so that none is taken for headings.
    return Unfolded([(number, given.get(number, [])) for number, _ in rows], passed_over)
