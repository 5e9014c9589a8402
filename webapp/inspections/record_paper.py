"""监督检查记录 and the blank checklist as official papers (papers.md 督, domain.md 3.9 e). Pure.

A record is made of the document that was signed and of nothing else, so the same record always gives the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from webapp.documents.form_shapes import Box, Column, Edition, Form
from webapp.documents.paper import Block, Layout, Line, Note, Paper, Row, Stack, Table, Text
from webapp.inspections.points import ANSWER_WORDS, PointSection

RECORD = Form(
    "supervision-record",
    "督",
    "监督检查记录",
    Layout(),
    columns=(
        Column("key", "编号", 14, "centre"),
        Column("text", "检查内容", 62),
        Column("answer", "结果", 18, "centre"),
        Column("note", "情况说明", 38),
        Column("proofs", "证据", 24),
    ),
    boxes=(
        (Box("number", "编号", 6), Box("held_on", "检查日期", 6)),
        (Box("section", "被查科室", 6), Box("method", "检查方式", 6)),
        (Box("team", "检查人", 6), Box("kind", "检查类别", 6)),
        (Box("power", "检查事项"),),
        (Box("checklist", "依据清单"),),
    ),
    signs=("检查人", "检查人", "被查科室负责人"),
)
_BLANK_ROOM = "□"
_SIGNATURES = {"inspector": "检查人", "head": "被查科室负责人", "refused": "被查科室负责人拒签"}


def record_stack(content: Mapping[str, Any], digest: str, addenda: Sequence[tuple[int, str, str, date]]) -> Stack:
    """Return the signed record with its addenda (number, text, name, day) as a stack of one paper.

    The paper is named by the digest of what was signed; an addendum stands below and changes neither.
    """
    number = number_words(content)
    held = f"{_day(content['held_on'])}"
    if content["is_late_entry"]:
        held += f"(补录，{_day(content['recorded_on'])}录入)"
    blocks: list[Block] = [
        RECORD.grid(
            {
                "number": number,
                "held_on": held,
                "section": content["section"],
                "method": content["method"],
                "team": "、".join(content["team"]),
                "kind": content["kind"],
                "power": content["power"],
                "checklist": content["checklist"],
            },
        ),
        Table(RECORD.headings(Edition.REVIEW), tuple(_record_rows(content["sections"]))),
        Text("检查发现的问题", tuple(_problems(content["sections"])) or ("未发现问题。",)),
    ]
    if content["proofs"]:
        blocks.append(Text("附件", tuple(_proof_words(content["proofs"]))))
    comment = content["comment"]
    told = "　".join(part for part in (comment["kind"], comment["by"], _day(comment["on"])) if part)
    blocks.append(Text("被查科室意见", tuple(part for part in (comment["text"], told) if part) or ("—",)))
    blocks.append(Text("签字", tuple(map(_signature, content["signatures"]))))
    blocks.append(Note(f"电子签署，原文校验码 {digest}。"))
    for place, text, name, day in addenda:
        blocks.append(Text(f"补充记录{place}", (text, f"{name}　{_day(day.isoformat())}")))
    signed = max((each["on"] for each in content["signatures"]), default=content["recorded_on"])
    paper = Paper("监督检查记录", tuple(blocks), content["bureau"], "已签字", digest)
    return Stack(f"监督检查记录 {number}", RECORD.layout, (paper,), _day(signed))


def blank_stack(
    title: str, values: Mapping[str, str], sections: Iterable[PointSection], *, bureau: str, printed: str
) -> Stack:
    """Return a checklist to be taken along and filled in by hand, in its own order, with room to write and sign."""
    rows: list[Row] = []
    for section in sections:
        rows.append(Row((section.title, "", "", "", ""), "group"))
        for point in section.points:
            choices = "\n".join(f"{_BLANK_ROOM}{ANSWER_WORDS[answer]}" for answer in point.answers)
            text = f"{point.text}\n({point.guidance})" if point.guidance else point.text
            rows.append(Row((point.key, text, choices, "　", point.proof or "—")))
    blocks: tuple[Block, ...] = (
        RECORD.grid(values),
        Table(RECORD.headings(Edition.REVIEW), tuple(rows)),
        Note("“不适用”“未查”的请写明原因；“不符合”的请写明事实并附证据。检查后录入系统，附本表扫描件。"),
        Line("被查科室意见："),
        *RECORD.sign_line(Edition.REVIEW),
    )
    return Stack(title, RECORD.layout, (Paper(title, blocks, bureau, "空白表"),), printed)


def number_words(content: Mapping[str, Any]) -> str:
    """Return 督查〔2008〕第3号."""
    return f"督查〔{content['year']}〕第{content['number']}号" if content.get("number") else "签字后编号"


def _record_rows(sections: Iterable[Mapping[str, Any]]) -> Iterable[Row]:
    for section in sections:
        yield Row((section["title"], "", "", "", ""), "group")
        for point in section["points"]:
            values = {**point, "proofs": "\n".join(_proof_words(point["proofs"]))}
            yield RECORD.row(Edition.REVIEW, {key: values[key] for key in ("key", "text", "answer", "note", "proofs")})


def _problems(sections: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    found = [point for section in sections for point in section["points"] if point["is_finding"]]
    for place, point in enumerate(found, 1):
        basis = f"(依据：{point['basis']})" if point["basis"] else ""
        yield f"{place}. {point['key']} {point['text']}：{point['answer']}。{point['note']}{basis}"


def _proof_words(proofs: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"{proof['name']}(校验码{proof['sha256'][:12]})" for proof in proofs]


def _signature(each: Mapping[str, str]) -> str:
    words = f"{_SIGNATURES[each['kind']]}：{each['name']}"
    if each["kind"] == "refused":
        words = f"被查科室负责人拒签，{each['name']}登记，见证人：{each['witness']}。{each['note']}"
    return f"{words}　{_day(each['on'])}"


def _day(text: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
