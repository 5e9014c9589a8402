"""Which files are taken as proof, told by their content and never by their name; what is none is refused. Pure."""

from dataclasses import dataclass

from webapp.documents.kinds import PACKAGE, kind_of
from webapp.rules import RuleBroken

MEGABYTE = 1024 * 1024
MAX_PHOTO = 10 * MEGABYTE
MAX_DOCUMENT = 20 * MEGABYTE
_PDF_END = 2_048  # bytes before the end in which a whole PDF says so


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its media type, its usual ending, what it is called, how large it may be (bytes)."""

    media_type: str
    ending: str
    label: str
    limit: int

    @property
    def is_picture(self) -> bool:
        """Say whether it is shown as a picture."""
        return self.media_type.startswith("image/")

    @property
    def is_shown(self) -> bool:
        """Say whether a browser may show it instead of saving it."""
        return self.is_picture or self is PDF


JPEG = FileKind("image/jpeg", ".jpg", "JPEG照片", MAX_PHOTO)
PNG = FileKind("image/png", ".png", "PNG图片", MAX_PHOTO)
PDF = FileKind("application/pdf", ".pdf", "PDF文件", MAX_DOCUMENT)
DOCX = FileKind(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", "Word文档", MAX_DOCUMENT
)
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", "Excel表格", MAX_DOCUMENT)
PICTURES = (JPEG, PNG)
EVIDENCE = (JPEG, PNG, PDF, DOCX, XLSX)
BY_MEDIA_TYPE = {kind.media_type: kind for kind in EVIDENCE}
_BEGINNINGS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
ACCEPTED = "照片(.jpg、.png)、.pdf、.docx和.xlsx"


def kind_by_content(content: bytes, kinds: tuple[FileKind, ...] = EVIDENCE) -> FileKind:
    """Return what a file is; raise RuleBroken where it is empty, too large or none of the kinds taken.

    A zip may still be something else: what is in it is looked at in the child (`inspecting`).
    """
    if not content:
        raise RuleBroken("文件是空的(0字节)，没有保存。请重新选择或重新拍照。", "file")
    found = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    if found is None and _is_package(content):
        found = XLSX if b"xl/workbook.xml" in content else DOCX
    if found is None or found not in kinds:
        told = "、".join(kind.label for kind in kinds)
        raise RuleBroken(
            f"文件的内容不是可以作证据的格式，没有保存。可以上传：{told}；其他材料请拍照或转成PDF。", "file"
        )
    if len(content) > found.limit:
        raise RuleBroken(
            f"文件有{_megabytes(len(content))}MB，超过{found.limit // MEGABYTE}MB的上限，没有保存。"
            + ("请把照片调小后再传。" if found.is_picture else "请分成几个文件或降低扫描分辨率后再传。"),
            "file",
        )
    if found is PDF and b"%%EOF" not in content[-_PDF_END:]:
        raise RuleBroken("PDF文件不完整(可能传输中断)，没有保存。请重新导出后再传。", "file")
    return found


def _is_package(content: bytes) -> bool:
    try:
        return kind_of(content) == PACKAGE
    except RuleBroken:
        return False  # a table's refusal; ours says what is taken as proof


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"
