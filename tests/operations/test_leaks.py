"""Non-interference and canaries: what is not released shows in nothing public (security.md LEAK-01 to LEAK-04).

Two worlds hold the same public catalogue. In the rich one every non-public field and table carries a unique string.
"""

import base64
import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from harness import walk
from harness.bureau import SmallBureau, add_person, found_bureau, power_body, sample_lines
from webapp import clock
from webapp.config import Settings
from webapp.db import Database
from webapp.directory.operations import load_directory
from webapp.directory.reading import current_directory
from webapp.powers.categories import category
from webapp.powers.models import SharedClause
from webapp.powers.shapes import Audience, Shape
from webapp.public_site import create_public_app
from webapp.publication.models import Withdrawal
from webapp.publication.operations import prepare_editions, release_editions
from webapp.reviews import intake
from webapp.reviews.chain import Action
from webapp.reviews.kinds import KINDS
from webapp.reviews.moving import ProblemFound
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Record

DAY = date(2008, 9, 1)


COMMON = "鸮隼鹮"  # every canary begins with it, so one search finds them all


class Canaries:
    """Unique strings, each handed out for one place."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def at(self, place: str) -> str:
        """Return a string no other place has."""
        mark = f"{COMMON}{hashlib.sha256(place.encode()).hexdigest()[:10]}"
        self.places[mark] = place
        return mark


@pytest.fixture(autouse=True)
def _in_2008() -> Iterator[None]:
    clock.fix_day(DAY)
    yield
    clock.fix_day(None)


def is_public(line: dict[str, Any], cited: set[str]) -> bool:
    if line["record"] == "power":
        return line["disclosure"] == "public"
    return line["record"] == "flow" and line["audience"] == "external" and line["number"] in cited


def poor_lines() -> list[dict[str, Any]]:
    """Return the public powers and the charts they cite; every non-public field bare."""
    lines = sample_lines()
    cited = {number for line in lines if line.get("disclosure") == "public" for number in line["flows"]}
    kept = [line for line in lines if is_public(line, cited)]
    numbers = {line["number"] for line in kept if line["record"] == "flow"}
    for line in kept:
        if line["record"] == "power":
            line.update(follow_up="", key_areas=[], verdict="in_place")
            line["flows"] = [number for number in line["flows"] if number in numbers]
            found = category(line["category"])
            assert found is not None
            inside = {field.name for field in found.details if field.audience is not Audience.PUBLIC}
            line["details"] = {key: value for key, value in line["details"].items() if key not in inside}
    return kept


def rich_lines(canaries: Canaries) -> list[dict[str, Any]]:
    """Return everything: the same public lines with their inner fields filled, and all that is not public."""
    lines = deepcopy(poor_lines())
    kept = {line.get("code") or line["number"] for line in lines}
    for line in lines:
        fill_inner_fields(line, canaries)
    lines += [
        hide_canaries(line, canaries) for line in sample_lines() if (line.get("code") or line["number"]) not in kept
    ]
    internal = [line for line in lines if line.get("audience") == "internal"]
    for line in internal:
        line["refines"] = canaries.at(f"{line['number']} refines")
    for line in lines:
        if line.get("code") == "JTHB-XK-001":
            line["flows"] = [*line["flows"], internal[0]["number"]]
    return lines


def fill_inner_fields(line: dict[str, Any], canaries: Canaries) -> None:
    """Put a canary in every field of a public line that is not public itself."""
    if line["record"] == "flow":
        for step in line["steps"]:
            for name in ("risk_point", "measure"):
                step[name] = canaries.at(f"{line['number']} {step['id']} {name}")
        return
    line.update(follow_up=canaries.at(f"{line['code']} follow_up"), key_areas=["money"], verdict="missing")
    found = category(line["category"])
    assert found is not None
    for field in found.details:
        if field.audience is not Audience.PUBLIC and field.shape in {Shape.TEXT, Shape.LINE}:
            line["details"][field.name] = canaries.at(f"{line['code']} {field.name}")


def hide_canaries(line: dict[str, Any], canaries: Canaries) -> dict[str, Any]:
    """Put canaries in the texts of a line that is not public at all."""
    key = line.get("code") or line["number"]
    for name, value in line.items():
        if isinstance(value, str) and name in {"name", "title", "conditions", "rules", "reason", "basis", "until"}:
            line[name] = canaries.at(f"{key} {name}")
    for step in line.get("steps", []):
        step["name"] = canaries.at(f"{key} {step['id']}")
    return line


def make_world(database: Database, settings: Settings, lines: list[dict[str, Any]]) -> SmallBureau:
    bureau = found_bureau(database)
    with database.writing() as session:
        took = intake.adopt_catalogue(
            session,
            bureau.office,
            enumerate(lines, 1),
            document="坛优组字〔2008〕2号",
            decided_on=date(2008, 8, 27),
        )
        assert took.refusals == []
    del settings
    return bureau


def enrich(bureau: SmallBureau, canaries: Canaries) -> None:
    """Fill every table that is not public: drafts, reviews, notes, people, clauses, the directory's unused rows."""
    record = walk.create(bureau, bureau.clerk, "power", power_body(name=canaries.at("draft name")))
    second = walk.create(
        bureau, bureau.clerk, "power", power_body(name=canaries.at("review name"), disclosure="pending")
    )
    walk.submit(bureau, bureau.clerk, second)
    note, comment = canaries.at("return note"), canaries.at("problem")
    walk.act(bureau, bureau.chief, second, Action.RETURN, note=note, problems=[ProblemFound(comment, "rules")])
    third = walk.create(bureau, bureau.clerk, "power", power_body(name=canaries.at("decision name")))
    walk.to_bureau_decision(bureau, third)
    walk.record_and_verify(bureau, [third], document=canaries.at("minutes"))
    with bureau.database.writing() as session:
        revisions.autosave(
            session, bureau.clerk, record, panel="basics", seen_version=1, content=[("name", canaries.at("autosave"))]
        )
        add_person(session, bureau, canaries.at("username"), "财务科", (("clerk", True),)).name = canaries.at("person")
        session.add(
            SharedClause(
                section_id=bureau.sections["财务科"],
                category="penalty",
                field="rules",
                content=canaries.at("clause"),
                edited_by=bureau.clerk.person,
                edited_at=clock.now(),
            ),
        )
        contacts = current_directory(session)
        contacts["unused-contact"] = {
            **contacts["consult-finance"],
            "kind": "consult",
            "address": canaries.at("address"),
        }
        load_directory(session, contacts, by=None)
        published = session.scalars(select(Record).where(Record.code == "JTHB-XK-001")).one()
        published.section_id = bureau.sections["污染控制科"]
        bureau_entry = session.scalars(select(Record).where(Record.code == "JTHB-RS-003")).one()
        session.add(
            Withdrawal(
                record_id=bureau_entry.id,
                reason=canaries.at("withdrawal reason"),
                document=canaries.at("withdrawal document"),
                withdrawn_by=bureau.publisher.person,
                withdrawn_at=clock.now(),
            ),
        )
    with bureau.database.writing() as session:
        draft = session.get_one(Draft, published.id)
        body = {**json.loads(draft.body), "rules": canaries.at("draft of a published entry"), "section": "污染控制科"}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], published.id, body, seen_version=draft.version)


