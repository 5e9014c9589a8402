"""The end of a withholding: its day makes work, its end publishes nothing, a changed one lets go of the other power."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body, withholding_body
from harness.databases import only_sqlite
from webapp import clock
from webapp.pages.worklist import Chosen, worklist_page
from webapp.policy import Actor
from webapp.publication.gathering import identity_of, read_stock
from webapp.reviews import intake
from webapp.reviews.ending import end_withholding
from webapp.reviews.kinds import KINDS
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Listing, Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

CODE, OTHER, UNTIL = "JTHB-QT-004", "JTHB-QT-005", "2008-08-31"


@pytest.fixture(autouse=True)
def _in_2008() -> Iterator[None]:
    clock.fix_day(date(2008, 7, 8))
    yield
    clock.fix_day(None)


@pytest.fixture
def withheld(bureau: SmallBureau) -> SmallBureau:
    """Two approved powers, the first public by its text and withheld until the end of August 2008."""
    lines = [
        {"record": "power", "code": CODE, **power_body()},
        {"record": "power", "code": OTHER, **power_body(name="另一项")},
        withholding_body(power=CODE, kind="for_now", until=f"至{UNTIL}"),
    ]
    with bureau.database.writing() as session:
        taken = intake.adopt_catalogue(
            session, bureau.office, enumerate(lines, 1), document="文1", decided_on=date(2008, 7, 1)
        )
    assert (taken.taken, taken.refusals) == (3, [])
    return bureau


def find(bureau: SmallBureau, code: str) -> Record:
    with bureau.database.reading() as session:
        return session.scalars(select(Record).where(Record.code == code)).one()


def request_of(bureau: SmallBureau) -> int:
    with bureau.database.reading() as session:
        return session.scalars(select(Record.id).where(Record.kind == "withholding")).one()


def counts(bureau: SmallBureau) -> tuple[int, int, int]:
    """What an edition would count as public, withheld, pending."""
    with bureau.database.reading() as session:
        identity = identity_of(read_stock(session))
    return identity.public, identity.withheld, identity.pending


def end(bureau: SmallBureau, who: str = "clerk", *, reason: str = "期限已到", seen: str = UNTIL) -> None:
    with bureau.database.writing() as session:
        end_withholding(session, getattr(bureau, who), request_of(bureau), reason=reason, seen_until=seen)


def work(bureau: SmallBureau, by: Actor) -> list[str]:
    with bureau.database.reading() as session:
        page = worklist_page(session, Chosen(), viewer=by)
    return [row.why for group in page.groups if group.key == "term" for row in group.rows]


@only_sqlite
def test_the_morning_after_its_last_day_it_is_work_for_the_section_and_the_office(withheld: SmallBureau) -> None:
    clock.fix_day(date(2008, 8, 31))
    assert work(withheld, withheld.clerk) == []
    clock.fix_day(date(2008, 9, 1))
    for who in ("clerk", "chief", "office"):
        assert work(withheld, getattr(withheld, who)) == ["暂时不宜公开，期限至2008年8月31日"], who
    for who in ("clerk2", "publisher"):
        assert work(withheld, getattr(withheld, who)) == [], who
    end(withheld)
    assert work(withheld, withheld.clerk) == []


def test_its_end_publishes_nothing_until_the_chain_has_decided_again(withheld: SmallBureau) -> None:
    assert counts(withheld) == (1, 1, 0)
    end(withheld)
    assert counts(withheld) == (1, 0, 1)
    power = find(withheld, CODE)
    assert (power.stage, power.withheld_by) == ("draft", None)
    with withheld.database.reading() as session:
        shown = session.scalars(select(Listing).where(Listing.record_id == power.id, Listing.face == "approved")).one()
    assert shown.disclosure == "pending"
    # The same text, which says public, is not approved by having been so before.
    walk.submit(withheld, withheld.clerk, power.id)
    assert walk.stage_of(withheld, power.id) == "section_review"
    assert counts(withheld) == (1, 0, 1)
    walk.act(withheld, withheld.clerk, power.id, walk.Action.RECALL)
    walk.to_the_end(withheld, power.id)
    assert counts(withheld) == (2, 0, 0)


def test_a_request_decided_again_for_another_power_lets_go_of_the_first(withheld: SmallBureau) -> None:
    request = request_of(withheld)
    with withheld.database.writing() as session:
        draft = session.get_one(Draft, request)
        body = {**json.loads(draft.body), "power": OTHER, "until": "行动结束"}
        revisions.save_draft(session, withheld.clerk, KINDS["withholding"], request, body, seen_version=draft.version)
    assert find(withheld, CODE).withheld_by == request, "until it is decided the first stays withheld"
    walk.to_the_end(withheld, request)
    assert (find(withheld, CODE).withheld_by, find(withheld, OTHER).withheld_by) == (None, request)
    assert counts(withheld) == (0, 1, 1)
    end(withheld, "office", reason="行动已结束", seen="")
    assert counts(withheld) == (0, 0, 2)


@only_sqlite
def test_a_refused_end_changes_nothing(withheld: SmallBureau) -> None:
    for who, reason, seen, expected in (
        ("clerk2", "期限已到", UNTIL, NotFound),
        ("publisher", "期限已到", UNTIL, NotAllowed),
        ("clerk", " ", UNTIL, RuleBroken),
        ("clerk", "秘密★3年", UNTIL, RuleBroken),
        ("clerk", "长" * 1001, UNTIL, RuleBroken),
        ("clerk", "期限已到", "2009-12-31", Stale),
    ):
        with pytest.raises(expected):
            end(withheld, who, reason=reason, seen=seen)
    assert counts(withheld) == (1, 1, 0)
    end(withheld)
    with pytest.raises(Stale, match="已解除"):
        end(withheld)
