"""A stack of papers as .docx, written part by part: every paper a section of its own, with its foot and page numbers.

The XML is ours, so the bytes repeat (fixed dates, no author), every text is escaped at one place, and 2,000 rows take
half a second; no template of a word processor has to be kept beside the form's own table.
"""

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from webapp.documents.docx_parts import (
    CONTENT_TYPES,
    CORE,
    FOOTER,
    NAMESPACES,
    PACKAGE_RELS,
    SETTINGS,
    STYLES,
    twips,
)
from webapp.documents.paper import (
    GRID_UNITS,
    Grid,
    Layout,
    Line,
    Note,
    Paper,
    Signs,
    Stack,
    Table,
    Text,
    as_text,
    is_long,
    plain,
    signs_in_line,
)
from webapp.documents.sheets import repacked

_ALIGN = {"left": "left", "centre": "center", "right": "right"}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write_docx(stack: Stack) -> bytes:
    """Return the file; the same stack gives the same bytes."""
    out = io.BytesIO()
    footers = [(plain(stack.foot(paper)), even) for paper in stack.papers for even in (False, True)]
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", CONTENT_TYPES.format(footers=_footer_types(len(footers))))
        packed.writestr("_rels/.rels", PACKAGE_RELS)
        packed.writestr("docProps/core.xml", CORE)
        packed.writestr("word/styles.xml", STYLES)
        packed.writestr("word/settings.xml", SETTINGS)
        packed.writestr("word/_rels/document.xml.rels", _relations(len(footers)))
        for number, (foot, even) in enumerate(footers, 1):
            packed.writestr(f"word/footer{number}.xml", _footer(foot, even=even))
        packed.writestr("word/document.xml", "".join(_document(stack)))
    return repacked(out.getvalue())


def _document(stack: Stack) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {NAMESPACES}><w:body>'
    last = len(stack.papers)
    for number, paper in enumerate(stack.papers, 1):
        yield from _paper(paper, stack.layout)
        section = _section(stack.layout, number)
        # The last section's properties stand at the end of the body, those of others in a paragraph of their own.
        yield section if number == last else f"<w:p><w:pPr>{section}</w:pPr></w:p>"
    yield "</w:body></w:document>"


def _paper(paper: Paper, layout: Layout) -> Iterator[str]:
    yield _paragraph(paper.title, "PaperTitle")
    if paper.subtitle:
        yield _paragraph(paper.subtitle, "PaperSubtitle")
    for block in paper.blocks:
        match block:
            case Table():
                yield from _table(block, layout)
            case Grid():
                yield from _grid(block, layout)
            case Text():
                if block.heading:
                    yield _paragraph(block.heading, "PaperHeading")
                yield from (_paragraph(each, "PaperText") for each in block.paragraphs)
            case Line():
                yield _line(block, layout)
            case Note():
                yield _paragraph(block.text, "PaperNote")
            case Signs():
                yield from _signs(block, layout)


def _section(layout: Layout, number: int) -> str:
    top, right, bottom, left = (twips(each) for each in layout.margins)
    turned = ' w:orient="landscape"' if layout.landscape else ""
    return (
        "<w:sectPr>"
        f'<w:footerReference w:type="default" r:id="rId{2 * number + 1}"/>'
        f'<w:footerReference w:type="even" r:id="rId{2 * number + 2}"/>'
        f'<w:type w:val="nextPage"/><w:pgSz w:w="{twips(layout.width)}" w:h="{twips(layout.height)}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}"'
        f' w:header="{twips(15)}" w:footer="{twips(12)}" w:gutter="0"/><w:pgNumType w:start="1"/></w:sectPr>'
    )


def _table(table: Table, layout: Layout) -> Iterator[str]:
    whole = twips(layout.text_width)
    widths = table.shares(whole)
    size = round(layout.table_type * 2)
    yield _opened(widths)
    if table.upper:
        yield _row(_upper_cells(table, widths, size), repeated=True)
        yield _row(
            "".join(
                _cell(h.text if h.over else "", width, size, "center", head=True, merged="" if h.over else "continue")
                for h, width in zip(table.headings, widths, strict=True)
            ),
            repeated=True,
        )
    else:
        cells = zip(table.headings, widths, strict=True)
        yield _row("".join(_cell(h.text, width, size, "center", head=True) for h, width in cells), repeated=True)
    aligns = [_ALIGN[h.align] for h in table.headings]
    for row in table.rows:
        if row.kind == "group":
            words = as_text(row.cells[0])
            yield _row(_cell(words, whole, size, "left", head=True, span=len(widths)), together=True)
            continue
        parts = zip(row.cells, widths, aligns, strict=True)
        cells_of_row = "".join(
            _cell(as_text(cell), width, size, align, bold=row.kind == "total") for cell, width, align in parts
        )
        yield _row(cells_of_row, splits=is_long(row.cells, table, layout))
    yield "</w:tbl>" + _paragraph("", "PaperNote")


