"""Drafts of entries and shared clauses: what is posted is what changes, on both databases."""

import json

import pytest
from sqlalchemy import func, select

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.sample_laws import SAMPLE
from webapp.journal.models import JournalEntry
from webapp.laws.operations import load_library
from webapp.powers import operations
from webapp.powers.entry_forms import read_entry
from webapp.powers.models import SharedClause
from webapp.revisions.models import Autosave, Draft, Record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale


def draft_of(bureau: SmallBureau, record: int) -> tuple[dict[str, object], Draft]:
    with bureau.database.reading() as session:
        draft = session.get_one(Draft, record)
        return json.loads(draft.body), draft


def save(
    bureau: SmallBureau, record: int, form: dict[str, list[str]], *, seen: int | None = 1, who: str = "clerk"
) -> int:
    with bureau.database.writing() as session:
        return operations.save_entry(session, getattr(bureau, who), record, form, seen_version=seen).version


def change_clause(
    bureau: SmallBureau, text: str, *, seen: int | None = 0, who: str = "clerk"
) -> operations.ClauseChange:
    with bureau.database.writing() as session:
        return operations.change_shared_clause(
            session,
            getattr(bureau, who),
            section=bureau.sections["污染控制科"],
            category="licence",
            field_name="discipline",
            content=text,
            seen_version=seen,
        )


def journal_count(bureau: SmallBureau) -> int:
    with bureau.database.reading() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def new_power(bureau: SmallBureau, name: str = "新的许可") -> int:
    with bureau.database.writing() as session:
        return operations.create_power(session, bureau.clerk, name=name, category="licence", section="污染控制科").id


def test_a_new_power_begins_with_what_is_known(bureau: SmallBureau) -> None:
    change_clause(bureau, "不得收受礼品。")
    body, draft = draft_of(bureau, new_power(bureau))
    assert body["implementing_body"] == "金坛市环境保护局"
    assert (body["section"], body["category"], body["disclosure"]) == ("污染控制科", "licence", "pending")
    assert body["discipline"] == "不得收受礼品。"
    assert list(json.loads(draft.clauses)) == ["discipline"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " ", "category": "licence", "section": "污染控制科"}, "name"),
        ({"name": "许可", "category": "nothing", "section": "污染控制科"}, "category"),
        ({"name": "许可", "category": "licence", "section": "没有的科"}, "section"),
    ],
)
def test_a_new_power_needs_a_name_a_category_and_a_section(
    bureau: SmallBureau, given: dict[str, str], field: str
) -> None:
    with pytest.raises(RuleBroken) as refused, bureau.database.writing() as session:
        operations.create_power(session, bureau.clerk, **given)
    assert refused.value.field == field


def test_nobody_makes_a_power_for_another_section(bureau: SmallBureau) -> None:
    with pytest.raises(NotAllowed), bureau.database.writing() as session:
        operations.create_power(session, bureau.clerk, name="许可", category="licence", section="财务科")


