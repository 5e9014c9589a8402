"""The words under which people's tables hold the fields of an entry, alone or under a heading of a group. Pure.

Headings are compared without blanks, brackets and marks. A heading of two rows is the group's word and the column's own
(期限 over 法定, 依据 over 条款); where both stand in one cell, `·` parts them.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from webapp.powers.categories import CATEGORIES
from webapp.powers.fields import CODE, FIELDS
from webapp.powers.shapes import Shape
from webapp.powers.tables import limit_headings

# Columns that are not one field: how they are read is said in `table_rows`.
SUBCATEGORY, DEPARTMENT, DAY_KIND, PUBLISHABLE = "subcategory", "department", "day_kind", "publishable"
FEE_BASIS, FEE_STANDARD, FEE_UNIT, IGNORED = "fee_basis", "fee_standard", "fee_unit", "-"
BASIS_LAW, BASIS_ARTICLE, BASIS_EDITION = "basis-law", "basis-article", "basis-edition"
DETAIL = "details-"  # before the heading of one of a category's own fields
GROUP_MARK = "·"

#: Targets that are no field of an entry and no part of a limit: the heading under which each is known for sure.
EXTRA_HEADINGS = {
    BASIS_LAW: "依据名称",
    BASIS_ARTICLE: "依据条款",
    BASIS_EDITION: "依据文号",
    FEE_UNIT: "计费单位",
}

_WORDS = {
    "code": "编码 权力编码 项目编码 事项编码 职权代码 职权编号 权力编号 项目编号 事项编号 登记号 code",
    "category": "类别 权力类别 职权类型 权力类型 事项类型 大类 项目类别 类型 category",
    SUBCATEGORY: "子类 小类 职权子类 subcategory",
    "name": (
        "名称 职权名称 权力名称 事项名称 权力事项 职权项目 项目 权力事项名称 职权事项 职权事项名称 行政权力名称 "
        "行政职权名称 执法项目 审批项目 事项 name"
    ),
    "direction": "对内对外 对内或对外 内外部",
    "basis": (
        "依据 职权依据 法律依据 设定依据 实施依据 法定依据 权力依据 执法依据 处罚依据 政策依据 法律法规依据 "
        "依据(名称、文号、条款) 行使依据(名称、文号、条款、原文) 设定和实施依据 basis"
    ),
    BASIS_LAW: "依据名称 法律名称 法律法规名称 依据文件 文件名称 法规名称",
    BASIS_ARTICLE: "依据条款 条款 条款号 法律条款 具体条款 条文",
    BASIS_EDITION: "依据文号 文号 文件号 发文字号",
    DEPARTMENT: (
        "承办部门 承办科室 责任科室 实施科室 承办单位 责任部门 科室 部门 责任股室 承办股室 股室 执收部门 填报科室 "
        "办理科室 行使科室 主管科室 责任单位 承办机构(科室) department"
    ),
    "section": "牵头科室 牵头部门",
    "joint_sections": "会签科室 协办部门",
    "support_sections": "配合部门",
    "implementing_body": "实施机关 行使主体 实施部门 执法主体 法定实施主体 执收单位",
    "conditions": "条件 办理条件 受理条件 许可条件 申请条件 conditions",
    "exercise_scope": "服务对象 管理对象 行使对象 收费对象 适用范围",
    "procedure": "程序 行使程序 行使程序(法定/实际)",
    "counterpart_rights": "权利 当事人权利 相对人的权利 counterpart_rights",
    "complaint_channel": "投诉举报途径 投诉举报 监督投诉途径 举报投诉途径 complaint_channel",
    "publication_content": "公开的内容",
    "publication_forms": "公开方式 公开渠道 公开载体 publication_form",
    "publication_scope": "公开对象 公开范围(目录/过程) publication_scope",
    "publication_time": "公开时限 公开期限 publication_time",
    "statutory_limit-n": "法定期限 法定办结时限 法定办理时限 法定时限 法定办结期限 statutory_limit_days",
    "promised_limit-n": "承诺期限 承诺办结时限 承诺办理时限 承诺时限 承诺办结期限 promised_limit_days",
    DAY_KIND: "日别 时限单位 单位 day_kind",
    FEE_BASIS: "收费依据 fee_basis",
    FEE_STANDARD: "收费标准 fee_standard",
    FEE_UNIT: "计费单位 收费单位",
    PUBLISHABLE: "是否公开 可否公开 publishable",
    "duties": "职责分工 岗位职责 承办岗位及职责",
    "rules": "规则 权力规则",
    "responsibility_items": "责任",
    "accountability": "追责情形 问责",
    "control_points": "监督制约 监督制约措施",
    "flows": "图号 流程图",
    "flow_required": "是否制图",
    "verdict": "结论",
    "follow_up": "处理意见 处理意见(保留/取消/调整/合并/补位/停止)",
    "details-子项": "子项 子项名称 业务办理项",
    "details-违法行为": "违法行为(案由) 案由 违法情形",
    "details-处罚幅度": "罚款幅度 处罚标准",
    "details-收费性质": "收费性质",
    IGNORED: (
        "序号 号 备注 说明 source non_publication_reason 不公开理由 不公开依据和理由 不公开依据 填报人 审核意见 日期 "
        "link qrcode main_item 主项 主项名称 主要职责 填报日期 签字 科长审核意见 科长审核意见(五项) 期限 管理权限 "
        "项数 清理总数"
    ),
}
# What names the items where no column is called a name: a table of fees, a list of duties.
_INSTEAD_OF_NAME = ("收费项目", "征收项目", "具体工作事项", "工作事项", "主要职责", "许可事项", "处罚事项", "子项")
# What a word means under a heading of a group that is itself known.
_UNDER = {
    "basis": {
        BASIS_LAW: "法律 法律法规 法律法规名称 名称 文件 文件名称 法规",
        BASIS_ARTICLE: "条款 条 条文 条目 条款号 条、款、项 具体条款",
        BASIS_EDITION: "文号 版本 版本或文号",
        IGNORED: "原文 条文内容 条款内容 内容 具体内容",
    },
}
_SERIAL = frozenset({"序号", "号", "编号", "no"})
_UNIT = re.compile(
    r"[(（\[【]\s*(?:单位[:：])?\s*(?:以)?(个?工作日|日历日|自然日|天|日|个?月|年|小时)(?:计)?\s*[)）\]】]"
)
_LIMITS = frozenset({"statutory_limit-n", "promised_limit-n"})
_SHORT = 2  # a category's own heading of so few characters is nobody's alone


def heading_key(text: str) -> str:
    """Return a heading as it is compared: NFKC, without blanks, marks and brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s*::、,/·()\[\]]", "", plain)


