"""A section's package: nil returns, the report, what holds it back, and the chief's one signature over every item."""

import re
import time
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from harness import campaigns, walk
from harness.bureau import SmallBureau, power_body
from harness.databases import only_sqlite
from harness.desks import Desk, QueryCount
from webapp import clock
from webapp.campaigns import nil_returns, packaging
from webapp.campaigns.handing_in import ItemReady, ItemTicked
from webapp.campaigns.models import NilReturn, PackageItem, PackageSignature
from webapp.campaigns.report import APPEARED
from webapp.journal.models import JournalEntry
from webapp.pages.campaign_board import BoardPage, board_page
from webapp.pages.package import PackagePage, package_page
from webapp.pages.package_signing import signing_page
from webapp.powers.categories import OPTIONS
from webapp.powers.kind import POWER
from webapp.powers.models import SharedClause
from webapp.reviews.chain import ATTESTED_POINTS, Action, Decision
from webapp.reviews.each import Outcome
from webapp.reviews.models import ReviewStep
from webapp.reviews.operations import advance
from webapp.revisions.operations import NewRecord, create_record
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

At = Callable[[str], Desk]
POINTS = tuple(key for key, _ in ATTESTED_POINTS)
OWN = "污染控制科"


@pytest.fixture
def package(bureau: SmallBureau) -> int:
    """The package of 污染控制科 in the campaign of 2008."""
    return campaigns.opened(bureau)[OWN]


def declare(bureau: SmallBureau, number: int, *categories: str) -> int:
    """Declare these categories, or every one but the licences; return how many."""
    with bureau.database.writing() as session:
        row, _ = packaging.lock_package(session, bureau.clerk, number)
        wanted = categories or [key for key, _ in OPTIONS if key != "licence"]
        return len(nil_returns.declare_nil(session, bureau.clerk, row, wanted, basis="三定规定"))


def submitted(bureau: SmallBureau, count: int = 1, **changes: object) -> list[int]:
    records = [
        walk.create(bureau, bureau.clerk, "power", power_body(name=f"许可{number}", **changes))
        for number in range(count)
    ]
    for record in records:
        walk.submit(bureau, bureau.clerk, record)
    return records


def ticked(bureau: SmallBureau, records: Sequence[int], points: tuple[str, ...] = POINTS) -> list[ItemTicked]:
    return [ItemTicked("power", record, walk.digest_of(bureau, record), points) for record in records]


def sign(
    bureau: SmallBureau,
    package: int,
    items: Sequence[ItemTicked],
    *,
    who: str = "chief",
    is_true: bool = True,
    key: str | None = None,
) -> Outcome:
    with bureau.database.writing() as session:
        return packaging.sign_package(session, getattr(bureau, who), package, items, is_true=is_true, request_key=key)


def shown(bureau: SmallBureau, package: int, who: str = "chief") -> PackagePage:
    with bureau.database.reading() as session:
        return package_page(session, package, viewer=getattr(bureau, who))


def test_one_signature_takes_every_item_through_the_chain_and_names_the_rest(bureau: SmallBureau, package: int) -> None:
    declare(bureau, package)
    good = submitted(bureau, 2)
    (partly,) = submitted(bureau)
    wrote = walk.create(bureau, bureau.chief, "power", power_body(name="科长自己填的"))
    walk.submit(bureau, bureau.clerk, wrote)
    (changed,) = submitted(bureau)
    items = [
        *ticked(bureau, good),
        *ticked(bureau, [partly], ("item", "basis")),
        *ticked(bureau, [wrote]),
        ItemTicked("power", changed, "0" * 64, POINTS),
    ]
    outcome = sign(bureau, package, items)
    assert outcome.taken == 2
    assert "尚未核对：程序、流程图" in outcome.refused[partly]
    assert "您是该事项的填报人" in outcome.refused[wrote]
    assert "重新送审" in outcome.refused[changed]
    assert [walk.stage_of(bureau, one) for one in (*good, partly, wrote, changed)] == [
        "office_review",
        "office_review",
        "section_review",
        "section_review",
        "section_review",
    ]
    with bureau.database.reading() as session:
        steps = session.scalars(select(ReviewStep).where(ReviewStep.action == "approve")).all()
        assert {step.attested for step in steps} == {",".join(POINTS)}
        assert len(session.scalars(select(PackageItem)).all()) == 5
        assert all(session.scalars(select(NilReturn.signature_id)))
        entries = list(session.scalars(select(JournalEntry.action).order_by(JournalEntry.seq.desc()).limit(3)))
    assert entries == ["sign_package", "approve", "approve"]
    page = shown(bureau, package)
    assert {row.name for row in page.refused} == {"许可0", "科长自己填的"}
    assert page.state == "已报送，另有3项待报"


