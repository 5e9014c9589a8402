"""One count for every number of the campaign: what each person counts, and that it adds up, on both databases."""

from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body
from webapp.campaigns.counting import Identity, Tally, count, identity_of, oldest, read_tallies
from webapp.policy import Actor
from webapp.revisions.models import Listing


def counted(bureau: SmallBureau, who: Actor | None) -> tuple[Tally, ...]:
    with bureau.database.reading() as session:
        return read_tallies(session, who)


def some_powers(bureau: SmallBureau) -> None:
    """Two drafts, one at its chief, one at the office, one approved, whose new draft is internal."""
    for number in range(2):
        walk.create(bureau, bureau.clerk, "power", power_body(name=f"草稿{number}", disclosure="pending"))
    walk.submit(bureau, bureau.clerk, walk.create(bureau, bureau.clerk, "power", power_body(name="送科长")))
    walk.to_office_review(bureau, walk.create(bureau, bureau.clerk, "power", power_body(name="送办公室")))
    walk.to_the_end(bureau, walk.create(bureau, bureau.clerk, "power", power_body(name="已审定")))


def test_everybody_counts_each_power_once_and_the_office_finds_only_what_was_handed_in(bureau: SmallBureau) -> None:
    some_powers(bureau)
    for who in (bureau.clerk, bureau.chief, bureau.office, bureau.deputy, None):
        tallies = counted(bureau, who)
        assert count(tallies) == 5
        assert count(tallies, stage="draft") == 2
        assert count(tallies, section=bureau.sections["污染控制科"], stage="office_review") == 1
    assert all(tally.is_listed for tally in counted(bureau, bureau.clerk))
    assert {tally.stage for tally in counted(bureau, bureau.office) if not tally.is_listed} == {"draft"}
    assert counted(bureau, bureau.clerk2) == ()
    assert counted(bureau, bureau.sysadmin) == ()


def test_the_identity_adds_up(bureau: SmallBureau) -> None:
    some_powers(bureau)
    identity = identity_of(counted(bureau, bureau.office))
    assert identity == Identity(total=5, public=3, bureau=0, withheld=0, stopped=0, pending=2)


def test_the_count_knows_direction_and_the_oldest(bureau: SmallBureau) -> None:
    walk.create(bureau, bureau.clerk, "power", power_body("JTHB-CW-004", direction="internal"))
    some_powers(bureau)
    tallies = counted(bureau, bureau.clerk)
    assert count(tallies, direction="internal") == 1
    assert count(tallies, direction="external") == 5
    with bureau.database.reading() as session:
        earliest = min(session.scalars(select(Listing.stage_since)))
    assert oldest(tallies) == earliest
    assert oldest([]) is None


def test_some_sections_are_counted_alone(bureau: SmallBureau) -> None:
    some_powers(bureau)
    with bureau.database.reading() as session:
        assert read_tallies(session, bureau.office, sections=[bureau.sections["财务科"]]) == ()
        assert count(read_tallies(session, None, sections=[bureau.sections["污染控制科"]])) == 5
