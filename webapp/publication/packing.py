"""A stored bundle as one file to carry: the same bytes for the same bundle, on every machine and at any time."""

import zipfile
from pathlib import Path
from typing import IO

from webapp.rules import RuleBroken

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can hold; when a file was written is no part of an edition
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def pack_bundle(folder: Path, out: IO[bytes]) -> None:
    """Write the files of a bundle into a zip, stored and not compressed, in the order of their paths.

    Raises RuleBroken where the bundle is not in the store.
    """
    if not (folder / "manifest.json").is_file():
        raise RuleBroken("这一版的公开包不在库中，不能下载。请联系系统管理员从备份恢复。")
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(paths, key=lambda one: one.relative_to(folder).as_posix()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MOMENT)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            packed.writestr(entry, path.read_bytes())
