"""Scenes 5, 8 and 9 of scenes.md in their main lines, at the desks of those who act in them.

The folder without a server (scene 9) is opened in `tests/browser/test_scenes.py`. The operations below run on both
databases in their own tests; the stories are played once.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from harness import walk
from harness.bureau import SmallBureau, add_person, power_body, sample_lines, withholding_body
from harness.databases import only_sqlite
from harness.desks import Desk
from webapp import clock
from webapp.config import Settings
from webapp.journal.models import SecurityEvent
from webapp.pages.worklist import worklist_page
from webapp.pages.worklist_rows import Chosen
from webapp.publication.gathering import Identity, identity_of, read_stock
from webapp.publication.operations import prepare_editions, release_editions
from webapp.reviews import intake
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Problem, Review, ReviewStep
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, Listing, Record
from webapp.rules import RuleBroken

pytestmark = only_sqlite
At = Callable[[str], Desk]
POINTS = ["item", "basis", "procedure", "flow", "publication"]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>图</title></svg>'


@pytest.fixture(autouse=True)
def _in_2008() -> Iterator[None]:
    clock.fix_day(date(2008, 7, 1))
    yield
    clock.fix_day(None)


def draw(_chart: Mapping[str, Any]) -> str:
    return SVG


def adopt(bureau: SmallBureau, *, with_withholdings: bool) -> None:
    lines = [line for line in sample_lines() if with_withholdings or line["record"] != "withholding"]
    with bureau.database.writing() as session:
        intake.adopt_catalogue(
            session, bureau.office, enumerate(lines, 1), document="坛优组字〔2008〕5号", decided_on=clock.today()
        )


def identity(bureau: SmallBureau) -> Identity:
    with bureau.database.reading() as session:
        return identity_of(read_stock(session))


def prepare(bureau: SmallBureau, settings: Settings) -> dict[str, Path]:
    made = prepare_editions(bureau.database, settings, bureau.office, draw=draw).editions
    return {one.audience: settings.editions / one.folder for one in made}


def release(bureau: SmallBureau, settings: Settings) -> None:
    release_editions(bureau.database, settings, bureau.publisher, document="审批单2008-001")


def text_of(folder: Path) -> str:
    return "\n".join(path.read_text(errors="replace") for path in sorted(folder.rglob("*")) if path.is_file())


def work_of(bureau: SmallBureau, username: str) -> dict[str, int]:
    with bureau.database.reading() as session:
        page = worklist_page(session, Chosen(), viewer=getattr(bureau, username))
    return {group.key: group.total for group in page.groups}


def version_of(bureau: SmallBureau, record: int) -> int:
    with bureau.database.reading() as session:
        return session.get_one(Draft, record).version


def steps_of(bureau: SmallBureau, record: int) -> list[str]:
    with bureau.database.reading() as session:
        return list(
            session.scalars(
                select(ReviewStep.stage)
                .join(Review, Review.id == ReviewStep.review_id)
                .where(Review.record_id == record)
                .order_by(ReviewStep.id)
            )
        )


def recorded(office: Desk, records: list[int], stage: str, document: str, day: str, **more: str) -> str:
    """Record what a paper of that day decided; returns the address of the record."""
    items = [f"{record}:{walk.digest_of(office.bureau, record)}" for record in records]
    paper = {"stage": stage, "form": "letter", "document": document, "document_date": day, "item": items}
    shown = office.post("/batches", {**paper, **more})
    assert shown.status == 303, shown.text
    return shown.location


def verified(second: Desk, location: str) -> None:
    form = second.get(location).form(f"{location}/verification")
    assert second.presses(form, verdict="right").status == 303


def test_scene_5_ten_requests_are_decided_and_nothing_of_them_is_public(
    bureau: SmallBureau, desk: At, settings: Settings
) -> None:
    adopt(bureau, with_withholdings=False)
    with bureau.database.writing() as session:
        add_person(session, bureau, "clerk8", "环境监测站", (("clerk", True),))
        add_person(session, bureau, "chief8", "环境监测站", (("chief", True),))
    assert (identity(bureau).pending, identity(bureau).withheld) == (10, 0)

    # The clerk asks without article and end; his word alone withholds nothing.
    clerk = desk("clerk8")
    given = {
        "section": "环境监测站",
        "title": "未经审定监测数据",
        "power": "JTHB-QT-006",
        "category": "other",
        "kind": "for_now",
        "basis": "政府信息公开条例",
        "reason": "可能引起误导",
        "until": "另行通知",
    }
    location = clerk.post("/withholdings", given).location
    request = int(location.rpartition("/")[2])
    assert clerk.takes_step(request, "submit").stage == "section_review"
    assert (identity(bureau).pending, identity(bureau).withheld) == (10, 0)
    with pytest.raises(RuleBroken, match="待定10项"):
        prepare(bureau, settings)

    # 吴九 returns it; it comes back with both, and not with a marking.
    desk("chief8").takes_step(request, "approve")
    remarks = {"problem_field": ["basis", "until"], "problem_text": ["没有条款", "没有期限"]}
    desk("publisher").takes_step(request, "return", **remarks)
    assert walk.stage_of(bureau, request) == "returned"
    assert work_of(bureau, "clerk8") == {"returned": 1}
    page = clerk.get(location)
    for form in [form for form in page.forms if form.action.startswith("/problems/")]:
        clerk.post(form.action, {"reply": "adopted"})
    mended = {"basis": "政府信息公开条例第8条", "until": "数据审定后", "seen_version": str(version_of(bureau, request))}
    refused = clerk.post(f"{location}/draft", {**mended, "reason": "秘密★3年"})
    assert refused.status == 422
    assert "密级标志" in refused.text
    with bureau.database.reading() as session:
        marked = session.scalars(select(SecurityEvent).where(SecurityEvent.kind == "marked")).one()
    assert (marked.account, "秘密" in marked.detail, "★" in marked.detail) == (bureau.clerk8.account, False, False)
    assert clerk.post(f"{location}/draft", mended).status == 303
    clerk.takes_step(request, "submit")
    for username in ("chief8", "office", "legal", "publisher"):
        desk(username).takes_step(request, "approve")
    assert walk.stage_of(bureau, request) == "bureau_decision"

    # The other nine go the same way; all ten are decided together, level by level.
    requests = [request]
    for line in sample_lines():
        if line["record"] == "withholding" and line["power"] != "JTHB-QT-006":
            number = f"JTHB-BG-9{len(requests):02d}"
            body = withholding_body(line["number"]) | {"number": number, "until": line["until"] or "结案后"}
            requests.append(walk.create(bureau, bureau.clerk, "withholding", body, code=number))
            walk.to_bureau_decision(bureau, requests[-1])
    for _ in range(4):
        assert identity(bureau).pending == 10
        walk.record_and_verify(bureau, requests)
    assert (identity(bureau).pending, identity(bureau).withheld, identity(bureau).holds) == (0, 10, True)
    register = desk("deputy").get("/withholdings").text
    assert "未经审定监测数据" in register
    assert register.count("不公开（已备案）") >= 10

    folders = prepare(bureau, settings)
    everything = text_of(folders["public"]) + text_of(folders["bureau"])
    for line in sample_lines():
        if line["record"] == "withholding":
            assert line["power"] not in everything
    assert not any(words in everything for words in ("JTHB-BG-", "未经审定监测数据", "可能引起误导"))


def test_scene_8_the_citys_remarks_are_answered_and_only_those_sign_again_who_saw_a_change(
    bureau: SmallBureau, desk: At
) -> None:
    records = [walk.create(bureau, bureau.clerk, "power", power_body(name=f"许可事项{n}")) for n in range(4)]
    for record in records:
        walk.to_bureau_decision(bureau, record)
    walk.record_and_verify(bureau, records)
    changed, partly, kept = records[1:]

    # 30 July: the letter of the 28th is recorded in one act with exceptions, and verified.
    clock.fix_day(date(2008, 7, 30))
    returned = {f"outcome-{record}": "return" for record in (changed, partly, kept)}
    remarks = {f"note-{record}": f"意见{record}" for record in (changed, partly, kept)}
    office, second = desk("office"), desk("office2")
    location = recorded(office, records, "city_review", "坛公办〔2008〕3号", "2008-07-28", **returned, **remarks)
    assert work_of(bureau, "office2") == {"verify": 1}
    assert work_of(bureau, "clerk").get("returned") is None
    verified(second, location)
    assert work_of(bureau, "clerk") == {"returned": 3}
    assert work_of(bureau, "chief").get("returned") == 3
    assert [walk.stage_of(bureau, record) for record in records] == ["city_decision", *["returned"] * 3]

    # The section answers: adopted, partly, not; two texts change, one stands.
    clerk = desk("clerk")
    answers = {changed: ("adopted", ""), partly: ("partly", "其余已有规定"), kept: ("not", "法律已有明文")}
    for record, (reply, why) in answers.items():
        page = clerk.get(f"/powers/{record}")
        form = next(form for form in page.forms if form.action.startswith("/problems/"))
        if why:
            assert clerk.post(form.action, {"reply": reply}).status == 422
        assert clerk.post(form.action, {"reply": reply, "reply_note": why}).status == 303
    for record in (changed, partly):
        said = {"service_commitment": f"承诺{record}", "seen_version": str(version_of(bureau, record))}
        assert clerk.post(f"/powers/{record}/draft", said).status == 303
    before = {record: len(steps_of(bureau, record)) for record in (changed, kept)}
    for record in (changed, partly, kept):
        clerk.takes_step(record, "submit")
    stages = [walk.stage_of(bureau, record) for record in (changed, partly, kept)]
    assert stages == ["section_review", "section_review", "city_review"]

    # Chief, office, circulation; legal and secrecy saw no change and are not asked.
    assert work_of(bureau, "chief") == {"chief": 2}
    for record in (changed, partly):
        desk("chief").takes_step(record, "approve", attested=POINTS)
    assert work_of(bureau, "office").get("office") == 2
    assert "legal" not in work_of(bureau, "legal")
    assert "secrecy" not in work_of(bureau, "publisher")
    for record in (changed, partly):
        office.takes_step(record, "approve")
        assert walk.stage_of(bureau, record) == "bureau_decision"
    circulation = ([changed, partly], "bureau_decision", "传签单〔2008〕1号", "2008-07-30")
    verified(second, recorded(office, *circulation, form="circulation"))
    again = steps_of(bureau, changed)[before[changed] :]
    assert again == ["draft", "section_review", "office_review", "bureau_decision", "bureau_decision"]
    assert steps_of(bureau, kept)[before[kept] :] == ["draft"]

    walk.record_and_verify(bureau, [changed, partly, kept], document="坛公办〔2008〕9号")
    clock.fix_day(date(2008, 8, 28))
    verified(second, recorded(office, records, "city_decision", "坛优组字〔2008〕5号", "2008-08-27"))
    assert [walk.stage_of(bureau, record) for record in records] == ["approved"] * 4
    shown = desk("clerk").get(f"/powers/{changed}").text
    for day in ("2008年7月28日", "2008年7月30日", "2008年8月27日", "2008年8月28日"):
        assert day in shown
    with bureau.database.reading() as session:
        replies = session.scalars(select(Problem.reply).order_by(Problem.id)).all()
    assert list(replies) == ["adopted", "partly", "not"]


def test_scene_9_two_persons_release_and_a_wrong_limit_is_corrected_through_a_new_review(
    app: Flask, bureau: SmallBureau, desk: At, settings: Settings
) -> None:
    clock.fix_day(date(2008, 9, 1))
    adopt(bureau, with_withholdings=True)
    first = prepare(bureau, settings)
    office, publisher = desk("office"), desk("publisher")
    assert office.post("/editions/release", {"document": "审批单2008-001"}).status == 403
    page = publisher.get("/editions")
    assert publisher.presses(page.form("/editions/release"), document="审批单2008-001").status == 303
    counts = [len(json.loads((first[key] / "manifest.json").read_bytes())["powers"]) for key in ("public", "bureau")]
    assert counts == [127, 12]
    assert app

    # A draft with another limit moves nothing; the approved revision does, and only its own digest.
    with bureau.database.writing() as session:
        record = session.scalars(select(Record).where(Record.code == "JTHB-XK-001")).one()
        power, record.section_id = record.id, bureau.sections["污染控制科"]
        moved = update(Listing).where(Listing.code == "JTHB-XK-002")  # its twin goes along: no double of two sections
        session.execute(moved.values(section_id=record.section_id))
        draft = session.get_one(Draft, power)
        body = json.loads(draft.body)
        body |= {"section": "污染控制科", "flows": [], "flow_required": False, "flow_reason": "试验"}
        body["promised_limit"] = {**body["promised_limit"], "n": body["promised_limit"]["n"] - 1}
        revisions.save_draft(session, bureau.clerk, KINDS["power"], power, body, seen_version=draft.version)
    with pytest.raises(RuleBroken, match="没有变化"):
        prepare(bureau, settings)
    walk.to_the_end(bureau, power)
    second = prepare(bureau, settings)
    release(bureau, settings)
    digests = [
        {one["code"]: one["public_digest"] for one in json.loads((folder / "manifest.json").read_bytes())["powers"]}
        for folder in (first["public"], second["public"])
    ]
    assert [code for code in digests[0] if digests[0][code] != digests[1][code]] == ["JTHB-XK-001"]
    assert "变更" in (second["public"] / "changes" / "index.html").read_text(encoding="utf-8")
