"""One inspection: its points with answers and proof, what may be done now, comment, signatures, the way it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person, Section
from webapp.deadlines.reading import read_calendar
from webapp.files.kinds import BY_MEDIA_TYPE
from webapp.files.models import File
from webapp.findings.models import Finding
from webapp.inspections.models import Checklist, Inspection, InspectionEvidence, InspectionStep, SupervisionRecord
from webapp.inspections.points import ANSWER_WORDS, Answered, Point, seen_mark
from webapp.inspections.reading import (
    answers_of,
    evidence_of,
    points_of,
    relations_of,
    seen_inspection,
    signatures_of,
    team_of,
)
from webapp.inspections.recording import power_words
from webapp.inspections.stages import COMMENT_WORDS, KIND_WORDS, STATE_WORDS, Event, Relation, offers
from webapp.pages.inspections import PATH, TONES
from webapp.policy import Actor

_EVENT_WORDS = {
    "plan": "安排检查",
    "start": "开始检查",
    "finish": "检查完毕",
    "send_for_comment": "送科室征求意见",
    "confirm_on_spot": "当场确认",
    "comment": "科室提出意见",
    "lapse": "期满未提意见，视为无异议",
    "sign": "签字",
    "refuse_signature": "登记拒签",
    "addendum": "补充记录",
    "cancel": "取消检查",
}
_SIGNS = {"inspector": "检查人", "head": "被查科室负责人", "refused": "拒签"}


@dataclass(frozen=True)
class Proof:
    """A file with its address; a picture is shown."""

    id: int
    name: str
    address: str
    size: str
    is_picture: bool


@dataclass(frozen=True)
class PointRow:
    """A point as it stands on the screen; `seen` travels in the form."""

    point: Point
    options: tuple[tuple[str, str], ...]
    value: str
    word: str
    note: str
    seen: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Offer:
    """An act that may be taken now."""

    event: str
    label: str
    note: str
    needs_witness: bool


@dataclass(frozen=True)
class InspectionPage:
    """What the screen shows."""

    id: int
    address: str
    version: int
    title: str
    state: str
    state_key: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[PointRow, ...]], ...]
    is_filling: bool
    may_attach: bool
    answered: int
    total: int
    offers: tuple[Offer, ...]
    proofs: tuple[Proof, ...]
    comment: str
    comment_due: date | None
    days_left: int | None
    is_provisional: bool
    signatures: tuple[tuple[str, str, datetime], ...]
    digest: str
    findings: tuple[str, ...]
    steps: tuple[dict[str, object], ...]


def inspection_page(session: Session, inspection_id: int, *, viewer: Actor) -> InspectionPage:
    """Return an inspection as a person sees it; at most sixteen queries, whatever its size. Raises NotFound."""
    row = seen_inspection(session, inspection_id, viewer)
    team = team_of(session, row.id)
    relations = relations_of(row, viewer, [person for person, _ in team])
    checklist = session.get_one(Checklist, row.checklist_id)
    section = session.get_one(Section, row.section_id)
    answers = answers_of(session, row.id)
    proofs = _proofs(session, row.id)
    sections = tuple(
        (part.title, tuple(_point(point, answers, proofs) for point in part.points))
        for part in points_of(session, row.content_digest)
    )
    rows = [point for _, points in sections for point in points]
    calendar = read_calendar(session)
    is_member = Relation.MEMBER in relations
    held = f"{_day(row.held_on)}{f'(补录，{_day(clock.local_day(row.made_at))}录入)' if row.is_late_entry else ''}"
    signed = signatures_of(session, row.id)
    record = session.get(SupervisionRecord, row.id)
    mine = {each.kind for each, _ in signed if each.person_id == viewer.person}
    return InspectionPage(
        id=row.id,
        address=f"{PATH}/{row.id}",
        version=row.version,
        title=f"{section.name}：{checklist.title}",
        state=STATE_WORDS[row.state],
        state_key=row.state,
        tone=TONES.get(row.state, "under"),
        facts=(
            ("编号", f"督查〔{row.year}〕第{row.number}号" if row.number else "签字后编号"),
            ("被查科室", section.name),
            ("检查事项", power_words(session, row.record_id) or "科室整体"),
            ("检查清单", f"{checklist.title}(第{checklist.number}版)"),
            ("检查类别和方式", f"{KIND_WORDS[row.kind]}，{row.method}"),
            ("检查日期", held),
            ("检查人", "、".join(name for _, name in team)),
        ),
        sections=sections,
        is_filling=is_member and row.state == "in_progress",
        may_attach=is_member and row.state in {"in_progress", "drafted", "in_comment", "commented"},
        answered=sum(bool(point.value) for point in rows),
        total=len(rows),
        offers=tuple(
            Offer(offer.event, offer.label, offer.note, offer.event is Event.REFUSE)
            for offer in offers(row.state, relations)
            if not (offer.event is Event.SIGN and mine)
        ),
        proofs=tuple(proofs.get("", ())),
        comment=_comment(session, row),
        comment_due=row.comment_due if row.state == "in_comment" else None,
        days_left=calendar.count_between(clock.today(), row.comment_due) if row.comment_due else None,
        is_provisional=row.comment_due is not None and not calendar.knows(row.comment_due),
        signatures=tuple(
            (_SIGNS[each.kind], f"{name}{f'登记，见证人{each.witness}' if each.witness else ''}", each.signed_at)
            for each, name in signed
        ),
        digest=record.digest if record else "",
        findings=tuple(
            session.scalars(
                select(Finding.fact)
                .where(Finding.source_kind == "inspection", Finding.source_id == row.id)
                .order_by(Finding.id)
            )
        ),
        steps=_steps(session, row.id),
    )


def _point(point: Point, answers: Mapping[str, Answered], proofs: Mapping[str, list[Proof]]) -> PointRow:
    answer = answers.get(point.key)
    value, note = (answer.value, answer.note) if answer else ("", "")
    return PointRow(
        point=point,
        options=tuple((key, ANSWER_WORDS[key]) for key in point.answers),
        value=value,
        word=ANSWER_WORDS.get(value, "未填"),
        note=note,
        seen=seen_mark(value, note),
        proofs=tuple(proofs.get(point.key, ())),
    )


def _proofs(session: Session, inspection_id: int) -> dict[str, list[Proof]]:
    rows: list[InspectionEvidence] = evidence_of(session, inspection_id)
    files = {row.id: row for row in session.scalars(select(File).where(File.id.in_([row.file_id for row in rows])))}
    found: dict[str, list[Proof]] = {}
    for row in rows:
        file = files[row.file_id]
        found.setdefault(row.item_key, []).append(
            Proof(
                row.id,
                row.name,
                f"/files/{file.id}/{row.name}",
                f"{max(1, round(file.size / 1024))}KB",
                BY_MEDIA_TYPE[file.media_type].is_picture,
            ),
        )
    return found


def _comment(session: Session, row: Inspection) -> str:
    if not row.comment_kind:
        return ""
    person = session.get(Person, row.comment_by) if row.comment_by else None
    told = f"{COMMENT_WORDS[row.comment_kind]}{f'({person.name})' if person else ''}"
    return f"{told}：{row.comment}" if row.comment else told


def _steps(session: Session, inspection_id: int) -> tuple[dict[str, object], ...]:
    rows = session.execute(
        select(InspectionStep, Person.name)
        .join(Person, Person.id == InspectionStep.person_id, isouter=True)
        .where(InspectionStep.inspection_id == inspection_id)
        .order_by(InspectionStep.id),
    )
    return tuple(
        {"when": step.at, "what": _EVENT_WORDS[step.event], "who": name or "系统", "note": step.note}
        for step, name in rows
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
