"""Drawing the charts of an edition: stored drawings where there are any, new ones from the layout child."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from webapp.flows.drawings import LIBRARIES, DrawingStore
from webapp.rules import RuleBroken


class Drawer:
    """Draws charts over a folder of drawings; a chart that could be drawn and was not stops it, so that bytes repeat.

    `lacks_libraries` says afterwards whether this machine can draw nothing at all: step tables stand in their place.
    """

    def __init__(self, folder: Path) -> None:
        self._store = DrawingStore(folder)
        self.lacks_libraries = False

    def __call__(self, chart: Mapping[str, Any]) -> str | None:
        """Return a chart's drawing, None where this machine can draw nothing; raise RuleBroken otherwise."""
        drawing = self._store.drawing_for(dict(chart))
        if drawing.svg is None:
            if drawing.notice != LIBRARIES:
                raise RuleBroken(f"流程图{chart['number']}未能绘出，公开版未编制。请稍后再试，或简化该图。")
            self.lacks_libraries = True
        return drawing.svg
