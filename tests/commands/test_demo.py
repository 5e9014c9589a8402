"""The demonstration: work at every stage on 2008-07-08, the edition of 2008-09-01 beside it, both served."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from harness.servers import ROOT, SAMPLE_PASSWORD, environment, free_port, serving
from webapp import clock
from webapp.accounts.reading import actor_by_username
from webapp.bundle.verify import verify_bundle
from webapp.campaigns.counting import identity_of, read_tallies
from webapp.campaigns.models import PackageSignature
from webapp.commands import demo
from webapp.config import load_settings
from webapp.db import Database
from webapp.deadlines.models import Lease, Notice
from webapp.journal import operations as journal
from webapp.pages.campaign_board import board_page
from webapp.pages.powers import PowerFilters, powers_page
from webapp.reviews.chain import OUTSIDE, Action, offers
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Problem, Review
from webapp.reviews.reading import open_review, situation_of
from webapp.revisions.models import STAGES, Listing, Record
from webapp.revisions.reading import visible_to
from webapp.sample import opening, plan
from webapp.sample.published import publish_sample


def _work(database: Database, username: str) -> Counter[str]:
    """Return how many items offer a person which act."""
    found: Counter[str] = Counter()
    with database.reading() as session:
        actor = actor_by_username(session, username)
        assert actor is not None
        seen = set(session.scalars(select(Listing.record_id).where(visible_to(actor))))
        for record in session.scalars(select(Record).where(Record.id.in_(seen))):
            review = open_review(session, record.id)
            offered = offers(situation_of(session, KINDS[record.kind], record, review), actor)
            found.update({offer.action for offer in offered if offer.is_allowed})
    return found


def test_it_holds_149_powers_97_charts_and_10_requests_with_work_at_every_stage(demo_database: Database) -> None:
    with demo_database.reading() as session:
        kinds = Counter(session.scalars(select(Record.kind)))
        stages = set(session.scalars(select(Record.stage)))
        late = max(session.scalars(select(Review.stage_since)))
        fault = journal.verify(session)

    assert kinds == {"power": 149, "flow": 97, "withholding": 10}
    assert stages == set(STAGES) - {"withheld", *OUTSIDE}
    assert late.date().isoformat() <= "2008-07-08"
    assert fault is None


def test_every_person_of_the_chain_finds_work(demo_database: Database) -> None:
    work = {name: _work(demo_database, name) for name in ("clerk", "chief", "office", "legal", "publisher", "deputy")}

    assert work["clerk"][Action.SUBMIT] >= 5
    assert work["chief"][Action.APPROVE] >= 5
    assert work["office"][Action.APPROVE] >= 20
    assert work["office"][Action.RULE] == 1
    assert work["office"][Action.RECORD] >= 100
    assert work["legal"][Action.APPROVE] >= 15
    assert work["publisher"][Action.APPROVE] >= 15
    assert work["deputy"][Action.REASSIGN] >= 2
    assert _work(demo_database, "office2")[Action.VERIFY] == len(plan.CIRCULATED)
    assert work["office"][Action.VERIFY] == 0
    assert not _work(demo_database, "leader")


def test_nine_items_came_back_with_fourteen_marks_and_one_request(demo_database: Database) -> None:
    with demo_database.reading() as session:
        marks = Counter(
            code
            for (code,) in session.execute(
                select(Record.code)
                .join(Review, Review.record_id == Record.id)
                .join(Problem, Problem.review_id == Review.id),
            )
        )
        request = session.scalars(select(Record).where(Record.code == plan.WITHHOLDING_RETURNED)).one()

    assert request.stage == "returned"
    assert marks.pop(plan.WITHHOLDING_RETURNED) == 2
    assert (len(marks), sum(marks.values())) == (9, 14)


def test_no_fact_was_reviewed_by_who_wrote_it(demo_database: Database) -> None:
    with demo_database.reading() as session:
        for record in session.scalars(select(Record).where(Record.stage == "bureau_decision")):
            review = open_review(session, record.id)
            situation = situation_of(session, KINDS[record.kind], record, review)
            assert not situation.editors & situation.earlier_approvers, record.code


def test_the_published_edition_is_whole_and_holds_127_powers(made_demo: Path) -> None:
    bundle = made_demo / "published" / "edition-1"
    manifest = json.loads((bundle / "manifest.json").read_bytes())

    assert verify_bundle(bundle) == []
    assert len(manifest["powers"]) == 127
    assert manifest["date"] == "2008-09-01"


def test_making_the_edition_again_gives_the_same_bytes(made_demo: Path, tmp_path: Path) -> None:
    settings = load_settings({"ZHIQUAN_INSTANCE": str(tmp_path / "other")})

    publish_sample(settings, tmp_path / "other" / "published" / "edition-1")

    first, second = made_demo / "published" / "edition-1", tmp_path / "other" / "published" / "edition-1"
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in files)


def test_one_that_was_interrupted_while_it_was_made_starts_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(load_settings({"ZHIQUAN_INSTANCE": str(tmp_path / "demo")}), demo_password=SAMPLE_PASSWORD)
    made: list[str] = []

    def half(settings: object, password: str) -> None:
        del settings
        (tmp_path / "demo" / "zhiquan.sqlite").write_text("half")
        made.append(password)
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "_make", half)
    with pytest.raises(KeyboardInterrupt):
        demo.make(settings)
    monkeypatch.setattr(demo, "_make", lambda _settings, password: made.append(password))

    assert demo.make(settings) == SAMPLE_PASSWORD
    assert len(made) == 2
    assert not (tmp_path / "demo" / "zhiquan.sqlite").exists()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_starts_with_what_is_there_serves_both_and_ends_on_a_signal(demo_copy: Path, ending: signal.Signals) -> None:
    staff, public = free_port(), free_port()
    command = ("demo", "--bind", f"127.0.0.1:{staff}", "--public-bind", f"127.0.0.1:{public}")
    log = demo_copy.parent / "demo.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.commands", *command],
            cwd=ROOT,
            env=environment(demo_copy),
            stdout=written,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        limit = time.monotonic() + 90
        while "Ctrl-C" not in log.read_text() and time.monotonic() < limit and process.poll() is None:
            time.sleep(0.2)
        said = log.read_text()
        with urllib.request.urlopen(f"http://127.0.0.1:{public}/", timeout=20) as answer:
            home = answer.read().decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{staff}/sign-in", timeout=20) as answer:
            assert answer.status == 200
        assert "正在建立" not in said
        assert SAMPLE_PASSWORD in said
        assert all(name in said for name in ("clerk2", "publisher", "auditor", str(staff), str(public)))
        assert "社会公开版第1号" in home
    finally:
        process.send_signal(ending)
        code = process.wait(40)
    assert code == 0, log.read_text()
    assert_closed(staff, public)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_both_answer_leaves_no_server_behind(demo_copy: Path, ending: signal.Signals) -> None:
    staff, public = free_port(), free_port()
    command = ("demo", "--bind", f"127.0.0.1:{staff}", "--public-bind", f"127.0.0.1:{public}")
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp.commands", *command],
        cwd=ROOT,
        env=environment(demo_copy),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    limit = time.monotonic() + 60
    while not children.read_text().split() and time.monotonic() < limit:
        time.sleep(0.02)
    started = children.read_text().split()
    process.send_signal(ending)

    assert process.wait(40) == 0
    assert started
    assert not any(Path(f"/proc/{each}").exists() for each in started)
    assert_closed(staff, public)


def assert_closed(*ports: int) -> None:
    """Nobody listens any more."""
    for port in ports:
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)


def test_the_staff_server_ends_cleanly_and_leaves_its_lease(demo_copy: Path, demo_database: Database) -> None:
    with serving(demo_copy, settings={"TODAY": "2008-07-08"}) as server:
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(40) == 0
    with demo_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Lease)) == 0


def test_the_public_server_needs_the_bundle_alone(made_demo: Path, tmp_path: Path) -> None:
    bundle = made_demo / "published" / "edition-1"
    with (
        serving(tmp_path / "nothing", "serve-public", "--bundle", str(bundle)) as server,
        urllib.request.urlopen(f"{server.url}/powers/JTHB-CF-001/", timeout=20) as answer,
    ):
        assert answer.status == 200
    assert not (tmp_path / "nothing").exists()


def test_the_board_counts_149_and_every_number_opens_its_list(demo_database: Database) -> None:
    clock.fix_day(date(2008, 7, 8))
    with demo_database.reading() as session:
        office = actor_by_username(session, "office")
        assert office is not None
        page = board_page(session, viewer=office)
        assert page is not None
        identity = page.identity
        assert (identity.total, identity.public, identity.bureau, identity.pending) == (149, 127, 12, 10)
        assert page.sum.total.number == 149
        assert identity == identity_of(read_tallies(session, None))
        assert [row.name for row in page.rows if row.late] == ["办公室(监察)", "环境监测站"]
        assert page.untrained == ()
        assert page.unmobilised == (opening.LATE_FOR_TRAINING,)
        lists = 0
        for row in (*page.rows, page.sum):
            for cell in (*row.stages, row.total, row.pending, *row.categories):
                if cell.number and cell.address.startswith("/powers"):
                    asked = dict(pair.split("=") for pair in cell.address.partition("?")[2].split("&") if pair)
                    shown = powers_page(session, PowerFilters.of(asked), page=1, viewer=office).total
                    assert shown == cell.number, cell.address
                    lists += 1
        assert lists > 50
        signed = session.scalars(select(PackageSignature)).all()
        assert len(signed) >= 7
        assert {one.due_on for one in session.scalars(select(Notice))} >= {date(2008, 6, 21), date(2008, 6, 30)}
