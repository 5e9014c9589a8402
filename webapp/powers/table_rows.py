"""Reading one row of a table of powers after the other: cells become the fields of an entry, or problems. Pure.

What is certain is mended and said; what is not refuses the row. The row above is remembered for ditto marks, the group
title above for the category.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from webapp import scan
from webapp.laws.citations import Citation
from webapp.powers import categories
from webapp.powers.completeness import reaches_society
from webapp.powers.fields import FIELDS, Body, check_entry, heading_at
from webapp.powers.fields import field as field_of
from webapp.powers.shapes import Shape
from webapp.powers.table_categories import category_word, own_category
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
from webapp.powers.table_mending import (
    is_ditto,
    mended_figures,
    mended_name,
    one_line,
    plain,
    says_nothing,
    whole_words,
)
from webapp.powers.table_shifts import serial_sign, signs_of_shift
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
    IGNORED,
    PUBLISHABLE,
    SUBCATEGORY,
    is_serial,
)
from webapp.powers.tables import CellRefused

_NO = frozenset({"否", "不公开", "不予公开", "no", "n", "×", "0", "依法不能公开", "暂时不宜公开"})
_SECTIONS = frozenset({"section", "joint_sections", "support_sections"})
_LINES_ONLY = frozenset(each.name for each in FIELDS if each.shape is Shape.LINE)
# Read by their own functions; every other field is read by its shape.
_SPECIAL = _SECTIONS | {"category", "name", "basis", "details", "fees", "duties"}
_SIMPLE = frozenset(each.name for each in FIELDS if each.shape is not Shape.LIMIT) - _SPECIAL
_CONTACT_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
_CONTACTS = frozenset(each.name for each in FIELDS if each.shape is Shape.CONTACT)

Resolver: TypeAlias = Callable[[Citation], Mapping[str, str] | None]


@dataclass(frozen=True)
class CellProblem:
    """Why a row cannot be taken: where it stands, under which heading, what it says, what is wrong."""

    row: int
    column: str
    value: str
    why: str


@dataclass(frozen=True)
class TakenRow:
    """A row that became an entry, with what was mended on the way."""

    row: int
    code: str
    body: Body
    mended: tuple[str, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the reader knows beside the table: the bureau's sections by plain name, empty entries, the law library."""

    sections: Mapping[str, str]
    blank: Callable[[str], Body]
    resolve: Resolver | None
    category: str = ""  # of every row that names none
    category_source: str = ""  # where that stands, for the sentence
    bare_columns: frozenset[int] = frozenset()  # without heading, filled in most rows: known to be lost


