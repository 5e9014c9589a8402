"""Bytes on the disk: `ab/<sha256>`, written whole and flushed before any row names them (security.md 0.7)."""

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from webapp.digests import sha256_hex
from webapp.files.inspecting import inspect_file
from webapp.files.kinds import EVIDENCE, FileKind, kind_by_content
from webapp.files.names import clean_name
from webapp.rules import RuleBroken


class NotStored(RuleBroken):
    """The disk did not take the bytes."""

    status = 503


@dataclass(frozen=True)
class Kept:
    """A file whose bytes are safe on the disk, with the name it is to be known by."""

    sha256: str
    size: int
    kind: FileKind
    name: str


def keep_file(folder: Path, content: bytes, name: str, *, kinds: tuple[FileKind, ...] = EVIDENCE) -> Kept:
    """Check a file and put its bytes on the disk; called with no session open.

    Raises RuleBroken with what is wrong and what to do: empty, too large, another kind, damaged, hostile. The same
    content finds the same place and costs nothing.
    """
    kind = kind_by_content(content, kinds)
    sha256 = sha256_hex(content)
    place = place_of(folder, sha256)
    try:
        if place.exists() and place.stat().st_size == len(content):
            os.utime(place)  # whoever clears away what no row names must see that it is wanted again
        else:
            _write(place, content, kind)
    except OSError as error:
        raise NotStored("服务器磁盘已满或不能写入，文件没有保存。请联系系统管理员后再传。", "file") from error
    return Kept(sha256, len(content), kind, clean_name(name, kind.ending))


def place_of(folder: Path, sha256: str) -> Path:
    """Return where the bytes of a digest lie."""
    return folder / sha256[:2] / sha256


def read_bytes(folder: Path, sha256: str) -> bytes:
    """Return the bytes of a file; raise RuleBroken (503) where they are gone or are others."""
    try:
        content = place_of(folder, sha256).read_bytes()
    except OSError as error:
        raise NotStored("文件暂时读不出来。请联系系统管理员从备份恢复。") from error
    if sha256_hex(content) != sha256:
        raise NotStored("文件与登记的校验码不符，已停止提供。请联系系统管理员从备份恢复。")
    return content


def _write(place: Path, content: bytes, kind: FileKind) -> None:
    made = not place.parent.exists()
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        inspect_file(Path(temporary), kind)
        Path(temporary).replace(place)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    _sync(place.parent)
    if made:
        _sync(place.parent.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
