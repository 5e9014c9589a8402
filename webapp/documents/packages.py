"""Zipped office documents, opened by declared policy; runs only inside the limited child.

Entries, sizes and ratios are checked before anything is unpacked. A part of XML with a DOCTYPE is refused, so nothing
in it can expand or reach outside (security.md 0.5, XLS-01).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, iterparse

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, fromstring

MAX_ENTRIES = 2_000
MAX_UNPACKED = 96 * 1024 * 1024
MAX_RATIO = 300
_PROLOG = 64 * 1024  # bytes within which a part must come to its first element


class FileRefused(Exception):  # noqa: N818 - says what happened, like RuleBroken
    """The file is not read at all; the sentence says why and what to do."""


class Package:
    """A zip of XML parts, checked before anything in it is unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise FileRefused("文件已损坏，无法读取。请用表格软件重新打开，另存为.xlsx后再导入。") from None
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise FileRefused("文件展开后过大，未予读取。请删去无关的工作表和格式后再导入。")
        for entry in entries:
            if entry.flag_bits & 1:
                raise FileRefused("文件已加密，无法读取。请去掉密码后再导入。")
            if entry.file_size > 1024 * 1024 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
                raise FileRefused("文件压缩比异常，未予读取。请用表格软件另存后再导入。")
        self.names = frozenset(self._zip.namelist())

    def read(self, path: str) -> bytes:
        """Return a part; raise KeyError where there is none."""
        return self._zip.read(path)

    def root(self, path: str) -> Element:
        """Return the root of a small part of XML."""
        root: Element = fromstring(self._zip.read(path), forbid_dtd=True)
        return root

    def events(self, path: str) -> Iterator[tuple[str, Element]]:
        """Yield the starts and ends of the elements of a part.

        A DOCTYPE can only stand before the first element: once there is none, nothing can be defined that expands, and
        the parser in C, eight times faster than defusedxml's, may read the rest.
        """
        with self._zip.open(path) as part:
            head = part.read(_PROLOG)
        prolog = XMLPullParser(("start",), _parser=DefusedXMLParser(forbid_dtd=True))
        prolog.feed(head)
        if next(iter(prolog.read_events()), None) is None:
            raise FileRefused("文件内容不合规范，未予读取。请另存为新的.xlsx后再导入。")
        with self._zip.open(path) as part:
            yield from iterparse(part, events=("start", "end"))  # noqa: S314 - without DOCTYPE, see above


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever a damaged or hostile document breaks into a sentence."""
    try:
        yield
    except (DefusedXmlException, ParseError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError):
        raise FileRefused("文件内容不合规范(含有外部定义或已损坏)，未予读取。请另存为新的文件后再导入。") from None
    except (KeyError, ValueError, OverflowError, IndexError, zlib.error):
        raise FileRefused("文件结构无法识别，未予读取。请用表格软件另存为.xlsx后再导入。") from None


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace."""
    found = element.get(name)
    if found is not None:
        return found
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), default)