def test_only_what_is_posted_changes(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    before, _ = draft_of(bureau, record)
    assert save(bureau, record, {"service_commitment": ["三日内答复。"]}) == 2
    after, _ = draft_of(bureau, record)
    assert after == {**before, "service_commitment": "三日内答复。"}
    assert list(after) == list(before)


def test_the_same_content_again_changes_nothing(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    before, count = draft_of(bureau, record)[0], journal_count(bureau)
    assert save(bureau, record, {"name": [str(before["name"])]}) == 1
    assert journal_count(bureau) == count


def test_no_column_is_set_through_a_form(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    before, _ = draft_of(bureau, record)
    names = (
        "status",
        "stage",
        "code",
        "owner_id",
        "version",
        "id",
        "record_id",
        "section_id",
        "published_at",
        "is_admin",
    )
    assert save(bureau, record, {name: ["9"] for name in (*names, "entered_by", "withheld_by", "digest")}) == 1
    with bureau.database.reading() as session:
        row = session.get_one(Record, record)
        assert (row.stage, row.code, row.section_id) == ("draft", None, bureau.sections["污染控制科"])
    assert draft_of(bureau, record)[0] == before


def test_withholding_is_not_decided_in_a_draft(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    with pytest.raises(RuleBroken) as refused:
        save(bureau, record, {"disclosure": ["withheld"]})
    assert refused.value.field == "disclosure"


def test_a_citation_typed_in_a_hurry_is_recognised(bureau: SmallBureau) -> None:
    with bureau.database.writing() as session:
        load_library(session, json.loads((SAMPLE / "laws.json").read_text(encoding="utf-8")), by=None)
    record = walk.create(bureau, bureau.clerk, "power", power_body(basis=[], reference_date="2008-07-01"))
    save(bureau, record, {"basis-0-law": ["大气法 48"], "basis-0-role": ["sanction"]})
    basis = draft_of(bureau, record)[0]["basis"]
    assert basis == [
        {"kind": "law", "law": "大气污染防治法", "edition": "2000年修订", "article": "第48条", "role": "sanction"},
    ]


def test_a_limit_that_is_no_number_is_told_at_its_field(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    with pytest.raises(RuleBroken) as refused:
        save(bureau, record, {"promised_limit-n": ["三十"], "promised_limit-unit": ["day"]})
    assert refused.value.field == "promised_limit-n"


def test_rows_are_replaced_and_an_emptied_list_is_empty() -> None:
    body = power_body()
    form = {"duties-0-post": ["承办岗"], "duties-0-duty": ["受理"], "duties-3-post": [""], "duties-3-duty": [""]}
    assert read_entry(form, body)["duties"] == [{"post": "承办岗", "duty": "受理"}]
    assert read_entry({"duties": [""]}, body)["duties"] == []
    assert read_entry({}, body)["duties"] == body["duties"]
    assert read_entry({"key_areas": [""]}, {**body, "key_areas": ["money"]})["key_areas"] == []


def test_who_saves_second_is_told_and_nothing_is_overwritten(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    save(bureau, record, {"rules": ["甲"]})
    with pytest.raises(Stale) as stale:
        save(bureau, record, {"rules": ["乙"]}, who="chief")
    assert json.loads(stale.value.current or "")["rules"] == "甲"
    assert draft_of(bureau, record)[0]["rules"] == "甲"


def test_a_form_without_its_version_is_refused(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    with pytest.raises(RuleBroken) as refused:
        save(bureau, record, {"rules": ["甲"]}, seen=None)
    assert refused.value.field == "seen_version"


@pytest.mark.parametrize("who", ["clerk2", "office", "chief7", "publisher"])
def test_a_draft_of_another_section_does_not_exist(bureau: SmallBureau, who: str) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body(joint_sections=[], support_sections=[]))
    with pytest.raises(NotFound):
        save(bureau, record, {"rules": ["甲"]}, who=who)


def test_what_is_typed_into_a_panel_is_kept_without_journal_and_only_that_panel(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    count = journal_count(bureau)
    with bureau.database.writing() as session:
        operations.autosave_entry(
            session,
            bureau.clerk,
            record,
            panel="duties",
            seen_version=1,
            content=[("rules", "改"), ("name", "别的"), ("stage", "approved"), ("seen_version", "1")],
        )
    with bureau.database.reading() as session:
        kept = session.scalars(select(Autosave)).one()
        assert json.loads(kept.content) == [["rules", "改"]]
    assert journal_count(bureau) == count
    assert draft_of(bureau, record)[1].version == 1


def test_typing_it_back_leaves_no_buffer(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    rules = str(draft_of(bureau, record)[0]["rules"])
    for text in ("改", rules):
        with bureau.database.writing() as session:
            operations.autosave_entry(
                session, bureau.clerk, record, panel="duties", seen_version=1, content=[("rules", text)]
            )
    with bureau.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Autosave)) == 0


def test_typing_that_arrives_after_its_own_save_is_nothing_unsaved(bureau: SmallBureau) -> None:
    with bureau.database.writing() as session:
        load_library(session, json.loads((SAMPLE / "laws.json").read_text(encoding="utf-8")), by=None)
    record = walk.create(bureau, bureau.clerk, "power", power_body(basis=[], reference_date="2008-07-01"))
    typed = {"basis-0-law": "大气法 48", "basis-0-role": "sanction"}
    save(bureau, record, {name: [value] for name, value in typed.items()})
    with bureau.database.writing() as session:
        late = operations.autosave_entry(
            session, bureau.clerk, record, panel="basis", seen_version=1, content=list(typed.items())
        )
    assert late is None


def test_a_changed_clause_reaches_the_drafts_that_show_it_in_one_entry(bureau: SmallBureau) -> None:
    change_clause(bureau, "旧文本。")
    first, second, own = new_power(bureau, "甲许可"), new_power(bureau, "乙许可"), new_power(bureau, "丙许可")
    save(bureau, own, {"clause-discipline": [""], "discipline": ["自己的文本。"]})
    count = journal_count(bureau)
    change = change_clause(bureau, "新文本。", seen=1)
    assert (change.updated, change.left) == (2, 0)
    assert journal_count(bureau) == count + 1
    for record in (first, second):
        body, draft = draft_of(bureau, record)
        assert (body["discipline"], draft.version) == ("新文本。", 2)
    assert draft_of(bureau, own)[0]["discipline"] == "自己的文本。"


def test_a_changed_clause_leaves_what_is_under_review_alone(bureau: SmallBureau) -> None:
    change_clause(bureau, "旧文本。")
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    save(bureau, record, {"clause-discipline": ["1"]})
    walk.submit(bureau, bureau.clerk, record)
    change = change_clause(bureau, "新文本。", seen=1)
    assert (change.updated, change.left) == (0, 1)
    assert draft_of(bureau, record)[0]["discipline"] == "旧文本。"


def test_text_typed_over_a_clause_is_the_entrys_own(bureau: SmallBureau) -> None:
    change_clause(bureau, "共用。")
    record = new_power(bureau)
    save(bureau, record, {"clause-discipline": ["", "1"], "discipline": ["另写的。"]})
    body, draft = draft_of(bureau, record)
    assert (body["discipline"], json.loads(draft.clauses)) == ("另写的。", {})


def test_a_box_ticked_puts_the_clause_in(bureau: SmallBureau) -> None:
    record = walk.create(bureau, bureau.clerk, "power", power_body())
    change_clause(bureau, "共用。")
    save(bureau, record, {"clause-discipline": ["", "1"], "discipline": ["原来的。"]})
    body, draft = draft_of(bureau, record)
    assert body["discipline"] == "共用。"
    assert list(json.loads(draft.clauses)) == ["discipline"]


def test_a_clause_is_the_sections_own_and_has_a_version(bureau: SmallBureau) -> None:
    with pytest.raises(NotAllowed):
        change_clause(bureau, "别科的。", who="clerk2")
    change_clause(bureau, "一。")
    with pytest.raises(Stale) as stale:
        change_clause(bureau, "二。")
    assert stale.value.current == "一。"
    with pytest.raises(RuleBroken) as refused:
        change_clause(bureau, "三。", seen=None)
    assert refused.value.field == "seen_version"
    with pytest.raises(RuleBroken):
        change_clause(bureau, "含\u202e字符", seen=1)
    with bureau.database.reading() as session:
        assert session.scalars(select(SharedClause.content)).all() == ["一。"]
