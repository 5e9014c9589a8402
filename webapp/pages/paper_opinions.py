"""表10: what every level remarked on and what became of it, the field before and after; proposed wordings with it.

Requests not to publish are left out: their papers go apart (practice.md, annex 3).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from webapp import clock
from webapp.documents.paper import Cell, Note, Paper, Table
from webapp.flows.words import limit_words
from webapp.pages.paper_items import makes_all
from webapp.pages.paper_making import Making, day_words
from webapp.pages.review_past import changed_places
from webapp.pages.review_words import REPLY_WORDS, SEVERITIES, place_label
from webapp.pages.wordings import STATE_WORDS
from webapp.powers.wording import worded
from webapp.reviews.chain import STAGE_LABELS
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Batch, Problem, Review, ReviewStep, Wording, WordingItem
from webapp.revisions.kinds import Body
from webapp.revisions.models import Record, Revision
from webapp.revisions.reading import revision_body

LONGEST = 160  # characters of a cell
_SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]|[^。；;\n]+")
_WAITING = "尚未重新送审"
_SEVERITY = dict(SEVERITIES)
_KINDS = ("power", "flow")


@dataclass(frozen=True)
class _Remark:
    """A line of the paper before it has its number; `at` orders them."""

    at: datetime
    values: Mapping[str, Cell]


def opinion_answers(making: Making) -> Paper:
    """Return 表10 of a section or of the bureau, in the order in which the remarks were made; five queries."""
    remarks = sorted((*_problems(making), *_wordings(making)), key=lambda remark: remark.at)
    rows = [
        making.form.row(making.edition, {**remark.values, "place": place}) for place, remark in enumerate(remarks, 1)
    ]
    if not rows:
        return making.paper((making.head(), Note("没有审核意见和统一表述建议。")))
    answered = sum(bool(remark.values["reply"]) for remark in remarks)
    note = Note(f"共{len(rows)}条，已处理{answered}条，待处理{len(rows) - answered}条。")
    return making.paper((making.head(), Table(making.form.headings(making.edition), tuple(rows)), note))


def _problems(making: Making) -> Iterator[_Remark]:
    session = making.session
    found = session.execute(
        select(Problem, ReviewStep, Record, Batch.document)
        .join(ReviewStep, ReviewStep.id == Problem.step_id)
        .join(Review, Review.id == Problem.review_id)
        .join(Record, Record.id == Review.record_id)
        .outerjoin(Batch, Batch.id == ReviewStep.batch_id)
        .where(_scope(making), Record.kind.in_(_KINDS))
        .order_by(Problem.id),
    ).all()
    revisions = _revisions(session, {row[2].id for row in found})
    for problem, step, record, document in found:
        kind = KINDS[record.kind]
        versions = revisions[record.id]
        seen = next((one for one in versions if one.digest == step.digest), versions[0])
        later = next((one for one in versions if one.number > seen.number), None)
        before = revision_body(kind, seen)
        after = revision_body(kind, later) if later else None
        waits = "" if step.action == "return" and later is None and not problem.reply else _WAITING
        if problem.field:
            told = (
                _told(record.kind, problem.field, before),
                (_told(record.kind, problem.field, after) if after else waits),
            )
        else:
            places = changed_places(kind, before, after) if after else ()
            told = "全文", (f"修改：{'、'.join(places)}" if places else "未修改") if after else waits
        yield _Remark(
            step.at,
            {
                "level": "\n".join(filter(None, (STAGE_LABELS[step.stage], document))),
                "item": f"{record.code or '待编'}\n{before.get('name', '')}",
                "field": place_label(record.kind, problem.field, before),
                "opinion": f"{problem.content}（{_SEVERITY[problem.severity].removesuffix('修改')}）",
                "reply": REPLY_WORDS.get(problem.reply, ""),
                "reason": problem.reply_note,
                "before": told_by_difference(told[0], told[1]),
                "after": told_by_difference(told[1], told[0]),
                "day": day_words(clock.local_day(problem.replied_at or step.at)),
            },
        )


def _wordings(making: Making) -> Iterator[_Remark]:
    rows = making.session.execute(
        select(WordingItem, Wording, Record, Revision)
        .join(Wording, Wording.id == WordingItem.wording_id)
        .join(Record, Record.id == WordingItem.record_id)
        .join(Revision, Revision.record_id == Record.id)
        .where(_scope(making), WordingItem.state != "withdrawn", Revision.number == 1)
        .order_by(WordingItem.id),
    )
    for item, wording, record, first in rows:
        body = revision_body(KINDS[record.kind], first)
        after = {"consented": told_by_difference(item.after, item.before), "declined": "未修改"}.get(item.state, "")
        asked = f"建议将“{wording.find}”统一为“{wording.text}”" if wording.find else f"建议统一为“{wording.text}”"
        yield _Remark(
            wording.at,
            {
                "level": f"{STAGE_LABELS['office_review']}\n统一表述建议",
                "item": f"{record.code or '待编'}\n{body['name']}",
                "field": place_label(record.kind, item.field, body),
                "opinion": f"{asked}。{wording.reason}（建议）",
                "reply": {"consented": REPLY_WORDS["adopted"], "declined": STATE_WORDS["declined"]}.get(item.state, ""),
                "reason": item.reason,
                "before": told_by_difference(item.before, item.after),
                "after": after,
                "day": day_words(clock.local_day(item.at or wording.at)),
            },
        )


def _scope(making: Making) -> ColumnElement[bool]:
    """Return the condition on `Record`: one section, or what the viewer makes papers of."""
    viewer = making.viewer
    if making.section:
        return Record.section_id == making.section.id
    return true() if makes_all(viewer) else Record.section_id.in_(sorted(viewer.own_sections))


def _revisions(session: Session, records: set[int]) -> dict[int, list[Revision]]:
    """Return the revisions of records, the oldest first."""
    found: dict[int, list[Revision]] = {}
    for revision in session.scalars(
        select(Revision).where(Revision.record_id.in_(records)).order_by(Revision.record_id, Revision.number),
    ):
        found.setdefault(revision.record_id, []).append(revision)
    return found


def _told(kind: str, at: str, body: Body) -> str:
    """Return the field or step a remark is about as it reads in a version."""
    if kind == "power":
        words = {each.name: each.text for each in worded(body)}
        # A remark on one cell names its row too ("basis-0-law"): the whole field is shown.
        return words.get(at) or words.get(at.partition("-")[0], "")
    name, _, number = at.partition("-")
    if name == "steps" and number:
        step = next((one for one in body["steps"] if one["id"] == number), None)
        return _step(step) if step else "无此环节"
    value = body.get(name, "")
    return value if isinstance(value, str) else f"共{len(value)}项" if isinstance(value, list) else limit_words(value)


def told_by_difference(text: str, other: str) -> str:
    """Return a text, of a long one the sentences the other text does not have; what was left out is shown as ……."""
    if len(text) <= LONGEST:
        return text
    sentences = _SENTENCE.findall(text)
    known = set(_SENTENCE.findall(other))
    kept = [sentence for sentence in sentences if sentence not in known] if len(known) > 1 else sentences
    told = "".join(kept).strip()
    short = told if len(told) <= LONGEST else f"{told[:LONGEST]}……"
    return short if len(kept) == len(sentences) else f"……{short}"


def _step(step: Body) -> str:
    limit = limit_words(step["limit"]) if step["limit"] else ""
    return "；".join(filter(None, (step["name"], step["post"], limit, step["conditions"], step["document"])))
