"""`withdraw`, `lift-withdrawal`: taking a published power down at once, and letting it in again."""

import click

from webapp.commands.answering import say, warn
from webapp.commands.door import acting, opened
from webapp.commands.words import Command
from webapp.policy import Permission
from webapp.publication import withdrawing
from webapp.publication.operations import LABELS

_REASON = click.option("--reason", metavar="理由", required=True, help="只供内部查阅，不对外公开。")
_DOCUMENT = click.option("--document", metavar="文号", required=True, help="审批单号；事后补签的写明待补签和日期。")


@click.command(cls=Command, help="由局办公室撤下一项职权：各版公开包换成说明，并即时发布只减去该项的新一版。")
@click.argument("code", metavar="职权编码")
@acting
@_REASON
@_DOCUMENT
def withdraw(code: str, username: str | None, reason: str, document: str) -> None:
    """Take a power down."""
    with opened() as installation:
        actor = installation.actor(username, Permission.RELEASE_EDITION)
        done = withdrawing.withdraw_record(
            installation.database, installation.settings, actor, code, reason=reason, document=document
        )
    for words, editions in (("已重新存放", done.replaced), ("已发布", done.issued)):
        for edition in editions:
            say(f"{words}{LABELS[edition.audience]}第{edition.number}号，清单校验码 {edition.manifest_digest}")
    if done.discarded:
        warn("待发布的公开版已作废，请重新编制。")
    say(f"{code}已撤下。")


@click.command("lift-withdrawal", cls=Command, help="由局办公室恢复一项撤下的职权：列入下一版，仍由两人编制和发布。")
@click.argument("code", metavar="职权编码")
@acting
@_REASON
@_DOCUMENT
def lift_withdrawal(code: str, username: str | None, reason: str, document: str) -> None:
    """Let a power in again."""
    with opened() as installation:
        actor = installation.actor(username, Permission.RELEASE_EDITION)
        with installation.database.writing() as session:
            withdrawing.lift_withdrawal(session, actor, code, reason=reason, document=document)
    say(f"{code}已恢复，将列入下一版。")
