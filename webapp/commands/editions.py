"""`prepare-edition`, `release`, `bundle`, `verify-bundle`: from what is approved to what the public reads."""

import shutil
from pathlib import Path

import click

from webapp.bundle.verify import chain_faults
from webapp.bundle.verify import verify_bundle as differences
from webapp.commands.answering import REFUSED, say, warn
from webapp.commands.door import acting, opened
from webapp.commands.words import Command
from webapp.config import Settings
from webapp.flows.drawings import LIBRARIES
from webapp.policy import Permission
from webapp.publication import operations as publication
from webapp.publication.drawer import Drawer
from webapp.publication.models import Edition
from webapp.rules import RuleBroken


@click.command(
    "prepare-edition",
    cls=Command,
    help="由领导小组办公室编制下一号公开版(社会公开版和内部公开版)，公开包即时生成并存入库中。",
)
@acting
def prepare_edition(username: str | None) -> None:
    """Prepare the next editions."""
    with opened() as installation:
        actor = installation.actor(username, Permission.PREPARE_EDITION)
        drawer = Drawer(installation.settings.drawings)
        prepared = publication.prepare_editions(installation.database, installation.settings, actor, draw=drawer)
        for edition in prepared.editions:
            say(_line(edition, "已编制"))
        for held in prepared.held_back:
            warn(f"未列入：{held}")
        if drawer.lacks_libraries:
            warn(LIBRARIES)


@click.command(cls=Command, help="由局办公室发布已编制的公开版；编制人不能发布自己编制的。")
@acting
@click.option("--document", metavar="审批单号", required=True, help="政务信息公开审批单号。")
def release(username: str | None, document: str) -> None:
    """Release what is prepared."""
    with opened() as installation:
        actor = installation.actor(username, Permission.RELEASE_EDITION)
        released = publication.release_editions(installation.database, installation.settings, actor, document=document)
        for edition in released:
            say(_line(edition, "已发布"))


@click.command(cls=Command, help="把社会公开版某一号的公开包复制到文件夹，供报送门户网站；复制后逐个文件校验。")
@click.argument("number", metavar="号数", type=int)
@click.option("--out", "target", metavar="文件夹", required=True, type=click.Path(path_type=Path), help="新的文件夹。")
def bundle(number: int, target: Path) -> None:
    """Copy the stored bundle of an edition."""
    with opened() as installation:
        with installation.database.reading() as session:
            edition = publication.find_edition(session, number)
        copy_bundle(installation.settings, edition, target)
        say(_line(edition, "已复制"))
        if edition.state != "released":
            warn("该号尚未发布，只供核对，不得上网。")


@click.command(
    "verify-bundle",
    cls=Command,
    help="逐个文件重算公开包的校验码，列出缺少、多出和改动的；给出 --expect 时并核对清单本身，"
    "给出 --previous 时并核对与上一版的衔接。不需要数据库。",
)
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@click.option("--expect", metavar="校验码", help="应有的清单校验码：纸质公布的，或库中登记的。")
@click.option("--previous", metavar="文件夹", type=click.Path(path_type=Path), help="上一版的公开包。")
@click.pass_context
def verify_bundle(ctx: click.Context, folder: Path, expect: str | None, previous: Path | None) -> None:
    """Verify a bundle folder."""
    found = [*differences(folder, expect), *(chain_faults(previous, folder) if previous else ())]
    for difference in found:
        warn(difference.sentence)
    if found:
        warn(f"公开包与清单不符，共{len(found)}处。请以库中存档的公开包重新复制。")
        ctx.exit(REFUSED)
    say("公开包与清单相符。" if expect is None else "公开包与清单相符，清单与应有的校验码相符。")


def copy_bundle(settings: Settings, edition: Edition, target: Path) -> None:
    """Copy a stored bundle into a new folder and verify the copy against the database's digest."""
    source = settings.editions / edition.folder
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise RuleBroken(f"{target.name}已存在且不是空文件夹。请另指定一个文件夹。")
    if not source.is_dir():
        raise RuleBroken("库中没有这一号的公开包文件。请从备份恢复。")
    shutil.copytree(source, target, dirs_exist_ok=True)
    if found := differences(target, edition.manifest_digest):
        raise RuleBroken(f"复制出的公开包与登记的校验码不符：{found[0].sentence}请运行 zhiquan doctor。")


def _line(edition: Edition, done: str) -> str:
    label = publication.LABELS[edition.audience]
    return f"{done}{label}第{edition.number}号：{edition.item_count}项职权，清单校验码 {edition.manifest_digest}"
