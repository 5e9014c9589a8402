"""What every request must pass and every answer carries. Cases CSRF, SESS-04, LEAK-08 of security.md."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from harness.databases import only_sqlite
from harness.visitors import PASSWORD, Maker, Visitor
from webapp.policy import Actor, Permission, Role
from webapp.web.protection import CONTENT_SECURITY_POLICY, MAX_FORM, SAFE_METHODS
from webapp.web.routes import route

SignIns = Callable[[Actor | str], Visitor]
Dump = Callable[..., dict[str, Any]]
FOREIGN = [
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": ""},
    {"Sec_Fetch_Site": "", "Origin": "null"},
    {"Sec_Fetch_Site": "", "Origin": "http://evil.example"},
    {"Sec_Fetch_Site": "", "Origin": "http://localhost:8080"},
    {"Sec_Fetch_Site": "", "Origin": "http://localhost.evil.example"},
    {"Sec_Fetch_Site": "", "Origin": "http://evil-localhost"},
    {"Sec_Fetch_Site": "", "Origin": "https://localhost"},
    {"Sec_Fetch_Site": "", "Origin": "http://localhost@evil.example"},
    {"Sec_Fetch_Site": "cross-site", "Origin": "http://localhost"},
    {"Sec_Fetch_Site": "cross-site", "HX_Request": "true"},
    {"Sec_Fetch_Site": "", "HX_Request": "true"},
    {"Sec_Fetch_Site": "", "Referer": "http://localhost/sign-in"},
]


def _unsafe(app: Flask) -> list[tuple[str, str]]:
    """Every address that takes an unsafe method, with numbers for its placeholders."""
    found = []
    with app.test_request_context(base_url="http://localhost"):
        for rule in app.url_map.iter_rules():
            address = "".join("1" if is_dynamic else part for is_dynamic, part in rule._trace)  # noqa: SLF001
            found += [
                (method, address.partition("|")[2])
                for method in sorted(rule.methods or ())
                if method not in SAFE_METHODS
            ]
    return found


@only_sqlite
@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_unsafe_address_takes_a_request_that_is_not_from_our_pages(
    headers: dict[str, str], app: Flask, make: Maker, sign_in: SignIns, dump: Dump
) -> None:
    everybody = sign_in(make.account(*Role, section="污染控制科"))
    before = dump("security_event")
    addresses = _unsafe(app)
    assert ("POST", "/sign-in") in addresses
    assert ("POST", "/sign-out") in addresses
    for method, address in addresses:
        given = {name.replace("_", "-"): value for name, value in headers.items() if value}
        response = everybody.client.open(address, method=method, data={"action": "approve"}, headers=given)
        assert response.status_code == 403, (method, address)
    assert dump("security_event") == before


def test_signing_in_and_out_from_another_site_is_refused(make: Maker, visitor: Visitor, sign_in: SignIns) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    fields = {"username": clerk.username, "password": PASSWORD}
    assert visitor.post("/sign-in", fields, Sec_Fetch_Site="cross-site").status == 403
    assert visitor.cookie == ""
    signed_in = sign_in(clerk)
    assert signed_in.post("/sign-out", Sec_Fetch_Site="cross-site").status == 403
    assert signed_in.get("/organisation").status == 200


@pytest.mark.parametrize(
    "headers", [{"Sec_Fetch_Site": "same-origin"}, {"Sec_Fetch_Site": "", "Origin": "http://localhost"}], ids=str
)
def test_our_own_pages_are_believed(headers: dict[str, str], make: Maker, visitor: Visitor) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    shown = visitor.post("/sign-in", {"username": clerk.username, "password": PASSWORD}, **headers)
    assert shown.status == 303


@pytest.mark.parametrize("body_type", ["text/plain", "application/json", "application/xml", "image/png"])
def test_only_forms_are_taken(body_type: str, make: Maker, visitor: Visitor, sign_in: SignIns) -> None:
    clerk = sign_in(make.account(Role.CLERK, section="污染控制科"))
    body = b"old_password=x&new_password=y"
    for who in (clerk, visitor):
        shown = who.client.post(
            "/password", data=body, content_type=body_type, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert shown.status_code == 415


@only_sqlite
def test_no_get_and_no_head_changes_anything(app: Flask, make: Maker, sign_in: SignIns, dump: Dump) -> None:
    everybody = sign_in(make.account(*Role, section="污染控制科"))
    before = dump("security_event")
    for method, address in _unsafe(app):
        for safe in ("GET", "HEAD", "OPTIONS"):
            everybody.client.open(
                f"{address}?_method={method}", method=safe, headers={"X-HTTP-Method-Override": method}
            )
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            everybody.get(rule.rule)
    assert dump("security_event") == before


def test_a_method_in_the_body_is_not_honoured(make: Maker, sign_in: SignIns) -> None:
    secadmin = sign_in(make.account(Role.SECADMIN))
    assert secadmin.post("/journal", {"_method": "GET"}, X_HTTP_Method_Override="GET").status == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "localhost, evil.example"},
        {"Host": "localhost@evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Host": ""},
    ],
    ids=str,
)
def test_a_host_that_is_not_ours_is_refused(headers: dict[str, str], visitor: Visitor) -> None:
    for address in ("/sign-in", "/healthz", "/static/css/base.css", "/nowhere"):
        response = visitor.client.get(address, headers=headers)
        assert response.status_code == 400, address
        assert "evil" not in response.get_data(as_text=True) + str(response.headers)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_our_own_names_are_served_with_any_port(host: str, visitor: Visitor) -> None:
    assert visitor.client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_every_answer_carries_the_protecting_headers(make: Maker, visitor: Visitor, sign_in: SignIns) -> None:
    clerk = sign_in(make.account(Role.CLERK, section="污染控制科"))
    answers = [
        visitor.get("/sign-in"),
        visitor.get("/nowhere"),
        visitor.get("/organisation"),
        visitor.post("/sign-in", Sec_Fetch_Site="cross-site"),
        visitor.get("/static/css/base.css"),
        visitor.get("/healthz"),
        clerk.get("/organisation"),
        clerk.get("/accounts"),
    ]
    for shown in answers:
        assert shown.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Referrer-Policy"] == "same-origin"
        assert shown.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Permissions-Policy" in shown.headers
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("address", ["/organisation?day=%00", "/sign-in?next=%00", "/sign-in?%00=1", "/%00"])
def test_a_nul_in_an_address_is_refused(address: str, visitor: Visitor) -> None:
    assert visitor.get(address).status in {400, 404}


@pytest.mark.parametrize(
    "query", ["day=%ff%fe", "day=%ed%a0%80", "day=%C0%AF", "page=99999999999999999999", "%ff=%ff", "&&==&"]
)
def test_no_bytes_in_a_query_break_a_page(query: str, make: Maker, sign_in: SignIns) -> None:
    administrator = sign_in(make.account(Role.SYSADMIN))
    for address in ("/organisation", "/accounts", "/sign-in"):
        assert administrator.get(f"{address}?{query}").status < 500


@pytest.mark.parametrize(
    "body", [b"username=%00&password=x", b"username=%ff%fe", b"\xff\xfe=\xff", b"username=%ed%a0%80", b"&=&"]
)
def test_no_bytes_in_a_form_break_a_page(body: bytes, visitor: Visitor) -> None:
    response = visitor.client.post(
        "/sign-in",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert 400 <= response.status_code < 500


def test_too_much_is_refused_before_it_is_held(visitor: Visitor) -> None:
    assert visitor.post("/sign-in", {"username": "a" * (MAX_FORM + 10)}).status == 413
    assert visitor.post("/sign-in", {"username": "a" * (17 * 1024 * 1024)}).status == 413
    parts = {f"field{n}": (None, "x") for n in range(3)}
    assert visitor.client.post(
        "/sign-in", data=parts, content_type="multipart/form-data", headers={"Sec-Fetch-Site": "same-origin"}
    ).status_code in {415, 422}


@pytest.mark.parametrize("number", ["99999999999", "2147483648", "-1", "1.5", "٣", "1;2"])
def test_a_number_that_no_row_can_have_is_not_found(number: str, make: Maker, sign_in: SignIns) -> None:
    assert sign_in(make.account(Role.SYSADMIN)).get(f"/accounts/people/{number}").status == 404


def test_an_unexpected_error_tells_nothing_of_the_inside(new_app: Callable[..., Flask], make: Maker) -> None:
    clerk = make.account(Role.CLERK, section="污染控制科")
    app = new_app()

    @route(app, "/probe", permission=Permission.SIGNED_IN, methods=["GET", "POST"])
    def probe() -> str:
        raise LookupError("SELECT secret FROM inside")

    visitor = Visitor(app)
    visitor.signs_in(clerk.username)
    for shown in (visitor.get("/probe"), visitor.post("/probe"), visitor.get("/probe", fragment=True)):
        assert shown.status == 500
        assert "系统出错" in shown.text
        assert not any(word in shown.body for word in ("LookupError", "SELECT", "secret", "Traceback", "probe()"))
    assert visitor.get("/probe", fragment=True).headers["HX-Reswap"] == "none"


def test_the_health_check_says_ok_and_no_more(visitor: Visitor) -> None:
    shown = visitor.get("/healthz")
    assert (shown.status, shown.body) == (200, "ok")
    assert "Set-Cookie" not in shown.headers


def test_an_address_that_is_not_there_and_a_method_that_is_not_taken_are_told_in_words(visitor: Visitor) -> None:
    missing, wrong = visitor.get("/nowhere"), visitor.get("/sign-out")
    assert (missing.status, wrong.status) == (404, 405)
    assert "没有找到" in missing.text
    assert "不支持这种操作" in wrong.text
    assert "POST" in wrong.headers["Allow"]
