"""The one door of the command line: opening the installation, acting for a person, and telling what went wrong."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock, schema
from webapp.accounts.passwords import canonical_username
from webapp.accounts.reading import actor_by_username
from webapp.commands import words
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.policy import Actor, Permission
from webapp.revisions.models import Record
from webapp.rules import Misconfigured, NotAllowed, RuleBroken

REFUSED, WRONG_USAGE = 1, 2
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Installation:
    """The installation a command works on."""

    settings: Settings
    database: Database

    def actor(self, username: str | None, permission: Permission) -> Actor:
        """Return the person a command acts for, with his rights of today; raise RuleBroken where he may not."""
        if not username:
            raise NotAllowed("本命令须以某人的身份办理:请用 --as 写明登录名。")
        with self.database.reading() as session:
            actor = actor_by_username(session, canonical_username(username))
        if actor is None:
            raise NotAllowed("没有这个登录名,或该账号已停用。请核对 --as 后的登录名。")
        if not actor.may(permission):
            raise NotAllowed(f"{actor.username}现在没有办理此事的权限,或任期已满。请由有权限的人办理。")
        return actor


class Root(words.Group):
    """The root command: every refusal becomes a sentence on standard error and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command and leave the process with 0, 1 or 2."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.ctx.get_help() if error.ctx else "", err=True)
            sys.exit(WRONG_USAGE)
        except click.UsageError as error:
            _leave(words.usage_sentence(error), WRONG_USAGE)
        except click.Abort:
            _leave("已中止。", REFUSED)
        except (RuleBroken, Misconfigured) as error:
            _leave(str(error), REFUSED)
        except SQLAlchemyError as error:
            _leave(f"数据库不能使用:{_first_line(error)}。请运行 zhiquan doctor 查看原因。", REFUSED)
        except OSError as error:
            _leave(f"文件不能读写:{error.filename or ''} {error.strerror or ''}。请核对路径、权限和磁盘空间。", REFUSED)
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def opened(*, ready: bool = True) -> Iterator[Installation]:
    """Open the installation that the environment names; `ready` asks for a database of this version's schema."""
    settings = load_settings()
    database = Database(settings.database_url)
    try:
        if ready:
            require_schema(database)
            apply_day(settings, database)
        yield Installation(settings, database)
    finally:
        database.close()


def require_schema(database: Database) -> None:
    """Raise Misconfigured unless the database stands on the schema of this version."""
    current = schema.current(database)
    if current is None:
        raise Misconfigured("数据库尚未建立。请先运行 zhiquan init。")
    if current != schema.head():
        raise Misconfigured("数据库的结构与本版本不一致。请先备份(zhiquan backup),再运行 zhiquan init 升级。")


def apply_day(settings: Settings, database: Database) -> None:
    """Let this process stand on the day of ZHIQUAN_TODAY; refused where the installation does real work."""
    if settings.today is None:
        return
    if not settings.demo_mark.exists():
        with database.reading() as session:
            if session.scalar(select(Record.id).limit(1)) is not None:
                raise Misconfigured(
                    "ZHIQUAN_TODAY 只用于演示和试验,本库中已有正式事项,不能固定日期。请去掉该设置后再启动。",
                )
    clock.fix_day(settings.today)


def acting(function: Any) -> Any:  # noqa: ANN401 - a decorator of click
    """Give a command the option `--as`."""
    return click.option("--as", "username", metavar="登录名", help="由谁办理:按此人现在的权限。")(function)


def told(items: Iterable[_Item], label: str, *, length: int | None = None) -> Iterator[_Item]:
    """Pass items on and show how far it has come, on a terminal only."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=label, length=length, file=sys.stderr) as shown:
        yield from shown


def say(sentence: str) -> None:
    """Write a line of the answer."""
    click.echo(sentence)


def warn(sentence: str) -> None:
    """Write a line about something to look at."""
    click.echo(sentence, err=True)


def _leave(sentence: str, code: int) -> None:
    warn(sentence)
    sys.exit(code)


def _first_line(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).splitlines() or [""])[0][:200]