class RowReader:
    """Reads one row after the other, remembering the one above and the group it stands in."""

    def __init__(self, headings: Headings, known: Known) -> None:
        self._headings = headings
        self._known = known
        self._serials = frozenset(column for column, word in headings.words.items() if is_serial(word))
        self._above: dict[str, str] = {}
        self._group = self._outer = ""
        self._problems: list[CellProblem] = []
        self._mended: list[str] = []
        self._row = 0

    def stand_under(self, title: str, *, is_outer: bool) -> None:
        """Remember the title of a group of rows; an outer one is a group of the plan, which holds others."""
        self._group = title
        if is_outer:
            self._outer = title

    def read(self, number: int, cells: Sequence[str], told: Sequence[str] = ()) -> TakenRow | list[CellProblem]:
        """Return the entry of a row, or what is wrong with it; `told` is what was mended before."""
        self._row, self._problems, self._mended = number, [], list(told)
        if scan.find_secrecy("\n".join(cells)):
            self._refuse("", "", "含密级标志。本系统为非涉密系统，该行未予读入，请联系局办公室保密员")
            return self._problems
        self._check_columns(cells)
        values = self._values(cells)
        if not values.get("name", "").strip():
            self._refuse("name", "", "缺少项目名称")
        elif not any(text for target, text in values.items() if target not in {"name", "category"}) and (
            len(self._headings.columns) > 2  # noqa: PLR2004 - a narrow table has only names
        ):
            self._refuse("name", values["name"], "只有名称，分不清是分组标题还是事项，请补全或者不导入此行")
        for sign in signs_of_shift(values, self._known.sections.keys()):
            self._refuse(sign.target, values[sign.target], sign.why)
        category = self._category(values)
        if self._group and not category_word(self._group, self._outer) and self._group != self._outer:
            self._mended.append(f"所属分组“{self._group[:30]}”没有写入名称，请核对名称是否完整")
        body = self._known.blank(category)
        body["name"] = values.get("name", "")
        for target, text in values.items():
            self._put(body, target, text, values)
        self._put_basis_parts(body, values)
        self._put_limits(body, values)
        self._put_fees(body, values)
        self._put_disclosure(body, values)
        if not self._problems:
            for problem in check_entry(body):
                self._refuse(problem.field, "", problem.sentence, heading=heading_at(problem.field, body))
        self._above = {**values, "category": values.get("category") or category}
        if self._problems:
            return self._problems
        return TakenRow(number, values.get("code", "").strip(), body, tuple(dict.fromkeys(self._mended)))

    def _check_columns(self, cells: Sequence[str]) -> None:
        """Refuse a value where no column is, and a running number that is none."""
        for column, cell in enumerate(cells):
            word = self._headings.words.get(column, "")
            if not word and cell.strip() and column not in self._known.bare_columns:
                self._refuse("", cell, "多出一栏，疑似错位，请核对整行")
                break
            if column in self._serials and (why := serial_sign(cell)):
                self._refuse("", cell, why, heading=word)

    def _values(self, cells: Sequence[str]) -> dict[str, str]:
        values: dict[str, str] = {}
        for column, target in self._headings.columns.items():
            text = cells[column].strip() if column < len(cells) else ""
            if target == IGNORED:
                continue
            word = self._headings.words[column]
            if text and is_ditto(text):
                above = self._above.get(target, "")
                if above and target not in {"code", "name"}:
                    self._mended.append(f"“{word}”的“{text}”按上一行填写")
                    text = above
                else:
                    self._refuse(target, text, "上一行没有可以照填的内容")
            values[target] = self._mend(target, text, word)
        return values

    def _mend(self, target: str, text: str, word: str) -> str:
        changed, told = mended_figures(text)
        if target == "name":
            changed, more = mended_name(changed)
            told += more
        elif target in _LINES_ONLY and (whole := one_line(changed)) != changed:
            changed = whole
            told.append("去掉换行")
        if told:
            self._mended.append(f"“{word}”：{'，'.join(told)}")
        return changed

    def _category(self, values: Mapping[str, str]) -> str:
        own = [plain(values.get(target, "")) for target in (SUBCATEGORY, "category")]
        code = categories.category_of_code(values.get("code", ""))
        found = own_category(own[0], own[1], self._outer)
        if found and code and code.key != found and own[1]:
            self._refuse("code", values["code"], f"编码属于“{code.name}”，与职权类别不符，请核对整行")
        if any(own):
            if not found:
                self._refuse("category", own[1] or own[0], "没有这个职权类别")
            elif own[0] and not _put_subcategory(None, found, own[0]) and category_word(own[0]) != found:
                self._mended.append(f"子类“{own[0][:20]}”不在所列子类中，没有读入")
            return found
        if found := category_word(self._group, self._outer):
            return found
        if code:
            return code.key
        if self._known.category:
            if self._known.category_source:
                name = categories.category_label(self._known.category)
                self._mended.append(f"职权类别按{self._known.category_source}填写“{name}”")
            return self._known.category
        self._refuse("category", "", "缺少职权类别")
        return ""

    def _put(self, body: Body, target: str, text: str, values: Mapping[str, str]) -> None:
        if not text:
            return
        try:
            if target == DEPARTMENT or target in _SECTIONS:
                self._put_sections(body, target, text)
            elif target == "basis":
                body["basis"] = basis_cell(text, self._known.resolve, self._mended)
            elif target.startswith("details"):
                self._put_details(body, target, text)
            elif target == SUBCATEGORY:
                _put_subcategory(body, body["category"], plain(text))
            elif target in _CONTACTS:
                self._put_contact(body, target, text)
            elif target == "duties":
                body["duties"] = duties_cell(text, self._mended)
            elif target in _SIMPLE:
                is_opinion = target == "disclosure" and text in _NO
                body[target] = "pending" if is_opinion else simple_value(field_of(target), text)
        except CellRefused as refused:
            self._refuse(target, values[target], str(refused))

    def _put_contact(self, body: Body, target: str, text: str) -> None:
        """Put the key of a contact; a telephone stands in the directory and nowhere else."""
        if _CONTACT_KEY.fullmatch(text):
            body[target] = text
        else:
            word = self._headings.word(target)
            self._mended.append(f"“{word}”须从通讯目录选择，“{text[:30]}”没有读入")

    def _put_sections(self, body: Body, target: str, text: str) -> None:
        names = [] if says_nothing(text) else self._named_sections(text)
        if target == DEPARTMENT:
            body["section"], *rest = names or [""]
            body["support_sections"] = [each for each in rest if each not in body["joint_sections"]]
            if rest:
                self._mended.append("承办部门的第一个列为牵头，其余列为配合")
        elif target == "section" and len(names) > 1:
            raise CellRefused("牵头科室只能有一个")
        else:
            body[target] = (names or [""])[0] if target == "section" else names

    def _named_sections(self, text: str) -> list[str]:
        names = []
        for part in parts_of(plain(text) if "\n" not in text else "\n".join(map(plain, text.split("\n")))):
            known = self._known.sections.get(part)
            if known is None:
                raise CellRefused(f"没有“{part[:30]}”这个科室")
            names.append(known)
        return list(dict.fromkeys(names))

    def _put_details(self, body: Body, target: str, text: str) -> None:
        heading = target.removeprefix(DETAIL)
        value = detail_value(body["category"], "" if target == "details" else heading, text)
        body["details"] = {**body["details"], **value}

    def _put_basis_parts(self, body: Body, values: Mapping[str, str]) -> None:
        parts = [values.get(target, "") for target in (BASIS_LAW, BASIS_EDITION, BASIS_ARTICLE)]
        if not any(parts) or body["basis"]:
            return
        try:
            body["basis"] = basis_cell(basis_parts(*parts), self._known.resolve, self._mended)
        except CellRefused as refused:
            self._refuse(BASIS_LAW, parts[0], str(refused))

    def _put_limits(self, body: Body, values: Mapping[str, str]) -> None:
        for name in ("statutory_limit", "promised_limit"):
            number = values.get(f"{name}-n", "")
            rest = values.get(f"{name}-rest", "") or ("" if not number else values.get(DAY_KIND, ""))
            if (not number and not rest) or (says_nothing(number) and not values.get(f"{name}-rest")):
                continue
            try:
                body[name] = limit_cell(plain(number), plain(rest))
            except CellRefused as refused:
                self._refuse(f"{name}-n", f"{number}{rest}", str(refused))

    def _put_fees(self, body: Body, values: Mapping[str, str]) -> None:
        basis, standard = values.get(FEE_BASIS, ""), values.get(FEE_STANDARD, "")
        unit = values.get(FEE_UNIT, "") or (values.get(DAY_KIND, "") if values.get(FEE_STANDARD) else "")
        if standard and unit and not body["statutory_limit"] and not body["promised_limit"]:
            standard = f"{standard} {whole_words(unit)}"
        whole = values.get("fees", "")
        if "|" in whole:
            try:
                body["fees"] = simple_value(field_of("fees"), whole)
            except CellRefused as refused:
                self._refuse("fees", whole, str(refused))
            return
        if whole and not says_nothing(whole):
            standard = whole
            self._mended.append("“收费依据和标准”照原文填在收费标准里")
        if any(text and not says_nothing(text) for text in (basis, standard)):
            body["fees"] = [{"item": body["name"], "basis": one_line(basis), "standard": standard}]

    def _put_disclosure(self, body: Body, values: Mapping[str, str]) -> None:
        if PUBLISHABLE not in values:
            return
        if values[PUBLISHABLE].casefold() in _NO:
            body["disclosure"] = "pending"
            self._mended.append("“不公开”只是科室意见，目录公开属性列为待定；不公开须另行提请审定")
        elif values[PUBLISHABLE]:
            body["disclosure"] = "public" if reaches_society(body) else "bureau"

    def _refuse(self, target: str, value: str, why: str, *, heading: str = "") -> None:
        column = heading or (self._headings.word(target) if target else "")
        if not any((one.column, one.why) == (column, why) for one in self._problems):
            self._problems.append(CellProblem(self._row, column, value[:80], why))


def filled_names(cells: Sequence[str], headings: Headings) -> Iterator[str]:
    """Yield what stands in the column of names."""
    column = headings.column("name")
    if column is not None and column < len(cells) and cells[column].strip():
        yield cells[column]


def _put_subcategory(body: Body | None, key: str, word: str) -> bool:
    """Put a word into the category's field for subcategories; say whether there is one that offers it."""
    found = categories.category(key)
    if found is None:
        return False
    for name in ("subcategory", "nature"):
        each = found.known.get(name)
        if each is not None and each.offers(word):
            if body is not None:
                body["details"] = {**body["details"], name: word}
            return True
    return False
