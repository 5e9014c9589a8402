"""Cards: what was proposed, issued, explained and decided; withdrawn ones stay in sight and count nothing."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.findings.card_rules import CARD_WORDS, LEVELS, card_offers, points_of
from webapp.findings.models import Card, RectificationOrder, Switch
from webapp.findings.reading import host_of, may_see_cards
from webapp.pages.finding import section_names
from webapp.policy import Actor, Role

PATH = "/cards"
SHOWN = 200
_TONES = {"tip": "quiet", "yellow": "under", "red": "wrong"}


@dataclass(frozen=True)
class CardRow:
    """A card in the list, with what the viewer may do."""

    id: int
    name: str
    level: str
    tone: str
    section: str
    facts: str
    order: int
    document: str
    became_true_on: date
    words: str
    points: int
    explanation: str
    reason: str
    acts: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class CardsPage:
    """What the screen shows."""

    rows: tuple[CardRow, ...]
    is_on: bool
    switched: str  # by which decision
    may_switch: bool


def cards_page(session: Session, *, viewer: Actor) -> CardsPage:
    """Return the cards a person may see, the newest first; four queries."""
    places = {one.id: one.name for one in section_names(session)}
    host = host_of(session)
    rows = session.execute(
        select(Card, RectificationOrder.document)
        .join(RectificationOrder, RectificationOrder.id == Card.order_id)
        .where(may_see_cards(viewer))
        .order_by(Card.id.desc())
        .limit(SHOWN)
    ).all()
    newest = session.scalars(select(Switch).where(Switch.key == "cards").order_by(Switch.id.desc()).limit(1)).first()
    told = ""
    if newest is not None:
        day = newest.decided_on
        word = "启用" if newest.is_on else "停用"
        told = f"按{newest.document}（{day.year}年{day.month}月{day.day}日）{word}"
    return CardsPage(
        rows=tuple(
            CardRow(
                id=card.id,
                name=f"{LEVELS[card.level]}第{card.id}号",
                level=LEVELS[card.level],
                tone=_TONES[card.level],
                section=places[card.section_id],
                facts=card.facts,
                order=card.order_id,
                document=document or "未编号",
                became_true_on=card.became_true_on,
                words="自动提示" if card.level == "tip" else CARD_WORDS[card.state],
                points=points_of(card.level, card.state),
                explanation=card.explanation,
                reason=card.reason,
                acts=()
                if card.level == "tip"
                else tuple(
                    (str(act.event), act.label, act.needs_note)
                    for act in card_offers(card.state, card.section_id, host, card.issued_by, viewer)
                ),
            )
            for card, document in rows
        ),
        is_on=newest is not None and newest.is_on,
        switched=told,
        may_switch=viewer.has(Role.OFFICE),
    )
