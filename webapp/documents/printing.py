"""A stack of papers as .pdf: typeset by typst in a process of its own, with our own fonts (dependencies.md).

Text goes to the child as data and prints literally. The child is limited in memory and time and never sees the
database; what ends it is told as a sentence. Called with no session open.
"""

import base64
import logging
from functools import lru_cache
from typing import Any, Protocol

from webapp.child import MEBIBYTE, ChildBusy, ChildFailed, ChildPool, Limits, module_command
from webapp.documents.paper import Block, Grid, Layout, Stack, Table, content_of, is_long, plain, signs_in_line
from webapp.rules import RuleBroken

TIMEOUT = 40.0  # seconds; 2,000 rows of 表4 took 12 on a busy machine and 345 MiB
MEDIA_TYPE = "application/pdf"
_LONG_BOX = 1500  # characters of a box from which on it may run over two pages
_RUN = 24  # characters without a blank after which a line may end
_BREAK = "\u200b"
_log = logging.getLogger(__name__)


class NotPrinted(RuleBroken):
    """A paper could not be typeset now."""

    status = 503


class Printer(Protocol):
    """What typesets: a ChildPool, or something like it."""

    def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Return the answer to a job; raise ChildBusy or ChildFailed."""


@lru_cache(maxsize=1)
def printer() -> ChildPool:
    """Return this process's typesetter, started when first needed; replaced often, since typst keeps what it set."""
    limits = Limits(memory=2048 * MEBIBYTE, cpu_seconds=300, answer_bytes=64 * MEBIBYTE, jobs=40)
    return ChildPool(module_command("webapp.documents.printing_child"), limits, size=1, queue=4, wait_seconds=20.0)


def write_pdf(stack: Stack, *, by: Printer | None = None) -> bytes:
    """Return the file; the same stack gives the same bytes. Raises NotPrinted with what to do instead."""
    try:
        answer = (by or printer()).ask({"papers": job_of(stack)}, TIMEOUT)
    except ChildBusy:
        raise NotPrinted("正在排版的文件较多，本表暂未生成PDF。请稍后再试，或下载Word文档。") from None
    except ChildFailed as failed:
        _log.warning("typesetting failed: %s", failed)
        raise NotPrinted("本表内容过多，未能在限定时间内生成PDF。请按科室分开出具，或下载Word文档。") from failed
    if "pdf" not in answer:
        _log.error("typesetting refused: %s", answer.get("why", ""))
        raise NotPrinted("排版组件不能使用，未能生成PDF。请下载Word文档打印，并告知系统管理员。")
    return base64.b64decode(answer["pdf"])


def job_of(stack: Stack) -> dict[str, Any]:
    """Return a stack as the data `paper.typ` reads."""
    layout = stack.layout
    papers = []
    for paper in stack.papers:
        told = content_of(paper)
        told["blocks"] = [
            _told(block, content, layout) for block, content in zip(paper.blocks, told["blocks"], strict=True)
        ]
        papers.append({**told, "foot": stack.foot(paper)})
    job: dict[str, Any] = _breakable(
        {
            "width": layout.width,
            "height": layout.height,
            "margins": list(layout.margins),
            "table_type": layout.table_type,
            "signs_in_line": signs_in_line(layout),
            "papers": papers,
        },
    )
    return job


def _told(block: Block, content: dict[str, Any], layout: Layout) -> dict[str, Any]:
    """Return a block's content with what only the typesetter asks: widths, the upper head, which rows may be split."""
    match block:
        case Table():
            for row, told in zip(block.rows, content["rows"], strict=True):
                told["long"] = row.kind != "group" and is_long(row.cells, block, layout)
            content["shares"] = list(block.shares(1000))
            content["upper"] = [{"text": h.text, "over": h.over, "span": span} for h, span in block.upper]
        case Grid():
            for row in content["rows"]:
                for pair in row:
                    pair["long"] = len(pair["text"]) > _LONG_BOX
        case _:
            pass
    return content


def _breakable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the same data; a text without blanks may end its line somewhere, so that no table grows over its page."""
    if isinstance(value, dict):
        return {key: _breakable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_breakable(inner) for inner in value]
    return _parted(plain(value)) if isinstance(value, str) else value


def _parted(text: str) -> str:
    if len(text) <= _RUN:
        return text
    parts, run = [], 0
    for sign in text:
        run = run + 1 if sign.isascii() and not sign.isspace() else 0
        parts.append(sign)
        if run == _RUN:
            parts.append(_BREAK)
            run = 0
    return "".join(parts)
