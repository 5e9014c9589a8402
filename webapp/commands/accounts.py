"""`reset-password`: a one-time password from the operator, for whom no administrator may or can give one."""

import click
from sqlalchemy import select

from webapp.accounts import operations
from webapp.accounts.models import Account
from webapp.accounts.passwords import canonical_username, make_one_time_password
from webapp.commands.answering import say
from webapp.commands.door import opened
from webapp.commands.words import Command
from webapp.rules import NotFound


@click.command(
    "reset-password",
    cls=Command,
    help="给一个账号换一次性密码，结束其登录，记入操作日志。安全管理员、审计员忘记密码，或没有系统管理员可找时用。",
)
@click.argument("username", metavar="登录名")
def reset_password(username: str) -> None:
    """Give an account a one-time password, by nobody: the operator is no person of the bureau."""
    password = make_one_time_password()
    name = canonical_username(username)
    with opened() as installation, installation.database.writing() as session:
        account = session.scalars(select(Account).where(Account.username == name)).one_or_none()
        if account is None:
            raise NotFound(f"没有登录名为“{name}”的账号。请核对后再试。")
        operations.reset_password(session, account.id, password, by=None)
        is_active = account.is_active
    say(f"{name} 的一次性密码 {password.text}(只显示这一次，首次登录须更换；原有登录已结束)")
    if not is_active:
        say("该账号已停用，启用后才能登录。")
