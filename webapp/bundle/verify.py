"""Checking a bundle folder against its manifest, and the manifest against a digest known from elsewhere.

Nothing in the folder is trusted: links are not followed, and the digests of entries and charts are computed again from
`data/catalogue.jsonl` by the rule that the manifest states.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from webapp.bundle import manifest as manifests
from webapp.bundle.manifest import ApprovedItem, FileEntry, Manifest
from webapp.digests import digest
from webapp.rules import RuleBroken

CATALOGUE = "data/catalogue.jsonl"
_CHUNK = 1 << 20


class Kind(StrEnum):
    """What is wrong at a place of a bundle."""

    MANIFEST = "manifest"
    MISSING = "missing"
    CHANGED = "changed"
    ADDED = "added"
    NOT_A_FILE = "not_a_file"
    DIGEST = "digest"


@dataclass(frozen=True)
class Difference:
    """One thing that differs: its kind, the path, code or number, and a sentence for the person who checks."""

    kind: Kind
    place: str
    sentence: str


def verify_bundle(folder: Path, expect: str | None = None) -> list[Difference]:
    """Return all that differs; an empty list means that the folder is the edition, byte for byte.

    `expect` is the digest of the manifest as published on paper or kept in the database (64 hexadecimal digits).
    """
    path = folder / manifests.PATH
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return [Difference(Kind.NOT_A_FILE, manifests.PATH, "清单 manifest.json 不是普通文件。")]
        content = path.read_bytes()
    except OSError:
        return [Difference(Kind.MISSING, manifests.PATH, "缺少清单 manifest.json。")]
    found: list[Difference] = []
    wanted, own = (expect or "").strip().lower(), manifests.digest_of(content)
    try:
        manifest = manifests.parse(content)
    except RuleBroken as broken:
        return [Difference(Kind.MANIFEST, manifests.PATH, broken.message)]
    if expect is not None and wanted != own:
        sentence = f"清单的校验码是 {own}，与应有的 {wanted} 不符。"
        if wanted in manifest.replaces:
            # Anybody can write this into a forged manifest: it explains, and proves nothing.
            sentence += "本包自称因撤下事项重新存放，代替应有的那一份；请向发布机关核对现在的校验码。"
        found.append(Difference(Kind.MANIFEST, manifests.PATH, sentence))
    found += _files(folder, manifest)
    found += _digests(folder, manifest)
    return found


def chain_faults(earlier: Path, later: Path) -> list[Difference]:
    """Return what keeps a bundle from being the one that follows another; both are looked at by their manifests alone.

    The later one names the manifest it follows as it was then: as it is now, or one that it took the place of since.
    """
    try:
        content = (earlier / manifests.PATH).read_bytes()
        before = manifests.parse(content)
        after = manifests.parse((later / manifests.PATH).read_bytes())
    except (OSError, RuleBroken):
        return [Difference(Kind.MISSING, manifests.PATH, "前后两版之一没有可读的清单 manifest.json，不能核对衔接。")]
    if (after.audience, after.edition) != (before.audience, before.edition + 1):
        sentence = f"所给的两版不相邻：前为第{before.edition}号，后为第{after.edition}号。"
    elif after.previous_manifest not in {manifests.digest_of(content), *before.replaces}:
        sentence = f"第{after.edition}号所称的上一版清单 {after.previous_manifest} 不是所给的第{before.edition}号。"
    else:
        return []
    return [Difference(Kind.MANIFEST, manifests.PATH, sentence)]


def _files(folder: Path, manifest: Manifest) -> Iterator[Difference]:
    present = dict(_walk(folder, ""))
    for entry in manifest.files:
        mode = present.pop(entry.path, None)
        if mode is None:
            yield Difference(Kind.MISSING, entry.path, f"缺少文件 {entry.path}。")
        elif not stat.S_ISREG(mode):
            yield Difference(Kind.NOT_A_FILE, entry.path, f"{entry.path} 不是普通文件。")
        elif not _same(folder / entry.path, entry):
            yield Difference(Kind.CHANGED, entry.path, f"文件 {entry.path} 的内容与清单不符。")
    present.pop(manifests.PATH, None)
    for path, mode in sorted(present.items()):
        kind = Kind.ADDED if stat.S_ISREG(mode) else Kind.NOT_A_FILE
        yield Difference(kind, path, f"{path} 不在清单内，是多出的。")


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISDIR(mode):
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield f"{prefix}{entry.name}", mode


def _same(path: Path, entry: FileEntry) -> bool:
    seen = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                seen.update(chunk)
                size += len(chunk)
    except OSError:
        return False
    return size == entry.size and seen.hexdigest() == entry.sha256


def _digests(folder: Path, manifest: Manifest) -> Iterator[Difference]:
    """Compare the manifest's digests of entries and charts with those of the published file."""
    try:
        lines = (folder / CATALOGUE).read_text(encoding="utf-8").splitlines()
        records: list[dict[str, Any]] = [json.loads(line) for line in lines]
        kinds = [record.pop("record") for record in records]
        powers = {r.pop("code"): digest(r) for r, kind in zip(records, kinds, strict=True) if kind == "power"}
        flows = {r["number"]: digest(r) for r, kind in zip(records, kinds, strict=True) if kind == "flow"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Difference(Kind.DIGEST, CATALOGUE, f"{CATALOGUE} 无法读取，不能重算校验码。")
        return
    yield from _compare("职权", manifest.powers, powers)
    yield from _compare("流程图", manifest.flows, flows)


def _compare(word: str, listed: tuple[ApprovedItem, ...], computed: dict[str, str]) -> Iterator[Difference]:
    for item in listed:
        seen = computed.pop(item.name, None)
        if seen is None:
            yield Difference(Kind.DIGEST, item.name, f"{word} {item.name} 列在清单上，{CATALOGUE} 中没有。")
        elif seen != item.public_digest:
            yield Difference(Kind.DIGEST, item.name, f"{word} {item.name} 的内容与审定的校验码不符。")
    for name in sorted(computed):
        yield Difference(Kind.DIGEST, name, f"{word} {name} 在 {CATALOGUE} 中，清单上没有。")
