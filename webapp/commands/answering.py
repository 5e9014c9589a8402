"""How a command answers: its lines, its progress, and the exit code with a sentence where it is refused."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import click

from webapp.commands import words
from webapp.rules import Misconfigured, RuleBroken

REFUSED, WRONG_USAGE = 1, 2
_Item = TypeVar("_Item")


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
        except OSError as error:
            _leave(
                f"文件不能读写：{error.filename or ''} {error.strerror or ''}。请核对路径、权限和磁盘空间。", REFUSED
            )
        sys.exit(code if isinstance(code, int) else 0)


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
