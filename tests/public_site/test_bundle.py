"""The bundle as a whole: its addresses, its pages, its data, and that it is the same wherever it is built."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from harness.editions import records, sample_content, with_entry, write_bundle
from webapp.digests import digest
from webapp.documents.sheets import plain_cell
from webapp.publication.build import build_bundle
from webapp.publication.tables import power_headings, power_row

METADATA = ("索引号", "内容概述", "发布机构", "文件编号", "生成日期", "公开日期", "废止日期", "有效")
FEW: dict[str, Any] = {"codes": ["JTHB-CF-045", "JTHB-XK-001", "JTHB-SP-004"], "number": 2, "is_drawn": False}
VOID = {"meta", "link", "input", "img", "br", "hr"}


class Page(HTMLParser):
    """What a test asks of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.unclosed: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        self.links += [str(given[name]) for name in ("href", "src", "action") if given.get(name) is not None]
        self.ids += [str(given["id"])] if "id" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(tag)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_address_of_the_contract_is_a_file(sample_bundle: Path) -> None:
    for path in (
        "index.html",
        "categories/penalty/index.html",
        "categories/penalty/page/2/index.html",
        "categories/other-approval/index.html",
        "sections/inspection-brigade/index.html",
        "sections/inspection-brigade/page/2/index.html",
        "powers/JTHB-CF-045/index.html",
        "powers/JTHB-CF-045/print/index.html",
        "powers/JTHB-CF-045/qr.svg",
        "flows/LC-CF-01/index.html",
        "flows/LC-CF-01/flow.svg",
        "search/index.html",
        "changes/index.html",
        "feed.xml",
        "editions/index.html",
        "check/index.html",
        "who-handles/index.html",
        "data/catalogue.json",
        "data/catalogue.csv",
        "data/catalogue.xlsx",
        "data/catalogue.jsonl",
        "manifest.json",
    ):
        assert (sample_bundle / path).is_file(), path


def test_every_link_leads_to_a_file_or_place_inside_the_bundle(sample_bundle: Path) -> None:
    parsed = {path: Page(path.read_text(encoding="utf-8")) for path in pages(sample_bundle)}
    for path, page in parsed.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme == "tel":
                continue
            assert not parts.scheme, f"{path}: {link}"
            assert not parts.netloc, f"{path}: {link}"
            assert not parts.path.startswith("/"), f"{path}: {link}"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_relative_to(sample_bundle), f"{path}: {link}"
            assert target.is_file(), f"{path}: {link}"
            if parts.fragment:
                assert unquote(parts.fragment) in parsed[target].ids, f"{path}: {link}"


