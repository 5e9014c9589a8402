"""What is brought as proof (security.md FILE-01 to 07, 12): kinds by content, names, bombs, clean copies."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from harness.office_files import zipped
from webapp.digests import sha256_hex
from webapp.documents.sheets import Sheet, write_xlsx
from webapp.files.inspecting import public_image
from webapp.files.kinds import JPEG, MAX_DOCUMENT, MAX_PHOTO, PDF, PICTURES, PNG
from webapp.files.names import MAX_NAME, clean_name
from webapp.files.storing import NotStored, keep_file, place_of, read_bytes
from webapp.rules import RuleBroken

TYPES = "<Types/>"
PLAIN_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, exif: bool = False) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (30, 120, 60))
    given = {}
    if exif:
        told = Image.Exif()
        told[0x010F] = "CameraMaker"
        told[0x0112] = 6  # lies on its side
        told.get_ifd(0x8825)[1] = "N"
        given["exif"] = told
    image.save(out, kind, **given)
    return out.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A picture whose head says more than it holds: 20 KB that would be gigabytes of pixels."""

    def part(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = part(b"IDAT", zlib.compress(b"\0" * 9000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + data + part(b"IEND", b"")


def document(**parts: str | bytes) -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": "<w/>", **parts})


def with_link() -> bytes:
    out = io.BytesIO(document())
    with zipfile.ZipFile(out, "a") as packed:
        link = zipfile.ZipInfo("word/media/a.png")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    return out.getvalue()


def with_twins() -> bytes:
    out = io.BytesIO(document())
    with zipfile.ZipFile(out, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("word/document.xml", "<other/>")
    return out.getvalue()


def bomb() -> bytes:
    return document(**{"word/media/a.xml": b"\0" * (120 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (photo(), ".jpg"),
        (photo("PNG"), ".png"),
        (PLAIN_PDF, ".pdf"),
        (document(), ".docx"),
        (write_xlsx([Sheet("表", ["甲"], [["乙"]])]), ".xlsx"),
    ],
)
def test_five_kinds_are_taken_by_content_whatever_they_are_called(content: bytes, ending: str, tmp_path: Path) -> None:
    kept = keep_file(tmp_path, content, "现场.exe")
    assert (kept.kind.ending, kept.name, kept.size) == (ending, f"现场_exe{ending}", len(content))
    assert kept.sha256 == sha256_hex(content)
    assert read_bytes(tmp_path, kept.sha256) == content
    assert place_of(tmp_path, kept.sha256).relative_to(tmp_path).parts == (kept.sha256[:2], kept.sha256)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "0字节"),
        (b"<html><script>1</script></html>", "不是可以作证据的格式"),
        (b"GIF89a/*" + b"0" * 50, "不是可以作证据的格式"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可以作证据的格式"),
        (b"MZ" + b"\0" * 100, "不是可以作证据的格式"),
        (zipped({"a.txt": "甲"}), "压缩包"),
        (zipped({"xl/workbook.xml.bin": "甲"}), "压缩包"),
        (PLAIN_PDF[:20], "不完整"),
        (photo()[:400], "已损坏"),
        (photo(size=(600, 400))[:3000] + b"\0" * 10, "已损坏"),
        (png_of_size(30_000, 30_000), "像素"),
        (png_of_size(3000, 3000), "已损坏"),
        (document(**{"word/vbaProject.bin": "x"}), "宏"),
        (document(**{"word/embeddings/oleObject1.bin": "x"}), "嵌入"),
        (document(**{"word/a.zip": "x"}), "还有压缩包"),
        (document(**{"../a.xml": "x"}), "越界"),
        (document(**{"/etc/a.xml": "x"}), "越界"),
        (with_link(), "链接"),
        (with_twins(), "重名"),
        (bomb(), "展开后过大"),
        (zipped({f"word/{number}": "" for number in range(2_100)}), "过多"),
        (document()[:-30], "不完整"),
        (b"PK\x03\x04" + b"\0" * 3000, "不完整"),
    ],
)
def test_what_is_not_what_it_says_or_would_burst_is_refused_and_leaves_nothing(
    content: bytes, told: str, tmp_path: Path
) -> None:
    with pytest.raises(RuleBroken, match=told) as refused:
        keep_file(tmp_path, content, "a.jpg")
    assert refused.value.field == "file"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_limit_is_taken_and_one_byte_more_is_not(tmp_path: Path) -> None:
    whole = PLAIN_PDF + b"\n" * (MAX_DOCUMENT - len(PLAIN_PDF) - 6) + b"%%EOF\n"
    assert keep_file(tmp_path, whole, "a.pdf").size == MAX_DOCUMENT
    with pytest.raises(RuleBroken, match="超过20MB"):
        keep_file(tmp_path, whole + b"\n", "a.pdf")
    with pytest.raises(RuleBroken, match="超过10MB"):
        keep_file(tmp_path, photo() + b"\0" * MAX_PHOTO, "a.jpg")


def test_a_caller_may_take_pictures_only(tmp_path: Path) -> None:
    assert keep_file(tmp_path, photo("PNG"), "", kinds=PICTURES).kind is PNG
    with pytest.raises(RuleBroken, match="JPEG照片、PNG图片；"):
        keep_file(tmp_path, PLAIN_PDF, "a.pdf", kinds=PICTURES)


def test_the_same_content_is_one_file(tmp_path: Path) -> None:
    one, two = keep_file(tmp_path, PLAIN_PDF, "甲.pdf"), keep_file(tmp_path, PLAIN_PDF, "乙.PDF")
    assert (one.sha256, one.name, two.name) == (two.sha256, "甲.pdf", "乙.pdf")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_bytes_that_changed_on_the_disk_are_not_handed_out(tmp_path: Path) -> None:
    kept = keep_file(tmp_path, PLAIN_PDF, "a.pdf")
    place_of(tmp_path, kept.sha256).write_bytes(PLAIN_PDF.replace(b"1.4", b"1.5"))
    with pytest.raises(NotStored, match="校验码不符"):
        read_bytes(tmp_path, kept.sha256)


def test_a_public_copy_stands_upright_and_holds_nothing_of_the_camera(tmp_path: Path) -> None:
    content = photo(exif=True)
    assert b"CameraMaker" in content
    kept = keep_file(tmp_path, content, "a.jpg")
    copy = public_image(place_of(tmp_path, kept.sha256), JPEG)
    with Image.open(io.BytesIO(copy)) as shown:
        assert (shown.size, len(shown.getexif()), shown.info.get("exif")) == ((40, 60), 0, None)
    assert b"CameraMaker" not in copy
    assert b"Exif" not in copy


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../app.py", "app_py.pdf"),
        ("C:\\秘密\\记录.pdf", "记录.pdf"),
        ("/etc/passwd", "passwd.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("..隐藏. .", "隐藏.pdf"),
        ("CON.pdf", "附件.pdf"),
        ("", "附件.pdf"),
        ("a\u202efdp.exe", "afdp_exe.pdf"),
        ('甲;"乙"?.PDF', "甲__乙.pdf"),
        ("v1.2说明", "v1_2说明.pdf"),
    ],
)
def test_a_name_is_only_data(given: str, clean: str) -> None:
    assert clean_name(given, PDF.ending) == clean


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    name = clean_name("长" * 400 + ".pdf", ".pdf")
    assert len(name) == MAX_NAME
    assert name.endswith("长.pdf")
