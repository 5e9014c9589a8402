"""The bureau's work of June and July 2008, done by its people through the operations that the pages use.

Every draft, signature, return and recorded letter is a real act of a person with the rights of that day; nothing is
written past an operation. The clock stands on the day of each act meanwhile.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.models import Account, RoleTerm, Section
from webapp.accounts.reading import actor_by_username
from webapp.campaigns.handing_in import ItemTicked
from webapp.db import Database
from webapp.inspections import checklists
from webapp.policy import Actor, Role
from webapp.reviews import intake, operations, recording
from webapp.reviews.chain import STAGE_LABELS, Action, Decision
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Problem, Review, Seat
from webapp.reviews.moving import ProblemFound
from webapp.revisions.models import Draft, Record, Revision
from webapp.revisions.operations import save_draft
from webapp.rules import RuleBroken
from webapp.sample import files, opening, plan
from webapp.sample.explaining import explain_chart
from webapp.sample.standing import standing_clock

Told = Callable[..., Iterator[Any]]


@dataclass
class Item:
    """A record with what the acts need to know of it."""

    record: int
    kind: str
    code: str
    section: int
    digest: str = ""


@dataclass
class Campaign:
    """One transaction with the bureau's people and items."""

    session: Session
    items: dict[str, Item] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    _of_section: dict[tuple[Role, int], Actor] = field(default_factory=dict)

    def person(self, username: str) -> Actor:
        """Return somebody by his name to sign in with."""
        if username not in self.people:
            actor = actor_by_username(self.session, username)
            if actor is None:
                raise RuleBroken(f"样例人员 {username} 不在库中。请在空的数据库中重新装入。")
            self.people[username] = actor
        return self.people[username]

    def of_section(self, role: Role, section: int) -> Actor:
        """Return the clerk or chief of a section."""
        key = (role, section)
        if key not in self._of_section:
            username = self.session.scalars(
                select(Account.username)
                .join(RoleTerm, RoleTerm.person_id == Account.person_id)
                .where(
                    RoleTerm.role == role,
                    RoleTerm.section_id == section,
                    RoleTerm.until.is_(None),
                    Account.is_active,
                )
                .order_by(RoleTerm.id)
                .limit(1),
            ).one()
            self._of_section[key] = self.person(username)
        return self._of_section[key]

    def act(self, code: str, by: Actor, action: Action, **given: Any) -> None:  # noqa: ANN401 - what `advance` takes
        """Take one act on an item."""
        item = self.items[code]
        asked = {name: given.pop(name) for name in ("seat", "note", "seen_version") if name in given}
        decision = Decision(action, seen_digest=item.digest or None, **asked)
        operations.advance(self.session, by, KINDS[item.kind], item.record, decision, **given)

    def seat(self, code: str, kind: str) -> int:
        """Return the seat of a kind that stands now at an item."""
        return self.session.scalars(
            select(Seat.id)
            .join(Review, Review.id == Seat.review_id)
            .where(Review.record_id == self.items[code].record, Seat.kind == kind, Seat.state != "void")
            .order_by(Seat.id.desc())
            .limit(1),
        ).one()

    def those(self, codes: Iterable[str]) -> list[str]:
        """Return the codes in the order in which the items came in."""
        wanted = frozenset(codes)
        return [code for code in self.items if code in wanted]


def load_campaign(database: Database, *, told: Told) -> dict[str, int]:
    """Make the work of the campaign as of 2008-07-08, whole or not at all; returns how many items stand at each stage.

    `told(iterable, label, length=)` shows progress. Needs the people of `load_foundation` and an empty catalogue.
    """
    with standing_clock(), database.writing() as session:
        if session.scalar(select(Record.id).limit(1)) is not None:
            raise RuleBroken("库中已有职权事项,样例只能装入空的数据库。")
        campaign = Campaign(session)
        for chapter in told(_CHAPTERS, "装入样例", length=len(_CHAPTERS)):
            chapter(campaign)
        stages = Counter(session.scalars(select(Record.stage)))
    return {label: stages[stage] for stage, label in STAGE_LABELS.items() if stages[stage]}


def _open(campaign: Campaign) -> None:
    """Let the office deploy the campaign (10 to 20 June)."""
    opening.open_campaign_of_june(campaign.session)
    opening.remind_as_time_passed(campaign.session, since=date(2008, 6, 10), until=date(2008, 6, 20))