def _upper_cells(table: Table, widths: tuple[int, ...], size: int) -> str:
    cells, place = [], 0
    for heading, span in table.upper:
        width = sum(widths[place : place + span])
        place += span
        if heading.over:
            cells.append(_cell(heading.over, width, size, "center", head=True, span=span))
        else:
            cells.append(_cell(heading.text, width, size, "center", head=True, merged="restart"))
    return "".join(cells)


def _grid(grid: Grid, layout: Layout) -> Iterator[str]:
    whole, size = twips(layout.text_width), round(layout.table_type * 2)
    unit = whole // GRID_UNITS
    yield _opened((unit,) * GRID_UNITS)
    for row in grid.rows:
        cells = "".join(
            _cell(pair.label, unit * pair.label_units, size, "center", head=True, span=pair.label_units)
            + _cell(
                pair.text,
                unit * (pair.units - pair.label_units),
                size,
                "left",
                span=pair.units - pair.label_units,
            )
            for pair in row
        )
        yield _row(cells, splits=any(len(pair.text) > _LONG_BOX for pair in row))
    yield "</w:tbl>" + _paragraph("", "PaperNote")


def _signs(signs: Signs, layout: Layout) -> Iterator[str]:
    per_line = min(len(signs.roles), signs_in_line(layout))
    size = 22
    width = twips(layout.text_width) // per_line
    yield _paragraph("", "PaperNote")
    yield _opened((width,) * per_line, borders=False)
    for start in range(0, len(signs.roles), per_line):
        roles = [*signs.roles[start : start + per_line], *[""] * per_line][:per_line]
        blank = "＿＿＿＿＿　年　月　日"
        yield _row("".join(_cell(f"{role}：{blank}" if role else "", width, size, "left") for role in roles))
    yield "</w:tbl>" + _paragraph("", "PaperNote")


def _line(line: Line, layout: Layout) -> str:
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{twips(layout.text_width)}"/></w:tabs>'
    right = f"<w:r><w:tab/></w:r>{_run(line.right)}" if line.right else ""
    return f'<w:p><w:pPr><w:pStyle w:val="PaperLine"/>{tab}</w:pPr>{_run(line.left)}{right}</w:p>'


def _opened(widths: tuple[int, ...], *, borders: bool = True) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    drawn = f"<w:tblBorders>{lines}</w:tblBorders>" if borders else ""
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{drawn}<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )


def _row(cells: str, *, repeated: bool = False, splits: bool = False, together: bool = False) -> str:
    kept = "" if splits else "<w:cantSplit/>"
    head = "<w:tblHeader/>" if repeated else ""
    if together:  # a group's heading stays with its first row
        cells = cells.replace("<w:pPr>", "<w:pPr><w:keepNext/>")
    return f"<w:tr><w:trPr>{kept}{head}</w:trPr>{cells}</w:tr>"


def _cell(
    text: str,
    width: int,
    size: int,
    align: str,
    *,
    head: bool = False,
    bold: bool = False,
    span: int = 1,
    merged: str = "",
) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    merges = f'<w:vMerge w:val="{merged}"/>' if merged else ""
    fonts = '<w:rFonts w:ascii="SimHei" w:hAnsi="SimHei" w:eastAsia="黑体"/>' if head else ""
    weight = "<w:b/>" if bold else ""
    face = f'<w:rPr>{fonts}{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{merges}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="PaperCell"/><w:jc w:val="{align}"/></w:pPr>{_run(text, face)}</w:p></w:tc>'
    )


def _paragraph(text: str, style: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text)}</w:p>'


def _run(text: str, face: str = "") -> str:
    """Return a run of text, its line breaks kept; the one place where text becomes XML."""
    shown = plain(text)
    if not shown:
        return ""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in shown.split("\n"))
    return f"<w:r>{face}{lines}</w:r>"


def _footer(foot: str, *, even: bool) -> str:
    return FOOTER.format(namespaces=NAMESPACES, align="left" if even else "right", foot=escape(foot))


def _footer_types(count: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
    return "".join(f'<Override PartName="/word/footer{n}.xml" ContentType="{kind}"/>' for n in range(1, count + 1))


def _relations(footers: int) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rows = [("styles", "styles.xml"), ("settings", "settings.xml")]
    rows += [("footer", f"footer{number}.xml") for number in range(1, footers + 1)]
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{base}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(rows, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'
    )


_LONG_BOX = 1500  # characters of a box from which on it may run over two pages
