"""The acts a person may take in the chain, as forms: one per offer of the table, with what was typed before."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, Appointment, Person, Post, RoleTerm, Section
from webapp.accounts.reading import is_current
from webapp.pages.chart_steps import step_options
from webapp.pages.review_words import OUTCOMES, paper_options
from webapp.policy import BUREAU_WIDE, GRANTS, Actor, Permission
from webapp.reviews.chain import (
    ATTESTED_POINTS,
    SEAT_KINDS,
    STAGE_LABELS,
    Action,
    Offer,
    Situation,
    offers,
    return_targets,
)

Options = tuple[tuple[str, str], ...]
PROBLEM_ROWS = 3  # places for comments that a return shows at first
MAX_PROBLEM_ROWS = 40
# Of several acts the first that is allowed is the one the page puts forward.
_MAIN = (Action.APPROVE, Action.SUBMIT, Action.VERIFY, Action.RECORD, Action.RULE, Action.REASSIGN)
_NOTE_LABELS = {
    Action.APPROVE: "审核意见(可不填)",
    Action.RETURN: "退回理由",
    Action.DISSENT: "不同意见和理由",
    Action.RULE: "裁定意见和理由",
    Action.UNSIGN: "撤回会签的理由",
    Action.REASSIGN: "说明(可不填)",
    Action.REMIND: "催办说明(可不填)",
    Action.RECORD: "意见",
}
_QUIET = frozenset({Action.REMIND, Action.RECALL, Action.UNSIGN})


@dataclass(frozen=True)
class TypedAct:
    """What was typed into the form of one act, so that it stands there again after a refusal."""

    action: str = ""
    seat: str = ""
    note: str = ""
    to: str = ""
    reviewer: str = ""
    outcome: str = ""
    form: str = ""
    document: str = ""
    document_date: str = ""
    attested: frozenset[str] = frozenset()
    rows: tuple[tuple[str, str, str], ...] = ()  # (place, severity, text)
    errors: Mapping[str, str] = field(default_factory=dict)  # sentence by field

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """Return what would be lost: pairs of label and text."""
        told = [("意见", self.note), ("文号", self.document), *(("逐项意见", text) for _, _, text in self.rows)]
        return tuple((label, text) for label, text in told if text.strip())


@dataclass(frozen=True)
class ActForm:
    """One act on one seat: a form, or the reason why the person may not take it."""

    action: str
    label: str
    seat: int | None
    reason: str
    tone: str  # main, plain, quiet, danger
    note_label: str
    needs_note: bool
    fields: Mapping[str, str]  # what travels in the form: action, seat, what was seen, request key
    ticks: Options = ()
    targets: Options = ()
    places: Options = ()
    candidates: Options = ()
    outcomes: Options = ()
    papers: Options = ()
    steps: Options = ()  # what a dissent may be about
    typed: TypedAct = field(default_factory=TypedAct)

    @property
    def key(self) -> str:
        """Return what tells this form from the others on the page."""
        return f"{self.action}-{self.seat or 0}"

    @property
    def is_allowed(self) -> bool:
        """Say whether the person may take the act."""
        return not self.reason

    @property
    def is_plain(self) -> bool:
        """Say whether the act is one button: nothing to fill in."""
        return not (self.note_label or self.ticks or self.targets or self.candidates or self.outcomes)

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """Return the rows for comments: what was typed, then empty ones."""
        empty = (("", "must", ""),) * (PROBLEM_ROWS - len(self.typed.rows))
        return (*self.typed.rows, *empty)


def act_forms(
    session: Session,
    viewer: Actor,
    situation: Situation,
    places: Options,
    charts: Sequence[str] = (),
) -> tuple[ActForm, ...]:
    """Return the forms for everything the table offers the person here.

    One query where somebody may be named, one where he may dissent about a step of the power's charts.
    """
    found = offers(situation, viewer)
    main = next((offer for action in _MAIN for offer in found if offer.action is action and offer.is_allowed), None)
    kinds = {seat.id: seat.kind for seat in situation.seats}
    batches = {seat.id: seat.batch for seat in situation.seats}
    once = secrets.token_hex(8)
    actions = [offer.action for offer in found]
    forms = []
    for offer in found:
        seat_kind = kinds.get(offer.seat or 0, "")
        form = ActForm(
            action=offer.action.value,
            label=_label(offer, seat_kind, several=actions.count(offer.action) > 1),
            seat=offer.seat,
            reason=offer.reason,
            tone="main" if offer is main else "quiet" if offer.action in _QUIET else "plain",
            note_label=_NOTE_LABELS.get(offer.action, ""),
            needs_note=offer.needs_note,
            fields=_fields(offer, situation, once, batches.get(offer.seat or 0)),
        )
        if offer.is_allowed and offer.action is Action.DISSENT:
            form = replace(form, steps=step_options(session, charts))
        forms.append(_with_choices(session, form, situation, seat_kind, places) if offer.is_allowed else form)
    return tuple(sorted(forms, key=lambda form: (form.tone != "main", not form.is_allowed)))


def refilled(forms: Sequence[ActForm], typed: TypedAct) -> tuple[tuple[ActForm, ...], bool]:
    """Return the forms with what was typed put back, and whether a form for it still stands."""

    def is_meant(form: ActForm) -> bool:
        return form.is_allowed and form.action == typed.action and typed.seat in {"", str(form.seat or "")}

    return tuple(replace(form, typed=typed) if is_meant(form) else form for form in forms), any(map(is_meant, forms))


def _label(offer: Offer, seat_kind: str, *, several: bool) -> str:
    return f"{offer.label}({SEAT_KINDS[seat_kind].label})" if several and seat_kind else offer.label


def _fields(offer: Offer, situation: Situation, once: str, batch: int | None) -> dict[str, str]:
    told = {"action": offer.action.value, "request_key": f"{once}-{offer.action.value}-{offer.seat or 0}"}
    if offer.seat is not None:
        told["seat"] = str(offer.seat)
    if offer.action is Action.VERIFY and batch is not None:
        told["batch"] = str(batch)
    if offer.action is Action.SUBMIT:
        return {**told, "seen_version": str(situation.version)}
    return {**told, "seen_digest": situation.digest}


def _with_choices(session: Session, form: ActForm, situation: Situation, seat_kind: str, places: Options) -> ActForm:
    match form.action:
        case Action.APPROVE if seat_kind == "chief":
            # Boxes left empty send nothing; this tells the door that there were boxes.
            return replace(form, ticks=ATTESTED_POINTS, fields={**form.fields, "attesting": "1"})
        case Action.RETURN:
            keys = return_targets(situation.kind, situation.stage)
            words = tuple((key, "科室修改(退回草稿)" if key == "draft" else STAGE_LABELS[key]) for key in keys)
            return replace(form, targets=words, places=places)
        case Action.REASSIGN:
            return replace(form, candidates=_candidates(session, situation))
        case Action.RECORD:
            return replace(form, outcomes=OUTCOMES, papers=paper_options(situation.stage))
        case _:
            return form


def _candidates(session: Session, situation: Situation) -> Options:
    """Return who may be named for the first review of the host section's own items: reviewers of other sections."""
    today = clock.today()
    roles = sorted(GRANTS[Permission.REVIEW] & BUREAU_WIDE)
    host = (
        select(Appointment.person_id)
        .join(Post, Post.id == Appointment.post_id)
        .where(Post.section_id == situation.host_section, *is_current(Appointment, today))
    )
    rows = session.execute(
        select(Person.id, Person.name, Section.name, Post.name)
        .join(Account, Account.person_id == Person.id)
        .join(RoleTerm, RoleTerm.person_id == Person.id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Post, Post.id == Appointment.post_id)
        .join(Section, Section.id == Post.section_id)
        .where(
            Account.is_active,
            RoleTerm.role.in_(roles),
            *is_current(RoleTerm, today),
            *is_current(Appointment, today),
            Person.id.not_in(host),
        )
        .order_by(Section.position, Person.id, Appointment.id),
    )
    named: dict[int, str] = {}
    for person, name, section, post in rows:
        if person not in situation.editors:
            named.setdefault(person, f"{name}({section} {post})")
    return tuple((str(person), words) for person, words in named.items())