def _publish_checklists(campaign: Campaign) -> None:
    """Let the office write the checklists of the library, each published by the other of its people (23 June)."""
    clock.fix_day(date(2008, 6, 23))
    by, reviewer = campaign.person("office"), campaign.person("office2")
    checklists.take_library(campaign.session, files.read_checklists(), by=by, reviewer=reviewer)


def _answer_categories(campaign: Campaign) -> None:
    """Let the clerks make their nil returns and write their reports (30 June)."""
    opening.remind_as_time_passed(campaign.session, since=date(2008, 6, 27), until=date(2008, 6, 30))
    opening.answer_categories(campaign.session)


def _bring_in(campaign: Campaign) -> None:
    """Let each section's clerk bring in the section's table (23 to 30 June)."""
    lines: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for row, line in enumerate(files.catalogue_lines(), 1):
        section = KINDS[line["record"]].describe(_body(line)).section
        lines.setdefault(section, []).append((row, line))
    sections = {row.name: row.id for row in campaign.session.execute(select(Section.name, Section.id))}
    days = [date(2008, 6, day) for day in (23, 24, 25, 26, 27, 30)]
    for number, (name, rows) in enumerate(sorted(lines.items())):
        # The sections that send items ahead begin.
        is_first = any((line.get("code") or line["number"]) in plan.AHEAD for _, line in rows)
        clock.fix_day(days[0] if is_first else days[1 + number % (len(days) - 1)])
        intake_found = intake.import_records(campaign.session, campaign.of_section(Role.CLERK, sections[name]), rows)
        if intake_found.refusals:
            raise RuleBroken(f"样例第{intake_found.refusals[0].row}行未能收入:{intake_found.refusals[0].why}")
    for record in campaign.session.scalars(select(Record).order_by(Record.id)):
        code = record.code or ""
        campaign.items[code] = Item(record.id, record.kind, code, record.section_id)


def _send_ahead(campaign: Campaign) -> None:
    """Take the items sent ahead through the bureau's levels (24 June to 4 July)."""
    codes = campaign.those(plan.AHEAD)
    _complete_withholdings(campaign, plan.AHEAD_AT_FILING)
    _hand_in(campaign, codes, date(2008, 6, 24))
    _chiefs(campaign, codes, date(2008, 6, 24))
    _first_review(campaign, codes, date(2008, 6, 25))
    _paper(campaign, codes, "bureau_decision", "meeting", "局领导小组会议纪要〔2008〕第1号", date(2008, 6, 26))
    at_group = [code for code in codes if code not in plan.AHEAD_AT_CITY_OFFICE]
    _paper(campaign, at_group, "city_review", "letter", "坛优公开办函〔2008〕第2号", date(2008, 6, 30))
    decided = [code for code in at_group if code not in plan.AHEAD_AT_CITY_GROUP]
    _paper(campaign, decided, "city_decision", "letter", "坛优组字〔2008〕第3号", date(2008, 7, 3))


def _hand_in_all(campaign: Campaign) -> None:
    """Let the clerks hand in what is ready (30 June to 1 July)."""
    _complete_withholdings(campaign, [code for code in plan.WITHHOLDING_BASIS if code not in plan.AHEAD])
    codes = [code for code in campaign.items if code not in plan.DRAFTS | plan.AHEAD]
    half = len(codes) // 2
    _hand_in(campaign, codes[:half], date(2008, 6, 30))
    _hand_in(campaign, codes[half:], date(2008, 7, 1))


def _countersign(campaign: Campaign) -> None:
    """Let the joint sections sign, disagree, and the office rule (1 to 3 July)."""
    clock.fix_day(date(2008, 7, 2))
    joint = campaign.session.execute(
        select(Review.record_id, Section.id, Seat.id)
        .join(Seat, Seat.review_id == Review.id)
        .join(Section, Section.id == Seat.section_id)
        .where(Seat.kind == "countersign", Seat.state == "open")
        .order_by(Seat.id),
    ).all()
    by_record = {item.record: code for code, item in campaign.items.items()}
    for record, section, seat in joint:
        code, chief = by_record[record], campaign.of_section(Role.CHIEF, section)
        if code == plan.JOINT_OPEN:
            continue
        if code in {plan.JOINT_DISPUTED, plan.JOINT_RULED}:
            campaign.act(code, chief, Action.DISSENT, seat=seat, note=_DISSENTS[code])
        else:
            campaign.act(code, chief, Action.APPROVE, seat=seat)
    clock.fix_day(date(2008, 7, 3))
    campaign.act(
        plan.JOINT_RULED,
        campaign.person("office"),
        Action.RULE,
        note="减免缓名单由牵头的环境监察大队在政务公开栏公布,财务科提供到账数据并在公布前核对。理由:名单随征收决定产生,由作出决定的科室公布便于查询和更正。",
    )


