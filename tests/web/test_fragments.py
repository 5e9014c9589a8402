"""Page or fragment, toast and redirect: decided in one place, the same acts with and without JavaScript."""

import json
from collections.abc import Callable

import pytest
from flask import Flask, Response
from jinja2 import DictLoader

from harness.visitors import Maker, Visitor
from webapp.policy import Permission, Role
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale
from webapp.web.errors import set_up_errors
from webapp.web.fragments import answer, done, toast
from webapp.web.problems import form_errors
from webapp.web.routes import route

TEMPLATE = """{% extends "base.html" %}
{% block title %}试{% endblock %}
{% block main %}<h1>整页</h1>
{% block panel %}<p id="panel">{{ word }}</p>{% endblock %}{% block side %}<i>旁</i>{% endblock %}
{% endblock %}"""


@pytest.fixture
def probe(new_app: Callable[..., Flask], make: Maker) -> Visitor:
    app = new_app()
    loader = app.jinja_env.loader
    app.jinja_env.loader = DictLoader({"probe.html": TEMPLATE, **_frame(app)})
    assert loader is not None

    @route(app, "/probe", permission=Permission.SIGNED_IN)
    def page() -> Response:
        return answer("probe.html", block=("panel", "side"), word="<一>")

    @route(app, "/probe", permission=Permission.SIGNED_IN, methods=["POST"], endpoint="act")
    def act() -> Response:
        toast("已办 “甲”。")
        return done("/probe?名=甲", "probe.html", block="panel", context=lambda: {"word": "后"})

    errors = {
        "rule": RuleBroken("字段有误，请改。", "name"),
        "stale": Stale("已被他人改动。", "现在的文字"),
        "refused": NotAllowed("不能办。"),
        "missing": NotFound(),
    }

    @route(app, "/fails/<kind>", permission=Permission.SIGNED_IN, methods=["POST"])
    def fails(kind: str) -> Response:
        raise errors[kind]

    @route(app, "/caught/<kind>", permission=Permission.SIGNED_IN, methods=["POST"])
    def caught(kind: str) -> Response:
        with form_errors() as problems:
            raise errors[kind]
        return Response(f"{problems.of('name')}|{problems.current}|{len(problems)}", problems.status)

    visitor = Visitor(app)
    visitor.signs_in(make.account(Role.CLERK, section="污染控制科").username)
    return visitor


def _frame(app: Flask) -> dict[str, str]:
    environment = app.jinja_env
    return {
        name: environment.loader.get_source(environment, name)[0]  # type: ignore[union-attr]
        for name in environment.list_templates()
        if name == "base.html" or name.startswith(("components/", "errors/", "accounts/"))
    }


def test_a_browser_gets_the_page_and_htmx_the_blocks_asked_for(probe: Visitor) -> None:
    whole, part = probe.get("/probe"), probe.get("/probe", fragment=True)
    assert (whole.is_fragment, whole.h1) == (False, "整页")
    assert part.body == '<p id="panel">&lt;一&gt;</p><i>旁</i>'


@pytest.mark.parametrize("header", ["HX_Boosted", "HX_History_Restore_Request"])
def test_a_boosted_link_and_a_step_back_get_the_whole_page(header: str, probe: Visitor) -> None:
    assert not probe.get("/probe", fragment=True, **{header: "true"}).is_fragment
    assert not probe.get("/probe", fragment=True, HX_Request_Type="full").is_fragment


def test_both_answers_vary_and_are_not_kept(probe: Visitor) -> None:
    for shown in (probe.get("/probe"), probe.get("/probe", fragment=True)):
        assert "HX-Request" in shown.headers["Vary"]
        assert shown.headers["Cache-Control"] == "no-store"


def test_without_javascript_an_act_leads_to_a_page_that_says_it(probe: Visitor) -> None:
    shown = probe.post("/probe")
    assert (shown.status, shown.location) == (303, "/probe?%E5%90%8D=%E7%94%B2")
    assert "已办 “甲”。" in probe.get("/probe").text
    assert "已办 “甲”。" not in probe.get("/probe").text  # once


def test_with_htmx_an_act_gives_the_block_and_the_toast(probe: Visitor) -> None:
    shown = probe.post("/probe", fragment=True)
    assert (shown.status, shown.body) == (200, '<p id="panel">后</p>')
    assert shown.headers["HX-Trigger"].isascii()
    assert json.loads(shown.headers["HX-Trigger"])["toast"]["toasts"] == [{"kind": "done", "text": "已办 “甲”。"}]
    assert "已办 “甲”。" not in probe.get("/probe").text


@pytest.mark.parametrize(
    ("kind", "status", "sentence"),
    [
        ("rule", 422, "字段有误"),
        ("stale", 409, "已被他人改动"),
        ("refused", 403, "不能办"),
        ("missing", 404, "没有找到"),
    ],
)
def test_what_no_view_caught_is_a_page_or_a_toast_that_replaces_nothing(
    kind: str, status: int, sentence: str, probe: Visitor
) -> None:
    page = probe.post(f"/fails/{kind}", {"note": "打好的字"})
    assert (page.status, page.h1s, sentence in page.text) == (status, 1, True)
    assert "打好的字" in page.body
    part = probe.post(f"/fails/{kind}", {"note": "打好的字"}, fragment=True)
    assert (part.status, part.headers["HX-Reswap"]) == (status, "none")
    assert sentence in json.loads(part.headers["HX-Trigger"])["toast"]["toasts"][0]["text"]


def test_a_form_learns_its_problems_but_not_missing_rights(probe: Visitor) -> None:
    assert probe.post("/caught/rule").body == "字段有误，请改。|None|1"
    stale = probe.post("/caught/stale")
    assert (stale.status, stale.body) == (409, "None|现在的文字|1")
    assert probe.post("/caught/refused").status == 403
    assert probe.post("/caught/missing").status == 404


def test_an_error_page_that_cannot_be_drawn_still_says_what_happened(
    new_app: Callable[..., Flask], make: Maker
) -> None:
    app = new_app()
    app.jinja_env.loader = DictLoader({})
    app.jinja_env.cache.clear()  # type: ignore[union-attr]
    set_up_errors(app)
    shown = Visitor(app).get("/nowhere")
    assert (shown.status, shown.h1) == (404, "未能办理")
    assert make.account().name not in shown.body
