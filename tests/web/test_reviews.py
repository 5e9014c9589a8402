"""Acts of the chain through the pages: what the panel offers is what the rule allows, and nothing typed is lost."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, flow_body, power_body, withholding_body
from harness.desks import PATHS, Desk, QueryCount, open_seat
from webapp.journal.models import JournalEntry, SecurityEvent
from webapp.pages.review import review_page
from webapp.reviews import recording
from webapp.reviews.chain import offers
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Batch, Problem, ReviewStep
from webapp.reviews.reading import open_review, situation_of
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Record

At = Callable[[str], Desk]


@pytest.fixture
def power(bureau: SmallBureau) -> int:
    """A power of 污染控制科, a draft of its clerk."""
    return walk.create(bureau, bureau.clerk, "power", power_body())


def change(bureau: SmallBureau, record: int, **fields: object) -> None:
    """Let the clerk save the draft with other values."""
    with bureau.database.writing() as session:
        draft = session.get_one(Draft, record)
        body = {**json.loads(draft.body), **fields}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], record, body, seen_version=draft.version)


def steps(bureau: SmallBureau) -> int:
    with bureau.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ReviewStep)) or 0


def test_a_clerk_submits_a_power_and_sees_it_move(desk: At, power: int) -> None:
    shown = desk("clerk").takes_step(power, "submit")
    assert shown.is_fragment
    assert shown.stage == "section_review"
    assert shown.buttons == ["recall"]


def test_without_scripts_an_act_leads_back_to_the_record(desk: At, power: int) -> None:
    shown = desk("clerk").takes_step(power, "submit", fragment=False)
    assert (shown.status, shown.answer.location) == (303, f"/powers/{power}")


def test_a_record_walks_the_whole_chain_by_the_forms_of_its_panels(bureau: SmallBureau, desk: At, power: int) -> None:
    desk("clerk").takes_step(power, "submit")
    for username in ("chief", "office", "legal", "publisher"):
        person = desk(username)
        form = person.opens_review(power).act("approve")
        points = ["item", "basis", "procedure", "flow", "publication"] if "attesting" in form.fields else []
        shown = person.presses(form, attested=points)
        assert shown.status == 303, (username, shown.text)
    office, second = desk("office"), desk("office2")
    for document in ("坛环纪〔2008〕1号", "市公开办函〔2008〕3号", "坛优组字〔2008〕5号"):
        form = office.opens_review(power).act("record")
        assert office.presses(form, outcome="approve", document=document, note="").status == 303
        assert "登记人不能复核自己的登记" in office.opens_review(power).text
        form = second.opens_review(power).act("verify")
        assert second.presses(form).status == 303
    assert walk.stage_of(bureau, power) == "approved"


def test_an_act_without_what_was_seen_is_refused(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    assert clerk.takes_step(power, "submit", seen_version=None).status == 422
    walk.submit(bureau, bureau.clerk, power)
    for action in ("approve", "return", "recall", "remind", "record", "verify"):
        username = {"recall": "clerk", "remind": "office", "record": "office", "verify": "office"}.get(action, "chief")
        shown = desk(username).takes_step(power, action, seen_digest=None, note="意见")
        assert shown.status in {409, 422}, action
    assert steps(bureau) == 1


def test_a_chief_attests_every_point_and_keeps_what_he_ticked(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.submit(bureau, bureau.clerk, power)
    shown = desk("chief").takes_step(power, "approve", attesting="1", attested=["item", "basis"], note="总体可以")
    assert shown.status == 422
    assert "尚未核对：程序、流程图、公开内容、形式和范围" in shown.text
    assert "总体可以" in shown.text
    ticked = [tag for name, tag in shown.answer.tags if name == "input" and "checked" in tag]
    assert [tag["value"] for tag in ticked] == ["item", "basis"]


def test_a_return_keeps_its_comments_when_it_is_refused_and_asks_for_a_reason(
    bureau: SmallBureau, desk: At, power: int
) -> None:
    walk.submit(bureau, bureau.clerk, power)
    chief = desk("chief")
    assert "请填写“退回修改”的意见和理由" in chief.takes_step(power, "return").text
    fields = {
        "problem_field": ["basis", "promised_limit"],
        "problem_severity": ["must", "advice"],
        "problem_text": ["条款应写到项", "可再缩短"],
    }
    shown = chief.takes_step(power, "return", seen_digest="0" * 64, note="请修改", **fields)
    assert shown.status == 409
    assert all(text in shown.text for text in ("请修改", "条款应写到项", "可再缩短"))
    shown = chief.takes_step(power, "return", **fields)
    assert shown.stage == "returned"
    with bureau.database.reading() as session:
        rows = session.execute(select(Problem.field, Problem.severity, Problem.content).order_by(Problem.id)).all()
    assert [tuple(row) for row in rows] == [("basis", "must", "条款应写到项"), ("promised_limit", "advice", "可再缩短")]


def test_one_more_row_for_a_comment_loses_nothing_and_does_nothing(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.submit(bureau, bureau.clerk, power)
    shown = desk("chief").takes_step(power, "return", more="1", problem_text=["一", "二", "三"], note="说明")
    assert shown.status == 200
    assert shown.stage == "section_review"
    assert sum(name == "textarea" and tag.get("name") == "problem_text" for name, tag in shown.answer.tags) == 4
    assert all(text in shown.text for text in ("一", "二", "三", "说明"))


def test_a_section_answers_comments_before_it_submits_again(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.submit(bureau, bureau.clerk, power)
    desk("chief").takes_step(power, "return", note="请修改", problem_field="basis", problem_text="条款应写到项")
    clerk = desk("clerk")
    shown = clerk.opens_review(power)
    assert "尚有1条必须修改的意见未回复，不能送审" in shown.text
    assert "submit" not in shown.buttons
    reply = next(form.action for form in shown.answer.forms if form.action.startswith("/problems/"))
    refused = clerk.post(reply, {"reply": "not", "reply_note": " "}, fragment=True)
    assert refused.status == 422
    assert "请说明理由" in refused.text
    assert desk("clerk2").post(reply, {"reply": "adopted"}).status == 404
    assert clerk.post(reply, {"reply": "adopted"}).status == 303
    assert "submit" in clerk.opens_review(power).buttons
    assert clerk.post("/problems/99999/reply", {"reply": "adopted"}).status == 404


@pytest.mark.parametrize("kind", ["power", "flow", "withholding"])
def test_a_refused_act_leaves_the_person_on_his_page_with_what_he_typed(
    bureau: SmallBureau, desk: At, kind: str
) -> None:
    body = {"power": power_body, "flow": flow_body, "withholding": withholding_body}[kind]()
    record = walk.create(bureau, bureau.clerk, kind, body)
    walk.submit(bureau, bureau.clerk, record)
    chief = desk("chief")
    own = chief.get(f"{PATHS[kind]}/{record}")
    for changed, status in ({"attested": "item"}, 422), ({"seen_digest": "0" * 64}, 409):
        shown = chief.takes_step(record, "approve", fragment=False, note="写了很久的意见", **changed)
        assert shown.status == status
        assert "写了很久的意见" in shown.text
        assert shown.answer.h1 == own.h1
        assert {"review", *own.ids} <= {*shown.answer.ids, "toasts"}


def test_the_own_section_reads_the_version_under_review_and_not_a_draft(
    bureau: SmallBureau, desk: At, power: int
) -> None:
    clerk = desk("clerk")
    chart = walk.create(bureau, bureau.clerk, "flow", flow_body())
    for record, address in ((power, f"/powers/{power}"), (chart, f"/flows/{chart}")):
        assert "草稿（第1次保存）" in clerk.get(address).text
        walk.submit(bureau, bureau.clerk, record)
        assert "第1稿" in clerk.get(address).text
        assert "次保存" not in clerk.get(address).text
        walk.act(bureau, bureau.chief, record, walk.Action.RETURN, note="请修改")
        assert "次保存" in clerk.get(address).text


def test_what_changed_since_the_page_was_opened_is_said(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.submit(bureau, bureau.clerk, power)
    chief = desk("chief")
    form = chief.opens_review(power).act("approve")
    walk.act(bureau, bureau.clerk, power, walk.Action.RECALL)
    change(bureau, power, name="改过的名称")
    walk.submit(bureau, bureau.clerk, power)
    fields = {**form.fields, "attested": ["item"], "note": "我的意见"}
    shown = chief.post(form.action, fields, fragment=True)
    assert shown.status == 409
    assert "已重新送审" in shown.text
    assert "项目名称" in shown.text
    assert "我的意见" in shown.text
    assert walk.stage_of(bureau, power) == "section_review"


def test_a_replayed_form_has_no_second_effect(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.submit(bureau, bureau.clerk, power)
    chief = desk("chief")
    form = chief.opens_review(power).act("approve")
    fields = {"attested": ["item", "basis", "procedure", "flow", "publication"]}
    assert chief.presses(form, **fields).status == 303
    before = steps(bureau)
    assert chief.presses(form, **fields).status == 303  # the same request: answered, nothing done
    assert chief.presses(form, **fields, request_key="other").status == 409  # the same form sent anew
    assert steps(bureau) == before


def test_a_button_that_is_not_there_does_not_work_either(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.submit(bureau, bureau.clerk, power)
    for username in ("clerk", "office", "legal", "chief2"):
        shown = desk(username).takes_step(power, "approve")
        assert shown.status in {403, 404}, username
    assert desk("sysadmin").takes_step(power, "approve").status == 403
    assert steps(bureau) == 1


def test_a_person_whose_right_ended_gets_his_text_back(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.to_office_review(bureau, power)
    shown = desk("chief").takes_step(power, "approve", note="写了很久的意见", fragment=False)
    assert shown.status in {403, 409}
    assert "写了很久的意见" in shown.text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"action": "nonsense"}, 422),
        ({"action": ""}, 422),
        ({"action": "approve", "seat": "x"}, 422),
        ({"action": "approve", "seat": "99999999999"}, 422),
        ({"action": "submit", "seen_version": "-1"}, 422),
        ({"action": "return", "to": "approved", "note": "x"}, 422),
        ({"action": "return", "note": "秘密★3年"}, 422),
        ({"action": "return", "note": "x", "problem_text": "y", "problem_severity": "fatal"}, 422),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    bureau: SmallBureau, desk: At, power: int, fields: dict[str, str], status: int
) -> None:
    walk.submit(bureau, bureau.clerk, power)
    digest = walk.digest_of(bureau, power)
    shown = desk("chief").post(f"/powers/{power}/review-steps", {"seen_digest": digest, **fields}, fragment=True)
    assert shown.status in {status, 409}
    assert "未能办理" in shown.text
    assert steps(bureau) == 1


def test_a_record_of_another_kind_is_not_found(desk: At, power: int) -> None:
    shown = desk("chief").post(f"/flows/{power}/review-steps", {"action": "approve", "seen_digest": "0" * 64})
    assert shown.status == 404


def test_the_host_sections_item_waits_for_the_deputy_to_name_a_reviewer(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk10, "power", power_body(section="宣教法制科"))
    walk.submit(bureau, bureau.clerk10, record)
    walk.approve(bureau, bureau.chief10, record)
    office = desk("office").opens_review(record)
    assert "须由副组长指定其他科室的人员初审" in office.text
    assert "approve" not in office.buttons
    deputy = desk("deputy")
    shown = deputy.opens_review(record)
    assert "office例" not in shown.text.replace("clerk10例", "")
    assert deputy.takes_step(record, "reassign", reviewer="").status == 422
    person = bureau.publisher.person
    shown = deputy.takes_step(record, "reassign", reviewer=str(person))
    assert "指定 publisher例" in shown.text
    form = next(
        form
        for form in desk("publisher").opens_review(record).acts
        if form.fields.get("seat") == str(open_seat(bureau, record, "office"))
    )
    assert form.fields["action"] == "approve"


def test_a_result_needs_a_paper_and_the_note_may_name_it(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.to_bureau_decision(bureau, power)
    office = desk("office")
    assert "请填写纪要或来文的文号" in office.takes_step(power, "record").text
    assert office.takes_step(power, "record", note="2008年7月9日会议纪要").status == 200
    with bureau.database.reading() as session:
        batch = session.scalars(select(Batch)).one()
    assert (batch.document, batch.form, batch.stage) == ("2008年7月9日会议纪要", "meeting", "bureau_decision")
    assert office.takes_step(power, "verify").status == 403
    assert desk("office2").takes_step(power, "verify").stage == "city_review"


def test_the_panel_shows_when_a_result_was_made_and_when_it_was_recorded(
    bureau: SmallBureau, desk: At, power: int
) -> None:
    walk.to_bureau_decision(bureau, power)
    office = desk("office")
    shown = office.takes_step(power, "record", document="纪要〔2008〕1号", document_date="2008-07-09")
    assert shown.status == 200
    assert "纪要〔2008〕1号，2008年7月9日作出" in shown.text
    assert "局领导小组审定：登记结果(通过)" in shown.text
    assert office.takes_step(power, "record", document="x", document_date="2008-13-01").status in {409, 422}


@pytest.mark.parametrize("username", ["publisher", "legal", "chief2"])
def test_requests_not_to_publish_are_known_to_the_entitled_only(bureau: SmallBureau, desk: At, username: str) -> None:
    record = walk.create(bureau, bureau.clerk, "withholding", withholding_body(), code="JTHB-BG-001")
    walk.submit(bureau, bureau.clerk, record)
    shown = desk(username).takes_step(record, "remind")
    assert shown.status == (404 if username == "chief2" else 403)
    assert desk("sysadmin").takes_step(record, "remind").status == 403


def test_a_chart_is_reviewed_with_comments_on_its_steps(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "flow", flow_body(), code="LC-CF-02")
    walk.submit(bureau, bureau.clerk, record)
    chief = desk("chief")
    shown = chief.opens_review(record)
    assert "环节" in shown.text
    place = flow_body()["steps"][1]["id"]
    shown = chief.takes_step(
        record, "return", problem_field=f"steps-{place}", problem_text="时限不对", problem_severity="must"
    )
    assert shown.stage == "returned"
    assert f"环节{place}" in desk("clerk").opens_review(record).text


def test_the_panel_takes_a_bounded_number_of_queries(bureau: SmallBureau, power: int) -> None:
    walk.to_bureau_decision(bureau, power)
    walk.record_and_verify(bureau, [power])
    for actor in (bureau.clerk, bureau.office, bureau.deputy):
        with QueryCount(bureau) as count, bureau.database.reading() as session:
            review_page(session, "power", power, viewer=actor)
        assert len(count) <= 20, "\n".join(count.statements)


def test_nothing_an_act_does_goes_unjournalled(bureau: SmallBureau, desk: At, power: int) -> None:
    desk("clerk").takes_step(power, "submit")
    desk("chief").takes_step(power, "approve", attested=["item", "basis", "procedure", "flow", "publication"])
    desk("office").takes_step(power, "remind", seat=str(open_seat(bureau, power, "legal")))
    with bureau.database.reading() as session:
        actions = session.scalars(
            select(JournalEntry.action).where(JournalEntry.subject == f"power:{power}").order_by(JournalEntry.seq),
        ).all()
        assert list(actions) == ["create", "submit", "approve", "remind"]
        assert (
            session.scalar(select(func.count()).select_from(SecurityEvent).where(SecurityEvent.kind == "refused")) == 0
        )


def test_the_buttons_of_every_person_at_every_stage_are_the_offers_of_the_table(bureau: SmallBureau, desk: At) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=["财务科"]))
    desks = {name: desk(name) for name in ("clerk", "chief", "chief7", "office", "office2", "legal", "publisher")}

    def compare() -> int:
        pressed = 0
        for name, person in desks.items():
            with bureau.database.reading() as session:
                row = session.get_one(Record, record)
                situation = situation_of(session, KINDS["power"], row, open_review(session, record))
            allowed = sorted(one.action for one in offers(situation, getattr(bureau, name)) if one.is_allowed)
            address = f"/powers/{record}/review-steps"
            shown = person.post(address, {"more": "1"}, fragment=True)
            seen = [form.fields["action"] for form in shown.forms if form.action == address]
            assert sorted(seen) == (allowed if shown.status == 200 else []), (name, situation.stage)
            pressed += len(seen)
        return pressed

    counts = [compare()]
    walk.submit(bureau, bureau.clerk, record)
    counts.append(compare())
    walk.act(bureau, bureau.chief7, record, walk.Action.DISSENT, note="理由")
    counts.append(compare())
    walk.act(bureau, bureau.office, record, walk.Action.RULE, note="理由")
    walk.approve(bureau, bureau.chief, record)
    for by in (bureau.office, bureau.legal, bureau.publisher):
        counts.append(compare())
        walk.approve(bureau, by, record)
    counts.append(compare())
    walk.record_and_verify(bureau, [record], outcome="return")
    counts.append(compare())
    assert all(counts[:-1])


def test_a_form_left_open_records_nothing_for_the_next_level(bureau: SmallBureau, desk: At, power: int) -> None:
    walk.to_bureau_decision(bureau, power)
    office = desk("office")
    form = office.opens_review(power).act("record")
    walk.record_and_verify(bureau, [power])
    assert walk.stage_of(bureau, power) == "city_review"
    paper = {"document": "局长办公会纪要〔2008〕1号", "document_date": "2008-07-01"}
    shown = office.presses(form, **paper)
    assert shown.status == 409
    assert paper["document"] in shown.text
    with bureau.database.reading() as session:
        assert [batch.stage for batch in session.scalars(select(Batch))] == ["bureau_decision"]


def test_a_result_recorded_anew_is_not_verified_by_the_form_of_the_one_before(
    bureau: SmallBureau, desk: At, power: int
) -> None:
    walk.to_bureau_decision(bureau, power)
    office, second = desk("office"), desk("office2")
    office.takes_step(power, "record", document="纪要〔2008〕1号", document_date="2008-07-01")
    form = second.opens_review(power).act("verify")
    with bureau.database.writing() as session:
        seen = session.scalars(select(Batch)).one().id
        recording.verify_result(session, bureau.office2, seen, is_right=False, note="文号有误")
    office.takes_step(power, "record", document="纪要〔2008〕2号", document_date="2008-07-01")
    assert second.presses(form).status == 409
    assert second.opens_review(power).stage == "bureau_decision"
    assert second.presses(second.opens_review(power).act("verify")).status == 303
    assert walk.stage_of(bureau, power) == "city_review"
