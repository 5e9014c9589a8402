"""The child that typesets: papers come in as data, a PDF goes out.

Started by `printing` through `webapp.child` with limits on memory, time and answer. Fonts come with the installation
and from nowhere else, so the same papers give the same bytes on every machine.
"""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from webapp.child import serve

_SOURCE = Path(__file__).with_name("paper.typ")
_FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
_STAMP = int(datetime(2008, 6, 5, tzinfo=UTC).timestamp())


def typeset(job: dict[str, Any]) -> dict[str, Any]:
    """Return {"pdf": base64} of `job["papers"]`, or {"why": sentence} where the typesetter refuses."""
    try:
        content = typst.compile(
            str(_SOURCE),
            format="pdf",
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"papers": json.dumps(job["papers"], ensure_ascii=False)},
            timestamp=_STAMP,
        )
    except typst.TypstError as refused:
        return {"why": str(refused)}
    return {"pdf": base64.b64encode(content).decode()}


if __name__ == "__main__":
    serve(typeset)
