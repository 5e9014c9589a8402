"""The plan's tree of categories and the details each of them asks for."""

import json
from pathlib import Path

import pytest

from webapp.powers import completeness
from webapp.powers.categories import (
    CATEGORIES,
    GROUPS,
    category,
    category_by_slug,
    category_label,
    category_of_code,
    code_prefix,
    in_tree,
)
from webapp.powers.fields import check_entry, empty_entry
from webapp.powers.tables import body_of, row_of

POWERS = [
    record
    for line in Path("webapp/sample/data/catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    if (record := json.loads(line))["record"] == "power"
]


def test_the_tree_is_the_plans() -> None:
    assert [name for _, name in GROUPS] == [
        "行政执法",
        "行政事业性收费",
        "重大事项决策",
        "组织人事",
        "财物处置",
        "其他",
    ]
    kinds = [each.name for each in in_tree()[0][2]]
    plan = ["处罚", "许可", "强制", "征收", "确认", "裁决", "给付"]
    assert set(kinds) == {*(f"行政{word}" for word in plan), "非行政许可审批", "其他行政执法"}


def test_every_power_of_the_sample_belongs_to_the_category_of_its_code() -> None:
    for power in POWERS:
        found = category_of_code(power["code"])
        assert found is not None
        assert found.key == power["category"]
        nature = power["details"].get("nature", "")
        assert power["code"].split("-")[1] == code_prefix(power["category"], nature)


def test_every_detail_of_the_sample_is_known_and_in_the_categorys_order() -> None:
    for power in POWERS:
        found = category(power["category"])
        assert found is not None
        names = [field.name for field in found.details]
        assert [name for name in names if name in power["details"]] == list(power["details"]), power["code"]


@pytest.mark.parametrize("each", CATEGORIES, ids=lambda each: each.key)
def test_keys_slugs_headings_and_prefixes_are_unambiguous(each: object) -> None:
    assert len({c.slug for c in CATEGORIES}) == len({c.name for c in CATEGORIES}) == len(CATEGORIES)
    assert len({p for c in CATEGORIES for p in c.prefixes}) == sum(len(c.prefixes) for c in CATEGORIES)
    headings = [field.heading for field in each.details]  # type: ignore[attr-defined] # a Category
    assert len(set(headings)) == len(headings)


def test_categories_are_found_by_key_and_slug() -> None:
    for each in CATEGORIES:
        assert category(each.key) is category_by_slug(each.slug) is each
    assert category("x") is category_by_slug("x") is category_of_code("JTHB-ZZ-001") is None
    assert (category_label("penalty"), category_label("x")) == ("行政处罚", "x")
    assert code_prefix("fee", "事业性收费") == "SFS"
    assert code_prefix("fee", "行政性收费") == "SFX"


def test_what_a_category_needs_is_missed_at_submission_only() -> None:
    body = {**empty_entry("penalty"), "name": "试验处罚"}
    assert check_entry(body) == []
    told = {problem.field for problem in completeness.missing(body)}
    assert {"details-violation", "details-penalty_kinds", "details-range", "details-procedure", "basis"} <= told
    assert {"statutory_limit-n", "details-materials"} <= {
        problem.field for problem in completeness.missing({**empty_entry("licence"), "name": "试验许可"})
    }


def test_a_row_may_lack_its_optional_parts_and_nothing_else() -> None:
    row = {"name": "申请书", "form": "原件", "copies": 1, "source": "申请人", "required": True, "note": ""}
    body = empty_entry("licence")
    for materials, faults in (
        ([row], 0),
        ([{**row, "medium": "电子"}], 0),
        ([{**row, "medium": "石头"}], 1),
        ([{**row, "colour": "红"}], 1),
        ([{key: value for key, value in row.items() if key != "note"}], 1),
    ):
        assert len(check_entry({**body, "details": {"materials": materials}})) == faults, materials
    written = {**body, "details": {"materials": [{**row, "medium": "电子"}, row]}}
    assert body_of(row_of("", written)) == ("", written)
