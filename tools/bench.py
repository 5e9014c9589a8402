"""Cost per operation, as processor time on this machine: `make bench`, or `python -m tools.bench --powers 1000 10000`.

Requests go through the real apps as a server hands them over, without the server; writes are durable commits on SQLite.
Beside each figure stands the aim. An answer that is not as expected makes the run fail.
"""

import argparse
import contextlib
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from sqlalchemy import select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tools.bench_data import catalogue
from tools.bench_exchange import measure_backup, measure_drawing, measure_exports, measure_memory
from tools.bench_report import Report, spent
from webapp import clock
from webapp.accounts.models import Section
from webapp.accounts.reading import actor_by_username
from webapp.commands.root import collect_rarely
from webapp.config import Settings, load_settings
from webapp.db import Database
from webapp.flows.drawings import draw
from webapp.policy import Actor
from webapp.public_site import create_public_app
from webapp.publication.operations import prepare_editions, release_editions
from webapp.reviews.intake import adopt_catalogue, import_records
from webapp.revisions.models import Record
from webapp.sample import bureau
from webapp.schema import migrate
from webapp.web.app import create_app

PASSWORD = "Bench-2008-only"  # noqa: S105 - of a database that is thrown away
_OK, _SEE_OTHER = 200, 303
_PIECE = 10_000  # rows of one import
_WORDS = ("排污", "危险废物", "许可证", "环境影响评价", "噪声")


class Visitor:
    """Sends requests straight into an app and keeps its cookie."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cookie = ""

    def ask(self, path: str, form: Mapping[str, Any] | None = None) -> tuple[int, str]:
        """Send one request; return status and body."""
        address, _, query = path.partition("?")
        body = urlencode(form, doseq=True).encode() if form is not None else b""
        builder = EnvironBuilder(
            path=address,
            query_string=query,
            method="GET" if form is None else "POST",
            base_url="http://127.0.0.1/",
            headers=[("Sec-Fetch-Site", "same-origin"), *([("Cookie", self.cookie)] if self.cookie else [])],
            input_stream=BytesIO(body),
            content_length=len(body),
            content_type="application/x-www-form-urlencoded" if form is not None else None,
        )
        chunks, status, headers = run_wsgi_app(self.app.wsgi_app, builder.get_environ())
        text = b"".join(chunks).decode("utf-8", "replace")
        if given := headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return int(status.split()[0]), text

    def sign_in(self, username: str) -> None:
        """Sign in as one of the sample's people."""
        status, _ = self.ask("/sign-in", {"username": username, "password": PASSWORD})
        if status != _SEE_OTHER:
            raise SystemExit(f"{username} could not sign in: {status}")


def requests(report: Report, name: str, visitor: Visitor, paths: list[str], aim: float, *, wanted: str = "") -> None:
    """Measure GET requests over `paths`, each often enough for half a second in all; the best of three runs."""
    for path in paths:
        status, text = visitor.ask(path)
        if status != _OK or wanted not in text:
            report.fail(name, f"{path} answered {status}" + (f" without {wanted!r}" if wanted not in text else ""))
            return
    with spent() as once:
        for path in paths:
            visitor.ask(path)
    turns = max(1, min(200, int(0.5 / max(once[0], 1e-4))))
    best = once[0] / len(paths)
    for _ in range(3):
        with spent() as took:
            for _ in range(turns):
                for path in paths:
                    visitor.ask(path)
        best = min(best, took[0] / turns / len(paths))
    report.line(name, best * 1000, aim, f"{len(paths)} addresses")


@cache
def drawing(body: str) -> str | None:
    """Return the stored drawing of a chart."""
    return _DRAWINGS[body]


_DRAWINGS: dict[str, str | None] = {}


def draw_all(lines: list[dict[str, Any]]) -> Callable[[Mapping[str, Any]], str | None]:
    """Draw each different chart once, so that the bundle is measured with stored drawings."""

    def base(body: Mapping[str, Any]) -> str:
        return str(body["number"]).rpartition("-")[0]

    for line in lines:
        if line["record"] == "flow" and base(line) not in _DRAWINGS:
            _DRAWINGS[base(line)] = draw(line).svg
    return lambda body: drawing(base(body))


