"""The chain from draft to approval, on both databases, with its refusals."""

import json

import pytest
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, add_person, flow_body, power_body, withholding_body
from webapp import clock
from webapp.journal import operations as journal
from webapp.journal.models import JournalEntry
from webapp.reviews import operations, recording
from webapp.reviews.chain import Action, Decision
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Approval, Problem, Review, ReviewStep, Seat
from webapp.reviews.moving import ProblemFound
from webapp.revisions import operations as revisions
from webapp.revisions.models import Autosave, Draft, DraftEditor, Listing, Record, Revision
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


def test_a_power_goes_level_by_level_until_it_is_approved_and_gets_a_code(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    stages = [walk.submit(bureau, bureau.clerk, record), walk.approve(bureau, bureau.chief, record)]
    stages += [walk.approve(bureau, by, record) for by in (bureau.office, bureau.legal, bureau.publisher)]
    for _ in range(3):
        walk.record_and_verify(bureau, [record])
        stages.append(walk.stage_of(bureau, record))
    assert stages == [
        "section_review",
        "office_review",
        "office_review",
        "office_review",
        "bureau_decision",
        "city_review",
        "city_decision",
        "approved",
    ]
    with bureau.database.reading() as session:
        row = session.get_one(Record, record)
        approval = session.scalars(select(Approval)).one()
        assert row.code == "JTHB-XK-001"
        assert [line["stage"] for line in json.loads(approval.lines)] == [
            "科室审核",
            "汇总初审",
            "汇总初审",
            "汇总初审",
            "局领导小组审定",
            "市公开办初审",
            "市优化领导小组审定",
        ]
        assert session.scalar(select(func.count()).select_from(DraftEditor)) == 0
        assert {face.face: face.stage for face in session.scalars(select(Listing))} == {
            "draft": "approved",
            "review": "approved",
            "approved": "approved",
        }
        assert journal.verify(session) is None


def test_every_act_writes_exactly_one_journal_entry(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    walk.record_and_verify(bureau, [record])
    with bureau.database.reading() as session:
        recorded = select(JournalEntry.action).where(JournalEntry.subject != "directory").order_by(JournalEntry.seq)
        actions = session.scalars(recorded).all()
    assert actions == ["create", "submit", "approve", "approve", "approve", "approve", "record", "verify"]


def test_nobody_reviews_what_he_wrote(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.chief, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    with pytest.raises(NotAllowed, match="您是该事项的填报人"):
        walk.approve(bureau, bureau.chief, record)


def test_the_submitter_cannot_approve_either(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.chief, record)
    with pytest.raises(NotAllowed, match="您是该事项的填报人"):
        walk.approve(bureau, bureau.chief, record)


def test_a_return_needs_a_reason_and_its_problems_hold_the_next_submission(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    with pytest.raises(RuleBroken, match="请填写“退回修改”的意见和理由"):
        walk.act(bureau, bureau.chief, record, Action.RETURN)
    found = [ProblemFound("依据应写到条", "basis"), ProblemFound("可更简洁", "rules", "advice")]
    assert walk.act(bureau, bureau.chief, record, Action.RETURN, note="两处", problems=found) == "returned"
    with pytest.raises(RuleBroken, match="尚有1条必须修改的意见未回复"):
        walk.submit(bureau, bureau.clerk, record)
    with bureau.database.writing() as session:
        problem = session.scalars(select(Problem).where(Problem.severity == "must")).one()
        with pytest.raises(RuleBroken, match="说明理由"):
            operations.answer_problem(session, bureau.clerk, problem.id, reply="not")
        operations.answer_problem(session, bureau.clerk, problem.id, reply="adopted")
    assert walk.submit(bureau, bureau.clerk, record) == "section_review"


def test_an_answer_without_a_change_goes_straight_back_to_who_returned_it(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    walk.record_and_verify(bureau, [record])
    walk.record_and_verify(bureau, [record], outcome="return")
    assert walk.stage_of(bureau, record) == "returned"
    with bureau.database.writing() as session:
        problem = session.scalars(select(Problem)).one()
        operations.answer_problem(session, bureau.clerk, problem.id, reply="not", note="法律另有规定")
    assert walk.submit(bureau, bureau.clerk, record) == "city_review"


def test_small_changes_on_the_citys_remarks_need_chief_office_and_group_only(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    walk.record_and_verify(bureau, [record])
    walk.record_and_verify(bureau, [record], outcome="return")
    with bureau.database.writing() as session:
        problem = session.scalars(select(Problem)).one()
        operations.answer_problem(session, bureau.clerk, problem.id, reply="adopted")
        draft = session.get_one(Draft, record)
        changed = {**json.loads(draft.body), "rules": "已按市级意见修改。"}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], record, changed, seen_version=draft.version)
    walk.to_office_review(bureau, record)
    assert walk.approve(bureau, bureau.office, record) == "bureau_decision"


def test_weighty_changes_on_the_citys_remarks_need_everybody_again(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    walk.record_and_verify(bureau, [record])
    walk.record_and_verify(bureau, [record], outcome="return")
    with bureau.database.writing() as session:
        problem = session.scalars(select(Problem)).one()
        operations.answer_problem(session, bureau.clerk, problem.id, reply="adopted")
        draft = session.get_one(Draft, record)
        changed = {**json.loads(draft.body), "name": "改名后的事项"}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], record, changed, seen_version=draft.version)
    walk.to_office_review(bureau, record)
    assert walk.approve(bureau, bureau.office, record) == "office_review"


def test_a_small_change_recalled_and_made_a_large_one_needs_everybody_again(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    walk.record_and_verify(bureau, [record])
    walk.record_and_verify(bureau, [record], outcome="return")
    with bureau.database.writing() as session:
        problem = session.scalars(select(Problem)).one()
        operations.answer_problem(session, bureau.clerk, problem.id, reply="adopted")
    _save(bureau, record, rules="已按市级意见修改。")
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.clerk, record, Action.RECALL)
    _save(bureau, record, name="改名后的事项")
    walk.to_office_review(bureau, record)
    assert {"office", "legal", "secrecy"} <= _seats(bureau, record).keys()


def test_an_approved_entry_changed_and_changed_back_stands_as_approved_again(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_the_end(bureau, record)
    _save(bureau, record, name="改名后的事项")
    _save(bureau, record, name=power_body()["name"])
    assert walk.stage_of(bureau, record) == "draft"
    assert walk.submit(bureau, bureau.clerk, record) == "approved"
    with bureau.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Review)) == 1
        assert session.scalar(select(func.count()).select_from(DraftEditor)) == 0
        assert set(session.scalars(select(Listing.stage))) == {"approved"}
    _save(bureau, record, name="再次改名的事项")
    assert walk.submit(bureau, bureau.clerk, record) == "section_review"


def test_a_submission_can_be_recalled_until_somebody_acted(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=["财务科"]))
    walk.submit(bureau, bureau.clerk, record)
    assert walk.act(bureau, bureau.clerk, record, Action.RECALL) == "draft"
    with bureau.database.reading() as session:
        assert [face.face for face in session.scalars(select(Listing))] == ["draft"]
    walk.submit(bureau, bureau.clerk, record)
    walk.approve(bureau, bureau.chief, record)
    with pytest.raises(NotAllowed, match="已有审核意见"):
        walk.act(bureau, bureau.clerk, record, Action.RECALL)


def test_a_joint_section_countersigns_or_dissents_and_the_office_rules(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=["财务科"]))
    walk.submit(bureau, bureau.clerk, record)
    walk.act(bureau, bureau.chief7, record, Action.DISSENT, note="名单应由我科公布")
    with pytest.raises(NotAllowed, match="须先由领导小组办公室裁定"):
        walk.approve(bureau, bureau.chief, record)
    assert walk.act(bureau, bureau.office, record, Action.RULE, note="由牵头科室公布") == "section_review"
    assert walk.approve(bureau, bureau.chief, record) == "office_review"


