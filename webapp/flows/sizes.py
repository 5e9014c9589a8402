"""How large the text of a chart is: wrapping, boxes of steps, boxes of labels, in points (1 pt = 1 px). Pure.

No font is asked, so a chart has the same size on every machine: a wide character is 1 em, Latin about 0.6 em, as
measured in the fonts of looks.md; the boxes leave room for fonts that run a little wider. Wrapping never changes the
text: the lines joined are the text, character for character.
"""

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from webapp.flows.words import Body, limit_words

NAME_SIZE, FACT_SIZE, NUMBER_SIZE, LABEL_SIZE = 14.0, 11.5, 10.0, 12.0
LINE_HEIGHT = 1.36
SLANT = 24.0
ROUNDING = 17.0
AFTER_NUMBER = 7.0
# Marks of a step and the fields they stand for.
MARKS = {"control_point": "控", "risk_point": "险"}
NAME_EMS, FACT_EMS, LABEL_EMS = 12, 15, 8

# Room right of the texts for no, one and two marks above each other; a decision is pointed there.
_MARGIN = (13.0, 23.0, 23.0)
_POINTED = (24.0, 27.0, 32.0)
_LONG = 60
_TWO = 2
# How many ems less even two lines may be where that lets the first end with a phrase.
_PHRASE = 4.5
_PAD = 9.0
_GAP = 3.0
_LEAST_WIDTH = 104.0
_WIDE = frozenset("WFA")
_CLOSING = frozenset("、,。;:?!)》〉」』】〕”’…,.;:?!)]}>%")
_HANGING = "".join(sorted(_CLOSING))
_OPENING = frozenset("(《〈「『【〔“‘([{<")


@dataclass(frozen=True)
class StepBox:
    """The box of a step: its size, the gutters left (number) and right (marks), and its texts in lines."""

    width: float
    height: float
    gutter: float
    right: float
    marks: tuple[str, ...]
    name: tuple[str, ...]
    post: tuple[str, ...]
    limit: str
    # Whether post and limit stand in one row.
    one_row: bool


@dataclass(frozen=True)
class LabelBox:
    """The box of a way's condition; width 0 where there is none."""

    width: float
    height: float
    lines: tuple[str, ...]


def ems(text: str) -> float:
    """Return the width of a text in ems."""
    return sum(_ems_of(character) for character in text)


@lru_cache(maxsize=2048)
def wrap(text: str, most: int) -> tuple[str, ...]:
    """Break a text into lines of about `most` ems, evenly; joined they are the text. Long texts get wider lines."""
    width = ems(text)
    if width > _LONG:
        most = max(most, min(30, math.ceil(math.sqrt(width * 2))))
    pieces = list(_pieces(text, most))
    lines = _filled(pieces, most)
    if len(lines) == _TWO and "\n" not in text:
        return _halves(pieces, most) or lines
    # The narrowest limit that needs no more lines gives lines of even length.
    for narrower in range(math.ceil(width / len(lines)) if lines else most, most):
        even = _filled(pieces, narrower)
        if len(even) == len(lines):
            return even
    return lines


def _halves(pieces: list[str], most: int) -> tuple[str, ...]:
    """Return the two most even lines, rather after a punctuation mark than in the middle of a phrase; () if none."""
    widths = [ems(piece) for piece in pieces]
    total, first = sum(widths), 0.0
    best, least = 0, math.inf
    for cut in range(1, len(pieces)):
        first += widths[cut - 1]
        if max(first, total - first) > most + 1:
            continue
        last = pieces[cut - 1][-1]
        uneven = abs(total - 2 * first) - (_PHRASE if last in _CLOSING or last == " " else 0)
        if uneven < least:
            best, least = cut, uneven
    return ("".join(pieces[:best]), "".join(pieces[best:])) if best else ()


def step_box(step: Mapping[str, Any], *, counted: bool) -> StepBox:
    """Measure the box of a step of a flow body; `counted` where the chart has a total limit."""
    marks = tuple(mark for field, mark in MARKS.items() if str(step.get(field) or "").strip())
    texts = tuple(str(step.get(field) or "") for field in ("id", "name", "post"))
    return _measured(str(step.get("kind")), texts, limit_text(step, counted=counted), marks)


@lru_cache(maxsize=2048)
def _measured(kind: str, texts: tuple[str, ...], limit: str, marks: tuple[str, ...]) -> StepBox:
    pointed = kind == "decision"
    number, name, post = texts[0], wrap(texts[1], NAME_EMS), wrap(texts[2], FACT_EMS)
    row = _widest(post, FACT_SIZE) + ems(limit) * FACT_SIZE + _GAP
    one_row = bool(limit) and len(post) == 1 and row <= NAME_EMS * NAME_SIZE
    facts_width = row if one_row else max(_widest(post, FACT_SIZE), ems(limit) * FACT_SIZE)
    inner = max(_widest(name, NAME_SIZE), facts_width)
    facts = len(post) + (1 if limit and not one_row else 0)
    height = len(name) * NAME_SIZE * LINE_HEIGHT + facts * FACT_SIZE * LINE_HEIGHT + (_GAP if facts and name else 0)
    gutter = max(ems(number) * NUMBER_SIZE + 2 * _GAP, SLANT if pointed else 22.0)
    right = (_POINTED if pointed else _MARGIN)[len(marks)]
    width = max(_LEAST_WIDTH, gutter + AFTER_NUMBER + inner + right)
    height = _half(max(height, 16.0) + 2 * _PAD)
    return StepBox(_half(width), height, _half(gutter), right, marks, name, post, limit, one_row)


