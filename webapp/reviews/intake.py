"""Catalogues that come in whole: imported as drafts, or adopted as what was approved on paper.

Input are the lines of `data/catalogue.jsonl`'s shape (contract.md). Each line is taken or refused with the reason;
rows = taken + refused, always.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import sections
from webapp.digests import digest, sha256_hex
from webapp.journal import operations as journal
from webapp.policy import Actor, Permission, Role
from webapp.reviews.chain import ENDS
from webapp.reviews.ending import withhold_power
from webapp.reviews.import_report import Refusal
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Approval
from webapp.revisions import operations as revisions
from webapp.revisions.kinds import Body, Description, Kind
from webapp.revisions.models import Listing, Record
from webapp.rules import NotAllowed, RuleBroken

ORDER = ("flow", "power", "withholding")  # a power cites charts, a withholding names a power
CODE_FIELD = {"flow": "number", "power": "code", "withholding": "number"}
MAX_ROWS, MAX_CODE = 200_000, 40


@dataclass
class Intake:
    """What became of the rows of a file."""

    rows: int = 0
    taken: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    row: int
    kind: Kind
    code: str
    body: Body
    section: int
    text: str
    described: Description


def read_lines(text: Iterable[str]) -> Iterator[tuple[int, object]]:
    """Yield the number and the value of each line of a .jsonl file; a broken line yields the error instead."""
    for number, line in enumerate(text, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                yield number, error


@dataclass
class Prepared:
    """Lines that were checked and can be taken, with what became of the others so far."""

    intake: Intake
    lines: list[_Line]

    @property
    def rows(self) -> list[int]:
        """Return the numbers of the rows that can be taken."""
        return [line.row for line in self.lines]


def prepare_records(
    session: Session,
    by: Actor,
    lines: Iterable[tuple[int, object]],
    *,
    section: str | None = None,
) -> Prepared:
    """Check lines and say which could be taken; only reads, so that a transaction that writes need not wait for it.

    `section` overrides what the lines say. A clerk or chief brings in items of his own sections; the leading group's
    office those of any section.
    """
    if not by.may(Permission.IMPORT_RECORDS):
        raise NotAllowed("您没有导入职权事项的权限。")
    intake = Intake()
    is_office = by.has(Role.OFFICE)
    good = []
    for line in _checked(session, intake, lines, section):
        if is_office or line.section in by.own_sections:
            good.append(line)
        else:
            _refuse(intake, line.row, "section", line.body.get("section", ""), "不是本科室的事项，不能导入。")
    return Prepared(intake, _fresh(session, intake, good))


def import_records(
    session: Session,
    by: Actor,
    lines: Iterable[tuple[int, object]],
    *,
    section: str | None = None,
) -> Intake:
    """Take lines in as drafts of their sections; one journal entry. See `prepare_records`.

    Nothing is published or approved by an import, whatever it says.
    """
    return take_prepared(session, by, prepare_records(session, by, lines, section=section))


def take_prepared(session: Session, by: Actor, prepared: Prepared) -> Intake:
    """Take prepared lines in as drafts; codes that were taken since are refused. One journal entry."""
    intake = prepared.intake
    made = _insert(session, by, intake, prepared.lines, stage=None)
    intake.taken = len(made)
    journal.write(
        session,
        by,
        "import",
        "catalogue",
        {
            "rows": intake.rows,
            "taken": intake.taken,
            "content": digest([[n.code, sha256_hex(n.text)] for _, n in made]),
        },
    )
    return intake


def adopt_catalogue(
    session: Session,
    by: Actor,
    lines: Iterable[tuple[int, object]],
    *,
    document: str,
    decided_on: date,
) -> Intake:
    """Take over a catalogue approved on paper: its items become approved revisions under that document.

    What they lack becomes a warning, not a refusal. Withholdings in it count as decided and filed.
    """
    if not by.may(Permission.ADOPT_CATALOGUE):
        raise NotAllowed("只有领导小组办公室可以承接已审定的职权目录。")
    if not document.strip():
        raise RuleBroken("请写明审定文件的文号。", "document")
    if decided_on > clock.today():
        raise RuleBroken("审定日期不能晚于今天。", "date")
    intake = Intake()
    good = list(_checked(session, intake, lines, None))
    made = _insert(session, by, intake, good, stage="end")
    digests = []
    for kind_key in ORDER:
        kind = KINDS[kind_key]
        pairs = [(record, line.body) for record, line in made if line.kind is kind]
        frozen = revisions.insert_first_revisions(session, by, kind, pairs, _external(session))
        digests += [[kind_key, line_digest.digest] for line_digest in frozen]
        paper = [{"stage": "审定", "post": "", "date": decided_on.isoformat(), "document": document.strip()}]
        session.add_all(
            Approval(
                record_id=revision.record_id,
                revision_id=revision.id,
                document=document.strip(),
                decided_on=decided_on,
                lines=json.dumps(paper, ensure_ascii=False),
                approved_at=clock.now(),
            )
            for revision in frozen
        )
    for record, line in made:
        intake.warnings += [
            Refusal(line.row, problem.field, "", problem.sentence) for problem in line.kind.missing(line.body)
        ]
        if line.kind.key == "withholding" and withhold_power(session, record, line.body) is None:
            intake.warnings.append(Refusal(line.row, "power", line.body["power"], "目录中没有这个职权编码。"))
    intake.taken = len(made)
    journal.write(
        session,
        by,
        "adopt",
        "catalogue",
        {
            "rows": intake.rows,
            "taken": intake.taken,
            "document": document.strip(),
            "date": decided_on.isoformat(),
            "content": digest(digests),
        },
    )
    return intake


def _checked(
    session: Session,
    intake: Intake,
    lines: Iterable[tuple[int, object]],
    section: str | None,
) -> list[_Line]:
    """Return the lines that are in shape, flows first; the others are refused."""
    numbers = {each.name: each.id for each in sections(session)}
    if section is not None and section not in numbers:
        raise RuleBroken(f"没有“{section}”这个科室。", "section")
    good: list[_Line] = []
    seen: set[tuple[str, str]] = set()
    for row, value in lines:
        intake.rows += 1
        if intake.rows > MAX_ROWS:
            raise RuleBroken(f"文件超过{MAX_ROWS}行，请分成几个文件。")
        if isinstance(value, Exception):
            _refuse(intake, row, "", "", "这一行不是一条完整的记录(JSON)，请检查文件。")
        elif not isinstance(value, dict) or value.get("record") not in KINDS:
            _refuse(intake, row, "record", "", "记录类型只能是 flow、power 或 withholding。")
        elif line := _checked_line(intake, row, value, numbers, section):
            key = (line.kind.key, line.code)
            if line.code and key in seen:
                _refuse(intake, row, CODE_FIELD[line.kind.key], line.code, "编码或图号在文件中重复。")
            else:
                seen.add(key)
                good.append(line)
    return sorted(good, key=lambda line: ORDER.index(line.kind.key))


def _checked_line(
    intake: Intake,
    row: int,
    value: Mapping[str, Any],
    numbers: Mapping[str, int],
    section: str | None,
) -> _Line | None:
    kind = KINDS[value["record"]]
    code = value.get(CODE_FIELD[kind.key]) or ""
    body = {key: part for key, part in value.items() if kind.key != "power" or key not in {"record", "code"}}
    if section is not None and "section" in body:
        body["section"] = section
    if body.get("disclosure") == "withheld":
        body["disclosure"] = "pending"  # an import's 不公开 is the section's opinion (practice.md)
    if not isinstance(code, str) or len(code) > MAX_CODE:
        _refuse(intake, row, CODE_FIELD[kind.key], str(code)[:80], f"编码应为{MAX_CODE}字以内的文字。")
        return None
    try:
        text = revisions.check_body(kind, body)
    except RuleBroken as error:
        _refuse(intake, row, error.field or "", str(value.get(error.field or "", ""))[:80], error.message)
        return None
    described = kind.describe(body)
    name = described.section
    if name not in numbers:
        _refuse(intake, row, "section", name, "没有这个科室。" if name else "没有承办科室。")
        return None
    return _Line(row, kind, code, body, numbers[name], text, described)


def _insert(
    session: Session,
    by: Actor,
    intake: Intake,
    lines: Sequence[_Line],
    *,
    stage: str | None,
) -> list[tuple[Record, _Line]]:
    made: list[tuple[Record, _Line]] = []
    fresh = _fresh(session, intake, lines)
    for key in ORDER:
        group = [line for line in fresh if line.kind.key == key]
        news = [
            revisions.NewRecord(line.body, line.section, line.code or None, None, line.text, line.described)
            for line in group
        ]
        records = revisions.insert_records(session, by, KINDS[key], news, stage=ENDS[key] if stage else "draft")
        made += zip(records, group, strict=True)
    return made


def _fresh(session: Session, intake: Intake, lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines whose code is not there yet; the others are refused."""
    fresh: list[_Line] = []
    for key in ORDER:
        group = [line for line in lines if line.kind.key == key]
        taken = revisions.taken_codes(session, key, [line.code for line in group if line.code])
        for line in group:
            if line.code in taken:
                why = "编码或图号已存在，未重复导入；需要修改的，请在原事项上修改。"
                _refuse(intake, line.row, CODE_FIELD[key], line.code, why)
            else:
                fresh.append(line)
    return fresh


def _external(session: Session) -> Any:  # noqa: ANN401 - a bound method of a set
    rows = session.scalars(select(Listing.code).where(Listing.kind == "flow", Listing.category == "external"))
    return set(rows).__contains__


def _refuse(intake: Intake, row: int, column: str, value: str, why: str) -> None:
    intake.refusals.append(Refusal(row, column, value, why))
