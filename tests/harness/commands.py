"""Running `zhiquan` in the process of the test."""

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from harness.servers import SAMPLE_PASSWORD
from webapp.commands import main


@dataclass
class CommandLine:
    """Runs `zhiquan` with an installation's settings."""

    environment: dict[str, str]

    def __call__(self, *arguments: object, **settings: str) -> str:
        """Run a command that must be done (exit 0); return its output."""
        result = self.run(*arguments, **settings)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *arguments: object, code: int = 1, **settings: str) -> str:
        """Run a command that must be refused; return the sentence on standard error."""
        result = self.run(*arguments, **settings)
        assert result.exit_code == code, result.output
        assert result.stderr.strip(), "a refusal without a sentence"
        return result.stderr

    def run(self, *arguments: object, **settings: str) -> Result:
        """Run a command; `settings` are names without the prefix."""
        given = self.environment | {f"ZHIQUAN_{name}": value for name, value in settings.items()}
        result = CliRunner(env=given).invoke(main, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result


def command_line(instance: Path, database_url: str = "") -> CommandLine:
    """Return the command line of an installation."""
    environment = {"ZHIQUAN_INSTANCE": str(instance), "ZHIQUAN_DEMO_PASSWORD": SAMPLE_PASSWORD}
    if database_url:
        environment["ZHIQUAN_DATABASE_URL"] = database_url
    return CommandLine(environment)