def measure(report: Report, powers: int, folder: Path) -> None:
    """Measure everything on a catalogue of so many powers."""
    report.part(f"{powers:,} powers")
    settings = load_settings({"ZHIQUAN_INSTANCE": str(folder)})
    settings.demo_mark.touch()
    database = Database(settings.database_url)
    migrate(database)
    clock.fix_day(date(2008, 9, 1))
    bureau.load_foundation(database, settings, PASSWORD)
    lines = list(catalogue(powers))
    fill(report, database, lines)
    publish(report, database, settings, lines)
    public_side(report, settings, [line for line in lines if line["record"] == "power"])
    staff_side(report, settings)
    review(report, database, settings)
    measure_exports(report, database, actor(database, "office"), powers)
    measure_backup(report, database, settings, powers)
    measure_drawing(report, lines)
    clock.fix_day(None)
    measure_memory(report, settings)
    database.close()


def actor(database: Database, username: str) -> Actor:
    """Return one of the sample's people."""
    with database.reading() as session:
        found = actor_by_username(session, username)
    if found is None:
        raise SystemExit(f"no {username} in the sample")
    return found


def fill(report: Report, database: Database, lines: list[dict[str, Any]]) -> None:
    """Take the catalogue in, in pieces as an office would."""
    office = actor(database, "office")
    taken = 0
    with spent() as took:
        for start in range(0, len(lines), _PIECE):
            piece = list(enumerate(lines[start : start + _PIECE], 1))
            with database.writing() as session:
                intake = adopt_catalogue(
                    session, office, piece, document="试验〔2008〕1号", decided_on=date(2008, 8, 27)
                )
            taken += intake.taken
    if taken != len(lines):
        report.fail("adopt a row (approved, validated)", f"{taken} of {len(lines)} rows taken; {intake.refusals[:1]}")
    report.line("adopt a row (approved, validated)", took[0] / len(lines) * 1000, None, f"{len(lines)} rows")
    measure_import(report, database, office, lines[:_PIECE])


class _RolledBack(Exception):  # noqa: N818 - how the trial import leaves its transaction
    """Nothing of it is kept."""


def measure_import(report: Report, database: Database, office: Actor, lines: list[dict[str, Any]]) -> None:
    """Take rows in as drafts under other codes, as `zhiquan import` does, and roll them back."""
    renamed = []
    for line in lines:
        field = "number" if line["record"] == "flow" else "code"
        renamed.append({**line, field: f"{line[field]}-x"})
    with spent() as took, contextlib.suppress(_RolledBack), database.writing() as session:
        taken = import_records(session, office, list(enumerate(renamed, 1))).taken
        raise _RolledBack
    if taken != len(renamed):
        report.fail("import a row (jsonl, validated)", f"{taken} of {len(renamed)} rows taken")
    report.line("import a row (jsonl, validated)", took[0] / len(renamed) * 1000, 0.25, f"{len(renamed)} rows")


def publish(report: Report, database: Database, settings: Settings, lines: list[dict[str, Any]]) -> None:
    """Prepare and release both editions."""
    drawer = draw_all(lines)
    with spent() as took:
        prepare_editions(database, settings, actor(database, "office"), draw=drawer, day=date(2008, 9, 1))
    pages = sum(1 for _ in settings.editions.rglob("*.html"))
    report.line("bundle, a page (both editions, stored)", took[0] / pages * 1000, 0.6, f"{pages} pages")
    release_editions(database, settings, actor(database, "publisher"), document="审2008-1")


