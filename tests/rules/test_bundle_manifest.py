"""The manifest: what is written is read back, and nothing outside the folder can be named by one."""

import json
from typing import Any

import pytest

from webapp.bundle import manifest
from webapp.bundle.manifest import ApprovedItem, FileEntry, Manifest
from webapp.rules import RuleBroken

ROW = {"stage": "city_decision", "post": "市优化领导小组", "date": "2008-08-27", "document": "坛优组字〔2008〕5号"}
MANIFEST = Manifest(
    bureau="某局",
    audience="public",
    edition=2,
    date="2008-12-01",
    document="〔2008〕第1号",
    previous_manifest="a" * 64,
    replaces=(),
    metadata={"索引号": "014139054/2008-00002"},
    powers=(ApprovedItem("CF-1", "b" * 64, (ROW,)),),
    flows=(),
    files=(FileEntry("index.html", "c" * 64, 3), FileEntry("powers/CF-1/index.html", "d" * 64, 4)),
)


def test_a_manifest_read_back_is_what_was_written() -> None:
    raw = manifest.write(MANIFEST)
    assert manifest.parse(raw) == MANIFEST
    assert manifest.write(manifest.parse(raw)) == raw


def test_a_manifest_states_how_its_digests_are_computed() -> None:
    loaded = json.loads(manifest.write(MANIFEST))
    assert "RFC 8785" in loaded["rules"]["powers"]
    assert loaded["powers"] == [{"code": "CF-1", "public_digest": "b" * 64, "approvals": [ROW]}]
    assert [entry["path"] for entry in loaded["files"]] == ["index.html", "powers/CF-1/index.html"]


@pytest.mark.parametrize(
    "path",
    ["../x", "/x", "a//b", "a/./b", "", "a\\b", "c:x", "a/", "manifest.json", "a\nb", "a/../../b", "a\x00"],
)
def test_a_path_that_leads_out_or_is_ambiguous_is_refused(path: str) -> None:
    loaded = json.loads(manifest.write(MANIFEST))
    loaded["files"][0]["path"] = path
    with pytest.raises(RuleBroken, match="越出公开包"):
        manifest.parse(json.dumps(loaded).encode())


def test_a_path_listed_twice_is_refused() -> None:
    loaded = json.loads(manifest.write(MANIFEST))
    loaded["files"].append(loaded["files"][0])
    with pytest.raises(RuleBroken, match="重复"):
        manifest.parse(json.dumps(loaded).encode())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda loaded: loaded.pop("files"),
        lambda loaded: loaded.update(format="other"),
        lambda loaded: loaded.update(edition="2"),
        lambda loaded: loaded.update(edition=True),
        lambda loaded: loaded["files"].append({"path": 1, "sha256": "", "size": 1}),
        lambda loaded: loaded["files"].append({"path": "x", "sha256": "", "size": -1}),
        lambda loaded: loaded.update(powers=[{"code": None, "public_digest": "", "approvals": []}]),
        lambda loaded: loaded.update(metadata=[]),
    ],
)
def test_a_manifest_of_another_shape_is_refused_with_a_sentence(spoil: Any) -> None:  # noqa: ANN401 - a function
    loaded = json.loads(manifest.write(MANIFEST))
    spoil(loaded)
    with pytest.raises(RuleBroken, match="清单"):
        manifest.parse(json.dumps(loaded).encode())


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_what_is_no_manifest_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(RuleBroken, match="清单"):
        manifest.parse(raw)
