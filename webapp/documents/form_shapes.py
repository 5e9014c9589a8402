"""What a form is made of: columns or boxes, editions, who signs. Pure; the forms themselves are in `forms`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.documents.paper import NONE, Align, Cell, Grid, Heading, Layout, Pair, Row, RowKind, Signs, filled


class Edition(StrEnum):
    """For whom a paper is made."""

    REVIEW = "review"
    PUBLIC = "public"


EDITIONS = {Edition.REVIEW: "报审稿", Edition.PUBLIC: "公开稿"}


@dataclass(frozen=True)
class Column:
    """A column of a form: the key of its values, its heading and width in mm; `only` in one edition."""

    key: str
    text: str
    width: float
    align: Align = "left"
    only: Edition | None = None
    none: str = NONE  # what stands where there is no value


@dataclass(frozen=True)
class Box:
    """A labelled box of a form in a grid."""

    key: str
    label: str
    units: int = 12
    label_units: int = 2
    none: str = NONE


@dataclass(frozen=True)
class Form:
    """One official paper. A title may name the section or the bureau; a form without columns is text or boxes."""

    name: str  # in addresses
    number: str  # as the plan's annexes are called
    title: str
    layout: Layout
    columns: tuple[Column, ...] = ()
    boxes: tuple[tuple[Box, ...], ...] = ()
    signs: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = (Edition.REVIEW,)
    per_section: bool = False
    per_bureau: bool = False  # made by the leading group's office only
    about: str = ""

    def in_edition(self, edition: Edition) -> tuple[Column, ...]:
        """Return the columns an edition has."""
        return tuple(column for column in self.columns if column.only in {None, edition})

    def headings(self, edition: Edition) -> tuple[Heading, ...]:
        """Return the headings an edition has."""
        return tuple(Heading(c.text, c.width, c.align) for c in self.in_edition(edition))

    def row(self, edition: Edition, values: Mapping[str, Cell], kind: RowKind = "row") -> Row:
        """Return a row of values in the order of the edition's columns; what is not given is never left empty."""
        cells: list[Cell] = []
        for column in self.in_edition(edition):
            value = values.get(column.key, "")
            cells.append(value if isinstance(value, int) else filled(value, column.none))
        return Row(tuple(cells), kind)

    def grid(self, values: Mapping[str, str]) -> Grid:
        """Return the boxes with their values."""
        return Grid(
            tuple(
                tuple(
                    Pair(box.label, filled(values.get(box.key, ""), box.none), box.units, box.label_units)
                    for box in row
                )
                for row in self.boxes
            ),
        )

    def sign_line(self, edition: Edition) -> tuple[Signs, ...]:
        """Return the sign line of a paper for review; a public edition is signed nowhere."""
        return (Signs(self.signs),) if self.signs and edition is Edition.REVIEW else ()
