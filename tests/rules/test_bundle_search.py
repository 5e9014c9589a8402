"""The rule of the public search, and the index that must find the same."""

import contextlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.bundle import search_cache, search_data
from webapp.bundle.search import (
    HIT_LIMIT,
    Finder,
    KnownWords,
    Nuisance,
    SearchData,
    SearchRecord,
    find_among,
    normalise,
    nuisances_for,
    search,
    terms_of,
)
from webapp.rules import RuleBroken

LETTERS = "处罚施工噪声夜a'\"%_*\U00020000"


def record(code: str, name: str, topics: str = "", basis: str = "", text: str = "") -> SearchRecord:
    return SearchRecord(code, name, "", *(normalise(field) for field in (name, topics, basis, text)))


NIGHT = record("B1", "夜间进行禁止的建筑施工作业的处罚", "半夜施工\nyejianshigong", "噪声法\n吵", "陈述申辩")
PERMIT = record("A2", "夜间连续建筑施工作业证明", "半夜施工", "噪声法\n吵")
NOISE = record("C3", "噪声排放申报核定", "吵", "噪声法", "夜间")
RECORDS = tuple(sorted((NIGHT, PERMIT, NOISE), key=lambda one: one.code))
KNOWN = KnownWords(["半夜施工", "施工", "吵", "噪声", "夜间"])


def codes(query: str) -> list[str]:
    return [hit.code for hit in search(query, KNOWN, find_among(RECORDS)).records]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [("ＪＴＨＢ－ＣＦ", "jthb-cf"), ("Straße", "strasse"), ("㈠", "(一)"), ("ΑΣ", "ας".replace("ς", "σ")), ("ﬁ", "fi")],
)
def test_texts_and_queries_are_compared_in_one_form(given_text: str, expected: str) -> None:
    assert normalise(given_text) == expected
    assert normalise(expected) == expected


def test_blanks_and_sentence_marks_part_a_query_into_terms() -> None:
    assert terms_of(" 半夜　施工，太吵!怎么办?半夜 ") == ("半夜", "施工", "太吵", "怎么办")
    assert terms_of("《大气法》第48条") == ("大气法", "第48条")


@pytest.mark.parametrize("query", ["", "   ", "，。！？", "\u3000\t\n"])
def test_a_query_without_terms_hits_nothing(query: str) -> None:
    assert codes(query) == []


def test_only_the_first_64_characters_of_a_query_count() -> None:
    assert terms_of("施" * 64 + "工") == ("施" * 64,)


def test_hits_are_ordered_by_where_the_weakest_term_stands_then_by_code() -> None:
    assert codes("夜间") == ["A2", "B1", "C3"]
    assert codes("噪声") == ["C3", "A2", "B1"]
    assert codes("夜间 噪声") == ["A2", "B1", "C3"]


def test_a_sentence_is_understood_by_the_words_known_in_it() -> None:
    hits = search("半夜施工太吵", KNOWN, find_among(RECORDS))
    assert hits.words == ("半夜施工", "吵")
    assert [hit.code for hit in hits.records] == ["A2", "B1"]


def test_a_sentence_nothing_satisfies_falls_back_on_its_longest_known_word() -> None:
    hits = search("噪声申报真烦，半夜施工", KnownWords(["噪声", "半夜施工", "真烦"]), find_among((NOISE,)))
    assert hits.words == ("噪声",)
    assert [hit.code for hit in hits.records] == ["C3"]


def test_of_words_at_one_place_the_longest_is_taken_and_none_overlap() -> None:
    assert KnownWords(["施工", "半夜施工", "工吵"]).within("半夜施工吵") == ("半夜施工",)


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", '"', "*", "NEAR(a b)", "name:夜", "-夜", "夜*", "%x" * 200])
def test_signs_of_other_query_languages_are_literal(query: str) -> None:
    assert codes(query) == []


