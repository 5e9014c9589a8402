"""From what is approved to a bundle on a stick: prepare, release, bundle, verify-bundle, verify-journal."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select, text

from harness.bureau import SAMPLE
from harness.commands import CommandLine
from harness.databases import only_sqlite
from webapp.config import Settings
from webapp.db import Database
from webapp.journal.models import JournalEntry, JournalHead
from webapp.publication.models import Edition


@pytest.fixture
def published(people: CommandLine) -> CommandLine:
    """An installation whose first editions are released."""
    people("adopt", SAMPLE, "--as", "office", "--document", "坛优组字〔2008〕第5号", "--date", "2008-08-27")
    people("prepare-edition", "--as", "office")
    people("release", "--as", "publisher", "--document", "审批单1")
    return people


def test_two_persons_bring_127_powers_to_the_public_and_12_to_the_bureau(
    published: CommandLine, database: Database, settings: Settings, tmp_path: Path
) -> None:
    with database.reading() as session:
        editions = {edition.audience: edition for edition in session.scalars(select(Edition))}
    assert {audience: edition.item_count for audience, edition in editions.items()} == {"public": 127, "bureau": 12}
    assert editions["public"].prepared_by != editions["public"].released_by

    published("bundle", 1, "--out", tmp_path / "stick")
    manifest = json.loads((tmp_path / "stick" / "manifest.json").read_bytes())
    assert len(manifest["powers"]) == 127
    published("verify-bundle", tmp_path / "stick", "--expect", editions["public"].manifest_digest)
    assert (settings.instance / "public" / "current").read_text().strip() == editions["public"].folder

    assert "没有变化" in published.refused("prepare-edition", "--as", "office")
    assert "没有待发布" in published.refused("release", "--as", "publisher", "--document", "审批单2")
    assert "没有社会公开版第7号" in published.refused("bundle", 7, "--out", tmp_path / "other")
    assert "请另指定" in published.refused("bundle", 1, "--out", tmp_path / "stick")


@only_sqlite
def test_a_power_is_taken_down_and_the_chain_of_bundles_still_holds(
    published: CommandLine, database: Database, tmp_path: Path
) -> None:
    why = ("--reason", "写错了时限", "--document", "审批单2")
    assert "没有这个编码" in published.refused("withdraw", "JTHB-XK-999", "--as", "publisher", *why)
    with database.reading() as session:
        old = session.scalars(select(Edition.manifest_digest).where(Edition.audience == "public")).one()
    said = published("withdraw", "JTHB-XK-001", "--as", "publisher", *why)
    with database.reading() as session:
        first, second = session.scalars(
            select(Edition).where(Edition.audience == "public").order_by(Edition.number)
        ).all()
    assert first.manifest_digest in said
    assert second.manifest_digest in said
    for number, digest in ((1, first.manifest_digest), (2, second.manifest_digest)):
        published("bundle", number, "--out", tmp_path / f"stick-{number}")
        published("verify-bundle", tmp_path / f"stick-{number}", "--expect", digest)
    published("verify-bundle", tmp_path / "stick-2", "--previous", tmp_path / "stick-1")
    assert "不相邻" in published.refused("verify-bundle", tmp_path / "stick-1", "--previous", tmp_path / "stick-2")
    assert "重新存放" in published.refused("verify-bundle", tmp_path / "stick-1", "--expect", old)
    assert "个公开包与登记的校验码相符" in published("doctor")
    published("lift-withdrawal", "JTHB-XK-001", "--as", "publisher", *why)
    published("prepare-edition", "--as", "office")


def test_a_flipped_byte_a_missing_an_added_file_and_a_forged_manifest_are_named(
    made_demo: Path, tmp_path: Path
) -> None:
    zhiquan = CommandLine({"ZHIQUAN_INSTANCE": str(tmp_path / "elsewhere")})  # no database at all
    bundle = Path(shutil.copytree(made_demo / "published" / "edition-1", tmp_path / "bundle"))
    assert "相符" in zhiquan("verify-bundle", bundle)

    page = bundle / "index.html"
    whole = page.read_bytes()
    page.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    assert "index.html" in zhiquan.refused("verify-bundle", bundle)
    page.unlink()
    assert "缺少文件 index.html" in zhiquan.refused("verify-bundle", bundle)
    page.write_bytes(whole)
    (bundle / "extra.html").write_bytes(b"")
    assert "extra.html" in zhiquan.refused("verify-bundle", bundle)
    (bundle / "extra.html").unlink()
    assert "校验码" in zhiquan.refused("verify-bundle", bundle, "--expect", "0" * 64)


def test_the_journal_holds_against_the_head_that_was_kept_and_not_against_another(
    people: CommandLine, database: Database
) -> None:
    with database.reading() as session:
        head = session.get_one(JournalHead, 1)
        first = session.scalars(select(JournalEntry.hash).where(JournalEntry.seq == 1)).one()

    assert head.hash in people("verify-journal")
    people("verify-journal", "--head", head.hash, "--count", head.seq)
    people("verify-journal", "--head", first, "--count", 1)
    assert "不符" in people.refused("verify-journal", "--head", head.hash, "--count", head.seq - 1)
    assert "不符" in people.refused("verify-journal", "--head", head.hash, "--count", head.seq + 1)
    people.refused("verify-journal", "--head", head.hash, code=2)


def test_a_changed_entry_is_named(people: CommandLine, database: Database) -> None:
    with database.engine.execution_options(writing=True).begin() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TRIGGER journal_entry_no_update"))
        else:
            connection.execute(text("DROP TRIGGER journal_entry_immutable ON journal_entry"))
        connection.execute(text("UPDATE journal_entry SET action = 'something_else' WHERE seq = 2"))

    assert "第2条" in people.refused("verify-journal")
    assert "第2条" in people.refused("doctor")
