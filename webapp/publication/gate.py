"""The gate before the builder: only what the contract lets out of the house for an audience may be in a bundle.

An allow-list, checked on every record again although the parts of a revision are made by the same rule: what an
unknown key holds is unknown too, so it is refused and never dropped in silence. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from webapp.digests import canonical, sha256_hex
from webapp.powers.categories import category
from webapp.powers.shapes import Audience, Field
from webapp.publication.content import EditionContent, PublicFlow, PublicPower
from webapp.rules import RuleBroken

ENTRY_KEYS = (
    "category",
    "name",
    "direction",
    "implementing_body",
    "handling_body",
    "section",
    "joint_sections",
    "support_sections",
    "basis",
    "conditions",
    "exercise_scope",
    "procedure",
    "statutory_limit",
    "promised_limit",
    "fees",
    "duties",
    "rules",
    "service_commitment",
    "discipline",
    "responsibility_items",
    "accountability",
    "control_points",
    "counterpart_rights",
    "complaint_channel",
    "contact",
    "supervision_contact",
    "publication_content",
    "publication_forms",
    "publication_scope",
    "publication_time",
    "flows",
    "flow_required",
    "flow_reason",
    "reference_date",
    "details",
)
BASIS_KEYS = ("kind", "law", "edition", "document", "article", "role")
ROW_KEYS = {"basis": BASIS_KEYS, "fees": ("item", "basis", "standard"), "duties": ("post", "duty")}
LIMIT_KEYS = ("n", "unit", "start")
CHART_KEYS = ("number", "name", "audience", "procedure", "total_limit", "steps", "transitions")
# Of a chart for citizens these stay empty: 廉政风险点 are for the bureau (practice.md, who sees what).
RISK_KEYS = ("risk_point", "risk_level", "measure")
STEP_KEYS = (
    "id",
    "kind",
    "name",
    "section",
    "post",
    "limit",
    "counts_towards_limit",
    "conditions",
    "basis",
    "document",
    "control_point",
    *RISK_KEYS,
    "rights",
)
TRANSITION_KEYS = ("from", "to", "condition")
CONTACT_KEYS = (
    "kind",
    "unit",
    "section",
    "phone",
    "address",
    "hours",
    "owner_post",
    "verified_on",
    "email",
    "short_number",
)
_AUDIENCES = {"public": (Audience.PUBLIC,), "bureau": (Audience.PUBLIC, Audience.BUREAU)}
_SEGMENT = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff()()._-]{0,63}")


def check(content: EditionContent) -> None:
    """Raise RuleBroken with a sentence at the first thing that may not be in a bundle for this audience."""
    _names("职权编码", [power.code for power in content.powers] + list(content.notices))
    _names("流程图号", [flow.number for flow in content.flows])
    _names("科室网址名", [section.slug for section in content.sections])
    charts = {flow.number for flow in content.flows}
    sections = {name for section in content.sections for name in section.names}
    for flow in content.flows:
        _check_flow(flow, content.audience)
    for power in content.powers:
        _check_power(power, content.audience)
        _check_links(power, charts, sections)
    for key, contact in content.contacts.items():
        _keys(f"通讯目录 {key}", contact, CONTACT_KEYS)


def _check_links(power: PublicPower, charts: set[str], sections: set[str]) -> None:
    missing = [number for number in power.entry["flows"] if number not in charts]
    if missing:
        raise RuleBroken(
            f"职权 {power.code} 列有流程图 {missing[0]}，但该图不在本版内。请先审定该图，或从条目中去掉图号。"
        )
    unknown = [name for name in (power.entry["section"], *power.entry["joint_sections"]) if name not in sections]
    if unknown:
        raise RuleBroken(f"职权 {power.code} 的承办部门“{unknown[0]}”不在科室名册内。请先在科室名册中登记。")


def _check_power(power: PublicPower, audience: str) -> None:
    where, entry = f"职权 {power.code}", power.entry
    _keys(where, entry, ENTRY_KEYS)
    missing = [key for key in ENTRY_KEYS if key not in entry]
    if missing:
        raise RuleBroken(f"{where} 缺少栏目 {missing[0]}，不能编制公开版。请重新审定该条目。")
    for key, allowed in ROW_KEYS.items():
        for row in entry[key]:
            _keys(f"{where} 的 {key}", row, allowed)
    for key in ("statutory_limit", "promised_limit"):
        if entry[key] is not None:
            _keys(f"{where} 的 {key}", entry[key], LIMIT_KEYS)
    _check_details(where, entry, audience)
    _same_digest(where, entry, power.public_digest)


def _check_details(where: str, entry: Mapping[str, Any], audience: str) -> None:
    kind = category(entry["category"])
    if kind is None:
        raise RuleBroken(f"{where} 的职权类别“{entry['category']}”不在类别表内。请重新审定该条目。")
    fields = [field for field in kind.details if field.audience in _AUDIENCES[audience]]
    _shape(f"{where} 的 details", entry["details"], fields)


def _shape(where: str, value: object, fields: Iterable[Field]) -> None:
    """Walk a value along the parts that its field knows; lists of text and plain values have none."""
    known = {field.name: field for field in fields}
    for row in value if isinstance(value, list) else [value]:
        if isinstance(row, Mapping):
            _keys(where, row, tuple(known) or LIMIT_KEYS)
            for key, inner in row.items():
                _shape(f"{where} 的 {key}", inner, known[key].parts if key in known else ())


def _check_flow(flow: PublicFlow, audience: str) -> None:
    where, chart = f"流程图 {flow.number}", flow.chart
    _keys(where, chart, CHART_KEYS)
    if chart["number"] != flow.number:
        raise RuleBroken(f"{where} 的图号与正文中的 {chart['number']} 不一致。请重新审定该图。")
    if audience == "public" and chart["audience"] != "external":
        raise RuleBroken(f"{where} 是内部流程图，不能编入社会公开版。请将其移出本版。")
    if chart["total_limit"] is not None:
        _keys(f"{where} 的 total_limit", chart["total_limit"], LIMIT_KEYS)
    for step in chart["steps"]:
        place = f"{where} 第{step['id']}环节"
        _keys(place, step, STEP_KEYS)
        if audience == "public" and any(step.get(key) for key in RISK_KEYS):
            raise RuleBroken(f"{place}填有廉政风险点，不能编入社会公开版。请将风险点移入内部流程图后重新审定。")
        if step["limit"] is not None:
            _keys(place, step["limit"], LIMIT_KEYS)
        for row in step["basis"]:
            _keys(place, row, BASIS_KEYS)
    for transition in chart["transitions"]:
        _keys(f"{where} 的流向", transition, TRANSITION_KEYS)
    _same_digest(where, chart, flow.public_digest)


def _same_digest(where: str, body: Mapping[str, Any], expected: str) -> None:
    try:
        seen = sha256_hex(canonical(body))
    except UnicodeEncodeError as error:
        raise RuleBroken(f"{where} 含有无法写入文件的字符。请改正后重新审定。") from error
    if seen != expected:
        raise RuleBroken(f"{where} 的内容与审定的校验码不符，不能编制公开版。请报领导小组办公室核查。")


def _keys(where: str, value: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
    for key in value:
        if key not in allowed:
            raise RuleBroken(f"{where} 含有不在公开范围内的栏目 {key}，不能编制公开版。请重新审定该条目。")


def _names(word: str, names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not _SEGMENT.fullmatch(name):
            raise RuleBroken(f"{word}“{name}”不能用作网址。请使用字母、数字、汉字和连字符。")
        if name.casefold() in seen:
            raise RuleBroken(f"{word}“{name}”重复(不区分大小写)。请核对后重新编制。")
        seen.add(name.casefold())