def public_side(report: Report, settings: Settings, powers: list[dict[str, Any]]) -> None:
    """Measure what the public does."""
    app = create_public_app(instance=settings.instance)
    visitor = Visitor(app)
    step = max(1, len(powers) // 40)
    requests(report, "public entry", visitor, [f"/powers/{quote(one['code'])}/" for one in powers[::step]], 0.6)
    lists = re.findall(r'href="((?:categories|sections)/[^"#]+?)index\.html"', visitor.ask("/")[1])
    requests(report, "public list", visitor, [f"/{path}" for path in dict.fromkeys(lists)], 0.6)
    requests(report, "public search", visitor, [f"/search/?q={quote(word)}" for word in _WORDS], 1.5)


def staff_side(report: Report, settings: Settings) -> None:
    """Measure what the office does all day."""
    visitor = Visitor(create_app(settings))
    visitor.sign_in("office")
    requests(report, "staff list of 50", visitor, ["/powers", "/powers?page=3", "/powers?category=penalty"], 5)
    requests(report, "staff search", visitor, [f"/powers?q={quote(word)}" for word in _WORDS], 20)
    found = list(dict.fromkeys(re.findall(r'href="(/powers/\d+)"', visitor.ask("/powers")[1])))
    if not found:
        report.fail("staff entry", "the list names no entry")
        return
    requests(report, "staff entry", visitor, found[:20], 15)


def review(report: Report, database: Database, settings: Settings) -> None:
    """Measure one power from draft to the chief's approval: open, save, submit, open as reviewer, approve."""
    name = "draft, save, submit, open, approve"
    clerk = actor(database, "clerk")
    drafts = new_drafts(database, clerk, 30)
    app = create_app(settings)
    writer, chief = Visitor(app), Visitor(app)
    writer.sign_in("clerk")
    chief.sign_in("chief")
    with spent() as took:
        for record in drafts:
            if wrong := five_requests(writer, chief, f"/powers/{record}"):
                report.fail(name, f"/powers/{record}: {wrong}")
                return
    report.line(name, took[0] / len(drafts) * 1000, 65, f"{len(drafts)} powers")


def new_drafts(database: Database, clerk: Actor, count: int) -> list[int]:
    """Bring in complete entries of the clerk's section as drafts; return their ids."""
    with database.reading() as session:
        sections = set(session.scalars(select(Section.name).where(Section.id.in_(clerk.own_sections))))
    own = [
        line
        for line in catalogue(127)
        if line["record"] == "power" and line["section"] in sections and not line["joint_sections"]
    ]
    lines = [
        {**own[n % len(own)], "code": f"BENCH-{n}", "name": f"{own[n % len(own)]['name']}({n})"} for n in range(count)
    ]
    with database.writing() as session:
        import_records(session, clerk, list(enumerate(lines, 1)))
    with database.reading() as session:
        wanted = [line["code"] for line in lines]
        return list(session.scalars(select(Record.id).where(Record.code.in_(wanted))))


def five_requests(writer: Visitor, chief: Visitor, power: str) -> str:
    """Send the five requests; return what went wrong, or nothing."""
    seen = forms_of(writer.ask(f"{power}/draft")[1], f"{power}/draft")
    if not seen:
        return "no form of the draft"
    changed = {"seen_version": seen[0]["seen_version"], "discipline": "严格依法办理,不得推诿拖延。"}
    if (status := writer.ask(f"{power}/draft", changed)[0]) != _SEE_OTHER:
        return f"save answered {status}"
    # The version is one higher after the save; a person reads it on the page that follows, a sixth request.
    submitted = {"action": "submit", "seen_version": str(int(changed["seen_version"][0]) + 1)}
    if (status := writer.ask(f"{power}/review-steps", submitted)[0]) != _SEE_OTHER:
        return f"submit answered {status}"
    given = [form for form in forms_of(chief.ask(power)[1], "review-steps") if form.get("action") == ["approve"]]
    if not given:
        return "the chief is not offered to approve"
    status = chief.ask(f"{power}/review-steps", given[0])[0]
    return "" if status == _SEE_OTHER else f"approve answered {status}"


def forms_of(page: str, address: str) -> list[dict[str, list[str]]]:
    """Return the forms of a page that go to `address` (or end in it): hidden fields and boxes, boxes ticked."""
    found = []
    for action, inside in re.findall(r'<form[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL):
        if action.partition("#")[0].endswith(address):
            fields: dict[str, list[str]] = {}
            for tag in re.findall(r'<input[^>]*type="(?:hidden|checkbox)"[^>]*>', inside):
                told = dict(re.findall(r'(name|value)="([^"]*)"', tag))
                fields.setdefault(told.get("name", ""), []).append(told.get("value", "on"))
            found.append(fields)
    return found


def main() -> int:
    """Measure on each size asked for; return 1 if anything failed."""
    parser = argparse.ArgumentParser(description="Cost per operation, as processor time.")
    parser.add_argument("--powers", type=int, nargs="+", default=[1000, 10_000], metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a page, too")
    given = parser.parse_args()
    report = Report()
    collect_rarely()  # as the commands do; requests cost the same either way
    for powers in given.powers:
        with tempfile.TemporaryDirectory(prefix="zhiquan-bench-") as folder:
            measure(report, powers, Path(folder) / "instance")
    if given.write is not None and not report.failed:
        report.write(given.write)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
