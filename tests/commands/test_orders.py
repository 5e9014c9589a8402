"""`order-step`: the same act with the same guards from the command line."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from harness.commands import CommandLine
from harness.databases import only_sqlite
from webapp import clock
from webapp.accounts.models import Section
from webapp.accounts.reading import actor_by_username
from webapp.db import Database
from webapp.documents.sheets import write_csv
from webapp.findings.models import RectificationOrder
from webapp.findings.operations import decide_finding, raise_finding
from webapp.findings.ordering import OrderGiven, draft_order

pytestmark = only_sqlite


@pytest.fixture
def drafted(people: CommandLine, database: Database) -> CommandLine:
    """An order of the sample bureau, drafted."""
    with database.writing() as session:
        office, second = (actor_by_username(session, name) for name in ("office", "office2"))
        assert office
        assert second
        section = session.scalars(select(Section.id).where(Section.name == "污染控制科")).one()
        finding = raise_finding(
            session,
            office,
            section_id=section,
            fact="电话无人接听",
            basis="",
            severity="minor",
            found_on=min(clock.today(), date(2008, 7, 8)),
        )
        decide_finding(session, second, finding.id, event="confirm")
        draft_order(session, office, OrderGiven(findings=[finding.id], title="整改", measures="改正"))
    return people


def test_an_order_is_seen_through_from_the_command_line_by_the_right_persons(
    drafted: CommandLine, database: Database, tmp_path: Path
) -> None:
    table = tmp_path / "回执.csv"
    table.write_bytes(write_csv([["序号", "整改情况", "佐证"], ["1", "已更换", "照片"]]))
    drafted("order-step", 1, "submit_order", "--as", "office")
    assert "没有办理“签发”的权限" in drafted.refused("order-step", 1, "issue_order", "--as", "office2")
    assert "请填写发文字号" in drafted.refused("order-step", 1, "issue_order", "--as", "deputy")
    drafted("order-step", 1, "issue_order", "--as", "deputy", "--document", "坛环督〔2008〕1号")
    assert "没有找到" in drafted.refused("order-step", 1, "acknowledge_order", "--as", "clerk2")
    drafted("order-step", 1, "acknowledge_order", "--as", "clerk")
    assert "--file" in drafted.refused("order-step", 1, "submit_feedback", "--as", "clerk")
    drafted("order-step", 1, "submit_feedback", "--as", "clerk", "--file", table)
    drafted("order-step", 1, "accept_feedback", "--as", "inspector")
    refused = drafted.refused("order-step", 1, "close_order", "--as", "inspector", "--note", "好")
    assert "请由他人办理" in refused
    assert "刚刚有人办理过" in drafted.refused(
        "order-step", 1, "close_order", "--as", "office2", "--note", "好", "--version", 2
    )
    assert "整改完成" in drafted("order-step", 1, "close_order", "--as", "office2", "--note", "好")
    with database.reading() as session:
        assert session.get_one(RectificationOrder, 1).state == "closed"