def _chiefs_review(campaign: Campaign) -> None:
    """Let the chiefs review what does not wait before them (2 to 3 July)."""
    opening.remind_as_time_passed(campaign.session, since=date(2008, 7, 2), until=date(2008, 7, 3))
    codes = [code for code in campaign.items if code not in plan.DRAFTS | plan.AHEAD | plan.WAITING_IN_SECTION]
    by_section: dict[int, list[ItemTicked]] = {}
    for code in codes:
        item = campaign.items[code]
        by_section.setdefault(item.section, []).append(ItemTicked(item.kind, item.record, item.digest, ()))
    # What is left is of sections whose packages cannot leave yet: their chiefs have reviewed item by item.
    opening.sign_packages(campaign.session, by_section)
    left = {ticked.record for waiting in by_section.values() for ticked in waiting}
    _chiefs(campaign, [code for code in codes if campaign.items[code].record in left], date(2008, 7, 3))


def _office_reviews(campaign: Campaign) -> None:
    """Let the office, legal and secrecy review what came in, each as far as the plan says (4 to 7 July)."""
    clock.fix_day(date(2008, 7, 4))
    _return_items(campaign)
    codes = [
        code
        for code in campaign.items
        if code not in plan.DRAFTS | plan.AHEAD | plan.WAITING_IN_SECTION | plan.RETURNED.keys()
        and code != plan.WITHHOLDING_RETURNED
    ]
    _name_reviewers(campaign, codes)
    _first_review(campaign, codes, date(2008, 7, 7))


def _circulate(campaign: Campaign) -> None:
    """Record the result of a circulation; the second person has not looked at it yet (7 July)."""
    opening.remind_as_time_passed(campaign.session, since=date(2008, 7, 7), until=date(2008, 7, 7))
    results = [
        recording.ItemResult(
            campaign.items[code].record,
            campaign.items[code].digest,
            *(("return", "经费收支的公开范围请再核对,补充后另行传签。") if code == plan.CIRCULATED_BACK else ()),
        )
        for code in campaign.those(plan.CIRCULATED)
    ]
    paper = recording.Paper(
        "bureau_decision", "局领导小组传签单〔2008〕第1号", date(2008, 7, 7), "circulation", items=results
    )
    recording.record_result(campaign.session, campaign.person("office"), paper)


def _mend(campaign: Campaign) -> None:
    """Let a clerk answer what was returned to him and mend the draft (7 July)."""
    item = campaign.items[plan.ANSWERED]
    clerk = campaign.of_section(Role.CLERK, item.section)
    for problem in campaign.session.scalars(
        select(Problem).join(Review, Review.id == Problem.review_id).where(Review.record_id == item.record),
    ):
        operations.answer_problem(campaign.session, clerk, problem.id, reply="adopted")
    draft = campaign.session.get_one(Draft, item.record)
    body = json.loads(draft.body)
    body["conditions"] = body["conditions"].rstrip("。") + ";申请材料按办事指南所列逐项提交。"
    save_draft(campaign.session, clerk, KINDS[item.kind], item.record, body, seen_version=draft.version)


_DISSENTS = {
    plan.JOINT_RULED: "减免缓名单由我科掌握到账情况,应由财务科公布;环境监察大队公布易与实际入库数不符。",
    plan.JOINT_DISPUTED: "核查结论应由上级环保部门作出,本科只参与属地初审,协办职责请改为配合。",
}
_CHAPTERS: tuple[Callable[[Campaign], None], ...] = (
    _open,
    _publish_checklists,
    _bring_in,
    _send_ahead,
    _answer_categories,
    _hand_in_all,
    _countersign,
    _chiefs_review,
    _office_reviews,
    _circulate,
    _mend,
)


def _complete_withholdings(campaign: Campaign, codes: Iterable[str]) -> None:
    clock.fix_day(date(2008, 6, 24) if frozenset(codes) & plan.AHEAD else date(2008, 6, 30))
    for code in campaign.those(codes):
        item = campaign.items[code]
        draft = campaign.session.get_one(Draft, item.record)
        body = {**json.loads(draft.body), "basis": plan.WITHHOLDING_BASIS[code]}
        body["until"] = body["until"] or plan.WITHHOLDING_UNTIL.get(code, "")
        clerk = campaign.of_section(Role.CLERK, item.section)
        save_draft(campaign.session, clerk, KINDS[item.kind], item.record, body, seen_version=draft.version)


