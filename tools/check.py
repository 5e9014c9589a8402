"""Runs every check that needs no running system, tells what each found, and fails if any did: `make check`."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "architecture": ["lint-imports"],
    "dependencies": ["deptry", "."],
    "templates, as HTML": ["djlint", "templates", "--lint", "--quiet"],
    "templates, by the house": ["python", "tools/check_templates.py"],
    "words": ["python", "tools/check_words.py"],
}


def main() -> int:
    """Run the checks one after another; return 1 if any failed."""
    failed = []
    for name, command in CHECKS.items():
        start = time.monotonic()
        done = subprocess.run(  # noqa: S603 - the commands above
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<24} {verdict:<7} {time.monotonic() - start:5.1f} s", flush=True)
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
