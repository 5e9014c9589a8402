"""Findings and orders in a small bureau, and an order walked along its life by the right people."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from harness.bureau import SmallBureau, add_person
from webapp import clock
from webapp.findings.checking import ItemFeedback, ItemResult
from webapp.findings.models import Finding, OrderItem, RectificationOrder
from webapp.findings.operations import decide_finding, raise_finding
from webapp.findings.order_stages import Event
from webapp.findings.ordering import Decision, OrderGiven, advance, draft_order
from webapp.policy import Actor

SECTION = "污染控制科"


def with_inspectors(bureau: SmallBureau) -> SmallBureau:
    """Add two inspectors of another section."""
    with bureau.database.writing() as session:
        for name in ("inspector", "inspector2"):
            add_person(session, bureau, name, "财务科", (("inspector", False),))
    return bureau


def confirmed(bureau: SmallBureau, fact: str = "公示电话无人接听", *, power: int | None = None) -> int:
    """Raise a finding against 污染控制科 and have it confirmed by another."""
    with bureau.database.writing() as session:
        finding = raise_finding(
            session,
            bureau.office,
            section_id=bureau.sections[SECTION],
            fact=fact,
            basis="坛环法〔2008〕第1号",
            severity="ordinary",
            found_on=clock.today(),
            power_id=power,
        )
        decide_finding(session, bureau.office2, finding.id, event="confirm")
        return finding.id


def drafted(bureau: SmallBureau, *findings: int, **changes: Any) -> int:  # noqa: ANN401 - fields of an order
    """Draft an order from findings; returns its number."""
    given = {"title": "关于公示电话无人接听的整改通知", "measures": "限期改正并举一反三", "responsible": "科长"}
    with bureau.database.writing() as session:
        return draft_order(session, bureau.office, OrderGiven(findings=findings, **{**given, **changes})).id


def take(bureau: SmallBureau, by: Actor | None, order: int, event: Event, **told: Any) -> str:  # noqa: ANN401 - as above
    """Take an act over the version that stands; returns the state after it."""
    with bureau.database.writing() as session:
        version = session.get_one(RectificationOrder, order).version
        decision = Decision(event=event, **{"seen_version": version, "note": "理由", **told})
        return advance(session, by, order, decision).state


def items(bureau: SmallBureau, order: int) -> list[int]:
    """Return the numbers of an order's items."""
    with bureau.database.reading() as session:
        return list(
            session.scalars(select(OrderItem.id).where(OrderItem.order_id == order).order_by(OrderItem.position))
        )


def answers(bureau: SmallBureau, order: int, **changes: str) -> Mapping[int, ItemFeedback]:
    """Return feedback on every item that is still open."""
    with bureau.database.reading() as session:
        rows = session.scalars(select(OrderItem).where(OrderItem.order_id == order, ~OrderItem.is_accepted)).all()
    told = {"done": "已更换电话并张贴", "root_cause": "work", "evidence": "照片2张，存科室", **changes}
    return {row.id: ItemFeedback(**told) for row in rows}  # type: ignore[arg-type]


def issued(bureau: SmallBureau, *findings: int, **changes: Any) -> int:  # noqa: ANN401 - as above
    """Draft, submit and issue an order."""
    order = drafted(bureau, *(findings or (confirmed(bureau),)), **changes)
    take(bureau, bureau.office, order, Event.SUBMIT)
    take(bureau, bureau.deputy, order, Event.APPROVE, document="坛环督〔2008〕1号")
    return order


def walk_to(bureau: SmallBureau, order: int, state: str, **changes: str) -> None:
    """Walk an issued order on to a state."""
    ways: tuple[tuple[str, Any], ...] = (
        ("acknowledged", lambda: take(bureau, bureau.clerk, order, Event.ACKNOWLEDGE)),
        (
            "in_recheck",
            lambda: take(bureau, bureau.clerk, order, Event.FEEDBACK, feedback=answers(bureau, order, **changes)),
        ),
        ("accepted", lambda: take(bureau, bureau.office, order, Event.ACCEPT)),
        ("closed", lambda: take(bureau, bureau.office2, order, Event.CLOSE)),
    )
    for reached, act in ways:
        assert act() == reached
        if reached == state:
            return


def refused(bureau: SmallBureau, order: int, reason: str = "电话仍无人接听", **told: Any) -> str:  # noqa: ANN401 - as above
    """Have the re-check refuse every open item."""
    results = {number: ItemResult(is_accepted=False, reason=reason) for number in items(bureau, order)}
    return take(bureau, bureau.office, order, Event.REJECT, results=results, **told)


def state_of(bureau: SmallBureau, finding: int) -> str:
    """Return the state of a finding."""
    with bureau.database.reading() as session:
        return session.get_one(Finding, finding).state
