"""The papers of charts: 表6, which chart serves which powers, and 表8, who does what of a shared power."""

from sqlalchemy import select

from webapp import clock
from webapp.documents.form_shapes import Edition
from webapp.documents.paper import Cell, Note, Paper, Row, Table, Text
from webapp.flows.kind import AUDIENCES, PROCEDURES
from webapp.flows.words import limit_words
from webapp.pages.paper_items import Item, read_items, read_open_flows
from webapp.pages.paper_making import Making, day_words
from webapp.reviews.models import Review, ReviewStep
from webapp.revisions.kinds import Body

_FEW = 2  # codes in a row that are written out
_SAID = {"dissent": "不同意见", "rule": "裁定"}


def flow_table(making: Making) -> Paper:
    """Return 表6: every chart with the powers it serves, then the powers that need none, with the reason."""
    form, edition = making.form, making.edition
    charts = _charts(making)
    powers = making.shown()
    served: dict[str, list[str]] = {}
    for item in powers:
        for number in (item.body or {})["flows"]:
            served.setdefault(number, []).append(item.code or item.name)
    rows = [Row((f"流程图({len(charts)}张)",), "group")] if charts else []
    for chart in charts:
        body, codes = chart.body or {}, served.get(chart.code, [])
        values: dict[str, Cell] = {
            "number": chart.code,
            "name": chart.name,
            "procedure": PROCEDURES.get(body["procedure"], ""),
            "powers": f"{'、'.join(in_runs(codes))}({len(codes)}项)" if codes else "无(0项)",
            "audience": AUDIENCES.get(body["audience"], "").removesuffix("流程图"),
            "state": chart.state,
        }
        rows.append(form.row(edition, values))
    without = [item for item in powers if not item.counted.is_flow_required]
    if without and edition is Edition.REVIEW:
        rows.append(Row((f"不需制图事项({len(without)}项)",), "group"))
        rows += [
            form.row(
                edition, {"powers": f"{item.code} {item.name}".strip(), "reason": (item.body or {})["flow_reason"]}
            )
            for item in without
        ]
    table = Table(form.headings(edition), tuple(rows)) if rows else Note("没有流程图。")
    return making.paper((making.head(), table))


def joint_confirmations(making: Making) -> tuple[Paper, ...]:
    """Return 表8 for each power that sections share and this one leads or signs."""
    section = making.section
    if section is None:
        return ()
    found = read_items(making.session, "power", viewer=making.viewer, section=section.id)
    items = [item for item in found if item.body is not None and _is_joint(item.body, section.name)]
    if making.code:
        items = [item for item in items if item.code == making.code]
    charts = {chart.code: chart for chart in read_items(making.session, "flow", viewer=making.viewer) if chart.body}
    said = _said(making, [item.record for item in items])
    return tuple(_confirmation(making, item, charts, said.get(item.record, [])) for item in items)


def _confirmation(making: Making, item: Item, charts: dict[str, Item], said: list[str]) -> Paper:
    form, body = making.form, item.body or {}
    values = {
        "name": f"{item.code} {item.name}".strip(),
        "lead": str(body["section"]),
        "joint": "、".join(body["joint_sections"]),
    }
    rows: list[Row] = []
    for number in body["flows"]:
        if chart := charts.get(number):
            rows.append(Row((f"{number} {chart.name}",), "group"))
            rows += [form.row(making.edition, _step(step)) for step in (chart.body or {})["steps"]]
    table = Table(form.headings(making.edition), tuple(rows)) if rows else Note("本事项的流程图由牵头科室随表提供。")
    opinion = Text("分歧及裁定", tuple(said) or ("各科室没有不同意见。",))
    return making.paper((form.grid(values), table, opinion), state=item.state, named_by=item.digest, subtitle=item.code)


def _is_joint(body: Body, section: str) -> bool:
    return bool(body["joint_sections"]) and section in {body["section"], *body["joint_sections"]}


def _step(step: Body) -> dict[str, Cell]:
    return {
        "step": step["name"],
        "section": step["section"],
        "post": step["post"],
        "limit": limit_words(step["limit"]) if step["limit"] else "",
        "handover": step["document"] or step["conditions"],
    }


def in_runs(codes: list[str]) -> list[str]:
    """Return codes with three or more that follow each other written as first至last: JTHB-CF-001至JTHB-CF-042."""
    runs: list[list[str]] = []
    for code in codes:
        stem, _, number = code.rpartition("-")
        before, _, last = (runs[-1][-1] if runs else "").rpartition("-")
        follows = number.isdecimal() and last.isdecimal() and stem == before and int(number) == int(last) + 1
        if follows:
            runs[-1].append(code)
        else:
            runs.append([code])
    told: list[str] = []
    for run in runs:
        told += [f"{run[0]}至{run[-1]}"] if len(run) > _FEW else run
    return told


def _charts(making: Making) -> list[Item]:
    number = making.section.id if making.section else 0
    if making.edition is Edition.PUBLIC:
        return [chart for chart in read_open_flows(making.session) if not number or chart.section == number]
    found = read_items(making.session, "flow", viewer=making.viewer, section=number)
    return [chart for chart in found if chart.body is not None]


def _said(making: Making, records: list[int]) -> dict[int, list[str]]:
    """Return what was said against and ruled, by record, in its order; one query."""
    rows = making.session.execute(
        select(Review.record_id, ReviewStep.action, ReviewStep.behalf_of, ReviewStep.note, ReviewStep.at)
        .join(Review, Review.id == ReviewStep.review_id)
        .where(Review.record_id.in_(records), ReviewStep.action.in_(list(_SAID)))
        .order_by(ReviewStep.id),
    )
    said: dict[int, list[str]] = {}
    for record, action, behalf, note, at in rows:
        who = f"{behalf} " if behalf else ""
        said.setdefault(record, []).append(f"{who}{_SAID[action]}({day_words(clock.local_day(at))})：{note}")
    return said
