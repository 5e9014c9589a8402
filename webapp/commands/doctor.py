"""`doctor`: says what is wrong with this installation and what to do. Each check is a function that yields findings."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from xml.parsers import expat

import click
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock, schema
from webapp.bundle.verify import chain_faults, verify_bundle
from webapp.commands.answering import REFUSED, say, told, warn
from webapp.commands.door import opened
from webapp.commands.words import Command
from webapp.complaints.models import ComplaintIdentity
from webapp.complaints.vault import KEY_FILE, VaultClosed, open_vault
from webapp.config import Settings
from webapp.db import Database, is_mended, sqlite_driver
from webapp.files.models import File
from webapp.files.reading import file_faults
from webapp.flows.drawings import LIBRARIES, draw
from webapp.flows.kind import empty_body
from webapp.journal import operations as journal
from webapp.journal.models import JournalEntry
from webapp.publication.models import Edition
from webapp.publication.operations import LABELS
from webapp.rules import Misconfigured, RuleBroken

_ROOM = 512 * 1024 * 1024  # bytes; less than a backup beside the database needs
_FULL = 2  # PRAGMA synchronous=FULL
_JUMP = timedelta(minutes=10)
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_CJK = ("noto*cjk", "notosans*sc", "wqy", "sourcehan", "simsun", "simhei", "droidsansfallback", "uming", "ukai")


@dataclass(frozen=True)
class Finding:
    """What a check saw: fine, worth a look, or a fault with what to do."""

    level: str  # "ok", "note", "fault"
    sentence: str


Check = Callable[[Settings, Database], Iterator[Finding]]


@click.command(
    cls=Command, help="检查本机的安装：数据库、文件、绘图、公开包、日志、时钟；指出问题和办法。有问题时退出码为1。"
)
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Tell what is wrong with this installation."""
    faults = 0
    with opened(ready=False) as installation:
        for finding in examine(installation.settings, installation.database):
            mark = {"ok": "正常", "note": "提示", "fault": "问题"}[finding.level]
            (warn if finding.level == "fault" else say)(f"[{mark}] {finding.sentence}")
            faults += finding.level == "fault"
    if faults:
        warn(f"共{faults}个问题，请按上面的办法处理后再运行一次。")
        ctx.exit(REFUSED)
    say("未发现问题。")


def examine(settings: Settings, database: Database) -> Iterator[Finding]:
    """Yield the findings of all checks; those that read the database only where its schema is of this version."""
    for check in _ALWAYS:
        yield from _guarded(check, settings, database)
    ready = True
    for finding in _guarded(check_schema, settings, database):
        ready = ready and finding.level == "ok"
        yield finding
    if ready:
        for check in _ON_SCHEMA:
            yield from _guarded(check, settings, database)
    for check in _AFTERWARDS:
        yield from _guarded(check, settings, database)


def check_folders(settings: Settings, _database: Database) -> Iterator[Finding]:
    """See that every folder of the instance can be written, and that there is room."""
    for folder in (
        settings.instance,
        settings.editions,
        settings.drawings,
        settings.files,
        settings.instance / "public",
    ):
        place = folder if folder.exists() else folder.parent
        if not os.access(place, os.W_OK | os.X_OK):
            yield Finding("fault", f"文件夹 {place.name} 不能写入。请把它的所有者改为运行本系统的账号。")
    free = shutil.disk_usage(settings.instance).free
    if free < _ROOM:
        yield Finding("fault", f"磁盘只剩{free // 1024**2}MB。请清理或扩容，至少留出{_ROOM // 1024**2}MB。")
    else:
        yield Finding("ok", f"文件夹可写，磁盘剩余{free // 1024**3}GB。")


def check_secret(settings: Settings, _database: Database) -> Iterator[Finding]:
    """See that the kept key is readable by its owner only."""
    kept = settings.instance / "secret-key"
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        yield Finding("fault", "secret-key 文件可被其他账号读取。请运行 chmod 600 secret-key,并删除它以更换密钥。")
    else:
        yield Finding("ok", "密钥已设置。")


