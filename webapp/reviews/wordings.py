"""统一表述建议: the office proposes one wording for a field of several entries, each section consents or declines.

The office never edits a section's text (practice.md). A section's consent is its own change of its draft, through the
operations every other change goes through; what is under review is handed in again with it, so every level signs what
it reads.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor, Role
from webapp.powers.kind import POWER
from webapp.powers.unifying import as_value, field_text, unifiable, unified
from webapp.reviews.chain import STAGE_LABELS, Action, Decision
from webapp.reviews.each import Outcome, each_for_itself
from webapp.reviews.models import Review, ReviewStep, Seat, Wording, WordingItem
from webapp.reviews.moving import send_back
from webapp.reviews.operations import advance
from webapp.reviews.reading import open_review
from webapp.reviews.recording import lock_records
from webapp.reviews.shown import shown_revisions
from webapp.reviews.texts import required_text
from webapp.reviews.wording_stages import ANSWERABLE, CONSENT, IN_REVIEW, MAX_ITEMS, PROPOSABLE
from webapp.revisions import operations as revisions
from webapp.revisions.models import Draft, DraftEditor, Listing, Record, Revision
from webapp.revisions.reading import revision_body, seen_listing, visible_to
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

LONGEST_TEXT = 4000
_SHOWN = 60  # characters of a text in a line of history


@dataclass(frozen=True)
class EntrySeen:
    """An entry as the office saw it when it proposed."""

    record: int
    seen_digest: str


@dataclass(frozen=True)
class ItemSeen:
    """An item of a proposal as the section saw it: its number, its record and the version of its draft."""

    item: int
    record: int
    seen_version: int


def propose_wording(
    session: Session, by: Actor, *, field: str, find: str, text: str, reason: str, entries: Sequence[EntrySeen]
) -> Wording:
    """Propose one wording for a field of several submitted entries; their sections are asked.

    Raises RuleBroken for a field that is each entry's own, a text missing or marked, entries that would stay as they
    are; Stale where one was handed in anew since it was read.
    """
    if not by.has(Role.OFFICE):
        raise NotAllowed("统一表述建议由领导小组办公室提出。")
    if (known := unifiable(field)) is None:
        raise RuleBroken("请选择要统一表述的栏目。", "field")
    find = required_text(find, "find", "原表述") if find.strip() else ""
    text = required_text(text, "text", "统一后的表述", longest=LONGEST_TEXT)
    reason = required_text(reason, "reason", "建议的理由")
    if not entries:
        raise RuleBroken("请至少勾选一项职权。", "items")
    if len(entries) > MAX_ITEMS:
        raise RuleBroken(f"一次最多{MAX_ITEMS}项，请分批提出。", "items")
    numbers = sorted({entry.record for entry in entries})
    lock_records(session, numbers)
    scope = [Listing.kind == POWER.key, Listing.record_id.in_(numbers), Listing.stage.in_(sorted(PROPOSABLE))]
    shown = shown_revisions(session, [*scope, visible_to(by)])
    asked = set(
        session.scalars(
            select(WordingItem.record_id).where(
                WordingItem.record_id.in_(numbers), WordingItem.field == field, WordingItem.state == "open"
            )
        )
    )
    wording = Wording(field=field, find=find, text=text, reason=reason, person_id=by.person, at=clock.now())
    session.add(wording)
    session.flush()
    changed = []
    for entry in entries:
        revision = shown.get(entry.record)
        if revision is None or revision.digest != entry.seen_digest:
            raise Stale("所选职权中有的已重新送审或已进入审定，本次未提出。请刷新页面后重新选择。")
        if entry.record in asked:
            raise Stale("所选职权中有的已有待答复的统一表述建议，本次未提出。请刷新页面后重新选择。")
        before = field_text(field, revision_body(POWER, revision))
        after = unified(before, find, text)
        if after != before:
            changed.append(revision.digest)
            session.add(
                WordingItem(wording_id=wording.id, record_id=entry.record, field=field, before=before, after=after)
            )
    if not changed:
        raise RuleBroken(f"所选职权的“{known.heading}”已经是这样表述的，不必建议。", "items")
    session.flush()
    facts = {"field": field, "items": len(changed), "content": digest([find, text, reason, sorted(changed)])}
    journal.write(session, by, "propose_wording", f"wording:{wording.id}", facts)
    return wording


def consent_to_wording(session: Session, by: Actor, wording_id: int, items: Sequence[ItemSeen]) -> Outcome:
    """Consent to a wording for entries of one's section, each for itself; what is refused stays open, with the reason.

    A draft is changed. What is under review is changed and handed in again: to the chief, or, where the chief himself
    consents and did not write the entry, on to the office with his signature.
    """
    wording = _wording(session, wording_id)
    if not items:
        raise RuleBroken("请至少勾选一项。", "items")
    lock_records(session, [item.record for item in items])
    return each_for_itself(session, items, lambda item: _consent(session, by, wording, item))


def decline_wording(session: Session, by: Actor, wording_id: int, item_id: int, *, reason: str) -> WordingItem:
    """Keep an entry's own wording, with a reason the office reads."""
    wording = _wording(session, wording_id)
    item, record = _own_item(session, by, wording, item_id)
    item.reason = required_text(reason, "reason", "不同意的理由")
    _answer(item, by, "declined")
    facts = {"field": item.field, "wording": wording.id, "content": digest(item.reason)}
    journal.write(session, by, "decline_wording", revisions.subject(record), facts)
    return item


