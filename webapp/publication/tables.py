"""The catalogue of an edition as data: rows for spreadsheets, and the four files for download.

Spreadsheets have the headings of the contract, lists joined with `;`, limits in two columns. How a cell is kept from
being computed and the bytes from changing is `documents.sheets`' business.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.powers.categories import category_label
from webapp.powers.fields import FIELDS
from webapp.publication.content import EditionContent, PublicFlow, PublicPower
from webapp.publication.gate import ENTRY_KEYS
from webapp.publication.wording import DIRECTIONS, PROCEDURES, ROLES, STEP_KINDS, UNITS, limit_text

_HEADINGS = {field.name: field.heading for field in FIELDS}
_LIMITS = ("statutory_limit", "promised_limit")
_WORDS: Mapping[str, Callable[[str], str | None]] = {
    "category": category_label,
    "direction": DIRECTIONS.get,
    "procedure": PROCEDURES.get,
}
STEP_HEADINGS = (
    "流程图号",
    "流程图名称",
    "环节",
    "环节名称",
    "类型",
    "承办部门",
    "承办岗位",
    "时限",
    "计入总时限",
    "条件",
    "文书",
    "监督制约",
    "相对人权利",
    "去向",
)


def power_headings() -> list[str]:
    """Return the headings of a power's row."""
    headings = ["职权编码"]
    for key in ENTRY_KEYS:
        headings += [f"{_HEADINGS[key]}(数)", f"{_HEADINGS[key]}(单位、起算)"] if key in _LIMITS else [_HEADINGS[key]]
    return headings


def power_row(power: PublicPower) -> list[str]:
    """Return a power as a row of text in the order of the headings."""
    row = [power.code]
    for key in ENTRY_KEYS:
        value = power.entry[key]
        if key in _LIMITS:
            row += ["", ""] if value is None else [str(value["n"]), f"{UNITS[value['unit']]};{value['start'] or ''}"]
        elif key in _WORDS:
            row.append(str(_WORDS[key](value) or value))
        else:
            row.append(_cell(key, value))
    return row


def _cell(key: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if key == "basis":
        return ";".join(_basis(row) for row in value)
    if key == "fees":
        return ";".join(f"{fee['item']}:{fee['standard']}({fee['basis']})" for fee in value)
    if key == "duties":
        return ";".join(f"{duty['post']}:{duty['duty']}" for duty in value)
    if key == "details":
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return ";".join(value) if isinstance(value, list) else str(value)


def _basis(row: Mapping[str, str]) -> str:
    edition = f"({row['edition']})" if row.get("edition") else ""
    role = ROLES.get(row.get("role", ""), row.get("role", ""))
    return f"《{row.get('law') or row.get('document', '')}》{edition}{row.get('article', '')}[{role}]"


def step_rows(flow: PublicFlow) -> Iterator[list[str]]:
    """Yield the steps of a chart as rows of text in the order of `STEP_HEADINGS`."""
    chart = flow.chart
    for step in chart["steps"]:
        ways = [w for w in chart["transitions"] if w["from"] == step["id"]]
        yield [
            flow.number,
            chart["name"],
            step["id"],
            step["name"],
            STEP_KINDS.get(step["kind"], step["kind"]),
            step["section"],
            step["post"],
            limit_text(step["limit"]),
            "是" if step["counts_towards_limit"] else "否",
            step["conditions"],
            step["document"],
            step["control_point"],
            step["rights"],
            ";".join(f"{w['condition']}→{w['to']}" if w["condition"] else f"→{w['to']}" for w in ways),
        ]


def jsonl(content: EditionContent) -> bytes:
    """Return one record a line, charts by number, then powers by code: what the digests are computed from."""
    lines = [_json({"record": "flow", **flow.chart}) for flow in content.flows]
    lines += [_json({"record": "power", "code": power.code, **power.entry}) for power in content.powers]
    return "".join(f"{line}\n" for line in lines).encode()


def catalogue_json(content: EditionContent) -> bytes:
    """Return the same records as one document with the edition's particulars."""
    head = {
        "bureau": content.bureau_name,
        "audience": content.audience,
        "edition": content.number,
        "date": content.date,
        "document": content.document,
    }
    powers = ",\n".join(_json({"code": power.code, **power.entry}) for power in content.powers)
    flows = ",\n".join(_json(dict(flow.chart)) for flow in content.flows)
    return f'{{"edition": {_json(head)},\n"powers": [\n{powers}\n],\n"flows": [\n{flows}\n]}}\n'.encode()


def catalogue_csv(content: EditionContent) -> bytes:
    """Return the powers as CSV."""
    return write_csv([power_headings(), *(power_row(power) for power in content.powers)])


def catalogue_xlsx(content: EditionContent) -> bytes:
    """Return the powers and the steps of the charts as a workbook."""
    powers = (power_row(power) for power in content.powers)
    steps = (row for flow in content.flows for row in step_rows(flow))
    return write_xlsx(
        [
            Sheet("职权目录", power_headings(), powers, widths=(16, 18, 32, 24)),
            Sheet("流程图环节", STEP_HEADINGS, steps, widths=(14, 24, 8, 28, 20)),
        ],
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
