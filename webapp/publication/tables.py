"""The catalogue of an edition as data: rows for spreadsheets, and the four files for download.

How an entry becomes cells is `powers.tables`' business, so that what is published can be imported again; how a cell is
kept from being computed and the bytes from changing, that of `documents.sheets`.
"""

import json
from collections.abc import Iterator

from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.powers.fields import CODE, FIELDS
from webapp.powers.shapes import Shape
from webapp.powers.tables import cell_of, details_cell, limit_cells, limit_headings
from webapp.publication.content import EditionContent, PublicFlow, PublicPower
from webapp.publication.gate import ENTRY_KEYS
from webapp.publication.wording import STEP_KINDS, limit_text

_PUBLIC = tuple(field for field in FIELDS if field.name in ENTRY_KEYS)
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
    """Return the headings of a power's row: the public ones of the contract, as the import reads them."""
    headings = [CODE.heading]
    for field in _PUBLIC:
        headings += limit_headings(field) if field.shape is Shape.LIMIT else [field.heading]
    return headings


def power_row(power: PublicPower) -> list[str]:
    """Return a power as a row of text in the order of the headings."""
    row: list[str | int] = [power.code]
    for field in _PUBLIC:
        value = power.entry[field.name]
        if field.shape is Shape.LIMIT:
            row += limit_cells(value)
        elif field.shape is Shape.DETAILS:
            row.append(details_cell(power.entry["category"], value))
        else:
            row.append(cell_of(field, value))
    return [str(cell) for cell in row]


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
