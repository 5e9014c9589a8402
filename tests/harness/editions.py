"""An edition's content made from the sample catalogue, without a database: what the builder of bundles is tested on."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from webapp.digests import digest
from webapp.flows.drawings import draw
from webapp.powers.parts import public_part
from webapp.publication.build import build_bundle
from webapp.publication.content import (
    ApprovalLine,
    Change,
    EarlierEdition,
    EditionContent,
    HistoryLine,
    PublicFlow,
    PublicPower,
    Section,
)

DATA = Path(__file__).resolve().parents[2] / "webapp" / "sample" / "data"
DRAWN = ("LC-CF-01", "LC-CF-02", "LC-XK-001")
APPROVALS = (
    ApprovalLine("section_review", "科长", "2008-07-03"),
    ApprovalLine("bureau_decision", "局领导小组", "2008-07-09", "纪要〔2008〕1号"),
    ApprovalLine("city_decision", "市优化领导小组", "2008-08-27", "坛优组字〔2008〕5号"),
)
Transform = Callable[[Any], Any]


@cache
def records() -> tuple[dict[str, Any], ...]:
    """The lines of the sample catalogue."""
    return tuple(json.loads(line) for line in (DATA / "catalogue.jsonl").read_text(encoding="utf-8").splitlines())


@cache
def _drawing(number: str) -> str | None:
    return draw(_public_chart(_charts()[number])).svg if number in DRAWN else None


def _charts() -> dict[str, dict[str, Any]]:
    return {r["number"]: {k: v for k, v in r.items() if k != "record"} for r in records() if r["record"] == "flow"}


def _public_chart(chart: Mapping[str, Any]) -> dict[str, Any]:
    inner = {"risk_point", "risk_level", "measure"}
    return {**chart, "steps": [{k: v for k, v in step.items() if k not in inner} for step in chart["steps"]]}


def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a csv of the sample data."""
    with (DATA / name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


def power_of(code: str, entry: Mapping[str, Any]) -> PublicPower:
    """An approved power whose digest is that of its entry."""
    seen = digest(entry)
    return PublicPower(code, entry, seen, APPROVALS, (HistoryLine(1, "2008-09-01", "added", seen),))


def flow_of(chart: Mapping[str, Any], svg: str | None = None) -> PublicFlow:
    """An approved chart whose digest is that of its body."""
    return PublicFlow(chart["number"], chart, digest(chart), APPROVALS, svg)


def sample_content(
    audience: Literal["public", "bureau"] = "public",
    codes: Iterable[str] | None = None,
    number: int = 1,
    *,
    is_drawn: bool = True,
) -> EditionContent:
    """The content of an edition of the sample: all powers of the audience, or those named; a few charts are drawn."""
    charts, wanted = _charts(), None if codes is None else set(codes)
    powers = [
        power_of(record["code"], public_part(record, lambda number: charts[number]["audience"] == "external"))
        for record in records()
        if record["record"] == "power" and record["disclosure"] == audience
        if wanted is None or record["code"] in wanted
    ]
    named = sorted({number for power in powers for number in power.entry["flows"]})
    people = json.loads((DATA / "people.json").read_text(encoding="utf-8"))
    sections = tuple(Section(s["name"], s["slug"]) for s in people["sections"] if s["kind"] == "section")
    return EditionContent(
        bureau_name="金坛市环境保护局",
        audience=audience,
        number=number,
        date="2008-09-01",
        document="坛环法〔2008〕第1号",
        index_prefix="014139054",
        public_url="http://127.0.0.1:8001",
        powers=tuple(powers),
        flows=tuple(flow_of(_public_chart(charts[n]), _drawing(n) if is_drawn else None) for n in named),
        sections=sections,
        contacts=json.loads((DATA / "directory.json").read_text(encoding="utf-8"))["contacts"],
        previous_manifest_digest="a" * 64 if number > 1 else None,
        synonyms=rows_of("synonyms.csv"),
        who_handles=rows_of("who-handles.csv"),
        changes=(Change("changed", "JTHB-CF-045", "夜间进行禁止的建筑施工作业的处罚", "2008-12-01"),)
        if number > 1
        else (),
        earlier_editions=(EarlierEdition(1, "2008-09-01", "a" * 64),) if number > 1 else (),
        notices={"JTHB-QT-900": "本事项已撤下，现不公开。"} if number > 1 else {},
        remark="示范数据：人员、电话均为虚构",
    )


def with_entry(content: EditionContent, code: str, **fields: object) -> EditionContent:
    """The content with some fields of one entry changed and approved as changed."""
    powers = (power_of(p.code, {**p.entry, **fields}) if p.code == code else p for p in content.powers)
    return replace(content, powers=tuple(powers))


def write_bundle(content: EditionContent, folder: Path) -> Path:
    """Build the bundle of a content into a folder."""
    for path, raw in build_bundle(content):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    return folder
