"""Complaints with real rows: the way from intake to review, the wall, the vault, append only; on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from harness.bureau import SmallBureau, add_person
from harness.complaints import FOUND, WHO, Complaints
from webapp import clock
from webapp.backup.rows import kept_tables, lines_of
from webapp.complaints import identity
from webapp.complaints.elsewhere import note_discipline, note_elsewhere, note_result
from webapp.complaints.forms import ElsewhereGiven
from webapp.complaints.models import Complaint, ComplaintIdentity, ComplaintStep, DisciplineTransfer, IdentityLook
from webapp.complaints.reading import may_be_given, visible_to
from webapp.complaints.stages import Event
from webapp.config import Settings
from webapp.deadlines.models import Clock
from webapp.deadlines.recomputing import find_differences
from webapp.findings.models import Finding
from webapp.journal import operations as journal
from webapp.organisation.operations import merge_sections
from webapp.policy import Actor
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

TARGET = "环境监察大队"


@pytest.fixture
def complaints(bureau: SmallBureau, settings: Settings) -> Complaints:
    return Complaints(bureau, settings.instance)


def seen_by(bureau: SmallBureau, actor: Actor) -> list[int]:
    with bureau.database.reading() as session:
        return list(session.scalars(select(Complaint.id).where(visible_to(actor)).order_by(Complaint.id)))


def test_a_complaint_goes_from_intake_to_review_and_is_closed_and_opened_again(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in(section=TARGET)
    complaints.to_reply(number, bureau.clerk)
    kept = complaints.kept(number)
    assert (kept.state, kept.number, kept.conclusion) == ("replied", 1, "substantiated")
    assert (kept.drafted_by, kept.approved_by) == (bureau.clerk.person, bureau.deputy.person)
    today = clock.today()
    complaints.act(bureau.office, number, Event.REQUEST_REVIEW, day=today)
    complaints.act(bureau.office2, number, Event.REVISE, document="常环信复〔2008〕1号", note="部分属实")
    complaints.act(bureau.office, number, Event.CLOSE, satisfaction="satisfied")
    complaints.act(bureau.office, number, Event.REOPEN, note="来件人提供了票据")
    kept = complaints.kept(number)
    assert (kept.state, kept.cycle, kept.reviews, kept.assignee_id) == ("reopened", 2, 0, None)
    with bureau.database.reading() as session:
        states = list(session.scalars(select(ComplaintStep.state).order_by(ComplaintStep.id)))
        assert journal.verify(session) is None
    assert states[:4] == ["received", "registered", "accepted", "assigned"]
    assert states[-1] == "reopened"


def test_numbers_of_the_series_have_no_gap_and_begin_anew_each_year(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    made = []
    for day in (date(2008, 12, 30), date(2008, 12, 31), date(2009, 1, 2)):
        clock.fix_day(day)
        number = complaints.take_in()
        complaints.act(bureau.office, number, Event.REGISTER)
        made.append((complaints.kept(number).year, complaints.kept(number).number))
    assert made == [(2008, 1), (2008, 2), (2009, 1)]


def test_the_section_and_the_person_complained_of_know_of_nothing_and_others_only_what_is_theirs(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    about_section = complaints.take_in(section=TARGET)
    about_person = complaints.take_in(person=bureau.clerk2)
    about_office = complaints.take_in(bureau.deputy, section="宣教法制科")
    about_office_person = complaints.take_in(bureau.deputy, person=bureau.office2)
    about_nobody = complaints.take_in()
    everything = [about_section, about_person, about_office, about_office_person, about_nobody]
    assert seen_by(bureau, bureau.office) == [about_section, about_person, about_nobody]
    assert seen_by(bureau, bureau.deputy) == everything
    assert seen_by(bureau, bureau.chief) == [about_office, about_office_person]  # a member of the leading group
    for name in ("clerk2", "chief2", "clerk", "legal", "clerk10", "chief10", "auditor", "sysadmin", "publisher"):
        assert seen_by(bureau, getattr(bureau, name)) == [], name
    with bureau.database.reading() as session:
        given = may_be_given(session, session.get_one(Complaint, about_person))
    assert not {bureau.clerk2.person, bureau.chief2.person} & given.keys()


def test_who_is_given_a_complaint_sees_it_and_loses_it_when_it_turns_out_to_be_about_his_section(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in()
    complaints.to_investigation(number, bureau.clerk2)
    assert seen_by(bureau, bureau.clerk2) == [number]
    with bureau.database.writing() as session:
        section = bureau.sections[TARGET]
        session.execute(update(Complaint).where(Complaint.id == number).values(about_section_id=section))
    assert seen_by(bureau, bureau.clerk2) == []
    with pytest.raises(NotFound):
        complaints.act(bureau.clerk2, number, Event.DRAFT_REPLY, **FOUND)


def test_nobody_takes_in_or_is_given_what_is_about_himself_or_his_section(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    for target in ({"section": "宣教法制科"}, {"person": bureau.office}, {"person": bureau.clerk10}):
        with pytest.raises(RuleBroken, match="不能经手"):
            complaints.take_in(bureau.office, **target)
    number = complaints.take_in(section=TARGET)
    complaints.act(bureau.office, number, Event.REGISTER)
    complaints.act(bureau.office, number, Event.ACCEPT)
    for walled in (bureau.clerk2, bureau.chief2):
        with pytest.raises(RuleBroken, match="不能承办"):
            complaints.act(bureau.office, number, Event.ASSIGN, assignee=walled.person)
        with pytest.raises(NotFound):
            complaints.act(walled, number, Event.ASSIGN, assignee=bureau.clerk.person)
    with pytest.raises(NotAllowed):
        complaints.take_in(bureau.clerk)


def test_registering_may_aim_a_complaint_and_the_wall_stands_at_once(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in()
    with pytest.raises(RuleBroken, match="不能经手"):
        complaints.act(bureau.office, number, Event.REGISTER, section=bureau.sections["宣教法制科"])
    complaints.act(bureau.office, number, Event.REGISTER, section=bureau.sections[TARGET])
    assert complaints.kept(number).about_section_id == bureau.sections[TARGET]


def test_a_reply_is_approved_by_somebody_who_did_not_investigate(bureau: SmallBureau, complaints: Complaints) -> None:
    number = complaints.take_in(section=TARGET)
    complaints.to_investigation(number, bureau.office)
    complaints.act(bureau.office, number, Event.DRAFT_REPLY, **FOUND)
    with pytest.raises(NotAllowed, match="其他人员审核"):
        complaints.act(bureau.office, number, Event.APPROVE_REPLY)
    assert complaints.act(bureau.office2, number, Event.RETURN_REPLY, note="请写明依据") == "investigating"
    complaints.act(bureau.office, number, Event.DRAFT_REPLY, **FOUND)
    assert complaints.act(bureau.office2, number, Event.APPROVE_REPLY) == "reply_approved"
    with bureau.database.writing() as session, pytest.raises(DBAPIError):
        session.execute(update(Complaint).where(Complaint.id == number).values(approved_by=bureau.office.person))


def test_complaints_about_the_office_are_handled_by_the_leading_group(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in(bureau.deputy, section="宣教法制科")
    with pytest.raises(NotFound):
        complaints.act(bureau.office, number, Event.REGISTER)
    complaints.to_reply(number, bureau.clerk2, bureau.chief)
    assert complaints.kept(number).state == "replied"


def test_two_complaints_are_merged_only_where_they_are_about_the_same(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    first, second, other = (complaints.take_in(section=name) for name in (TARGET, TARGET, "财务科"))
    for number in (first, second, other):
        complaints.act(bureau.office, number, Event.REGISTER)
    for wrong in (second, other, 99):
        with pytest.raises(RuleBroken):
            complaints.act(bureau.office, second, Event.MERGE, into=wrong)
    assert complaints.act(bureau.office, second, Event.MERGE, into=first) == "merged"
    assert complaints.kept(second).merged_into_id == first


def test_a_review_is_asked_for_within_thirty_days_of_the_answer(bureau: SmallBureau, complaints: Complaints) -> None:
    clock.fix_day(date(2008, 7, 1))
    number = complaints.take_in(section=TARGET)
    complaints.to_reply(number, bureau.clerk)
    clock.fix_day(date(2008, 9, 1))
    with pytest.raises(RuleBroken, match="7月31日"):
        complaints.act(bureau.office, number, Event.REQUEST_REVIEW, day=date(2008, 8, 1))
    complaints.act(bureau.office, number, Event.REQUEST_REVIEW, day=date(2008, 7, 31))
    with pytest.raises(NotFound):
        complaints.act(bureau.clerk2, number, Event.UPHOLD, document="甲")


def test_a_stale_or_repeated_act_changes_nothing(bureau: SmallBureau, complaints: Complaints) -> None:
    number = complaints.take_in()
    complaints.act(bureau.office, number, Event.REGISTER, request_key="k1")
    assert complaints.act(bureau.office, number, Event.REGISTER, request_key="k1") == "registered"
    with pytest.raises(Stale):
        complaints.act(bureau.office2, number, Event.ACCEPT, seen_version=1)
    with pytest.raises(RuleBroken, match="缺少版本号"):
        complaints.act(bureau.office2, number, Event.ACCEPT, seen_version=None)
    with pytest.raises(RuleBroken, match="没有填写完整"):
        complaints.act(bureau.office2, number, Event.REFUSE, note="不属本局职责")
    assert complaints.kept(number).version == 2


def test_a_look_at_the_identity_needs_a_reason_and_is_kept_and_erasing_breaks_nothing(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in(section=TARGET)
    complaints.to_investigation(number, bureau.clerk)
    database = bureau.database
    for stranger in (bureau.clerk2, bureau.chief2, bureau.legal):
        with database.writing() as session, pytest.raises(NotFound):
            identity.reveal(session, stranger, number, reason="好奇", vault=complaints.vault)
    with database.writing() as session, pytest.raises(NotAllowed):
        identity.reveal(session, bureau.deputy, number, reason="了解", vault=complaints.vault)
    with database.writing() as session, pytest.raises(RuleBroken, match="理由"):
        identity.reveal(session, bureau.office, number, reason=" ", vault=complaints.vault)
    for looker in (bureau.office, bureau.clerk):
        with database.writing() as session:
            assert identity.reveal(session, looker, number, reason="约见来件人", vault=complaints.vault) == WHO
    with database.writing() as session, pytest.raises(NotAllowed):
        identity.erase_identity(session, bureau.clerk, number, reason="办结")
    with database.writing() as session:
        identity.erase_identity(session, bureau.office, number, reason="保存期满")
    with database.writing() as session, pytest.raises(RuleBroken, match="已经清除"):
        identity.reveal(session, bureau.office, number, reason="再看", vault=complaints.vault)
    with database.reading() as session:
        assert list(session.scalars(select(IdentityLook.act).order_by(IdentityLook.id))) == ["look", "look", "erase"]
        assert session.get_one(ComplaintIdentity, number).sealed == ""
        assert journal.verify(session) is None


def test_no_identity_stands_in_any_row_log_or_file(
    bureau: SmallBureau, complaints: Complaints, settings: Settings
) -> None:
    number = complaints.take_in(section=TARGET)
    complaints.to_investigation(number, bureau.clerk)
    with pytest.raises(RuleBroken, match="来件人"):
        complaints.act(bureau.clerk, number, Event.DRAFT_REPLY, **{**FOUND, "reply": "钱三拟同志：情况属实。"})
    with pytest.raises(RuleBroken, match="来件人"):
        complaints.take_in(content=f"来件人电话{WHO.contact}")
    complaints.act(bureau.clerk, number, Event.DRAFT_REPLY, **FOUND)
    with bureau.database.writing() as session:
        identity.reveal(session, bureau.office, number, reason="约见来件人", vault=complaints.vault)
    with bureau.database.engine.connect() as connection:
        for table in kept_tables(connection):
            for line in lines_of(connection, table):
                text = line.decode() if isinstance(line, bytes) else str(line)
                assert "钱三拟" not in text, table.name
                assert "82661234" not in text, table.name
    for file in settings.instance.rglob("*"):
        assert "钱三拟" not in file.name
        assert file.is_dir() or "钱三拟".encode() not in file.read_bytes(), file


@pytest.mark.parametrize("table", [ComplaintStep, IdentityLook, DisciplineTransfer])
def test_what_is_evidence_is_never_changed(table: Any, bureau: SmallBureau, complaints: Complaints) -> None:  # noqa: ANN401 - a mapped class
    number = complaints.take_in(section=TARGET)
    today = clock.today()
    with bureau.database.writing() as session:
        identity.reveal(session, bureau.office, number, reason="约见", vault=complaints.vault)
        note_discipline(session, bureau.office, today, today, "派驻纪检组")
    for statement in (update(table).values(id=99), delete(table)):
        with pytest.raises((DBAPIError, RuleBroken)), bureau.database.writing() as session:
            session.execute(statement)


def test_other_systems_matters_and_passed_on_reports_hold_numbers_and_dates_only(bureau: SmallBureau) -> None:
    today = clock.today()
    given = ElsewhereGiven("12369", "2008-17", today, None)
    with bureau.database.writing() as session:
        noted = note_elsewhere(session, bureau.office, given).id
    with bureau.database.writing() as session, pytest.raises(RuleBroken, match="登记过"):
        note_elsewhere(session, bureau.office2, given)
    with bureau.database.writing() as session, pytest.raises(NotAllowed):
        note_elsewhere(session, bureau.clerk, given)
    with bureau.database.writing() as session:
        assert note_result(session, bureau.office, noted, result="substantiated", day=today).result_on == today
    with bureau.database.writing() as session, pytest.raises(RuleBroken, match="不能重复"):
        note_result(session, bureau.office, noted, result="partly", day=today)
    columns = set(DisciplineTransfer.__table__.columns.keys())
    assert columns == {"id", "received_on", "transferred_on", "body", "entered_by", "entered_at"}


def test_the_wall_goes_along_when_sections_merge(bureau: SmallBureau, complaints: Complaints) -> None:
    number = complaints.take_in(section=TARGET)
    with bureau.database.writing() as session:
        add_person(session, bureau, "office3", "财务科", (("office", False),))
    assert seen_by(bureau, bureau.office3) == [number]
    with bureau.database.writing() as session:
        into = bureau.sections["财务科"]
        told = {"document": "坛编〔2008〕3号", "seen_name": TARGET, "by": bureau.sysadmin}
        merge_sections(session, bureau.sections[TARGET], into_id=into, **told)
    assert seen_by(bureau, bureau.office3) == []


def test_a_day_before_the_complaint_or_after_today_is_refused(bureau: SmallBureau, complaints: Complaints) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(RuleBroken, match="今天之后"):
        complaints.take_in(received_on=tomorrow)
    number = complaints.take_in(section=TARGET)
    complaints.to_investigation(number, bureau.clerk)
    complaints.act(bureau.clerk, number, Event.DRAFT_REPLY, **FOUND)
    complaints.act(bureau.deputy, number, Event.APPROVE_REPLY)
    for wrong in (tomorrow, clock.today() - timedelta(days=3)):
        with pytest.raises(RuleBroken):
            complaints.act(bureau.office, number, Event.REPLY, day=wrong)


def clocks_of(bureau: SmallBureau, number: int) -> dict[str, tuple[date, str]]:
    with bureau.database.reading() as session:
        rows = session.scalars(select(Clock).where(Clock.subject_kind == "complaint", Clock.subject_id == number))
        return {f"{row.rule_key} {row.cycle}": (row.due_on, row.state) for row in rows}


def test_telling_answering_and_reviewing_each_run_under_a_clock_of_their_own(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    clock.fix_day(date(2008, 7, 1))
    number = complaints.take_in(section=TARGET)
    assert clocks_of(bureau, number) == {"petition.tell 1": (date(2008, 7, 16), "running")}
    clock.fix_day(date(2008, 7, 8))
    complaints.to_investigation(number, bureau.clerk)
    assert clocks_of(bureau, number) == {
        "petition.tell 1": (date(2008, 7, 16), "met"),
        "petition.finish 1": (date(2008, 9, 8), "running"),  # 6 September is a Saturday
    }
    clock.fix_day(date(2008, 7, 10))
    complaints.act(bureau.clerk, number, Event.ASK, note="请提供票据", document="坛环信补〔2008〕1号")
    clock.fix_day(date(2008, 7, 20))
    complaints.act(bureau.clerk, number, Event.ANSWERED, note="已提供")
    assert clocks_of(bureau, number)["petition.finish 1"] == (date(2008, 9, 16), "running")
    complaints.act(bureau.clerk, number, Event.DRAFT_REPLY, **FOUND)
    complaints.act(bureau.deputy, number, Event.APPROVE_REPLY)
    complaints.act(bureau.office, number, Event.REPLY, day=date(2008, 7, 20))
    complaints.act(bureau.office, number, Event.REQUEST_REVIEW, day=date(2008, 7, 20))
    kept = clocks_of(bureau, number)
    assert kept["petition.finish 1"][1] == "met"
    assert kept["petition.review_answer 1"] == (date(2008, 8, 19), "running")
    with bureau.database.reading() as session:
        assert find_differences(session) == []
        assert all(session.scalars(select(Clock.is_confidential)))


def test_asking_without_a_document_stops_no_clock_and_a_refusal_ends_them(
    bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in(section=TARGET)
    complaints.to_investigation(number, bureau.clerk)
    complaints.act(bureau.clerk, number, Event.ASK, note="电话请来件人补充")
    assert clocks_of(bureau, number)["petition.finish 1"][1] == "running"
    number = complaints.take_in(kind="consult")
    complaints.act(bureau.office, number, Event.REGISTER)
    complaints.act(bureau.office, number, Event.TRANSFER, where="市环境监测中心站")
    assert [state for _, state in clocks_of(bureau, number).values()] == ["void"]


@pytest.mark.parametrize(("conclusion", "found"), [("substantiated", 1), ("partly", 1), ("unfounded", 0)])
def test_what_is_substantiated_becomes_a_confirmed_finding_without_a_word_of_the_complaint(
    conclusion: str, found: int, bureau: SmallBureau, complaints: Complaints
) -> None:
    number = complaints.take_in(section=TARGET, subject="鲲鹏事由", content="鲲鹏内容")
    complaints.to_reply(number, bureau.clerk, **{**FOUND, "conclusion": conclusion})
    with bureau.database.reading() as session:
        findings = session.scalars(select(Finding)).all()
    assert len(findings) == found
    for finding in findings:
        assert (finding.source_kind, finding.source_id, finding.state) == ("complaint", number, "confirmed")
        assert (finding.section_id, finding.fact) == (bureau.sections[TARGET], FOUND["fact"])
