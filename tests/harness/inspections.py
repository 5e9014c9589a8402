"""An inspection of the small bureau, walked through its operations: two inspectors, proof, the section's answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from harness.bureau import SmallBureau, add_person
from webapp import clock
from webapp.files.storing import keep_file
from webapp.inspections import advancing, checklists, filling, planning
from webapp.inspections.advancing import Act
from webapp.inspections.filling import Given
from webapp.inspections.models import Checklist, Inspection
from webapp.inspections.points import all_points
from webapp.inspections.reading import points_of
from webapp.policy import Actor

LIBRARY = Path(__file__).resolve().parents[2] / "webapp" / "sample" / "data" / "checklists.json"
SECTION = "污染控制科"
PROOF = b"%PDF-1.4\n%%EOF\n"
STATES_ON_THE_WAY = ("planned", "in_progress", "drafted", "in_comment", "commented", "signed")


@dataclass(frozen=True)
class Team:
    """Who inspects and who is inspected."""

    inspector: Actor
    inspector2: Actor
    office: Actor
    office2: Actor
    chief: Actor
    clerk: Actor
    deputy: Actor


def library() -> list[Mapping[str, object]]:
    """Return the checklists of the sample library."""
    found: list[Mapping[str, object]] = json.loads(LIBRARY.read_text(encoding="utf-8"))["checklists"]
    return found


def team_in(bureau: SmallBureau) -> Team:
    """Add two inspectors to the bureau, publish the library, return who takes part."""
    with bureau.database.writing() as session:
        for name, section in (("inspector", "办公室(监察)"), ("inspector2", "宣教法制科")):
            add_person(session, bureau, name, section, (("inspector", False),))
    with bureau.database.writing() as session:
        checklists.take_library(session, library(), by=bureau.office, reviewer=bureau.office2)
    return Team(
        *(
            getattr(bureau, name)
            for name in ("inspector", "inspector2", "office", "office2", "chief", "clerk", "deputy")
        )
    )


def plan(
    session: Session, bureau: SmallBureau, who: Team, /, *, slug: str = "training", **changes: object
) -> Inspection:
    """Plan an inspection of the section today."""
    checklist = session.query(Checklist).filter_by(slug=slug, state="published").one()
    given = {
        "checklist_id": checklist.id,
        "section_id": bureau.sections[SECTION],
        "held_on": clock.today(),
        "team": (who.inspector.person, who.inspector2.person),
        **changes,
    }
    return planning.plan_inspection(session, planning.Planned(**given), by=who.office)  # type: ignore[arg-type]


def act(session: Session, inspection: Inspection, event: str, by: Actor, **given: str) -> Inspection:
    """Take an act on the version that stands."""
    return advancing.advance(session, inspection.id, Act(event, inspection.version, **given), by=by)


def answer_all(session: Session, inspection: Inspection, by: Actor, folder: Path, *, unmet: int = 1) -> list[str]:
    """Answer every point, the first `unmet` of those that allow it with a fault and its proof; return their keys."""
    faulty: list[str] = []
    given: dict[str, Given] = {}
    for point in all_points(points_of(session, inspection.content_digest)):
        if len(faulty) < unmet and "unmet" in point.finding_on:
            faulty.append(point.key)
            given[point.key] = Given("unmet", "抽查三份，缺一份记录。")
        else:
            given[point.key] = Given("met")
    filling.save_answers(session, inspection.id, given, by=by)
    kept = keep_file(folder, PROOF, "记录.pdf")
    filling.add_evidence(session, inspection.id, [(key, kept) for key in faulty], by=by)
    return faulty


def walk_to(
    session: Session,
    bureau: SmallBureau,
    team: Team,
    state: str,
    folder: Path,
    *,
    unmet: int = 1,
    slug: str = "training",
) -> Inspection:
    """Bring a new inspection to a state, as its people would; `signed` is numbered and has raised its findings."""
    inspection = plan(session, bureau, team, slug=slug)
    way = STATES_ON_THE_WAY[1 : STATES_ON_THE_WAY.index(state) + 1]
    if "in_progress" in way:
        act(session, inspection, "start", team.inspector)
    if "drafted" in way:
        answer_all(session, inspection, team.inspector, folder, unmet=unmet)
        act(session, inspection, "finish", team.inspector)
    if "in_comment" in way:
        act(session, inspection, "send_for_comment", team.inspector2)
    if "commented" in way:
        act(session, inspection, "comment", team.chief, note="情况属实。")
    if "signed" in way:
        for person in (team.inspector, team.inspector2, team.chief):
            act(session, inspection, "sign", person)
    return inspection


def days_later(days: int) -> None:
    """Let the clock stand so many days after the day it stands on."""
    clock.fix_day(clock.today() + timedelta(days=days))
