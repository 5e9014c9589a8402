"""Finding the headings of a table people made, and which field each column holds. Pure.

Title rows above, headings on two rows and headings in other words are usual (data/README.md). A column nobody knows is
named, never guessed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.powers.fields import CODE, FIELDS
from webapp.powers.shapes import Shape
from webapp.powers.tables import limit_headings
from webapp.rules import RuleBroken

# Columns that are not one field: how they are read is said in `table_reading`.
SUBCATEGORY, DEPARTMENT, DAY_KIND, PUBLISHABLE = "subcategory", "department", "day_kind", "publishable"
FEE_BASIS, FEE_STANDARD, IGNORED = "fee_basis", "fee_standard", "-"
SEARCHED_ROWS = 30

_WORDS = {
    "code": "编码 权力编码 项目编码 事项编码 职权代码 code",
    "category": "类别 权力类别 职权类型 权力类型 事项类型 大类 category",
    SUBCATEGORY: "子类 小类 职权子类 subcategory",
    "name": "名称 职权名称 权力名称 事项名称 权力事项 职权项目 项目 权力事项名称 name",
    "direction": "对内对外 对内或对外",
    "basis": "依据 职权依据 法律依据 设定依据 实施依据 法定依据 权力依据 执法依据 basis",
    DEPARTMENT: "承办部门 承办科室 责任科室 实施科室 承办单位 责任部门 科室 部门 department",
    "section": "牵头科室 牵头部门",
    "joint_sections": "会签科室 协办部门",
    "support_sections": "配合部门",
    "implementing_body": "实施机关 行使主体 实施部门 执法主体",
    "conditions": "条件 办理条件 受理条件 许可条件 申请条件 conditions",
    "exercise_scope": "服务对象 管理对象 行使对象",
    "counterpart_rights": "权利 当事人权利 相对人的权利 counterpart_rights",
    "complaint_channel": "投诉举报途径 投诉举报 监督投诉途径 举报投诉途径 complaint_channel",
    "publication_content": "公开的内容",
    "publication_forms": "公开方式 公开渠道 公开载体 publication_form",
    "publication_scope": "公开对象 publication_scope",
    "publication_time": "公开时限 公开期限 publication_time",
    "statutory_limit-n": "法定期限 法定办结时限 法定办理时限 法定时限(天) statutory_limit_days",
    "promised_limit-n": "承诺期限 承诺办结时限 承诺办理时限 承诺时限(天) promised_limit_days",
    DAY_KIND: "日别 时限单位 单位 day_kind",
    FEE_BASIS: "收费依据 fee_basis",
    FEE_STANDARD: "收费标准 fee_standard",
    PUBLISHABLE: "是否公开 可否公开 publishable",
    "duties": "职责分工 岗位职责",
    "rules": "规则 权力规则",
    "responsibility_items": "责任",
    "accountability": "追责情形 问责",
    "control_points": "监督制约 监督制约措施",
    "flows": "图号 流程图",
    IGNORED: "序号 号 备注 说明 source non_publication_reason 不公开理由 不公开依据和理由 填报人 审核意见 日期",
}


@dataclass(frozen=True)
class Headings:
    """Where the headings stand and what each column holds: the first data row's place, column → target, the words."""

    first: int  # index of the first row below the headings
    columns: Mapping[int, str]
    words: Mapping[int, str]
    unknown: tuple[str, ...]

    def word(self, target: str) -> str:
        """Return the heading under which a target stands in this table."""
        return next((self.words[column] for column, each in self.columns.items() if each == target), target)


def heading_key(text: str) -> str:
    """Return a heading as it is compared: NFKC, without blanks, marks and 所/的."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s*::、,/·()\[\]]", "", plain)


def find_headings(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None = None) -> Headings:
    """Return the headings of a table: the row of the first thirty in which most cells are known.

    `mapping` gives targets for headings in the table's own words (`--map heading=field`); it comes first. Raises
    RuleBroken where no row names the items, or the mapping names no field.
    """
    known = {**_KNOWN, **_own(mapping or {})}
    best, place = 0, -1
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        hits = len({known[key] for cell in row if (key := heading_key(cell)) in known})
        if hits > best:
            best, place = hits, index
    if place < 0 or best < 2:  # noqa: PLR2004 - one word may stand anywhere
        raise RuleBroken("没有找到表头。请保留“项目名称”“承办部门”等栏目名称所在的一行，或指定各栏对应的内容。")
    lower = rows[place + 1] if place + 1 < len(rows) and _is_second_row(rows[place + 1], known) else []
    columns: dict[int, str] = {}
    words: dict[int, str] = {}
    unknown: list[str] = []
    for column in range(max(len(rows[place]), len(lower))):
        upper_word, lower_word = _at(rows[place], column), _at(lower, column)
        word = lower_word if heading_key(lower_word) in known else upper_word
        target = known.get(heading_key(word))
        if target is None:
            if word.strip():
                unknown.append(" ".join(word.split()))
        elif target in columns.values() and target != IGNORED:
            raise RuleBroken(f"有两栏都是“{word.strip()}”，请删去一栏，或指定各栏对应的内容。")
        else:
            columns[column], words[column] = target, " ".join(word.split())
    if "name" not in columns.values():
        raise RuleBroken("表中没有“项目名称”一栏，请补上，或指定哪一栏是项目名称。")
    return Headings(place + 1 + bool(lower), columns, words, tuple(unknown))


def is_repeated(row: Sequence[str], headings: Headings) -> bool:
    """Say whether a row repeats the headings, as at a page break."""
    cells = [(column, cell) for column, cell in enumerate(row) if cell.strip()]
    same = 0
    for column, cell in cells:
        word = headings.words.get(column, "")
        # A heading is short: the long cells of a row need no comparing.
        if len(cell) <= 2 * len(word) + 4 and heading_key(cell) == heading_key(word):
            same += 1
    return len(cells) > 1 and 2 * same > len(cells)


def _is_second_row(row: Sequence[str], known: Mapping[str, str]) -> bool:
    cells = [cell for cell in row if cell.strip()]
    return len(cells) > 1 and all(heading_key(cell) in known for cell in cells)


def _own(mapping: Mapping[str, str]) -> dict[str, str]:
    targets = {*_KNOWN.values()}
    for heading, target in mapping.items():
        if target not in targets:
            raise RuleBroken(f"“{heading[:40]}”对应的“{target[:40]}”不是本系统的栏目，请核对。")
    return {heading_key(heading): target for heading, target in mapping.items()}


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _known() -> dict[str, str]:
    known = {heading_key(CODE.heading): CODE.name}
    for field in FIELDS:
        known[heading_key(field.heading)] = field.name
        known[field.name] = field.name
        if field.shape is Shape.LIMIT:
            number, rest = limit_headings(field)
            known[heading_key(number)], known[heading_key(rest)] = f"{field.name}-n", f"{field.name}-rest"
    for target, words in _WORDS.items():
        known.update({heading_key(word): target for word in words.split()})
        known.setdefault(target, target)
    # Of people's tables: 承办部门 holds all sections, a limit's heading its number with or without unit.
    known[heading_key("承办部门")] = DEPARTMENT
    for name in ("statutory_limit", "promised_limit"):
        known[heading_key(next(field.heading for field in FIELDS if field.name == name))] = f"{name}-n"
        known[name] = f"{name}-n"
    return known


_KNOWN = _known()