def check_vault(settings: Settings, database: Database) -> Iterator[Finding]:
    """See that what is sealed of complainants can be opened, and the key read by its owner only."""
    kept = settings.instance / KEY_FILE
    with database.reading() as session:
        row = session.execute(
            select(ComplaintIdentity.complaint_id, ComplaintIdentity.sealed)
            .where(ComplaintIdentity.sealed != "")
            .limit(1)
        ).first()
    if kept.exists() and stat.S_IMODE(kept.stat().st_mode) & 0o077:
        yield Finding("fault", f"{KEY_FILE} 文件可被其他账号读取。请运行 chmod 600 {KEY_FILE}。")
    try:
        if row is not None:
            open_vault(settings.instance).open(row.sealed, row.complaint_id)
    except VaultClosed as closed:
        yield Finding("fault", closed.message)
    else:
        yield Finding("ok", "来件人信息的密钥可用。" if row else "没有保存来件人信息。")


def check_sqlite(_settings: Settings, database: Database) -> Iterator[Finding]:
    """See that SQLite is free of the WAL-reset bug, and that a commit is on the disk before it is told."""
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version").scalar_one()
            commit = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
        yield Finding("ok", f"数据库:PostgreSQL {version}。")
        if commit == "off":
            yield Finding("fault", "PostgreSQL 的 synchronous_commit 为 off,断电会丢失已确认的办理。请改为 on。")
        return
    driver = sqlite_driver()
    version = driver.sqlite_version
    if is_mended(driver.sqlite_version_info):
        yield Finding("ok", f"数据库:SQLite {version}(驱动 {driver.__name__})。")
    else:
        yield Finding("fault", f"SQLite {version} 有丢失数据的缺陷(WAL-reset)。请安装 pysqlite3 0.6.1 以上。")
    with database.engine.connect() as connection:
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    if level < _FULL:
        yield Finding("fault", "SQLite 的 synchronous 低于 FULL,断电会丢失已确认的办理。请恢复本系统原来的程序文件。")


def check_schema(_settings: Settings, database: Database) -> Iterator[Finding]:
    """See that the database stands on the schema of this version."""
    current, head = schema.current(database), schema.head()
    if current is None:
        yield Finding("fault", "数据库尚未建立。请运行 zhiquan init。")
    elif current != head:
        yield Finding("fault", f"数据库的结构是{current}，本版本要{head}。请先备份，再运行 zhiquan init 升级。")
    else:
        yield Finding("ok", f"数据库结构是最新的({head})。")


def check_journal(_settings: Settings, database: Database) -> Iterator[Finding]:
    """See that the journal's chain is whole."""
    with database.reading() as session:
        fault = journal.verify(session)
        count = journal.count_entries(session)
    if fault:
        yield Finding("fault", f"操作日志校验不符：{fault}请保留现场，与最近的备份比对，并联系审计员。")
    else:
        yield Finding("ok", f"操作日志校验相符，共{count}条。")


def check_clock(settings: Settings, database: Database) -> Iterator[Finding]:
    """See that the machine's clock is not behind what was journalled."""
    if settings.today is not None:
        word = "演示" if settings.demo_mark.exists() else "试验"
        yield Finding("note", f"日期固定在{settings.today.isoformat()}({word})，不是今天。")
        return
    with database.reading() as session:
        last = session.scalar(select(JournalEntry.at).order_by(JournalEntry.seq.desc()).limit(1))
    if last is not None and last - clock.wall_now() > _JUMP:
        yield Finding("fault", f"本机时钟早于操作日志的末条({clock.local_day(last).isoformat()})。请核对时钟(NTP)。")
    else:
        yield Finding("ok", f"时钟：{clock.wall_now().astimezone(clock.CHINA):%Y-%m-%d %H:%M}(北京时间)。")


