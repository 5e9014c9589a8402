"""What would be in the next edition: the approved revisions, the identity that must hold, what is held back. Reads."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Bureau, Section
from webapp.accounts.reading import section_ids_by_name
from webapp.directory.contacts import public_contacts
from webapp.directory.reading import current_number, directory_of
from webapp.powers.models import ClaimRuling, InventoryVerdict
from webapp.publication.content import (
    ApprovalLine,
    Audience,
    EditionContent,
    PublicFlow,
    PublicPower,
)
from webapp.publication.content import Section as PublicSection
from webapp.publication.history import NOTICE, changes_since, history_of, listed_editions, published_before
from webapp.publication.models import Edition, PublicWords, Withdrawal
from webapp.reviews.models import Approval
from webapp.revisions.models import Record, Revision


@dataclass(frozen=True)
class Identity:
    """清理总数 = 社会公开 + 机关内部公开 + 不公开(已审定) + 停止/取消 + 待定 (practice.md), over what is approved."""

    total: int
    public: int
    bureau: int
    withheld: int
    pending: int
    stopped: int = 0

    @property
    def holds(self) -> bool:
        """Say whether the parts make the whole and nothing is pending."""
        return (
            self.total == self.public + self.bureau + self.withheld + self.stopped + self.pending and self.pending == 0
        )


@dataclass(frozen=True)
class HeldBack:
    """An approved power that cannot be in the edition yet, and why."""

    code: str
    name: str
    why: str


@dataclass(frozen=True)
class Approved:
    """An approved revision as the edition needs it."""

    record: int
    kind: str
    code: str
    section: int
    disclosure: str  # what becomes of it: withheld by decision, pending after the end of that, else as it says
    approval: int
    public_digest: str
    public: Mapping[str, Any]
    lines: tuple[ApprovalLine, ...]


@dataclass(frozen=True)
class Gathered:
    """The content of the next edition for one audience, and the rows to be kept of it."""

    content: EditionContent
    items: tuple[tuple[int, int], ...]  # (record, approval)
    held_back: tuple[HeldBack, ...] = ()
    directory: int | None = None  # version of the directory that is printed


@dataclass(frozen=True)
class Stock:
    """Everything approved, read once for both audiences."""

    powers: tuple[Approved, ...]
    flows: Mapping[str, Approved]
    withdrawn: frozenset[int] = frozenset()
    stopped: int = 0  # powers stopped as overreach: counted, in no edition


def read_stock(session: Session) -> Stock:
    """Read the newest approved revision of every record that may be published."""
    newest = select(func.max(Approval.id)).group_by(Approval.record_id).scalar_subquery()
    rows = session.execute(
        select(Record, Approval.id, Approval.lines, Revision)
        .join(Approval, Approval.record_id == Record.id)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(Approval.id.in_(newest), Record.kind.in_(["power", "flow"]), ~_ended_since())
        .order_by(Record.code),
    )
    found = approved_from(rows)
    withdrawn = session.scalars(select(Withdrawal.record_id).where(~Withdrawal.is_lifted))
    return Stock(
        powers=tuple(one for one in found if one.kind == "power"),
        flows={one.code: one for one in found if one.kind == "flow"},
        withdrawn=frozenset(withdrawn),
        stopped=session.scalar(select(func.count()).where(Record.kind == "power", Record.stage == "stopped")) or 0,
    )


def approved_from(rows: Iterable[Row[Record, int, str, Revision]]) -> list[Approved]:
    """Return rows of record, approval's id and lines, and revision as an edition needs them."""
    return [
        Approved(
            record=record.id,
            kind=record.kind,
            code=record.code or "",
            section=record.section_id,
            disclosure=_disclosure(record, revision),
            approval=approval,
            public_digest=revision.public_digest,
            public=json.loads(revision.public),
            lines=tuple(ApprovalLine(**line) for line in json.loads(lines)),
        )
        for record, approval, lines, revision in rows
    ]


def _disclosure(record: Record, revision: Revision) -> str:
    if record.withheld_by is not None:
        return "withheld"
    return "pending" if record.is_reopened else str(json.loads(revision.internal)["body"].get("disclosure", ""))


def _ended_since() -> ColumnElement[bool]:
    """Return the condition on a record and its approval that it ended outside the chain since.

    What was stopped and taken up again needs an approval of its own: the old one counts no more.
    """
    stopped = exists().where(
        InventoryVerdict.record_id == Record.id,
        InventoryVerdict.verdict == "overreach",
        InventoryVerdict.at >= Approval.approved_at,
    )
    return or_(Record.stage.in_(["stopped", "merged"]), stopped)


def stock_mark(session: Session) -> tuple[tuple[int, int, int], ...]:
    """Return what changes whenever `read_stock` would read something else; cheap enough for a write transaction."""
    approved = session.execute(
        select(Record.id, func.max(Approval.id), Record.withheld_by, Record.is_reopened)
        .join(Approval, Approval.record_id == Record.id)
        .group_by(Record.id, Record.withheld_by, Record.is_reopened)
        .order_by(Record.id),
    )
    withdrawn = session.scalars(select(Withdrawal.id).where(~Withdrawal.is_lifted).order_by(Withdrawal.id))
    return (
        *((record, approval, withheld or -int(reopened)) for record, approval, withheld, reopened in approved),
        *((-1, number, 0) for number in withdrawn),
        (-2, current_number(session) or 0, 0),
        (-3, session.scalar(select(func.max(InventoryVerdict.id))) or 0, 0),
        (-4, session.scalar(select(func.max(ClaimRuling.id))) or 0, 0),
    )


