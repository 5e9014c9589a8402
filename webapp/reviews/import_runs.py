"""A file brought in through the pages: shown first as what would become of it, corrected, taken over when confirmed.

What the file holds and what was put right in it are kept with the run, so it is never uploaded or typed twice. The
work of a reading stands outside the transaction that keeps it: `read_run` reads, `keep_*` writes what it found.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.policy import Actor
from webapp.powers.models import ImportRun
from webapp.reviews.heading_aliases import learn_headings
from webapp.reviews.import_changes import take_changes
from webapp.reviews.import_readings import Reading, kept_refusals
from webapp.reviews.import_report import Report, report_of
from webapp.reviews.intake import Prepared, prepare_records, take_prepared
from webapp.rules import NotFound, RuleBroken, Stale

MAX_OPEN = 5  # previews a person may have beside each other


def find_run(session: Session, by: Actor, run_id: int) -> ImportRun:
    """Return a run of the person's own; raise NotFound for another's."""
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == by.account),
    ).one_or_none()
    if run is None:
        raise NotFound
    return run


def keep_preview(session: Session, by: Actor, reading: Reading) -> ImportRun:
    """Keep a first reading as a run; nothing else is written, and nothing journalled. The oldest preview makes room."""
    old = session.scalars(
        select(ImportRun.id)
        .where(ImportRun.account_id == by.account, ImportRun.state == "previewed")
        .order_by(ImportRun.id.desc())
        .offset(MAX_OPEN - 1),
    ).all()
    session.execute(delete(ImportRun).where(ImportRun.id.in_(old)))
    run = ImportRun(
        account_id=by.account,
        file_name=reading.file_name,
        digest=reading.digest,
        content=reading.content,
        section=reading.section,
        source=reading.source,
        created_at=clock.now(),
    )
    session.add(run)
    _fill(run, reading)
    session.flush()
    return run


def keep_reading(session: Session, by: Actor, run_id: int, reading: Reading) -> ImportRun:
    """Keep a further reading of a run; it counts as a new version. Not journalled: nothing is brought in by it."""
    run = _locked(session, by, run_id)
    if run.state == "confirmed":
        raise RuleBroken("这个文件已经导入，不能再更正；请在相应事项的草稿中修改。")
    _fill(run, reading)
    run.version += 1
    return run


@dataclass(frozen=True)
class Ready:
    """What a confirmation is about to take, checked before its transaction: the version of the run it belongs to."""

    version: int
    prepared: Prepared
    changes: list[Any]


def ready_run(session: Session, by: Actor, run_id: int) -> Ready | None:
    """Check what a run would take; None where it is confirmed already. Only reads."""
    run = find_run(session, by, run_id)
    if run.state == "confirmed":
        return None
    kept = json.loads(run.lines)
    return Ready(run.version, prepare_records(session, by, kept["new"], section=run.section or None), kept["changes"])


def confirm_import(
    session: Session,
    by: Actor,
    run_id: int,
    ready: Ready | None,
    *,
    seen_version: int | None = None,
    partial: bool = False,
) -> ImportRun:
    """Take the rows of a run in as drafts and changes of drafts; confirmed again it does nothing more.

    All rows or none, unless `partial`: then the rows that can be taken. Headings the person mapped are learned. One
    journal entry, and one for each draft that changes.
    """
    run = _locked(session, by, run_id)
    if run.state == "confirmed":
        return run
    before = report_of(run)
    if ready is None or run.version != ready.version or seen_version not in {None, run.version}:
        raise Stale("预览已在另一窗口更新，尚未导入。请核对现在的结果后再确认。", current="")
    if before.sentence or not before.new + before.changed:
        raise RuleBroken(before.sentence or "没有可以导入的行，请先更正。")
    if before.refusals and not partial:
        raise RuleBroken(
            f"还有{before.refused}行不能导入，未导入任何内容。请更正，或列为不导入；也可以选定“只导入可以导入的行”。",
            "partial",
        )
    intake = take_prepared(session, by, ready.prepared)
    changed, refusals = take_changes(session, by, ready.changes)
    refusals = [*intake.refusals, *refusals]
    if refusals and not partial:
        first = min(refusals, key=lambda each: each.row)
        raise RuleBroken(f"预览之后情况有变，未导入任何内容。第{first.row}行：{first.why}请重新检查。", "partial")
    targets = json.loads(run.corrections)["targets"]
    learn_headings(session, by, [(column["word"], targets.get(str(column["place"]), "")) for column in before.columns])
    run.report = Report(
        **{
            **asdict(before),
            "new": intake.taken,
            "changed": changed,
            "refusals": kept_refusals([*before.refusals, *refusals]),
        },
    ).as_text()
    run.state, run.taken, run.confirmed_at = "confirmed", intake.taken + changed, clock.now()
    run.lines = run.source = ""
    return run


def _fill(run: ImportRun, reading: Reading) -> None:
    run.lines, run.report = reading.lines, reading.report.as_text()
    run.corrections = json.dumps(reading.corrections.as_json(), ensure_ascii=False)


def _locked(session: Session, by: Actor, run_id: int) -> ImportRun:
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == by.account).with_for_update(),
    ).one_or_none()
    if run is None:
        raise NotFound
    return run
