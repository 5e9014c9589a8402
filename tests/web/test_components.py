"""The components as HTML: escaped, labelled, with unique ids, and saying in words what they show."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2.environment import TemplateModule

from harness_gallery import gallery_data, make_gallery

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "</textarea></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><b hx-get=/x style=color:red>"
ERRORS = (400, 403, 404, 409, 413, 422, 429, 500, 503)


class Elements(HTMLParser):
    """The elements of a page, as (name, attributes), and its text by element name."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.all if name in names]


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_gallery()


@pytest.fixture(scope="module")
def ui(app: Flask) -> TemplateModule:
    return app.jinja_env.globals["ui"]


@pytest.fixture(scope="module")
def gallery(app: Flask) -> str:
    return app.test_client().get("/").text


def hostile(value: object) -> object:
    """Return the value with a hostile text in the place of every text."""
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, dict):
        return {key: kept if key in {"severity", "kind", "state"} else hostile(kept) for key, kept in value.items()}
    if isinstance(value, list):
        return [hostile(one) for one in value]
    return value


@pytest.mark.parametrize("address", ["/", *(f"/errors/{code}" for code in ERRORS)])
def test_every_page_has_one_heading_a_title_and_unique_ids(app: Flask, address: str) -> None:
    text = app.test_client().get(address).text
    elements = Elements(text)
    assert len(elements.named("h1")) == 1
    assert re.search(r"<title>[^<]*[一-鿿][^<]* - 职权公开运行管理系统</title>", text)
    assert elements.named("html")[0]["lang"] == "zh-CN"
    ids = Counter(str(attributes["id"]) for _, attributes in elements.all if "id" in attributes)
    assert [found for found, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("address", ["/", *(f"/errors/{code}" for code in ERRORS)])
def test_nothing_is_inline(app: Flask, address: str) -> None:
    elements = Elements(app.test_client().get(address).text)
    for name, attributes in elements.all:
        assert "style" not in attributes, name
        assert not [attribute for attribute in attributes if attribute.startswith(("on", "hx-on"))], name
        assert name != "style"
        assert name != "script" or attributes.get("src"), attributes


def test_every_input_has_a_name_that_is_heard(gallery: str) -> None:
    elements = Elements(gallery)
    labelled = {attributes.get("for") for attributes in elements.named("label")}
    for attributes in elements.named("input", "select", "textarea"):
        if attributes.get("type") != "hidden":
            assert attributes.get("aria-label") or attributes.get("id") in labelled, attributes


def test_what_describes_a_field_stands_on_the_page(gallery: str) -> None:
    elements = Elements(gallery)
    ids = {attributes.get("id") for _, attributes in elements.all}
    told = [attributes["aria-describedby"] for _, attributes in elements.all if "aria-describedby" in attributes]
    assert told
    assert {one for text in told for one in str(text).split()} <= ids


def test_every_line_of_the_error_summary_leads_to_a_field(gallery: str) -> None:
    summary = gallery[gallery.index('id="error-summary"') :].split("</ul>", maxsplit=1)[0]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["field-conditions", "field-basis-1-article"]
    assert all(f'id="{target}"' in gallery for target in targets)


def test_hostile_text_stays_text_in_every_component(ui: TemplateModule) -> None:
    d = gallery_data()
    rows = [row | {"name": HOSTILE, "code": HOSTILE} for row in d.rows]
    parts = [
        ui.page_head(HOSTILE, lead=HOSTILE, code=HOSTILE, state=ui.badge("draft", HOSTILE)),
        ui.tabs(hostile(d.tabs)),
        ui.breadcrumb(hostile([{"label": "一", "address": "/"}, {"label": "二"}])),
        ui.summary_list(hostile(d.summary)),
        ui.error_summary(hostile(d.errors)),
        ui.filter_bar("/", q=HOSTILE, facets=hostile(d.facets), chosen=hostile(d.chosen), kept={"section": HOSTILE}),
        ui.data_table(HOSTILE, [{"label": HOSTILE, "key": "name"}], rows, select="power"),
        ui.data_table(HOSTILE, [], [], {"heading": HOSTILE, "what_to_do": HOSTILE, "address": "/", "link": HOSTILE}),
        ui.field("x", HOSTILE, HOSTILE, help=HOSTILE, error=HOSTILE, attributes={"data-x": HOSTILE}),
        ui.field("x", HOSTILE, HOSTILE, kind="textarea"),
        ui.field("x", HOSTILE, HOSTILE, kind="select", options=[(HOSTILE, HOSTILE)]),
        ui.field("x", HOSTILE, HOSTILE, kind="radios", options=[(HOSTILE, HOSTILE, HOSTILE)]),
        ui.field("x", HOSTILE, HOSTILE, readonly=True),
        ui.rows_editor("x", HOSTILE, [{"key": "a", "label": HOSTILE}], [{"a": HOSTILE}], errors={(0, "a"): HOSTILE}),
        ui.act_bar(
            hostile([{"label": "办", "address": "/", "fields": {"action": "a"}, "note": "为何", "confirm": "真的"}])
        ),
        ui.act_button(HOSTILE, reason=HOSTILE),
        ui.timeline([event | {"what": HOSTILE, "note": HOSTILE, "who": HOSTILE} for event in d.events]),
        ui.diff(HOSTILE, [(op, HOSTILE) for op, _ in d.segments], layout="side"),
        ui.conflict(hostile(d.conflict)),
        ui.typed_texts([(HOSTILE, HOSTILE)]),
        ui.toast(HOSTILE),
        ui.notice(HOSTILE, heading=HOSTILE),
        ui.empty_state(HOSTILE, HOSTILE, "/", HOSTILE),
        ui.progress(1, 2, HOSTILE),
        ui.chart(None, HOSTILE, notice=HOSTILE),
        ui.bars(HOSTILE, [(HOSTILE, 3)]),
        ui.digest("a" * 64, HOSTILE),
    ]
    text = "".join(str(part) for part in parts)
    elements = Elements(text)
    assert {"script", "img", "b"} & {name for name, _ in elements.all} == set()
    assert not [attributes for _, attributes in elements.all if "onerror" in attributes or "style" in attributes]
    assert not [attributes for _, attributes in elements.all if attributes.get("hx-get") == "/x"]


def test_every_state_is_said_in_words_and_with_a_sign(ui: TemplateModule) -> None:
    for state, (label, tone, sign) in ui.states.items():
        text = str(ui.badge(state))
        assert label in text
        assert f'aria-hidden="true">{sign}<' in text
        assert tone in {"quiet", "under", "settled", "wrong"}


def test_a_refused_act_shows_its_reason_and_nothing_to_press(ui: TemplateModule) -> None:
    text = str(ui.act_button("审核通过", "/steps", {"action": "approve"}, reason="您是该职权的填报人，不能同时审核。"))
    assert "您是该职权的填报人" in text
    assert Elements(text).named("form", "button", "input") == []


def test_an_act_carries_what_was_seen(ui: TemplateModule) -> None:
    text = str(ui.act_button("审核通过", "/steps", {"action": "approve"}, request_key="k1", seen_digest="9f2c"))
    sent = {attributes["name"]: attributes["value"] for attributes in Elements(text).named("input")}
    assert sent == {"action": "approve", "request_key": "k1", "seen_digest": "9f2c"}
    assert Elements(text).named("form") == [{"class": "act", "method": "post", "action": "/steps"}]


def test_rows_are_named_by_index_and_key_and_grow_without_a_script(ui: TemplateModule) -> None:
    columns = [{"key": "post", "label": "岗位"}, {"key": "duty", "label": "职责", "kind": "textarea"}]
    elements = Elements(
        str(ui.rows_editor("duties", "人员职责分工", columns, [{"post": "甲", "duty": "乙"}, {"post": "丙"}]))
    )
    names = [attributes["name"] for attributes in elements.named("input", "textarea")]
    assert names == ["duties-0-post", "duties-0-duty", "duties-1-post", "duties-1-duty"]
    buttons = [(attributes["name"], attributes["value"]) for attributes in elements.named("button")]
    assert buttons == [
        ("remove_row", "duties-0"),
        ("move_up", "duties-1"),
        ("remove_row", "duties-1"),
        ("add_row", "duties"),
    ]


def test_text_that_begins_with_a_line_break_keeps_it(ui: TemplateModule) -> None:
    # A browser drops the first line break after <textarea>; the macro gives one that may be dropped.
    assert ">\n\n一</textarea>" in str(ui.field("x", "规则", "\n一", kind="textarea"))


def test_lateness_is_said_in_working_days(ui: TemplateModule) -> None:
    late = str(ui.due(gallery_data().rows[0]["due"], late_days=5))
    assert "2008年7月1日" in late
    assert "已超期5个工作日" in late
    assert "今日到期" in str(ui.due(gallery_data().rows[0]["due"], days_left=0))


def test_a_list_of_one_page_has_no_pager(ui: TemplateModule) -> None:
    assert str(ui.pager(1, 1)) == ""
    assert "第 2 页，共 3 页" in str(ui.pager(2, 3, "/1", "/3", 149))


def test_an_empty_list_says_what_to_do(ui: TemplateModule) -> None:
    text = str(
        ui.data_table("待办", [], [], {"heading": "没有等您办理的事项", "what_to_do": "科室送审后会出现在这里。"})
    )
    assert "科室送审后会出现在这里。" in text
    assert "<table" not in text


def test_the_manual_names_every_macro_and_every_argument(ui: TemplateModule) -> None:
    manual = (ROOT / "docs" / "COMPONENTS.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", manual, re.MULTILINE))
    macros = {name: macro for name, macro in vars(ui).items() if hasattr(macro, "arguments")}
    assert set(rows) - {"macro"} == set(macros)
    for name, macro in macros.items():
        missing = [argument for argument in macro.arguments if not re.search(rf"\b{argument}\b", rows[name])]
        assert missing == [], name


def test_a_conflict_gives_both_texts_and_can_be_sent_again(app: Flask) -> None:
    text = app.test_client().get("/errors/409").text
    assert "四十五日内办结。</textarea>" in text
    assert "六十日内办结，并告知理由。" in text
    assert '<input type="hidden" name="seen_version" value="5">' in text