def identity_of(stock: Stock) -> Identity:
    """Count the approved powers by what is to become of them."""
    counts = Counter(power.disclosure for power in stock.powers)
    return Identity(
        total=len(stock.powers) + stock.stopped,
        public=counts["public"],
        bureau=counts["bureau"],
        withheld=counts["withheld"],
        pending=counts["pending"],
        stopped=stock.stopped,
    )


def gather(session: Session, stock: Stock, audience: Audience, *, day: date, public_url: str) -> Gathered:
    """Put together what the next edition for an audience would hold. Drawings are added by the caller."""
    chosen, held_back, withdrawn = _choose(stock, audience)
    numbers = sorted({number for power in chosen for number in power.public["flows"]})
    charts = [stock.flows[number] for number in numbers]
    earlier = session.scalars(
        select(Edition).where(Edition.audience == audience, Edition.state == "released").order_by(Edition.number),
    ).all()
    shown = published_before(session, earlier, withdrawn)
    notices = {code: NOTICE for record, code in withdrawn.items() if record in shown}
    now = {power.code: (power.public_digest, str(power.public["name"])) for power in chosen}
    # Of what may no longer be read in this edition not even the name is said.
    unnamed = {
        *notices,
        *(one.code for one in stock.powers if one.disclosure != audience),
    }
    history = history_of(session, earlier, {power.record for power in chosen})
    directory = current_number(session)
    contacts = contacts_of(session, directory, chosen)
    content = EditionContent(
        bureau_name=session.scalars(select(Bureau.name)).one(),
        audience=audience,
        number=(earlier[-1].number if earlier else 0) + 1,
        date=day.isoformat(),
        document=session.scalars(select(Bureau.group_document)).one(),
        index_prefix=session.scalars(select(Bureau.index_prefix)).one(),
        public_url=public_url,
        powers=tuple(
            PublicPower(
                code=power.code,
                entry=power.public,
                public_digest=power.public_digest,
                approvals=power.lines,
                history=history.get(power.record, ()),
            )
            for power in chosen
        ),
        flows=tuple(
            PublicFlow(number=one.code, chart=one.public, public_digest=one.public_digest, approvals=one.lines)
            for one in charts
        ),
        sections=_sections(session, chosen),
        contacts=contacts,
        previous_manifest_digest=earlier[-1].manifest_digest if earlier else None,
        synonyms=_words(session, "synonyms"),
        who_handles=_words(session, "who_handles"),
        changes=changes_since(session, earlier[-1] if earlier else None, now, day, unnamed=unnamed),
        earlier_editions=listed_editions(session, earlier),
        notices=notices,
        has_new_contacts=bool(earlier)
        and public_contacts(contacts) != public_contacts(contacts_of(session, earlier[-1].directory_version, chosen)),
    )
    items = tuple((one.record, one.approval) for one in (*chosen, *charts))
    return Gathered(content, items, held_back, directory)


def _choose(
    stock: Stock,
    audience: Audience,
) -> tuple[tuple[Approved, ...], tuple[HeldBack, ...], dict[int, str]]:
    """Return what goes in, what is held back, and the codes of withdrawn records."""
    chosen, held_back, withdrawn = [], [], {}
    for power in stock.powers:
        if power.disclosure != audience:
            continue
        if power.record in stock.withdrawn:
            withdrawn[power.record] = power.code
            continue
        absent = [number for number in power.public["flows"] if number not in stock.flows]
        if absent:
            why = f"流程图{'、'.join(absent)}尚未审定，暂不列入本版。"
            held_back.append(HeldBack(power.code, str(power.public["name"]), why))
        else:
            chosen.append(power)
    return tuple(chosen), tuple(held_back), withdrawn


def _sections(session: Session, powers: Sequence[Approved]) -> tuple[PublicSection, ...]:
    named = {power.public["section"] for power in powers}
    named.update(
        name for power in powers for name in (*power.public["joint_sections"], *power.public["support_sections"])
    )
    meant = section_ids_by_name(session)
    texts: dict[int, list[str]] = {}
    for name in sorted(named & meant.keys()):
        texts.setdefault(meant[name], []).append(name)
    rows = session.execute(select(Section.id, Section.name, Section.slug).order_by(Section.position, Section.id))
    return tuple(
        PublicSection(row.name, row.slug, tuple(name for name in texts[row.id] if name != row.name))
        for row in rows
        if row.id in texts
    )


def contacts_of(session: Session, version: int | None, powers: Sequence[Approved]) -> dict[str, Mapping[str, Any]]:
    """Return the contacts this edition names, and the hotline; others would tell of entries that are not in it."""
    if version is None:
        return {}
    named = {power.public[key] for power in powers for key in ("contact", "supervision_contact")}
    contacts = directory_of(session, version)
    return {key: contacts[key] for key in sorted(contacts) if key in named or contacts[key].get("kind") == "hotline"}


def _words(session: Session, key: str) -> tuple[Mapping[str, str], ...]:
    row = session.get(PublicWords, key)
    return tuple(json.loads(row.rows)) if row else ()