def published(bureau: SmallBureau, settings: Settings) -> Path:
    """Prepare and release; return the public bundle's folder."""
    draw = lambda chart: f'<svg xmlns="http://www.w3.org/2000/svg"><title>{html.escape(chart["name"])}</title></svg>'  # noqa: E731
    editions = prepare_editions(bureau.database, settings, bureau.office, draw=draw, day=DAY).editions
    release_editions(bureau.database, settings, bureau.publisher, document="审批单")
    return settings.editions / next(one.folder for one in editions if one.audience == "public")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def answers(folder: Path, paths: list[str]) -> dict[str, tuple[int, dict[str, str], bytes]]:
    client = create_public_app(folder).test_client()
    found = {}
    for path in paths:
        reply = client.get(path)
        found[path] = (reply.status_code, {k: v for k, v in reply.headers.items() if k != "Date"}, reply.data)
    return found


def spellings(mark: str) -> Iterator[bytes]:
    """Yield a string in every form in which it could hide."""
    plain = mark.encode()
    yield from (plain, mark.encode("utf-16-le"), mark.encode("utf-16-be"), mark.encode("gb18030"))
    for shift in range(3):
        whole = base64.b64encode(b"x" * shift + plain)
        yield whole[4 if shift else 0 : -4]
    yield "".join(f"&#{ord(one)};" for one in mark).encode()
    yield "".join(f"&#x{ord(one):x};" for one in mark).encode()
    yield quote(mark).encode()
    yield json.dumps(mark).strip('"').encode()


