"""`init` and `load-sample`: making an installation, and filling one with the sample bureau."""

from pathlib import Path

import click

from webapp import clock, schema
from webapp.accounts.loading import create_administrators
from webapp.backup.writing import write_backup
from webapp.commands.answering import say, told
from webapp.commands.door import opened
from webapp.commands.words import Command
from webapp.complaints.reading import has_sealed
from webapp.complaints.vault import KEY_FILE, make_vault_key
from webapp.config import Settings
from webapp.db import Database
from webapp.sample import bureau


@click.command(cls=Command, help="建立或升级数据库，并设立三名管理员(一次性密码只显示这一次)。可重复运行。")
def init() -> None:
    """Migrate the database and make the administrators."""
    with opened(ready=False) as installation:
        before, after = schema.current(installation.database), schema.head()
        if before is not None and before != after and schema.is_known(before):
            say(f"升级前已备份到 {keep_before_migration(installation.database, installation.settings, after).name}。")
        schema.migrate(installation.database)
        say("数据库已是最新结构。" if before == after else f"数据库已建立或升级到结构 {after}。")
        with installation.database.reading() as session:
            sealed = has_sealed(session)
        if make_vault_key(installation.settings.instance, has_sealed=sealed):
            say(f"已生成来件人信息的密钥文件 {KEY_FILE}，请另行保管一份副本：备份中没有它。")
        created = create_administrators(installation.database)
        for username, password in created:
            say(f"已设立管理员 {username}，一次性密码 {password}(首次登录须更换)")
        if not created:
            say("三名管理员已在库中，未作改动。")


@click.command(
    "load-sample",
    cls=Command,
    help="把样例局装入空的数据库：人员、科室、法规、通讯目录、日历，以及2008年7月8日办理中的职权。",
)
@click.option("--only", type=click.Choice(["people"]), help="只装入人员、科室、法规、通讯目录和日历。")
def load_sample(only: str | None) -> None:
    """Load the sample bureau."""
    with opened() as installation:
        password = sample_password(installation.settings)
        counts = bureau.load_foundation(installation.database, installation.settings, password)
        say(f"已装入样例局：{counts['sections']}个科室和单位、{counts['people']}人、{counts['accounts']}个账号。")
        if only is None:
            from webapp.sample.campaign import load_campaign  # noqa: PLC0415 - people alone need none of it
            from webapp.sample.supervision import load_supervision  # noqa: PLC0415 - same

            stages = load_campaign(installation.database, told=told)
            say("已装入2008年7月8日办理中的职权：" + "、".join(f"{label}{n}项" for label, n in stages.items()) + "。")
            made = load_supervision(installation.database, installation.settings)
            say("已装入督查样例：" + "、".join(f"{label}{n}项" for label, n in made.items()) + "。")
        if installation.settings.demo_password is None:
            say(f"样例账号的密码(均相同):{password}")


def keep_before_migration(database: Database, settings: Settings, target: str) -> Path:
    """Back up what an upgrade to a revision is about to change; return the file, in `backups` of the instance."""
    folder = settings.instance / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"before-{target}-{clock.wall_now():%Y%m%d-%H%M%S}.zip"
    write_backup(database, settings, file, told=told)
    return file


def sample_password(settings: Settings) -> str:
    """Return the password all sample accounts get: the one set, or a random one."""
    return settings.demo_password or bureau.random_password()
