"""Scene 6: the office proposes one wording for a field of several entries, sections consent with one key."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount, Shown
from webapp.journal.models import JournalEntry
from webapp.pages.paper_opinions import opinion_answers
from webapp.pages.papers import Choice, making_of
from webapp.pages.wording_new import Asked, new_wording_page
from webapp.pages.worklist import worklist_page
from webapp.pages.worklist_rows import Chosen
from webapp.reviews.models import WordingItem
from webapp.reviews.operations import answer_problem
from webapp.reviews.wordings import ItemSeen, consent_to_wording
from webapp.revisions.models import Draft

At = Callable[[str], Desk]
OLD, NEW = "县环保局网站公示栏", "政府门户网站"
REASON = "全局统一公开形式的写法"


@pytest.fixture
def powers(bureau: SmallBureau) -> list[int]:
    """Three powers of a section under first review, one of another; all say the same of their channel."""
    made = []
    for number in range(3):
        body = power_body(name=f"许可事项{number}", publication_forms=[OLD, "办事手册"])
        made.append(walk.create(bureau, bureau.clerk, "power", body, code=f"JTHB-XK-90{number}"))
        walk.to_office_review(bureau, made[-1])
    theirs = power_body(name="排污收费", section="环境监察大队", publication_forms=[OLD])
    made.append(walk.create(bureau, bureau.clerk2, "power", theirs, code="JTHB-ZS-900"))
    walk.submit(bureau, bureau.clerk2, made[-1])
    walk.approve(bureau, bureau.chief2, made[-1])
    return made


def proposed(office: Desk, bureau: SmallBureau, powers: list[int], **changed: str | list[str]) -> Shown:
    items = [f"{record}:{walk.digest_of(bureau, record)}" for record in powers]
    given = {"field": "publication_forms", "find": OLD, "text": NEW, "reason": REASON, "item": items}
    return office.post("/wordings", {**given, **changed})


def boxes(shown: Shown) -> list[str]:
    """Return what the page sends when its first button is pressed as it stands: every box is ticked."""
    return [given["value"] for _, given in shown.tags if given.get("form") == "consents" and "checked" in given]


def forms_of(bureau: SmallBureau, record: int) -> list[str]:
    with bureau.database.reading() as session:
        found: list[str] = json.loads(session.get_one(Draft, record).body)["publication_forms"]
        return found


def work_of(bureau: SmallBureau, username: str) -> dict[str, int]:
    with bureau.database.reading() as session:
        page = worklist_page(session, Chosen(), viewer=getattr(bureau, username))
    return {group.key: group.total for group in page.groups}


def paper_rows(bureau: SmallBureau, username: str) -> list[tuple[object, ...]]:
    with bureau.database.reading() as session:
        making = making_of(session, Choice("opinion-answers"), viewer=getattr(bureau, username))
        tables = [block for block in opinion_answers(making).blocks if block.kind == "table"]
    return [row.cells for table in tables for row in table.rows]


def test_the_office_proposes_and_the_chief_consents_to_all_with_one_press(
    bureau: SmallBureau, desk: At, powers: list[int]
) -> None:
    office, chief = desk("office"), desk("chief")
    with bureau.database.reading() as session:
        page = new_wording_page(session, Asked("publication_forms", OLD), viewer=bureau.office)
    assert [len(group.rows) for group in page.groups] == [3, 1]
    assert len(page.chosen) == 4
    assert office.get(page.groups[1].address).status == 200

    location = proposed(office, bureau, powers).location
    assert work_of(bureau, "chief")["wordings"] == 1
    assert work_of(bureau, "clerk")["wordings"] == 1
    shown = chief.get(location)
    assert "排污收费" not in desk("clerk").get(location).text
    assert desk("chief7").get(location).status == 404
    form = shown.form(f"{location}/consents")
    ticked = boxes(shown)
    assert len(ticked) == 3
    assert chief.post(form.action, {"item": ticked}).status == 303

    # The chief read the office's words and wrote none: his consent is his signature, and legal review begins anew.
    for record in powers[:3]:
        assert forms_of(bureau, record) == [NEW, "办事手册"]
        assert walk.stage_of(bureau, record) == "office_review"
        history = office.get(f"/powers/{record}").text
        assert "采纳统一表述建议" in history
        assert f"{OLD} 办事手册" in history
        walk.approve(bureau, bureau.legal, record)
    assert "wordings" not in work_of(bureau, "chief")
    assert work_of(bureau, "clerk2")["wordings"] == 1
    assert chief.post(form.action, {"item": ticked}).status == 303  # again: nothing happens
    assert forms_of(bureau, powers[0]) == [NEW, "办事手册"]
    with bureau.database.reading() as session:
        entries = session.scalars(select(JournalEntry.action).where(JournalEntry.action.contains("wording"))).all()
    assert list(entries) == ["propose_wording", *["consent_to_wording"] * 3]
    assert proposed(office, bureau, powers[:3]).status == 422  # they say so already


@only_sqlite
def test_a_clerk_consents_for_one_and_his_chief_reads_it_again(
    bureau: SmallBureau, desk: At, powers: list[int]
) -> None:
    office, clerk = desk("office"), desk("clerk")
    location = proposed(office, bureau, powers).location
    items = boxes(clerk.get(location))
    clerk.post(f"{location}/consents", {"item": items[:1]})
    assert [walk.stage_of(bureau, record) for record in powers[:3]] == ["section_review", *["office_review"] * 2]
    assert work_of(bureau, "chief")["chief"] == 1
    walk.approve(bureau, bureau.chief, powers[0])

    refused = clerk.post(f"{location}/refusals", {"item": items[1].partition(":")[0], "reason": ""})
    assert refused.status == 422
    said = {"item": items[1].partition(":")[0], "reason": "本项只在窗口公示"}
    assert clerk.post(f"{location}/refusals", said).status == 303
    assert clerk.post(f"{location}/refusals", said).status == 409
    assert work_of(bureau, "office")["refused-wordings"] == 1
    assert "本项只在窗口公示" in office.get(location).text
    assert office.post(f"{location}/withdrawals", {}).status == 303
    with bureau.database.reading() as session:
        states = session.scalars(select(WordingItem.state).order_by(WordingItem.id)).all()
    assert list(states) == ["consented", "declined", "withdrawn", "withdrawn"]
    assert forms_of(bureau, powers[1]) == [OLD, "办事手册"]


@only_sqlite
def test_an_answer_needs_what_was_on_screen_and_the_right_person(
    bureau: SmallBureau, desk: At, powers: list[int]
) -> None:
    office, clerk = desk("office"), desk("clerk")
    assert desk("clerk").post("/wordings", {"field": "publication_forms"}).status == 403
    assert proposed(office, bureau, powers, field="name").status == 422
    assert proposed(office, bureau, powers, text="秘密★3年").status == 422
    kept = proposed(office, bureau, powers, reason="")
    assert kept.status == 422
    assert NEW in kept.text
    assert proposed(office, bureau, powers, item=[f"{powers[0]}:{'0' * 64}"]).status == 409
    location = proposed(office, bureau, powers[:1]).location
    number = int(location.rpartition("/")[2])
    assert proposed(office, bureau, powers[:1]).status == 409  # it waits for an answer already
    assert desk("clerk2").get(location).status == 404
    item = int(boxes(clerk.get(location))[0].partition(":")[0])
    with bureau.database.writing() as session:
        outcome = consent_to_wording(session, bureau.clerk2, number, [ItemSeen(item, powers[0], 1)])
    assert (outcome.taken, len(outcome.refused)) == (0, 1)
    with bureau.database.writing() as session:
        outcome = consent_to_wording(session, bureau.clerk, number, [ItemSeen(item, powers[0], 9)])
    assert "草稿已被修改" in outcome.refused[powers[0]]

    # Once the leading group has it, the wording stays as it was read there.
    for by in (bureau.office, bureau.legal, bureau.publisher):
        walk.approve(bureau, by, powers[0])
    with bureau.database.writing() as session:
        outcome = consent_to_wording(session, bureau.clerk, number, [ItemSeen(item, powers[0], 1)])
    assert "不能再改表述" in outcome.refused[powers[0]]
    assert "不能再改，请办公室撤回建议" in clerk.get(location).text


@only_sqlite
def test_table_10_tells_remarks_and_wordings_with_the_field_before_and_after(
    bureau: SmallBureau, desk: At, powers: list[int]
) -> None:
    office, clerk = desk("office"), desk("clerk")
    remarks = {"problem_field": ["conditions", ""], "problem_text": ["条件不全", "请核对全文"]}
    office.takes_step(powers[0], "return", **remarks)
    assert [row[-1] != "" for row in paper_rows(bureau, "clerk")] == [True, True]
    assert {row[5] for row in paper_rows(bureau, "office")} == {"待处理"}
    for number, (reply, note) in enumerate((("adopted", ""), ("not", "法律已有明文")), 1):
        with bureau.database.writing() as session:
            answer_problem(session, bureau.clerk, number, reply=reply, note=note)
    assert paper_rows(bureau, "clerk")[0][8] == "尚未重新送审"
    saved = {"conditions": "符合规划并通过环评", "seen_version": "1"}
    assert clerk.post(f"/powers/{powers[0]}/draft", saved).status == 303
    walk.submit(bureau, bureau.clerk, powers[0])
    location = proposed(office, bureau, powers[1:2]).location
    clerk.post(f"{location}/consents", {"item": boxes(clerk.get(location))})

    first, whole, wording = paper_rows(bureau, "clerk")
    assert (first[1], first[3], first[5]) == ("汇总初审", "行使条件", "采纳")
    assert "许可事项0" in str(first[2])
    assert "条件不全（必须）" in str(first[4])
    assert first[8] == "符合规划并通过环评"
    assert first[7] != first[8]
    assert (whole[5], whole[6]) == ("不采纳", "法律已有明文")
    assert "行使条件" in str(whole[8])
    assert (wording[3], wording[5]) == ("公开形式", "采纳")
    assert (wording[7], wording[8]) == (f"{OLD}\n办事手册", f"{NEW}\n办事手册")
    assert paper_rows(bureau, "clerk2") == []
    with QueryCount(bureau) as queries:
        page = office.get("/papers/opinion-answers")
    assert len(queries) <= 18
    assert page.status == 200
    assert office.client.get("/papers/opinion-answers.xlsx").status_code == 200