def _hand_in(campaign: Campaign, codes: Iterable[str], day: date) -> None:
    clock.fix_day(day)
    codes = list(codes)
    numbers = [campaign.items[code].record for code in codes]
    versions = {
        row.record_id: row.version
        for row in campaign.session.execute(select(Draft.record_id, Draft.version).where(Draft.record_id.in_(numbers)))
    }
    for code in codes:
        item = campaign.items[code]
        clerk = campaign.of_section(Role.CLERK, item.section)
        if item.kind == "flow":
            explain_chart(campaign.session, clerk, item.record)
        campaign.act(code, clerk, Action.SUBMIT, seen_version=versions[item.record])
    digests = campaign.session.execute(
        select(Review.record_id, Revision.digest)
        .join(Revision, Revision.id == Review.revision_id)
        .where(Review.is_open, Review.record_id.in_(numbers)),
    )
    by_record = {row.record_id: row.digest for row in digests}
    for code in codes:
        campaign.items[code].digest = by_record[campaign.items[code].record]


def _chiefs(campaign: Campaign, codes: Iterable[str], day: date) -> None:
    clock.fix_day(day)
    for code in codes:
        chief = campaign.of_section(Role.CHIEF, campaign.items[code].section)
        campaign.act(code, chief, Action.APPROVE, seat=campaign.seat(code, "chief"))


def _first_review(campaign: Campaign, codes: Iterable[str], day: date) -> None:
    clock.fix_day(day)
    host = _host_codes(campaign)
    signers = {"office": "office", "legal": "legal", "secrecy": "publisher"}
    for code in codes:
        signed = plan.seats_signed(code)
        for kind in ("legal", "secrecy", "office"):
            if signed is not None and kind not in signed:
                continue
            username = plan.HOST_REVIEWER if kind == "office" and code in host else signers[kind]
            campaign.act(code, campaign.person(username), Action.APPROVE, seat=campaign.seat(code, kind))


def _name_reviewers(campaign: Campaign, codes: Iterable[str]) -> None:
    """Let the deputy head name who first-reviews the items of the section that hosts the office (practice.md)."""
    host = _host_codes(campaign)
    deputy, reviewer = campaign.person("deputy"), campaign.person(plan.HOST_REVIEWER)
    for code in codes:
        if code in host and code not in plan.HOST_UNNAMED:
            campaign.act(code, deputy, Action.REASSIGN, seat=campaign.seat(code, "office"), reviewer=reviewer.person)


def _return_items(campaign: Campaign) -> None:
    office, publisher = campaign.person("office"), campaign.person("publisher")
    for code, marks in plan.RETURNED.items():
        _return(campaign, code, office, "office", "初审意见见各条,请逐条修改或说明后再报。", marks)
    note = "理由应有法律、法规条款依据,并写明解除条件。"
    _return(campaign, plan.WITHHOLDING_RETURNED, publisher, "secrecy", note, plan.WITHHOLDING_MARKS)


def _return(
    campaign: Campaign,
    code: str,
    by: Actor,
    seat: str,
    note: str,
    marks: Iterable[plan.Mark],
) -> None:
    problems = [ProblemFound(mark.content, mark.field, mark.severity) for mark in marks]
    campaign.act(code, by, Action.RETURN, seat=campaign.seat(code, seat), note=note, problems=problems)


def _paper(campaign: Campaign, codes: Iterable[str], stage: str, form: str, document: str, day: date) -> None:
    """Let the office record what a paper decided and the second person verify it, on the day of the paper."""
    clock.fix_day(day)
    results = [
        recording.ItemResult(campaign.items[code].record, campaign.items[code].digest) for code in campaign.those(codes)
    ]
    paper = recording.Paper(stage, document, day, form, items=results)
    batch = recording.record_result(campaign.session, campaign.person("office"), paper)
    recording.verify_result(campaign.session, campaign.person("office2"), batch.id)


def _host_codes(campaign: Campaign) -> frozenset[str]:
    host = campaign.session.scalars(select(Section.id).where(Section.name == "宣教法制科")).one()
    return frozenset(code for code, item in campaign.items.items() if item.section == host)


def _body(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if line["record"] != "power" or key not in {"record", "code"}}
