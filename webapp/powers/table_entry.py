"""Filling an entry from the cells of one row: each column by its field; what that cannot hold is refused. Pure.

What a clerk could not have meant otherwise is taken and told. "不公开" is only an opinion and leaves the entry 待定.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from webapp.laws.citations import Citation
from webapp.powers import categories
from webapp.powers.completeness import reaches_society
from webapp.powers.fields import FIELDS, Body
from webapp.powers.fields import field as field_of
from webapp.powers.shapes import Shape
from webapp.powers.table_cells import (
    basis_cell,
    basis_parts,
    detail_value,
    duties_cell,
    limit_cell,
    parts_of,
    simple_value,
)
from webapp.powers.table_headings import Headings
from webapp.powers.table_mending import one_line, plain, says_nothing, whole_words
from webapp.powers.table_words import (
    BASIS_ARTICLE,
    BASIS_EDITION,
    BASIS_LAW,
    DAY_KIND,
    DEPARTMENT,
    DETAIL,
    FEE_BASIS,
    FEE_STANDARD,
    FEE_UNIT,
    PUBLISHABLE,
    SUBCATEGORY,
)
from webapp.powers.tables import CellRefused

_NO = frozenset({"否", "不公开", "不予公开", "no", "n", "×", "0", "依法不能公开", "暂时不宜公开"})
_NO_SECTION = frozenset({"无", "—", "-", "/"})
_SECTIONS = frozenset({"section", "joint_sections", "support_sections"})
# Read by their own functions; every other field is read by its shape.
_SPECIAL = _SECTIONS | {"category", "name", "basis", "details", "fees", "duties"}
_SIMPLE = frozenset(each.name for each in FIELDS if each.shape is not Shape.LIMIT) - _SPECIAL
_CONTACTS = frozenset(each.name for each in FIELDS if each.shape is Shape.CONTACT)
_CONTACT_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")

Resolver: TypeAlias = Callable[[Citation], Mapping[str, str] | None]


@dataclass(frozen=True)
class CellProblem:
    """Why a row cannot be taken: where it stands, under which heading, what it says, what is wrong."""

    row: int
    column: str
    value: str
    why: str


@dataclass
class Findings:
    """What is found in one row: what is wrong, what was mended."""

    row: int
    headings: Headings
    problems: list[CellProblem] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)

    def refuse(self, target: str, value: str, why: str, *, heading: str = "") -> None:
        """Note what is wrong with a cell, once."""
        column = heading or (self.headings.word(target) if target else "")
        if not any((one.column, one.why) == (column, why) for one in self.problems):
            self.problems.append(CellProblem(self.row, column, value[:80], why))

    def tell(self, sentence: str) -> None:
        """Note what was mended."""
        self.mended.append(sentence)


class EntryFilling:
    """Fills a body from the values of a row, by target."""

    def __init__(self, body: Body, found: Findings, sections: Mapping[str, str], resolve: Resolver | None) -> None:
        self._body = body
        self._found = found
        self._sections = sections
        self._resolve = resolve

    def fill(self, values: Mapping[str, str]) -> None:
        """Put every value where it belongs."""
        for target, text in values.items():
            self._put(target, text)
        self._put_basis_parts(values)
        self._put_limits(values)
        self._put_fees(values)
        self._put_disclosure(values)

    def _put(self, target: str, text: str) -> None:
        if not text:
            return
        try:
            if target == DEPARTMENT or target in _SECTIONS:
                self._put_sections(target, text)
            elif target == "basis":
                self._body["basis"] = basis_cell(text, self._resolve, self._found.mended)
            elif target.startswith("details"):
                self._put_details(target, text)
            elif target == SUBCATEGORY:
                put_subcategory(self._body, plain(text))
            elif target in _CONTACTS:
                self._put_contact(target, text)
            elif target == "duties":
                self._body["duties"] = duties_cell(text, self._found.mended)
            elif target in _SIMPLE:
                is_opinion = target == "disclosure" and text in _NO
                self._body[target] = "pending" if is_opinion else simple_value(field_of(target), text)
        except CellRefused as refused:
            self._found.refuse(target, text, str(refused))

    def _put_contact(self, target: str, text: str) -> None:
        """Put the key of a contact; a telephone stands in the directory and nowhere else."""
        if _CONTACT_KEY.fullmatch(text):
            self._body[target] = text
        else:
            word = self._found.headings.word(target)
            self._found.tell(f"“{word}”须从通讯目录选择，“{text[:30]}”没有读入")

    def _put_sections(self, target: str, text: str) -> None:
        names = [] if plain(text) in _NO_SECTION else self._named_sections(text)
        if target == DEPARTMENT:
            self._body["section"], *rest = names or [""]
            self._body["support_sections"] = [each for each in rest if each not in self._body["joint_sections"]]
            if rest:
                self._found.tell("承办部门的第一个列为牵头，其余列为配合")
        elif target == "section" and len(names) > 1:
            raise CellRefused("牵头科室只能有一个")
        else:
            self._body[target] = (names or [""])[0] if target == "section" else names

    def _named_sections(self, text: str) -> list[str]:
        names = []
        for part in parts_of(plain(text) if "\n" not in text else "\n".join(map(plain, text.split("\n")))):
            known = self._sections.get(part)
            if known is None:
                raise CellRefused(f"没有“{part[:30]}”这个科室")
            names.append(known)
        return list(dict.fromkeys(names))

    def _put_details(self, target: str, text: str) -> None:
        heading = target.removeprefix(DETAIL)
        value = detail_value(self._body["category"], "" if target == "details" else heading, text)
        self._body["details"] = {**self._body["details"], **value}

    def _put_basis_parts(self, values: Mapping[str, str]) -> None:
        parts = [values.get(target, "") for target in (BASIS_LAW, BASIS_EDITION, BASIS_ARTICLE)]
        if not any(parts) or self._body["basis"]:
            return
        try:
            self._body["basis"] = basis_cell(basis_parts(*parts), self._resolve, self._found.mended)
        except CellRefused as refused:
            self._found.refuse(BASIS_LAW, parts[0], str(refused))

    def _put_limits(self, values: Mapping[str, str]) -> None:
        for name in ("statutory_limit", "promised_limit"):
            number = values.get(f"{name}-n", "")
            rest = values.get(f"{name}-rest", "") or ("" if not number else values.get(DAY_KIND, ""))
            if (not number and not rest) or (says_nothing(number) and not values.get(f"{name}-rest")):
                continue
            try:
                self._body[name] = limit_cell(plain(number), plain(rest))
            except CellRefused as refused:
                self._found.refuse(f"{name}-n", f"{number}{rest}", str(refused))

    def _put_fees(self, values: Mapping[str, str]) -> None:
        basis, standard = values.get(FEE_BASIS, ""), values.get(FEE_STANDARD, "")
        unit = values.get(FEE_UNIT, "") or (values.get(DAY_KIND, "") if values.get(FEE_STANDARD) else "")
        if standard and unit and not self._body["statutory_limit"] and not self._body["promised_limit"]:
            standard = f"{standard} {whole_words(unit)}"
        whole = values.get("fees", "")
        if "|" in whole:
            try:
                self._body["fees"] = simple_value(field_of("fees"), whole)
            except CellRefused as refused:
                self._found.refuse("fees", whole, str(refused))
            return
        if whole and not says_nothing(whole):
            standard = whole
            self._found.tell("“收费依据和标准”照原文填在收费标准里")
        if any(text and not says_nothing(text) for text in (basis, standard)):
            self._body["fees"] = [{"item": self._body["name"], "basis": one_line(basis), "standard": standard}]

    def _put_disclosure(self, values: Mapping[str, str]) -> None:
        if PUBLISHABLE not in values:
            return
        if values[PUBLISHABLE].casefold() in _NO:
            self._body["disclosure"] = "pending"
            self._found.tell("“不公开”只是科室意见，目录公开属性列为待定；不公开须另行提请审定")
        elif values[PUBLISHABLE]:
            self._body["disclosure"] = "public" if reaches_society(self._body) else "bureau"


def put_subcategory(body: Body, word: str) -> bool:
    """Put a word into the category's field for subcategories; say whether there is one that offers it."""
    found = categories.category(body["category"])
    if found is None:
        return False
    for name in ("subcategory", "nature"):
        each = found.known.get(name)
        if each is not None and each.offers(word):
            body["details"] = {**body["details"], name: word}
            return True
    return False