@lru_cache(maxsize=1024)  # asked of every column for every row
def is_serial(word: str) -> bool:
    """Say whether a column holds the running number of the row."""
    return heading_key(word) in _SERIAL


def unit_of_heading(word: str) -> str:
    """Return the unit a heading gives for all its numbers: 承诺时限(工作日); "" where it gives none."""
    match = _UNIT.search(word)
    return match[1] if match else ""


def target_of(word: str, known: Mapping[str, str]) -> str | None:
    """Return what a column under this heading holds, None where nobody knows."""
    upper, mark, lower = word.rpartition(GROUP_MARK)
    if mark and (found := target_of_pair(upper, lower, known)):
        return found
    if (found := known.get(heading_key(word))) is not None:
        return found
    bare = _UNIT.sub("", word)
    if bare != word and (found := known.get(heading_key(bare))) in _LIMITS:
        return found
    return None


def target_of_pair(upper: str, lower: str, known: Mapping[str, str]) -> str | None:
    """Return what a column holds whose heading stands under that of a group."""
    if not lower.strip() or heading_key(lower) == heading_key(upper):
        return target_of(upper, known)
    group = known.get(heading_key(upper), "")
    for candidate in (upper + lower, lower + upper, _UNIT.sub("", upper) + lower, lower + _UNIT.sub("", upper)):
        if (found := known.get(heading_key(candidate))) is not None:
            return found
    if (under := _under(group).get(heading_key(lower))) is not None:
        return under
    if (found := target_of(lower, known)) is not None:
        return found
    return IGNORED if group == IGNORED else None


def name_instead(words: Mapping[int, str]) -> int | None:
    """Return the column that names the items of a table in which none is called a name."""
    for wanted in _INSTEAD_OF_NAME:
        for column, word in words.items():
            if heading_key(word.rpartition(GROUP_MARK)[2]) == heading_key(wanted):
                return column
    return None


@cache
def known_headings() -> Mapping[str, str]:
    """Return what each heading holds, by its key."""
    known = _detail_headings()
    known[heading_key(CODE.heading)] = CODE.name
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
        known[name] = f"{name}-n"
    return known


def _detail_headings() -> dict[str, str]:
    return {
        heading_key(field.heading): f"{DETAIL}{field.heading}"
        for category in CATEGORIES
        for field in category.details
        if len(field.heading) > _SHORT
    }


@cache
def _under(group: str) -> Mapping[str, str]:
    return {heading_key(word): target for target, words in _UNDER.get(group, {}).items() for word in words.split()}
