"""`reset-password`: what the operator does for whom nobody in the bureau may."""

import re

import pytest
from sqlalchemy import select

from harness.commands import CommandLine
from harness.servers import SAMPLE_PASSWORD
from webapp import clock
from webapp.accounts.models import Account, SignIn
from webapp.accounts.passwords import verify_password
from webapp.db import Database
from webapp.journal import operations as journal
from webapp.journal.models import JournalEntry


@pytest.mark.parametrize("username", ["secadmin", "auditor", "sysadmin", "clerk"])
def test_it_gives_a_one_time_password_ends_sign_ins_and_is_journalled(
    people: CommandLine, database: Database, username: str
) -> None:
    with database.writing() as session:
        account = session.scalars(select(Account).where(Account.username == username)).one()
        account.must_change_password = False
        now = clock.wall_now()
        session.add(SignIn(token_digest="a" * 64, account_id=account.id, started_at=now, seen_at=now))

    said = people("reset-password", f" {username.upper()} ")

    found = re.search(r"一次性密码 (\S+?)\(", said)
    assert found
    with database.reading() as session:
        account = session.scalars(select(Account).where(Account.username == username)).one()
        assert verify_password(found[1], account.password_hash)
        assert not verify_password(SAMPLE_PASSWORD, account.password_hash)
        assert account.must_change_password
        assert session.scalars(select(SignIn).where(SignIn.account_id == account.id)).all() == []
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.subject, entry.person) == ("reset_password", f"account:{account.id}", None)
        assert found[1] not in entry.facts
        assert journal.verify(session) is None


def test_a_name_nobody_has_is_refused_and_nothing_changes(people: CommandLine) -> None:
    before = people("verify-journal")

    assert "没有登录名为“nobody”的账号" in people.refused("reset-password", "nobody")
    assert "空格" in people.refused("reset-password", "a b")
    assert people.refused("reset-password", code=2)
    assert people("verify-journal") == before