def test_what_keeps_a_package_back_is_said(bureau: SmallBureau, package: int) -> None:
    (record,) = submitted(bureau)
    with pytest.raises(RuleBroken, match="既没有事项，也没有零报告"):
        sign(bureau, package, ticked(bureau, [record]))
    declare(bureau, package)
    with pytest.raises(RuleBroken, match="真实、完整"):
        sign(bureau, package, ticked(bureau, [record]), is_true=False)
    with pytest.raises(RuleBroken, match="逐项核对"):
        sign(bureau, package, [])
    with pytest.raises(NotAllowed, match="科室负责人"):
        sign(bureau, package, ticked(bureau, [record]), who="clerk")
    with pytest.raises(NotFound):
        sign(bureau, package, ticked(bureau, [record]), who="chief2")
    with pytest.raises(NotAllowed):
        sign(bureau, package, ticked(bureau, [record]), who="office")
    assert walk.stage_of(bureau, record) == "section_review"
    with bureau.database.reading() as session:
        assert session.scalars(select(PackageSignature)).all() == []


def test_the_same_signature_sent_twice_counts_once(bureau: SmallBureau, package: int) -> None:
    declare(bureau, package)
    items = ticked(bureau, submitted(bureau))
    assert sign(bureau, package, items, key="a1") == sign(bureau, package, items, key="a1") == Outcome(1, {})
    with bureau.database.reading() as session:
        assert len(session.scalars(select(PackageSignature)).all()) == 1


def test_an_item_of_another_section_is_not_signed_along(bureau: SmallBureau, package: int) -> None:
    declare(bureau, package)
    foreign = walk.create(bureau, bureau.clerk2, "power", power_body("JTHB-CF-001", section="环境监察大队"))
    walk.submit(bureau, bureau.clerk2, foreign)
    (own,) = submitted(bureau)
    outcome = sign(bureau, package, [*ticked(bureau, [own]), *ticked(bureau, [foreign])])
    assert (outcome.taken, list(outcome.refused)) == (1, [foreign])
    assert walk.stage_of(bureau, foreign) == "section_review"


def test_neither_package_leaves_before_a_joint_power_is_settled(bureau: SmallBureau, package: int) -> None:
    with bureau.database.reading() as session:
        other = next(row.address for row in _board(session, bureau).rows if row.name == "财务科")
    declare(bureau, package)
    (joint,) = submitted(bureau, joint_sections=["财务科"])
    (alone,) = submitted(bureau)
    items = ticked(bureau, [joint, alone])
    with pytest.raises(RuleBroken, match="等待财务科会签"):
        sign(bureau, package, items)
    walk.act(bureau, bureau.chief7, joint, Action.DISSENT, note="名单由我科公布")
    with pytest.raises(RuleBroken, match="待领导小组办公室裁定"):
        sign(bureau, package, items)
    with pytest.raises(RuleBroken, match="本科室有不同意见"):
        sign(bureau, int(other.rpartition("/")[2]), [], who="chief7")
    walk.act(bureau, bureau.office, joint, Action.RULE, note="由牵头科室公布，理由充分")
    assert sign(bureau, package, items) == Outcome(2, {})
    assert shown(bureau, package).state == "已报送"
    # One item returned opens this item again, and no other.
    walk.act(bureau, bureau.office, joint, Action.RETURN, note="请改")
    assert shown(bureau, package).state == "已报送，另有1项待报"
    assert walk.stage_of(bureau, alone) == "office_review"


def _board(session: Session, bureau: SmallBureau) -> BoardPage:
    page = board_page(session, viewer=bureau.office)
    assert page is not None
    return page


