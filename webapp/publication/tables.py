"""The catalogue of an edition as data: rows for spreadsheets, and the four files for download.

Spreadsheets have the headings of the contract, lists joined with `;`, limits in two columns. Nothing is a formula, and
the bytes are the same wherever they are made: fixed dates, and the zip of the xlsx stores instead of compressing,
because compressed bytes differ between versions of zlib.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from webapp.powers.categories import category_label
from webapp.powers.fields import FIELDS
from webapp.publication.content import EditionContent, PublicFlow, PublicPower
from webapp.publication.gate import ENTRY_KEYS, UNSEEN
from webapp.publication.wording import AUDIENCES, DIRECTIONS, PROCEDURES, ROLES, STEP_KINDS, UNITS, limit_text

CELL_LIMIT = 32_767
_CUT = "…(超出单元格长度,全文见 catalogue.jsonl)"
_STAMP = (1980, 1, 1, 0, 0, 0)
# A spreadsheet takes a cell for a formula by its first character, also full-width and after a line break or a quote.
_TRIGGER = re.compile(r"(\A|[\r\n])(?=[\"'“”‘’\s]*[=+\-@＝＋－＠\t\r])")
_HEADINGS = {field.name: field.heading for field in FIELDS}
_LIMITS = ("statutory_limit", "promised_limit")
_WORDS = {"category": category_label, "direction": DIRECTIONS.get, "procedure": PROCEDURES.get}
STEP_HEADINGS = (
    "流程图号 流程图名称 环节 环节名称 类型 承办部门 承办岗位 时限 计入总时限 条件 文书 监督制约 相对人权利 去向"
).split()


def power_headings() -> list[str]:
    """Return the headings of a power's row."""
    headings = [_HEADINGS["code"] if "code" in _HEADINGS else "职权编码"]
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
    """Return the powers as CSV: UTF-8 with its mark, an apostrophe before whatever a spreadsheet might compute."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_inert(heading) for heading in power_headings()])
    writer.writerows([_inert(cell) for cell in power_row(power)] for power in content.powers)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def catalogue_xlsx(content: EditionContent) -> bytes:
    """Return the powers and the steps of the charts as a workbook of text cells."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    year, month, day = (int(part) for part in content.date.split("-"))
    book.set_properties(
        {
            "title": f"{content.bureau_name}职权目录{AUDIENCES[content.audience]}第{content.number}号",
            "author": content.bureau_name,
            "created": datetime(year, month, day),  # noqa: DTZ001 - the library writes it as it stands
        },
    )
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E6EFE9"})
    body = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
    powers = (power_row(power) for power in content.powers)
    steps = (row for flow in content.flows for row in step_rows(flow))
    for name, headings, rows in (("职权目录", power_headings(), powers), ("流程图环节", STEP_HEADINGS, steps)):
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, len(headings) - 1, 24)
        _fill(sheet, [headings], head, 0)
        _fill(sheet, rows, body, 1)
    book.close()
    return _repacked(out.getvalue())


def _fill(sheet: Any, rows: Iterable[Sequence[str]], style: Any, first: int) -> None:  # noqa: ANN401 - untyped library
    for number, row in enumerate(rows, start=first):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, _fitting(text), style)
            else:
                sheet.write_blank(number, column, None, style)


def _fitting(text: str) -> str:
    shown = UNSEEN.sub("\ufffd", text)
    return shown if len(shown) <= CELL_LIMIT else shown[: CELL_LIMIT - len(_CUT)] + _CUT


def _repacked(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system = 0
            packed.writestr(entry, given.read(name))
    return out.getvalue()


def _inert(text: str) -> str:
    return _TRIGGER.sub(r"\1'", UNSEEN.sub("\ufffd", text))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
