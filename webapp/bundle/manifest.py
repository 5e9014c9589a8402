"""The manifest of a bundle: what belongs to it, byte for byte, and who approved what it says.

Written one record a line, so that two manifests can be compared with any tool. The digest of a manifest is the SHA-256
of its bytes; the next edition carries it, the release paper prints it, the journal records it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.digests import sha256_hex
from webapp.rules import RuleBroken

PATH = "manifest.json"
FORMAT = "zhiquan-bundle-1"
RULES = {
    "files": "files 列出本包除 manifest.json 外的每个文件：路径、SHA-256、字节数。多出、缺少或不符的都不是本版内容。",
    "powers": (
        "data/catalogue.jsonl 中 record 为 power 的一行，去掉 record 和 code 两项，其余按 RFC 8785 写成规范 JSON"
        "(UTF-8)，其 SHA-256 即 public_digest,与各级审定所见一致。"
    ),
    "flows": "data/catalogue.jsonl 中 record 为 flow 的一行，去掉 record 一项，其余同上。",
    "previous_manifest": "上一版 manifest.json 全部字节的 SHA-256；首版为 null。本文件的校验码同样计算。",
    "replaces": (
        "本版因撤下事项重新存放的，依次列出先前各份 manifest.json 的校验码。"
        "后一版的 previous_manifest 应为本文件的校验码，或列在此项中。"
    ),
}


@dataclass(frozen=True)
class ApprovedItem:
    """A power or a chart of the edition: its code or number, public digest, and the approvals as plain rows."""

    name: str
    public_digest: str
    approvals: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class FileEntry:
    """A file of the bundle: path with slashes, SHA-256 as 64 hexadecimal digits, size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a manifest says."""

    bureau: str
    audience: str
    edition: int
    date: str
    document: str
    previous_manifest: str | None
    replaces: tuple[str, ...]  # digests of the manifests this one takes the place of, the oldest first
    metadata: Mapping[str, str]
    powers: tuple[ApprovedItem, ...]
    flows: tuple[ApprovedItem, ...]
    files: tuple[FileEntry, ...]


def write(manifest: Manifest) -> bytes:
    """Return the bytes of the manifest; files are ordered by path."""
    head: dict[str, Any] = {
        "format": FORMAT,
        "bureau": manifest.bureau,
        "audience": manifest.audience,
        "edition": manifest.edition,
        "date": manifest.date,
        "document": manifest.document,
        "previous_manifest": manifest.previous_manifest,
        "replaces": list(manifest.replaces),
        "metadata": dict(manifest.metadata),
        "rules": RULES,
    }
    files = sorted(manifest.files, key=lambda entry: entry.path)
    parts = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
    parts.append(_rows("powers", [_item("code", item) for item in manifest.powers]))
    parts.append(_rows("flows", [_item("number", item) for item in manifest.flows]))
    parts.append(_rows("files", [{"path": f.path, "sha256": f.sha256, "size": f.size} for f in files]))
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def parse(content: bytes) -> Manifest:
    """Read a manifest; raise RuleBroken when it is none or names a file by an unsafe or repeated path."""
    try:
        loaded = json.loads(content.decode())
        if loaded["format"] != FORMAT:
            raise RuleBroken(f"清单格式不是{FORMAT}。请用与公开包相配的程序版本核验。")
        manifest = Manifest(
            bureau=_text(loaded["bureau"]),
            audience=_text(loaded["audience"]),
            edition=_number(loaded["edition"]),
            date=_text(loaded["date"]),
            document=_text(loaded["document"]),
            previous_manifest=None if loaded["previous_manifest"] is None else _text(loaded["previous_manifest"]),
            replaces=tuple(_text(one) for one in loaded["replaces"]),
            metadata={_text(key): _text(value) for key, value in loaded["metadata"].items()},
            powers=tuple(_read_item("code", row) for row in loaded["powers"]),
            flows=tuple(_read_item("number", row) for row in loaded["flows"]),
            files=tuple(FileEntry(_text(f["path"]), _text(f["sha256"]), _number(f["size"])) for f in loaded["files"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RuleBroken("清单 manifest.json 无法读取。请从已存的公开版重新取出公开包。") from error
    paths = [entry.path for entry in manifest.files]
    if len(set(paths)) != len(paths) or not all(is_safe(path) for path in paths):
        raise RuleBroken("清单 manifest.json 列有重复或越出公开包的路径，不可信。请从已存的公开版重新取出公开包。")
    return manifest


def digest_of(content: bytes) -> str:
    """Return the digest of a manifest's bytes."""
    return sha256_hex(content)


def is_safe(path: str) -> bool:
    """Tell whether a path of a manifest stays inside its folder on every system."""
    parts = path.split("/")
    return (
        path != PATH
        and all(part not in {"", ".", ".."} for part in parts)
        and not any(sign in path for sign in '\\:*?"<>|')
        and path.isprintable()
    )


def _item(key: str, item: ApprovedItem) -> dict[str, object]:
    return {key: item.name, "public_digest": item.public_digest, "approvals": list(item.approvals)}


def _read_item(key: str, row: dict[str, Any]) -> ApprovedItem:
    approvals = tuple({_text(k): _text(v) for k, v in line.items()} for line in row["approvals"])
    return ApprovedItem(_text(row[key]), _text(row["public_digest"]), approvals)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def _rows(key: str, rows: Sequence[Mapping[str, object]]) -> str:
    return f"{_json(key)}: [\n" + ",\n".join(_json(row) for row in rows) + "\n]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