def test_the_host_sections_items_are_first_reviewed_by_whom_the_deputy_names(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk10, "power", power_body(section="宣教法制科"))
    walk.submit(bureau, bureau.clerk10, record)
    walk.approve(bureau, bureau.chief10, record)
    with pytest.raises(NotAllowed, match="须由副组长指定"):
        walk.approve(bureau, bureau.office, record)
    with pytest.raises(NotAllowed, match="所选人员属于领导小组办公室所在科室"):
        walk.act(bureau, bureau.deputy, record, Action.REASSIGN, reviewer=bureau.office2.person)
    walk.act(bureau, bureau.deputy, record, Action.REASSIGN, reviewer=bureau.publisher.person)
    seats = _seats(bureau, record)
    walk.act(bureau, bureau.publisher, record, Action.APPROVE, seat=seats["office"])
    walk.act(bureau, bureau.publisher, record, Action.APPROVE, seat=seats["secrecy"])
    assert walk.approve(bureau, bureau.legal, record) == "bureau_decision"


def test_who_approved_one_level_cannot_approve_the_next(bureau: SmallBureau) -> None:
    with bureau.database.writing() as session:
        add_person(session, bureau, "twohats", "污染控制科", (("chief", True), ("legal", False)))
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    walk.approve(bureau, bureau.twohats, record)
    with pytest.raises(NotAllowed, match="您已在前一环节审核通过"):
        walk.approve(bureau, bureau.twohats, record)


