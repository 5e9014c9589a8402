"""Inspections by their operations: guards, completeness, silence, signatures, the frozen record, missed occurrences."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from harness.bureau import SmallBureau, add_person
from harness.inspections import PROOF, Team, act, answer_all, days_later, library, plan, team_in, walk_to
from webapp import clock
from webapp.files.storing import keep_file
from webapp.findings.models import Finding
from webapp.inspections import advancing, checklists, filling, planning
from webapp.inspections.advancing import Act, Incomplete, lapse_comments, record_fault
from webapp.inspections.filling import Given
from webapp.inspections.models import (
    Checklist,
    ChecklistContent,
    Inspection,
    InspectionAnswer,
    InspectionEvidence,
    Occurrence,
    SupervisionRecord,
)
from webapp.inspections.points import seen_mark
from webapp.inspections.reading import evidence_name, seen_inspection
from webapp.journal.models import JournalEntry
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

DAY = date(2008, 9, 16)


@pytest.fixture
def team(bureau: SmallBureau) -> Team:
    clock.fix_day(DAY)
    return team_in(bureau)


def test_an_inspection_goes_from_plan_to_signed_record_and_its_fault_becomes_a_finding(
    bureau: SmallBureau, team: Team, tmp_path: Path
) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "signed", tmp_path, unmet=2)
        assert (inspection.state, inspection.year, inspection.number) == ("signed", 2008, 1)
        assert record_fault(session, inspection.id) is None
        found = session.scalars(select(Finding).order_by(Finding.id)).all()
        assert [(row.source_kind, row.source_id, row.state) for row in found] == [
            ("inspection", inspection.id, "confirmed")
        ] * 2
        assert all("不符合" in row.fact and row.basis for row in found)
        actions = session.scalars(
            select(JournalEntry.action).where(JournalEntry.subject == f"inspection:{inspection.id}")
        ).all()
    assert actions == [
        "plan_inspection",
        *["advance_inspection"],
        "answer_points",
        "add_evidence",
        *["advance_inspection"] * 6,
    ]


def test_what_was_signed_cannot_be_changed_and_an_addendum_stands_beside_it(
    bureau: SmallBureau, team: Team, tmp_path: Path
) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "signed", tmp_path)
        digest = session.get_one(SupervisionRecord, inspection.id).digest
        with pytest.raises(Stale):
            filling.save_answers(session, inspection.id, {"TR01": Given("met")}, by=team.inspector)
        with pytest.raises(Stale):
            act(session, inspection, "cancel", team.deputy, note="不需要")
        act(session, inspection, "addendum", team.inspector, note="补记：培训签到表原件存办公室。")
        assert session.get_one(SupervisionRecord, inspection.id).digest == digest
    for table in (SupervisionRecord, ChecklistContent):
        with pytest.raises((RuleBroken, DatabaseError)), bureau.database.writing() as session:
            session.execute(update(table).values(content="{}"))


def test_the_points_of_an_inspection_stay_when_a_new_version_of_its_checklist_is_published(
    bureau: SmallBureau, team: Team
) -> None:
    with bureau.database.writing() as session:
        inspection = plan(session, bureau, team)
        before = inspection.content_digest
        old = session.get_one(Checklist, inspection.checklist_id)
        new = checklists.revise_checklist(session, old.id, by=team.office)
        checklists.change_points(
            session, new.id, texts={"TR01": ("改过的检查点", "")}, seen_version=new.version, by=team.office
        )
        checklists.advance_checklist(session, new.id, "submit", seen_version=new.version, by=team.office)
        with pytest.raises(NotAllowed, match="编写人"):
            checklists.advance_checklist(session, new.id, "publish", seen_version=new.version, by=team.office)
        with pytest.raises(RuleBroken, match="理由"):
            checklists.advance_checklist(session, new.id, "return", seen_version=new.version, by=team.office2)
        checklists.advance_checklist(session, new.id, "publish", seen_version=new.version, by=team.office2)
        assert (old.state, new.state, new.number) == ("superseded", "published", 2)
        assert new.content_digest != before
    with bureau.database.reading() as session:
        assert session.get_one(Inspection, inspection.id).content_digest == before


def test_nobody_inspects_the_section_he_belongs_to_or_left_within_a_year(bureau: SmallBureau, team: Team) -> None:
    with bureau.database.writing() as session:
        add_person(session, bureau, "insider", "污染控制科", (("inspector", False),))
    with bureau.database.writing() as session:
        inspection = plan(session, bureau, team, team=(team.inspector.person, bureau.insider.person))
        with pytest.raises(RuleBroken, match="insider例在被查科室任职"):
            act(session, inspection, "start", team.inspector)
        with pytest.raises(RuleBroken, match="不得少于2人"):
            plan(session, bureau, team, team=(team.inspector.person,))
        with pytest.raises(RuleBroken, match="督查员"):
            plan(session, bureau, team, team=(team.inspector.person, team.chief.person))


def test_the_section_that_hosts_the_office_is_not_inspected_by_the_office(bureau: SmallBureau, team: Team) -> None:
    with bureau.database.writing() as session:
        add_person(session, bureau, "officer3", "环境监察大队", (("office", False),))
    host = {"section_id": bureau.sections["宣教法制科"]}
    with bureau.database.writing() as session:
        by_office = plan(session, bureau, team, team=(team.inspector.person, bureau.officer3.person), **host)
        with pytest.raises(RuleBroken, match=r"局办公室\(监察\)"):
            act(session, by_office, "start", team.inspector)
        by_others = plan(session, bureau, team, team=(team.inspector.person, bureau.publisher.person), **host)
        assert act(session, by_others, "start", team.inspector).state == "in_progress"


def test_an_inspection_is_finished_only_when_complete(bureau: SmallBureau, team: Team, tmp_path: Path) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "in_progress", tmp_path)
        with pytest.raises(Incomplete) as refused:
            act(session, inspection, "finish", team.inspector)
        assert len(refused.value.problems) == 9
        [key] = answer_all(session, inspection, team.inspector, tmp_path)
        [proof] = session.scalars(select(InspectionEvidence)).all()
        filling.remove_evidence(session, inspection.id, proof.id, by=team.inspector2)
        filling.save_answers(session, inspection.id, {"TR09": Given("not_checked")}, by=team.inspector)
        with pytest.raises(Incomplete) as refused:
            act(session, inspection, "finish", team.inspector)
        told = [(each.field, each.sentence[-20:]) for each in refused.value.problems]
        assert [field for field, _ in told] == [f"value-{key}", "value-TR09"]
        filling.save_answers(session, inspection.id, {"TR09": Given("not_checked", "负责人外出")}, by=team.inspector)
        filling.add_evidence(session, inspection.id, [(key, keep_file(tmp_path, PROOF, "甲.pdf"))], by=team.inspector)
        assert act(session, inspection, "finish", team.inspector2).state == "drafted"


def test_an_answer_again_changes_nothing_and_one_overtaken_is_refused(
    bureau: SmallBureau, team: Team, tmp_path: Path
) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "in_progress", tmp_path)
        none = seen_mark("", "")
        given = {"TR01": Given("met", "在", seen=none)}
        assert filling.save_answers(session, inspection.id, given, by=team.inspector) == 1
        assert filling.save_answers(session, inspection.id, given, by=team.inspector) == 0  # sent again by the retry
        with pytest.raises(Stale, match="另一位检查人"):
            filling.save_answers(session, inspection.id, {"TR01": Given("unmet", "", seen=none)}, by=team.inspector2)
        assert session.scalars(select(InspectionAnswer.value)).all() == ["met"]
        with pytest.raises(NotAllowed):
            filling.save_answers(session, inspection.id, given, by=team.office)
        with pytest.raises(RuleBroken, match="请在所列结果中选择"):
            filling.save_answers(session, inspection.id, {"TR01": Given("perfect")}, by=team.inspector)


def test_the_same_photograph_twice_is_one_file_and_two_proofs(bureau: SmallBureau, team: Team, tmp_path: Path) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "in_progress", tmp_path)
        kept = keep_file(tmp_path, PROOF, "甲.pdf")
        filling.add_evidence(session, inspection.id, [("TR01", kept), ("TR02", kept)], by=team.inspector)
        filling.add_evidence(session, inspection.id, [("TR01", kept)], by=team.inspector)
        rows = session.scalars(select(InspectionEvidence)).all()
        assert len(rows) == 2
        assert len({row.file_id for row in rows}) == 1
        # The section does not know of the inspection yet, so the file is not there for it; the office may look.
        assert evidence_name(session, rows[0].file_id, team.chief) is None
        assert evidence_name(session, rows[0].file_id, team.office) == "甲.pdf"


def test_a_section_sees_its_inspection_when_it_is_done_and_never_another_section_s(
    bureau: SmallBureau, team: Team, tmp_path: Path
) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "in_progress", tmp_path)
        for person in (team.chief, bureau.chief2):
            with pytest.raises(NotFound):
                seen_inspection(session, inspection.id, person)
        answer_all(session, inspection, team.inspector, tmp_path)
        act(session, inspection, "finish", team.inspector)
        assert seen_inspection(session, inspection.id, team.chief).id == inspection.id
        with pytest.raises(NotFound):
            seen_inspection(session, inspection.id, bureau.chief2)


def test_silence_for_five_working_days_is_kept_as_no_objection_dated_when_it_became_so(
    bureau: SmallBureau, team: Team, tmp_path: Path
) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "in_comment", tmp_path)
        assert inspection.comment_due == date(2008, 9, 23)
        days_later(7)
        assert lapse_comments(session) == 0  # the last day is the section's
        days_later(4)  # the clock's job was off for some days
        assert lapse_comments(session) == 1
        assert lapse_comments(session) == 0
        assert (inspection.state, inspection.comment_kind) == ("commented", "silence")
        assert inspection.comment_at is not None
        assert clock.local_day(inspection.comment_at) == date(2008, 9, 24)


def test_a_head_who_refuses_is_entered_with_a_witness_and_the_series_has_no_gaps(
    bureau: SmallBureau, team: Team, tmp_path: Path
) -> None:
    with bureau.database.writing() as session:
        first = walk_to(session, bureau, team, "commented", tmp_path)
        act(session, first, "sign", team.inspector)
        with pytest.raises(RuleBroken, match="已经签过字"):
            act(session, first, "sign", team.inspector)
        with pytest.raises(RuleBroken, match="见证人"):
            act(session, first, "refuse_signature", team.inspector, note="不同意结论")
        act(session, first, "refuse_signature", team.inspector, note="不同意结论", witness="办公室 张例")
        cancelled = walk_to(session, bureau, team, "commented", tmp_path)
        act(session, cancelled, "cancel", team.deputy, note="重复安排")
        second = walk_to(session, bureau, team, "signed", tmp_path)
        act(session, first, "sign", team.inspector2)
        assert [(row.state, row.number) for row in (first, cancelled, second)] == [
            ("signed", 2),
            ("cancelled", None),
            ("signed", 1),
        ]


def test_a_stale_page_does_nothing_and_says_so(bureau: SmallBureau, team: Team, tmp_path: Path) -> None:
    with bureau.database.writing() as session:
        inspection = walk_to(session, bureau, team, "planned", tmp_path)
        advancing.advance(session, inspection.id, Act("start", 1), by=team.inspector)
        with pytest.raises(Stale):
            advancing.advance(session, inspection.id, Act("start", 1), by=team.inspector2)
        with pytest.raises(Stale, match="刚刚被他人"):
            advancing.advance(session, inspection.id, Act("finish", 1), by=team.inspector2)
        with pytest.raises(RuleBroken, match="请求不完整"):
            advancing.advance(session, inspection.id, Act("finish", None), by=team.inspector)


def test_a_missed_occurrence_is_kept_once_and_can_be_made_up_for(bureau: SmallBureau, team: Team) -> None:
    with bureau.database.writing() as session:
        planning.add_plan_line(
            session,
            year=2008,
            kind="routine",
            slug="training",
            section_id=bureau.sections["财务科"],
            due=[date(2008, 9, 17), date(2008, 12, 1)],
            by=team.office,
        )
        with pytest.raises(RuleBroken, match="2008年内"):
            planning.add_plan_line(
                session,
                year=2008,
                kind="routine",
                slug="training",
                section_id=1,
                due=[date(2009, 1, 1)],
                by=team.office,
            )
        days_later(10)
        assert planning.mark_missed(session) == 1
        assert planning.mark_missed(session) == 0
        row = session.scalars(select(Occurrence).where(Occurrence.state == "missed")).one()
        assert row.missed_at is not None
        assert clock.local_day(row.missed_at) == date(2008, 9, 18)
        made = plan(session, bureau, team, section_id=bureau.sections["财务科"], occurrence_id=row.id)
        assert (made.occurrence_id, row.state) == (row.id, "missed")


def test_an_inspection_done_on_paper_is_entered_later_with_both_days(bureau: SmallBureau, team: Team) -> None:
    with bureau.database.writing() as session:
        with pytest.raises(RuleBroken, match="补录"):
            plan(session, bureau, team, held_on=date(2008, 9, 10))
        late = plan(session, bureau, team, held_on=date(2008, 9, 10), is_late_entry=True)
        assert (late.held_on, clock.local_day(late.made_at)) == (date(2008, 9, 10), DAY)
        with pytest.raises(RuleBroken, match="一年以内"):
            plan(session, bureau, team, held_on=date(2008, 9, 17), is_late_entry=True)


def test_the_library_holds_eight_checklists_ready_for_use(bureau: SmallBureau, team: Team) -> None:  # noqa: ARG001
    with bureau.database.reading() as session:
        rows = session.scalars(select(Checklist)).all()
    assert {row.state for row in rows} == {"published"}
    assert len(rows) == len(library()) == 8
