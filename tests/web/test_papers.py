"""The official papers: who makes which, that their numbers come from one count, and that every cell says something."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp.campaigns.counting import identity_of, read_tallies, sums_of
from webapp.child import ChildFailed, Failure
from webapp.documents import printing
from webapp.documents.forms import FORMS
from webapp.laws.models import Article, Law, LawVersion
from webapp.pages.paper_items import read_items
from webapp.reviews.stopping import Gap, raise_gap, stop_power
from webapp.revisions.models import Draft, Record, Revision

At = Callable[[str], Desk]


@pytest.fixture
def filled(bureau: SmallBureau) -> SmallBureau:
    """Three powers of 污染控制科: one submitted, two drafts of which one is out of bounds; one draft elsewhere."""
    sent = walk.create(bureau, bureau.clerk, "power", power_body(name="甲许可"), "T-001")
    walk.submit(bureau, bureau.clerk, sent)
    stopped = {"verdict": "overreach", "follow_up": "自行作出限期治理决定，立即停止。", "disclosure": "pending"}
    walk.create(bureau, bureau.clerk, "power", power_body("JTHB-CF-001", name="乙处罚", **stopped), "T-002")
    inside = power_body("JTHB-CW-004", name="丙财物", disclosure="bureau", follow_up="调整承办岗位")
    walk.create(bureau, bureau.clerk, "power", inside, "T-003")
    walk.create(bureau, bureau.clerk2, "power", power_body(name="丁秘密起草", section="环境监察大队"), "T-009")
    return bureau


def numbers_of(body: str, row: str) -> list[int]:
    """The numbers of a table's row by its first words."""
    found = re.search(rf"<td[^>]*>{row}</td>(.*?)</tr>", body, re.DOTALL)
    assert found, row
    return [int(cell) for cell in re.findall(r"<td[^>]*>(\d+)</td>", found[1])]


def test_the_sums_of_a_section_are_its_items(filled: SmallBureau, desk: At) -> None:
    assert filled
    shown = desk("clerk").get("/papers/section-summary")
    assert shown.status == 200
    #        total, in place, missing, overreach, kept, dropped, adjusted, public, bureau, withheld, to draw, drawn
    assert numbers_of(shown.body, "合计") == [3, 2, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]
    assert "清理总数3项＝社会公开1项＋机关内部公开1项＋不公开(已审定)0项＋待定1项。" in shown.text


def test_the_bureau_counts_what_it_may_not_read_yet(filled: SmallBureau, desk: At) -> None:
    assert filled
    shown = desk("office").get("/papers/bureau-summary")
    assert numbers_of(shown.body, "污染控制科")[-4:] == [3, 1, 1, 1]
    assert numbers_of(shown.body, "合计")[-4:] == [4, 2, 1, 1]
    assert "其中3项科室尚未报送。" in shown.text
    assert "丁秘密起草" not in shown.body


def test_the_board_and_the_papers_count_the_same(filled: SmallBureau) -> None:
    with filled.database.reading() as session:
        paper = sums_of(item.counted for item in read_items(session, "power", viewer=filled.office))
        board = identity_of(read_tallies(session, filled.office))
    assert paper.total > 0
    assert (paper.total, paper.public, paper.bureau) == (board.total, board.public, board.bureau)
    assert (paper.withheld, paper.pending) == (board.withheld + board.pending, board.pending)


