"""Sections renamed, merged and split: what is in work goes along, what was signed stays as it was, rights end."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, flow_body, found_bureau, power_body, withholding_body
from harness.databases import all_tables, only_sqlite
from webapp import clock
from webapp.accounts import organising
from webapp.accounts.models import Appointment, Bureau, GroupMember, Post, RoleTerm, Section, SectionChange, SignIn
from webapp.accounts.reading import section_ids_by_name
from webapp.config import Settings
from webapp.db import Database
from webapp.organisation import operations
from webapp.policy import ADMINISTRATORS, Role
from webapp.powers.models import SharedClause
from webapp.publication.operations import prepare_editions
from webapp.reviews.models import Seat
from webapp.revisions.models import Draft, Listing, Record, Revision
from webapp.rules import NotAllowed, RuleBroken, Stale

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, OTHER, NEW = "污染控制科", "环境监察大队", "污染防治科"
PAPER = "坛编〔2008〕3号"


@pytest.fixture
def bureau(database: Database) -> SmallBureau:
    return found_bureau(database)


def merge(bureau: SmallBureau, old: str, new: str, **given: Any) -> operations.Moved:  # noqa: ANN401 - keywords
    told = {"document": PAPER, "seen_name": old, "by": bureau.sysadmin, **given}
    with bureau.database.writing() as session:
        return operations.merge_sections(session, bureau.sections[old], into_id=bureau.sections[new], **told)


def rename(bureau: SmallBureau, old: str, new: str, **given: Any) -> operations.Moved:  # noqa: ANN401 - keywords
    told = {"name": new, "document": PAPER, "seen_name": old, "by": bureau.sysadmin, **given}
    with bureau.database.writing() as session:
        return operations.rename_section(session, bureau.sections[OLD], **told)


def body_of(bureau: SmallBureau, record: int) -> dict[str, Any]:
    with bureau.database.reading() as session:
        body: dict[str, Any] = json.loads(session.get_one(Draft, record).body)
        return body


def test_a_renamed_section_is_renamed_in_drafts_and_in_nothing_that_was_signed(
    bureau: SmallBureau, settings: Settings
) -> None:
    approved = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_the_end(bureau, approved)
    other = power_body("JTHB-XK-002", section=OTHER, joint_sections=[OLD], support_sections=[])
    joint = walk.create(bureau, bureau.clerk2, "power", other)
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body(), code="LC-CF-02")
    asked = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-001")
    with bureau.database.reading() as session:
        signed = session.scalars(select(Revision.public)).all()
        version = session.get_one(Draft, joint).version
    moved = rename(bureau, OLD, NEW)
    assert moved.drafts == 4
    assert body_of(bureau, approved)["section"] == NEW
    assert body_of(bureau, joint)["joint_sections"] == [NEW]
    assert body_of(bureau, asked)["section"] == NEW
    assert {step["section"] for step in body_of(bureau, chart)["steps"]} == {NEW}
    with bureau.database.reading() as session:
        assert session.scalars(select(Revision.public)).all() == signed
        assert session.get_one(Draft, joint).version == version + 1  # a form opened before is answered with both texts
        assert session.get_one(Listing, (joint, "draft")).involved == f"|{bureau.sections[OLD]}|"
        assert section_ids_by_name(session)[OLD] == section_ids_by_name(session)[NEW] == bureau.sections[OLD]
        change = session.scalars(select(SectionChange)).one()
        assert (change.old_name, change.new_name, change.document) == (OLD, NEW, PAPER)
    made = prepare_editions(bureau.database, settings, bureau.office, draw=lambda _chart: None).editions[0]
    page = (settings.editions / made.folder / "sections/pollution-control/index.html").read_text(encoding="utf-8")
    assert NEW in page
    assert power_body()["name"] in page


def test_a_record_under_review_goes_on_under_the_new_name(bureau: SmallBureau) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, power)
    rename(bureau, OLD, NEW)
    walk.approve(bureau, bureau.chief, power)
    for by in (bureau.office, bureau.legal, bureau.publisher):
        walk.approve(bureau, by, power)
    while walk.open_seat_count(bureau, power):
        walk.record_and_verify(bureau, [power])
    with bureau.database.reading() as session:
        row = session.get_one(Listing, (power, "approved"))
        assert row.section_id == bureau.sections[OLD]


def test_a_merger_takes_everything_along_but_rights(bureau: SmallBureau) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, power)
    support = power_body("JTHB-XK-002", section=OTHER, joint_sections=[], support_sections=[OLD])
    named = walk.create(bureau, bureau.clerk2, "power", support)
    clerk, chief, day = bureau.clerk, bureau.chief, clock.today()
    with bureau.database.writing() as session:
        written = {"edited_by": clerk.person, "edited_at": clock.now(), "category": "licence"}
        section = bureau.sections[OLD]
        session.add(SharedClause(section_id=section, field="discipline", content="甲", **written))
        session.add(SharedClause(section_id=section, field="rules", content="乙", **written))
        session.add(SharedClause(section_id=bureau.sections[OTHER], field="rules", content="丙", **written))
        moment = clock.wall_now()
        session.add(SignIn(token_digest="x", account_id=clerk.account, started_at=moment, seen_at=moment))
    moved = merge(bureau, OLD, OTHER)
    assert (moved.records, moved.rights) == (1, 2)
    new = bureau.sections[OTHER]
    with bureau.database.reading() as session:
        old = session.get_one(Section, bureau.sections[OLD])
        assert (old.closed_on, old.successor_id) == (day, new)
        assert session.get_one(Record, power).section_id == new
        assert set(session.scalars(select(Listing.section_id).where(Listing.record_id == power))) == {new}
        assert session.scalars(select(Seat.section_id).where(Seat.kind == "chief")).all() == [new]
        fields = {
            row.field: row.content
            for row in session.scalars(select(SharedClause).where(SharedClause.section_id == new))
        }
        assert fields == {"discipline": "甲", "rules": "丙"}
        assert session.get_one(Listing, (named, "draft")).involved == ""
        assert session.scalars(select(SignIn)).all() == []
        assert section_ids_by_name(session)[OLD] == new
        ended = select(RoleTerm).where(RoleTerm.section_id == old.id)
        assert all(term.until and term.until < day for term in session.scalars(ended))
    assert body_of(bureau, power)["section"] == OTHER
    assert body_of(bureau, named)["support_sections"] == []
    assert bureau.clerk.own_sections == frozenset()
    assert bureau.clerk.sections == {new}  # the post went along, the rights did not
    with pytest.raises(NotAllowed):
        walk.approve(bureau, bureau.chief, power)
    assert chief.own_sections  # he had them before
    walk.approve(bureau, bureau.chief2, power)


def test_no_column_that_points_to_a_section_is_forgotten() -> None:
    pointing = {
        f"{table.name}.{column.name}"
        for table in all_tables().tables.values()
        for column in table.columns
        if any(key.column.table.name == "section" for key in column.foreign_keys)
    }
    assert pointing == operations.MOVES | operations.ENDS | operations.STAYS, (
        "say in organisation/operations.py what becomes of it when sections merge or split"
    )


def test_sections_that_both_have_to_sign_are_not_merged_before_they_have(bureau: SmallBureau) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=[OTHER], support_sections=[]))
    walk.submit(bureau, bureau.clerk, power)
    with pytest.raises(RuleBroken, match="有1项正待两个科室"):
        merge(bureau, OLD, OTHER)
    walk.approve(bureau, bureau.chief2, power)
    merge(bureau, OLD, OTHER)


def test_the_section_of_the_office_takes_the_office_along(bureau: SmallBureau) -> None:
    merge(bureau, "宣教法制科", "办公室")
    with bureau.database.reading() as session:
        assert session.get_one(Bureau, 1).host_section_id == bureau.sections["办公室"]


def test_a_split_takes_the_chosen_posts_and_categories(bureau: SmallBureau) -> None:
    licence = walk.create(bureau, bureau.clerk, "power", power_body())
    charted = power_body("JTHB-CF-001", flows=["LC-CF-02"], flow_required=True)
    penalty = walk.create(bureau, bureau.clerk, "power", charted)
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body(), code="LC-CF-02")
    with bureau.database.reading() as session:
        post = session.scalars(select(Post.id).where(Post.name == "clerk岗")).one()
    with bureau.database.writing() as session:
        moved = operations.split_section(
            session,
            bureau.sections[OLD],
            name="处罚科",
            kind="section",
            slug="penalties",
            posts=[post],
            categories=["penalty"],
            document=PAPER,
            seen_name=OLD,
            by=bureau.sysadmin,
        )
    assert (moved.records, moved.rights) == (2, 1)
    with bureau.database.reading() as session:
        sections = {record.id: record.section_id for record in session.scalars(select(Record))}
        assert sections == {licence: bureau.sections[OLD], penalty: moved.section, chart: moved.section}
        assert session.get_one(Post, post).closed_on == clock.today()
    assert body_of(bureau, penalty)["section"] == "处罚科"
    assert body_of(bureau, licence)["section"] == OLD
    assert bureau.clerk.sections == {moved.section}
    assert bureau.clerk.own_sections == frozenset()
    assert bureau.chief.own_sections == {bureau.sections[OLD]}


@only_sqlite
def test_a_former_name_is_nobody_elses(bureau: SmallBureau) -> None:
    rename(bureau, OLD, NEW)
    told = {"kind": "section", "slug": "", "document": PAPER, "by": bureau.sysadmin}
    with pytest.raises(RuleBroken, match="是或曾是另一科室"), bureau.database.writing() as session:
        organising.add_section(session, name=OLD, **told)
    rename(bureau, NEW, OLD)  # the section itself may have it back


@only_sqlite
@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": OTHER}, RuleBroken),
        ({"name": ""}, RuleBroken),
        ({"name": OLD}, RuleBroken),
        ({"document": " "}, RuleBroken),
        ({"name": "科" * 61}, RuleBroken),
        ({"seen_name": "别的科"}, Stale),
        ({"seen_name": None}, RuleBroken),
    ],
)
def test_what_is_no_new_name_is_refused(bureau: SmallBureau, given: dict[str, Any], error: type[RuleBroken]) -> None:
    with pytest.raises(error):
        rename(bureau, OLD, **{"new": NEW, **{"new" if key == "name" else key: value for key, value in given.items()}})


@only_sqlite
def test_a_closed_section_is_not_merged_again_nor_given_rights(bureau: SmallBureau) -> None:
    merge(bureau, OLD, OTHER)
    with pytest.raises(Stale):
        merge(bureau, OLD, "财务科")
    with pytest.raises(Stale):
        merge(bureau, "财务科", OLD)
    with pytest.raises(RuleBroken, match="自身"):
        merge(bureau, OTHER, OTHER)


@only_sqlite
def test_only_the_system_administrator_keeps_the_organisation(bureau: SmallBureau) -> None:
    acts: tuple[Callable[[Any, Any], object], ...] = (
        lambda session, by: organising.add_section(session, name="甲", kind="section", slug="", document=PAPER, by=by),
        lambda session, by: organising.add_post(session, 1, name="甲", purpose="", by=by),
        lambda session, by: organising.close_post(session, 1, by=by),
        lambda session, by: operations.rename_section(session, 1, name="甲", document=PAPER, seen_name="", by=by),
        lambda session, by: organising.end_group_membership(session, 1, last_day=clock.today(), by=by),
    )
    assert set(ADMINISTRATORS) == {Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}
    for by in (bureau.auditor, bureau.office, bureau.deputy, bureau.chief):
        for act in acts:
            with pytest.raises(NotAllowed), bureau.database.writing() as session:
                act(session, by)


@only_sqlite
def test_a_post_that_is_held_is_not_closed_and_a_seat_ends_after_its_last_day(bureau: SmallBureau) -> None:
    sysadmin, person = bureau.sysadmin, bureau.clerk.person
    with bureau.database.reading() as session:
        post = session.scalars(select(Appointment.post_id).where(Appointment.person_id == person)).one()
    with pytest.raises(RuleBroken, match="仍有人在任"), bureau.database.writing() as session:
        organising.close_post(session, post, by=sysadmin)
    today = clock.today()
    with bureau.database.writing() as session:
        seat = organising.add_group_member(session, person_id=person, post="成员", since=today, until=None, by=sysadmin)
    with pytest.raises(RuleBroken, match="已是领导小组成员"), bureau.database.writing() as session:
        organising.add_group_member(session, person_id=person, post="组长", since=today, until=None, by=sysadmin)
    with bureau.database.writing() as session:
        organising.end_group_membership(session, seat.id, last_day=today, by=sysadmin)
    with bureau.database.reading() as session:
        assert session.get_one(GroupMember, seat.id).until == today