def test_an_act_needs_what_was_seen_and_refuses_what_is_stale(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    with bureau.database.writing() as session, pytest.raises(RuleBroken, match="缺少校验码") as missing:
        operations.advance(session, bureau.chief, KINDS["power"], record, Decision(Action.APPROVE))
    assert missing.value.status == 422
    with pytest.raises(Stale, match="已重新送审"):
        walk.act(bureau, bureau.chief, record, Action.APPROVE, seen_digest="0" * 64)


def test_a_second_approval_of_a_seat_is_stale_and_a_repeated_request_has_no_second_effect(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_office_review(bureau, record)
    digest = walk.digest_of(bureau, record)
    walk.act(bureau, bureau.legal, record, Action.APPROVE, request_key="k1")
    walk.act(bureau, bureau.legal, record, Action.APPROVE, request_key="k1")
    with bureau.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReviewStep).where(ReviewStep.request_key == "k1")) == 1
    with pytest.raises(Stale, match="不能重复办理"):
        walk.act(bureau, bureau.legal, record, Action.APPROVE, seen_digest=digest)


def test_a_key_spent_on_one_act_does_not_pass_another_off_as_done(bureau: SmallBureau) -> None:
    first, second = (walk.create(bureau, bureau.clerk, "power", power_body()) for _ in range(2))
    for record in (first, second):
        walk.to_office_review(bureau, record)
    walk.act(bureau, bureau.legal, first, Action.APPROVE, request_key="one")
    for by, record, action in (
        (bureau.legal, second, Action.APPROVE),
        (bureau.publisher, first, Action.APPROVE),
        (bureau.legal, first, Action.REMIND),
    ):
        with pytest.raises(Stale, match="另一次办理"):
            walk.act(bureau, by, record, action, request_key="one")


