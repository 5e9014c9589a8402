"""Reading a file that was brought in: what would become of each of its rows, with the corrections made so far.

Only reads; what it finds is kept by `import_runs`. rows = new + changed + same + refused + left out, always.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.accounts.models import Section
from webapp.characters import FORBIDDEN
from webapp.policy import Actor, Permission
from webapp.powers.models import ImportRun
from webapp.powers.table_columns import Corrections
from webapp.reviews.import_changes import Proposals, propose_changes
from webapp.reviews.import_report import Refusal, Report
from webapp.reviews.import_source import Source
from webapp.reviews.intake import Intake, prepare_records
from webapp.reviews.uploads import read_again
from webapp.rules import NotAllowed, RuleBroken

MAX_NAME = 120
MAX_TEXT = 2_000  # characters of an old and a new value that are kept for showing


@dataclass(frozen=True)
class Reading:
    """One reading of a run: the report, what can be taken, and the corrections it was read with."""

    report: Report
    corrections: Corrections
    lines: str
    file_name: str = ""
    digest: str = ""
    content: str = ""
    section: str = ""
    source: str = ""


def read_new(session: Session, by: Actor, source: Source, *, file_name: str, digest: str, section: str = "") -> Reading:
    """Read a file for the first time; raise RuleBroken where the person has taken in the same before."""
    if not by.may(Permission.IMPORT_RECORDS):
        raise NotAllowed("您没有导入职权事项的权限。")
    safe = source.without_markings()
    content = safe.content_digest()
    _require_new(session, by, digest, content, section)
    name = FORBIDDEN.sub("", file_name)[-MAX_NAME:]
    return _reading(session, by, safe, Corrections(), section, file_name=name, digest=digest, content=content)


def read_run(session: Session, by: Actor, run: ImportRun, corrections: Corrections) -> Reading:
    """Read a run's file again with corrections."""
    if run.state == "confirmed":
        raise RuleBroken("这个文件已经导入，不能再更正；请在相应事项的草稿中修改。")
    return _reading(session, by, Source.of(run.source), corrections, run.section)


def _reading(
    session: Session, by: Actor, source: Source, corrections: Corrections, section: str, **told: str
) -> Reading:
    upload = read_again(session, source, corrections, section=section, own=_own_section(session, by))
    proposals = propose_changes(session, by, upload)
    rest = proposals.upload
    prepared = prepare_records(session, by, rest.lines, section=section or None)
    good = set(prepared.rows)
    new = [[row, line] for row, line in rest.lines if row in good]
    report = _report(proposals, prepared.intake, len(new))
    lines = {"new": new, "changes": [each.as_json() for each in proposals.changes]}
    tables = tuple((each.name, len(each.rows)) for each in source.tables)
    report = Report(**{**asdict(report), "refusals": report.refusals, "tables": tables})
    return Reading(
        report,
        corrections,
        json.dumps(lines, ensure_ascii=False),
        section=section,
        source=source.as_text() if told else "",
        **told,
    )


def _report(proposals: Proposals, intake: Intake, new: int) -> Report:
    upload = proposals.upload
    refusals = kept_refusals([*upload.refusals, *intake.refusals, *proposals.refusals])
    refused = len({each.row for each in refusals})
    return Report(
        rows=new + len(proposals.changes) + len(proposals.same) + refused + len(upload.left_out),
        new=new,
        changed=len(proposals.changes),
        same=tuple(proposals.same),
        refusals=refusals,
        left_out=upload.left_out,
        mended=tuple(one for one in upload.mended if not scan.secrecy_sentence(one[1])),
        passed_over=tuple(upload.passed_over),
        changes=tuple(
            {
                "row": each.row,
                "record": each.record,
                "code": each.code,
                "name": each.name,
                "is_revising": each.is_revising,
                "fields": [[one.heading, one.old[:MAX_TEXT], one.new[:MAX_TEXT]] for one in each.fields],
            }
            for each in proposals.changes
        ),
        notes=upload.notes,
        columns=tuple(asdict(each) for each in upload.columns),
        header=upload.header,
        sentence=upload.sentence,
    )


def _require_new(session: Session, by: Actor, digest: str, content: str, section: str) -> None:
    earlier = session.scalars(
        select(ImportRun)
        .where(
            ImportRun.account_id == by.account,
            (ImportRun.digest == digest) | (ImportRun.content == content),
            ImportRun.section == section,
            ImportRun.state == "confirmed",
            ImportRun.taken > 0,
        )
        .order_by(ImportRun.id.desc())
        .limit(1),
    ).one_or_none()
    if earlier is None or earlier.confirmed_at is None:
        return
    day = clock.local_day(earlier.confirmed_at)
    said = "同一文件" if earlier.digest == digest else f"内容相同的文件“{earlier.file_name}”"
    raise RuleBroken(
        f"{said}已于{day.year}年{day.month}月{day.day}日导入，未再次导入。内容有变的，请修改文件后再导入。",
        "file",
    )


def _own_section(session: Session, by: Actor) -> str:
    """Return the name of the only section a person fills in for, "" where there is none or several."""
    if len(by.own_sections) != 1:
        return ""
    return session.scalar(select(Section.name).where(Section.id.in_(by.own_sections))) or ""


def kept_refusals(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Return the refusals by row, without a value that must not be stored."""
    return tuple(
        Refusal(
            one.row,
            one.column,
            "" if scan.secrecy_sentence(one.value) else FORBIDDEN.sub("\ufffd", one.value),
            one.why,
            one.place,
        )
        for one in sorted(refusals, key=lambda refusal: refusal.row)
    )
