"""The child that opens what people bring as proof: a path comes in, "fine" or a sentence goes out, or a clean picture.

Pictures are measured before they are decoded; of a zip only the list of its entries is read, nothing is unpacked.
Started through `webapp.child` with limits on memory, time and answer; what kills it kills only itself.
"""

import base64
import io
import stat
import struct
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from webapp.child import serve
from webapp.documents.packages import MAX_ENTRIES, FileRefused, Package

MAX_PIXELS = 50_000_000
_MAX_SIDE = 20_000
_LARGEST_PUBLIC = 2_000  # pixels of the longer side of a public copy
_MACROS = ("vbaproject.bin", "activex", "embeddings/oleobject")
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")
_EOCD = b"PK\x05\x06"
# What a broken or hostile picture ends with, depending on the byte.
_BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, zlib.error, EOFError, TypeError)


def inspect(job: dict[str, Any]) -> dict[str, Any]:
    """Look at the file at `job["path"]`, a `job["kind"]` (jpeg, png, docx, xlsx); {} is fine, {"why": sentence} not.

    With `job["public"]` a picture is answered as `image`: base64 of a copy without EXIF or any other particulars.
    """
    path = Path(job["path"])
    try:
        if job["kind"] in {"docx", "xlsx"}:
            _look_into(path.read_bytes(), job["kind"])
            return {}
        return _look_at(path, job["kind"], public=bool(job.get("public")))
    except FileRefused as refused:
        return {"why": str(refused)}


def _look_at(path: Path, kind: str, *, public: bool) -> dict[str, Any]:
    warnings.simplefilter("error")
    try:
        with Image.open(path, formats=[kind.upper()]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS or max(width, height) > _MAX_SIDE:
                raise FileRefused(f"图片有{width}×{height}像素，过大，没有保存。请把照片调小后再传。")
            image.load()
            if not public:
                return {"width": width, "height": height}
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail((_LARGEST_PUBLIC, _LARGEST_PUBLIC))
            plain = turned.convert("RGB")
            written = io.BytesIO()
            # A new picture of the same pixels: nothing of the old file's particulars comes along.
            bare = Image.new("RGB", plain.size)
            bare.paste(plain)
            bare.save(written, "JPEG", quality=85)
            return {"image": base64.b64encode(written.getvalue()).decode()}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused("图片的像素过多，没有保存。请把照片调小后再传。") from None
    except _BROKEN:
        raise FileRefused("图片已损坏或不完整，没有保存。请重新拍照或重新导出后再传。") from None


def _look_into(content: bytes, kind: str) -> None:
    _count_entries(content)
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error):
        raise FileRefused("文件已损坏，没有保存。请重新打开、另存后再传。") from None
    Package(content)  # number of entries, size unpacked, ratio, password
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise FileRefused("文件内部有重名的部分，没有保存。请用办公软件另存后再传。")
    for entry in entries:
        _check_entry(entry)
    wanted = "word/document.xml" if kind == "docx" else "xl/workbook.xml"
    if wanted not in names or "[Content_Types].xml" not in names:
        raise FileRefused("文件是压缩包，不是Word文档或Excel表格，没有保存。请解压后逐个上传。")


def _count_entries(content: bytes) -> None:
    """Refuse by the number the zip's end names, before a list of 100,000 entries is made."""
    place = content.rfind(_EOCD)
    if place < 0 or place + 12 > len(content):
        raise FileRefused("文件不完整(可能传输中断)，没有保存。请重新传一次。")
    if int.from_bytes(content[place + 10 : place + 12], "little") > MAX_ENTRIES:
        raise FileRefused("文件内部的部分过多，没有保存。请用办公软件另存后再传。")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.lower().replace("\\", "/")
    mode = entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise FileRefused("文件内部有链接或设备，没有保存。请用办公软件另存后再传。")
    if name.startswith("/") or ".." in name.split("/") or ":" in name or "\0" in name:
        raise FileRefused("文件内部的路径越界，没有保存。请用办公软件另存后再传。")
    if any(mark in name for mark in _MACROS):
        raise FileRefused("文件含有宏或嵌入的程序，没有保存。请另存为不含宏的.docx或.xlsx后再传。")
    if name.endswith(_ARCHIVES):
        raise FileRefused("文件内部还有压缩包，没有保存。请取出后逐个上传。")


if __name__ == "__main__":
    serve(inspect)
