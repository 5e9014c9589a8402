"""`serve`, `serve-public`, `tick`: running the two applications under granian, and what time brings."""

import multiprocessing
import os
import shutil
import sys
import time
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.server import MPServer

from webapp.commands.door import opened, say, warn
from webapp.commands.ticking import DUTIES, Ticker, run_duties
from webapp.commands.words import Command
from webapp.config import Settings
from webapp.publication.operations import point_at_released
from webapp.rules import Misconfigured

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
# Per worker: some wait for the disk or the database while one computes.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
HALF_WRITTEN_AFTER = 3600.0  # seconds
BUNDLE = "ZHIQUAN_BUNDLE"  # tells the workers of `serve-public` which folder to serve


class Address(click.ParamType[tuple[str, int]]):
    """HOST:PORT on the command line."""

    name = "地址:端口"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Return host and port; an IPv6 host stands in brackets."""
        host, _, port = str(value).rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 1 << 16:
            self.fail("应写成 127.0.0.1:8000 这样的地址和端口", param, ctx)
        return host.strip("[]"), int(port)


@click.command(cls=Command, help="运行内部系统,并每分钟办理一次到期事务(多台服务器同时运行时只由一台办理)。")
@click.option("--bind", metavar="地址:端口", type=Address(), default="127.0.0.1:8000", help="默认 127.0.0.1:8000。")
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


@click.command("serve-public", cls=Command, help="运行公开网站:只凭公开包,不需要数据库。")
@click.option("--bind", metavar="地址:端口", type=Address(), default="127.0.0.1:8001", help="默认 127.0.0.1:8001。")
@click.option(
    "--bundle", "folder", metavar="文件夹", type=click.Path(path_type=Path), help="公开包;不写则为已发布的一号。"
)
def serve_public(bind: tuple[str, int], folder: Path | None) -> None:
    """Serve the public site."""
    if folder is not None:
        if not (folder / "manifest.json").is_file():
            raise Misconfigured(f"{folder.name}中没有清单 manifest.json,不是公开包。请指定公开包的文件夹。")
        os.environ[BUNDLE] = str(folder.absolute())
    else:
        os.environ.pop(BUNDLE, None)
    make_server("wsgi:public", bind).serve()


@click.command(cls=Command, help="办理到期事务(serve 每分钟自动办理;不用 serve 时由 cron 运行)。可重复运行。")
def tick() -> None:
    """Do what time brings."""
    with opened() as installation:
        done = run_duties(installation.database, installation.settings)
    for duty in DUTIES:
        say(f"{duty.label}:{done[duty.name]}项" if done[duty.name] else f"{duty.label}:无需处理")


def make_server(target: str, bind: tuple[str, int]) -> MPServer:
    """Return the server of an application; workers are processes that import `wsgi` of this installation.

    They start afresh: a fork beside the thread that ticks could inherit a lock nobody will give back.
    """
    multiprocessing.set_start_method("spawn", force=True)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    host, port = bind
    return MPServer(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        process_name=None,
    )


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
