"""The format of a backup: a zip of rows (`tables/NAME.jsonl`), files, and last a manifest with a digest of each part.

A zip names its parts at its end, so a file that was cut short does not even open. Nothing in it is trusted: names are
checked before they become paths, and no part may be longer than the manifest says.
"""

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from webapp.digests import canonical, sha256_hex
from webapp.rules import RuleBroken

FORMAT, FORMAT_VERSION = "zhiquan-backup", 1
MANIFEST = "manifest.json"
TABLES = "tables"
_CHUNK = 1 << 20
_MANIFEST_LIMIT = 256 << 20  # bytes; a thousand editions of ten thousand files stay below
_HOLDS = ("editions", "drawings", "files")  # folders of the instance that a backup may fill
# What reading a damaged zip ends with, depending on the byte.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    KeyError,
    OverflowError,
    IndexError,
)


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    format: str
    version: int
    made_at: str  # ISO 8601, UTC
    schema: str  # revision of the database's schema
    is_demo: bool
    journal: tuple[int, str]  # number and hash of the last entry
    tables: dict[str, int]  # rows of each table
    parts: dict[str, tuple[int, str]]  # size and SHA-256 of each part


class Writer:
    """Puts parts into a backup, and the manifest at its end."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self._zip = target
        self.parts: dict[str, tuple[int, str]] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one part from its pieces."""
        seen, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as part:
            for chunk in chunks:
                seen.update(chunk)
                size += len(chunk)
                part.write(chunk)
        self.parts[name] = (size, seen.hexdigest())

    def finish(self, manifest: Manifest) -> str:
        """Write the manifest; return its digest."""
        text = canonical(asdict(manifest))
        self._zip.writestr(MANIFEST, text)
        return sha256_hex(text)


class Reader:
    """Reads a backup whose parts have all been checked against the manifest."""

    def __init__(self, source: zipfile.ZipFile) -> None:
        self._zip = source
        self.manifest, self.digest = _read_manifest(source)

    def check(self) -> None:
        """Read every part once; raise RuleBroken at the first that is missing, added or different."""
        with _readable():
            self._check()

    def _check(self) -> None:
        names = [info.filename for info in self._zip.infolist()]
        if sorted(names) != sorted([*self.manifest.parts, MANIFEST]):
            raise _damaged("所含文件与清单不一致")
        for name, (size, expected) in self.manifest.parts.items():
            _check_name(name)
            seen, length = hashlib.sha256(), 0
            for chunk in self.chunks(name):
                seen.update(chunk)
                length += len(chunk)
            if length != size or seen.hexdigest() != expected:
                raise _damaged(f"{name} 与清单的校验码不符")
        if {f"{TABLES}/{table}.jsonl" for table in self.manifest.tables} != set(self.of(TABLES)):
            raise _damaged("数据表与清单不一致")

    def of(self, folder: str) -> list[str]:
        """Return the names of the parts in a folder."""
        return [name for name in self.manifest.parts if name.startswith(f"{folder}/")]

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part in pieces, never more than the manifest allows."""
        left = self.manifest.parts[name][0]
        with self._zip.open(name) as part:
            while chunk := part.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _damaged(f"{name} 比清单所列的大")
                yield chunk

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table as they were written."""
        with self._zip.open(f"{TABLES}/{table}.jsonl") as part:
            for line in part:
                yield json.loads(line)

    def extract(self, folder: Path) -> None:
        """Write the files (not the rows) below a folder, and see that they are on the disk."""
        for name in self.manifest.parts:
            if name.startswith(f"{TABLES}/"):
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                file.writelines(self.chunks(name))
        os.sync()  # one flush for thousands of small files


@contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open a backup and read its manifest; whatever is no readable backup becomes a sentence."""
    with path.open("rb") as file:
        start = file.read(16)
    if start.startswith(b"SQLite format 3"):
        raise RuleBroken(
            "这是数据库文件的直接复制件，不是备份：系统运行时复制的会缺少已确认的办理。请用 zhiquan backup 生成的文件。"
        )
    if start.startswith(b"PGDMP"):
        raise RuleBroken("这是 pg_dump 的转储文件，请用 pg_restore 恢复；本命令只恢复 zhiquan backup 生成的文件。")
    if not start.startswith(b"PK"):
        raise RuleBroken("这个文件不是本系统的备份。请选择 zhiquan backup 生成的文件。")
    with _readable():
        source = zipfile.ZipFile(path)
    with source:
        with _readable():
            reader = Reader(source)
        yield reader


@contextmanager
def _readable() -> Iterator[None]:
    """Tell what the reading of a damaged zip ends with as a sentence; around reading only, never around restoring."""
    try:
        yield
    except _UNREADABLE as error:
        raise _damaged("无法完整读取") from error


def _read_manifest(source: zipfile.ZipFile) -> tuple[Manifest, str]:
    if MANIFEST not in source.namelist():
        raise RuleBroken("这个压缩文件不是本系统的备份(没有清单)。请选择 zhiquan backup 生成的文件。")
    if source.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT:
        raise _damaged("清单过大")
    content = source.read(MANIFEST)
    told = json.loads(content)
    if not isinstance(told, Mapping) or told.get("format") != FORMAT:
        raise RuleBroken("这个压缩文件不是本系统的备份。请选择 zhiquan backup 生成的文件。")
    if told.get("version") != FORMAT_VERSION:
        raise RuleBroken("这份备份由更新的版本生成，本版本不能恢复。请安装不低于原来的版本。")
    if set(told) != {field.name for field in fields(Manifest)}:
        raise _damaged("清单不完整")
    return Manifest(**{**told, "journal": tuple(told["journal"])}), sha256_hex(content)


def _check_name(name: str) -> None:
    """Refuse a name that would leave its folder, or a folder that no backup fills."""
    steps = PurePosixPath(name).parts
    is_plain = "/".join(steps) == name and ".." not in steps and "\\" not in name and "\0" not in name
    if not is_plain or steps[0] not in (TABLES, *_HOLDS) or len(steps) == 1:
        raise _damaged("含有不应有的文件名")


def _damaged(what: str) -> RuleBroken:
    return RuleBroken(f"备份文件已损坏或不完整({what})，没有恢复，原有数据未动。请改用另一份备份。")
