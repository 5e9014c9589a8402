"""The public site: what it serves is the folder, byte for byte, and nothing else; it keeps nothing of who asks."""

import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ

from harness.editions import sample_content, write_bundle
from webapp.bundle.reading import open_bundle
from webapp.public_site import create_public_app, released

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture(scope="module")
def client(sample_bundle: Path) -> FlaskClient:
    return create_public_app(sample_bundle).test_client()


def test_every_file_is_served_as_it_stands_in_the_folder(client: FlaskClient, sample_bundle: Path) -> None:
    for path in open_bundle(sample_bundle).entries:
        answer = client.get("/" + quote(path))
        assert answer.status_code == 200, path
        assert answer.data == (sample_bundle / path).read_bytes(), path


def test_an_address_and_its_index_are_the_same_page(client: FlaskClient) -> None:
    for address in ("/", "/powers/JTHB-CF-045/", "/categories/penalty/page/2/", "/search/"):
        assert client.get(address).data == client.get(f"{address}index.html").data


def test_an_address_without_its_last_slash_leads_to_the_page_on_the_same_site(client: FlaskClient) -> None:
    answer = client.get("/powers/JTHB-CF-045")
    assert (answer.status_code, answer.headers["Location"]) == (308, "JTHB-CF-045/")


@pytest.mark.parametrize(
    "address", ["/", "/powers/JTHB-CF-045/", "/flows/LC-CF-01/flow.svg", "/nothing", "/search/?q=水"]
)
def test_every_answer_carries_the_headers_and_no_cookie(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers
    assert "Last-Modified" not in headers


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/assets/public.css", "text/css; charset=utf-8"),
        ("/assets/search-data.js", "text/javascript; charset=utf-8"),
        ("/flows/LC-CF-01/flow.svg", "image/svg+xml"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/manifest.json", "application/json"),
        ("/data/catalogue.csv", "text/csv; charset=utf-8"),
        ("/data/catalogue.jsonl", "application/x-ndjson; charset=utf-8"),
        ("/healthz", "text/plain; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_every_kind_of_file_says_what_it_is(client: FlaskClient, address: str, kind: str) -> None:
    assert client.get(address).headers["Content-Type"] == kind


def test_a_page_seen_before_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/powers/JTHB-CF-045/").headers["ETag"]
    again = client.get("/powers/JTHB-CF-045/", headers={"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/powers/JTHB-CF-045/", headers={"If-None-Match": '"x"'}).status_code == 200


def test_head_gives_the_headers_of_get_without_a_body(client: FlaskClient) -> None:
    got, headed = client.get("/"), client.head("/")
    assert headed.data == b""
    assert headed.headers["Content-Length"] == got.headers["Content-Length"]
    assert headed.headers["ETag"] == got.headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", ["/", "/search/", "/powers/JTHB-CF-045/", "/nothing"])
def test_nothing_but_reading_is_possible(client: FlaskClient, method: str, address: str) -> None:
    answer = client.open(address, method=method, headers={"X-HTTP-Method-Override": "GET"})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "不支持这种操作" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/powers/",
        "/powers/JTHB-RS-006/",
        "/../manifest.json",
        "/%2e%2e/public-0001/manifest.json",
        "/powers/..%2f..%2fmanifest.json",
        "/powers/%00",
        "/%5cevil.example",
        "/powers//JTHB-CF-045/",
        "/.search.sqlite",
        "/%ff%fe",
        "/" + "a" * 5000,
        "/index.html/",
        "/powers/JTHB-CF-045/index.html/x",
    ],
)
def test_what_the_edition_does_not_hold_is_not_found(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.text.count("<h1>") == 1
    assert "没有找到您要的内容" in answer.text
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    "address", ["//evil.example/", "/\\evil.example/", "//evil.example/powers/JTHB-CF-045", "\r\nX: y"]
)
def test_an_address_that_only_looks_like_a_host_leads_nowhere(client: FlaskClient, address: str) -> None:
    environment = create_environ("/") | {"PATH_INFO": address}
    answer = client.open(environ_overrides=environment)
    assert answer.status_code in {404, 308}
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8001", 200),
        ("[::1]:8001", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("localhost@evil.example", 400),
        ("", 400),
        ("localhost:80:80", 400),
    ],
)
def test_only_the_hosts_named_are_answered(sample_bundle: Path, host: str, status: int) -> None:
    client = create_public_app(sample_bundle, allowed_hosts=("localhost", "[::1]")).test_client()
    answer = client.get("/", headers={"Host": host, "X-Forwarded-Host": "localhost"})
    assert answer.status_code == status
    assert host == "" or status == 200 or host not in answer.text


def test_a_search_is_answered_on_the_page_of_the_bundle(client: FlaskClient) -> None:
    text = client.get("/search/?q=" + quote("半夜施工太吵")).text
    assert 'value="半夜施工太吵"' in text
    assert "data-served" in text
    assert "按“半夜施工”“吵”查找" in text
    assert text.index("JTHB-CF-045") < text.index("JTHB-SP-002")
    assert "市环境保护局" in text
    assert text == client.get("/search/index.html?q=" + quote("半夜施工太吵")).text


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("环评要多久", "JTHB-XK-001"),
        ("huanping", "JTHB-XK-001"),
        ("pwxk", "JTHB-XK-006"),
        ("夜间施工", "JTHB-SP-002"),
        ("大气法", "JTHB-CF-016"),
        ("河水发黑怎么办", "JTHB-CF-007"),
        ("jthb-cf-045", "JTHB-CF-045"),
        ("ＪＴＨＢ－ＣＦ－０４５", "JTHB-CF-045"),
        ("噪", "JTHB-CF-041"),
        ("環評", "JTHB-XK-001"),
        ("罚款太重", "JTHB-CF-001"),
    ],
)
def test_a_citizen_finds_it_in_words_of_his_own(client: FlaskClient, query: str, code: str) -> None:
    assert f"powers/{code}/" in client.get("/search/?q=" + quote(query)).text


