"""Who must and who has, by section: every requirement that stands against the passes that are valid today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Person
from webapp.pages.accounts import ROLE_WORDS
from webapp.pages.finding import section_names
from webapp.policy import ADMINISTRATORS, OUTSIDE, Actor, Permission, Role
from webapp.training.reading import read_demands, read_passed, read_workers
from webapp.training.topics import TOPIC_WORDS, TOPICS, Demand, covered, home_of

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SectionCover:
    """A section under a requirement: how many have of how many must; names of those who have not, where shown."""

    name: str
    done: int
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class DemandRow:
    """A requirement with its cover."""

    id: int
    topic: str
    who: str
    before: date
    done: int
    total: int
    is_late: bool
    sections: tuple[SectionCover, ...]


@dataclass(frozen=True)
class CoveragePage:
    """What the screen shows, with what a new requirement chooses from."""

    rows: tuple[DemandRow, ...]
    topics: Options
    roles: Options
    sections: Options
    today: str
    may_manage: bool


def coverage_page(session: Session, *, viewer: Actor) -> CoveragePage:
    """Return the cover of every requirement; seven queries. Names of one's own sections; all for the bureau-wide."""
    today = clock.today()
    workers = read_workers(session, today)
    demands, passed = read_demands(session), read_passed(session, workers)
    names = section_names(session)
    people = {row.id: row.name for row in session.execute(select(Person.id, Person.name))}
    homes = {worker.person: home_of(worker) for worker in workers}
    own = viewer.sections | viewer.own_sections
    by_section = {one.id: one.name for one in names}
    rows = []
    for demand in demands:
        cover = covered(demand, workers, passed, today)
        grouped: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for person, has in cover.items():
            # somebody may belong to several sections; under a section's requirement he counts there
            grouped[demand.section or homes[person]].append((person, has))
        rows.append(
            DemandRow(
                id=demand.id,
                topic=TOPIC_WORDS[demand.topic],
                who=_who(demand, by_section),
                before=demand.before,
                done=sum(cover.values()),
                total=len(cover),
                is_late=demand.before < today and not all(cover.values()),
                sections=tuple(
                    SectionCover(
                        by_section.get(number, "其他"),
                        sum(has for _, has in found),
                        len(found),
                        tuple(people[person] for person, has in found if not has)
                        if viewer.is_bureau_wide or number in own
                        else (),
                    )
                    for number in [*by_section, 0]
                    if (found := grouped.get(number))
                ),
            ),
        )
    at_work = [role for role in Role if role not in ADMINISTRATORS | OUTSIDE]
    return CoveragePage(
        rows=tuple(rows),
        topics=(("", "请选择"), *TOPICS),
        roles=(("", "全体人员"), *((str(role), ROLE_WORDS[role]) for role in at_work)),
        sections=(("", "全局"), *((str(one.id), one.name) for one in names)),
        today=today.isoformat(),
        may_manage=viewer.may(Permission.MANAGE_TRAINING),
    )


def _who(demand: Demand, sections: dict[int, str]) -> str:
    place = sections.get(demand.section, "已撤并的科室") if demand.section else "全局"
    return f"{place}{ROLE_WORDS[Role(demand.role)] if demand.role else '全体人员'}"
