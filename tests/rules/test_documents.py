"""The documents name what there is: every command, setting and package, and no place that does not exist."""

import re
from pathlib import Path

import pytest

from webapp.commands.root import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
OPERATING = (ROOT / "docs" / "OPERATING.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))


def test_every_command_stands_in_the_operating_document() -> None:
    assert [name for name in COMMANDS if f"`zhiquan {name}" not in OPERATING] == []


def test_every_setting_stands_in_the_operating_document() -> None:
    source = (ROOT / "webapp" / "config.py").read_text(encoding="utf-8")
    names = set(re.findall(r'value\("([A-Z_]+)"', source))
    assert len(names) >= 9
    assert [name for name in sorted(names) if f"| `ZHIQUAN_{name}` |" not in OPERATING] == []


def test_every_package_has_its_paragraph() -> None:
    paragraphs = re.findall(r"^\*\*([a-z_, ]+)\*\*", ARCHITECTURE, re.MULTILINE)
    told = {name for each in paragraphs for name in each.split(", ")}
    there = {path.parent.name for path in (ROOT / "webapp").glob("*/__init__.py")}
    there |= {path.stem for path in (ROOT / "webapp").glob("*.py")} - {"__init__"}
    assert there - told == set()
    assert told - there == set()


def test_the_modules_it_names_are_there() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|html|txt|md|toml))", ARCHITECTURE))
    packages = {path.parent.name for path in (ROOT / "webapp").glob("*/__init__.py")}
    missing = [
        name
        for name in sorted(named)
        if not any((base / name).exists() for base in (ROOT, ROOT / "webapp", *(ROOT / "webapp" / p for p in packages)))
        and name not in {"pages/x.py", "web/x.py", "templates/x/show.html"}
    ]
    assert missing == []


def test_every_picture_is_small_and_shown() -> None:
    shown = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    pictures = list((ROOT / "docs" / "图").iterdir())
    assert pictures
    assert [
        path.name for path in pictures if path.stat().st_size > 150 * 1024 or f"(图/{path.name})" not in shown
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_pictures_and_links_of_a_document_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:")):
            assert (document.parent / target).exists(), target
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ")).strip().lower().replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("#")
    }
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        assert anchor in headings, anchor
