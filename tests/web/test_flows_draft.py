"""Editing a chart: saving, buttons of rows without JavaScript, kept typing, two editors, the live drawing."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from harness import walk
from harness.bureau import SmallBureau, flow_body
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.filled_forms import changed, filled
from harness.visitors import Shown
from webapp.flows import drawings as flow_drawings
from webapp.journal.models import JournalEntry
from webapp.reviews.chain import Action
from webapp.revisions.models import Autosave, Draft, Record
from webapp.web import drawings

At = Callable[[str], Desk]
NUMBER = "LC-CF-02"


@pytest.fixture
def chart(bureau: SmallBureau) -> int:
    """A chart of 污染控制科 with ten steps."""
    return walk.create(bureau, bureau.clerk, "flow", flow_body(NUMBER), code=NUMBER)


def body_of(bureau: SmallBureau, record: int) -> dict[str, Any]:
    with bureau.database.reading() as session:
        body: dict[str, Any] = json.loads(session.get_one(Draft, record).body)
        return body


def form_of(desk: Desk, record: int, **values: Any) -> dict[str, list[str]]:  # noqa: ANN401 - what `changed` takes
    return changed(filled(desk.get(f"/flows/{record}/draft").body, f"/flows/{record}/draft"), **values)


def entries(bureau: SmallBureau) -> int:
    with bureau.database.reading() as session:
        return session.query(JournalEntry).count()


def test_the_form_sent_back_as_it_came_changes_nothing(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk, before, written = desk("clerk"), body_of(bureau, chart), entries(bureau)
    assert clerk.post(f"/flows/{chart}/draft", form_of(clerk, chart)).location == f"/flows/{chart}/draft"
    assert body_of(bureau, chart) == before
    assert entries(bureau) == written
    assert "内容没有变化" in clerk.get(f"/flows/{chart}/draft").text


def test_every_field_of_a_step_can_be_changed(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk = desk("clerk")
    typed = {
        "kind": "decision",
        "name": "复核",
        "section": "财务科",
        "post": "会计核算岗",
        "conditions": "材料\r\n齐全",
        "document": "审批表",
        "control_point": "两人办理",
        "risk_point": "压件",
        "risk_level": "high",
        "measure": "限时",
        "rights": "陈述申辩",
    }
    form = form_of(clerk, chart) | {f"steps-1-{name}": [value] for name, value in typed.items()}
    form |= {"steps-1-limit-n": ["5"], "steps-1-limit-unit": ["day"], "steps-1-limit-start": ["受理之日"]}
    form |= {"steps-1-counts_towards_limit": ["", "1"], "steps-1-basis": ["行政处罚法 31；行政处罚法 32"]}
    form |= {"audience": ["internal"], "procedure": ["actual"], "name": ["改名"]}
    form |= {"total_limit-n": ["30"], "total_limit-unit": ["day"], "total_limit-start": ["立案之日"]}
    assert clerk.post(f"/flows/{chart}/draft", form).status == 303
    saved = body_of(bureau, chart)
    step = saved["steps"][1]
    assert {name: step[name] for name in typed} == typed | {"conditions": "材料\n齐全"}
    assert step["limit"] == {"n": 5, "unit": "day", "start": "受理之日"}
    assert step["counts_towards_limit"] is True
    assert [row["article"] for row in step["basis"]] == ["第31条", "第32条"]
    assert (saved["audience"], saved["procedure"], saved["name"]) == ("internal", "actual", "改名")
    assert saved["total_limit"] == {"n": 30, "unit": "day", "start": "立案之日"}
    assert saved["number"] == NUMBER
    assert list(saved) == list(flow_body(NUMBER))


def test_what_is_no_field_of_a_chart_sets_nothing(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart) | {"number": ["LC-X"], "stage": ["approved"], "section_id": ["1"], "steps-0-x": ["1"]}
    assert clerk.post(f"/flows/{chart}/draft", form).status == 303
    assert body_of(bureau, chart)["number"] == NUMBER
    with bureau.database.reading() as session:
        assert session.get_one(Record, chart).stage == "draft"


def test_a_chart_stays_with_its_section_whoever_takes_the_first_step(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart) | {f"steps-{at}-section": ["财务科"] for at in range(10)}
    assert clerk.post(f"/flows/{chart}/draft", form).status == 303
    with bureau.database.reading() as session:
        assert session.get_one(Record, chart).section_id == bureau.sections["污染控制科"]


def test_a_step_is_added_without_javascript_and_keeps_what_was_typed(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart) | {"steps-2-name": ["刚打的字"], "arrange": ["insert-step-2"]}
    shown = clerk.post(f"/flows/{chart}/draft", form)
    assert shown.status == 200
    assert not shown.is_fragment
    assert 'value="刚打的字"' in shown.body
    focused = [given["id"] for _, given in shown.tags if "autofocus" in given]
    assert focused == ["field-steps-3-name"]
    assert len(set(shown.ids)) == len(shown.ids)
    assert "刚打的字" not in json.dumps(body_of(bureau, chart), ensure_ascii=False)
    again = changed(filled(shown.body, f"/flows/{chart}/draft"), **{"steps-3-name": "新的一环"})
    assert clerk.post(f"/flows/{chart}/draft", again).status == 303
    saved = [step["name"] for step in body_of(bureau, chart)["steps"]]
    assert saved[2:4] == ["刚打的字", "新的一环"]


@pytest.mark.parametrize(
    "act", ["up-step-3", "down-step-3", "remove-step-3", "branch-step-3", "renumber-steps", "add-way"]
)
def test_each_button_gives_the_tables_back_to_htmx(act: str, bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk, before = desk("clerk"), body_of(bureau, chart)
    shown = clerk.post(f"/flows/{chart}/draft", form_of(clerk, chart) | {"arrange": [act]}, fragment=True)
    assert shown.status == 200
    assert shown.is_fragment
    assert shown.body.lstrip().startswith('<div id="tables"')
    assert sum("data-focus" in given for _, given in shown.tags) == 1
    assert body_of(bureau, chart) == before


def step_names(shown: Shown) -> list[str]:
    return [given["value"] for _, given in shown.tags if given.get("name", "").endswith("-name") and "value" in given]


def test_the_last_acts_are_taken_back_and_done_again_without_losing_what_was_typed(
    bureau: SmallBureau, desk: At, chart: int
) -> None:
    clerk, address, written = desk("clerk"), f"/flows/{chart}/draft", entries(bureau)
    first = clerk.get(address)
    names = step_names(first)
    assert "field-undo" not in first.ids
    inserted = clerk.post(address, form_of(clerk, chart) | {"arrange": ["insert-step-2"]})
    typed = changed(filled(inserted.body, address), **{"steps-3-name": "新的一环"})
    removed = clerk.post(address, {**typed, "arrange": ["remove-step-0"]})
    assert "可撤销2步" in removed.text

    back = clerk.post(address, {**changed(filled(removed.body, address)), "undo": ["1"]})
    assert step_names(back)[:5] == [*names[:3], "新的一环", names[3]]
    assert [given["id"] for _, given in back.tags if "autofocus" in given] == ["field-undo"]
    start = clerk.post(address, {**changed(filled(back.body, address)), "undo": ["1"]})
    assert step_names(start) == names
    assert "field-undo" not in start.ids
    again = clerk.post(address, {**changed(filled(start.body, address)), "redo": ["1"]})
    assert "新的一环" in step_names(again)

    # A save of one's own leaves what can be taken back; nothing of all this is an act for the journal but the save.
    assert clerk.post(address, changed(filled(again.body, address))).status == 303
    assert entries(bureau) == written + 1
    assert "可撤销1步" in clerk.get(address).text


def test_nothing_is_taken_back_where_somebody_else_saved_since(desk: At, chart: int) -> None:
    clerk, address = desk("clerk"), f"/flows/{chart}/draft"
    clerk.post(address, form_of(clerk, chart) | {"arrange": ["remove-step-3"]})
    chief = desk("chief")
    assert chief.post(address, form_of(chief, chart) | {"name": ["科长改过"]}).status == 303
    refused = clerk.post(address, form_of(clerk, chart) | {"undo": ["1"], "steps-1-name": ["还在"]})
    assert (refused.status, "没有可以撤销的操作" in refused.text) == (422, True)
    assert "还在" in step_names(refused)
    assert "field-undo" not in chief.get(address).ids
    stranger = desk("clerk2").post(address, {"undo": "1", "seen_version": "1"})
    assert stranger.status == 404


def test_a_foreign_act_is_refused_and_nothing_typed_is_lost(desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart) | {"steps-0-name": ["还在"], "arrange": ["drop-tables-1"]}
    shown = clerk.post(f"/flows/{chart}/draft", form)
    assert shown.status == 422
    assert "没有这种操作" in shown.text
    assert 'value="还在"' in shown.body


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("steps-1-name", "甲" * 10_000, "第2个环节的名称过长"),
        ("steps-1-conditions", "a\x07b", "控制字符"),
        ("steps-1-rights", "a\ufffeb", "控制字符"),
        ("steps-1-control_point", "行\n" * 500 + "甲" * 10, "第2个环节的监督制约环节过长"),
        ("steps-1-limit-n", "五", "第2个环节的时限应为0到9999之间的整数"),
        ("steps-1-kind", "loop", "第2个环节的类型只能是"),
        ("transitions-0-to", "", "请填写第1条走向的去向"),
        ("name", "", "请填写图名"),
    ],
)
def test_what_is_refused_is_told_at_its_input_and_stays_as_typed(
    name: str, text: str, sentence: str, bureau: SmallBureau, desk: At, chart: int
) -> None:
    clerk, before = desk("clerk"), body_of(bureau, chart)
    shown = clerk.post(f"/flows/{chart}/draft", form_of(clerk, chart) | {name: [text], "steps-4-post": ["要留住"]})
    assert shown.status == 422
    assert sentence in shown.text
    assert f"#field-{name}" in shown.links
    assert f"field-{name}" in shown.ids
    assert f"field-{name}-error" in shown.ids
    assert 'value="要留住"' in shown.body
    assert body_of(bureau, chart) == before


@pytest.mark.parametrize("text", ["a\0b", "甲" * 3_000_000])
def test_what_no_form_sends_is_refused_before_it_is_read(text: str, desk: At, chart: int) -> None:
    assert desk("clerk").post(f"/flows/{chart}/draft", {"name": text, "seen_version": "1"}).status in {400, 413}


def test_more_rows_than_a_chart_holds_are_refused(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk, before = desk("clerk"), body_of(bureau, chart)
    form = form_of(clerk, chart) | {f"steps-{at}-name": ["某"] for at in range(81)}
    form |= {f"steps-{at}-id": [str(at)] for at in range(81)}
    shown = clerk.post(f"/flows/{chart}/draft", form)
    assert shown.status == 422
    assert "最多80个环节" in shown.text
    assert body_of(bureau, chart) == before


def test_a_secrecy_marking_is_not_saved(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk, before = desk("clerk"), body_of(bureau, chart)
    shown = clerk.post(f"/flows/{chart}/draft", form_of(clerk, chart) | {"steps-1-document": ["秘密★3年"]})
    assert shown.status == 422
    assert "非涉密" in shown.text
    assert body_of(bureau, chart) == before


def test_a_form_without_its_version_is_refused(desk: At, chart: int) -> None:
    clerk = desk("clerk")
    shown = clerk.post(f"/flows/{chart}/draft", form_of(clerk, chart, seen_version=None))
    assert shown.status == 422
    assert "缺少版本号" in shown.text


def test_the_second_of_two_editors_sees_both_charts_and_loses_nothing(
    bureau: SmallBureau, desk: At, chart: int
) -> None:
    clerk, chief = desk("clerk"), desk("chief")
    mine, theirs = form_of(clerk, chart), form_of(chief, chart)
    assert chief.post(f"/flows/{chart}/draft", theirs | {"steps-1-name": ["科长改的"]}).status == 303
    shown = clerk.post(f"/flows/{chart}/draft", mine | {"steps-2-name": ["经办改的<b>"]})
    assert shown.status == 409
    assert "科长改的" in shown.text
    assert "经办改的<b>" in shown.text
    assert "草稿已被他人修改" in shown.h1
    kept = changed(filled(shown.body, f"/flows/{chart}/draft"))
    again = clerk.post(f"/flows/{chart}/draft", kept | {"again": ["1"]})
    assert again.status == 200
    assert "经办改的&lt;b&gt;" in again.body
    assert clerk.post(f"/flows/{chart}/draft", kept).status == 303
    names = [step["name"] for step in body_of(bureau, chart)["steps"]]
    assert names[2] == "经办改的<b>"
    assert "科长改的" not in names


def test_what_is_typed_is_kept_for_its_writer_only_and_can_be_restored(
    bureau: SmallBureau, desk: At, chart: int
) -> None:
    clerk, written, before = desk("clerk"), entries(bureau), body_of(bureau, chart)
    form = form_of(clerk, chart) | {"steps-1-name": ["暂存的字"]}
    kept = clerk.post(f"/flows/{chart}/draft/autosave", form, fragment=True)
    assert kept.status == 200
    assert "autosaved" in kept.headers["HX-Trigger"]
    assert entries(bureau) == written
    assert body_of(bureau, chart) == before
    assert "上次有没保存的内容" in clerk.get(f"/flows/{chart}/draft").text
    assert 'value="暂存的字"' in clerk.get(f"/flows/{chart}/draft?restore=1").body
    assert "暂存的字" not in desk("chief").get(f"/flows/{chart}/draft?restore=1").body
    assert clerk.post(f"/flows/{chart}/draft/discards", {}).status == 303
    assert "暂存的字" not in clerk.get(f"/flows/{chart}/draft?restore=1").body


def test_typing_back_what_stood_there_keeps_nothing(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart)
    clerk.post(f"/flows/{chart}/draft/autosave", form | {"name": ["别的"]}, fragment=True)
    clerk.post(f"/flows/{chart}/draft/autosave", form, fragment=True)
    with bureau.database.reading() as session:
        assert session.query(Autosave).count() == 0


def test_the_preview_draws_what_is_typed_and_saves_nothing(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk, before, written = desk("clerk"), body_of(bureau, chart), entries(bureau)
    form = form_of(clerk, chart) | {"steps-1-name": ["刚打的字"], "transitions-0-to": ["999"]}
    shown = clerk.post(f"/flows/{chart}/draft/preview", form, fragment=True)
    assert shown.status == 200
    assert shown.is_fragment
    assert "刚打的字" in shown.body
    assert "没有这个环节" in shown.text
    assert "<svg" in shown.body
    assert body_of(bureau, chart) == before
    assert entries(bureau) == written


def test_a_half_typed_chart_is_drawn_as_far_as_it_goes(desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart) | {"steps-1-limit-n": ["五"], "transitions-0-to": [""]}
    shown = clerk.post(f"/flows/{chart}/draft/preview", form, fragment=True)
    assert "<svg" in shown.body
    assert "#field-steps-1-limit-n" in shown.links
    broken = clerk.post(f"/flows/{chart}/draft/preview", form | {"steps-1-name": ["甲" * 9000]}, fragment=True)
    assert broken.status == 200
    assert "<svg" not in broken.body
    assert "改正后再画图" in broken.text


def test_a_chart_under_review_is_not_edited(bureau: SmallBureau, desk: At, chart: int) -> None:
    clerk = desk("clerk")
    form = form_of(clerk, chart)
    walk.submit(bureau, bureau.clerk, chart)
    for address in ("draft", "draft/preview", "draft/autosave"):
        assert clerk.post(f"/flows/{chart}/{address}", form).status in {403, 422}
    walk.act(bureau, bureau.clerk, chart, Action.RECALL)
    assert clerk.get(f"/flows/{chart}/draft").status == 200


@only_sqlite
def test_fifty_previews_at_once_leave_the_server_free(desk: At, chart: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """GV-06: at most a few wait for the layout child, the rest are told so at once, and other pages are answered."""
    inside, most, lock, hold = [0], [0], threading.Lock(), threading.Event()
    pool = flow_drawings.layout_pool()

    class SlowPool:
        def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            hold.wait(20)
            try:
                return pool.ask(job, timeout)
            finally:
                with lock:
                    inside[0] -= 1

    desks = [desk("clerk") for _ in range(5)]
    form = form_of(desks[0], chart)
    gate = drawings.LayoutGate()
    monkeypatch.setattr(drawings, "layout_pool", SlowPool)
    monkeypatch.setattr(drawings, "layout_gate", lambda: gate)
    answers: list[tuple[int, str]] = []

    def draws(one: Desk) -> None:
        for _ in range(10):
            shown = one.post(f"/flows/{chart}/draft/preview", form, fragment=True)
            with lock:
                answers.append((shown.status, shown.text))

    plain = desk("chief")
    threads = [threading.Thread(target=draws, args=(one,)) for one in desks]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + 15
    while len(answers) < 10 and time.monotonic() < limit:
        time.sleep(0.01)
    started = time.monotonic()
    assert plain.get("/flows").status == 200
    waited = time.monotonic() - started
    hold.set()
    for thread in threads:
        thread.join(60)
    assert most[0] <= drawings.AT_ONCE
    assert len(answers) == 50
    assert {status for status, _ in answers} == {200, 503}
    assert all("绘图任务较多" in text for status, text in answers if status == 503)
    assert waited < 5
