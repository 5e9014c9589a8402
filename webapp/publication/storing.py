"""Writing a bundle to disk so that it is there whole or not at all, and pointing the public site at it."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from webapp.bundle.manifest import parse
from webapp.digests import sha256_hex

MANIFEST = "manifest.json"
POINTER = "current"


def store_bundle(files: Iterable[tuple[str, bytes]], editions: Path, name: str) -> tuple[Path, str]:
    """Write a bundle into a new folder under `editions`; return it with the digest of its manifest.

    The folder gets its name only when every byte is on disk: a cut of power before leaves nothing that looks whole.
    `name` is completed by the manifest's digest, so that the same content finds the same folder.
    """
    editions.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=editions))
    try:
        draft.chmod(0o755)
        manifest = ""
        made: set[Path] = set()
        for path, content in files:
            target = draft / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            target.write_bytes(content)
            if path == MANIFEST:
                manifest = sha256_hex(content)
        os.sync()  # one flush for thousands of small files; each would cost a rotation of its own
        final = editions / f"{name}-{manifest[:12]}"
        if final.exists():
            shutil.rmtree(final)  # left by a preparation that did not come to its end; nothing refers to it
        draft.rename(final)
        sync_folder(editions)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return final, manifest


def point_at(instance: Path, folder: str) -> None:
    """Let the public site serve this folder of the editions from the next request on."""
    home = instance / "public"
    home.mkdir(parents=True, exist_ok=True)
    pointer = home / POINTER
    if pointer.exists() and pointer.read_text(encoding="utf-8").strip() == folder:
        return
    draft = home / f".{POINTER}-{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        file.write(f"{folder}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(pointer)
    sync_folder(home)


def noticed_codes(folder: Path) -> set[str]:
    """Return the codes in whose place a stored bundle shows a notice: its pages of powers that are not in it."""
    if not (folder / MANIFEST).is_file():
        return set()  # a lost bundle: a new edition is due where there is a notice to show
    manifest = parse((folder / MANIFEST).read_bytes())
    pages = {file.path.removesuffix("/index.html") for file in manifest.files if file.path.endswith("/index.html")}
    named = {page.removeprefix("powers/") for page in pages if page.startswith("powers/")}
    return {code for code in named if "/" not in code} - {power.name for power in manifest.powers}


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a cut of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
