"""`order-step`: an act on a rectification order from the command line, by the same operation as the form's."""

from pathlib import Path

import click

from webapp.commands.answering import say
from webapp.commands.door import acting, opened
from webapp.commands.words import Command
from webapp.documents.reading import read_table
from webapp.findings.forms import feedback_of_table
from webapp.findings.order_stages import ACTS, ORDER_WORDS, Doer, Event
from webapp.findings.ordering import Decision, advance
from webapp.findings.reading import items_of, seen_order
from webapp.policy import Permission
from webapp.rules import RuleBroken

_EVENTS = [str(act.event) for act in ACTS if act.doer is not Doer.TIME]


@click.command("order-step", cls=Command, help="以某人的身份办理一份整改通知：签收、报送结果、复核、销号等。")
@click.argument("order", metavar="通知序号", type=int)
@click.argument("event", metavar="办理事项", type=click.Choice(_EVENTS))
@acting
@click.option("--note", metavar="理由", default="", help="理由或依据。")
@click.option("--document", metavar="文号", default="", help="签发时的发文字号。")
@click.option("--days", metavar="天数", type=int, default=0, help="申请延期或另给的时限，与整改期限同一单位。")
@click.option("--version", metavar="版本", type=int, help="看到的版本号；不写的按现在的办理。")
@click.option(
    "--file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="整改回执表。"
)
def order_step(
    order: int,
    event: str,
    username: str | None,
    note: str,
    document: str,
    days: int,
    version: int | None,
    file: Path | None,
) -> None:
    """Take one act on an order."""
    if event == Event.FEEDBACK and file is None:
        raise RuleBroken("报送整改结果须用 --file 指定填好的整改回执表(.xlsx或.csv)。")
    rows = [row.cells for row in read_table(file.read_bytes(), file.name).rows] if file else []
    with opened() as installation:
        actor = installation.actor(username, Permission.WORK_ON_ORDERS)
        with installation.database.writing() as session:
            seen = seen_order(session, actor, order)
            open_items = {item.position: item.id for item, _ in items_of(session, seen) if not item.is_accepted}
            decision = Decision(
                event=event,
                note=note,
                document=document,
                n=days,
                feedback=feedback_of_table(rows, open_items) if rows else {},
                seen_version=seen.version if version is None else version,
            )
            state = advance(session, actor, order, decision).state
    say(f"第{order}号整改通知现为“{ORDER_WORDS[state]}”。")
