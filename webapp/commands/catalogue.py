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
from sqlalchemy.orm import Session

from webapp.commands.answering import REFUSED, say, told, warn
from webapp.commands.door import acting, opened
from webapp.commands.words import Command, Group
from webapp.policy import Actor, Permission
from webapp.reviews import intake, uploads
from webapp.reviews.export import FORMATS, catalogue_file
from webapp.reviews.import_changes import Proposals, propose_changes, take_changes
from webapp.reviews.import_report import Refusal
from webapp.rules import RuleBroken

_COLUMNS = ("row", "column", "value", "why")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_IMPORT_HELP = """把职权和流程图作为草稿导入:.jsonl(职权、流程图、不公开申请)，或 .xlsx、.csv(职权)。

逐行收入或说明不收入的理由：行数 = 收入 + 未收入。收入一行以上为成功(0)，一行也未收入为失败(1)。

--report 以 .csv 结尾的写表格，其余每行一个 JSON(row、column、value、why)。
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
@click.option("--map", "mapping", metavar="表头=字段", multiple=True, help="表头与字段的对应，可重复(.xlsx .csv)。")
@click.option("--dry-run", is_flag=True, help="只检查，不保存。")
@click.option("--changes", "with_changes", is_flag=True, help="编码已存在的行，作为对该事项草稿的修改。")
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
    with_changes: bool,
) -> None:
    """Import a file as drafts, and as changes of drafts where that is asked for."""
    changed = 0
    with opened() as installation:
        actor = installation.actor(username, Permission.IMPORT_RECORDS)
        with installation.database.reading() as session:
            upload = _read(session, file, mapping)
            proposals = propose_changes(session, actor, upload) if with_changes else Proposals(upload)
        upload = proposals.upload
        try:
            with installation.database.writing() as session:
                lines = told(upload.lines, "导入", length=len(upload.lines))
                found = intake.import_records(session, actor, lines, section=section)
                changed = _take(session, actor, proposals, found)
                _roll_back_if(dry_run, found)
        except _RolledBack as dry:
            found, changed = dry.found, len(proposals.changes)
    for sentence in upload.notes:
        say(sentence)
    _tell(upload.add_refusals(found), "可收入" if dry_run else "收入")
    if changed or proposals.same:
        say(f"其中修改草稿{changed}项；另有{len(proposals.same)}行与现有内容相同，未作改动。")
    if upload.passed_over:
        say(f"另有{len(upload.passed_over)}行不是事项(标题、分组、空行)，已略过。")
    if upload.mended:
        say(f"照规则补正{len(upload.mended)}处(如“同上”)，请在草稿中核对。")
    if dry_run:
        say("只作检查，未保存。")
    if report is not None:
        write_report(report, found.refusals)
    if not found.taken and not proposals.same:
        ctx.exit(REFUSED)


@click.command(
    cls=Command,
    help="承接已在纸面上审定的职权目录(.jsonl)：职权、流程图和不公开申请按该文件成为已审定的稿子。\n\n缺项只作提示，不影响收入。",
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
        if file.suffix.lower() != ".jsonl":
            raise RuleBroken("承接只用 .jsonl 文件。")
        with installation.database.writing() as session:
            upload = _read(session, file, ())
            lines = told(upload.lines, "承接", length=len(upload.lines))
            found = intake.adopt_catalogue(session, actor, lines, document=document, decided_on=day.date())
    _tell(found, "承接")
    if found.warnings:
        say(f"提示{len(found.warnings)}条：已审定的内容有缺项，可在以后修改时补齐。")
    if report is not None:
        write_report(report, [*found.refusals, *found.warnings])
    if not found.taken:
        ctx.exit(REFUSED)


@click.group(cls=Group, help="导出。")
def export() -> None:
    """Group what can be exported."""


@export.command(help="导出职权目录：此人可见的职权、流程图和不公开申请。.csv 只有职权,.xlsx 另有流程图环节。")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="jsonl 可原样再导入。")
@acting
@click.option(
    "--out", "target", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), help="不写则输出到屏幕。"
)
def catalogue(form: str, username: str | None, target: Path | None) -> None:
    """Export the catalogue as a person sees it."""
    with opened() as installation:
        actor = installation.actor(username, Permission.EXPORT_CATALOGUE)
        with installation.database.reading() as session:
            content = catalogue_file(session, actor, form)
    with _output(target) as file:
        file.write(content)
    if target is not None:
        say(f"已导出到 {target.name}。")


def write_report(target: Path, refusals: Sequence[Refusal]) -> None:
    """Write one line per refusal: csv with a heading row, or JSON lines."""
    rows = [{"row": one.row, "column": one.column, "value": one.value, "why": one.why} for one in refusals]
    with _output(target) as file:
        if target.suffix.lower() == ".csv":
            text = _csv_text(rows)
        else:
            text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        file.write(text.encode())


def _take(session: Session, by: Actor, proposals: Proposals, found: intake.Intake) -> int:
    """Take the proposed changes and count them in; returns how many drafts changed."""
    changed, refusals = take_changes(session, by, [each.as_json() for each in proposals.changes])
    found.refusals += [*proposals.refusals, *refusals]
    found.rows += len(proposals.changes) + len({one.row for one in proposals.refusals}) + len(proposals.same)
    found.taken += changed
    return changed


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


def _read(session: Session, file: Path, mapping: Sequence[str]) -> uploads.Upload:
    pairs = [each.partition("=") for each in mapping]
    if any(not heading or not target for heading, _, target in pairs):
        raise click.UsageError("--map 应写成 表头=字段")
    return uploads.read_upload(session, file.read_bytes(), file.name, {head: target for head, _, target in pairs})


def _tell(found: intake.Intake, word: str) -> None:
    say(f"共{found.rows}行：{word}{found.taken}行，未收入{len({refusal.row for refusal in found.refusals})}行。")
    for refusal in found.refusals[:_SHOWN]:
        place = f"第{refusal.row}行" + (f" {refusal.column}" if refusal.column else "")
        warn(f"{place}：{refusal.why}" + (f"(原值：{refusal.value})" if refusal.value else ""))
    if len(found.refusals) > _SHOWN:
        warn(f"其余{len(found.refusals) - _SHOWN}行略，可用 --report 写入文件。")


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
