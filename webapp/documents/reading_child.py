"""The child that opens other people's workbooks: a path comes in, rows as text go out.

Started by `reading` through `webapp.child` with limits on memory, time and answer; what kills it kills only itself.
"""

from pathlib import Path
from typing import Any

from webapp.child import serve
from webapp.documents.workbook import FileRefused, Workbook


def read(job: dict[str, Any]) -> dict[str, Any]:
    """Read the workbook at `job["path"]`; return its sheets, or {"why": sentence}."""
    try:
        return Workbook(Path(job["path"]).read_bytes()).read()
    except FileRefused as refused:
        return {"why": str(refused)}


if __name__ == "__main__":
    serve(read)
