"""How the command line speaks: help pages and usage errors of click, in Chinese."""

from typing import Any

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class Formatter(click.HelpFormatter):
    """Writes help pages with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        del prefix
        shown = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 …")
        super().write_usage(prog, shown, "用法: ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a list."""
        super().write_heading(_HEADINGS.get(heading, heading))


class Context(click.Context):
    """A context whose help is written by `Formatter`."""

    formatter_class = Formatter


class Command(click.Command):
    """A command that tells of its help option in Chinese."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help` with a Chinese explanation."""
        return _in_chinese(super().get_help_option(ctx))


class Group(click.Group):
    """A group of such commands."""

    context_class = Context
    command_class = Command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help` with a Chinese explanation."""
        return _in_chinese(super().get_help_option(ctx))


def usage_sentence(error: click.UsageError) -> str:
    """Return what was wrong with the way a command was called, and where to look."""
    command = error.ctx.command_path if error.ctx else "zhiquan"
    return f"{_fault(error)}用法见 {command} --help。"


def _fault(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            fault = f"没有选项“{error.option_name}”。"
        case click.BadOptionUsage():
            fault = f"选项“{error.option_name}”的写法不对。"
        case click.MissingParameter():
            fault = f"缺少“{_name(error.param)}”。"
        case click.BadParameter():
            fault = f"“{_name(error.param)}”的写法不对：{_value_sentence(error)}"
        case _ if "No such command" in error.message:
            fault = "没有这个命令。"
        case _ if "unexpected extra argument" in error.message:
            fault = "参数过多。"
        case _:
            fault = f"{error.message.rstrip('.。')}。" if _is_chinese(error.message) else "命令的写法不对。"
    return fault


def _value_sentence(error: click.BadParameter) -> str:
    if _is_chinese(error.message):
        return f"{error.message.rstrip('。')}。"
    kind = error.param.type if error.param else None
    match kind:
        case click.Choice():
            return f"可用的有 {'、'.join(str(choice) for choice in kind.choices)}。"
        case click.types.IntParamType():
            return "应为整数。"
        case click.DateTime():
            return "应为 2008-07-08 这样的日期。"
        case click.Path():
            return "没有这个文件或文件夹，或无权读取。"
        case _:
            return "请核对。"


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "参数"
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.make_metavar(_NO_CONTEXT)


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示本说明。"
    return option


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


_NO_CONTEXT: Any = click.Context(click.Command(None))
