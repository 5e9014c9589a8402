"""Reading a table of powers people made: rows become entries, or are refused with row, column, value, why. Pure.

What is certain is mended and said (ditto marks, full-width figures, group rows); what is not is refused. Nothing is
misfiled: an unknown section or category, a bad limit or a cell too many refuses the row. A "不公开" in a table is the
section's opinion (practice.md): the entry is read as 待定. Rows = taken + refused + passed over (titles, blank rows).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from webapp.laws.citations import Citation, parse_citations
from webapp.powers import categories
from webapp.powers.completeness import reaches_society
from webapp.powers.fields import FIELDS, Body, check_entry, heading_at
from webapp.powers.fields import field as field_of
from webapp.powers.shapes import Shape
from webapp.powers.table_headings import (
    DAY_KIND,
    DEPARTMENT,
    FEE_BASIS,
    FEE_STANDARD,
    IGNORED,
    PUBLISHABLE,
    SUBCATEGORY,
    Headings,
    find_headings,
    is_repeated,
)
from webapp.powers.tables import CellRefused, details_of, limit_of, value_of

_DITTO = frozenset({"同上", "同前", "〃", "″", '"', "“", "”", "''", "々", "-〃-"})
_LONGEST_DITTO = 6
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计)")
_SIGNED = re.compile(r"^(?:填表|制表|填报|审核|科长|负责人|联系电话|注)[^ ]*[::]")
_NUMBERED = re.compile(r"^\s*(?:[(]?[一二三四五六七八九十百]+[)、.]|[(]?[0-9]+[)、.])\s*")
_PARTS = re.compile(r"[;、,\n]+")
_ONE_LIMIT = re.compile(r"([0-9]{1,7})\s*(?:个)?(工作日|日历日|自然日|天|日|月|年|小时)(?:内)?(?:;(.*))?")
_NO = frozenset({"否", "不公开", "不予公开", "no", "n", "×", "0", "依法不能公开", "暂时不宜公开"})

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


@dataclass
class TableReading:
    """What became of every row of a table."""

    headings: Headings
    taken: list[TakenRow] = field(default_factory=list)
    refused: list[CellProblem] = field(default_factory=list)  # several for one row where several cells are wrong
    passed_over: list[tuple[int, str]] = field(default_factory=list)  # row, why

    @property
    def refused_rows(self) -> list[int]:
        """Return the numbers of the refused rows."""
        return list(dict.fromkeys(problem.row for problem in self.refused))

    @property
    def total(self) -> int:
        """Return the number of rows: taken, refused and passed over."""
        return len(self.taken) + len(self.refused_rows) + len(self.passed_over)


def read_entries(
    rows: Sequence[tuple[int, Sequence[str]]],
    *,
    sections: Collection[str],
    blank: Callable[[str], Body],
    resolve: Resolver | None = None,
    mapping: Mapping[str, str] | None = None,
) -> TableReading:
    """Read rows (number in the file, cells) below their headings.

    `blank` makes the empty entry of a category, `resolve` gives the law library's row for a citation. Raises RuleBroken
    where the headings cannot be found.
    """
    headings = find_headings([cells for _, cells in rows], mapping)
    reading = TableReading(headings)
    reading.passed_over += [(number, "表头或表头以上的行") for number, _ in rows[: headings.first]]
    reader = _RowReader(headings, {_plain(name): name for name in sections}, blank, resolve)
    for number, cells in rows[headings.first :]:
        if why := reader.why_passed_over(cells):
            reading.passed_over.append((number, why))
            continue
        taken, problems = reader.read(number, cells)
        if taken is not None and not problems:
            reading.taken.append(taken)
        reading.refused += problems
    return reading


class _RowReader:
    """Reads one row after the other, remembering the one above and the group it stands in."""

    def __init__(
        self,
        headings: Headings,
        sections: Mapping[str, str],
        blank: Callable[[str], Body],
        resolve: Resolver | None,
    ) -> None:
        self._headings = headings
        self._sections = sections
        self._blank = blank
        self._resolve = resolve
        self._above: dict[str, str] = {}
        self._group = ""
        self._problems: list[CellProblem] = []
        self._mended: list[str] = []
        self._row = 0

    def why_passed_over(self, cells: Sequence[str]) -> str | None:
        """Return why a row is no item: blank, a repeated heading, a total, a group's title, a line to sign."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            return "空行"
        if is_repeated(cells, self._headings):
            return "重复的表头"
        if _TOTAL.match(filled[0]):
            return "合计行"
        if len(set(filled)) == 1 and len(self._headings.columns) > 2:  # noqa: PLR2004 - a narrow table has no groups
            if _SIGNED.match(_plain(filled[0])):
                return "签字或说明行"
            title = _NUMBERED.sub("", _plain(filled[0]))
            if _category_word(title) or not any(cell.strip() for cell in self._named(cells)):
                self._group = title
                return f"分组行“{title[:30]}”"
        return None

    def read(self, number: int, cells: Sequence[str]) -> tuple[TakenRow | None, list[CellProblem]]:
        """Return the entry of a row, or what is wrong with it."""
        self._row, self._problems, self._mended = number, [], []
        extra = [cell for column, cell in enumerate(cells) if cell.strip() and column > max(self._headings.columns)]
        if extra and not self._headings.unknown:
            self._refuse("", extra[0], "多出一栏，疑似错位，请核对整行")
        values = self._values(cells)
        category = self._category(values)
        if not values.get("name", "").strip():
            self._refuse("name", "", "缺少项目名称")
        body = self._blank(category)
        body["name"] = _NUMBERED.sub("", " ".join(values.get("name", "").split()))
        for target, text in values.items():
            self._put(body, target, text, values)
        self._put_limits(body, values)
        self._put_fees(body, values)
        self._put_disclosure(body, values)
        if not self._problems:
            for problem in check_entry(body):
                self._refuse(problem.field, "", problem.sentence, heading=heading_at(problem.field, body))
        self._above = {**values, "category": values.get("category") or category}
        taken = TakenRow(number, values.get("code", "").strip(), body, tuple(self._mended))
        return (None if self._problems else taken), self._problems

    def _named(self, cells: Sequence[str]) -> list[str]:
        return [cells[c] for c, target in self._headings.columns.items() if target == "name" and c < len(cells)]

    def _values(self, cells: Sequence[str]) -> dict[str, str]:
        values: dict[str, str] = {}
        for column, target in self._headings.columns.items():
            text = cells[column].strip() if column < len(cells) else ""
            if target == IGNORED:
                continue
            if len(text) <= _LONGEST_DITTO and text.replace(" ", "").replace("\u3000", "") in _DITTO:
                above = self._above.get(target, "")
                if above and target not in {"code", "name"}:
                    self._mended.append(f"“{self._headings.word(target)}”的“{text}”按上一行填写")
                    text = above
                else:
                    self._refuse(target, text, "上一行没有可以照填的内容")
            values[target] = text
        return values

    def _category(self, values: Mapping[str, str]) -> str:
        for text in (values.get(SUBCATEGORY, ""), values.get("category", ""), self._group):
            if found := _category_word(_plain(text)):
                return found
        word = values.get(SUBCATEGORY) or values.get("category", "")
        code = categories.category_of_code(values.get("code", ""))
        if not word and code:
            return code.key
        self._refuse("category", word, "没有这个职权类别" if word else "缺少职权类别")
        return ""

    def _put(self, body: Body, target: str, text: str, values: Mapping[str, str]) -> None:
        if not text or target in {"code", "category", "name"}:
            return
        try:
            if target == DEPARTMENT:
                body["section"], *rest = self._named_sections(text) or [""]
                body["support_sections"] = [each for each in rest if each not in body["joint_sections"]]
                if rest:
                    self._mended.append("承办部门的第一个列为牵头，其余列为配合")
            elif target in {"section", "joint_sections", "support_sections"}:
                names = self._named_sections(text)
                body[target] = names[0] if target == "section" and names else names
            elif target == "basis":
                body["basis"] = self._basis(text)
            elif target == "details":
                body["details"] = details_of(body["category"], text)
            elif target == SUBCATEGORY:
                _put_subcategory(body, _plain(text))
            elif target in _SIMPLE:
                body[target] = _simple(target, text)
        except CellRefused as refused:
            self._refuse(target, values[target], str(refused))

    def _named_sections(self, text: str) -> list[str]:
        names = []
        for part in _PARTS.split(_plain(text)):
            if not part.strip():
                continue
            known = self._sections.get(part.strip())
            if known is None:
                raise CellRefused(f"没有“{part.strip()[:30]}”这个科室")
            names.append(known)
        return list(dict.fromkeys(names))

    def _basis(self, text: str) -> list[dict[str, str]]:
        try:
            rows: list[dict[str, str]] = value_of(field_of("basis"), text)
        except CellRefused:
            rows = []
            for citation in parse_citations(text):
                found = self._resolve(citation) if self._resolve else None
                if found is None and self._resolve:
                    self._mended.append(f"法规制度库中没有“{citation.law[:40]}”，依据照原文填写")
                plain = {"law": citation.law, "edition": citation.edition, "article": citation.article}
                rows.append({"kind": "", **plain, "role": ""} if found is None else dict(found))
            if not rows:
                raise CellRefused("没有读出法律法规名称") from None
        return rows

    def _put_limits(self, body: Body, values: Mapping[str, str]) -> None:
        for name in ("statutory_limit", "promised_limit"):
            number = values.get(f"{name}-n", "")
            rest = values.get(f"{name}-rest", "") or ("" if not number else values.get(DAY_KIND, ""))
            if not number and not rest:
                continue
            try:
                body[name] = _limit(_plain(number), _plain(rest))
            except CellRefused as refused:
                self._refuse(f"{name}-n", f"{number}{rest}", str(refused))

    def _put_fees(self, body: Body, values: Mapping[str, str]) -> None:
        basis, standard = values.get(FEE_BASIS, ""), values.get(FEE_STANDARD, "")
        if (basis or standard) and not re.fullmatch(r"无|不收费|/|-*", basis + standard):
            body["fees"] = [{"item": body["name"], "basis": basis, "standard": standard}]

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
        self._problems.append(CellProblem(self._row, column, value[:80], why))


