"""What a file is, by its content and never by its name; what is no table is refused with what to do. Pure."""

import re

from webapp.documents.compound_file import SIGNATURE
from webapp.rules import RuleBroken

PACKAGE, COMPOUND, PAGE, DELIMITED = "package", "compound", "page", "delimited"

_ZIP = b"PK\x03\x04"
_START = 4_000
_PAGE = re.compile(rb"<(?:html|table|body|!doctype\s+html)\b", re.IGNORECASE)
_SAVE_AS = "请用表格软件打开，另存为.xlsx后再导入。"
_PDF = "文件是PDF，不是表格。请向制表人要.xlsx或.docx，或者把表格复制后粘贴导入。"
_IMAGE = "文件是图片，读不出文字。请提供.xlsx或.docx，或者录入后再导入。"
_ARCHIVE = "文件是压缩包。请解压后逐个导入其中的表格。"
_MAIL = f"文件是单个网页文件(.mht)，不是表格。{_SAVE_AS}"
_XML = f"文件是XML格式，不是表格。{_SAVE_AS}"
# How such files begin; text in lower case, after blanks and marks of the encoding.
_NO_TABLES = {
    b"%pdf": _PDF,
    b"\x89png": _IMAGE,
    b"\xff\xd8\xff": _IMAGE,
    b"gif8": _IMAGE,
    b"ii*\x00": _IMAGE,
    b"mm\x00*": _IMAGE,
    b"riff": _IMAGE,
    b"rar!": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"\x1f\x8b": _ARCHIVE,
    b"pk\x05\x06": _ARCHIVE,
    b"{\\rtf": "文件是RTF文档，无法读取。请用文字处理软件打开，另存为.docx后再导入。",
    b"mime-version:": _MAIL,
    b"<?xml": _XML,
    b"<!doctype": _XML,
    b"<workbook": _XML,
    b'{"': "文件内容是JSON，不是表格。由本系统导出的请保留.jsonl扩展名后再导入。",
}


def kind_of(content: bytes) -> str:
    """Return what a file is: PACKAGE (zip), COMPOUND (old office file), PAGE (html) or DELIMITED; raise RuleBroken."""
    if content.startswith(_ZIP):
        return PACKAGE
    if content.startswith(SIGNATURE):
        return COMPOUND
    raw = content[:_START]
    text = (raw.replace(b"\x00", b"") if b"\x00" in raw[:200] else raw).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(b"<") and _PAGE.search(text):
        return PAGE
    for beginning, sentence in _NO_TABLES.items():
        if raw.lower().startswith(beginning) or text.startswith(beginning):
            raise RuleBroken(sentence)
    if raw.startswith(b"BM") and b"\x00" in raw[:20]:
        raise RuleBroken(_IMAGE)
    return DELIMITED
