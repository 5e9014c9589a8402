"""Hostile text in every field, seen by every persona on every page; and no page changes anything by being read.

Cases XSS-01, XSS-03, CSRF-04, INJ-01 to INJ-04 and LEAK-08 of security.md, over the whole list of routes: a page that
is added later is visited without being named here.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from harness import walk
from harness.bureau import SmallBureau, add_person, flow_body, power_body, withholding_body
from harness.databases import only_sqlite
from harness.desks import Desk
from harness.visitors import Shown
from webapp import clock
from webapp.accounts.models import Person
from webapp.config import Settings
from webapp.documents.forms import FORMS
from webapp.powers.models import SharedClause
from webapp.publication.operations import prepare_editions, release_editions
from webapp.reviews.chain import Action
from webapp.reviews.moving import ProblemFound
from webapp.revisions.models import Record

pytestmark = only_sqlite
At = Callable[[str], Desk]
#: Leaves an attribute and an element, and acts wherever it is not escaped; short enough for every field.
HOSTILE = "'\"><zqx onload=zqx()><script>zqx()</script>{{7*7}}"
OUT_OF_BAND = "<div id=main hx-swap-oob=true hx-get=/zqx data-hx-on:load=zqx()>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>图</title></svg>'
PERSONAS = (
    "clerk", "chief", "clerk2", "office", "office2", "legal", "publisher", "deputy", "auditor", "sysadmin", "secadmin",
)  # fmt: skip
_TEXTS = ("name", "conditions", "exercise_scope", "rules", "service_commitment", "discipline", "control_points")
_ACTIVE = frozenset({"zqx", "iframe", "object", "embed", "base", "style", "applet", "frame"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post", "poster"})


@pytest.fixture
def planted(bureau: SmallBureau, settings: Settings) -> SmallBureau:
    """A bureau in which hostile text stands in every field somebody can type into, at every stage."""
    with bureau.database.writing() as session:
        add_person(session, bureau, "secadmin", "办公室", (("secadmin", False),))
        for name in ("clerk", "chief", "office2"):
            person = getattr(bureau, name).person
            session.execute(update(Person).where(Person.id == person).values(name=f"{name}{HOSTILE}"))
        section = bureau.sections["污染控制科"]
        written = {"edited_by": bureau.clerk.person, "edited_at": clock.now()}
        clause = SharedClause(section_id=section, category="licence", field="discipline", content=HOSTILE, **written)
        session.add(clause)
    texts = dict.fromkeys(_TEXTS, HOSTILE) | {"rules": OUT_OF_BAND}
    body = power_body(**texts, duties=[{"post": HOSTILE, "duty": HOSTILE}])
    body["basis"] = [{**row, "law": HOSTILE, "article": HOSTILE} for row in body["basis"]]
    published = walk.create(bureau, bureau.clerk, "power", body)
    walk.to_the_end(bureau, published)
    returned = walk.create(bureau, bureau.clerk, "power", {**body, "name": f"乙{HOSTILE}"})
    walk.to_office_review(bureau, returned)
    problems = [ProblemFound(HOSTILE, "rules"), ProblemFound(OUT_OF_BAND, "")]
    walk.act(bureau, bureau.office, returned, Action.RETURN, note=HOSTILE, problems=problems)
    waiting = walk.create(bureau, bureau.clerk, "power", {**body, "name": f"丙{HOSTILE}"})
    walk.to_bureau_decision(bureau, waiting)
    walk.record_and_verify(bureau, [waiting], document=HOSTILE, outcome="return")
    walk.create(bureau, bureau.clerk, "power", {**body, "name": f"丁{HOSTILE}"})
    chart = flow_body(name=HOSTILE)
    for step in chart["steps"]:
        step.update(dict.fromkeys(("name", "post", "conditions", "document", "control_point"), HOSTILE))
    for number, way in enumerate(chart["transitions"]):
        way["condition"] = f"{number}{HOSTILE}"
    flow = walk.create(bureau, bureau.clerk, "flow", chart, code="LC-CF-02")
    walk.submit(bureau, bureau.clerk, flow)
    request = withholding_body(title=HOSTILE, reason=OUT_OF_BAND, until=HOSTILE, part=HOSTILE)
    walk.submit(bureau, bureau.clerk, walk.create(bureau, bureau.clerk, "withholding", request, code="JTHB-BG-001"))
    prepare_editions(bureau.database, settings, bureau.office, draw=lambda _chart: SVG)
    release_editions(bureau.database, settings, bureau.publisher, document=HOSTILE)
    return bureau


def addresses(app: Flask, bureau: SmallBureau) -> Iterator[str]:
    """Every address that can be read, with the numbers and codes that are there in its places."""
    with bureau.database.reading() as session:
        numbers = list(session.scalars(select(Record.id)))
        codes = [*(code for code in session.scalars(select(Record.code)) if code), *FORMS]
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith("/static"):
            continue
        places = re.findall(r"<(int:)?[a-z_]+>", rule.rule)
        for given in product(*(numbers if is_number else codes for is_number in places)):
            values = iter(given)
            yield re.sub(r"<[^>]+>", lambda _: str(next(values)), rule.rule)  # noqa: B023 - used up at once


def acts_of(shown: Shown) -> list[str]:
    """What on a page could act or style or lead away, though it was only typed."""
    found = [f"<{tag}>" for tag, _ in shown.tags if tag in _ACTIVE]
    found += [
        f"<script {named}>" for tag, named in shown.tags if tag == "script" and "/static/" not in named.get("src", "")
    ]
    for tag, named in shown.tags:
        found += [f"<{tag} {name}>" for name in named if name.startswith("on") or name == "style" or "zqx" in name]
        found += [
            f"<{tag} {name}={value}>"
            for name, value in named.items()
            if name in _ADDRESSES and (re.match(r"\s*(javascript|data|vbscript):", value) or value == "/zqx")
        ]
        if named.get("http-equiv") or "hx-on" in " ".join(named) or named.get("hx-swap-oob"):
            found.append(f"<{tag} {named}>")
    return found


def test_hostile_text_acts_on_no_page_for_nobody_and_reading_changes_nothing(
    app: Flask, planted: SmallBureau, desk: At, dump: Callable[..., dict[str, Any]]
) -> None:
    desks = {name: desk(name) for name in PERSONAS}
    before = dump("security_event", "sign_in")
    seen = 0
    for name, person in desks.items():
        for address in addresses(app, planted):
            answer = person.client.get(address)
            assert answer.status_code < 500, (name, address)
            if answer.mimetype not in {"text/html", "text/plain", "image/svg+xml"}:
                assert "attachment" in answer.headers["Content-Disposition"], (name, address)  # a file to be saved
                answer.close()
                continue
            shown = Shown(answer)
            assert acts_of(shown) == [], (name, address)
            if shown.response.mimetype == "image/svg+xml":
                assert "<zqx" not in shown.body, address
                assert "<script" not in shown.body, address
            assert not re.search(r"Traceback|sqlalchemy|SELECT .* FROM|/work/|\.py\b", shown.body), (name, address)
            seen += "zqx" in shown.body
    assert dump("security_event", "sign_in") == before
    assert seen > 50, "the text that was planted is not where this test looks"


LISTS = {
    "office": (
        "/inspections",
        "/checklists",
        "/powers",
        "/flows",
        "/withholdings",
        "/worklist",
        "/batches",
        "/editions",
        "/catalogue",
        "/dates",
        "/campaign",
        "/papers",
        "/papers/section-report",
        "/directory/changes",
        "/verdicts",
        "/claims",
        "/wordings",
        "/wordings/new",
        "/papers/opinion-answers",
        "/laws",
        "/laws/suggestions",
        "/complaints",
        "/complaints/sheets/csv",
        "/complaints/elsewhere",
        "/complaints/discipline-transfers",
        "/training",
        "/training/coverage",
        "/guidance",
        "/matters",
        "/ledger",
        "/cards",
        "/ledger/export",
        "/ledger/bulletin",
        "/orders",
        "/orders/new",
        "/clocks",
    ),
    "clerk": (
        "/powers",
        "/worklist",
        "/shared-clauses",
        "/catalogue",
        "/powers/new",
        "/withholdings/new",
        "/organisation",
        "/handovers",
        "/directory",
        "/directory/versions",
        "/calendar",
        "/directory/contacts/consult-finance",
    ),
    "auditor": ("/journal", "/security-log", "/catalogue"),
    "publisher": ("/editions/withdrawals",),
    "sysadmin": ("/accounts", "/organisation/group", "/organisation/sections/1", "/settings"),
    "secadmin": ("/rights",),
}
NAMES = (
    "q", "area", "category", "section",
    "stage", "disclosure", "sort", "order", "kind", "task", "subject", "action", "day",
    "severity", "late", "month", "source", "finding", "format",
    "quarter", "severity", "late", "month", "source", "finding", "format",
    "q", "category", "section", "stage", "disclosure", "sort", "order", "kind", "task", "subject", "action", "day",
    "page", "power", "stage_of", "scope", "letter", "view", "state", "from", "to",
    "page", "power", "stage_of", "scope", "letter", "view", "state", "code", "edition",
    "page", "power", "stage_of", "scope", "letter", "view", "state", "from",
    "page", "power", "code", "stage_of", "scope", "letter", "view", "state",
    "field", "to",
    "page", "year", "reference_date", "basis-0-law", "power", "stage_of", "scope", "letter", "view", "state",
)  # fmt: skip
ATTACKS = (
    "'", "--", ";", ")", "’‘“”", "';DROP TABLE record;--", "name]", "`id`", "id desc", "%", "_", "\\", "%x" * 200,
    '"', "NEAR(a b)", "*", "name:", "-", '"未闭', "许可", "环", "0x41", "1 OR 1=1", "{{7*7}}", "😀", "\u202e", "a\tb",
)  # fmt: skip


def test_no_sign_of_another_language_breaks_a_list_or_means_anything(planted: SmallBureau, desk: At) -> None:
    for name, paths in LISTS.items():
        person = desk(name)
        for path, attack in product(paths, ATTACKS):
            for names in (NAMES, ("q",)):
                shown = Shown(person.client.get(path, query_string=dict.fromkeys(names, attack)))
                assert shown.status < 500, (path, attack)
                assert acts_of(shown) == [], (path, attack)
    with planted.database.reading() as session:
        assert len(session.scalars(select(Record)).all()) == 6


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("50%", True), ("_号", True), ("\\尾", True), ("“甲”", True), ("危废", True), ("5%号", False), ("甲_", False)],
)
@pytest.mark.parametrize("path", ["/powers", "/flows"])
def test_a_search_means_what_it_says(bureau: SmallBureau, desk: At, path: str, words: str, is_found: bool) -> None:  # noqa: FBT001 - a parameter of the test
    name = "降低50%的_号“甲”危废事项\\尾"
    body = power_body(name=name) if path == "/powers" else flow_body(name=name)
    kind, code = ("power", None) if path == "/powers" else ("flow", "LC-CF-02")
    walk.create(bureau, bureau.clerk, kind, body, code=code)
    shown = Shown(desk("clerk").client.get(path, query_string={"q": words}))
    assert (f"{path}/1" in shown.links) == is_found