def digests_in(content: bytes) -> set[str]:
    """Return everything in a file that could be a SHA-256."""
    return {found.decode() for found in re.findall(rb"[0-9a-f]{64}", content)}


def unpacked(content: bytes) -> bytes:
    """Return a file's bytes and, of a workbook, those of every part in it."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join([content, *(archive.read(name) for name in archive.namelist())])


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Canaries]:
    """Build both worlds once, on SQLite; the bundle does not depend on the database (test_publication)."""
    from webapp import schema  # noqa: PLC0415 - the session's templates are of another scope
    from webapp.config import load_settings  # noqa: PLC0415

    clock.fix_day(DAY)
    canaries, folders = Canaries(), []
    for name, lines in (("poor", poor_lines()), ("rich", rich_lines(canaries))):
        settings = load_settings({"ZHIQUAN_INSTANCE": str(tmp_path_factory.mktemp(name))})
        database = Database(settings.database_url)
        schema.migrate(database)
        bureau = make_world(database, settings, lines)
        if name == "rich":
            enrich(bureau, canaries)
        folders.append(published(bureau, settings))
        database.close()
    clock.fix_day(None)
    return folders[0], folders[1], canaries


def test_the_public_bundles_of_both_worlds_are_the_same_bytes(worlds: tuple[Path, Path, Canaries]) -> None:
    poor, rich, _ = worlds
    assert tree(poor) == tree(rich)


def test_the_public_site_answers_both_worlds_alike(worlds: tuple[Path, Path, Canaries]) -> None:
    poor, rich, _ = worlds
    pages = [f"/{path}" for path in tree(poor) if path.endswith(("index.html", ".xml", ".json"))]
    asked = [
        "/search/?q=处罚",
        "/search/?q=发展党员",
        "/search/?q=JTHB-RS-003",
        "/powers/JTHB-RS-003/",
        "/nothing",
        "/",
    ]
    assert answers(poor, pages[::7] + asked) == answers(rich, pages[::7] + asked)


def test_no_canary_is_found_in_anything_public(worlds: tuple[Path, Path, Canaries]) -> None:
    _, rich, canaries = worlds
    assert len(canaries.places) > 500
    everything = b"\n".join(unpacked(content) for content in tree(rich).values())
    everything += "\n".join(tree(rich)).encode()
    asked = [f"/search/?q={mark}" for mark in list(canaries.places)[:40]]
    hits = [reply for reply in answers(rich, asked).values() if "没有找到" not in reply[2].decode()]
    assert hits == []
    assert [form for form in spellings(COMMON) if form in everything] == []
    told = {hashlib.sha256(mark.encode()).hexdigest() for mark in canaries.places} & digests_in(everything)
    assert told == set()


def test_the_search_for_canaries_finds_one_that_is_public(worlds: tuple[Path, Path, Canaries]) -> None:
    """The check above can fail: a public name is found in each of the forms the bundle really uses."""
    _, rich, _ = worlds
    everything = b"\n".join(unpacked(content) for content in tree(rich).values())
    assert any(form in everything for form in spellings("建设项目环境影响报告书审批"))