# Read by their own functions above; every other field is read by its shape.
_SPECIAL = {"category", "name", "section", "joint_sections", "support_sections", "basis", "details"}
_SIMPLE = {each.name for each in FIELDS if each.shape is not Shape.LIMIT} - _SPECIAL


def _simple(target: str, text: str) -> object:
    each = field_of(target)
    if each.shape is Shape.LINES and "\\" not in text:
        return [part.strip() for part in re.split(r"[;\uff1b\n]+", text) if part.strip()]
    if target == "disclosure" and text in _NO:
        return "pending"
    if each.shape in {Shape.CHOICE, Shape.CHOICES, Shape.FLOWS, Shape.DAY, Shape.CONTACT}:
        text = _plain(text)
    return value_of(each, text)


def _limit(number: str, rest: str) -> dict[str, object] | None:
    """Read a limit in two cells, or in one as people write it: 20个工作日, 三十日 is refused, 即时 is 0."""
    text = f"{number}{rest}"
    if text.startswith(("当场", "即时", "即办")):
        return limit_of("", "当场")
    if match := _ONE_LIMIT.fullmatch(text):
        return limit_of(match[1], match[2] + (f";{match[3]}" if match[3] else ""))
    return limit_of(number, rest)


def _put_subcategory(body: Body, word: str) -> None:
    found = categories.category(body["category"])
    if found is None:
        return
    for name in ("subcategory", "nature"):
        each = found.known.get(name)
        if each is not None and each.offers(word):
            body["details"] = {**body["details"], name: word}


def _category_word(word: str) -> str:
    """Return the category a word means: its name, one of its subcategories, or a group that has only one."""
    for each in categories.CATEGORIES:
        if word and word in {each.name, each.key, *each.subcategories}:
            return each.key
    for key, name, within in categories.in_tree():
        if word in {key, name} and len(within) == 1:
            return within[0].key
    return ""


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
