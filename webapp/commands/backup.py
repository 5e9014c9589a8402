"""`backup` and `restore`: the operator's copy of the installation, and its way back."""

from pathlib import Path

import click

from webapp.backup.restoring import restore as put_back
from webapp.backup.writing import write_backup
from webapp.commands.answering import REFUSED, say, told, warn
from webapp.commands.door import opened
from webapp.commands.words import Command


@click.command(
    cls=Command,
    help="把数据库、公开包和存图备份成一个文件，系统运行时也可以。\n\n"
    "同一格式可恢复到 SQLite 或 PostgreSQL。文件含未公开内容，请按内部资料保管。密钥和登录状态不在其中。",
)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write a backup."""
    with opened(ready=False) as installation:
        made = write_backup(installation.database, installation.settings, file.absolute(), told=told)
    count, head = made.manifest.journal
    say(f"已备份到 {file.name}：{sum(made.manifest.tables.values())}行数据，{len(made.manifest.parts)}个文件。")
    say(f"备份校验码 {made.digest}；操作日志共{count}条，末条校验值 {head}(请留存在系统之外)")
    for fault in made.faults:
        warn(f"备份已写成，但库中原有的数据不完好：{fault}请运行 zhiquan doctor。")
    if made.faults:
        ctx.exit(REFUSED)


@click.command(
    cls=Command,
    help="从备份恢复。先整体校验，校验不过不动现有数据；恢复前请停止 zhiquan serve。\n\n"
    "恢复到空的库直接进行；库中已有内容的，须加 --replace,现有内容另存在实例目录的 replaced-… 中。",
)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--replace", "replaces", is_flag=True, help="替换现有内容。")
@click.option("--with-faults", "accepts_faults", is_flag=True, help="备份时已有的损坏(日志、公开包不符)照样恢复。")
def restore(file: Path, *, replaces: bool, accepts_faults: bool) -> None:
    """Restore a backup."""
    with opened(ready=False) as installation:
        done = put_back(
            installation.database,
            installation.settings,
            file,
            replaces=replaces,
            accepts_faults=accepts_faults,
            told=told,
        )
    count, head = done.manifest.journal
    say(f"已恢复 {done.manifest.made_at} 的备份：{sum(done.manifest.tables.values())}行数据。")
    say(f"操作日志共{count}条，末条校验值 {head}。所有人需重新登录。")
    if done.kept is not None:
        say(f"原有内容已另存在 {done.kept.name}，核对无误后可移走。")
    for fault in done.faults:
        warn(f"照原样恢复的损坏：{fault}")
