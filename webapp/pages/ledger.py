"""台账: every finding a person may see, with its order, its limit and who had which hand; filters, ages, export."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from webapp import clock as time
from webapp.accounts.models import Person
from webapp.deadlines.models import Clock
from webapp.findings.finding_stages import (
    FINDING_STATES,
    FINDING_WORDS,
    ORDERABLE,
    SEVERITIES,
    SEVERITY_WORDS,
    SOURCE_KINDS,
    SOURCE_WORDS,
)
from webapp.findings.models import Finding, OrderCycle, OrderItem, RectificationOrder
from webapp.findings.reading import RULE, may_see_findings
from webapp.pages.facets import Axis, address_of, chosen_of, facets_of, finds, keeps
from webapp.pages.finding import Chosen, Facet, SectionName, section_names
from webapp.policy import Actor, Permission
from webapp.revisions.models import Listing

PATH = "/ledger"
PAGE_SIZE = 50
HEADINGS = (
    "问题编号",
    "来源",
    "科室",
    "职权编码",
    "问题事实",
    "依据",
    "严重程度",
    "发现日期",
    "状态",
    "整改通知",
    "到期日",
    "是否超期",
    "复核人",
    "销号人",
    "销号日期",
    "此前同类问题",
)
TONES = {"closed": "settled", "withdrawn": "quiet", "contested": "wrong", "ordered": "under"}
_FINISHED = frozenset({"closed", "withdrawn", "noted", "transferred", "fixed_on_spot", "carried_over"})


@dataclass(frozen=True)
class LedgerRow:
    """A finding with all the ledger says of it."""

    id: int
    name: str
    source: str
    section: str
    section_id: int
    code: str
    fact: str
    basis: str
    severity: str
    found_on: date
    state: str
    words: str
    tone: str
    order: int | None
    document: str
    due: date | None
    late: bool
    checker: str
    closer: str
    closed_on: date | None
    repeat_of: int | None
    age: int  # calendar days since it was found, while it is open
    keys: Mapping[str, str]

    @property
    def may_be_ordered(self) -> bool:
        """Say whether the finding can go into an order."""
        return self.state in ORDERABLE

    def has(self, q: str) -> bool:
        """Say whether a search finds the row."""
        return finds(q, self.fact, self.basis, self.section, self.code, self.document)

    def cells(self) -> list[str | int | None]:
        """Return the cells of the exported table, in the order of HEADINGS."""
        return [
            self.id,
            self.source,
            self.section,
            self.code,
            self.fact,
            self.basis,
            self.severity,
            self.found_on.isoformat(),
            self.words,
            self.document,
            self.due.isoformat() if self.due else "",
            "是" if self.late else "否",
            self.checker,
            self.closer,
            self.closed_on.isoformat() if self.closed_on else "",
            self.repeat_of or "",
        ]


@dataclass(frozen=True)
class LedgerPage:
    """What the screen shows."""

    rows: tuple[LedgerRow, ...]
    facets: tuple[Facet, ...]
    chosen: tuple[Chosen, ...]
    q: str
    kept: Mapping[str, str]
    summary: str
    total: int
    page: int
    pages: int
    previous: str | None
    next: str | None
    exports: tuple[tuple[str, str], ...]
    bars: tuple[tuple[str, int], ...]  # findings by section, for the picture
    may_draft: bool


def ledger_page(session: Session, given: Mapping[str, str], *, viewer: Actor, page: int = 1) -> LedgerPage:
    """Return the ledger, narrowed down as the address says; four queries."""
    names = section_names(session)
    chosen = _chosen(given)
    q = given.get("q", "").strip()[:64]
    rows = read_ledger(session, viewer)
    kept = [row for row in rows if keeps(row.keys, chosen) and row.has(q)]
    pages = max(1, -(-len(kept) // PAGE_SIZE))
    at = min(page, pages)
    axes = _axes(names, rows)
    late = sum(row.late for row in kept)
    done = sum(row.state == "closed" for row in kept)
    return LedgerPage(
        rows=tuple(kept[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]),
        facets=facets_of(PATH, axes, chosen, [row.keys for row in rows], q),
        chosen=chosen_of(PATH, axes, chosen, q),
        q=q,
        kept={name: value for name, value in chosen.items() if value},
        summary=f"共{len(kept)}个问题，整改完成{done}个，超期{late}个。",
        total=len(kept),
        page=at,
        pages=pages,
        previous=address_of(PATH, {**chosen, "q": q}, at - 1) if at > 1 else None,
        next=address_of(PATH, {**chosen, "q": q}, at + 1) if at < pages else None,
        exports=tuple(
            (words, address_of(f"{PATH}/export", {**chosen, "q": q, "format": form}))
            for form, words in (("xlsx", "导出Excel"), ("csv", "导出CSV"))
        ),
        bars=tuple(Counter(row.section for row in kept if row.state != "withdrawn").most_common(20)),
        may_draft=viewer.may(Permission.DRAFT_ORDERS),
    )


def ledger_rows(session: Session, given: Mapping[str, str], *, viewer: Actor) -> list[LedgerRow]:
    """Return all rows the filters leave, for the export."""
    chosen = _chosen(given)
    return [
        row
        for row in read_ledger(session, viewer)
        if keeps(row.keys, chosen) and row.has(given.get("q", "").strip()[:64])
    ]


def read_ledger(session: Session, viewer: Actor) -> list[LedgerRow]:
    """Return every finding the viewer may see, the newest first; two queries.

    Whose section it is reads 日常监督 instead of 投诉核实: that there was a complaint is nothing he may learn.
    """
    checker, closer = aliased(Person), aliased(Person)
    places = {one.id: one for one in section_names(session, is_open=False)}
    rows = session.execute(
        select(
            Finding,
            Listing.code,
            RectificationOrder.id.label("order"),
            RectificationOrder.state.label("order_state"),
            RectificationOrder.document,
            Clock.due_on,
            Clock.met_on,
            Clock.met_at,
            checker.name.label("checker"),
            closer.name.label("closer"),
            OrderCycle.closed_on,
        )
        .outerjoin(Listing, and_(Listing.record_id == Finding.record_id, Listing.face == "draft"))
        .outerjoin(OrderItem, and_(OrderItem.finding_id == Finding.id, OrderItem.is_live))
        .outerjoin(RectificationOrder, RectificationOrder.id == OrderItem.order_id)
        .outerjoin(
            OrderCycle,
            and_(OrderCycle.order_id == RectificationOrder.id, OrderCycle.number == RectificationOrder.cycle),
        )
        .outerjoin(
            Clock,
            and_(
                Clock.subject_kind == "order",
                Clock.subject_id == RectificationOrder.id,
                Clock.rule_key == RULE,
                Clock.cycle == RectificationOrder.cycle,
            ),
        )
        .outerjoin(checker, checker.id == OrderCycle.checked_by)
        .outerjoin(closer, closer.id == OrderCycle.closed_by)
        .where(may_see_findings(viewer))
        .order_by(Finding.found_on.desc(), Finding.id.desc())
    ).all()
    today, own = time.today(), viewer.sections | viewer.own_sections
    listed = []
    for row in rows:
        finding = row[0]
        kind = "direct" if finding.section_id in own and finding.source_kind == "complaint" else finding.source_kind
        issued = finding.section_id not in own or row.order_state not in {"draft", "submitted"}
        late = row.due_on is not None and (row.met_on or today) > row.due_on and finding.state != "withdrawn"
        place = places[finding.section_id]
        listed.append(
            LedgerRow(
                id=finding.id,
                name=f"第{finding.id}号问题",
                source=SOURCE_WORDS[kind],
                section=place.name,
                section_id=place.id,
                code=row.code or "",
                fact=finding.fact,
                basis=finding.basis,
                severity=SEVERITY_WORDS[finding.severity],
                found_on=finding.found_on,
                state=finding.state,
                words=FINDING_WORDS[finding.state],
                tone=TONES.get(finding.state, "quiet"),
                order=row.order if issued else None,
                document=(row.document or ("未编号" if row.order else "")) if issued else "",
                due=row.due_on,
                late=late,
                checker=row.checker or "",
                closer=row.closer or "",
                closed_on=row.closed_on,
                repeat_of=finding.repeat_of,
                age=0 if finding.state in _FINISHED else (today - finding.found_on).days,
                keys={
                    "state": finding.state,
                    "section": place.slug,
                    "source": kind,
                    "severity": finding.severity,
                    "late": "yes" if late else "no",
                    "month": finding.found_on.isoformat()[:7],
                },
            )
        )
    return listed


def _chosen(given: Mapping[str, str]) -> dict[str, str]:
    return {
        name: given.get(name, "").strip()[:40] for name in ("state", "section", "source", "severity", "late", "month")
    }


def _axes(names: Sequence[SectionName], rows: Sequence[LedgerRow]) -> list[Axis]:
    months = sorted({row.keys["month"] for row in rows}, reverse=True)[:12]
    return [
        Axis("state", "状态", [(state, FINDING_WORDS[state]) for state in FINDING_STATES]),
        Axis("section", "科室", [(one.slug, one.name) for one in names]),
        Axis("source", "来源", [(kind, SOURCE_WORDS[kind]) for kind in SOURCE_KINDS]),
        Axis("severity", "严重程度", [(each, SEVERITY_WORDS[each]) for each in SEVERITIES]),
        Axis("late", "期限", (("yes", "已超期"), ("no", "未超期"))),
        Axis("month", "发现月份", [(month, f"{month[:4]}年{int(month[5:])}月") for month in months]),
    ]
