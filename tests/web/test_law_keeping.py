"""Keeping the library of laws: forms, articles, successors, tables; and a basis row chosen by typing."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.filled_forms import changed, filled
from harness.visitors import OURS, Shown
from webapp.documents.sheets import Sheet, write_csv, write_xlsx
from webapp.laws.models import Article, ArticleSuccessor, Law, LawVersion

At = Callable[[str], Desk]
LAW = {"name": "《某法》", "full_name": "中华人民共和国某法", "rank": "法律", "aliases": "某\n某某法"}
EDITION = {"edition": "2000年修订", "document": "主席令第32号", "in_force": "2000-09-01", "checked": "1"}


def add_law(person: Desk, **changes: str) -> str:
    made = person.post("/laws", {**LAW, **changes})
    assert made.status == 303, made.text
    return made.location


def add_edition(person: Desk, law: str, **changes: str) -> str:
    made = person.post(f"{law}/editions", {**EDITION, **changes})
    assert made.status == 303, made.text
    return made.location


def upload(person: Desk, content: bytes, name: str = "laws.csv") -> Shown:
    file = {"file": (io.BytesIO(content), name)}
    return Shown(person.client.post("/laws/imports", data=file, headers=OURS, content_type="multipart/form-data"))


def test_a_law_with_its_edition_and_articles_is_kept_and_chosen_by_typing(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    law = add_law(office)
    edition = add_edition(office, law)
    for place in ("48", "第五条", "第48条第1款"):
        assert office.post(f"{edition}/articles", {"place": place, "content": f"{place}的条文"}).status == 303
    page = desk("clerk").get(edition)
    assert page.text.index("第5条") < page.text.index("第48条") < page.text.index("第48条第1款")
    assert "第五条的条文" in page.text
    shown = desk("clerk").get("/laws/suggestions?basis-0-law=某某法 48&reference_date=2008-07-01", fragment=True)
    assert 'value="某法(2000年修订)第48条"' in shown.body
    early = desk("clerk").get("/laws/suggestions?basis-0-law=某 48&reference_date=1999-07-01", fragment=True)
    assert "没有当日有效的版本" in early.body or "尚未施行" in early.body
    clerk = desk("clerk")
    power = walk.create(bureau, bureau.clerk, "power", power_body())
    address = f"/powers/{power}/draft"
    assert 'hx-get="/laws/suggestions"' in clerk.get(address).body
    for typed in ("某某法 48", "某法(2000年修订)第48条"):  # as typed without script, and as taken over from the list
        pairs = filled(clerk.get(address).body, address)
        cells = {"basis__0__law": typed, "basis__0__edition": "", "basis__0__article": "", "basis__0__kind": ""}
        assert clerk.post(address, changed(pairs, **cells)).status == 303
        kept = dict(filled(clerk.get(address).body, address))
        told = (kept["basis-0-law"], kept["basis-0-edition"], kept["basis-0-article"], kept["basis-0-kind"])
        assert told == ("某法", "2000年修订", "第48条", "law")


def test_an_edition_that_ends_is_judged_by_its_dates_at_once(bureau: SmallBureau, desk: At) -> None:
    assert bureau
    office = desk("office")
    edition = add_edition(office, add_law(office))
    form = office.get(edition).form(edition).fields
    ended = {"repealed": "2005-01-01", "replaced_law": "新法", "replaced_edition": "2004年制定"}
    assert office.post(edition, {**form, **ended}).status == 303
    shown = desk("clerk").get(edition).text
    assert "已失效" in shown
    assert "由新法(2004年制定)取代" in shown
    stale = office.post(edition, {**form, "document": "别的文号"})
    assert (stale.status, "2005-01-01" in stale.text) == (409, True)
    assert stale.form(edition).fields["document"] == "别的文号"


def test_a_short_name_means_one_law_and_stays_while_it_is_cited(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    law = add_law(office)
    twice = office.post("/laws", {**LAW, "name": "另一法", "full_name": "", "aliases": "某"})
    assert (twice.status, "已用于“某法”" in twice.text) == (422, True)
    assert twice.form("/laws").fields["name"] == "另一法"
    basis = [{"kind": "law", "law": "某某法", "edition": "", "article": "第1条", "role": ""}]
    walk.create(bureau, bureau.clerk, "power", power_body(basis=basis))
    form = office.get(f"{law}/draft").form(f"{law}/draft").fields
    sent = {**form, "full_name": "某法", "rank": "法律"}
    kept = office.post(f"{law}/draft", {**sent, "aliases": "某"})
    assert (kept.status, "仍有条目引用" in kept.text) == (422, True)
    assert office.post(f"{law}/draft", {**sent, "aliases": "某某法\n新简称"}).status == 303
    assert office.post(f"{law}/draft", {**sent, "aliases": "某某法"}).status == 409
    assert "新简称" in desk("clerk").get(law).text


def test_an_article_changed_meanwhile_is_shown_beside_what_was_typed(bureau: SmallBureau, desk: At) -> None:
    assert bureau
    office, legal = desk("office"), desk("legal")
    edition = add_edition(office, add_law(office))
    office.post(f"{edition}/articles", {"place": "1", "content": "甲"})
    seen = next(form for form in legal.get(edition).forms if form.fields.get("place") == "第1条").fields
    assert office.post(f"{edition}/articles", {**seen, "content": "乙"}).status == 303
    stale = legal.post(f"{edition}/articles", {**seen, "content": "丙"})
    assert (stale.status, "乙" in stale.text, "丙" in stale.text) == (409, True, True)
    same = legal.post(f"{edition}/articles", {"place": "第一条", "content": "丁"})
    assert (same.status, "乙" in same.text) == (409, True)


def test_a_successor_leads_from_the_old_article_to_the_new(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    law = add_law(office)
    old, new = add_edition(office, law), add_edition(office, law, edition="2015年修订", in_force="2016-01-01")
    assert new
    pair = {"from_place": "48", "to_law": "某法", "to_edition": "2015年修订", "to_place": "99", "change": "罚款提高"}
    assert office.post(f"{old}/successors", {**pair, "substantive": "1"}).status == 303
    shown = desk("clerk").get(law).text
    assert "某法(2000年修订)第48条" in shown
    assert "某法(2015年修订)第99条" in shown
    with bureau.database.reading() as session:
        assert session.scalars(select(ArticleSuccessor)).one().is_substantive


HEAD = ["名称", "种类", "简称", "版本", "文号", "施行日期", "失效日期", "条款", "条文", "新版本", "新条款", "备注栏"]
ROWS = [
    ["乙法", "法律", "乙;乙乙法", "1999", "令1号", "1999-01-01", "2004年5月1日", "", "", "", "", "x"],
    ["乙法", "", "", "2004年修订", "", "2004/5/1", "", "第3条", "第三条的原文", "", "", ""],
    ["乙法", "", "", "1999", "", "", "", "2", "", "2004年修订", "3", ""],
    ["丙法", "", "", "1999", "", "", "", "", "", "", "", ""],  # unknown, and no kind said
    ["乙法", "", "", "", "", "2004-05-01", "", "", "", "", "", ""],  # a date of no edition
    ["乙法", "", "", "2004年修订", "", "去年", "", "", "", "", "", ""],
    ["", "法律", "", "", "", "", "", "", "", "", "", ""],
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_previewed_and_then_taken_in_whole(bureau: SmallBureau, desk: At, kind: str) -> None:
    office = desk("office")
    content = write_csv([HEAD, *ROWS]) if kind == "csv" else write_xlsx([Sheet("法规", HEAD, ROWS)])
    shown = upload(office, content, f"laws.{kind}")
    assert "共7行：可以导入3行，不能导入4行" in shown.text
    for told in ("新增“乙法”(法律)", "新增版本乙法(1999)", "须写明种类", "缺少版本", "去年", "缺少名称", "备注栏"):
        assert told in shown.text, told
    with bureau.database.reading() as session:
        assert session.scalars(select(Law)).all() == []  # a preview stores nothing
    form = shown.form("/laws/imports/confirmations").fields
    assert office.post("/laws/imports/confirmations", form).status == 303
    with bureau.database.reading() as session:
        law = session.scalars(select(Law)).one()
        assert sorted(alias.name for alias in law.aliases) == ["乙", "乙乙法"]
        assert {(v.edition, str(v.in_force), str(v.repealed)) for v in law.versions} == {
            ("1999", "1999-01-01", "2004-05-01"),
            ("2004年修订", "2004-05-01", "None"),
        }
        assert session.scalars(select(Article.content)).all() == ["第三条的原文"]
        pair = session.scalars(select(ArticleSuccessor)).one()
        assert (pair.from_article, pair.to_article) == ("第2条", "第3条")
    again = upload(office, content, f"laws.{kind}").form("/laws/imports/confirmations").fields
    assert office.post("/laws/imports/confirmations", again).status == 303
    with bureau.database.reading() as session:
        assert len(session.scalars(select(LawVersion)).all()) == 2


@only_sqlite
def test_an_empty_cell_takes_nothing_away(bureau: SmallBureau, desk: At) -> None:
    office = desk("office")
    add_edition(office, add_law(office))
    shown = upload(office, write_csv([["名称", "版本", "失效日期"], ["某某法", "2000年修订", "2016-01-01"]]))
    assert "某法(2000年修订)失效日期：不详 → 2016-01-01" in shown.text
    office.post("/laws/imports/confirmations", shown.form("/laws/imports/confirmations").fields)
    with bureau.database.reading() as session:
        law = session.scalars(select(Law)).one()
        version = law.versions[0]
        assert (law.full_name, version.document, str(version.in_force)) == (
            "中华人民共和国某法",
            "主席令第32号",
            "2000-09-01",
        )
        assert (str(version.repealed), version.is_checked) == ("2016-01-01", True)


@only_sqlite
@pytest.mark.parametrize(
    ("path", "fields", "sentence"),
    [
        ("/laws", {"name": ""}, "请填写名称"),
        ("/laws", {"rank": "天条"}, "请选择种类"),
        ("/laws", {"name": "《》"}, "请填写名称"),
        ("editions", {"edition": ""}, "请填写版本"),
        ("editions", {"in_force": "2008-13-01"}, "日期有误"),
        ("editions", {"repealed": "1999-01-01"}, "失效日期应晚于施行日期"),
        ("articles", {"place": "前言"}, "不是条款"),
        ("articles", {"content": "绝密★10年"}, "含密级标志"),
        ("successors", {"to_place": ""}, "请填写新条款"),
    ],
)
def test_what_is_no_law_is_refused_in_words(
    bureau: SmallBureau, desk: At, path: str, fields: dict[str, Any], sentence: str
) -> None:
    assert bureau
    office = desk("office")
    law = add_law(office, name="既有法", aliases="")
    pair = {"from_place": "1", "to_law": "新法", "to_edition": "1", "to_place": "2"}
    address = {"/laws": "/laws", "editions": f"{law}/editions"}.get(path) or f"{add_edition(office, law)}/{path}"
    given = {"/laws": LAW, "editions": EDITION, "articles": {"place": "1", "content": "文"}, "successors": pair}[path]
    shown = office.post(address, {**given, **fields})
    assert (shown.status, sentence in shown.text) == (422, True), shown.text


@only_sqlite
@pytest.mark.parametrize("who", ["clerk", "chief", "publisher", "sysadmin", "auditor"])
def test_only_the_office_and_legal_review_keep_the_library(bureau: SmallBureau, desk: At, who: str) -> None:
    assert bureau
    edition = add_edition(desk("office"), add_law(desk("office")))
    person = desk(who)
    assert "登记法规制度" not in person.get("/laws").text
    assert "登记新旧条文对照" not in person.get(edition).text
    assert person.post("/laws", LAW).status == 403
    assert person.post(f"{edition}/articles", {"place": "1"}).status == 403


@only_sqlite
@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", "甲,乙\n1,2\n".encode(), b"PK\x03\x04broken"])
def test_what_is_no_table_of_laws_is_refused_in_words(bureau: SmallBureau, desk: At, content: bytes) -> None:
    assert bureau
    assert upload(desk("office"), content).status == 422
    assert desk("office").post("/laws/imports/confirmations", {"data": '[["x"]]'}).status == 422
