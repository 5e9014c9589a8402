"""Drawings of charts: made by the layout child, checked, kept one file per digest; never made on a public GET.

A drawing is kept under the digest of the drawing's version and the chart, so a stored one is never out of date.
Where a drawing cannot be made, a plain notice says why, and the step table stands in its place.
"""

import contextlib
import logging
import os
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from xml.parsers import expat

from webapp.child import MEBIBYTE, ChildBusy, ChildFailed, ChildPool, Failure, Limits, module_command
from webapp.digests import canonical, sha256_hex
from webapp.flows.drawing import DRAWING_VERSION, draw_svg
from webapp.flows.sizes import job_of
from webapp.flows.soundness import MAX_STEPS, MAX_WAYS
from webapp.flows.words import Body

# Wall time for one layout. The worst chart within the limits takes two seconds of an idle processor.
TIMEOUT = 8.0
_ANSWER_BYTES = 2 * MEBIBYTE

INSTEAD = "请看下方的步骤表，内容与图相同。"
LIBRARIES = (
    "本机缺少绘图所需的系统组件，流程图暂不能显示。请系统管理员安装 libglib2.0-0 libx11-6 libxext6 libxrender1"
    f" 后重新打开。{INSTEAD}"
)
TOO_LARGE = f"流程图最多{MAX_STEPS}个环节、{MAX_WAYS}条走向，本图超出，不能绘制。{INSTEAD}"
EMPTY = "还没有环节，填写环节后显示流程图。"
BUSY = f"绘图任务较多，本图暂未绘出，可稍后重新打开。{INSTEAD}"
FAILED = f"本图走向过于复杂，未能在限定时间内绘出。{INSTEAD}"

_log = logging.getLogger(__name__)


class Layouts(Protocol):
    """What gives geometry for a job: a ChildPool, or something like it."""

    def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Return the answer to a layout job; raise ChildBusy or ChildFailed."""


@dataclass(frozen=True)
class Drawing:
    """An SVG, or else the notice that stands in its place."""

    svg: str | None
    notice: str | None = None


@lru_cache(maxsize=1)
def layout_pool() -> ChildPool:
    """Return this process's layout children: one, started when first needed, shared by all threads."""
    limits = Limits(memory=1024 * MEBIBYTE, cpu_seconds=300, answer_bytes=_ANSWER_BYTES)
    return ChildPool(module_command("webapp.flows.layout"), limits, size=1, queue=64, wait_seconds=15.0)


def draw(body: Body, *, pool: Layouts | None = None, timeout: float = TIMEOUT) -> Drawing:
    """Draw a flow body (contract.md; may be unsound or unfinished). Never raises for anything a chart can hold."""
    if not body.get("steps"):
        return Drawing(None, EMPTY)
    if len(body["steps"]) > MAX_STEPS or len(body["transitions"]) > MAX_WAYS:
        return Drawing(None, TOO_LARGE)
    try:
        geometry = _laid_out(job_of(body), pool or layout_pool(), timeout)
    except ChildBusy:
        return Drawing(None, BUSY)
    except ChildFailed as failure:
        _log.warning("layout failed: %s", failure)
        return Drawing(None, FAILED)
    if "error" in geometry:
        return Drawing(None, LIBRARIES if geometry["error"] == "libraries" else TOO_LARGE)
    svg = draw_svg(body, geometry)
    _parse(svg)
    return Drawing(svg)


class DrawingStore:
    """A folder of drawings, `ab/abcdef….svg`, by the digest of drawing version and chart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, body: Body) -> str | None:
        """Return the stored drawing of a chart, None if there is none; this is all a public page may do."""
        try:
            svg = self._place(body).read_text("utf-8")
        except FileNotFoundError:
            return None
        # A file cut short by a full disk or a broken copy is not shown; it will be drawn again.
        return svg if svg.endswith("</svg>") else None

    def write(self, body: Body, svg: str) -> None:
        """Store a drawing so that a reader sees all of it or nothing, also after a power cut."""
        place = self._place(body)
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=place.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(svg.encode())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(place)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise
        _sync_folder(place.parent)

    def drawing_for(self, body: Body, *, pool: Layouts | None = None) -> Drawing:
        """Return the stored drawing of a chart, or draw and store it; a notice is never stored.

        Not inside a write transaction: drawing and the disk take their time.
        """
        if (stored := self.read(body)) is not None:
            return Drawing(stored)
        drawing = draw(body, pool=pool)
        if drawing.svg is not None:
            try:
                self.write(body, drawing.svg)
            except OSError as error:
                # The store only saves work: a full disk must not take the picture from the page.
                _log.warning("drawing not stored: %s", error)
        return drawing

    def _place(self, body: Body) -> Path:
        name = drawing_digest(body)
        return self._folder / name[:2] / f"{name}.svg"


def drawing_digest(body: Body) -> str:
    """Return the key of a chart's drawing: 64 hexadecimal digits."""
    # A lone surrogate is refused at input; should one stand in an old body, it must not stop the page.
    return sha256_hex(canonical({"drawing": DRAWING_VERSION, "flow": body}).encode("utf-8", "surrogatepass"))


def _laid_out(job: dict[str, Any], pool: Layouts, timeout: float) -> dict[str, Any]:
    try:
        return pool.ask(job, timeout)
    except ChildFailed as failure:
        # Killed from outside, or out of its share of processor time: a fresh worker gets the job once more. A job
        # that took too long would take too long again.
        if failure.reason is Failure.TIMEOUT:
            raise
        return pool.ask(job, timeout)


def _parse(svg: str) -> None:
    """Raise ExpatError unless the drawing is well-formed: the last look before anybody stores or shows it."""
    expat.ParserCreate().Parse(svg.encode(), True)  # noqa: FBT003 - the signature of the standard library


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
