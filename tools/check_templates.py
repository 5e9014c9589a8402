"""What the house asks of every template, beyond good HTML.

It compiles; nothing in it needs a looser Content Security Policy than ours (no inline script or style, no handler in an
attribute, no expression for htmx to evaluate); markup that is not escaped says why.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_REASON = re.compile(r"\{#-?\s*safe:\s*\S.*?#\}", re.DOTALL)
# Each with what to do instead.
_FORBIDDEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE), "inline script: put it into static/js"),
    (re.compile(r"<script[^>]*>\s*[^\s<]", re.IGNORECASE), "inline script: put it into static/js"),
    (re.compile(r"<style\b", re.IGNORECASE), "inline style: put it into static/css"),
    (re.compile(r"\sstyle\s*=", re.IGNORECASE), "style attribute: use a class"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE), "handler in an attribute: bind it in static/js"),
    (re.compile(r"\s(?:data-)?hx-on\b", re.IGNORECASE), "hx-on needs eval: bind it in static/js"),
    (re.compile(r"hx-(?:vals|headers)\s*=\s*[\"'](?:js|javascript):", re.IGNORECASE), "needs eval: give JSON"),
    (re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[", re.IGNORECASE), "a trigger filter needs eval: fire an own event"),
    (re.compile(r"[\"']\s*javascript:", re.IGNORECASE), "javascript: address"),
    (re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE), "address of another server"),
    (re.compile(r"\{%-?\s*autoescape\s+false", re.IGNORECASE), "autoescape is never off"),
)
_SAFE = re.compile(r"\|\s*safe\b")


def faults_of(name: str, source: str) -> Iterator[str]:
    """Yield one line for each fault of a template: name, line number, what to do."""
    try:
        Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"]).parse(source)
    except TemplateSyntaxError as error:
        yield f"{name}:{error.lineno}: {error.message}"
    lines = source.splitlines()
    for number, line in enumerate(lines, 1):
        # The reason stands on the same line or on the one above.
        if _SAFE.search(_COMMENT.sub("", line)) and not _REASON.search("\n".join(lines[max(0, number - 2) : number])):
            yield f"{name}:{number}: |safe without a reason beside it: {{# safe: why #}}"
    bare = _COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), source)
    for pattern, advice in _FORBIDDEN:
        for found in pattern.finditer(bare):
            yield f"{name}:{bare.count(chr(10), 0, found.start()) + 1}: {advice}"


def main() -> int:
    """Check every template; return 1 if any has a fault."""
    faults = [
        fault
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
        for fault in faults_of(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    ]
    print("\n".join(faults) or "no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
