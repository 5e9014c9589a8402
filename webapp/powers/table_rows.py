"""Reading one row of a table of powers after the other: cells become the fields of an entry, or problems. Pure.

What is certain is mended and said; what is not refuses the row. The row above is remembered for ditto marks, the group
title above for the category.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from webapp import scan
from webapp.powers import categories
from webapp.powers.fields import FIELDS, Body, check_entry, heading_at
from webapp.powers.shapes import Shape
from webapp.powers.table_categories import category_word, own_category
from webapp.powers.table_entry import CellProblem, EntryFilling, Findings, Resolver, put_subcategory
from webapp.powers.table_headings import Headings
from webapp.powers.table_mending import is_ditto, mended_figures, mended_name, one_line, plain
from webapp.powers.table_neighbours import Moved
from webapp.powers.table_shifts import serial_sign, signs_of_shift
from webapp.powers.table_words import IGNORED, SUBCATEGORY, is_serial

_LINES_ONLY = frozenset(each.name for each in FIELDS if each.shape is Shape.LINE)


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
        self._found = Findings(0, headings)

    def stand_under(self, title: str, *, is_outer: bool) -> None:
        """Remember the title of a group of rows; an outer one is a group of the plan, which holds others."""
        self._group = title
        if is_outer:
            self._outer = title

    def read(
        self, number: int, cells: Sequence[str], told: Sequence[str] = (), moved: Moved | None = None
    ) -> TakenRow | list[CellProblem]:
        """Return the entry of a row, or what is wrong with it.

        `told` is what was mended before, `moved` what the rows beside it say of its place.
        """
        self._found = Findings(number, self._headings, mended=list(told))
        if scan.find_secrecy("\n".join(cells)):
            self._found.refuse("", "", "含密级标志。本系统为非涉密系统，该行未予读入，请联系局办公室保密员")
            return self._found.problems
        self._check_columns(cells, moved)
        values = self._values(cells)
        self._check_values(values)
        category = self._category(values)
        if self._group and not category_word(self._group, self._outer) and self._group != self._outer:
            self._found.tell(f"所属分组“{self._group[:30]}”没有写入名称，请核对名称是否完整")
        body = self._known.blank(category)
        body["name"] = values.get("name", "")
        EntryFilling(body, self._found, self._known.sections, self._known.resolve).fill(values)
        if not self._found.problems:
            for problem in check_entry(body):
                self._found.refuse(problem.field, "", problem.sentence, heading=heading_at(problem.field, body))
        self._above = {**values, "category": values.get("category") or category}
        if self._found.problems:
            return self._found.problems
        return TakenRow(number, values.get("code", "").strip(), body, tuple(dict.fromkeys(self._found.mended)))

    def _check_values(self, values: Mapping[str, str]) -> None:
        """Refuse a row without a name, with a name alone, and values that cannot stand where they stand."""
        if not values.get("name", "").strip():
            self._found.refuse("name", "", "缺少项目名称")
        elif not any(text for target, text in values.items() if target not in {"name", "category"}) and (
            len(self._headings.columns) > 2  # noqa: PLR2004 - a narrow table has only names
        ):
            self._found.refuse("name", values["name"], "只有名称，分不清是分组标题还是事项，请补全或者不导入此行")
        for sign in signs_of_shift(values, self._known.sections.keys()):
            self._found.refuse(sign.target, values[sign.target], sign.why)

    def _check_columns(self, cells: Sequence[str], moved: Moved | None) -> None:
        """Refuse a row that moved, a value where no column is, and a running number that is none."""
        if moved is not None:
            cell = cells[moved.column] if moved.column < len(cells) else ""
            self._found.refuse("", cell, moved.sentence, heading=self._headings.words.get(moved.column, ""))
        for column, cell in enumerate(cells):
            word = self._headings.words.get(column, "")
            if not word and cell.strip() and column not in self._known.bare_columns:
                self._found.refuse("", cell, "多出一栏，疑似错位，请核对整行")
                break
            if column in self._serials and (why := serial_sign(cell)):
                self._found.refuse("", cell, why, heading=word)

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
                    self._found.tell(f"“{word}”的“{text}”按上一行填写")
                    text = above
                else:
                    self._found.refuse(target, text, "上一行没有可以照填的内容")
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
            self._found.tell(f"“{word}”：{'，'.join(told)}")
        return changed

    def _category(self, values: Mapping[str, str]) -> str:
        own = [plain(values.get(target, "")) for target in (SUBCATEGORY, "category")]
        code = categories.category_of_code(values.get("code", ""))
        found = own_category(own[0], own[1], self._outer)
        if found and code and code.key != found and own[1]:
            self._found.refuse("code", values["code"], f"编码属于“{code.name}”，与职权类别不符，请核对整行")
        if any(own):
            if not found:
                self._found.refuse("category", own[1] or own[0], "没有这个职权类别")
            elif (
                own[0]
                and not put_subcategory({"category": found, "details": {}}, own[0])
                and category_word(own[0]) != found
            ):
                self._found.tell(f"子类“{own[0][:20]}”不在所列子类中，没有读入")
            return found
        if found := category_word(self._group, self._outer):
            return found
        if code:
            return code.key
        if self._known.category:
            if self._known.category_source:
                name = categories.category_label(self._known.category)
                self._found.tell(f"职权类别按{self._known.category_source}填写“{name}”")
            return self._known.category
        self._found.refuse("category", "", "缺少职权类别")
        return ""


def filled_names(cells: Sequence[str], headings: Headings) -> Iterator[str]:
    """Yield what stands in the column of names."""
    column = headings.column("name")
    if column is not None and column < len(cells) and cells[column].strip():
        yield cells[column]


def _like(category: str) -> Body:
    """Return as much of a body as it takes to try a subcategory."""
    return {"category": category, "details": {}}