def test_a_nil_return_is_refused_beside_an_item_and_ends_when_one_appears(bureau: SmallBureau, package: int) -> None:
    assert declare(bureau, package) == 13
    assert declare(bureau, package) == 0
    with pytest.raises(RuleBroken, match="请选择"):
        declare(bureau, package, "nothing")
    walk.create(bureau, bureau.clerk, "power", power_body("JTHB-CF-001", section=OWN, name="新的处罚"))
    penalty = next(row for row in shown(bureau, package).categories if row.key == "penalty")
    assert (penalty.number, penalty.is_nil, penalty.note) == (1, False, f"曾作零报告，{APPEARED}")
    with bureau.database.writing() as session:
        assert nil_returns.drop_contradicted_now(session) == 1
    with bureau.database.writing() as session:
        assert nil_returns.drop_contradicted_now(session) == 0
    with pytest.raises(RuleBroken, match="已有登记的职权"):
        declare(bureau, package, "penalty")
    with bureau.database.reading() as session:
        ended = session.scalars(select(NilReturn).where(NilReturn.withdrawn_at.is_not(None))).one()
        assert (ended.category, ended.withdrawn_by, ended.reason) == ("penalty", None, APPEARED)
        own = next(row for row in _board(session, bureau).rows if row.name == OWN)
        assert (own.nil_returns, own.unfilled) == (12, 1)


def test_the_report_is_saved_over_what_was_seen_and_its_figures_are_the_count(
    bureau: SmallBureau, package: int
) -> None:
    declare(bureau, package)
    submitted(bureau, 2)
    with bureau.database.writing() as session:
        packaging.save_report(session, bureau.clerk, package, {"problems": "无"}, seen_version=1)
    with bureau.database.writing() as session, pytest.raises(Stale):
        packaging.save_report(session, bureau.chief, package, {"problems": "有"}, seen_version=1)
    page = shown(bureau, package)
    assert page.version == 2
    assert page.figures.startswith("共清理职权2项，其中对外2项、对内0项；")
    assert "共13类作零报告" in page.figures


def test_the_papers_of_a_section_print_what_it_handed_in(bureau: SmallBureau, package: int, desk: At) -> None:
    declare(bureau, package, "levy")
    with bureau.database.writing() as session:
        packaging.save_report(session, bureau.clerk, package, {"problems": "台账不全，正在补"}, seen_version=1)
    nil = desk("clerk").get("/papers/nil-return").text
    assert ("行政征收" in nil, "三定规定" in nil, "共1类" in nil) == (True, True, True)
    assert "台账不全，正在补" in desk("clerk").get("/papers/section-report").text
    assert "台账不全，正在补" not in desk("office").get(f"/papers/section-report?section={OWN}").text  # not signed yet


def test_complete_drafts_are_handed_in_together(bureau: SmallBureau, package: int) -> None:
    ready = [walk.create(bureau, bureau.clerk, "power", power_body(name=f"齐全{number}")) for number in range(2)]
    lacking = walk.create(bureau, bureau.clerk, "power", power_body(name="不全", rules=""))
    page = shown(bureau, package, "clerk")
    assert (page.items.ready, page.items.incomplete) == (2, 1)
    assert shown(bureau, package, "office").items.rows == ()
    assert shown(bureau, package, "office").drafts == 3
    with bureau.database.writing() as session:
        items = [ItemReady("power", record, 1) for record in (*ready, lacking)]
        outcome = packaging.hand_in(session, bureau.clerk, package, items)
    assert (outcome.taken, list(outcome.refused)) == (2, [lacking])
    assert walk.stage_of(bureau, ready[0]) == "section_review"


