"""Checking a bundle: whatever differs from the released edition is named."""

import json
from pathlib import Path

import pytest

from webapp.bundle.manifest import digest_of
from webapp.bundle.reading import open_bundle
from webapp.bundle.verify import Kind, verify_bundle
from webapp.digests import sha256_hex
from webapp.rules import NotFound, RuleBroken

ENTRY = "powers/JTHB-CF-045/index.html"


def named(folder: Path, expect: str | None = None) -> list[tuple[Kind, str]]:
    return [(difference.kind, difference.place) for difference in verify_bundle(folder, expect)]


def digest_in(folder: Path) -> str:
    return digest_of((folder / "manifest.json").read_bytes())


def forge(folder: Path, path: str) -> None:
    """Make the manifest agree with what stands in the folder."""
    manifest = folder / "manifest.json"
    loaded = json.loads(manifest.read_text(encoding="utf-8"))
    raw = (folder / path).read_bytes()
    for entry in loaded["files"]:
        if entry["path"] == path:
            entry.update(sha256=sha256_hex(raw), size=len(raw))
    manifest.write_text(json.dumps(loaded, ensure_ascii=False), encoding="utf-8")


def test_an_untouched_bundle_has_no_differences(sample_bundle: Path) -> None:
    assert verify_bundle(sample_bundle) == []
    assert verify_bundle(sample_bundle, digest_in(sample_bundle)) == []
    assert verify_bundle(sample_bundle, f" {digest_in(sample_bundle).upper()}\n") == []


def test_one_flipped_byte_is_found(bundle_copy: Path) -> None:
    path = bundle_copy / ENTRY
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))
    assert named(bundle_copy) == [(Kind.CHANGED, ENTRY)]


def test_a_missing_file_is_found(bundle_copy: Path) -> None:
    (bundle_copy / ENTRY).unlink()
    assert named(bundle_copy) == [(Kind.MISSING, ENTRY)]


def test_an_added_file_is_found_wherever_it_lies(bundle_copy: Path) -> None:
    (bundle_copy / "powers" / "extra").mkdir()
    (bundle_copy / "powers" / "extra" / "index.html").write_text("x", encoding="utf-8")
    (bundle_copy / ".hidden").write_text("x", encoding="utf-8")
    assert named(bundle_copy) == [(Kind.ADDED, ".hidden"), (Kind.ADDED, "powers/extra/index.html")]


def test_a_link_in_place_of_a_file_or_beside_it_is_found_and_not_followed(bundle_copy: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    (bundle_copy / ENTRY).rename(outside)
    (bundle_copy / ENTRY).symlink_to(outside)
    (bundle_copy / "more").symlink_to(tmp_path)
    assert named(bundle_copy) == [(Kind.NOT_A_FILE, ENTRY), (Kind.NOT_A_FILE, "more")]


def test_a_folder_linked_in_place_of_one_counts_its_files_as_missing(bundle_copy: Path, tmp_path: Path) -> None:
    (bundle_copy / "flows").rename(tmp_path / "flows")
    (bundle_copy / "flows").symlink_to(tmp_path / "flows")
    found = named(bundle_copy)
    assert (Kind.MISSING, "flows/LC-CF-01/index.html") in found
    assert (Kind.NOT_A_FILE, "flows") in found


def test_a_forged_manifest_is_found_by_the_digest_known_from_elsewhere(bundle_copy: Path) -> None:
    expected = digest_in(bundle_copy)
    path = bundle_copy / ENTRY
    path.write_text(path.read_text(encoding="utf-8").replace("60日", "90日"), encoding="utf-8")
    forge(bundle_copy, ENTRY)
    assert named(bundle_copy) == []
    assert named(bundle_copy, expected) == [(Kind.MANIFEST, "manifest.json")]


def test_a_changed_entry_is_found_by_its_approved_digest_even_when_the_manifest_lists_the_new_file(
    bundle_copy: Path,
) -> None:
    path = bundle_copy / "data/catalogue.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if '"code": "JTHB-CF-045"' in line)
    body = json.loads(lines[at])
    body["promised_limit"]["n"] = 1
    removed = json.loads(lines.pop(at + 1))["code"]
    lines[at] = json.dumps(body, ensure_ascii=False)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    forge(bundle_copy, "data/catalogue.jsonl")
    assert named(bundle_copy) == [(Kind.DIGEST, "JTHB-CF-045"), (Kind.DIGEST, removed)]


@pytest.mark.parametrize("text", ["", "{", '{"record": "power"}', "[]", "\x00", "null"])
def test_a_published_file_that_cannot_be_read_is_a_difference(bundle_copy: Path, text: str) -> None:
    (bundle_copy / "data/catalogue.jsonl").write_text(text, encoding="utf-8")
    forge(bundle_copy, "data/catalogue.jsonl")
    assert {kind for kind, _ in named(bundle_copy)} == {Kind.DIGEST}


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    assert named(tmp_path) == [(Kind.MISSING, "manifest.json")]
    with pytest.raises(RuleBroken, match="不是公开包"):
        open_bundle(tmp_path)


def test_a_manifest_that_is_none_is_named(bundle_copy: Path) -> None:
    (bundle_copy / "manifest.json").write_text("{}", encoding="utf-8")
    assert named(bundle_copy) == [(Kind.MANIFEST, "manifest.json")]


def test_only_listed_files_can_be_read_and_links_lead_nowhere(bundle_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    bundle = open_bundle(bundle_copy)
    (bundle_copy / ENTRY).unlink()
    (bundle_copy / ENTRY).symlink_to(tmp_path / "secret")
    for path in ("../secret", "nothing.html", ENTRY, "powers"):
        with pytest.raises(NotFound):
            bundle.read(path)