def test_one_fact_changed_moves_only_that_fact(filled: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    before = clerk.get("/papers/section-summary").body
    assert clerk.get("/papers/section-summary").body.count("校验码") == 1
    walk.create(filled, filled.clerk, "power", power_body("JTHB-CF-002", name="戊处罚"), "T-004")
    after = clerk.get("/papers/section-summary").body
    assert numbers_of(after, "合计") == [4, 3, 0, 1, 2, 1, 1, 2, 1, 1, 0, 0]
    assert numbers_of(after, "行政许可") == numbers_of(before, "行政许可")


def test_another_sections_paper_is_not_there(filled: SmallBureau, desk: At) -> None:
    assert filled
    clerk = desk("clerk")
    for address in (
        "?section=environmental-inspection-brigade",
        "?section=%E7%8E%AF%E5%A2%83%E7%9B%91%E5%AF%9F%E5%A4%A7%E9%98%9F",
        "?section=*",
    ):
        assert clerk.get(f"/papers/section-summary{address}").status == 404, address
    for name in ("bureau-summary", "unknown", "section-summary.exe"):
        assert clerk.get(f"/papers/{name}").status == 404, name
    assert desk("office").get("/papers/section-summary?section=环境监察大队").status == 200


def test_an_edition_a_form_does_not_have_is_a_sentence(filled: SmallBureau, desk: At) -> None:
    assert filled
    for edition in ("public", "secret"):
        assert desk("clerk").get(f"/papers/nil-return?edition={edition}").status == 422


@pytest.mark.parametrize("who", ["clerk", "chief2", "office", "deputy"])
def test_every_paper_of_the_list_opens_and_no_cell_is_empty(filled: SmallBureau, desk: At, who: str) -> None:
    person = desk(who)
    listed = person.get("/papers")
    addresses = sorted({link for link in listed.links if link.startswith("/papers/")})
    assert len(addresses) >= 3
    for address in addresses:
        with QueryCount(filled) as asked:
            shown = person.get(address)
        assert shown.status == 200, address
        assert not re.search(r"<td[^>]*></td>|<dd></dd>", shown.body), address
        assert "校验码" in shown.text or "没有可以填入的事项" in shown.text, address
        assert len(asked) <= 24, (address, len(asked))
    assert all(address.split("?")[0].removeprefix("/papers/") in FORMS for address in addresses)


def test_every_file_of_a_paper_is_handed_out(filled: SmallBureau, desk: At) -> None:
    assert filled
    clerk = desk("clerk")
    page = clerk.get("/papers/section-summary")
    files = [link for link in page.links if link.startswith("/papers/section-summary.")]
    starts = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF"}
    assert len(files) == 3
    for address in files:
        answer = clerk.client.get(address)
        ending = address.split("?")[0].rpartition(".")[2]
        assert answer.status_code == 200, address
        assert answer.get_data().startswith(starts[ending]), address
        assert "attachment" in answer.headers["Content-Disposition"]
    for address in (
        "/papers/bureau-summary.pdf",
        "/papers/section-summary.exe",
        "/papers/section-summary.pdf?section=财务科",
    ):
        assert clerk.get(address).status == 404, address


def test_a_typesetter_that_dies_is_a_sentence(filled: SmallBureau, desk: At, monkeypatch: pytest.MonkeyPatch) -> None:
    assert filled

    class Dead:
        def ask(self, *_: object) -> dict[str, object]:
            raise ChildFailed(Failure.DIED)

    monkeypatch.setattr(printing, "printer", Dead)
    shown = desk("clerk").get("/papers/section-summary.pdf")
    assert shown.status == 503
    assert "未能在限定时间内生成PDF" in shown.text


def test_a_registration_form_is_named_by_what_its_chief_signs(filled: SmallBureau, desk: At) -> None:
    clerk = desk("clerk")
    shown = clerk.get("/papers/registration-form?code=T-001")
    with filled.database.reading() as session:
        digest = session.scalar(select(Revision.digest))
    assert digest
    assert f"校验码 {digest[:12]} · 第1稿" in shown.text
    assert "乙处罚" not in shown.body
    assert clerk.get("/papers/registration-form").body.count('class="sheet ') == 3
    for code in ("T-009", "T-999"):
        assert clerk.get(f"/papers/registration-form?code={code}").status == 404, code


def test_what_is_out_of_bounds_stands_in_the_list_of_faults(filled: SmallBureau, desk: At) -> None:
    assert filled
    text = desk("clerk").get("/papers/rectification").text
    assert "乙处罚" in text
    assert "自行作出限期治理决定" in text
    assert "职责不到位0项，越位1项。" in text
    unread = desk("office").get("/papers/rectification").text
    assert "乙处罚" not in unread
    assert "另有1项科室尚未报送" in unread


@only_sqlite
def test_what_was_stopped_or_must_be_taken_up_is_told_with_day_aftermath_and_state(
    filled: SmallBureau, desk: At
) -> None:
    with filled.database.writing() as session:
        power = session.scalars(select(Record.id).where(Record.code == "T-002")).one()
        given = {"reason": "决定权属人民政府", "aftermath": "已下达的三件移送政府"}
        stop_power(session, filled.chief, power, **given, day=date(2008, 6, 25), seen_version=1)
    gap = Gap("登记和验收", "other_enforcement", "污染控制科", "法律第23条", due=date(2999, 7, 8))
    with filled.database.writing() as session:
        raise_gap(session, filled.office, gap)
    text = desk("clerk").get("/papers/rectification").text
    for words in (
        "决定权属人民政府",
        "2008年6月25日",
        "已下达的三件移送政府",
        "已停止",
        "2999年7月8日",
        "未补齐，草稿",
    ):
        assert words in text, words
    summary = desk("clerk").get("/papers/section-summary").text
    assert "＋停止行使1项＋" in summary


@only_sqlite
def test_a_registration_form_quotes_the_articles_the_library_has(filled: SmallBureau, desk: At) -> None:
    with filled.database.writing() as session:
        draft = session.scalars(select(Draft).join(Record).where(Record.code == "T-001")).one()
        rows = json.loads(draft.body)["basis"]
        law = Law(name=rows[0]["law"], rank="法律")
        session.add(law)
        session.flush()
        version = LawVersion(law_id=law.id, edition=rows[0]["edition"])
        session.add(version)
        session.flush()
        session.add(
            Article(version_id=version.id, place=rows[0]["article"], position=1, content="建设项目应当先行评价。")
        )
    text = desk("clerk").get("/papers/registration-form?code=T-001").text
    assert f"{rows[0]['article']} 建设项目应当先行评价。" in text
    assert f"{rows[1]['article']} —" in text


def test_a_public_catalogue_holds_nothing_that_is_not_approved(filled: SmallBureau, desk: At) -> None:
    assert filled
    shown = desk("office").get("/papers/catalogue?edition=public")
    assert shown.status == 200
    for name in ("甲许可", "乙处罚", "丙财物", "丁秘密起草", "待定"):
        assert name not in shown.body, name
