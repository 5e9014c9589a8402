"""Opening a bundle folder: which file an address means, and its bytes. Only what the manifest lists can be read."""

import os
from dataclasses import dataclass
from pathlib import Path

from webapp.bundle import manifest as manifests
from webapp.bundle.manifest import FileEntry, Manifest
from webapp.rules import NotFound, RuleBroken

INDEX = "index.html"


@dataclass(frozen=True)
class Bundle:
    """An opened bundle; `entries` are its files by path, the manifest among them."""

    folder: Path
    manifest: Manifest
    digest: str
    entries: dict[str, FileEntry]

    def path_of(self, address: str) -> str | None:
        """Return the file that an address (without its first slash) means, None when there is none."""
        path = address + INDEX if not address or address.endswith("/") else address
        return path if path in self.entries else None

    def is_folder(self, address: str) -> bool:
        """Tell whether an address without its last slash is a page."""
        return f"{address}/{INDEX}" in self.entries

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raise NotFound when the manifest lists no such file or it has gone."""
        if path not in self.entries:
            raise NotFound
        try:
            # O_NOFOLLOW: a link put into the folder later leads nowhere.
            descriptor = os.open(self.folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise NotFound from error
        with os.fdopen(descriptor, "rb") as file:
            return file.read()


def open_bundle(folder: Path) -> Bundle:
    """Open a bundle folder; raise RuleBroken with a sentence when it is none."""
    try:
        content = (folder / manifests.PATH).read_bytes()
    except OSError as error:
        raise RuleBroken(f"{folder.name} 中没有清单 manifest.json,不是公开包。请指定公开包的文件夹。") from error
    manifest = manifests.parse(content)
    digest = manifests.digest_of(content)
    entries = {entry.path: entry for entry in manifest.files}
    entries[manifests.PATH] = FileEntry(manifests.PATH, digest, len(content))
    return Bundle(folder, manifest, digest, entries)
