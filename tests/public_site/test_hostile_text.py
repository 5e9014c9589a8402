"""Hostile text in every field of everything published stays text: in pages, feed, drawings, data and tables."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from harness.editions import flow_of, power_of, sample_content
from webapp.bundle import search_data
from webapp.bundle.manifest import parse
from webapp.documents.sheets import plain_cell
from webapp.flows.drawings import draw
from webapp.publication.build import build_bundle
from webapp.publication.content import ApprovalLine, EditionContent
from webapp.rules import RuleBroken

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</title></textarea></style><script>1</script>",
    '<!--<img src="--><img src=x onerror=1//">',
    "{{7*7}}{% raw %}${7*7}#{7}",
    "]]><x/>&#60;b&#62;&amp;lt;",
    "javascript:alert(1)",
    "<svg onload=1><a xlink:href='javascript:1'>",
    "hx-get=/x data-hx-on:load=1",
    "\u2028\u2029</SCRIPT\n>\t",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "正常\n=cmd|' /C calc'!A0",
    '"=1',
    "行\r换",
    "\x0b\x1f\ufffe\x7f\u202e反",
    "\U0001f600\U00020000𠮷",
    "%00%0d%0a",
    "长" * 40_000,
)
TECHNICAL = {"category", "direction", "procedure", "unit", "kind", "audience", "id", "from", "to", "number", "role"}


def _every_text(value: Any, change: Callable[[str], str], key: str = "") -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {k: _every_text(v, change, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_every_text(v, change, key) for v in value]
    if isinstance(value, str) and value and key not in TECHNICAL | {"flows", "contact", "supervision_contact"}:
        return change(value)
    return value


def hostile_content(text: str) -> EditionContent:
    """One power and its chart with the text in place of every word, everywhere words are free."""
    content = sample_content(codes=["JTHB-XK-001"], number=2)

    def change(_: str) -> str:
        return text

    power, flow = content.powers[0], content.flows[0]
    entry = _every_text(deepcopy(dict(power.entry)), change) | {"section": "建设项目管理科"}
    entry["details"].pop("subcategory", None)
    # A chart's names are short by rule; the layout would refuse to draw forty thousand characters.
    chart = _every_text(deepcopy(dict(flow.chart)), lambda _: text[:100])
    line = ApprovalLine(text, text, text, text)
    return replace(
        content,
        bureau_name=text,
        document=text,
        remark=text,
        powers=(replace(power_of(power.code, entry), approvals=(line,)),),
        flows=(replace(flow_of(chart, draw(chart).svg), approvals=(line,)),),
        contacts={
            key: {k: text if k != "kind" else v for k, v in contact.items()}
            for key, contact in content.contacts.items()
        },
        changes=tuple(replace(change, name=text, date=text) for change in content.changes),
        notices={"JTHB-QT-900": text},
        who_handles=(
            dict.fromkeys(content.who_handles[0], text) | {"basis_checked": "yes", "related_codes": "JTHB-XK-001"},
        ),
        synonyms=({"everyday": text, "formal": text, "kind": "", "note": ""},),
    )


class Seen(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str | None] = []
        self.names: set[str] = set()
        self.targets: list[str] = []
        self.shape: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append(tag)
        self.names |= {name for name, _ in attrs}
        self.targets += [str(value) for name, value in attrs if name in {"href", "src", "action", "xlink:href"}]
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))


def shape_of(raw: bytes) -> list[str]:
    return Seen(raw.decode()).shape


PLAIN = {path: raw for path, raw in build_bundle(hostile_content("甲")) if path.endswith((".html", ".svg", ".xml"))}


@pytest.mark.parametrize("text", CORPUS, ids=[str(n) for n in range(len(CORPUS))])
def test_hostile_text_changes_no_structure_anywhere(text: str) -> None:
    files = dict(build_bundle(hostile_content(text)))
    assert set(PLAIN) == {path for path in files if path.endswith((".html", ".svg", ".xml"))}
    for path, raw in files.items():
        if path.endswith(".html"):
            seen = Seen(raw.decode())
            assert all(source and "assets/" in source for source in seen.scripts), path
            assert not {name for name in seen.names if name.startswith(("on", "hx-", "data-hx"))} - {"one"}, path
            assert "style" not in seen.names, path
            assert not [t for t in seen.targets if t.lower().strip().startswith(("javascript", "data:", "//"))], path
            # The semicolons of a text make or take list items and paragraphs, nothing else.
            parts = {"li", "p", "tspan", "text"}
            plain = [tag for tag in shape_of(PLAIN[path]) if tag not in parts]
            assert [tag for tag in seen.shape if tag not in parts] == plain, path
        elif path.endswith((".svg", ".xml")):
            ET.fromstring(raw)  # noqa: S314 - what is tested is that it parses
        elif path.endswith(".json"):
            json.loads(raw)
    parse(files["manifest.json"])
    search_data.read(files[search_data.PATH])
    entry = json.loads(files["data/catalogue.jsonl"].decode().split("\n")[1])
    assert entry["conditions"] == text


@pytest.mark.parametrize("text", CORPUS, ids=[str(n) for n in range(len(CORPUS))])
def test_hostile_text_is_never_computed_by_a_spreadsheet(text: str) -> None:
    files = dict(build_bundle(hostile_content(text)))
    book = openpyxl.load_workbook(io.BytesIO(files["data/catalogue.xlsx"]))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink or cell.comment]
    with zipfile.ZipFile(io.BytesIO(files["data/catalogue.xlsx"])) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))  # noqa: S314 - what is tested is that it parses
    csv.field_size_limit(10_000_000)
    table = list(csv.reader(io.StringIO(files["data/catalogue.csv"].decode("utf-8-sig"), newline="")))
    assert len(table) == 2
    for cell in table[1]:
        for line in cell.split("\n"):
            assert not line.lstrip(" \"'“”‘’\u3000").startswith(tuple("=+-@＝＋－＠")) or line.startswith("'"), cell[
                :40
            ]
    if text.isprintable():
        assert text in {plain_cell(cell) for cell in table[1]}


def test_a_lone_surrogate_is_refused_with_a_sentence() -> None:
    content = sample_content(codes=["JTHB-XK-001"])
    power = content.powers[0]
    spoilt = replace(power, entry={**power.entry, "rules": "\ud800"})
    with pytest.raises(RuleBroken, match="无法写入"):
        next(build_bundle(replace(content, powers=(spoilt,))))
