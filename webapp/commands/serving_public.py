"""`serve-public`, and what both servers share: the address they listen on, and granian. Knows no database."""

import multiprocessing
import os
import sys
from pathlib import Path

import click
from granian.constants import Interfaces
from granian.server import MPServer

from webapp.commands.words import Command
from webapp.rules import Misconfigured

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
# Per worker: some wait for the disk or the database while one computes.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
BUNDLE = "ZHIQUAN_BUNDLE"  # tells the workers which folder to serve


class Address(click.ParamType[tuple[str, int]]):
    """HOST:PORT on the command line."""

    name = "地址：端口"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Return host and port; an IPv6 host stands in brackets."""
        host, _, port = str(value).rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 1 << 16:
            self.fail("应写成 127.0.0.1:8000 这样的地址和端口", param, ctx)
        return host.strip("[]"), int(port)


@click.command("serve-public", cls=Command, help="运行公开网站：只凭公开包，不需要数据库。")
@click.option("--bind", metavar="地址：端口", type=Address(), default="127.0.0.1:8001", help="默认 127.0.0.1:8001。")
@click.option(
    "--bundle", "folder", metavar="文件夹", type=click.Path(path_type=Path), help="公开包；不写则为已发布的一号。"
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
