"""The words of the public pages for the keys of the contract: units, stages, kinds and roles of a basis, changes."""

from collections.abc import Mapping
from typing import Any

AUDIENCES = {"public": "社会公开版", "bureau": "内部公开版"}
DIRECTIONS = {"external": "对外职权", "internal": "对内职权"}
PROCEDURES = {"statutory": "法定程序", "actual": "实际工作程序"}
UNITS = {"hour": "小时", "working_day": "个工作日", "day": "日", "month": "个月", "year": "年"}
KINDS = {
    "law": "法律",
    "regulation": "行政法规",
    "local_regulation": "地方性法规",
    "rule": "部门规章",
    "local_rule": "地方政府规章",
    "normative": "规范性文件",
    "policy": "政策文件",
    "party_rule": "党内法规",
    "own_rule": "本局制度",
}
ROLES = {
    "establishing": "设定依据",
    "implementing": "实施依据",
    "supervising": "监管依据",
    "violation": "违则",
    "sanction": "罚则",
    "fee": "收费依据",
    "discretion": "裁量依据",
    "procedure": "程序依据",
}
STEP_KINDS = {"start": "开始", "step": "办理", "decision": "判断", "end": "结束"}
RISK_LEVELS = {"high": "高", "medium": "中", "low": "低"}
STAGES = {
    "section_review": "科室审核",
    "office_review": "汇总初审",
    "legal": "法制审核",
    "secrecy": "保密审查",
    "bureau_decision": "局领导小组审定",
    "city_review": "市公开办初审",
    "city_decision": "市优化领导小组审定",
    "approved": "核准入目录",
    "adopted": "按原审定文件收录",
}
CHANGES = {"added": "新增", "changed": "调整", "removed": "取消"}
CONTACT_KINDS = {"consult": "咨询", "window": "办事窗口", "duty": "值班", "supervision": "监督", "hotline": "举报热线"}


def limit_text(limit: Mapping[str, Any] | None) -> str:
    """Return a limit in words with its unit, 当场 for none of it; empty where no limit is set."""
    if limit is None:
        return ""
    return f"{limit['n']}{UNITS[limit['unit']]}" if limit["n"] else "当场"


def day_text(iso: str) -> str:
    """Return 2008年9月1日 for 2008-09-01; anything else as it stands."""
    parts = iso.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):  # noqa: PLR2004 - year, month, day
        return iso
    year, month, day = (int(part) for part in parts)
    return f"{year}年{month}月{day}日"
