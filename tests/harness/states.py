"""States of an installation that many tests begin at: made by the real commands once per worker, then copied."""

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import make_url

from harness.commands import CommandLine, command_line
from harness.databases import PostgresqlTemplate
from webapp.config import Settings


@dataclass(frozen=True)
class State:
    """What is kept of a state: its instance folder, and its database as a file or as the name of a template."""

    instance: Path
    database: str


class States:
    """Keeps each state of each kind of database after it was made the first time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._kept: dict[tuple[str, str], State] = {}

    def bring(
        self,
        name: str,
        settings: Settings,
        server: PostgresqlTemplate | None,
        make: Callable[[CommandLine], None],
    ) -> CommandLine:
        """Bring an installation with the schema and no rows into a state; `server` is given for PostgreSQL."""
        zhiquan = command_line(settings.instance, settings.database_url)
        key = (name, "sqlite" if server is None else "postgresql")
        if key in self._kept:
            self._copy(self._kept[key], settings, server)
        else:
            make(zhiquan)
            self._kept[key] = self._keep(settings, server)
        return zhiquan

    def _keep(self, settings: Settings, server: PostgresqlTemplate | None) -> State:
        place = self._folder / str(next(self._numbers))
        shutil.copytree(settings.instance, place / "instance")
        if server is None:
            file = place / "kept.sqlite"
            with (
                sqlite3.connect(str(make_url(settings.database_url).database)) as source,
                sqlite3.connect(file) as kept,
            ):
                source.backup(kept)
            source.close()
            kept.close()
            return State(place / "instance", str(file))
        return State(place / "instance", server.keep(settings.database_url))

    def _copy(self, state: State, settings: Settings, server: PostgresqlTemplate | None) -> None:
        shutil.copytree(state.instance, settings.instance, dirs_exist_ok=True)
        if server is None:
            shutil.copyfile(state.database, str(make_url(settings.database_url).database))
        else:
            server.refill(settings.database_url, state.database)
