"""What may not be in a bundle is refused by the builder, and what is not published leaves no trace (LEAK)."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from harness.editions import flow_of, power_of, records, sample_content, with_entry
from webapp.powers.categories import CATEGORIES
from webapp.publication.build import build_bundle
from webapp.publication.content import EditionContent, Section
from webapp.rules import RuleBroken

CANARY = "绝不外传-canary-7f3a"
CODE = "JTHB-XK-002"
CONTENT = sample_content(codes=[CODE, "JTHB-CW-002", "JTHB-SFS-001"])


def entry_of(content: EditionContent, code: str = CODE) -> dict[str, Any]:
    return deepcopy(dict(next(power.entry for power in content.powers if power.code == code)))


def refused(content: EditionContent) -> str:
    with pytest.raises(RuleBroken) as caught:
        next(build_bundle(content))
    assert CANARY not in caught.value.message
    return caught.value.message


def _spoilt(path: tuple[str | int, ...]) -> EditionContent:
    entry = entry_of(CONTENT)
    place: Any = entry
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = CANARY
    return with_entry(CONTENT, CODE, **entry)


@pytest.mark.parametrize(
    "path",
    [
        ("disclosure",),
        ("verdict",),
        ("follow_up",),
        ("key_areas",),
        ("source",),
        ("basis", 0, "source"),
        ("statutory_limit", "note"),
        ("promised_limit", "note"),
        ("duties", 0, "person"),
        ("details", "range_checked"),
        ("details", "part_public"),
        ("details", "materials", 0, "remark"),
        ("details", "acceptance", "remark"),
        ("details", "acceptance", "limit", "remark"),
        ("details", "result", "remark"),
    ],
)
def test_a_key_outside_the_allow_list_is_refused_at_every_depth(path: tuple[str | int, ...]) -> None:
    assert str(path[-1]) in refused(_spoilt(path))


def test_an_internal_field_of_a_category_is_refused() -> None:
    content = sample_content(codes=["JTHB-CF-045"])
    entry = entry_of(content, "JTHB-CF-045")
    entry["details"]["range_checked"] = True
    assert "range_checked" in refused(with_entry(content, "JTHB-CF-045", **entry))


def test_a_field_that_is_missing_is_refused() -> None:
    entry = entry_of(CONTENT)
    del entry["rules"]
    powers = (power_of(CODE, entry),)
    assert "rules" in refused(replace(CONTENT, powers=powers))


@pytest.mark.parametrize("key", ["record", "source", "note"])
def test_an_unknown_key_of_a_chart_is_refused(key: str) -> None:
    flow = CONTENT.flows[0]
    assert key in refused(replace(CONTENT, flows=(flow_of({**flow.chart, key: CANARY}), *CONTENT.flows[1:])))


@pytest.mark.parametrize("place", ["step", "limit", "basis", "transition"])
def test_an_unknown_key_inside_a_chart_is_refused(place: str) -> None:
    number = next(n for n, flow in enumerate(CONTENT.flows) if any(step["basis"] for step in flow.chart["steps"]))
    chart: dict[str, Any] = deepcopy(dict(CONTENT.flows[number].chart))
    step = next(step for step in chart["steps"] if step["basis"])
    step["limit"] = {"n": 1, "unit": "day", "start": ""}
    target = {"step": step, "limit": step["limit"], "basis": step["basis"][0], "transition": chart["transitions"][0]}
    target[place]["person"] = CANARY
    flows = (*CONTENT.flows[:number], flow_of(chart), *CONTENT.flows[number + 1 :])
    assert "person" in refused(replace(CONTENT, flows=flows))


def test_risk_points_and_internal_charts_stay_out_of_the_public_edition() -> None:
    flow = CONTENT.flows[0]
    chart: dict[str, Any] = deepcopy(dict(flow.chart))
    chart["steps"][0]["risk_point"] = CANARY
    assert "廉政风险点" in refused(replace(CONTENT, flows=(flow_of(chart), *CONTENT.flows[1:])))
    inner = flow_of({**flow.chart, "audience": "internal"})
    assert "内部流程图" in refused(replace(CONTENT, flows=(inner, *CONTENT.flows[1:])))


def test_an_unknown_key_of_a_contact_is_refused() -> None:
    contacts = {**CONTENT.contacts, "x": {"kind": "consult", "phone": "1", "home": CANARY}}
    assert "home" in refused(replace(CONTENT, contacts=contacts))


def test_what_was_not_approved_as_it_stands_is_refused() -> None:
    power = CONTENT.powers[0]
    changed = replace(power, entry={**power.entry, "name": "改过的名称"})
    assert "校验码不符" in refused(replace(CONTENT, powers=(changed, *CONTENT.powers[1:])))
    flow = replace(CONTENT.flows[0], public_digest="0" * 64)
    assert "校验码不符" in refused(replace(CONTENT, flows=(flow, *CONTENT.flows[1:])))


def test_a_power_whose_chart_or_section_is_not_in_the_edition_is_refused() -> None:
    assert "不在本版内" in refused(with_entry(CONTENT, CODE, flows=["LC-XX-001"]))
    assert "科室名册" in refused(with_entry(CONTENT, CODE, section="不存在的科室"))


@pytest.mark.parametrize("code", ["../x", "a/b", "", ".", "..", "a b", "-x", "x" * 65, "a\x00", "a?b", "a#b", "a%2fb"])
def test_a_code_that_is_no_address_is_refused(code: str) -> None:
    entry = entry_of(CONTENT)
    assert "不能用作网址" in refused(replace(CONTENT, powers=(power_of(code, entry),)))


def test_two_codes_that_one_file_system_takes_for_one_are_refused() -> None:
    powers = (power_of("AB-1", entry_of(CONTENT)), power_of("ab-1", entry_of(CONTENT)))
    assert "重复" in refused(replace(CONTENT, powers=powers))


@pytest.mark.parametrize(
    "svg",
    [
        "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='1'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect ONCLICK='1'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><a href='https://evil.example'><text>x</text></a></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><use href='https://evil.example#x'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><use href='#a'/><use href='//evil#x'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><image src='x'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect style='fill:red'/></svg>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns='http://www.w3.org/2000/svg'>&x;</svg>",
        "<?xml-stylesheet href='x'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        "<svg",
        "",
    ],
)
def test_a_drawing_that_is_more_than_shapes_and_text_is_refused(svg: str) -> None:
    flows = (replace(CONTENT.flows[0], svg=svg), *CONTENT.flows[1:])
    assert "图样" in refused(replace(CONTENT, flows=flows))


def _all_bytes(content: EditionContent) -> bytes:
    return b"\n".join(path.encode() + b"\n" + raw for path, raw in build_bundle(content))


def test_powers_that_are_not_in_the_edition_leave_no_trace() -> None:
    published = _all_bytes(sample_content())
    planned = "".join(kind.about for kind in CATEGORIES)
    for record in records():
        if record["record"] == "power" and record["disclosure"] != "public":
            assert record["code"].encode() not in published, record["code"]
            # 发展党员 is also a word of the plan for the whole category, which the page of the category quotes.
            assert record["name"] in planned or record["name"].encode() not in published, record["name"]
        if record["record"] == "withholding":
            assert record["number"].encode() not in published


def test_everyday_words_for_what_is_not_published_are_left_out() -> None:
    row = {"everyday": "悄悄话", "formal": CANARY, "kind": "topic", "note": CANARY}
    content = replace(CONTENT, synonyms=(*CONTENT.synonyms, row))
    assert _all_bytes(content) == _all_bytes(CONTENT)


def test_who_handles_names_only_powers_of_the_edition_and_only_a_basis_somebody_read() -> None:
    row = {
        "topic": "某事",
        "everyday_words": "某事",
        "competent_body": "某局",
        "this_bureau": "yes",
        "section": "",
        "basis": CANARY,
        "basis_checked": "no",
        "related_codes": f"{CODE};JTHB-CF-045",
        "note": "",
    }
    published = _all_bytes(replace(CONTENT, who_handles=(row,)))
    assert CANARY.encode() not in published
    assert b"JTHB-CF-045" not in published


def test_a_section_without_powers_in_the_edition_has_no_page_and_no_mention() -> None:
    content = replace(CONTENT, sections=(*CONTENT.sections, Section("神秘科", "secret-section")))
    assert _all_bytes(content) == _all_bytes(CONTENT)


def test_a_telephone_that_changes_leaves_every_digest_alone() -> None:
    contacts = deepcopy(dict(CONTENT.contacts))
    contacts["window-construction-projects"] = {**contacts["window-construction-projects"], "phone": "0519-80009999"}
    before, after = (
        json.loads(dict(build_bundle(content))["manifest.json"])
        for content in (CONTENT, replace(CONTENT, contacts=contacts))
    )
    assert before["powers"] == after["powers"]
    assert before["flows"] == after["flows"]
    assert before["files"] != after["files"]
