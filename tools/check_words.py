"""Words that must not stand in the tree, or not on the screen.

Anywhere: the address of a package index, a path of somebody's machine. On the screen (templates, our own scripts,
string literals of webapp): the words the bureau does not use, and exclamation marks after Chinese. A line that has to
name one says why: `word:` and the reason in a comment on it.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_SELF = Path(__file__).resolve().relative_to(ROOT)
_OTHERS = ("static/vendor/", "tests/vendor/", "webapp/sample/data/")
_TEXT = {".py", ".html", ".css", ".js", ".md", ".txt", ".toml", ".sh", ".json", ".svg", ".ini", ".mako", ""}

_ANYWHERE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"pypi\.org|pythonhosted|/simple/|registry\.npmjs|index-url|npmmirror", re.IGNORECASE),
        "package index",
    ),
    (re.compile(r"find-links", re.IGNORECASE), "place of packages on one machine"),
    (re.compile(r"(?<![\w.])/(?:root|home|work|opt|mnt)/[\w.]"), "path of one machine"),
    (re.compile(r"co-authored-by", re.IGNORECASE), "authorship belongs to the history, not into a file"),
)
# `tools/lock.sh` has to tell pip-compile not to write these.
_ALLOWED = re.compile(r"--no-emit-(?:index-url|find-links)|--no-index")

_ON_SCREEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("用户(?!名|手册)"), "用户: name the person (经办人、工作人员、您)"),
    (re.compile("节点|工作流|修订版哈希|提交成功"), "software speak: 步骤、审核流程、校验码"),
    (re.compile("驳回"), "驳回: 退回修改"),
    (re.compile("[一-鿿][!!]"), "exclamation mark"),
)
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


def listed_files() -> list[Path]:
    """Return the files git knows or would take, relative to the root."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return sorted(Path(name) for name in names if name and (ROOT / name).is_file())


def faults_anywhere(name: str, text: str) -> Iterator[str]:
    """Yield one line for each word that must stand nowhere."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = _ALLOWED.sub("", line)
        for pattern, meaning in _ANYWHERE:
            if found := pattern.search(bare):
                yield f"{name}:{number}: {found.group()!r}: {meaning}"


def faults_on_screen(name: str, text: str) -> Iterator[str]:
    """Yield one line for each word of the screen that the bureau does not use."""
    lines = text.splitlines()
    for number, shown in shown_texts(name, text):
        if "word:" in lines[number - 1]:
            continue
        for pattern, advice in _ON_SCREEN:
            if found := pattern.search(shown):
                yield f"{name}:{number}: {found.group()!r}: {advice}"


def shown_texts(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield line number and text of what may be shown: literals of Python, all of the rest but its comments."""
    if name.endswith(".py"):
        tree = ast.parse(text)
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                yield node.lineno, node.value
        return
    comment = _JINJA_COMMENT if name.endswith(".html") else _JS_COMMENT
    bare = comment.sub(lambda found: "\n" * found.group().count("\n"), text)
    yield from enumerate(bare.splitlines(), 1)


def is_shown(path: Path) -> bool:
    """Say whether what stands in a file can reach the screen."""
    top = path.parts[0]
    return (
        (top == "templates" and path.suffix == ".html")
        or (top == "webapp" and path.suffix == ".py")
        or (path.parts[:2] == ("static", "js") and path.suffix == ".js")
    )


def main() -> int:
    """Check every file; return 1 if any has a fault."""
    faults: list[str] = []
    for path in listed_files():
        name = path.as_posix()
        if path == _SELF or name.startswith(_OTHERS) or path.suffix not in _TEXT:
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        faults += faults_anywhere(name, text)
        if is_shown(path):
            faults += faults_on_screen(name, text)
    print("\n".join(faults) or "no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
