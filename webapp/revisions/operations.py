"""Everything that changes drafts and revisions, whatever their kind."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp import clock, scan
from webapp.db import Base
from webapp.digests import canonical, digest, sha256_hex
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.revisions.faces import link_rows, listing_row, put_face, section_ids_of
from webapp.revisions.kinds import Body, BodyProblem, Description, Kind
from webapp.revisions.models import FACES, Autosave, Draft, DraftEditor, Listing, Record, RecordLink, Revision
from webapp.rules import NotAllowed, NotFound, RuleBroken, Stale

MAX_BODY = 400_000  # characters of JSON; the largest sample body has 20,000
EDITABLE = frozenset({"draft", "returned", "approved", "withheld"})


class BodyRefused(RuleBroken):
    """A body breaks rules of shape or characters; `problems` says where and why."""

    def __init__(self, problems: Sequence[BodyProblem]) -> None:
        first = problems[0]
        more = f"(共{len(problems)}处)" if len(problems) > 1 else ""
        super().__init__(f"{first.sentence}{more}", first.field)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class NewRecord:
    """A record to be made: its checked body and the section it belongs to."""

    body: Body
    section: int
    code: str | None = None
    clauses: Mapping[str, int] | None = None
    text: str = ""  # what `check_body` returned, where the caller kept it
    described: Description | None = None


def lock_record(session: Session, record_id: int) -> Record:
    """Return a record, locked until the transaction ends; raise NotFound."""
    record = session.scalars(select(Record).where(Record.id == record_id).with_for_update()).one_or_none()
    if record is None:
        raise NotFound
    return record


def require_editor(record: Record, by: Actor) -> None:
    """Raise unless the person may edit the record: clerk or chief of its section, or who brought it in."""
    if record.section_id in by.own_sections or record.entered_by == by.person:
        return
    # Who sees other sections' submitted work still does not learn of what was never submitted.
    if record.stage == "draft" or not by.is_bureau_wide:
        raise NotFound
    raise NotAllowed("只有承办科室可以修改本事项；其他科室可以提出意见。")


def check_body(kind: Kind, body: Body) -> str:
    """Return a body as the JSON that is kept of it.

    Raises BodyRefused where it is not in shape, holds forbidden characters or a secrecy marking.
    """
    problems = kind.check(body)
    text = _dump(body)
    if len(text) > MAX_BODY:
        problems.append(BodyProblem("", "内容过长，请删减后再保存。"))
    if not problems and (sentence := scan.secrecy_sentence(text)):
        problems.append(BodyProblem("", sentence))
    if problems:
        raise BodyRefused(problems)
    return text


def create_record(session: Session, by: Actor, kind: Kind, new: NewRecord) -> Record:
    """Make one record with its draft; one journal entry."""
    check_body(kind, new.body)
    if new.section not in by.own_sections:
        raise NotAllowed("只能为本科室新建事项。")
    record = insert_records(session, by, kind, [new])[0]
    journal.write(session, by, "create", subject(record), {"body": digest(new.body)})
    return record


def insert_records(
    session: Session,
    by: Actor,
    kind: Kind,
    news: Sequence[NewRecord],
    *,
    stage: str = "draft",
) -> list[Record]:
    """Make records with their drafts, listing rows and links, without journal: the calling operation writes one.

    With a stage other than `draft` every face is written: the records are taken over as approved, and nobody counts as
    their editor. Raises RuleBroken where a code stands already.
    """
    moment, is_draft = clock.now(), stage == "draft"
    codes = [new.code for new in news if new.code]
    if taken := taken_codes(session, kind.key, codes):
        raise RuleBroken(
            f"编码或图号已存在：{'、'.join(sorted(taken)[:5])}。请改用其他编码，或改为修改原事项。", "code"
        )
    section_ids = section_ids_of(session)
    if not news:
        return []
    values = [
        {
            "kind": kind.key,
            "code": new.code,
            "section_id": new.section,
            "stage": stage,
            "entered_by": by.person if is_draft and new.section not in by.own_sections else None,
            "created_at": moment,
        }
        for new in news
    ]
    numbers = session.scalars(insert(Record).returning(Record.id, sort_by_parameter_order=True), values)
    # Plain values that no session watches: a tenth of the cost of loading each row back, and nobody changes them here.
    records = [Record(id=number, **value) for number, value in zip(numbers, values, strict=True)]
    drafts, editors, rows, links = [], [], [], []
    for record, new in zip(records, news, strict=True):
        described = new.described or kind.describe(new.body)
        drafts.append(
            {
                "record_id": record.id,
                "version": 1,
                "body": new.text or _dump(new.body),
                "clauses": json.dumps(dict(new.clauses)) if new.clauses else "{}",
                "edited_at": moment,
                "edited_by": by.person,
            },
        )
        if is_draft:
            editors.append({"record_id": record.id, "person_id": by.person})
        row = listing_row(record, "draft", described, section_ids, stage)
        for face in ("draft",) if is_draft else FACES:
            rows.append({**row, "face": face})
            links.extend(link_rows(record.id, face, described))
    for table, made in ((Draft, drafts), (DraftEditor, editors), (Listing, rows), (RecordLink, links)):
        if made:  # into the table itself: the mapping would look at every value
            session.execute(insert(Base.metadata.tables[table.__tablename__]), made)
    return records


def insert_first_revisions(
    session: Session,
    by: Actor,
    kind: Kind,
    pairs: Sequence[tuple[Record, Body]],
    is_external: Callable[[str], bool],
) -> list[Revision]:
    """Freeze the first revision of many records at once."""
    made = [
        _revision(record, 1, canonical(kind.public_part(body, is_external)), kind.internal_part(body, is_external), by)
        for record, body in pairs
    ]
    session.add_all(made)
    session.flush()
    return made


def save_draft(
    session: Session,
    by: Actor,
    kind: Kind,
    record_id: int,
    body: Body,
    *,
    seen_version: int | None,
    clauses: Mapping[str, int] | None = None,
    action: str = "save_draft",
    facts: Mapping[str, str] | None = None,
) -> Draft:
    """Save a draft over the version the person saw; the same content again changes nothing.

    `action` and `facts` are the journal's, where saving is part of another act.
    Raises Stale when somebody saved in between, NotAllowed while the record is under review.
    """
    record = lock_record(session, record_id)
    require_editor(record, by)
    text = check_body(kind, body)
    if record.stage not in EDITABLE:
        raise RuleBroken("本事项正在审核中，不能修改。需要修改的，请先收回或等待退回。")
    draft = session.get_one(Draft, record_id)
    if seen_version is None:
        raise RuleBroken("缺少版本号，未保存。请刷新页面后再试。", "seen_version")
    if seen_version != draft.version:
        raise Stale("草稿已被他人修改，本次内容未保存。请对照两份内容后再保存。", current=draft.body)
    chosen = draft.clauses if clauses is None else json.dumps(dict(clauses))
    discard_autosaves(session, by, record_id)
    if text == draft.body and chosen == draft.clauses:
        return draft
    draft.body, draft.clauses, draft.version = text, chosen, draft.version + 1
    draft.edited_at, draft.edited_by = clock.now(), by.person
    note_editor(session, record_id, by)
    if record.section_id in by.own_sections:
        record.entered_by = None
    if record.stage in {"approved", "withheld"}:
        record.stage = "draft"
    described = kind.describe(body)
    moved = section_ids_of(session).get(described.section)
    if moved and moved != record.section_id:
        if moved not in by.own_sections:
            raise NotAllowed("承办科室(牵头)只能改为您所在的科室；移交其他科室请由领导小组办公室办理。")
        record.section_id = moved
    put_face(session, record, "draft", described, record.stage)
    told = {"version": draft.version, "body": digest(body), **(facts or {})}
    journal.write(session, by, action, subject(record), told)
    return draft


def freeze(session: Session, by: Actor, kind: Kind, record: Record, *, is_anew: bool = False) -> Revision:
    """Return the revision of the current draft: the last one if its content is the same and `is_anew` is not asked."""
    body: Body = json.loads(session.get_one(Draft, record.id).body)
    external = external_flows(session, kind.describe(body))
    public = canonical(kind.public_part(body, external))
    internal_body = kind.internal_part(body, external)
    last = session.scalars(
        select(Revision).where(Revision.record_id == record.id).order_by(Revision.number.desc()).limit(1),
    ).one_or_none()
    if (
        last is not None
        and not is_anew
        and (last.public, last.internal) == (public, _internal(record, last.number, internal_body))
    ):
        return last
    revision = _revision(record, last.number + 1 if last else 1, public, internal_body, by)
    session.add(revision)
    session.flush()
    return revision


def note_editor(session: Session, record_id: int, by: Actor) -> None:
    """Remember that this person touched the record since its last approval."""
    if session.get(DraftEditor, (record_id, by.person)) is None:
        session.add(DraftEditor(record_id=record_id, person_id=by.person))
        session.flush()


def autosave(
    session: Session,
    by: Actor,
    record_id: int,
    *,
    panel: str,
    seen_version: int,
    content: Sequence[tuple[str, str]],
) -> Autosave:
    """Keep what somebody typed into a panel; not an act, so no journal entry. Refuses who may not edit."""
    record = session.get(Record, record_id)
    if record is None:
        raise NotFound
    require_editor(record, by)
    text = json.dumps([list(pair) for pair in content], ensure_ascii=False)
    if len(text) > MAX_BODY:
        raise RuleBroken("内容过长，未能暂存。请删减后再试。")
    if sentence := scan.secrecy_sentence(text):
        raise RuleBroken(sentence)
    kept = session.get(Autosave, (record_id, by.account, panel))
    if kept is None:
        kept = Autosave(record_id=record_id, account_id=by.account, panel=panel)
        session.add(kept)
    kept.content, kept.seen_version, kept.saved_at = text, seen_version, clock.now()
    return kept


def discard_autosaves(session: Session, by: Actor, record_id: int) -> None:
    """Forget what this person typed and did not save."""
    session.execute(delete(Autosave).where(Autosave.record_id == record_id, Autosave.account_id == by.account))


def external_flows(session: Session, described: Description) -> Callable[[str], bool]:
    """Return a function that says of a chart number whether that chart is external; unknown charts are not."""
    numbers = [target for kind, target in described.links if kind == "flow"]
    if not numbers:
        return lambda _number: False
    rows = session.execute(
        select(Listing.code, Listing.category).where(Listing.kind == "flow", Listing.code.in_(numbers)),
    ).all()
    internal = {code for code, category in rows if category != "external"}
    external = {code for code, _ in rows} - internal
    return external.__contains__


def taken_codes(session: Session, kind: str, codes: Sequence[str]) -> set[str]:
    """Return those of the codes that stand already, or that stand twice in the list."""
    taken = {code for code, count in Counter(codes).items() if count > 1}
    for start in range(0, len(codes), 500):
        part = codes[start : start + 500]
        taken.update(
            code
            for code in session.scalars(select(Record.code).where(Record.kind == kind, Record.code.in_(part)))
            if code
        )
    return taken


def subject(record: Record) -> str:
    """Return how the journal names a record."""
    return f"{record.kind}:{record.id}"


def _revision(record: Record, number: int, public: str, internal_body: Body, by: Actor) -> Revision:
    internal = _internal(record, number, internal_body)
    public_digest, internal_digest = sha256_hex(public), sha256_hex(internal)
    return Revision(
        record_id=record.id,
        number=number,
        public=public,
        internal=internal,
        public_digest=public_digest,
        internal_digest=internal_digest,
        digest=digest([public_digest, internal_digest]),
        made_by=by.person,
        made_at=clock.now(),
    )


def _internal(record: Record, number: int, body: Body) -> str:
    return canonical({"kind": record.kind, "record": record.id, "number": number, "body": body})


_dump = json.JSONEncoder(ensure_ascii=False).encode
