"""A file brought in through the pages: shown first as what would become of it, taken over when confirmed.

The preview runs the import itself and takes it back, so it promises nothing the import does not keep. What is stored
between the two is the rows that can be taken; refused ones only as sentences.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.characters import FORBIDDEN
from webapp.policy import Actor
from webapp.powers.models import ImportRun
from webapp.reviews.intake import Intake, Refusal, import_records
from webapp.reviews.uploads import Upload
from webapp.rules import NotFound, RuleBroken

MAX_SHOWN = 2000  # sentences of each sort that are kept of one file
MAX_NAME = 120


@dataclass(frozen=True)
class Report:
    """What became, or would become, of the rows of a file: rows = taken + refused rows; sentences by row."""

    rows: int
    taken: int
    refusals: tuple[Refusal, ...]
    mended: tuple[tuple[int, str], ...]
    passed_over: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]

    def as_text(self) -> str:
        """Return the report as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def report_of(run: ImportRun) -> Report:
    """Return the report a run keeps."""
    kept = json.loads(run.report)
    return Report(
        rows=kept["rows"],
        taken=kept["taken"],
        refusals=tuple(Refusal(**refusal) for refusal in kept["refusals"]),
        mended=tuple((row, text) for row, text in kept["mended"]),
        passed_over=tuple((row, text) for row, text in kept["passed_over"]),
        notes=tuple(kept["notes"]),
    )


def preview_import(
    session: Session,
    by: Actor,
    upload: Upload,
    *,
    file_name: str,
    digest: str,
    section: str = "",
) -> ImportRun:
    """Keep a file that was read, with what an import would make of it; no record is made and nothing is journalled.

    Raises RuleBroken where the same person has taken in the same file before. Earlier previews of his are forgotten.
    """
    earlier = session.scalars(
        select(ImportRun)
        .where(
            ImportRun.account_id == by.account,
            ImportRun.digest == digest,
            ImportRun.section == section,
            ImportRun.state == "confirmed",
            ImportRun.taken > 0,
        )
        .limit(1),
    ).one_or_none()
    if earlier is not None and earlier.confirmed_at is not None:
        day = clock.local_day(earlier.confirmed_at)
        raise RuleBroken(
            f"同一文件已于{day.year}年{day.month}月{day.day}日导入，未再次导入。内容有变的，请修改文件后再导入。",
            "file",
        )
    session.execute(delete(ImportRun).where(ImportRun.account_id == by.account, ImportRun.state == "previewed"))
    with session.begin_nested() as trial:
        intake = upload.add_refusals(import_records(session, by, upload.lines, section=section or None))
        trial.rollback()
    session.expire_all()
    refused = {refusal.row for refusal in intake.refusals}
    run = ImportRun(
        account_id=by.account,
        file_name=FORBIDDEN.sub("", file_name)[-MAX_NAME:],
        digest=digest,
        section=section,
        lines=json.dumps([[row, line] for row, line in upload.lines if row not in refused], ensure_ascii=False),
        report=_report(upload, intake).as_text(),
        created_at=clock.now(),
    )
    session.add(run)
    session.flush()
    return run


def confirm_import(session: Session, by: Actor, run_id: int) -> ImportRun:
    """Take the rows of a previewed file in as drafts; confirmed again it does nothing more. One journal entry."""
    run = session.scalars(
        select(ImportRun).where(ImportRun.id == run_id, ImportRun.account_id == by.account).with_for_update(),
    ).one_or_none()
    if run is None:
        raise NotFound
    if run.state == "confirmed":
        return run
    before = report_of(run)
    intake = import_records(session, by, json.loads(run.lines), section=run.section or None)
    run.report = Report(
        rows=before.rows,
        taken=intake.taken,
        refusals=_kept_refusals([*before.refusals, *intake.refusals]),
        mended=before.mended,
        passed_over=before.passed_over,
        notes=before.notes,
    ).as_text()
    run.state, run.taken, run.lines, run.confirmed_at = "confirmed", intake.taken, "[]", clock.now()
    return run


def _report(upload: Upload, intake: Intake) -> Report:
    return Report(
        rows=intake.rows,
        taken=intake.taken,
        refusals=_kept_refusals(intake.refusals),
        mended=tuple(one for one in upload.mended[:MAX_SHOWN] if not scan.secrecy_sentence(one[1])),
        passed_over=tuple(upload.passed_over[:MAX_SHOWN]),
        notes=upload.notes,
    )


def _kept_refusals(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Return the refusals by row, without a value that must not be stored."""
    kept: Sequence[Refusal] = sorted(refusals, key=lambda refusal: refusal.row)
    return tuple(
        Refusal(
            one.row, one.column, "" if scan.secrecy_sentence(one.value) else FORBIDDEN.sub("\ufffd", one.value), one.why
        )
        for one in kept[:MAX_SHOWN]
    )