def check_editions(settings: Settings, database: Database) -> Iterator[Finding]:
    """See that every stored bundle is what the database says it is."""
    with database.reading() as session:
        editions = list(session.scalars(select(Edition).order_by(Edition.id)))
    whole = 0
    before: dict[str, Edition] = {}
    for edition in told(editions, "校验公开包"):
        name = f"{LABELS[edition.audience]}第{edition.number}号"
        found = verify_bundle(settings.editions / edition.folder, edition.manifest_digest)
        if found:
            yield Finding("fault", f"{name}的公开包有{len(found)}处不符：{found[0].sentence}请从备份恢复该文件夹。")
        else:
            whole += 1
            if (last := before.get(edition.audience)) and (
                broken := chain_faults(settings.editions / last.folder, settings.editions / edition.folder)
            ):
                yield Finding("fault", f"{name}与上一版不衔接：{broken[0].sentence}请从备份恢复这两版的公开包。")
        before[edition.audience] = edition
    if whole:
        yield Finding("ok", f"{whole}个公开包与登记的校验码相符。")


def check_files(settings: Settings, database: Database) -> Iterator[Finding]:
    """See that every file people brought as proof is there and unchanged."""
    with database.reading() as session:
        count = session.scalar(select(func.count()).select_from(File)) or 0
        faults = list(file_faults(session, settings.files))
    if faults:
        yield Finding("fault", f"{len(faults)}个附件不完好：{faults[0]}请从备份恢复该文件。")
    elif count:
        yield Finding("ok", f"{count}个附件与登记的校验码相符。")


def check_drawing(_settings: Settings, _database: Database) -> Iterator[Finding]:
    """See that Graphviz can be loaded and draws."""
    drawing = draw(empty_body("LC-0", "试绘"))
    if drawing.svg is not None:
        yield Finding("ok", "流程图可以绘制。")
    elif drawing.notice == LIBRARIES:
        yield Finding(
            "fault", "缺少绘图组件，流程图不能显示。请运行 apt-get install libglib2.0-0 libx11-6 libxext6 libxrender1。"
        )
    else:
        yield Finding("fault", f"试绘流程图未成功：{drawing.notice}")


def check_drawings(settings: Settings, _database: Database) -> Iterator[Finding]:
    """See that every stored drawing is well-formed."""
    files = sorted(settings.drawings.glob("*/*.svg"))
    broken = [file for file in files if not _parses(file)]
    if broken:
        yield Finding(
            "fault", f"{len(broken)}张存图已损坏(如 {broken[0].name})。请删除这些文件，打开流程图时会重新绘制。"
        )
    elif files:
        yield Finding("ok", f"{len(files)}张存图完好。")


def check_fonts(_settings: Settings, _database: Database) -> Iterator[Finding]:
    """See whether a Chinese font is there: only pictures made on this machine need one."""
    folders = [Path(folder).expanduser() for folder in _FONT_FOLDERS]
    names = {file.name.lower() for folder in folders if folder.is_dir() for file in folder.rglob("*.[to]t[fc]")}
    if any(Path(name).match(f"*{mark}*") for name in names for mark in _CJK):
        yield Finding("ok", "本机有中文字体。")
    else:
        yield Finding("note", "本机没有中文字体：网页不受影响；在本机截图时请安装 fonts-noto-cjk。")


def _guarded(check: Check, settings: Settings, database: Database) -> Iterator[Finding]:
    """Yield a check's findings; one that cannot be made is itself a fault."""
    try:
        yield from check(settings, database)
    except (RuleBroken, Misconfigured) as error:
        yield Finding("fault", str(error))
    except SQLAlchemyError as error:
        cause = (str(getattr(error, "orig", None) or error).splitlines() or [""])[0][:200]
        yield Finding("fault", f"数据库不能使用：{cause}。请核对 ZHIQUAN_DATABASE_URL 和数据库服务。")
    except OSError as error:
        yield Finding("fault", f"文件不能读写：{error.filename or ''} {error.strerror or ''}。请核对权限和磁盘。")


def _parses(file: Path) -> bool:
    try:
        expat.ParserCreate().Parse(file.read_bytes(), True)  # noqa: FBT003 - the signature of the standard library
    except (expat.ExpatError, OSError):
        return False
    return True


_ALWAYS: tuple[Check, ...] = (check_folders, check_secret, check_sqlite)
_ON_SCHEMA: tuple[Check, ...] = (check_journal, check_clock, check_editions, check_files, check_vault)
_AFTERWARDS: tuple[Check, ...] = (check_drawing, check_drawings, check_fonts)
