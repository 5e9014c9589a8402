"""Debian's Chromium for tests, kept from talking to anybody; what every page must keep is checked as it goes by."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright

from harness.needs import find_chromium

PATIENCE = 30_000  # milliseconds until a page must show something; engineers and tests share two cores
AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_SWITCHES = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without a window."""
    return playwright.chromium.launch(executable_path=find_chromium(), args=list(_SWITCHES))


class Desk:
    """One person's browser: pages opened from it share cookies. Faults of its pages are kept in `faults`."""

    def __init__(self, browser: Browser, *, javascript: bool, width: int, height: int, **options: Any) -> None:  # noqa: ANN401 - Playwright's own options
        self.faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        self.context.set_default_timeout(PATIENCE)

    def open_page(self, url: str | None = None) -> Page:
        """Open a page, at `url` if one is given."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", self._note_error)
        if url is not None:
            page.goto(url)
        return page

    def close(self) -> None:
        """Close all pages."""
        self.context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal (4xx) is written to the console as well; that is no fault of the page.
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def _note_error(self, error: Error) -> None:
        self.faults.append(f"script error: {error}")


def find_barriers(page: Page, *, within: str | None = None, ignoring: Sequence[str] = ()) -> list[str]:
    """Return what axe finds on the page (or inside the element `within`), one line for each element.

    `ignoring` names rules of axe that are left out; say why where you do so.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {
        "runOnly": {"type": "tag", "values": list(_TAGS)},
        "rules": {rule: {"enabled": False} for rule in ignoring},
        "resultTypes": ["violations"],
        # Preloading rebuilds sheets with @import as inline styles, which the policy refuses; no rule here needs it.
        "preload": False,
    }
    scope = json.dumps(within) if within else "document"
    found = page.evaluate(f"axe.run({scope}, {json.dumps(options)})")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']} - {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def assert_accessible(page: Page, *, within: str | None = None, ignoring: Sequence[str] = ()) -> None:
    """Fail with a line for each barrier axe finds."""
    barriers = find_barriers(page, within=within, ignoring=ignoring)
    assert not barriers, f"{page.url}:\n" + "\n".join(barriers)
