"""表7, the register of powers that are not to be published: printed in numbered copies, never any secret content."""

from sqlalchemy import select

from webapp.documents.paper import Cell, Note, Paper, Table
from webapp.pages.paper_items import Item, read_items
from webapp.pages.paper_making import Making, day_words
from webapp.powers.categories import category_label
from webapp.reviews.models import Approval
from webapp.revisions.models import STAGES, Record
from webapp.withholdings.kind import KINDS

COPIES = "第　　份　共　　份"
WARNING = "本表不得填写国家秘密内容。"


def withheld_register(making: Making) -> Paper:
    """Return 表7: what is asked for and what is decided, each with the opinions it has so far."""
    section = making.section.id if making.section else 0
    found = read_items(making.session, "withholding", viewer=making.viewer, section=section)
    listed = [item for item in found if item.body is not None]
    filed = _filings(making)
    rows = [making.form.row(making.edition, _values(making, item, n, filed)) for n, item in enumerate(listed, 1)]
    table = Table(making.form.headings(making.edition), tuple(rows)) if rows else Note("没有提请不公开的事项。")
    notes = (Note(f"{WARNING}共{len(rows)}项。"), *making.unlisted(len(found) - len(listed)))
    return making.paper((making.head(), table, *notes), subtitle=COPIES)


def _values(making: Making, item: Item, place: int, filed: dict[int, str]) -> dict[str, Cell]:
    body = item.body or {}
    return {
        "place": place,
        "name": body["title"],
        "category": category_label(item.category),
        "kind": KINDS.get(body["kind"], ""),
        "basis": body["basis"],
        "reason": body["reason"],
        "until": body["until"],
        "section": making.names.get(item.section, ""),
        "secrecy": _passed(item, "office_review"),
        "decision": _passed(item, "city_decision") or _passed(item, "bureau_decision", "局领导小组同意"),
        "filing": filed.get(item.record, ""),
    }


def _passed(item: Item, stage: str, words: str = "同意") -> str:
    """Return the opinion of a stage the request has passed, "" while it has not."""
    return words if STAGES.index(item.stage) > STAGES.index(stage) and item.stage != "approved" else ""


def _filings(making: Making) -> dict[int, str]:
    """Return number and day under which a request was filed, by record; one query."""
    rows = making.session.execute(
        select(Approval.record_id, Approval.document, Approval.decided_on)
        .join(Record, Record.id == Approval.record_id)
        .where(Record.kind == "withholding")
        .order_by(Approval.id),
    )
    return {record: f"{document}\n{day_words(day)}" for record, document, day in rows}