def step_boxes(body: Body) -> list[StepBox]:
    """Measure all steps of a flow body, in its order."""
    counted = bool(body.get("total_limit"))
    return [step_box(step, counted=counted) for step in body["steps"]]


def label_box(condition: str) -> LabelBox:
    """Measure the box of a condition."""
    lines = wrap(condition, LABEL_EMS)
    if not lines:
        return LabelBox(0.0, 0.0, ())
    return LabelBox(_half(_widest(lines, LABEL_SIZE) + 8), _half(len(lines) * LABEL_SIZE * LINE_HEIGHT + 4), lines)


def limit_text(step: Mapping[str, Any], *, counted: bool) -> str:
    """Return the limit as it stands in the box: (5个工作日); (20日，另计) where a counted chart leaves it out."""
    limit = step.get("limit")
    if not limit:
        return ""
    apart = "，另计" if counted and limit["n"] and not step.get("counts_towards_limit") else ""
    return f"({limit_words(limit)}{apart})"


def job_of(body: Body) -> dict[str, Any]:
    """Return the job for the layout child: sizes and numbers only, no text of anybody."""
    steps = body["steps"]
    place: dict[str, int] = {}
    for index, step in enumerate(steps):
        place.setdefault(step["id"], index)
    boxes = step_boxes(body)
    ways: list[list[float]] = []
    for told in drawn_ways(body):
        label = label_box(told["condition"])
        ways.append([place[told["from"]], place[told["to"]], label.width, label.height])
    spine = _spine(len(steps), [(way[0], way[1]) for way in ways])
    for way in ways:
        way.append(int((way[0], way[1]) in spine))
    return {"nodes": [[box.width, box.height] for box in boxes], "ways": ways}


def drawn_ways(body: Body) -> list[Mapping[str, Any]]:
    """Return the transitions whose two ends exist; the others cannot be drawn and are reported by the checks."""
    known = {step["id"] for step in body["steps"]}
    return [way for way in body["transitions"] if way["from"] in known and way["to"] in known]


def _spine(count: int, ways: list[tuple[float, float]]) -> set[tuple[float, float]]:
    """Return the ways of the longest chain down the table from its first row: drawn straight, the rest hangs on it."""
    before: dict[float, float] = {}
    length = {0.0: 0}
    for source, target in sorted(ways):
        # Sorted by source: a row's own length is final when the ways out of it are looked at.
        if source < target and source in length and length[source] + 1 > length.get(target, -1):
            length[target] = length[source] + 1
            before[target] = source
    last = max(length, key=lambda row: (length[row], row)) if count else 0.0
    chain = set()
    while last in before:
        chain.add((before[last], last))
        last = before[last]
    return chain


@lru_cache(maxsize=8192)
def _ems_of(character: str) -> float:
    if character.isascii():
        if character in "mwMW@%&":
            return 0.95
        return 0.72 if character.isupper() else 0.6 if character.isprintable() else 0.0
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in _WIDE:
        return 1.35 if category == "So" else 1.0
    return 0.8


def _pieces(text: str, most: int) -> Iterator[str]:
    """Yield what may not be parted: a wide character and its marks, a Latin word, brackets with what they enclose."""
    piece, width = "", 0.0
    for index, character in enumerate(text):
        own = _ems_of(character)
        if piece and (_parts(text[index - 1], character) or width + own > most):
            yield piece
            piece, width = "", 0.0
        piece += character
        width += own
    if piece:
        yield piece


def _parts(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    if before == "\n":
        return True
    if after in _CLOSING or before in _OPENING or after.isspace() or (_ems_of(after) == 0 and after != "\n"):
        return False
    if before == "\u200d":
        return False
    return before.isspace() or not (_is_word(before) and _is_word(after))


def _is_word(character: str) -> bool:
    return unicodedata.east_asian_width(character) not in _WIDE


def _filled(pieces: list[str], most: int) -> tuple[str, ...]:
    lines: list[str] = []
    room = 0.0
    for piece in pieces:
        # A closing mark may hang over the edge: the box is as wide as its widest line, whatever the limit was.
        width = ems(piece.rstrip(_HANGING))
        if lines and width <= room and not lines[-1].endswith("\n"):
            lines[-1] += piece
        else:
            lines.append(piece)
            room = float(most)
        room -= ems(piece)
    return tuple(lines)


def _widest(lines: tuple[str, ...], size: float) -> float:
    return max((ems(line) for line in lines), default=0.0) * size


def _half(points: float) -> float:
    """Round up to half points: short numbers, the same on every machine."""
    return math.ceil(points * 2) / 2
