"""Sizes of texts: wrapping changes no character, lines are even, boxes hold their lines."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.flows.outline import read_outline
from webapp.flows.sizes import (
    FACT_SIZE,
    LABEL_SIZE,
    NAME_SIZE,
    ems,
    job_of,
    label_box,
    limit_text,
    step_box,
    wrap,
)


@given(st.text(max_size=260), st.integers(1, 30))
def test_lines_joined_are_the_text(text: str, most: int) -> None:
    assert "".join(wrap(text, most)) == text


@given(st.text(alphabet="审查材料、,。《》（）是否abcABC 10条", max_size=45))
def test_no_line_is_wider_than_asked_but_for_a_stop_that_hangs_over(text: str) -> None:
    for line in wrap(text, 12):
        assert ems(line.rstrip("、,。》） ")) <= 12 + 1


def test_wide_latin_combining_and_astral_characters_have_their_widths() -> None:
    assert ems("审查") == 2
    assert 1.0 < ems("ab") < 1.4
    assert ems("e\u0301") == ems("e")
    assert ems("\U00020000") == 1
    assert ems("\u202e\u200b") == 0


def test_long_names_are_parted_evenly() -> None:
    assert wrap("证据是否可能灭失或者以后难以取得", 12) == ("证据是否可能灭失", "或者以后难以取得")


def test_a_line_rather_ends_with_a_phrase_and_never_begins_with_a_stop() -> None:
    assert wrap("事实、证据、程序、裁量审核", 12) == ("事实、证据、", "程序、裁量审核")
    for text in ("当事人对处罚决定不服的，可以申请复议。", "（一）（二）（三）（四）（五）（六）（七）（八）（九）"):
        assert not [line for line in wrap(text, 9)[1:] if line[0] in "，。、）"]


def test_latin_words_stay_whole_unless_they_are_longer_than_a_line() -> None:
    assert "PM2.5" in " ".join(wrap("监测数据包括PM2.5和PM10等六项主要指标的浓度", 12))
    assert len(wrap("a" * 200, 12)) > 5


def test_marks_stay_with_their_letters() -> None:
    lines = wrap("e\u0301" * 40, 8)

    assert not [line for line in lines if line.startswith("\u0301")]


def test_a_box_holds_its_lines() -> None:
    step = read_outline("10 判断 证据是否可能灭失或者以后难以取得 案件承办岗 20个工作日")["steps"][0]

    box = step_box(step, counted=True)

    assert box.width >= box.gutter + max(ems(line) for line in box.name) * NAME_SIZE + box.right
    assert box.height >= len(box.name) * NAME_SIZE + 2 * FACT_SIZE
    assert label_box("").width == 0
    assert label_box("不予受理").width > 4 * LABEL_SIZE


def test_a_limit_says_its_unit_and_whether_it_counts() -> None:
    def said(limit: str, *, counted: bool) -> str:
        return limit_text(read_outline(f"10 环节 审查 岗 {limit}")["steps"][0], counted=counted)

    assert said("5个工作日*", counted=True) == "(5个工作日)"
    assert said("5个工作日", counted=True) == "(5个工作日，另计)"
    assert said("20日", counted=False) == "(20日)"
    assert said("0日", counted=True) == "(当场)"
    assert said("-", counted=True) == ""


def test_the_job_for_the_layout_holds_numbers_only() -> None:
    body = read_outline("10 开始 申请\n20 判断 审查\n30 结束 准予\n40 结束 不予\n10 > 20\n20 > 40 不合格\n20 > 30 合格")

    job = job_of(body)

    assert [len(node) for node in job["nodes"]] == [2] * 4
    assert [way[:2] for way in job["ways"]] == [[0, 1], [1, 3], [1, 2]]
    assert all(isinstance(number, int | float) for row in job["nodes"] + job["ways"] for number in row)


def test_the_spine_follows_the_longest_chain_of_steps() -> None:
    body = read_outline(
        "10 开始 申请\n20 判断 审查\n30 结束 不予\n40 环节 决定\n50 结束 准予\n"
        "10 > 20\n20 > 30 不合格\n20 > 40 合格\n40 > 50\n40 > 20 重审"
    )

    assert [way[:2] for way in job_of(body)["ways"] if way[4]] == [[0, 1], [1, 3], [3, 4]]
