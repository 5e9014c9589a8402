"""`demo`: the sample bureau on 2008-07-08 and, beside it, the edition of 2008-09-01, served until interrupted."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click

from webapp import schema
from webapp.accounts.loading import create_administrators
from webapp.commands.answering import say, told, warn
from webapp.commands.serving_public import ROOT, Address
from webapp.commands.words import Command
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.rules import Misconfigured
from webapp.sample import bureau
from webapp.sample.campaign import load_campaign
from webapp.sample.orders import load_orders
from webapp.sample.published import publish_sample
from webapp.sample.supervision import load_supervision

DAY = "2008-07-08"
_PATIENCE = 90.0  # seconds a server may take to answer
# All that a demonstration keeps; nothing else in the folder is touched.
_KEPT = ("zhiquan.sqlite", "zhiquan.sqlite-wal", "zhiquan.sqlite-shm", "DEMO", "demo.json", "vault-key")
_FOLDERS = ("editions", "drawings", "files", "public", "published")


@click.command(
    cls=Command,
    help="建立（没有时）并运行演示：样例局的2008年7月8日，及2008年9月1日的公开网站。按 Ctrl-C 结束。",
)
@click.option("--fresh", is_flag=True, help="清除原来的演示，从头开始。")
@click.option("--bind", metavar="地址：端口", type=Address(), default="127.0.0.1:8000", help="内部系统，默认 8000。")
@click.option(
    "--public-bind", metavar="地址：端口", type=Address(), default="127.0.0.1:8001", help="公开网站，默认 8001。"
)
def demo(bind: tuple[str, int], public_bind: tuple[str, int], *, fresh: bool) -> None:
    """Make the demonstration where there is none, and serve it."""
    settings = load_settings()
    settings = replace(settings, database_url=f"sqlite:///{settings.instance / 'zhiquan.sqlite'}", today=None)
    for address in (bind, public_bind):
        _require_free(address)
    password = make(settings, fresh=fresh)
    ended = _heed_signals()
    staff, public = (f"http://{host}:{port}/" for host, port in (bind, public_bind))
    with _server(settings, ("serve", "--bind", _text(bind)), today=DAY) as first:
        arguments = ("serve-public", "--bind", _text(public_bind), "--bundle", str(bundle_of(settings)))
        with _server(settings, arguments) as second:
            running = {staff: first, public: second}
            if all(_answers(url, process, ended) for url, process in running.items()):
                _announce(staff, public, password)
                _wait_for_end(list(running.values()), ended)
    say("演示已结束。")


def make(settings: Settings, *, fresh: bool = False) -> str | None:
    """Make the demonstration in an instance folder if it is not there; return its password where it is known.

    One that was interrupted while it was made, or any with `fresh`, starts over. Raises Misconfigured where the folder
    holds a real installation.
    """
    notes = settings.instance / "demo.json"
    known = json.loads(notes.read_text(encoding="utf-8")) if notes.exists() else {}
    has_database = (settings.instance / "zhiquan.sqlite").exists()
    if has_database and not known and not settings.demo_mark.exists():
        raise Misconfigured(
            "该文件夹中是正式安装的数据，不能用于演示。请用 ZHIQUAN_INSTANCE 另指定一个文件夹。",
        )
    if fresh or known.get("state") == "making":
        _clear(settings.instance)
        known, has_database = {}, False
    if not has_database:
        password = settings.demo_password or bureau.random_password()
        _note(notes, {"state": "making"})
        _make(settings, password)
        known = {"state": "made", "password": password}
        _note(notes, known)
    elif not (bundle_of(settings) / "manifest.json").is_file():
        publish_sample(settings, bundle_of(settings))
    password_kept: str | None = known.get("password")
    return password_kept


def bundle_of(settings: Settings) -> Path:
    """Return the folder of the sample's published bundle."""
    return settings.instance / "published" / "edition-1"


def _make(settings: Settings, password: str) -> None:
    say("正在建立演示（约半分钟）：样例局2008年7月8日的办理情况，和2008年9月1日的公开版……")
    began = time.monotonic()
    # The edition is made in a process of its own: it needs another day, and there are two processors.
    context = multiprocessing.get_context("spawn")
    ignoring = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, context, initializer=signal.signal, initargs=ignoring) as apart:
        publishing = apart.submit(publish_sample, settings, bundle_of(settings))
        database = Database(settings.database_url)
        try:
            schema.migrate(database)
            create_administrators(database)
            bureau.load_foundation(database, settings, password)
            load_campaign(database, told=told)
            load_supervision(database, settings)
            load_orders(database)
        finally:
            database.close()
        publishing.result()
    say(f"演示已建立，用时{time.monotonic() - began:.0f}秒。")


def _clear(instance: Path) -> None:
    for name in _KEPT:
        (instance / name).unlink(missing_ok=True)
    for name in _FOLDERS:
        shutil.rmtree(instance / name, ignore_errors=True)


def _note(file: Path, content: dict[str, str]) -> None:
    """Keep what a later start needs; the password of invented people, for the owner's eyes."""
    draft = file.with_suffix(".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        json.dump(content, written)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)


@contextmanager
def _server(
    settings: Settings, arguments: tuple[str, ...], *, today: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    given = {name: value for name, value in os.environ.items() if name not in {"ZHIQUAN_TODAY", "ZHIQUAN_BUNDLE"}}
    given |= {"ZHIQUAN_INSTANCE": str(settings.instance), "ZHIQUAN_DATABASE_URL": settings.database_url}
    if today is not None:
        given["ZHIQUAN_TODAY"] = today
    # In a session of its own, so that Ctrl-C reaches it once, from here.
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "webapp.commands", *arguments],
        cwd=ROOT,
        env=given,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _heed_signals() -> list[int]:
    """Let what would end this process be noted in the list returned instead.

    The servers run in sessions of their own, so they must be ended first. Nothing is raised: a signal that came while
    a server is being started would leave it behind.
    """
    ended: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        ended.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)
    return ended


def _answers(url: str, process: subprocess.Popen[bytes], ended: list[int]) -> bool:
    """Wait until a server answers; False where a signal came first. Raise Misconfigured where it does not start."""
    limit = time.monotonic() + _PATIENCE
    while time.monotonic() < limit and process.poll() is None and not ended:
        try:
            with urllib.request.urlopen(f"{url}healthz", timeout=5):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    if ended:
        return False
    raise Misconfigured(f"{url} 未能启动，原因见上面的输出。")


def _wait_for_end(processes: list[subprocess.Popen[bytes]], ended: list[int]) -> None:
    while not ended and all(process.poll() is None for process in processes):
        time.sleep(0.3)
    if not ended:
        raise Misconfigured("有一个服务自行停止，演示已结束，原因见上面的输出。")


def _announce(staff: str, public: str, password: str | None) -> None:
    say("")
    say(f"内部系统（日期固定在2008年7月8日）  {staff}")
    say(f"公开网站（2008年9月1日第1号）       {public}")
    say(f"登录密码（各账号相同）              {password or '装入样例时所示的密码'}")
    say("")
    for username, section, purpose in bureau.account_lines():
        say(f"  {username:<11}{section}：{purpose}")
    say("")
    say("按 Ctrl-C 结束；再次运行时从现有数据继续；make demo-fresh 从头开始。")
    sys.stdout.flush()


def _require_free(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            warn(f"端口 {_text(address)} 已被占用。")
            raise Misconfigured("请先结束占用该端口的程序，或用 --bind、--public-bind 换一个端口。") from None


def _text(address: tuple[str, int]) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
