"""An installation: init, load-sample, the fixed day, doctor, what time brings."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from harness.bureau import SAMPLE
from harness.commands import CommandLine, command_line
from harness.databases import only_postgresql, only_sqlite
from webapp import clock
from webapp.accounts.models import Account, SignIn
from webapp.commands.serving import remove_half_written
from webapp.commands.ticking import LEASE, run_duties, tick_under_lease
from webapp.config import Settings
from webapp.db import Database
from webapp.deadlines.models import Lease
from webapp.deadlines.operations import give_back_lease, take_lease
from webapp.deadlines.reading import read_calendar
from webapp.journal.models import JournalEntry
from webapp.revisions.models import Autosave, Record
from webapp.rules import RuleBroken
from webapp.sample.campaign import load_campaign


def test_init_makes_the_database_and_three_administrators_once(empty_database_url: str, tmp_path: Path) -> None:
    zhiquan = command_line(tmp_path / "instance", empty_database_url)

    first, second = zhiquan("init"), zhiquan("init")

    assert first.count("一次性密码") == 3
    assert "一次性密码" not in second


def test_before_init_every_command_says_what_to_do(empty_database_url: str, tmp_path: Path) -> None:
    zhiquan = command_line(tmp_path / "instance", empty_database_url)

    for arguments in (("tick",), ("load-sample",), ("serve",), ("verify-journal",), ("bundle", 1, "--out", tmp_path)):
        assert "zhiquan init" in zhiquan.refused(*arguments)
    assert "zhiquan init" in zhiquan.refused("doctor")


def test_the_people_come_with_sections_laws_directory_and_calendar_and_only_once(
    people: CommandLine, database: Database
) -> None:
    with database.reading() as session:
        names = set(session.scalars(select(Account.username)))
        calendar = read_calendar(session)
        records = session.scalar(select(func.count()).select_from(Record))

    assert {"clerk", "chief", "office", "office2", "legal", "publisher", "deputy", "leader", "auditor"} <= names
    assert not {"cityoffice", "citygroup"} & names
    assert not calendar.is_working(datetime(2008, 6, 9, tzinfo=UTC).date())
    assert calendar.is_working(datetime(2008, 9, 28, tzinfo=UTC).date())
    assert records == 0
    assert "不能再次装入" in people.refused("load-sample", "--only", "people")


def test_the_fixed_day_is_refused_where_real_work_is_kept(
    people: CommandLine, settings: Settings, database: Database
) -> None:
    people("import", SAMPLE, "--as", "office", TODAY="2008-07-08")
    with database.reading() as session:
        days = {clock.local_day(moment) for moment in session.scalars(select(Record.created_at))}
    assert [day.isoformat() for day in days] == ["2008-07-08"]

    settings.demo_mark.unlink()
    clock.fix_day(None)

    assert "ZHIQUAN_TODAY" in people.refused("tick", TODAY="2008-07-08")
    people("tick")


def test_a_day_that_is_none_and_a_weak_key_are_told_as_sentences(zhiquan: CommandLine) -> None:
    assert "2008-07-08" in zhiquan.refused("tick", TODAY="8 July")
    assert "ZHIQUAN_SECRET_KEY" in zhiquan.refused("tick", SECRET_KEY="secret")


@only_sqlite
def test_doctor_finds_nothing_in_a_sound_installation(people: CommandLine) -> None:
    said = people("doctor")

    assert "未发现问题" in said
    assert "操作日志校验相符" in said


@only_postgresql
def test_doctor_notices_a_server_that_confirms_before_it_writes(people: CommandLine) -> None:
    # The tests' server runs without fsync; nothing else is wrong with it.
    said = people.refused("doctor")

    assert "synchronous_commit" in said
    assert said.count("[问题]") == 1


def test_doctor_names_a_readable_key_and_a_broken_drawing(people: CommandLine, settings: Settings) -> None:
    (settings.instance / "secret-key").chmod(0o644)
    broken = settings.drawings / "ab" / "abcd.svg"
    broken.parent.mkdir(parents=True)
    broken.write_text("<svg><unclosed></svg>")

    said = people.refused("doctor")

    assert "secret-key" in said
    assert "abcd.svg" in said


def test_time_removes_lapsed_sign_ins_and_old_autosaves_and_nothing_twice(
    people: CommandLine, settings: Settings, database: Database
) -> None:
    people("import", SAMPLE, "--as", "office")
    now = clock.wall_now()
    with database.writing() as session:
        account = session.scalars(select(Account.id).where(Account.username == "clerk")).one()
        record = session.scalars(select(Record.id).limit(1)).one()
        for token, age in (("fresh", timedelta(minutes=5)), ("idle", timedelta(hours=2)), ("old", timedelta(days=3))):
            session.add(SignIn(token_digest=token, account_id=account, started_at=now - age, seen_at=now - age))
        for panel, age in (("new", timedelta(days=29)), ("old", timedelta(days=31))):
            kept = {"record_id": record, "account_id": account, "panel": panel, "seen_version": 1, "content": "[]"}
            session.add(Autosave(**kept, saved_at=now - age))

    assert run_duties(database, settings)["drop_lapsed"] == 3
    with database.reading() as session:
        assert list(session.scalars(select(SignIn.token_digest))) == ["fresh"]
        assert list(session.scalars(select(Autosave.panel))) == ["new"]
        entries = session.scalar(select(func.count()).select_from(JournalEntry))

    assert set(run_duties(database, settings).values()) == {0}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(JournalEntry)) == entries


def test_of_two_servers_one_ticks_until_its_lease_runs_out(database: Database, settings: Settings) -> None:
    assert tick_under_lease(database, settings, "first")
    assert not tick_under_lease(database, settings, "second")
    assert tick_under_lease(database, settings, "first")

    with database.writing() as session:
        session.get_one(Lease, LEASE).until = clock.wall_now() - timedelta(seconds=1)
    assert tick_under_lease(database, settings, "second")
    assert not tick_under_lease(database, settings, "first")

    with database.writing() as session:
        give_back_lease(session, LEASE, owner="first")  # not his
        give_back_lease(session, LEASE, owner="second")
    assert tick_under_lease(database, settings, "first")


def test_a_lease_from_a_clock_that_ran_ahead_binds_nobody(database: Database) -> None:
    with database.writing() as session:
        session.add(Lease(name=LEASE, owner="ahead", until=clock.wall_now() + timedelta(days=365)))

    with database.writing() as session:
        assert take_lease(session, LEASE, owner="right", seconds=60)


def test_half_written_bundles_are_removed_after_an_hour(settings: Settings) -> None:
    old, new = settings.editions / ".draft-old", settings.editions / ".draft-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    hour_ago = clock.wall_now().timestamp() - 3700
    os.utime(old, (hour_ago, hour_ago))

    remove_half_written(settings)

    assert not old.exists()
    assert new.exists()


def test_a_real_installation_is_never_made_a_demonstration(tmp_path: Path) -> None:
    zhiquan = command_line(tmp_path / "real")
    zhiquan("init")

    said = zhiquan.refused("demo", "--fresh", "--bind", "127.0.0.1:18987", "--public-bind", "127.0.0.1:18988")

    assert "正式安装" in said
    assert (tmp_path / "real" / "zhiquan.sqlite").exists()


def test_an_installation_without_people_refuses_the_campaign(zhiquan: CommandLine, database: Database) -> None:
    with pytest.raises((RuleBroken, LookupError)):
        load_campaign(database, told=lambda items, _label, **_given: iter(items))
    assert clock.fixed_day() is None
    assert "0条" in zhiquan("verify-journal")
