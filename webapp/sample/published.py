"""The state of 2008-09-01 as a published edition: adopted, prepared and released by the real operations, apart.

It is made in a throw-away installation, because in the demonstration itself it is still July; only the bundle stays.
"""

import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from webapp import clock, schema
from webapp.accounts.reading import actor_by_username
from webapp.bundle.verify import verify_bundle
from webapp.config import Settings
from webapp.db import Database
from webapp.policy import Actor
from webapp.publication import operations as publication
from webapp.publication.drawer import Drawer
from webapp.reviews import intake
from webapp.rules import RuleBroken
from webapp.sample import bureau, files

DECIDED = date(2008, 8, 27)  # scene 8: the city group's decision
RECORDED = date(2008, 8, 28)
PUBLISHED = date(2008, 9, 1)  # scene 9
DECISION = "坛优组字〔2008〕第5号"
RELEASE = "坛环信公审〔2008〕第1号"


def publish_sample(settings: Settings, target: Path) -> str:
    """Make the bundle of 2008-09-01 and put it at `target`, whole or not at all; returns its manifest's digest.

    Charts are drawn into the drawings of `settings`, where the staff pages find them. The clock of this process stands
    on those days meanwhile.
    """
    before = clock.fixed_day()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=target.parent) as name:
        folder = Path(name)
        apart = replace(settings, instance=folder, database_url=f"sqlite:///{folder / 'sample.sqlite'}")
        database = Database(apart.database_url)
        try:
            edition_folder, digest = _publish(database, apart, settings.drawings)
            if found := verify_bundle(edition_folder, digest):
                raise RuleBroken(f"样例公开包与登记的校验码不符:{found[0].sentence}")
            shutil.rmtree(target, ignore_errors=True)
            edition_folder.rename(target)
        finally:
            clock.fix_day(before)
            database.close()
    return digest


def _publish(database: Database, settings: Settings, drawings: Path) -> tuple[Path, str]:
    schema.migrate(database)
    clock.fix_day(RECORDED)
    bureau.load_foundation(database, settings, bureau.random_password())
    with database.writing() as session:
        with files.CATALOGUE.open(encoding="utf-8") as lines:
            found = intake.adopt_catalogue(
                session,
                _person(database, "office"),
                intake.read_lines(lines),
                document=DECISION,
                decided_on=DECIDED,
            )
        if found.refusals:
            raise RuleBroken(f"样例第{found.refusals[0].row}行未能收入:{found.refusals[0].why}")
    clock.fix_day(PUBLISHED)
    publication.prepare_editions(database, settings, _person(database, "office"), draw=Drawer(drawings))
    released = publication.release_editions(database, settings, _person(database, "publisher"), document=RELEASE)
    public = next(edition for edition in released if edition.audience == "public")
    return settings.editions / public.folder, public.manifest_digest


def _person(database: Database, username: str) -> Actor:
    with database.reading() as session:
        actor = actor_by_username(session, username)
    if actor is None:
        raise RuleBroken(f"样例人员 {username} 不在库中。请重新装入。")
    return actor
