"""Editing a power: nothing typed is ever lost, nothing is set that the form does not hold."""

import json
import re
from collections.abc import Callable

import pytest

from harness import walk
from harness.bureau import SmallBureau, power_body, sample_lines
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from harness.filled_forms import changed, filled
from webapp.reviews.intake import import_records
from webapp.revisions.models import Draft

At = Callable[[str], Desk]


@pytest.fixture
def power(bureau: SmallBureau) -> int:
    """A power of 污染控制科, a draft of its clerk."""
    return walk.create(bureau, bureau.clerk, "power", power_body())


def body_of(bureau: SmallBureau, record: int) -> dict[str, object]:
    with bureau.database.reading() as session:
        return json.loads(session.get_one(Draft, record).body)


def version_of(bureau: SmallBureau, record: int) -> int:
    with bureau.database.reading() as session:
        return session.get_one(Draft, record).version


def opened(person: Desk, record: int, query: str = "") -> list[tuple[str, str]]:
    """Open the form; return what it would send untouched."""
    shown = person.get(f"/powers/{record}/draft{query}")
    assert shown.status == 200, shown.text
    return filled(shown.body, f"/powers/{record}/draft")


@only_sqlite  # 149 forms; nothing in it asks which database it is
def test_a_form_sent_untouched_changes_nothing_for_any_sample_power(bureau: SmallBureau, desk: At) -> None:
    lines = [
        {**line, "section": "污染控制科", "joint_sections": [], "support_sections": []}
        for place, line in enumerate(line for line in sample_lines() if line["record"] == "power")
        if place % 4 == 0
    ]
    with bureau.database.writing() as session:
        assert import_records(session, bureau.clerk, enumerate(lines, 1)).taken == len(lines)
    clerk = desk("clerk")
    records = [
        link.removeprefix("/powers/") for link in clerk.get("/powers").links if re.fullmatch(r"/powers/\d+", link)
    ]
    assert len(records) == len(lines)
    for record in records:
        pairs = opened(clerk, int(record))
        assert clerk.post(f"/powers/{record}/draft", changed(pairs)).status == 303
        assert version_of(bureau, int(record)) == 1, record


