"""Browsers and servers for the tests of this folder.

`open_desk(javascript=True, width=1440, height=900)` gives one person's browser (`Desk`); `browser_page` and
`plain_page` are a page with and without JavaScript. A test fails at its end where a page of it broke the Content
Security Policy or threw a script error.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from harness.browsers import PATIENCE, Desk, launch
from harness.servers import Server, run_command, serving


class OpenDesk(Protocol):
    """What the fixture `open_desk` gives."""

    def __call__(self, *, javascript: bool = True, width: int = 1440, height: int = 900) -> Desk:
        """Open one person's browser."""
        ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a worker. What is expected of a page is waited for as long as the page itself."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_desk(chromium: Browser) -> Iterator[OpenDesk]:
    """Open browsers of several persons; at the end their pages must have broken nothing."""
    desks: list[Desk] = []

    def opened(*, javascript: bool = True, width: int = 1440, height: int = 900) -> Desk:
        desks.append(Desk(chromium, javascript=javascript, width=width, height=height))
        return desks[-1]

    yield opened
    for desk in desks:
        desk.close()
    faults = [fault for desk in desks for fault in desk.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def browser_page(open_desk: OpenDesk) -> Page:
    """A page with JavaScript."""
    return open_desk().open_page()


@pytest.fixture
def plain_page(open_desk: OpenDesk) -> Page:
    """A page without JavaScript."""
    return open_desk(javascript=False).open_page()


@pytest.fixture(scope="session")
def sample_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder (SQLite) with the whole sample bureau, made once for all workers of a run; to be copied."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # else the parent is of all runs ever
    instance, mark = shared / "sample-of-all-workers", shared / "sample-is-whole"
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not mark.exists():
            for command in ("init", "load-sample"):
                done = run_command(instance, command)
                assert done.returncode == 0, f"zhiquan {command}:\n{done.stdout}\n{done.stderr}"
            mark.touch()
    return instance


@pytest.fixture
def instance(sample_instance: Path, tmp_path: Path) -> Path:
    """A copy of the sample bureau's instance folder, for one test."""
    copy = tmp_path / "instance"
    shutil.copytree(sample_instance, copy)
    return copy


@pytest.fixture
def server(instance: Path) -> Iterator[Server]:
    """A staff server over a fresh copy of the sample bureau; the password is `harness.servers.SAMPLE_PASSWORD`."""
    with serving(instance, "serve", settings={"TODAY": "2008-07-08"}) as running:
        yield running


@pytest.fixture(scope="module")
def shared_server(sample_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A staff server for the tests of a module that make what they need and leave the rest alone."""
    copy = tmp_path_factory.mktemp("shared") / "instance"
    shutil.copytree(sample_instance, copy)
    with serving(copy, "serve", settings={"TODAY": "2008-07-08"}) as running:
        yield running


@pytest.fixture
def serve_public(instance: Path) -> Iterator[Callable[..., Server]]:
    """Start public servers over the same instance, or over a bundle folder with `bundle=`."""
    running = []

    def start(bundle: Path | None = None) -> Server:
        arguments = ("serve-public", *(("--bundle", str(bundle)) if bundle else ()))
        entered = serving(instance, *arguments)
        running.append(entered)
        return entered.__enter__()

    yield start
    for entered in running:
        entered.__exit__(None, None, None)
