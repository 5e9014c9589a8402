"""`serve` and `tick`: running the staff application under granian, and what time brings."""

import shutil
import time

import click

from webapp.commands.answering import say, warn
from webapp.commands.door import opened
from webapp.commands.serving_public import Address, make_server
from webapp.commands.ticking import DUTIES, Ticker, run_duties
from webapp.commands.words import Command
from webapp.config import Settings
from webapp.publication.operations import point_at_released

HALF_WRITTEN_AFTER = 3600.0  # seconds


@click.command(cls=Command, help="运行内部系统，并每分钟办理一次到期事务(多台服务器同时运行时只由一台办理)。")
@click.option("--bind", metavar="地址：端口", type=Address(), default="127.0.0.1:8000", help="默认 127.0.0.1:8000。")
def serve(bind: tuple[str, int]) -> None:
    """Serve the staff app."""
    with opened() as installation:
        settings = installation.settings
        remove_half_written(settings)
        point_at_released(installation.database, settings)
    ticker = Ticker(settings)
    server = make_server("wsgi:staff", bind)
    server.on_startup(ticker.start)
    server.on_shutdown(ticker.stop)
    server.serve()


@click.command(cls=Command, help="办理到期事务(serve 每分钟自动办理；不用 serve 时由 cron 运行)。可重复运行。")
def tick() -> None:
    """Do what time brings."""
    with opened() as installation:
        done = run_duties(installation.database, installation.settings)
    for duty in DUTIES:
        say(f"{duty.label}:{done[duty.name]}项" if done[duty.name] else f"{duty.label}：无需处理")


def remove_half_written(settings: Settings) -> None:
    """Remove bundle folders that a preparation left unfinished more than an hour ago."""
    for draft in settings.editions.glob(".draft-*"):
        try:
            is_old = time.time() - draft.stat().st_mtime > HALF_WRITTEN_AFTER
        except FileNotFoundError:
            continue
        if is_old:
            shutil.rmtree(draft, ignore_errors=True)
            warn(f"已清除未写完的公开包 {draft.name}。")
