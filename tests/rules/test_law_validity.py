"""Which edition of a law is in force on a day, and what is said where none is."""

from datetime import date

import pytest

from webapp.laws.reading import KnownLaw, LawLibrary
from webapp.laws.validity import Edition, State, in_force_on, judge_edition

OLD = Edition(
    "水污染防治法", "1996年修正", "", date(1996, 5, 15), date(2008, 6, 1), replaced_by=("水污染防治法", "2008年修订")
)
NEW = Edition("水污染防治法", "2008年修订", "主席令第87号", date(2008, 6, 1), date(2018, 1, 1), is_checked=True)
UNDATED = Edition("局议事规则", "本局制定")
LIBRARY = LawLibrary(
    [
        KnownLaw("水污染防治法", "中华人民共和国水污染防治法", "法律", ("水法",), (OLD, NEW)),
        KnownLaw("局议事规则", "金坛市环境保护局议事规则", "规范性文件", (), (UNDATED,)),
        KnownLaw("水土保持法", "中华人民共和国水土保持法", "法律", (), ()),
    ],
)


def row(law: str = "水污染防治法", edition: str = "2008年修订", article: str = "第70条") -> dict[str, str]:
    return {"kind": "law", "law": law, "edition": edition, "article": article, "role": "sanction"}


@pytest.mark.parametrize(
    ("edition", "day", "state"),
    [
        (NEW, date(2008, 6, 1), State.OK),
        (NEW, date(2008, 5, 31), State.NOT_YET),
        (OLD, date(2008, 5, 31), State.OK),
        (OLD, date(2008, 6, 1), State.ENDED),
        (NEW, date(2018, 1, 1), State.ENDED),
        (UNDATED, date(2008, 7, 1), State.UNKNOWN),
    ],
)
def test_an_edition_is_in_force_from_its_first_day_to_the_day_before_the_next(
    edition: Edition, day: date, state: State
) -> None:
    assert judge_edition(edition, day).state is state


def test_each_judgement_gives_the_dates_and_the_way_out() -> None:
    assert judge_edition(NEW, date(2008, 5, 1)).sentence == (
        "水污染防治法(2008年修订)自2008年6月1日起施行，在基准日2008年5月1日尚未施行，请改用当时有效的版本。"
    )
    assert judge_edition(OLD, date(2008, 7, 1)).sentence == (
        "水污染防治法(1996年修正)已于2008年6月1日失效，由水污染防治法(2008年修订)取代，请改用基准日有效的版本。"
    )
    assert judge_edition(UNDATED, date(2008, 7, 1)).sentence == "局议事规则(本局制定)的施行日期不详，条文待核。"


def test_what_nobody_checked_is_said_to_be_unchecked() -> None:
    assert judge_edition(OLD, date(2000, 1, 1)).sentence == "条文待核"
    assert judge_edition(NEW, date(2010, 1, 1)).sentence == ""


def test_the_edition_in_force_is_found_by_the_day() -> None:
    assert in_force_on([OLD, NEW], date(2008, 6, 1)) is NEW
    assert in_force_on([OLD, NEW], date(2008, 5, 31)) is OLD
    assert in_force_on([OLD, NEW], date(2020, 1, 1)) is None


def test_a_basis_row_is_judged_by_the_reference_date() -> None:
    assert LIBRARY.judge(row(), "2008-07-01").is_sound
    assert LIBRARY.judge(row(edition="主席令第87号"), "2008-07-01").is_sound
    assert LIBRARY.judge(row(), date(2026, 11, 24)).state is State.ENDED


@pytest.mark.parametrize(
    ("basis", "day", "said"),
    [
        (row("不存在的法"), "2008-07-01", "法规制度库中没有“不存在的法”，请核对名称，或先将其录入。"),
        (row(edition=""), "2008-07-01", "水污染防治法未写明版本，基准日有效的是2008年修订。"),
        (row(edition="2009"), "2008-07-01", "水污染防治法没有“2009”这一版本，基准日有效的是2008年修订。"),
        (row(), "", "尚未填写基准日，无法判断依据是否有效。"),
        (row(), "2008-02-30", "尚未填写基准日，无法判断依据是否有效。"),
        (row(""), "2008-07-01", ""),
    ],
)
def test_what_the_library_cannot_judge_is_said(basis: dict[str, str], day: str, said: str) -> None:
    judgement = LIBRARY.judge(basis, day)
    assert (judgement.state, judgement.sentence) == (State.UNKNOWN, said)


def test_typing_a_short_name_and_a_number_offers_the_row() -> None:
    found = LIBRARY.find("水法 70", date(2008, 7, 1))
    assert found[0].as_row("sanction") == row()
    assert [each.law.name for each in LIBRARY.find("水", date(2008, 7, 1))] == ["水土保持法", "水污染防治法"]
    assert LIBRARY.find("", date(2008, 7, 1)) == []


def test_own_rules_make_their_own_kind_of_row() -> None:
    found = LIBRARY.find("局议事规则", date(2008, 7, 1))[0]
    assert found.as_row()["kind"] == "own_rule"
    assert found.as_row()["edition"] == "本局制定"