def withdraw_wording(session: Session, by: Actor, wording_id: int) -> int:
    """Withdraw a proposal where it is not answered yet; returns how many entries that concerns."""
    if not by.has(Role.OFFICE):
        raise NotAllowed("统一表述建议由领导小组办公室撤回。")
    wording = _wording(session, wording_id)
    waiting = session.scalars(
        select(WordingItem).where(WordingItem.wording_id == wording.id, WordingItem.state == "open").with_for_update()
    ).all()
    if not waiting:
        raise Stale("这条建议已经全部答复或者撤回。请刷新页面查看。")
    for item in waiting:
        _answer(item, by, "withdrawn")
    facts = {"field": wording.field, "items": len(waiting)}
    journal.write(session, by, "withdraw_wording", f"wording:{wording.id}", facts)
    return len(waiting)


def _consent(session: Session, by: Actor, wording: Wording, seen: ItemSeen) -> None:
    item, record = _own_item(session, by, wording, seen.item)
    if item.record_id != seen.record:
        raise NotFound
    if record.stage not in ANSWERABLE:
        raise RuleBroken(f"本事项现处于“{STAGE_LABELS[record.stage]}”，不能再改表述；请由领导小组办公室撤回建议。")
    draft = session.get_one(Draft, record.id)
    body = json.loads(draft.body)
    before = field_text(item.field, body)
    after = unified(before, wording.find, wording.text)
    if seen.seen_version != draft.version:
        raise Stale("草稿已被修改，本次未办理。请刷新页面，对照现在的表述后再答复。")
    item.before, item.after = before, after
    _answer(item, by, "consented")
    facts = {"field": item.field, "wording": wording.id, "content": digest([before, after])}
    journal.write(session, by, "consent_to_wording", revisions.subject(record), facts)
    if after == before:
        return
    body[item.field] = as_value(item.field, after)
    clauses = {name: number for name, number in json.loads(draft.clauses).items() if name != item.field}
    review = open_review(session, record.id) if record.stage in IN_REVIEW else None
    if review is None:
        revisions.save_draft(session, by, POWER, record.id, body, seen_version=seen.seen_version, clauses=clauses)
        return
    wrote_before = session.get(DraftEditor, (record.id, by.person)) is not None
    step = _step(session, by, review, item)
    send_back(session, POWER, record, review, step, to="draft", problems=())
    draft = revisions.save_draft(session, by, POWER, record.id, body, seen_version=seen.seen_version, clauses=clauses)
    advance(session, by, POWER, record.id, Decision(Action.SUBMIT, seen_version=draft.version))
    if by.has(Role.CHIEF, record.section_id) and not wrote_before:
        _sign_as_chief(session, by, record, review)


def _sign_as_chief(session: Session, by: Actor, record: Record, review: Review) -> None:
    """Let the chief's consent be his signature: he read the office's words and wrote none himself."""
    editor = session.get_one(DraftEditor, (record.id, by.person))
    session.delete(editor)
    session.flush()
    seat = session.scalars(
        select(Seat.id).where(
            Seat.review_id == review.id, Seat.round == review.round, Seat.kind == "chief", Seat.state == "open"
        )
    ).one()
    seen = session.get_one(Revision, review.revision_id).digest
    advance(session, by, POWER, record.id, Decision(Action.APPROVE, seat=seat, seen_digest=seen))


def _own_item(session: Session, by: Actor, wording: Wording, item_id: int) -> tuple[WordingItem, Record]:
    """Return an open item of the person's own section, its record locked; raise NotFound, NotAllowed, Stale."""
    item = session.get(WordingItem, item_id)
    if item is None or item.wording_id != wording.id:
        raise NotFound
    record = revisions.lock_record(session, item.record_id)
    seen_listing(session, by, POWER.key, record.id)
    if record.section_id not in by.own_sections:
        raise NotAllowed("统一表述建议由承办科室答复。")
    session.refresh(item)
    if item.state != "open":
        raise Stale("这条建议已经答复或者撤回。请刷新页面查看。")
    return item, record


def _step(session: Session, by: Actor, review: Review, item: WordingItem) -> ReviewStep:
    known = unifiable(item.field)
    step = ReviewStep(
        review_id=review.id,
        round=review.round,
        stage=review.stage,
        action=CONSENT,
        digest=session.get_one(Revision, review.revision_id).digest,
        person_id=by.person,
        behalf_of=by.post,
        note=f"{known.heading if known else item.field}：{_brief(item.before)} 改为 {_brief(item.after)}",
        at=clock.now(),
    )
    session.add(step)
    session.flush()
    return step


def _answer(item: WordingItem, by: Actor, state: str) -> None:
    item.state, item.person_id, item.at = state, by.person, clock.now()


def _wording(session: Session, number: int) -> Wording:
    wording = session.get(Wording, number)
    if wording is None:
        raise NotFound
    return wording


def _brief(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line[:_SHOWN]}{'…' if len(line) > _SHOWN else ''}”"