def test_the_recorder_cannot_verify_and_a_result_counts_only_when_verified(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.to_bureau_decision(bureau, record)
    paper = _paper(bureau, [record])
    with bureau.database.writing() as session:
        batch = recording.record_result(session, bureau.office, paper)
    assert walk.stage_of(bureau, record) == "bureau_decision"
    with bureau.database.writing() as session, pytest.raises(NotAllowed, match="登记人不能复核"):
        recording.verify_result(session, bureau.office, batch.id)
    with bureau.database.writing() as session:
        recording.verify_result(session, bureau.office2, batch.id, is_right=False, note="文号有误")
    assert walk.stage_of(bureau, record) == "bureau_decision"
    with bureau.database.writing() as session:
        again = recording.record_result(session, bureau.office, paper)
    with bureau.database.writing() as session:
        recording.verify_result(session, bureau.office2, again.id)
    assert walk.stage_of(bureau, record) == "city_review"


def test_a_key_spent_on_one_paper_does_not_pass_another_off_as_recorded(bureau: SmallBureau) -> None:
    first, second = (walk.create(bureau, bureau.clerk, "power", power_body(name=name)) for name in ("甲", "乙"))
    for record in (first, second):
        walk.to_bureau_decision(bureau, record)
    with bureau.database.writing() as session:
        batch = recording.record_result(session, bureau.office, _paper(bureau, [first]), request_key="once").id
    with bureau.database.writing() as session:
        again = recording.record_result(session, bureau.office, _paper(bureau, [first]), request_key="once")
        assert again.id == batch
    others = ((bureau.office, [second]), (bureau.office, [first, second]), (bureau.office2, [first]))
    for by, records in others:
        with bureau.database.writing() as session, pytest.raises(Stale, match="已用于另一次登记"):
            recording.record_result(session, by, _paper(bureau, records), request_key="once")


def test_one_act_records_many_items_with_exceptions(bureau: SmallBureau) -> None:
    records = [walk.create(bureau, bureau.clerk, "power", power_body(name=f"事项{n}")) for n in range(4)]
    for record in records:
        walk.to_bureau_decision(bureau, record)
    items = [recording.ItemResult(record, walk.digest_of(bureau, record)) for record in records]
    items[2] = recording.ItemResult(records[2], items[2].seen_digest, "defer", "缺材料")
    items[3] = recording.ItemResult(records[3], items[3].seen_digest, "return", "范围不清")
    paper = recording.Paper("bureau_decision", "纪要〔2008〕1号", clock.today(), items=items)
    with bureau.database.writing() as session:
        batch = recording.record_result(session, bureau.office, paper, request_key="meeting")
        assert recording.record_result(session, bureau.office, paper, request_key="meeting").id == batch.id
    with bureau.database.writing() as session:
        recording.verify_result(session, bureau.office2, batch.id)
    assert [walk.stage_of(bureau, record) for record in records] == [
        "city_review",
        "city_review",
        "bureau_decision",
        "returned",
    ]


def test_a_withholding_ends_withheld_and_marks_its_power(bureau: SmallBureau) -> None:
    power = walk.create(bureau, bureau.clerk, "power", power_body(disclosure="pending"), code="JTHB-QT-004")
    request = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-001")
    walk.to_the_end(bureau, power)
    walk.to_the_end(bureau, request)
    assert walk.stage_of(bureau, request) == "withheld"
    with bureau.database.reading() as session:
        assert session.get_one(Record, power).withheld_by == request
        shown = {row.disclosure for row in session.scalars(select(Listing).where(Listing.record_id == power))}
    assert shown == {"withheld"}


def test_a_chart_with_an_error_cannot_be_submitted_and_the_sentence_says_which(bureau: SmallBureau) -> None:
    body = flow_body()
    body["transitions"] = [one for one in body["transitions"] if one["to"] != "100"]
    record = walk.create(bureau, bureau.clerk, "flow", body, code="LC-CF-02")
    with pytest.raises(RuleBroken, match=r"到不了|没有|出口"):
        walk.submit(bureau, bureau.clerk, record)


def test_unsaved_text_holds_a_submission_back(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    with bureau.database.writing() as session:
        revisions.autosave(
            session,
            bureau.clerk,
            record,
            panel="basics",
            seen_version=1,
            content=[("name", "改了一半")],
        )
    with pytest.raises(RuleBroken, match="请先保存草稿"):
        walk.submit(bureau, bureau.clerk, record)
    with bureau.database.reading() as session:
        assert session.scalars(select(Autosave)).one().content == '[["name", "改了一半"]]'


def test_other_sections_do_not_learn_that_a_draft_exists(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    for stranger in (bureau.clerk2, bureau.office, bureau.deputy, bureau.sysadmin):
        with bureau.database.writing() as session, pytest.raises(NotFound):
            operations.advance(session, stranger, KINDS["power"], record, Decision(Action.SUBMIT, seen_version=1))


def test_the_same_content_is_the_same_revision_and_a_change_is_another(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    first = walk.digest_of(bureau, record)
    walk.act(bureau, bureau.clerk, record, Action.RECALL)
    walk.submit(bureau, bureau.clerk, record)
    assert walk.digest_of(bureau, record) == first
    walk.act(bureau, bureau.clerk, record, Action.RECALL)
    with bureau.database.writing() as session:
        draft = session.get_one(Draft, record)
        changed = {**json.loads(draft.body), "rules": "另一规则"}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], record, changed, seen_version=draft.version)
    walk.submit(bureau, bureau.clerk, record)
    assert walk.digest_of(bureau, record) != first
    with bureau.database.reading() as session:
        assert session.scalars(select(Revision.number).order_by(Revision.number)).all() == [1, 2]


def test_a_draft_saved_over_a_newer_one_is_refused_with_what_stands(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    with bureau.database.writing() as session:
        revisions.save_draft(
            session, bureau.clerk, KINDS["power"], record, power_body(rules="甲的写法"), seen_version=1
        )
    with bureau.database.writing() as session, pytest.raises(Stale) as stale:
        revisions.save_draft(
            session, bureau.chief, KINDS["power"], record, power_body(rules="乙的写法"), seen_version=1
        )
    assert "甲的写法" in (stale.value.current or "")


def test_the_chief_attests_five_points(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    walk.submit(bureau, bureau.clerk, record)
    with pytest.raises(RuleBroken, match="尚未核对：流程图、公开内容"):
        walk.act(bureau, bureau.chief, record, Action.APPROVE, attested=["item", "basis", "procedure"])
    every = ["item", "basis", "procedure", "flow", "publication"]
    assert walk.act(bureau, bureau.chief, record, Action.APPROVE, attested=every) == "office_review"


def _save(bureau: SmallBureau, record: int, **fields: object) -> None:
    with bureau.database.writing() as session:
        draft = session.get_one(Draft, record)
        body = {**json.loads(draft.body), **fields}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], record, body, seen_version=draft.version)


def _paper(bureau: SmallBureau, records: list[int]) -> recording.Paper:
    items = [recording.ItemResult(record, walk.digest_of(bureau, record)) for record in records]
    return recording.Paper(walk.stage_of(bureau, records[0]), "纪要〔2008〕1号", clock.today(), items=items)


def _seats(bureau: SmallBureau, record: int) -> dict[str, int]:
    with bureau.database.reading() as session:
        review = session.scalars(select(Review).where(Review.record_id == record, Review.is_open)).one()
        rows = session.scalars(select(Seat).where(Seat.review_id == review.id, Seat.state == "open"))
        return {seat.kind: seat.id for seat in rows}