def test_who_handles_also_names_other_bodies(client: FlaskClient) -> None:
    text = client.get("/search/?q=" + quote("楼下广场舞")).text
    assert "市公安局" in text


def test_a_search_without_hits_says_what_to_do(client: FlaskClient) -> None:
    assert "没有找到相关职权" in client.get("/search/?q=zzzz").text
    assert "请在上面输入要找的事" in client.get("/search/?q=").text
    assert "请在上面输入要找的事" in client.get("/search/?q=" + quote("。！")).text


@pytest.mark.parametrize(
    "query",
    [
        "'",
        '"',
        "' OR 1=1 --",
        '" NEAR(a) *',
        "name:x",
        "%",
        "_",
        "\\",
        "%x" * 200,
        "<script>alert(1)</script>",
        '"><img src=x onerror=1>',
        "\x00",
        "\r\nSet-Cookie: a=b",
        "长" * 4000,
        "\U0001f600",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    ],
)
def test_hostile_queries_are_taken_literally(client: FlaskClient, query: str) -> None:
    answer = client.get("/search/?q=" + quote(query))
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    assert "<img" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_query_of_broken_bytes_is_no_fault(client: FlaskClient) -> None:
    assert client.get("/search/?q=%ff%fe%c3").status_code == 200


def test_nothing_of_a_search_depends_on_who_asks(client: FlaskClient) -> None:
    first = client.get("/search/?q=a", headers={"Cookie": "a=b", "User-Agent": "x", "Accept-Language": "en"})
    second = client.get("/search/?q=a")
    assert (first.data, list(first.headers)) == (second.data, list(second.headers))


def _release(instance: Path, name: str) -> None:
    pointer = instance / "public" / "current"
    pointer.parent.mkdir(parents=True, exist_ok=True)
    before = pointer.stat().st_mtime_ns if pointer.exists() else 0
    pointer.write_text(f"{name}\n", encoding="utf-8")
    os.utime(pointer, ns=(before + 1_000_000, before + 1_000_000))


def test_before_any_edition_a_plain_notice_stands_there(tmp_path: Path) -> None:
    client = create_public_app(instance=tmp_path).test_client()
    answer = client.get("/")
    assert answer.status_code == 200
    assert "尚未公开" in answer.text
    assert client.get("/assets/public.css").status_code == 200
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/powers/JTHB-CF-045/").status_code == 404


def test_a_release_shows_at_the_next_request_and_the_old_edition_is_gone(tmp_path: Path) -> None:
    write_bundle(sample_content(codes=["JTHB-CF-045"]), tmp_path / "editions" / "one")
    write_bundle(sample_content(codes=["JTHB-XK-002"], number=2), tmp_path / "editions" / "two")
    client = create_public_app(instance=tmp_path).test_client()
    assert "尚未公开" in client.get("/").text
    _release(tmp_path, "one")
    assert client.get("/powers/JTHB-CF-045/").status_code == 200
    assert "JTHB-CF-045" in client.get("/search/?q=cf-045").text
    _release(tmp_path, "two")
    assert client.get("/powers/JTHB-CF-045/").status_code == 404
    assert client.get("/powers/JTHB-XK-002/").status_code == 200
    assert "powers/JTHB-CF-045/" not in client.get("/search/?q=cf-045").text
    edition = json.loads(client.get("/manifest.json").data)["edition"]
    assert edition == 2


def test_a_bundle_stored_again_in_its_place_is_read_again(tmp_path: Path) -> None:
    folder = write_bundle(sample_content(codes=["JTHB-CF-045"]), tmp_path / "b")
    client = create_public_app(folder).test_client()
    assert client.get("/powers/JTHB-XK-002/").status_code == 404
    write_bundle(sample_content(codes=["JTHB-CF-045", "JTHB-XK-002"]), folder)
    assert client.get("/powers/JTHB-XK-002/").status_code == 200


@pytest.mark.parametrize("name", ["../outside", "/etc", "missing", "."])
def test_a_pointer_cannot_lead_out_of_the_editions(tmp_path: Path, name: str) -> None:
    write_bundle(sample_content(codes=["JTHB-CF-045"]), tmp_path / "outside")
    (tmp_path / "editions").mkdir()
    client = create_public_app(instance=tmp_path).test_client()
    _release(tmp_path, name)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "暂时无法显示" in answer.text
    assert str(tmp_path) not in answer.text


def test_many_powers_are_searched_through_an_index_beside_the_bundle(
    sample_bundle: Path, bundle_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = ["半夜施工太吵", "水", "处罚", "环评要多久", "pwxk", "zzz", '"', "大气 处罚"]
    plain = create_public_app(sample_bundle).test_client()
    expected = [plain.get("/search/?q=" + quote(query)).data for query in queries]
    monkeypatch.setattr(released, "INDEXED_FROM", 1)
    indexed = create_public_app(bundle_copy).test_client()
    assert [indexed.get("/search/?q=" + quote(query)).data for query in queries] == expected
    assert (bundle_copy.parent / "copy.search.sqlite").is_file()
    assert not list(bundle_copy.rglob("*.sqlite"))


def test_a_disk_that_cannot_be_written_only_makes_the_search_plain(
    bundle_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(released, "INDEXED_FROM", 1)
    monkeypatch.setattr(released.search_cache, "build", full)
    client = create_public_app(bundle_copy).test_client()
    assert "JTHB-CF-045" in client.get("/search/?q=" + quote("夜间")).text
