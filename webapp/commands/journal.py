"""`verify-journal`: walking the chain of the journal."""

import click

from webapp.commands.answering import REFUSED, say, warn
from webapp.commands.door import opened
from webapp.commands.words import Command
from webapp.journal import operations as journal
from webapp.journal.models import JournalHead


@click.command(
    "verify-journal",
    cls=Command,
    help="逐条校验操作日志，指出第一处不符；打印末条校验值，供留存在系统之外。\n\n日志被整体改写或截去尾部，只有与留存在外的校验值比对才能发现。",
)
@click.option("--head", metavar="校验值", help="留存在外的末条校验值；与 --count 一同给出。")
@click.option("--count", type=int, metavar="条数", help="留存时的条数。")
@click.pass_context
def verify_journal(ctx: click.Context, head: str | None, count: int | None) -> None:
    """Walk the chain of the journal."""
    if (head is None) != (count is None):
        raise click.UsageError("--head 与 --count 须一同给出")
    with opened() as installation, installation.database.reading() as session:
        kept = (count, head.strip().lower()) if head is not None and count is not None else None
        fault = journal.verify(session, head=kept)
        last = session.get(JournalHead, 1)
    if fault is not None:
        warn(f"操作日志校验不符：{fault}请保留现场并联系审计员。")
        ctx.exit(REFUSED)
    say(f"操作日志校验相符：共{last.seq if last else 0}条。")
    if last is not None:
        say(f"末条校验值：{last.hash}(留存:--head {last.hash} --count {last.seq})")
