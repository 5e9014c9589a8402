"""Writes .docx and .ods files as an office program would, as far as tables go."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


@dataclass(frozen=True)
class Cell:
    """A cell of a Word table: its text, columns it spans, and "restart" or "continue" where it is merged down."""

    text: str = ""
    wide: int = 1
    down: str = ""


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def docx(*blocks: str | Sequence[Sequence[Cell | str]]) -> bytes:
    """Return a document: a text is a paragraph, rows of cells are a table."""
    body = "".join(_paragraph(block) if isinstance(block, str) else _table(block) for block in blocks)
    return zipped({"word/document.xml": f'<?xml version="1.0"?><w:document {_W}><w:body>{body}</w:body></w:document>'})


def _paragraph(text: str) -> str:
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def _table(rows: Sequence[Sequence[Cell | str]]) -> str:
    out = []
    for row in rows:
        cells = []
        for given in row:
            cell = Cell(given) if isinstance(given, str) else given
            span = f'<w:gridSpan w:val="{cell.wide}"/>' if cell.wide > 1 else ""
            down = f'<w:vMerge w:val="{cell.down}"/>' if cell.down == "restart" else "<w:vMerge/>" if cell.down else ""
            cells.append(f"<w:tc><w:tcPr>{span}{down}</w:tcPr>{_paragraph(cell.text)}</w:tc>")
        out.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(out)}</w:tbl>"


def ods(name: str, rows: Sequence[Sequence[str]], *, extra: str = "") -> bytes:
    """Return a spreadsheet with one table of texts; `extra` is XML after its rows."""
    body = "".join(f"<table:table-row>{''.join(ods_cell(cell) for cell in row)}</table:table-row>" for row in rows)
    return ods_of(f'<table:table table:name="{escape(name)}">{body}{extra}</table:table>')


def ods_cell(text: str, more: str = "") -> str:
    """Return a cell; `more` are further attributes."""
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n")) if text else ""
    return f"<table:table-cell {more}>{lines}</table:table-cell>"


def ods_of(tables: str, *, styles: str = "", manifest: str = "") -> bytes:
    """Return a spreadsheet of tables given as XML."""
    content = (
        f"<office:document-content {_ODS}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    return zipped(parts | ({"META-INF/manifest.xml": manifest} if manifest else {}))
