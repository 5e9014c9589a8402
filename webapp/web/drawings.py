"""Drawings for pages: a bounded number at once, so that charts never hold up the rest of the server (GV-06).

A drawing is made with no database session open. When too many are under way the next is refused at once with a
sentence; its page shows the step table instead.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Response
from markupsafe import Markup

from webapp.child import ChildBusy
from webapp.child.forks import forget_after_fork
from webapp.flows.drawing import with_scope
from webapp.flows.drawings import EMPTY, TOO_LARGE, Drawing, DrawingStore, draw, layout_pool
from webapp.rules import NotFound, RuleBroken
from webapp.web.routes import end_reading, file_response, settings

# Threads that may wait for the layout child at once; a server has many more.
AT_ONCE = 4
_SVG_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


class NotDrawn(RuleBroken):
    """A chart could not be drawn now."""

    status = 503


@dataclass(frozen=True)
class Picture:
    """A drawing to stand in a page, or the notice in its place."""

    svg: Markup | None
    notice: str | None

    @property
    def is_late(self) -> bool:
        """Say whether the drawing may come out another time."""
        return self.svg is None and self.notice not in {EMPTY, TOO_LARGE}


class LayoutGate:
    """Lets a few callers at a time to the layout child and turns the others away."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self.after_fork()
        forget_after_fork(self)

    def ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Return the answer to a layout job; raise ChildBusy at once when enough are waiting."""
        if not self._free.acquire(blocking=False):
            raise ChildBusy
        try:
            return layout_pool().ask(job, timeout)
        finally:
            self._free.release()

    def after_fork(self) -> None:
        """Start afresh in a forked process."""
        self._free = threading.BoundedSemaphore(self._at_once)


@lru_cache(maxsize=1)
def layout_gate() -> LayoutGate:
    """Return this process's gate."""
    return LayoutGate()


def stored_picture(body: Mapping[str, Any], scope: str = "flow-") -> Picture:
    """Return the stored drawing of a chart, or draw and store it. Ends the reading session first."""
    end_reading()
    return _picture(DrawingStore(settings().drawings).drawing_for(dict(body), pool=layout_gate()), scope)


def typed_picture(body: Mapping[str, Any] | None, scope: str = "flow-") -> Picture:
    """Draw a chart as typed; nothing is stored. Ends the reading session first."""
    end_reading()
    if body is None:
        return Picture(None, "所填内容有误，改正后再画图。")
    return _picture(draw(dict(body), pool=layout_gate()), scope)


def drawing_file(body: Mapping[str, Any]) -> Response:
    """Return a chart's drawing as a file of its own; raise NotFound or NotDrawn (503) with the sentence."""
    end_reading()
    drawing = DrawingStore(settings().drawings).drawing_for(dict(body), pool=layout_gate())
    if drawing.svg is None:
        notice = drawing.notice or ""
        raise NotFound(notice) if notice in {EMPTY, TOO_LARGE} else NotDrawn(notice)
    response = file_response(drawing.svg, "image/svg+xml")
    response.headers["Content-Security-Policy"] = _SVG_POLICY
    return response


def _picture(drawing: Drawing, scope: str) -> Picture:
    if drawing.svg is None:
        return Picture(None, drawing.notice)
    # Our own writing: flows/drawing.py escapes every text, and the file is parsed strictly before it is kept.
    return Picture(Markup(with_scope(drawing.svg, scope)), None)  # noqa: S704 - see above
