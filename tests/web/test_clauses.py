"""Shared clauses through their page."""

from collections.abc import Callable

import pytest

from harness.bureau import SmallBureau
from harness.desks import Desk, QueryCount
from harness.filled_forms import changed, filled

At = Callable[[str], Desk]
SECTION = "pollution-control"  # 污染控制科
PAGE = f"/shared-clauses?section={SECTION}&category=licence"


def form(text: str, version: int = 0, **more: str) -> dict[str, str]:
    return {
        "section": SECTION,
        "category": "licence",
        "field": "discipline",
        "content": text,
        "seen_version": str(version),
        **more,
    }


def test_a_clause_is_kept_and_a_new_power_shows_it(desk: At) -> None:
    clerk = desk("clerk")
    shown = clerk.post("/shared-clauses", form("不得收受<b>礼品</b>。"))
    assert (shown.status, shown.location) == (303, f"{PAGE}#clause-discipline")
    assert "不得收受&lt;b&gt;礼品" in clerk.get(PAGE).body
    made = clerk.post("/powers", {"name": "新许可", "category": "licence", "section": "污染控制科"})
    page = clerk.get(made.location)
    assert "不得收受&lt;b&gt;礼品" in page.body
    address = made.location.partition("?")[0]
    assert ("clause-discipline", "1") in filled(page.body, address)
    told = clerk.post("/shared-clauses", form("不得收受礼金。", 1))
    assert told.status == 303
    assert "1份草稿已换用新文本" in clerk.get(PAGE).text
    assert ("discipline", "不得收受礼金。") in filled(clerk.get(address).body, address)


def test_who_saves_second_sees_both_texts(desk: At) -> None:
    desk("chief").post("/shared-clauses", form("科长写的。"))
    shown = desk("clerk").post("/shared-clauses", form("我写的。"))
    assert shown.status == 409
    assert "科长写的。" in shown.text
    assert "我写的。" in shown.text


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"section": "finance"}, 403),
        ({"section": "nowhere"}, 404),
        ({"section": ""}, 404),
        ({"category": "nothing"}, 404),
        ({"field": "name"}, 422),
        ({"field": "__class__"}, 422),
        ({"seen_version": ""}, 422),
        ({"content": "长" * 5000}, 422),
        ({"content": "绝密★10年"}, 422),
    ],
)
def test_what_is_refused_changes_nothing(
    desk: At, dump: Callable[..., object], change: dict[str, str], status: int
) -> None:
    clerk = desk("clerk")
    before = dump("security_event", "sign_in")
    shown = clerk.post("/shared-clauses", {**form("文本。"), **change})
    assert shown.status == status
    assert dump("security_event", "sign_in") == before


@pytest.mark.parametrize("who", ["office", "sysadmin", "auditor", "deputy"])
def test_only_sections_keep_clauses(desk: At, who: str) -> None:
    person = desk(who)
    assert person.get("/shared-clauses").status == 403
    assert person.post("/shared-clauses", form("文本。")).status == 403


def test_another_sections_clauses_are_not_shown(desk: At) -> None:
    assert desk("clerk").get("/shared-clauses?section=finance").status == 404


def test_using_it_is_a_box_that_can_be_taken_back(bureau: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    clerk.post("/shared-clauses", form("共用的。"))
    made = clerk.post("/powers", {"name": "新许可", "category": "licence", "section": "污染控制科"})
    address = made.location.partition("?")[0]
    with QueryCount(bureau) as queries:
        clerk.get(PAGE)
    assert len(queries) <= 9, queries.statements
    pairs = filled(clerk.get(address).body, address)
    clerk.post(address, changed(pairs, clause__discipline="", discipline="自己的。"))
    pairs = filled(clerk.get(address).body, address)
    assert ("discipline", "自己的。") in pairs
    assert ("clause-discipline", "1") not in pairs
    clerk.post(address, changed(pairs, clause__discipline=["", "1"]))
    assert ("discipline", "共用的。") in filled(clerk.get(address).body, address)