def test_no_more_than_the_limit_is_given_and_said_so() -> None:
    many = [record(f"{number:04}", "噪声") for number in range(HIT_LIMIT + 1)]
    hits = search("噪声", KNOWN, find_among(many))
    assert (len(hits.records), hits.more) == (HIT_LIMIT, True)
    hits = search("噪声", KNOWN, find_among(many[:-1]))
    assert (len(hits.records), hits.more) == (HIT_LIMIT, False)


def test_who_handles_is_hit_by_its_words_within_a_sentence_and_by_terms_within_it() -> None:
    row = Nuisance("广场噪声", ("广场舞",), "市公安局", "no", "", "", (), "", ("广场舞",), "广场噪声\n广场舞\ngcw")
    assert nuisances_for("楼下广场舞吵死了", [row]) == (row,)
    assert nuisances_for("gcw", [row]) == (row,)
    assert nuisances_for("广场 噪声", [row]) == (row,)
    assert nuisances_for("锅炉", [row]) == ()
    assert nuisances_for("", [row]) == ()


def _none() -> Finder:
    pytest.fail("the index is whole")


def test_a_large_index_is_whole(tmp_path: Path) -> None:
    records = [record(f"{n:05}", f"噪声{n}", "吵" * (n % 7), "法" * 40, f"第{n}段" * 30) for n in range(6000)]
    path = tmp_path / "b.search.sqlite"
    bundle: Any = SimpleNamespace(digest="d")
    search_cache.build(bundle, records, path)
    with contextlib.closing(search_cache.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    for terms in (["噪声59"], ["吵", "段"], ["第5999段"], ["法"]):
        assert search_cache.IndexFinder(path, _none)(terms) == find_among(records)(terms)


def test_an_index_damaged_while_it_serves_is_done_without(tmp_path: Path) -> None:
    path = tmp_path / "b.search.sqlite"
    bundle: Any = SimpleNamespace(digest="d")
    search_cache.build(bundle, RECORDS, path)
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * len(raw[4096:])
    path.write_bytes(raw)
    find = search_cache.IndexFinder(path, lambda: find_among(RECORDS))
    assert find(["夜间"]) == find_among(RECORDS)(["夜间"])


TEXTS = st.text(alphabet=LETTERS, max_size=8)


@settings(max_examples=60)
@given(
    fields=st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), max_size=160),
    terms=st.lists(st.text(alphabet=LETTERS, min_size=1, max_size=3), min_size=1, max_size=3, unique=True),
)
def test_the_index_finds_what_the_rule_finds(fields: Any, terms: list[str], tmp_path_factory: Any) -> None:  # noqa: ANN401
    records = [SearchRecord(f"{n:04}", "", "", *field) for n, field in enumerate(fields)]
    path = tmp_path_factory.mktemp("index") / "b.search.sqlite"
    bundle: Any = SimpleNamespace(digest="d" * 64)
    search_cache.build(bundle, records, path)
    assert search_cache.IndexFinder(path, _none)(terms) == find_among(records)(terms)


def test_an_index_of_another_bundle_or_a_damaged_one_is_not_current(tmp_path: Path) -> None:
    path = tmp_path / "b.search.sqlite"
    assert not search_cache.is_current(path, "d")
    bundle: Any = SimpleNamespace(digest="d")
    search_cache.build(bundle, RECORDS, path)
    assert search_cache.is_current(path, "d")
    assert not search_cache.is_current(path, "e")
    path.write_bytes(b"no database" * 100)
    assert not search_cache.is_current(path, "d")
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_search_data_read_back_is_what_was_written() -> None:
    row = Nuisance("t<", ("w",), "b", "no", "", "", (("A2", "n"),), "", ("w",), "t\u2028")
    data = SearchData(RECORDS, (row,), ("吵", "</script>"))
    raw = search_data.write(data)
    assert search_data.read(raw) == data
    assert b"<" not in raw
    assert "\u2028" not in raw.decode()


@pytest.mark.parametrize("raw", [b"", b"window.ZHIQUAN_SEARCH = {};\n", b"\xff", b"[1]"])
def test_other_search_data_is_refused(raw: bytes) -> None:
    with pytest.raises(RuleBroken, match="检索数据"):
        search_data.read(raw)
