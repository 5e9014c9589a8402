"""One complaint: what came in, what was done, what the viewer may do now. Behind the wall it does not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person, Section
from webapp.complaints.kinds import (
    CHANNEL_WORDS,
    CONCLUSION_WORDS,
    CONCLUSIONS,
    KIND_WORDS,
    SATISFACTION_WORDS,
    SATISFACTIONS,
    SEVERITIES,
)
from webapp.complaints.models import Complaint, ComplaintIdentity, ComplaintStep, IdentityLook
from webapp.complaints.reading import (
    may_be_given,
    number_words,
    seen_complaint,
    standing_of,
    target_of,
    visible_numbers,
    visible_to,
)
from webapp.complaints.stages import BY_EVENT, ENDED, STATE_WORDS, Event, Offer, Standing, offers
from webapp.pages.complaint_clocks import ClockRow, complaint_clocks
from webapp.pages.complaint_new import people_to_aim_at, sections_to_aim_at
from webapp.pages.complaints import STATE_TONES
from webapp.policy import Actor
from webapp.revisions.models import Listing
from webapp.revisions.reading import visible_to as record_visible_to

Options = tuple[tuple[str, str], ...]
# How each field of an act is asked for: label, kind of input, help.
_INPUTS = {
    "note": ("说明", "textarea", ""),
    "where": ("去向", "text", "单位名称；不予受理的，写明来件人可以向何处反映。"),
    "document": ("文号", "text", ""),
    "reply": ("答复内容", "textarea", "答复来件人的全文，不写来件人姓名。"),
    "fact": ("查明的问题", "textarea", "据以列入问题台账，被反映的科室会看到；不写来件的经过和原话。"),
    "basis": ("问题的依据", "textarea", "违反了哪一条规定。"),
    "day": ("日期", "date", ""),
    "conclusion": ("核查结论", "select", ""),
    "severity": ("严重程度", "select", ""),
    "satisfaction": ("来件人是否满意", "select", ""),
    "assignee": ("承办人", "select", "被反映的科室和人员不在其中。"),
    "into": ("并入", "select", "反映的科室或者人员须相同。"),
    "section": ("被反映的科室", "select", "不改的，留空。"),
    "person": ("被反映的人员", "select", "不改的，留空。"),
}
_DAY_LABELS = {Event.REPLY: "答复日期", Event.REQUEST_REVIEW: "提出申请的日期"}


@dataclass(frozen=True)
class Input:
    """A field of an act."""

    name: str
    label: str
    kind: str
    help: str
    required: bool
    value: str
    options: Options = ()


@dataclass(frozen=True)
class ActForm:
    """An act the state allows: a form, or a reason why the viewer may not."""

    event: str
    label: str
    refusal: str
    inputs: tuple[Input, ...]
    is_open: bool
    is_main: bool


@dataclass(frozen=True)
class StepRow:
    """One act that was done, for the timeline."""

    when: datetime
    what: str
    who: str
    note: str


@dataclass(frozen=True)
class LookRow:
    """One look at the identity, or its erasure."""

    at: datetime
    who: str
    words: str
    reason: str


@dataclass(frozen=True)
class IdentityPanel:
    """What is said of who it came from without opening the vault."""

    is_anonymous: bool
    is_real_name: bool
    may_disclose: bool
    erased_at: datetime | None
    may_look: bool
    may_erase: bool
    looks: tuple[LookRow, ...]


@dataclass(frozen=True)
class ComplaintPage:
    """What the screen shows."""

    id: int
    version: int
    number: str
    kind: str
    channel: str
    received_on: date
    subject: str
    content: str
    section: str
    person: str
    is_about_office: bool
    power: tuple[str, str] | None  # words, address
    state: str
    state_words: str
    tone: str
    is_ended: bool
    assignee: str
    cycle: int
    reply: str
    conclusion: str
    fact: str
    basis: str
    replied_on: date | None
    satisfaction: str
    merged_into: tuple[int, str] | None
    taken_by: str
    taken_at: datetime
    acts: tuple[ActForm, ...]
    steps: tuple[StepRow, ...]
    identity: IdentityPanel
    clocks: tuple[ClockRow, ...]


def complaint_page(
    session: Session, complaint_id: int, *, viewer: Actor, typed: Mapping[str, str] | None = None
) -> ComplaintPage:
    """Return a complaint with the acts the viewer may take; raise NotFound behind the wall. At most 34 queries.

    `typed`: the form of an act that was refused, given back in its place.
    """
    complaint = seen_complaint(session, complaint_id, viewer)
    standing = standing_of(session, complaint, viewer)
    steps = session.scalars(
        select(ComplaintStep).where(ComplaintStep.complaint_id == complaint.id).order_by(ComplaintStep.id)
    ).all()
    looks = session.scalars(
        select(IdentityLook).where(IdentityLook.complaint_id == complaint.id).order_by(IdentityLook.id)
    ).all()
    names = _names(session, complaint, steps, looks)
    section = session.get(Section, complaint.about_section_id) if complaint.about_section_id else None
    merged = visible_numbers(session, viewer, [complaint.merged_into_id] if complaint.merged_into_id else [])
    shows_reply = bool(complaint.reply) and complaint.state not in {"assigned", "reopened"}
    return ComplaintPage(
        id=complaint.id,
        version=complaint.version,
        number=number_words(complaint),
        kind=KIND_WORDS[complaint.kind],
        channel=CHANNEL_WORDS[complaint.channel],
        received_on=complaint.received_on,
        subject=complaint.subject,
        content=complaint.content,
        section=section.name if section else "",
        person=names.get(complaint.about_person_id or 0, ""),
        is_about_office=complaint.is_about_office,
        power=_power(session, complaint, viewer),
        state=complaint.state,
        state_words=STATE_WORDS[complaint.state],
        tone=STATE_TONES.get(complaint.state, "under"),
        is_ended=complaint.state in ENDED,
        assignee=names.get(complaint.assignee_id or 0, ""),
        cycle=complaint.cycle,
        reply=complaint.reply if shows_reply else "",
        conclusion=CONCLUSION_WORDS.get(complaint.conclusion, "") if shows_reply else "",
        fact=complaint.fact if shows_reply else "",
        basis=complaint.basis if shows_reply else "",
        replied_on=complaint.replied_on,
        satisfaction=SATISFACTION_WORDS.get(complaint.satisfaction, "") if complaint.state == "closed" else "",
        merged_into=next(iter(merged.items()), None),
        taken_by=names.get(complaint.taken_by, ""),
        taken_at=complaint.taken_at,
        acts=_act_forms(session, complaint, standing, viewer, typed or {}),
        steps=tuple(_step(step, names) for step in reversed(steps)),
        identity=_identity(session, complaint, standing, looks, names),
        clocks=complaint_clocks(session, complaint.id),
    )


def _names(
    session: Session, complaint: Complaint, steps: Sequence[ComplaintStep], looks: Sequence[IdentityLook]
) -> dict[int, str]:
    numbers = {complaint.about_person_id, complaint.assignee_id, complaint.taken_by}
    numbers |= {number for step in steps for number in (step.person_id, step.assignee_id)}
    numbers |= {look.person_id for look in looks}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(n for n in numbers if n))))
    return {row.id: row.name for row in rows}


def _power(session: Session, complaint: Complaint, viewer: Actor) -> tuple[str, str] | None:
    if complaint.power_id is None:
        return None
    row = session.execute(
        select(Listing.code, Listing.name).where(Listing.record_id == complaint.power_id, record_visible_to(viewer))
    ).first()
    return (f"{row.code or '未编码'} {row.name}", f"/powers/{complaint.power_id}") if row else None


def _step(step: ComplaintStep, names: dict[int, str]) -> StepRow:
    label = "收件" if step.event == "take_in" else BY_EVENT[Event(step.event)].label
    told = [
        f"交{names.get(step.assignee_id, '')}承办" if step.assignee_id else "",
        f"去向：{step.place}" if step.place else "",
        f"文号：{step.document}" if step.document else "",
        f"结论：{CONCLUSION_WORDS[step.conclusion]}" if step.conclusion else "",
        step.note,
        f"发生日期{step.day.isoformat()}" if step.day != clock.local_day(step.at) else "",
    ]
    return StepRow(step.at, label, names.get(step.person_id, ""), "；".join(part for part in told if part))


def _identity(
    session: Session, complaint: Complaint, standing: Standing, looks: Sequence[IdentityLook], names: dict[int, str]
) -> IdentityPanel:
    kept = session.get(ComplaintIdentity, complaint.id)
    is_concerned = standing.is_handler or standing.is_assignee
    is_there = kept is not None and bool(kept.sealed)
    return IdentityPanel(
        is_anonymous=kept is None,
        is_real_name=kept is not None and kept.is_real_name,
        may_disclose=kept is not None and kept.may_disclose,
        erased_at=kept.erased_at if kept else None,
        may_look=is_there and is_concerned,
        may_erase=is_there and standing.is_handler,
        looks=tuple(
            LookRow(row.at, names.get(row.person_id, ""), "查看" if row.act == "look" else "清除", row.reason)
            for row in looks
        )
        if is_concerned
        else (),
    )


def _act_forms(
    session: Session, complaint: Complaint, standing: Standing, viewer: Actor, typed: Mapping[str, str]
) -> tuple[ActForm, ...]:
    found = list(offers(complaint.state, standing, reviews=complaint.reviews))
    wanted = {name for offer in found if not offer.refusal for name in (*offer.act.needs, *offer.act.takes)}
    choices: dict[str, Options] = {
        "conclusion": (("", "请选择"), *CONCLUSIONS),
        "severity": (("", "没有查明的问题"), *SEVERITIES),
        "satisfaction": SATISFACTIONS,
    }
    if "assignee" in wanted:
        people = sorted(may_be_given(session, complaint).values(), key=lambda one: (one.post, one.person))
        choices["assignee"] = (("", "请选择"), *((str(one.person), f"{one.name} {one.post}") for one in people))
    if "into" in wanted:
        choices["into"] = (("", "请选择"), *_to_merge_into(session, complaint, viewer))
    if "section" in wanted:
        choices["section"], choices["person"] = sections_to_aim_at(session, viewer), people_to_aim_at(session, viewer)
    free = [offer for offer in found if not offer.refusal]
    return tuple(_act_form(offer, choices, typed, is_main=bool(free) and offer is free[0]) for offer in found)


def _act_form(offer: Offer, choices: dict[str, Options], typed: Mapping[str, str], *, is_main: bool) -> ActForm:
    act = offer.act
    is_open = typed.get("event") == act.event
    inputs = []
    for name in (*act.needs, *act.takes):
        label, kind, help_text = _INPUTS[name]
        label = _DAY_LABELS.get(act.event, label) if name == "day" else label
        value = typed.get(name, "") if is_open else clock.today().isoformat() if name == "day" else ""
        inputs.append(Input(name, label, kind, help_text, name in act.needs, value, choices.get(name, ())))
    return ActForm(act.event, act.label, offer.refusal, tuple(inputs), is_open, is_main)


def _to_merge_into(session: Session, complaint: Complaint, viewer: Actor) -> Options:
    rows = session.scalars(
        select(Complaint)
        .where(
            visible_to(viewer),
            Complaint.id != complaint.id,
            Complaint.state.not_in(sorted(ENDED)),
            Complaint.about_section_id.is_not_distinct_from(complaint.about_section_id),
            Complaint.about_person_id.is_not_distinct_from(complaint.about_person_id),
        )
        .order_by(Complaint.id)
        .limit(100),
    )
    mine = target_of(complaint)
    return tuple((str(row.id), f"{number_words(row)} {row.subject}") for row in rows if target_of(row) == mine)
