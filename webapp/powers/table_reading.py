"""Reading a table of powers people made: rows become entries, or are refused with row, column, value, why. Pure.

What is certain is mended and said (ditto marks, full-width figures, group rows); what is not is refused. Nothing is
misfiled: an unknown section or category, a bad limit, a cell too many or a value in the wrong column refuses the row.
A "不公开" in a table is the section's opinion (practice.md): the entry is read as 待定. Rows = taken + refused + passed
over (titles, blank rows).
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from webapp import scan
from webapp.powers.categories import GROUPS
from webapp.powers.fields import Body
from webapp.powers.table_categories import category_of_title, category_word, group_title
from webapp.powers.table_entry import CellProblem, Resolver
from webapp.powers.table_headings import Headings
from webapp.powers.table_mending import plain
from webapp.powers.table_neighbours import moved_rows
from webapp.powers.table_regular import Filled, Regular, regular
from webapp.powers.table_rows import Known, RowReader, TakenRow, filled_names
from webapp.powers.table_words import is_serial
from webapp.rules import RuleBroken

__all__ = ["CellProblem", "TableReading", "TakenRow", "read_entries"]

_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|总数)(?:$|[:0-9(共项]|[^一-龥])")
_SIGNED = re.compile(
    r"^(?:(?:填表|制表|填报|审核|负责|核查|经办|分管|主管|编制|复核|联系)(?:人|单位|部门|科室|领导|电话|日期|时间)?(?:签字|签名|\(盖章\)|\(签字\))?"
    r"|科长(?:签字|审核意见)?|组长|科室负责人(?:签字)?|局领导|单位\(盖章\)|\(?盖章\)?|日期|联系电话|注|备注|说明|注释|填表说明)\s*[::(]"
)
_SIGN_LINE = re.compile(r"^(?:[0-9 ]*年[0-9 ]*月[0-9 ]*日|\(?盖章\)?|[_ ]+)$")
_PAGE = re.compile(r"^(?:[-—]*\s*第?\s*[0-9]+\s*[页/][共 0-9页]*\s*[-—]*|[-—]\s*[0-9]+\s*[-—])$")
_CHINESE_SERIAL = re.compile(r"^[一二三四五六七八九十]+[、.]?$")
_DEEPER = re.compile(r"^(?:[(]?[0-9一二三四五六七八九十]+[)]|)$")
_HALF = 0.5
_GROUP_NAMES = frozenset(name for _, name in GROUPS)


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
    filled: Filled | None = None,
    title: str = "",
    category: str = "",
) -> TableReading:
    """Read rows (number in the file, cells) below their headings.

    `blank` makes the empty entry of a category, `resolve` gives the law library's row for a citation. `filled` names
    the cells that merging filled (`documents.reading.Table.filled`), `title` is the sheet's name or the text above the
    table, `category` the key of the category of all rows that name none. Raises RuleBroken where the headings cannot be
    found, or what stands above them holds a secrecy marking.
    """
    table = regular(rows, filled=filled, title=title, mapping=mapping)
    if sentence := scan.secrecy_sentence("\n".join([table.title, *table.headings.words.values()])):
        raise RuleBroken(sentence)
    bare = _bare_columns(table)
    headings = table.headings
    if bare:
        lost = tuple(f"第{column + 1}列(没有表头)" for column in sorted(bare))
        headings = Headings(headings.first, headings.columns, headings.words, (*headings.unknown, *lost), headings.rows)
    reading = TableReading(headings)
    found, source = (category, "") if category else _category_of_table(table)
    known = Known({plain(name): name for name in sections}, blank, resolve, found, source, bare)
    reader = RowReader(headings, known)
    moved = moved_rows(
        [each for each in table.rows[headings.first :] if each[0] not in table.passed_over],
        max(headings.words, default=-1) + 1,
    )
    for index, (number, cells) in enumerate(table.rows):
        why = table.passed_over.get(number) or _why_passed_over(table, index, reader)
        if why:
            reading.passed_over.append((number, why))
            continue
        became = reader.read(number, cells, table.mended.get(number, ()), moved.get(number))
        if isinstance(became, TakenRow):
            reading.taken.append(became)
        else:
            reading.refused += became
    return reading


def _why_passed_over(table: Regular, index: int, reader: RowReader) -> str | None:
    """Return why a row is no item: blank, a total, a group's title, a line to sign, the number of a page."""
    cells = table.rows[index][1]
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "空行"
    words = [plain(cell) for cell in filled]
    if _TOTAL.match(words[0].replace(" ", "")):
        return "合计行"
    if all(_SIGNED.match(word) or _SIGN_LINE.match(word) for word in words):
        return "签字或说明行"
    if len(words) == 1 and _PAGE.match(words[0]):
        return "页码"
    title = _group_title(table, index, words)
    if title is None:
        return None
    # (九)其他 stands within 一、行政执法; 六、其他 is a group of its own.
    is_outer = not words[0].startswith("(") and any(title == name for _, name in GROUPS)
    reader.stand_under(title, is_outer=is_outer)
    return f"分组行“{title[:30]}”"


def _group_title(table: Regular, index: int, words: Sequence[str]) -> str | None:
    """Return the title of the group that begins with this row, None for a row that is an item."""
    if len(table.headings.columns) <= 2:  # noqa: PLR2004 - a narrow table has no groups
        return None
    cells = table.rows[index][1]
    name = next(filled_names(cells, table.headings), "")
    if len(set(words)) == 1:
        if _SIGNED.match(words[0]):
            return None
        title = group_title(words[0])
        return title if category_word(title) or title in _GROUP_NAMES or not name else None
    serial = " ".join(plain(cell) for cell in _serials(table, index))
    if len(words) == 2 and name and plain(name) in words and serial in words:  # noqa: PLR2004 - a number and a name
        title = group_title(name)
        if category_word(title) or (_CHINESE_SERIAL.match(serial) and _begins_group(table, index)):
            return title
    return None


def _begins_group(table: Regular, index: int) -> bool:
    """Say whether the next row with content is numbered as one below this."""
    for place in range(index + 1, len(table.rows)):
        cells = table.rows[place][1]
        if any(cell.strip() for cell in cells):
            return bool(_DEEPER.match(" ".join(plain(cell) for cell in _serials(table, place))))
    return False


def _serials(table: Regular, index: int) -> list[str]:
    cells = table.rows[index][1]
    return [cells[c] for c, word in table.headings.words.items() if is_serial(word) and c < len(cells)]


def _bare_columns(table: Regular) -> frozenset[int]:
    """Return the columns without heading that most rows fill: a column nobody named, not a cell out of place."""
    counts: dict[int, int] = {}
    rows = 0
    for _, cells in table.rows[table.headings.first :]:
        filled = [column for column, cell in enumerate(cells) if cell.strip()]
        rows += len(filled) > 1
        for column in filled:
            if column not in table.headings.words and len(filled) > 1:
                counts[column] = counts.get(column, 0) + 1
    return frozenset(column for column, count in counts.items() if rows > 1 and count > _HALF * rows)


def _category_of_table(table: Regular) -> tuple[str, str]:
    """Return the category the title speaks of, and where that stands, for tables that have no column for it."""
    targets = set(table.headings.columns.values())
    if targets & {"category", "subcategory"}:
        return "", ""
    if found := category_of_title(table.title):
        return found, "标题"
    if "details-收费性质" in targets:
        return "fee", "“收费性质”一栏"
    return "", ""