def test_every_page_is_reached_from_the_home_page(sample_bundle: Path) -> None:
    seen, waiting = set(), [sample_bundle / "index.html"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for link in Page(path.read_text(encoding="utf-8")).links:
            target = (path.parent / unquote(urlsplit(link).path)).resolve()
            if target.suffix == ".html":
                waiting.append(target)
    assert seen == set(pages(sample_bundle))


def test_every_page_is_well_made(sample_bundle: Path) -> None:
    for path in pages(sample_bundle):
        text = path.read_text(encoding="utf-8")
        page = Page(text)
        assert text.startswith('<!doctype html>\n<html lang="zh-CN">'), path
        assert page.count("h1") == 1, path
        assert page.count("title") >= 1, path
        assert len(page.ids) == len(set(page.ids)), f"{path}: {sorted(i for i in page.ids if page.ids.count(i) > 1)}"
        assert not page.open, path
        assert not page.unclosed, path
        labels = {given.get("for") for tag, given in page.tags if tag == "label"}
        assert all(given.get("id") in labels for tag, given in page.tags if tag == "input"), path
        assert not any(name.startswith("on") or name == "style" for _, given in page.tags for name in given), path
        assert all(given.get("src") for tag, given in page.tags if tag == "script"), path
        assert page.count("style") == 0, path


def test_every_page_carries_the_metadata_of_the_plan(sample_bundle: Path) -> None:
    for path in pages(sample_bundle):
        text = path.read_text(encoding="utf-8")
        assert all(f"<dt>{word}</dt>" in text for word in METADATA), path
    loaded = json.loads((sample_bundle / "manifest.json").read_text(encoding="utf-8"))
    assert tuple(loaded["metadata"]) == METADATA
    text = (sample_bundle / "powers/JTHB-CF-045/index.html").read_text(encoding="utf-8")
    assert "<dd>014139054/2008-JTHB-CF-045</dd>" in text
    assert "<dt>生成日期</dt><dd>2008-08-27</dd>" in text


def test_a_power_page_answers_who_how_long_what_it_costs_and_my_rights_first(sample_bundle: Path) -> None:
    text = (sample_bundle / "powers/JTHB-XK-002/index.html").read_text(encoding="utf-8")
    answers = text[text.index('class="answers"') : text.index('id="when"')]
    for words in ("建设项目管理科", "0519-80000302", "15日", "法定时限 30日", "不收费", "行政复议(60日)"):
        assert words in answers.replace("（", "(").replace("）", ")"), words


def test_the_same_numbers_stand_on_every_page(sample_bundle: Path) -> None:
    home = (sample_bundle / "index.html").read_text(encoding="utf-8")
    assert "共 127 项" in home
    counts = re.findall(r'href="categories/([a-z-]+)/index.html">.*?class="count">(\d+)<', home)
    assert sum(int(count) for _, count in counts) == 127
    for slug, count in counts:
        listed = "".join(
            path.read_text(encoding="utf-8") for path in (sample_bundle / "categories" / slug).rglob("*.html")
        )
        assert len(re.findall(r'<th scope="row"><a href="[./]*powers/', listed)) == int(count), slug


def test_a_chart_page_lists_the_powers_of_this_edition_that_it_serves(sample_bundle: Path) -> None:
    text = (sample_bundle / "flows/LC-CF-01/index.html").read_text(encoding="utf-8")
    assert '适用的职权 <span class="tally">57 项</span>' in text
    few = dict(build_bundle(sample_content(codes=["JTHB-CF-045", "JTHB-CF-046"])))
    text = few["flows/LC-CF-01/index.html"].decode()
    assert '适用的职权 <span class="tally">2 项</span>' in text
    assert "JTHB-CF-041" not in text


def test_the_digest_on_a_page_is_recomputed_from_the_published_line(sample_bundle: Path) -> None:
    listed = json.loads((sample_bundle / "manifest.json").read_text(encoding="utf-8"))
    digests = {row["code"]: row["public_digest"] for row in listed["powers"]}
    flows = {row["number"]: row["public_digest"] for row in listed["flows"]}
    for line in (sample_bundle / "data/catalogue.jsonl").read_text(encoding="utf-8").splitlines():
        body = json.loads(line)
        if body.pop("record") == "power":
            code = body.pop("code")
            assert digest(body) == digests.pop(code)
            page = (sample_bundle / f"powers/{code}/index.html").read_text(encoding="utf-8")
            assert digest(body) in page
        else:
            assert digest(body) == flows.pop(body["number"])
    assert not digests
    assert not flows


def test_published_lines_keep_the_keys_in_the_order_of_the_contract(sample_bundle: Path) -> None:
    given = {record.get("code") or record.get("number"): record for record in records()}
    content = sample_content(codes=["JTHB-CF-045", "JTHB-XK-002"])
    # As they come back from canonical JSON, which sorts keys.
    for power in content.powers:
        content = with_entry(content, power.code, **json.loads(json.dumps(power.entry, sort_keys=True)))
    for raw in (
        dict(build_bundle(content))["data/catalogue.jsonl"],
        (sample_bundle / "data/catalogue.jsonl").read_bytes(),
    ):
        for line in raw.decode().splitlines():
            body = json.loads(line)
            whole = given[body.get("code") or body["number"]]
            expected = [key for key in whole if key in body]
            assert list(body) == expected
            if body["record"] == "power":
                assert list(body["details"]) == [key for key in whole["details"] if key in body["details"]]
                assert [list(row) for row in body["basis"]] == [list(row) for row in whole["basis"]]


def test_the_files_for_download_say_the_same(sample_bundle: Path) -> None:
    lines = [
        json.loads(line) for line in (sample_bundle / "data/catalogue.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    powers = [{k: v for k, v in line.items() if k != "record"} for line in lines if line["record"] == "power"]
    whole = json.loads((sample_bundle / "data/catalogue.json").read_text(encoding="utf-8"))
    assert whole["powers"] == powers
    assert len(whole["flows"]) == len(lines) - len(powers)
    content = sample_content()
    expected = [power_headings(), *(power_row(power) for power in sorted(content.powers, key=lambda power: power.code))]
    rows = list(
        csv.reader(io.StringIO((sample_bundle / "data/catalogue.csv").read_text(encoding="utf-8-sig"), newline=""))
    )
    assert [[plain_cell(cell) for cell in row] for row in rows] == expected
    book = openpyxl.load_workbook(sample_bundle / "data/catalogue.xlsx")
    seen = [[cell or "" for cell in row] for row in book["职权目录"].iter_rows(values_only=True)]
    assert seen == expected


def test_the_workbook_tells_nothing_of_who_made_it_and_when(sample_bundle: Path) -> None:
    with zipfile.ZipFile(sample_bundle / "data/catalogue.xlsx") as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in book.infolist()} == {zipfile.ZIP_STORED}
        about = book.read("docProps/core.xml").decode()
    assert set(re.findall(r"(?:creator|lastModifiedBy)>(.*?)<", about)) == {""}


def test_the_feed_is_an_atom_feed_of_this_edition() -> None:
    raw = dict(build_bundle(sample_content(number=2)))["feed.xml"]
    feed = ET.fromstring(raw)  # noqa: S314 - our own file
    name = {"a": "http://www.w3.org/2005/Atom"}
    titles = [title.text for title in feed.findall("a:entry/a:title", name)]
    assert titles == ["社会公开版第2号发布，共127项职权", "调整：夜间进行禁止的建筑施工作业的处罚"]
    assert len({entry.text for entry in feed.iterfind("a:entry/a:id", name)}) == 2


def test_a_later_edition_tells_what_came_before_and_what_was_withdrawn() -> None:
    files = dict(build_bundle(sample_content(number=2)))
    assert json.loads(files["manifest.json"])["previous_manifest"] == "a" * 64
    assert b"a" * 64 in files["editions/index.html"]
    assert "调整" in files["changes/index.html"].decode()
    notice = files["powers/JTHB-QT-900/index.html"].decode()
    assert "本事项已撤下，现不公开。" in notice
    assert "<dt>废止日期</dt><dd>2008-09-01</dd>" in notice
    assert "powers/JTHB-QT-900/print/index.html" not in files


def test_the_internal_edition_says_what_it_is_and_holds_internal_charts_of_its_own() -> None:
    files = dict(build_bundle(sample_content("bureau")))
    assert "内部公开版 第1号" in files["index.html"].decode()
    assert json.loads(files["manifest.json"])["audience"] == "bureau"
    assert len(json.loads(files["data/catalogue.json"])["powers"]) == 12


def _digest_of_bundle(files: dict[str, bytes]) -> str:
    seen = hashlib.sha256()
    for path, raw in files.items():
        seen.update(f"{path}\0{len(raw)}\0".encode() + raw)
    return seen.hexdigest()


_PROGRAM = """
import hashlib
from harness.editions import sample_content
from webapp.publication.build import build_bundle
seen = hashlib.sha256()
codes = ["JTHB-CF-045", "JTHB-XK-001", "JTHB-SP-004"]
for path, raw in build_bundle(sample_content(codes=codes, number=2, is_drawn=False)):
    seen.update(f"{path}\\0{len(raw)}\\0".encode() + raw)
print(seen.hexdigest())
"""


def _elsewhere(interpreter: str, seed: str) -> str:
    root = Path(__file__).resolve().parents[2]
    site = next(path for path in sys.path if path.endswith("site-packages"))
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests"), site]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": "America/New_York",
    }
    done = subprocess.run([interpreter, "-c", _PROGRAM], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_same_content_gives_the_same_bytes_in_another_process() -> None:
    here = _digest_of_bundle(dict(build_bundle(sample_content(**FEW))))
    assert _elsewhere(sys.executable, "1") == here
    assert _elsewhere(sys.executable, "2") == here


def _other_python() -> str | None:
    """Another Python that can import what the builder needs; pure Python packages work across versions."""
    root = os.environ.get("PYENV_ROOT") or str(Path.home() / ".pyenv")
    names = [f"python3.{minor}" for minor in (13, 12, 11) if minor != sys.version_info.minor]
    kept = [str(path) for name in names for path in sorted(Path(root, "versions").glob(f"{name[6:]}*/bin/{name}"))]
    return next((found for name in [*kept, *names] if (found := shutil.which(name))), None)


def test_another_python_gives_the_same_bytes() -> None:
    other = _other_python()
    if other is None:
        pytest.skip("no other Python on this machine")
    program = "import sys; assert sys.version_info >= (3, 11)"
    if subprocess.run([other, "-c", program], check=False, capture_output=True).returncode:
        pytest.skip("the other Python is too old")
    here = _digest_of_bundle(dict(build_bundle(sample_content(**FEW))))
    assert _elsewhere(other, "3") == here


def test_a_bundle_built_twice_is_one_bundle(sample_bundle: Path, tmp_path: Path) -> None:
    again = write_bundle(sample_content(), tmp_path / "again")
    assert (again / "manifest.json").read_bytes() == (sample_bundle / "manifest.json").read_bytes()


def test_a_qr_code_is_that_of_the_page_and_the_same_as_made_at_once() -> None:
    import segno  # noqa: PLC0415 - only here

    raw = dict(build_bundle(sample_content(codes=["JTHB-CF-045"])))["powers/JTHB-CF-045/qr.svg"].decode()
    made = segno.make_qr(
        b"http://127.0.0.1:8001/powers/JTHB-CF-045/", error="m", mode="byte", mask=3, boost_error=False
    )
    dark = {(x, y) for y, row in enumerate(made.matrix) for x, module in enumerate(row) if module}
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1", raw)
    assert {(int(x) - 4 + i, int(y) - 4) for x, y, width in runs for i in range(int(width))} == dark