def test_a_draft_is_saved_without_scripts(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(opened(clerk, power), service_commitment="十日内办结。\r\n逾期致歉。", key_areas=["", "money"])
    shown = clerk.post(f"/powers/{power}/draft", form)
    assert (shown.status, shown.location) == (303, f"/powers/{power}/draft")
    body = body_of(bureau, power)
    assert body["service_commitment"] == "十日内办结。\n逾期致歉。"
    assert body["key_areas"] == ["money"]
    assert "草稿已保存" in clerk.get(f"/powers/{power}/draft").text


def test_a_row_is_added_and_taken_out_without_losing_what_was_typed(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    pairs = opened(clerk, power)
    shown = clerk.post(f"/powers/{power}/draft", changed(pairs, rules="还没保存的规则", add_row="basis"))
    assert shown.status == 200
    again = filled(shown.body, f"/powers/{power}/draft")
    count = len(power_body()["basis"])
    assert (f"basis-{count}-law", "") in again
    assert ("rules", "还没保存的规则") in again
    assert version_of(bureau, power) == 1
    form = changed(again, remove_row="basis-0")
    form[f"basis-{count}-law"] = ["新写的规定"]
    less = filled(clerk.post(f"/powers/{power}/draft", form).body, f"/powers/{power}/draft")
    assert (f"basis-{count - 1}-law", "新写的规定") in less
    assert ("basis-0-article", power_body()["basis"][1]["article"]) in less
    up = filled(
        clerk.post(f"/powers/{power}/draft", changed(less, move_up=f"basis-{count - 1}")).body, f"/powers/{power}/draft"
    )
    assert (f"basis-{count - 2}-law", "新写的规定") in up


@pytest.mark.parametrize("button", ["add_row", "remove_row", "move_up"])
@pytest.mark.parametrize(
    "name", ["nothing", "name", "details", "details-nothing-0", "basis-x", "basis--1", "basis-9999", ""]
)
def test_a_button_for_no_row_changes_nothing(desk: At, power: int, button: str, name: str) -> None:
    clerk = desk("clerk")
    before = opened(clerk, power)
    shown = clerk.post(f"/powers/{power}/draft", {**changed(before), button: [name]})
    assert shown.status == 200
    assert filled(shown.body, f"/powers/{power}/draft") == before


def test_what_is_refused_is_told_at_its_field_and_kept(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(
        opened(clerk, power), promised_limit__n="三十", reference_date="七月一日", rules="\u202e倒", name="名" * 121
    )
    shown = clerk.post(f"/powers/{power}/draft", form)
    assert shown.status == 422
    assert version_of(bureau, power) == 1
    for field in ("promised_limit-n", "reference_date", "rules", "name"):
        assert f"#field-{field}" in shown.links
        assert f"field-{field}" in shown.ids
    again = dict(filled(shown.body, f"/powers/{power}/draft"))
    assert (again["promised_limit-n"], again["reference_date"], again["name"]) == ("三十", "七月一日", "名" * 121)
    assert "倒" in again["rules"]
    mended = changed(
        filled(shown.body, f"/powers/{power}/draft"),
        promised_limit__n="30",
        reference_date="2008-07-01",
        rules="正",
        name="名",
    )
    assert clerk.post(f"/powers/{power}/draft", mended).status == 303


def test_every_sentence_of_a_refused_form_leads_to_an_input(desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(opened(clerk, power), responsibility_items="好\r\n" + "长" * 600, basis__0__law="法" * 300)
    shown = clerk.post(f"/powers/{power}/draft", form)
    assert shown.status == 422
    targets = [link.removeprefix("#") for link in shown.links if link.startswith("#field-")]
    assert len(targets) == 2
    assert set(targets) <= set(shown.ids)


def test_secrecy_markings_are_not_saved_and_not_lost(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(opened(clerk, power), rules="秘密★3年")
    shown = clerk.post(f"/powers/{power}/draft", form)
    assert shown.status == 422
    assert "非涉密系统" in shown.text
    assert body_of(bureau, power)["rules"] == power_body()["rules"]
    assert clerk.post(f"/powers/{power}/draft/autosave", {**form, "panel": "duties"}, fragment=True).status == 422


def test_two_who_save_choose_field_by_field_and_lose_nothing(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk, chief = desk("clerk"), desk("chief")
    mine, theirs = opened(clerk, power), opened(chief, power)
    chief.post(f"/powers/{power}/draft", changed(theirs, rules="科长的规则", discipline="科长的纪律"))
    form = changed(mine, rules="我的规则", service_commitment="我的承诺", basis__0__article="第九条")
    shown = clerk.post(f"/powers/{power}/draft", form)
    assert shown.status == 409
    for text in ("我的规则", "科长的规则", "我的承诺", "科长的纪律"):
        assert text in shown.text
    assert body_of(bureau, power)["rules"] == "科长的规则"
    choice = filled(shown.body, f"/powers/{power}/draft")
    assert ("take-discipline", "theirs") in choice, "what only the other one changed begins with his text"
    assert ("take-rules", "mine") in choice
    assert clerk.post(f"/powers/{power}/draft", changed(choice)).status == 303
    body = body_of(bureau, power)
    assert (body["rules"], body["service_commitment"], body["discipline"]) == ("我的规则", "我的承诺", "科长的纪律")
    assert body["basis"][0]["article"] == "第9条"


def test_after_a_conflict_the_others_text_can_be_taken(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk, chief = desk("clerk"), desk("chief")
    mine, theirs = opened(clerk, power), opened(chief, power)
    chief.post(f"/powers/{power}/draft", changed(theirs, rules="科长的规则"))
    shown = clerk.post(f"/powers/{power}/draft", changed(mine, rules="我的规则", accountability="我的追究"))
    choice = changed(filled(shown.body, f"/powers/{power}/draft"), take__rules="theirs")
    clerk.post(f"/powers/{power}/draft", choice)
    assert (body_of(bureau, power)["rules"], body_of(bureau, power)["accountability"]) == ("科长的规则", "我的追究")


def test_a_conflict_shows_text_as_text(desk: At, power: int) -> None:
    clerk, chief = desk("clerk"), desk("chief")
    poison = '</textarea><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    mine, theirs = opened(clerk, power), opened(chief, power)
    chief.post(f"/powers/{power}/draft", changed(theirs, rules=poison))
    shown = clerk.post(f"/powers/{power}/draft", changed(mine, rules=poison + "二", follow_up=poison))
    assert shown.status == 409
    assert not re.search(r"<script>alert|<img src=x", shown.body)
    assert filled(shown.body, f"/powers/{power}/draft").count(("rules", poison + "二")) == 1


def test_what_was_typed_and_not_saved_is_offered_on_reopening(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(opened(clerk, power), rules="暂存的规则")
    kept = clerk.post(f"/powers/{power}/draft/autosave", {**form, "panel": "duties"}, fragment=True)
    assert kept.status == 200
    assert "autosaved" in kept.headers["HX-Trigger"]
    shown = clerk.get(f"/powers/{power}/draft")
    assert "上次有没保存的内容" in shown.text
    assert "暂存的规则" not in shown.body
    assert "上次有没保存的内容" not in desk("chief").get(f"/powers/{power}/draft").text, "his own eyes only"
    restored = opened(clerk, power, "?restore=1")
    assert ("rules", "暂存的规则") in restored
    assert clerk.post(f"/powers/{power}/draft", changed(restored)).status == 303
    assert body_of(bureau, power)["rules"] == "暂存的规则"
    assert "上次有没保存的内容" not in clerk.get(f"/powers/{power}/draft").text


def test_a_buffer_over_an_older_draft_ends_in_the_choice(desk: At, power: int) -> None:
    clerk, chief = desk("clerk"), desk("chief")
    form = changed(opened(clerk, power), rules="暂存的规则")
    clerk.post(f"/powers/{power}/draft/autosave", {**form, "panel": "duties"}, fragment=True)
    chief.post(f"/powers/{power}/draft", changed(opened(chief, power), rules="科长的规则"))
    restored = opened(clerk, power, "?restore=1")
    shown = clerk.post(f"/powers/{power}/draft", changed(restored))
    assert shown.status == 409
    assert "科长的规则" in shown.text
    assert "暂存的规则" in shown.text


def test_a_buffer_can_be_given_up(desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(opened(clerk, power), rules="暂存的规则")
    clerk.post(f"/powers/{power}/draft/autosave", {**form, "panel": "duties"}, fragment=True)
    assert clerk.post(f"/powers/{power}/draft/discards").status == 303
    assert "上次有没保存的内容" not in clerk.get(f"/powers/{power}/draft").text


@pytest.mark.parametrize(
    "fields", [{}, {"panel": "nothing", "seen_version": "1"}, {"panel": "duties", "seen_version": "x"}]
)
def test_a_broken_autosave_is_a_sentence(desk: At, power: int, fields: dict[str, str]) -> None:
    assert desk("clerk").post(f"/powers/{power}/draft/autosave", fields, fragment=True).status == 422


def test_while_under_review_the_draft_is_closed(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    pairs = opened(clerk, power)
    walk.submit(bureau, bureau.clerk, power)
    shown = clerk.post(f"/powers/{power}/draft", changed(pairs, rules="来不及的规则"))
    assert shown.status in {403, 422}
    assert "来不及的规则" in shown.body, "nothing typed is lost"
    assert clerk.get(f"/powers/{power}/draft").status == 403


def test_another_category_asks_before_its_fields_are_dropped(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    form = changed(opened(clerk, power), category="penalty")
    shown = clerk.post(f"/powers/{power}/draft", form)
    assert shown.status == 422
    assert "原类别留下的内容" in shown.text
    again = changed(filled(shown.body, f"/powers/{power}/draft"), drop_details="1", details__violation="无证排污")
    assert clerk.post(f"/powers/{power}/draft", again).status == 303
    body = body_of(bureau, power)
    assert (body["category"], body["details"]) == ("penalty", {"violation": "无证排污"})


def test_a_new_power_is_told_of_names_near_to_it(desk: At, power: int) -> None:
    clerk = desk("clerk")
    name = f"{power_body()['name']}(试行)"
    made = clerk.post("/powers", {"name": name, "category": "licence", "section": "污染控制科"})
    assert made.status == 303
    shown = clerk.get(made.location)
    assert "有名称相近的职权" in shown.text
    assert f"/powers/{power}" in shown.links


def test_a_new_power_that_is_refused_keeps_what_was_typed(desk: At) -> None:
    shown = desk("clerk").post("/powers", {"name": "新的<b>许可", "category": "", "section": "污染控制科"})
    assert shown.status == 422
    assert "新的&lt;b&gt;许可" in shown.body
    assert "请选择职权类别" in shown.text


def test_the_form_costs_few_queries(bureau: SmallBureau, desk: At, power: int) -> None:
    clerk = desk("clerk")
    with QueryCount(bureau) as queries:
        shown = clerk.get(f"/powers/{power}/draft")
    assert len(queries) <= 18, queries.statements
    assert len(shown.ids) == len(set(shown.ids))
    labelled = {named["for"] for tag, named in shown.tags if tag == "label" and "for" in named}
    for tag, named in shown.tags:
        if tag in {"input", "select", "textarea"} and named.get("type") != "hidden":
            assert named.get("id") in labelled or "aria-label" in named, named
