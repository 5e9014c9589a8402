"""The table of acts on inspections, every state × event × relation; points and answers; the draw (I17)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.inspections.checklist_stages import ACTS, CHECKLIST_STATES, checklist_act
from webapp.inspections.draw import draw, frame_hash
from webapp.inspections.points import ANSWERS, Answered, commitment_section, gaps, read_points
from webapp.inspections.stages import ROWS, STATES, Event, Relation, is_complete, offers, row_for
from webapp.rules import NotAllowed, RuleBroken, Stale

# state: event by relations, written apart from the table it checks
AGREED = {
    "planned": {"start": "member", "cancel": "approver"},
    "in_progress": {"finish": "member", "cancel": "approver"},
    "drafted": {"send_for_comment": "member", "confirm_on_spot": "member head", "cancel": "approver"},
    "in_comment": {"comment": "section head", "lapse": "time", "cancel": "approver"},
    "commented": {"sign": "member head", "refuse_signature": "member", "cancel": "approver"},
    "signed": {"addendum": "member"},
    "cancelled": {},
}


@pytest.mark.parametrize(("state", "event", "relation"), list(product(STATES, Event, Relation)))
def test_an_act_is_open_where_the_agreed_table_says_and_nowhere_else(
    state: str, event: Event, relation: Relation
) -> None:
    who = AGREED[state].get(event, "").split()
    offered = event in {row.event for row in offers(state, {relation})}
    assert offered == (relation in who)
    if relation in who:
        assert row_for(state, event, {relation}).before == state
    else:
        with pytest.raises(NotAllowed if who else Stale):
            row_for(state, event, {relation})


def test_signed_is_left_by_nothing_and_cancelled_by_no_act() -> None:
    assert {row.after for row in ROWS if row.before == "signed"} == {"signed"}
    assert [row for row in ROWS if row.before == "cancelled"] == []
    with pytest.raises(RuleBroken, match="没有这种办理方式"):
        row_for("planned", "destroy", set(Relation))


@pytest.mark.parametrize(
    ("kinds", "is_whole"),
    [
        ([("inspector", 1), ("inspector", 2), ("head", 3)], True),
        ([("inspector", 1), ("inspector", 2), ("refused", 1)], True),
        ([("inspector", 1), ("inspector", 2)], False),
        ([("inspector", 1), ("head", 3)], False),
        ([("inspector", 1), ("inspector", 9), ("head", 3)], False),
    ],
)
def test_a_record_needs_both_inspectors_and_the_head_or_his_refusal(
    kinds: list[tuple[str, int]],
    is_whole: bool,  # noqa: FBT001
) -> None:
    assert is_complete(kinds, [1, 2]) == is_whole


@pytest.mark.parametrize(("state", "event"), list(product(CHECKLIST_STATES, [act.event for act in ACTS])))
def test_a_checklist_moves_only_along_its_rows_and_its_author_never_reviews_it(state: str, event: str) -> None:
    row = next((act for act in ACTS if (act.before, act.event) == (state, event)), None)
    if row is None:
        with pytest.raises(Stale):
            checklist_act(state, event, is_author=False, note="理由")
        return
    assert checklist_act(state, event, is_author=False, note="理由") == row
    if row.by_second:
        with pytest.raises(NotAllowed):
            checklist_act(state, event, is_author=True, note="理由")
    if row.needs_reason:
        with pytest.raises(RuleBroken):
            checklist_act(state, event, is_author=False, note=" ")


def content(**changes: object) -> dict[str, object]:
    item = {
        "key": "A1", "text": "有记录", "guidance": "", "answers": list(ANSWERS), "weight": 5, "severity": "ordinary",
        "basis": "", "proof": "照片", "note_on": ["unmet"], "evidence_on": ["unmet"],
        "finding_on": ["unmet"], **changes,
    }  # fmt: skip
    return {"sections": [{"title": "一", "items": [item]}]}


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (None, 1),
        (Answered("met"), 0),
        (Answered("mostly"), 0),
        (Answered("unmet"), 2),
        (Answered("unmet", "缺"), 1),
        (Answered("unmet", "缺", 1), 0),
        (Answered("not_applicable"), 1),
        (Answered("not_checked", " "), 1),
        (Answered("not_checked", "外出"), 0),
    ],
)
def test_an_answer_brings_its_reason_and_its_proof(answer: Answered | None, missing: int) -> None:
    found = gaps(read_points(content()), {"A1": answer} if answer else {})
    assert len(found) == missing
    assert all(gap.sentence.endswith("。") for gap in found)


@pytest.mark.parametrize("broken", [{}, {"sections": [{}]}, content(answers=["maybe"]), content(weight="很多")])
def test_what_is_no_checklist_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(RuleBroken, match="不完整"):
        read_points(broken)


def test_points_follow_from_what_a_power_promises_and_from_its_steps() -> None:
    body = {"promised_limit": {"n": 10, "unit": "working_day"}, "fees": "不收费", "publication_forms": ["公开栏"]}
    steps = [
        {"id": "20", "kind": "step", "name": "受理", "post": "窗口岗"},
        {"id": "90", "kind": "end", "name": "办结"},
    ]
    section = commitment_section(body, steps)
    assert section is not None
    [part] = read_points({"sections": [section]})
    assert [point.text for point in part.points] == [
        "抽查的办件都在承诺的10个工作日内办结",
        "收费依据和标准与公开的一致：不收费",
        "公开形式与公开的一致：公开栏",
        "“受理”环节由窗口岗按流程图办理，留有记录",
    ]
    assert commitment_section({}, []) is None


FRAME = [f"JTHB-XK-{number:03}" for number in range(1, 41)]


def test_the_same_seed_and_frame_draw_the_same_on_any_machine() -> None:
    drawn = draw(FRAME, " 20080916 ", 3)
    # Worked out once and written down: another machine, version or language must come to the same.
    assert frame_hash(FRAME) == "e449987029f19a12cc1997b906d976836b96b40a95206cbb1f656cbcf2ffc665"
    assert [each.name for each in drawn] == ["JTHB-XK-023", "JTHB-XK-028", "JTHB-XK-016"]
    assert draw(list(reversed(FRAME)), "20080916", 3) == drawn


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=30, unique=True), st.data())
def test_a_larger_draw_begins_with_the_smaller(frame: list[str], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(frame)))
    whole = draw(frame, "种子", len(frame))
    assert draw(frame, "种子", size) == whole[:size]
    assert {each.name for each in whole} == set(frame)


@pytest.mark.parametrize(
    ("frame", "seed", "size"),
    [([], "1", 1), (["甲", "甲"], "1", 1), (["甲"], " ", 1), (["甲"], "1", 2), (["甲"], "1", 0)],
)
def test_a_draw_that_means_nothing_is_refused(frame: list[str], seed: str, size: int) -> None:
    with pytest.raises(RuleBroken):
        draw(frame, seed, size)
