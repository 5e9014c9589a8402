"""Articles and citations as people write them, read one way."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.sample_laws import sample_library
from webapp.laws.citations import (
    Citation,
    chinese_number,
    law_key,
    normalise_article,
    number_of,
    parse_citation,
    parse_citations,
)

SAMPLE = Path("webapp/sample/data")


def sample_powers() -> Iterator[dict[str, Any]]:
    for line in (SAMPLE / "catalogue.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if record["record"] == "power":
            yield record


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("第四十八条", "第48条"),
        ("第48条第2款第(二)项", "第48条第2款第(二)项"),
        ("第四十八条第二款第\uff08二\uff09项", "第48条第2款第(二)项"),
        ("第\uff14\uff18条", "第48条"),
        ("第 48 条", "第48条"),
        ("四十八条", "第48条"),
        ("48", "第48条"),
        ("72(一)", "第72条第(一)项"),
        ("第72条(二)项", "第72条第(二)项"),
        ("第一百零二条", "第102条"),
        ("第十条之一", "第10条之一"),
        ("附件2第17项", "附件2第17项"),
        ("附件二第十七项", "附件2第17项"),
        ("第五章", "第五章"),
        ("第46条至第48条", "第46条至第48条"),
        ("第四十六条-第四十八条", "第46条至第48条"),
        ("第l98条", "第198条"),
        ("", ""),
        ("见附表说明", "见附表说明"),
    ],
)
def test_an_article_is_written_one_way(written: str, spelled: str) -> None:
    assert normalise_article(written) == spelled
    assert normalise_article(spelled) == spelled


def test_every_article_of_the_sample_stays_as_it_is() -> None:
    articles = {row["article"] for power in sample_powers() for row in power["basis"]}
    assert {article for article in articles if normalise_article(article) != article} == set()


@given(st.integers(min_value=1, max_value=999))
def test_chinese_and_arabic_figures_mean_the_same(value: int) -> None:
    assert number_of(chinese_number(value)) == value == number_of(str(value))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("大气法 48", [Citation("大气法", "第48条")]),
        ("大气法48", [Citation("大气法", "第48条")]),
        ("大气法 48、49", [Citation("大气法", "第48条"), Citation("大气法", "第49条")]),
        ("水法 70、72(二)", [Citation("水法", "第70条"), Citation("水法", "第72条第(二)项")]),
        ("《水污染防治法》第七十条", [Citation("水污染防治法", "第70条")]),
        ("水污染防治法(2008年修订)第70条", [Citation("水污染防治法", "第70条", "2008年修订")]),
        ("行政处罚法\uff081996\uff09", [Citation("行政处罚法", "", "1996")]),
        ("公务员法", [Citation("公务员法", "")]),
        ("253号令 28", [Citation("253号令", "第28条")]),
        (
            "许可证管理办法(试行)第5条",
            [Citation("许可证管理办法(试行)", "第5条")],
        ),
        (
            "条例(国务院令第253号,1998)第28条;第29条",  # the second citation drops the law's name
            [Citation("条例", "第28条", "国务院令第253号,1998"), Citation("条例", "第29条", "国务院令第253号,1998")],
        ),
        (
            "水污染防治法第75条第1款第(一)项、第(二)项",
            [Citation("水污染防治法", "第75条第1款第(一)项"), Citation("水污染防治法", "第75条第1款第(二)项")],
        ),
        ("水法第70条\n大气法第48条", [Citation("水法", "第70条"), Citation("大气法", "第48条")]),
        ("", []),
        (" ; ", []),
    ],
)
def test_citations_are_read_as_people_write_them(written: str, expected: list[Citation]) -> None:
    assert parse_citations(written) == expected


def test_the_old_table_of_the_sample_cites_what_the_catalogue_has() -> None:
    library, powers = sample_library(), {power["code"]: power for power in sample_powers()}
    with (SAMPLE / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        basis = powers[row["code"]]["basis"]
        have = {(b["law"], b["edition"], b["article"]) for b in basis}
        want = {(b["law"], b["edition"], b["article"]) for b in basis if b["role"] != "procedure"}
        got = set()
        for citation in parse_citations(row["basis"]):
            found = library.resolve(citation, date(2008, 7, 1))
            assert found, (row["code"], citation)
            assert found.edition, (row["code"], citation)
            got.add((found.law.name, found.edition.edition, found.article))
        assert want <= got <= have, row["code"]
    assert len(rows) == 149


@pytest.mark.parametrize(
    "name", ["中华人民共和国大气污染防治法", "《大气污染防治法》", " 大气污染防治法 ", "大气污染防治法"]
)
def test_names_are_compared_without_marks_and_prefix(name: str) -> None:
    assert law_key(name) == "大气污染防治法"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    normalise_article(text)
    parse_citation(text)
    for citation in parse_citations(text):
        assert normalise_article(citation.article) == citation.article


def test_a_long_hostile_cell_is_read_in_time() -> None:
    for text in ("第" * 5000, "第1" * 3000, "1、" * 3000 + "x", "(" * 4000, "第1条第" * 1000, "1 " * 4000):
        parse_citations(text)
