"""What the house keeps about its own files; what tools can say is said in pyproject.toml and tools/check_*.py."""

import ast
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONG = {"python": 400, "template": 220}  # lines; from 300 and 150 on a file should be asked what it is mixing
TABLES = {"webapp/powers/categories.py", "webapp/reviews/chain.py"}  # data: one row, one line
BANNED = {"utils", "util", "helpers", "helper", "common", "services", "service", "manager", "managers", "misc"}
# Decisions as functions over values: nothing but the standard library and each other.
PURE = {
    "webapp.rules",
    "webapp.characters",
    "webapp.digests",
    "webapp.clock",
    "webapp.policy",
    "webapp.scan",
    "webapp.workdays",
    "webapp.journal.chain",
    "webapp.laws.citations",
    "webapp.laws.validity",
    "webapp.flows.graph",
    "webapp.flows.checks",
    "webapp.powers.categories",
    "webapp.powers.fields",
    "webapp.powers.parts",
    "webapp.reviews.chain",
}


def listed(*patterns: str) -> list[Path]:
    """Files that git knows or would take."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


PYTHON = listed("*.py")
TEMPLATES = listed("templates/*.html")
OURS = [path for path in listed("*.py", "*.html", "*.js", "*.css", "*.sh") if "vendor" not in path.parts]


def test_every_module_says_what_lives_there() -> None:
    silent = [short(path) for path in PYTHON if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent, "\n".join(silent)


def test_no_file_mixes_too_much() -> None:
    long = [
        f"{short(path)}: {count}"
        for kind, paths in (("python", [p for p in PYTHON if short(p).startswith("webapp/")]), ("template", TEMPLATES))
        for path in paths
        if (count := len(lines_of(path))) > LONG[kind] and short(path) not in TABLES
    ]
    assert not long, "\n".join(long)


def test_no_name_says_nothing() -> None:
    named = [
        *(short(path) for path in OURS if BANNED & {part.removesuffix(path.suffix) for part in path.parts}),
        *(
            f"{short(path)}: {node.name}"
            for path in PYTHON
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Helper|Service|Util)s?$", node.name)
        ),
    ]
    assert not named, "\n".join(named)


def test_nothing_is_left_for_later() -> None:
    mark = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]))  # put together, so that this line is none
    assert [f"{short(p)}:{n}" for p in OURS for n, line in enumerate(lines_of(p), 1) if mark.search(line)] == []


def test_whoever_silences_a_tool_says_what_and_why() -> None:
    silencing = re.compile(r"#\s*(?:type: ignore|noqa|ruff: noqa|pragma: no)")
    reasoned = re.compile(
        r"# type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\] (?:#|-) ?\S|# noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)* - \S",
    )
    silent = [
        f"{short(path)}:{number}"
        for path in PYTHON
        for number, line in enumerate(lines_of(path), 1)
        if silencing.search(line) and not reasoned.search(line) and "tests" not in path.parts
    ]
    assert not silent, "\n".join(silent)


def test_no_test_is_left_out_without_a_reason() -> None:
    silent = [
        f"{short(path)}:{node.lineno}"
        for path in listed("tests/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if re.fullmatch(r"pytest\.(mark\.)?(skip|skipif|xfail)", ast.unparse(node))
        # The reason stands with it, where the reader sees it; pytest.skip takes it as its only argument.
        if not re.search(r"reason=|pytest\.skip\(f?[\"']", "".join(lines_of(path)[node.lineno - 1 : node.lineno + 5]))
    ]
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize("name", sorted(PURE))
def test_a_pure_module_knows_the_standard_library_only(name: str) -> None:
    path = ROOT / f"{name.replace('.', '/')}.py"
    assert path.is_file(), f"{name} is listed as pure and does not exist"
    imported = {
        module
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    ours = {module for module in imported if module.split(".")[0] == "webapp"}
    foreign = {module for module in imported - ours if module.split(".")[0] not in sys.stdlib_module_names}
    assert foreign == set()


@pytest.mark.parametrize("folder", ["static/vendor", "tests/vendor"])
def test_every_file_of_others_is_listed_with_its_digest_and_licence(folder: str) -> None:
    table = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", table, flags=re.MULTILINE))
    files = {path.name: path for path in (ROOT / folder).iterdir() if path.is_file() and path.name != "README.md"}
    assert rows == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    licences = {path.name for path in (ROOT / folder / "licences").iterdir()}
    assert licences == set(re.findall(r"`licences/([^`]+)`", table))


def test_the_locks_hold_exact_versions_with_digests() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[a-z])", re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).strip())
        assert len(entries) > 20
        loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
        assert loose == []


def test_make_offers_what_the_contract_promises() -> None:
    offered = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"demo", "demo-fresh", "test", "check", "bench", "soak", "help"} <= set(re.findall(r"make (\S+)", offered))
