"""`import`, `adopt` and `export catalogue`: the catalogue as a file, in and out."""

import contextlib
import csv
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from webapp.commands.door import REFUSED, acting, opened, say, told, warn
from webapp.commands.words import Command, Group
from webapp.policy import Permission
from webapp.reviews import intake
from webapp.reviews.export import exported, line_text
from webapp.rules import RuleBroken

_COLUMNS = ("row", "column", "value", "why")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_IMPORT_HELP = """把职权和流程图作为草稿导入(.jsonl)。

逐行收入或说明不收入的理由:行数 = 收入 + 未收入。收入一行以上为成功(0),一行也未收入为失败(1)。

--report 以 .csv 结尾的写表格,其余每行一个 JSON(row、column、value、why)。
"""
_SHOWN = 20  # refusals told on the terminal; --report writes them all


class _RolledBack(Exception):  # noqa: N818 - not an error: how a dry run leaves its transaction
    """What a dry run found."""

    def __init__(self, found: intake.Intake) -> None:
        super().__init__()
        self.found = found


@click.command(
    "import",
    cls=Command,
    help=_IMPORT_HELP,
)
@click.argument("file", metavar="文件", type=_FILE)
@acting
@click.option("--section", metavar="科室", help="全部归到这个科室。")
@click.option("--map", "mapping", metavar="表头=字段", multiple=True, help="表头与字段的对应,可重复(.xlsx .csv)。")
@click.option("--dry-run", is_flag=True, help="只检查,不保存。")
@click.option(
    "--report", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), help="未收入的逐行写入此文件。"
)
@click.pass_context
def import_file(
    ctx: click.Context,
    file: Path,
    username: str | None,
    section: str | None,
    mapping: tuple[str, ...],
    report: Path | None,
    *,
    dry_run: bool,
) -> None:
    """Import a file as drafts."""
    with opened() as installation:
        actor = installation.actor(username, Permission.IMPORT_RECORDS)
        lines = told(list(_lines(file, mapping)), "导入")
        try:
            with installation.database.writing() as session:
                found = intake.import_records(session, actor, lines, section=section)
                _roll_back_if(dry_run, found)
        except _RolledBack as dry:
            found = dry.found
    _tell(found, "可收入" if dry_run else "收入")
    if dry_run:
        say("只作检查,未保存。")
    if report is not None:
        write_report(report, found.refusals)
    if not found.taken:
        ctx.exit(REFUSED)


@click.command(
    cls=Command,
    help="承接已在纸面上审定的职权目录(.jsonl):职权、流程图和不公开申请按该文件成为已审定的稿子。\n\n缺项只作提示,不影响收入。",
)
@click.argument("file", metavar="文件", type=_FILE)
@acting
@click.option("--document", metavar="文号", required=True, help="审定文件的文号。")
@click.option("--date", "day", metavar="日期", required=True, type=click.DateTime(["%Y-%m-%d"]), help="审定日期。")
@click.option(
    "--report", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), help="未收入的和提示写入此文件。"
)
@click.pass_context
def adopt(
    ctx: click.Context,
    file: Path,
    username: str | None,
    document: str,
    day: datetime,
    report: Path | None,
) -> None:
    """Adopt a catalogue that was approved on paper."""
    with opened() as installation:
        actor = installation.actor(username, Permission.ADOPT_CATALOGUE)
        lines = told(list(_lines(file, ())), "承接")
        with installation.database.writing() as session:
            found = intake.adopt_catalogue(session, actor, lines, document=document, decided_on=day.date())
    _tell(found, "承接")
    if found.warnings:
        say(f"提示{len(found.warnings)}条:已审定的内容有缺项,可在以后修改时补齐。")
    if report is not None:
        write_report(report, [*found.refusals, *found.warnings])
    if not found.taken:
        ctx.exit(REFUSED)


@click.group(cls=Group, help="导出。")
def export() -> None:
    """Group what can be exported."""


@export.command(help="导出职权目录:此人可见的职权、流程图和不公开申请。")
@click.option("--format", "form", type=click.Choice(["jsonl"]), required=True, help="jsonl 可原样再导入。")
@acting
@click.option(
    "--out", "target", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), help="不写则输出到屏幕。"
)
def catalogue(form: str, username: str | None, target: Path | None) -> None:
    """Export the catalogue as a person sees it."""
    del form
    with opened() as installation:
        actor = installation.actor(username, Permission.EXPORT_CATALOGUE)
        with installation.database.reading() as session, _output(target) as file:
            count = 0
            for line in exported(session, actor):
                file.write(f"{line_text(line)}\n".encode())
                count += 1
    if target is not None:
        say(f"已导出{count}行。")


def write_report(target: Path, refusals: Sequence[intake.Refusal]) -> None:
    """Write one line per refusal: csv with a heading row, or JSON lines."""
    rows = [{"row": one.row, "column": one.column, "value": one.value, "why": one.why} for one in refusals]
    with _output(target) as file:
        if target.suffix.lower() == ".csv":
            text = _csv_text(rows)
        else:
            text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        file.write(text.encode())


def _roll_back_if(dry_run: bool, found: intake.Intake) -> None:  # noqa: FBT001 - the one question it answers
    if dry_run:
        raise _RolledBack(found)


def _csv_text(rows: Sequence[dict[str, object]]) -> str:
    gathered = io.StringIO(newline="")
    writer = csv.DictWriter(gathered, _COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return f"\ufeff{gathered.getvalue()}"


def _harmless(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula (security.md EXP-01)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _lines(file: Path, mapping: Sequence[str]) -> Iterator[tuple[int, object]]:
    suffix = file.suffix.lower()
    if suffix == ".jsonl":
        if mapping:
            raise RuleBroken("--map 只用于表格文件。")
        try:
            yield from intake.read_lines(file.read_text(encoding="utf-8-sig").split("\n"))
        except UnicodeDecodeError as error:
            raise RuleBroken(f"{file.name}不是UTF-8编码的文本文件。请另存为UTF-8后再导入。") from error
        return
    raise RuleBroken(f"不能读取{suffix or '没有扩展名的'}文件:请用 .jsonl 文件。")


def _tell(found: intake.Intake, word: str) -> None:
    say(f"共{found.rows}行:{word}{found.taken}行,未收入{len(found.refusals)}行。")
    for refusal in found.refusals[:_SHOWN]:
        place = f"第{refusal.row}行" + (f" {refusal.column}" if refusal.column else "")
        warn(f"{place}:{refusal.why}" + (f"(原值:{refusal.value})" if refusal.value else ""))
    if len(found.refusals) > _SHOWN:
        warn(f"其余{len(found.refusals) - _SHOWN}行略,可用 --report 写入文件。")


@contextlib.contextmanager
def _output(target: Path | None) -> Iterator[IO[bytes]]:
    """Open a file that is there whole or not at all; the terminal where none is named."""
    if target is None:
        yield sys.stdout.buffer
        return
    descriptor, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}-")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        draft.chmod(0o644)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
