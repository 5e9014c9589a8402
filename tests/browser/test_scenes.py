"""Scene 9 of scenes.md where it leaves the house: the bundle on a stick, the portal's editor, the row he cut.

What happens at the desks of scenes 5, 8 and 9 is played in `tests/web/test_scenes.py`.
"""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from harness.bureau import SAMPLE
from harness.servers import run_command

HITS = {
    "半夜施工太吵": "JTHB-CF-045",
    "环评要多久": "JTHB-XK-001",
    "huanping": "JTHB-XK-001",
}


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of edition 1 as it is carried to the portal, prepared and released by two."""
    instance = tmp_path_factory.mktemp("scene-9") / "instance"
    folder = instance.parent / "stick"
    for command in (
        ("init",),
        ("load-sample", "--only", "people"),
        ("adopt", str(SAMPLE), "--as", "office", "--document", "坛优组字〔2008〕第5号", "--date", "2008-08-27"),
        ("prepare-edition", "--as", "office"),
        ("release", "--as", "publisher", "--document", "坛环信公审〔2008〕第1号"),
        ("bundle", "1", "--out", str(folder)),
    ):
        done = run_command(instance, *command, timeout=300)
        assert done.returncode == 0, done.stderr
    return folder


def test_scene_9_a_citizen_finds_his_matter_on_a_stick_without_a_server(browser_page: Page, stick: Path) -> None:
    assert len(json.loads((stick / "manifest.json").read_bytes())["powers"]) == 127
    for words, code in HITS.items():
        browser_page.goto((stick / "index.html").as_uri())
        browser_page.get_by_label("查职权").fill(words)
        browser_page.keyboard.press("Enter")
        hit = browser_page.locator("#results a").filter(
            has=browser_page.locator(f"xpath=self::*[contains(@href, '{code}')]")
        )
        expect(hit.first).to_be_visible()
        hit.first.click()
        expect(browser_page.locator("main")).to_contain_text(code)
        assert browser_page.url.startswith("file://")


def test_scene_9_a_row_the_portal_cut_is_named(stick: Path, tmp_path: Path) -> None:
    page = stick / "categories" / "licence" / "index.html"
    whole = page.read_bytes()
    cut = re.sub(rb"(?s)<tr>(?:(?!</tr>).)*JTHB-XK-001.*?</tr>", b"", whole, count=1)
    assert cut != whole
    try:
        page.write_bytes(cut)
        found = run_command(tmp_path / "nowhere", "verify-bundle", str(stick))
    finally:
        page.write_bytes(whole)
    assert found.returncode == 1
    assert "categories/licence/index.html" in found.stderr + found.stdout
    assert run_command(tmp_path / "nowhere", "verify-bundle", str(stick)).returncode == 0
