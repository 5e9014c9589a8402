"""The root of the command line. A command's module is imported when it is called: serving needs few of them."""

import gc
import importlib
import importlib.util

import click

from webapp.commands.answering import Root

# Command → its module below `webapp.commands` and the name it has there.
COMMANDS = {
    "init": ("installation", "init"),
    "load-sample": ("installation", "load_sample"),
    "reset-password": ("accounts", "reset_password"),
    "serve": ("serving", "serve"),
    "serve-public": ("serving_public", "serve_public"),
    "tick": ("serving", "tick"),
    "import": ("catalogue", "import_file"),
    "adopt": ("catalogue", "adopt"),
    "export": ("catalogue", "export"),
    "prepare-edition": ("editions", "prepare_edition"),
    "release": ("editions", "release"),
    "withdraw": ("withdrawals", "withdraw"),
    "lift-withdrawal": ("withdrawals", "lift_withdrawal"),
    "bundle": ("editions", "bundle"),
    "verify-bundle": ("editions", "verify_bundle"),
    "verify-journal": ("journal", "verify_journal"),
    "order-step": ("orders", "order_step"),
    "backup": ("backup", "backup"),
    "restore": ("backup", "restore"),
    "doctor": ("doctor", "doctor"),
    "demo": ("demo", "demo"),
}


class Late(Root):
    """The root command; knows the others by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of their use."""
        del ctx
        return [name for name, (module, _) in COMMANDS.items() if _is_there(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of that name."""
        del ctx
        module, attribute = COMMANDS.get(cmd_name, ("", ""))
        if not module or not _is_there(module):
            return None
        found = getattr(importlib.import_module(f"webapp.commands.{module}"), attribute)
        return found if isinstance(found, click.Command) else None


@click.group(cls=Late, help="职权公开运行管理系统：安装、装入、导入导出、公开发布、校验和运行。")
def main() -> None:
    """Run one of the commands."""
    collect_rarely()


def collect_rarely() -> None:
    """Look for garbage seldom: a command holds a whole catalogue and ends; looking through it doubled an export."""
    gc.set_threshold(50_000, 20, 50)


def _is_there(module: str) -> bool:
    return importlib.util.find_spec(f"webapp.commands.{module}") is not None
