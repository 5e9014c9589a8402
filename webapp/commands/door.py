"""The door to the installation: opening it, acting for a person. What a command answers is in `answering.py`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp import clock, schema
from webapp.accounts.passwords import canonical_username
from webapp.accounts.reading import actor_by_username
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.policy import Actor, Permission
from webapp.revisions.models import Record
from webapp.rules import Misconfigured, NotAllowed


@dataclass(frozen=True)
class Installation:
    """The installation a command works on."""

    settings: Settings
    database: Database

    def actor(self, username: str | None, permission: Permission) -> Actor:
        """Return the person a command acts for, with his rights of today; raise RuleBroken where he may not."""
        if not username:
            raise NotAllowed("本命令须以某人的身份办理：请用 --as 写明登录名。")
        with self.database.reading() as session:
            actor = actor_by_username(session, canonical_username(username))
        if actor is None:
            raise NotAllowed("没有这个登录名，或该账号已停用。请核对 --as 后的登录名。")
        if not actor.may(permission):
            raise NotAllowed(f"{actor.username}现在没有办理此事的权限，或任期已满。请由有权限的人办理。")
        return actor


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
    except SQLAlchemyError as error:
        raise Misconfigured(f"数据库不能使用：{_first_line(error)}。请运行 zhiquan doctor 查看原因。") from error
    finally:
        database.close()


def require_schema(database: Database) -> None:
    """Raise Misconfigured unless the database stands on the schema of this version."""
    current = schema.current(database)
    if current is None:
        raise Misconfigured("数据库尚未建立。请先运行 zhiquan init。")
    if current != schema.head():
        raise Misconfigured("数据库的结构与本版本不一致。请先备份(zhiquan backup)，再运行 zhiquan init 升级。")


def apply_day(settings: Settings, database: Database) -> None:
    """Let this process stand on the day of ZHIQUAN_TODAY; refused where the installation does real work."""
    if settings.today is None:
        return
    if not settings.demo_mark.exists():
        with database.reading() as session:
            if session.scalar(select(Record.id).limit(1)) is not None:
                raise Misconfigured(
                    "ZHIQUAN_TODAY 只用于演示和试验，本库中已有正式事项，不能固定日期。请去掉该设置后再启动。",
                )
    clock.fix_day(settings.today)


def acting(function: Any) -> Any:  # noqa: ANN401 - a decorator of click
    """Give a command the option `--as`."""
    return click.option("--as", "username", metavar="登录名", help="由谁办理：按此人现在的权限。")(function)


def _first_line(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).splitlines() or [""])[0][:200]
