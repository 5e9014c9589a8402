"""The child that opens other people's files: a path comes in, rows as text go out.

Started by `reading` through `webapp.child` with limits on memory, time and answer; what kills it kills only itself.
"""

from pathlib import Path
from typing import Any

from webapp.child import serve
from webapp.documents import binary_workbook, kinds
from webapp.documents.delimited import TextRefused, decode
from webapp.documents.open_document import OpenDocument
from webapp.documents.packages import FileRefused, Package
from webapp.documents.web_table import read_page
from webapp.documents.word_reading import WordDocument
from webapp.documents.workbook import Workbook


def read(job: dict[str, Any]) -> dict[str, Any]:
    """Read the file at `job["path"]`, which is a `job["kind"]`; return its sheets, or {"why": sentence}."""
    content = Path(job["path"]).read_bytes()
    try:
        return _READERS[job["kind"]](content)
    except (FileRefused, TextRefused) as refused:
        return {"why": str(refused)}


def _package(content: bytes) -> dict[str, Any]:
    package = Package(content)
    names = package.names
    if "xl/workbook.xml" in names:
        return Workbook(package).read()
    if "word/document.xml" in names:
        return WordDocument(package).read()
    if "content.xml" in names:
        return OpenDocument(package).read()
    if "xl/workbook.bin" in names:
        raise FileRefused("文件是二进制表格(.xlsb)，无法读取。请另存为.xlsx后再导入。")
    if any(name.startswith("ppt/") for name in names):
        raise FileRefused("文件是演示文稿，不是表格。请提供.xlsx或.docx。")
    if "OFD.xml" in names:
        raise FileRefused("文件是OFD版式文件，不是表格。请向制表人要.xlsx或.docx。")
    raise FileRefused("文件是压缩包或不认识的格式，未予读取。请解压后导入其中的.xlsx、.docx或.csv。")


def _compound(content: bytes) -> dict[str, Any]:
    kind = binary_workbook.kind_of(content)
    if kind == "encrypted":
        raise FileRefused("文件已加密，无法读取。请去掉密码后再导入。")
    if kind == "doc":
        raise FileRefused("文件是旧版文字文档(.doc、.wps)，无法读取。请打开后另存为.docx，或者把表格复制后粘贴导入。")
    if kind != "xls":
        raise FileRefused("文件已损坏或不认识，未予读取。请用表格软件打开，另存为.xlsx后再导入。")
    return binary_workbook.BinaryWorkbook(content).read()


def _page(content: bytes) -> dict[str, Any]:
    return read_page(decode(content)[0])


_READERS = {kinds.PACKAGE: _package, kinds.COMPOUND: _compound, kinds.PAGE: _page}

if __name__ == "__main__":
    serve(read)
