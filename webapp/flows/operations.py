"""Everything that changes a chart's draft: making one, saving, keeping what is typed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Section
from webapp.digests import digest
from webapp.flows.citing import recognised
from webapp.flows.forms import Form, chart_problems, is_chart_name, read_chart, without_blank_ways
from webapp.flows.kind import AUDIENCES, FLOW, MAX_NAME, describe, empty_body, without_empty_refining
from webapp.flows.models import ChartOrigin
from webapp.flows.numbering import SERIES, next_number
from webapp.flows.pasting import read_pasted
from webapp.flows.starting_charts import StartingChart
from webapp.flows.undoing import carry_states
from webapp.laws.reading import read_library
from webapp.policy import Actor
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body, Description
from webapp.revisions.models import Autosave, Draft, Record
from webapp.revisions.operations import BodyRefused
from webapp.revisions.reading import seen_listing
from webapp.rules import RuleBroken

PANEL = "chart"
_NUMBER = re.compile(r"[A-Za-z0-9一-龥]+(?:[-_.][A-Za-z0-9一-龥]+)*")
_MAX_NUMBER = 40


def _staying(body: Body) -> Description:
    """Describe a chart as one that stays with its section, whoever takes its first step."""
    return replace(describe(body), section="")


# A chart belongs to the section that made it; its first step may be another's (the window, the hotline).
_CHART = replace(FLOW, describe=_staying)


def create_chart(
    session: Session,
    by: Actor,
    *,
    number: str,
    name: str,
    audience: str,
    section: str,
    series: str = "",
    outline: str = "",
    model: Mapping[str, Any] | None = None,
    origin: int | None = None,
    starting: StartingChart | None = None,
) -> Record:
    """Make a chart: empty, from a pasted outline, as a statutory flow, or with the steps of `model`, a chart seen.

    `origin` is the record of `model`. Without a number the next one of the series is given. Raises RuleBroken with the
    field.
    """
    row = session.scalars(
        select(Section).where((Section.name == section) | (Section.slug == section)),
    ).one_or_none()
    if row is None:
        raise RuleBroken("请选择承办部门。", "section")
    if audience not in AUDIENCES:
        raise RuleBroken("请选择外部流程图或内部流程图。", "audience")
    if not name.strip():
        raise RuleBroken("请填写图名。", "name")
    series = series or (starting.series if starting else "")
    body = _first_body(_chosen_number(session, number.strip(), series, audience), name.strip(), audience, model)
    if starting is not None:
        begun = {**body, **starting.body(clock.today(), section=row.name)}
        body = recognised(begun, body, read_library(session), clock.today())
    elif model is None:
        for step in body["steps"]:
            step["section"] = row.name
        body.update(read_pasted(outline, section=row.name))
    if problems := chart_problems(body):
        # The form of a new chart has the name only; the rest came from what was pasted or copied.
        field = "name" if problems[0].field == "name" else "outline"
        raise RuleBroken(problems[0].sentence, field)
    record = revisions.create_record(session, by, FLOW, revisions.NewRecord(body, row.id, body["number"]))
    if model is not None and origin is not None:
        content, moment = digest(model), clock.now()
        session.add(ChartOrigin(record_id=record.id, origin_id=origin, content=content, person_id=by.person, at=moment))
    return record


def save_chart(session: Session, by: Actor, record_id: int, form: Form, *, seen_version: int | None) -> Draft:
    """Save what was posted over the version the person saw; what was not posted stays as it is.

    Citations are recognised. Raises BodyRefused (422) with the input of each fault, Stale (409), NotFound, NotAllowed.
    """
    seen_listing(session, by, FLOW.key, record_id)
    record = revisions.lock_record(session, record_id)
    revisions.require_editor(record, by)
    before = _draft_body(session, record_id)
    body = without_empty_refining(without_blank_ways(read_chart(form, before)))
    if problems := chart_problems(body):
        raise BodyRefused(problems)
    body = recognised(body, before, read_library(session), clock.today())
    draft = revisions.save_draft(session, by, _CHART, record_id, body, seen_version=seen_version)
    carry_states(session, by, record_id, seen_version=seen_version, version=draft.version)
    return draft


def autosave_chart(
    session: Session,
    by: Actor,
    record_id: int,
    *,
    seen_version: int | None,
    content: Sequence[tuple[str, str]],
) -> Autosave | None:
    """Keep what was typed and is not saved; None where it says what the draft says already. Not journalled."""
    seen_listing(session, by, FLOW.key, record_id)
    record = revisions.lock_record(session, record_id)  # a save under way ends first: what it kept is nothing unsaved
    revisions.require_editor(record, by)
    if record.stage not in revisions.EDITABLE:
        raise RuleBroken("本图正在审核中，不能修改，所填内容未暂存。需要修改的，请先收回或等待退回。")
    if seen_version is None:
        raise RuleBroken("缺少版本号，未能暂存。请刷新页面后再试。", "seen_version")
    kept = [(name, value) for name, value in content if is_chart_name(name)]
    form: dict[str, list[str]] = {}
    for name, value in kept:
        form.setdefault(name, []).append(value)
    before = _draft_body(session, record_id)
    if without_empty_refining(without_blank_ways(read_chart(form, before))) == before:
        old = session.get(Autosave, (record_id, by.account, PANEL))
        if old is not None:
            session.delete(old)
        return None
    return revisions.autosave(session, by, record_id, panel=PANEL, seen_version=seen_version, content=kept)


def discard_typed(session: Session, by: Actor, record_id: int) -> None:
    """Forget what this person typed into a draft and did not save."""
    seen_listing(session, by, FLOW.key, record_id)
    revisions.discard_autosaves(session, by, record_id)


def _draft_body(session: Session, record_id: int) -> Body:
    body: Body = json.loads(session.get_one(Draft, record_id).body)
    return body


def _first_body(number: str, name: str, audience: str, model: Mapping[str, Any] | None) -> Body:
    if len(name) > MAX_NAME:
        raise RuleBroken(f"图名过长，现有{len(name)}字，请控制在{MAX_NAME}字以内。", "name")
    body = empty_body(number, name)
    if model is not None:
        body = {**body, **model, "number": number, "name": name}
    return without_empty_refining({**body, "record": "flow", "audience": audience})


def _chosen_number(session: Session, number: str, series: str, audience: str) -> str:
    if number:
        if len(number) > _MAX_NUMBER or not _NUMBER.fullmatch(number):
            raise RuleBroken(
                f"图号只能用字母、数字、汉字和连接号，不超过{_MAX_NUMBER}字，如 LC-XK-003。请改正。", "number"
            )
        if revisions.taken_codes(session, FLOW.key, [number]):
            raise RuleBroken(f"图号{number}已有流程图使用。请换一个图号，或改为修改原图。", "number")
        return number
    if series not in dict(SERIES):
        raise RuleBroken("请填写图号，或选择图号的类别由系统编号。", "number")
    return next_number(session, series, audience)