@only_sqlite
def test_the_list_tells_only_what_differs_from_the_shared_clauses(bureau: SmallBureau, package: int) -> None:
    with bureau.database.writing() as session:
        session.add(
            SharedClause(
                section_id=bureau.sections[OWN],
                category="licence",
                field="discipline",
                content="不得收受礼品。",
                edited_by=bureau.clerk.person,
                edited_at=clock.now(),
            ),
        )
    same, other = (*submitted(bureau, discipline="不得收受礼品。"), *submitted(bureau, discipline="另有纪律。"))
    wrote = walk.create(bureau, bureau.chief, "power", power_body(name="科长填的"))
    walk.submit(bureau, bureau.clerk, wrote)
    with bureau.database.reading() as session:
        page = signing_page(session, package, viewer=bureau.chief)
    rows = {row.id: row for row in page.rows}

    def told(record: int) -> list[str]:
        return [text for point in rows[record].points for _, text in point.lines]

    assert "不得收受礼品。" not in told(same)
    assert (rows[same].shared, rows[other].shared) == (1, 0)
    assert "另有纪律。" in told(other)
    assert [text for _, text in page.clauses] == ["不得收受礼品。"]
    assert "您是该事项的填报人" in rows[wrote].refusal
    assert page.open_rows == 2


@only_sqlite
def test_the_chief_signs_on_the_page_and_loses_no_tick(bureau: SmallBureau, package: int, desk: At) -> None:
    declare(bureau, package)
    one, two = submitted(bureau, 2)
    chief = desk("chief")
    form = chief.get(f"/packages/{package}/signing")
    key = form.form(f"/packages/{package}/signatures").fields["request_key"]
    values = re.findall(r'name="item" value="([^"]+)"', form.body)
    assert len(values) == 2
    fields = {"item": values, f"attested-{one}": list(POINTS), f"attested-{two}": ["item"], "request_key": key}
    refused = chief.post(f"/packages/{package}/signatures", fields)
    assert refused.status == 422
    assert refused.body.count(" checked") == 6
    done = chief.post(f"/packages/{package}/signatures", {**fields, "truth": "1"})
    assert done.location == f"/packages/{package}"
    after = chief.get(done.location)
    assert "已签署，1项报送领导小组办公室" in after.text
    assert "上次签署时未报出1项" in after.text
    assert "尚未核对" in after.text
    for name, status in (("clerk", 403), ("chief2", 404), ("office", 403)):
        assert desk(name).get(f"/packages/{package}/signing").status == status, name
    assert desk("clerk2").get(f"/packages/{package}").status == 404
    assert desk("office").get(f"/packages/{package}").status == 200


@only_sqlite
def test_75_items_are_signed_at_once_within_bounds(bureau: SmallBureau, package: int) -> None:
    declare(bureau, package)
    clerk, chief = bureau.clerk, bureau.chief
    with bureau.database.writing() as session:
        for number in range(75):
            new = NewRecord(power_body(name=f"许可{number}"), bureau.sections[OWN])
            record = create_record(session, clerk, POWER, new).id
            advance(session, clerk, POWER, record, Decision(Action.SUBMIT, seen_version=1))
    with QueryCount(bureau) as looking, bureau.database.reading() as session:
        page = signing_page(session, package, viewer=chief)
    items = [ItemTicked("power", row.id, row.value.rpartition(":")[2], POINTS) for row in page.rows]
    assert len(items) == 75
    with QueryCount(bureau) as page_queries, bureau.database.reading() as session:
        package_page(session, package, viewer=chief)
    began = time.process_time()
    with QueryCount(bureau) as signing:
        assert sign(bureau, package, items) == Outcome(75, {})
    assert len(looking) <= 8
    assert len(page_queries) <= 15
    assert len(signing) < 75 * 25
    assert time.process_time() - began < 6


@only_sqlite
def test_the_host_sections_package_says_who_reviews_it(bureau: SmallBureau, package: int) -> None:
    with bureau.database.reading() as session:
        row = next(row for row in _board(session, bureau).rows if row.name == "宣教法制科")
    number = int(row.address.rpartition("/")[2])
    record = walk.create(bureau, bureau.clerk10, "power", power_body(section="宣教法制科"))
    walk.submit(bureau, bureau.clerk10, record)
    walk.approve(bureau, bureau.chief10, record)
    assert (shown(bureau, number, "chief10").is_host, shown(bureau, number, "chief10").host_unnamed) == (True, 1)
    walk.act(bureau, bureau.deputy, record, Action.REASSIGN, reviewer=bureau.publisher.person)
    assert shown(bureau, number, "chief10").host_reviewers == ("publisher例",)
    assert not shown(bureau, package).is_host
