"""The papers of entries: 表1 per item, 表4 and its second part, 表9 of what is missing or out of bounds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from webapp.campaigns.counting import HANDLING_WORDS, STOPPED
from webapp.documents.form_shapes import Edition
from webapp.documents.paper import NONE, Block, Cell, Note, Paper, Row, Table
from webapp.laws.articles import article_texts
from webapp.pages.paper_items import Item, read_items
from webapp.pages.paper_making import NUMERALS, Making, counted_of, day_words, identity
from webapp.powers.categories import in_tree
from webapp.powers.fields import field
from webapp.powers.models import InventoryVerdict
from webapp.powers.wording import limit_words, text_of
from webapp.reviews.chain import ATTESTED_POINTS, STAGE_LABELS
from webapp.reviews.models import Review, ReviewStep
from webapp.revisions.models import Record
from webapp.rules import NotFound

_PLAIN = (
    "category", "direction", "name", "conditions", "basis", "duties", "fees", "publication_content",
    "publication_forms", "publication_scope", "publication_time", "rules", "service_commitment", "discipline",
    "responsibility_items", "accountability", "verdict",
)  # fmt: skip
_DISCLOSURES = {
    "public": "社会公开",
    "bureau": "机关内部公开",
    "withheld": "不公开(已审定)",
    "pending": "待定",
    "": "待定",
}
_WITHHELD = frozenset({"pending", "withheld"})


def registration_forms(making: Making) -> tuple[Paper, ...]:
    """Return 表1 for each item of a section, or for the one asked for."""
    items = [item for item in making.shown() if not making.code or item.code == making.code]
    if making.code and not items:
        raise NotFound
    requests = _requests(making)
    ticked = _attested(making)
    texts = article_texts(making.session, [row for item in items for row in (item.body or {})["basis"]])
    papers = []
    for item in items:
        values = _words(item.body or {})
        values |= {
            "section": making.names.get(item.section, ""),
            "code": item.code or "待编",
            "basis_text": _quoted((item.body or {})["basis"], texts),
            "disclosure": _DISCLOSURES.get(item.disclosure, ""),
            "procedure": _procedure(item.body or {}),
            "flow": _flow(item.body or {}),
            "handling": _handling(item),
            "attested": _ticks(ticked.get(item.digest, "")),
        }
        if item.disclosure in _WITHHELD:
            values |= requests.get(item.code, {})
        papers.append(
            making.paper(
                (making.form.grid(values),),
                state=item.state,
                named_by=item.digest,
                subtitle=item.code,
            ),
        )
    return tuple(papers)


def rectification(making: Making) -> Paper:
    """Return 表9: the powers whose verdict is missing or overreach."""
    form, edition = making.form, making.edition
    faults = [item for item in making.powers() if item.verdict in {"missing", "overreach"}]
    rows = []
    listed = [item for item in faults if item.body is not None]
    decided = _decided(making, [item.record for item in listed])
    for place, item in enumerate(listed, 1):
        body = item.body or {}
        is_over = item.verdict == "overreach"
        values: dict[str, Cell] = {
            "place": place,
            "item": f"{item.code or '待编'}\n{item.name}\n({making.names.get(item.section, '')})",
            "verdict": "越位" if is_over else "不到位",
            "problem": found.reason if (found := decided.get(item.record)) else str(body["follow_up"]),
            "basis": text_of(field("basis"), body["basis"]),
            "measure": "停止" if is_over else "补上",
            "person": "、".join(row["post"] for row in body["duties"][:1]),
            "checked": _checked(item, is_over=is_over),
        }
        if found:
            # An overreach that is not stopped yet has no day: it is written in when it is (sign line).
            values |= {"day": day_words(found.day), "aftermath": found.aftermath if is_over else ""}
        rows.append(form.row(edition, values))
    counted = counted_of(faults)
    note = Note(f"职责不到位{counted.missing}项，越位{counted.overreach}项。")
    table = (Table(form.headings(edition), tuple(rows)),) if rows else (Note("没有清理结论为不到位、越位的事项。"),)
    return making.paper((making.head(), *table, note, *making.unlisted(len(faults) - len(listed))))


def _decided(making: Making, records: list[int]) -> dict[int, InventoryVerdict]:
    """Return what was decided last of each power outside the chain: stopped with 善后, or a duty with its date."""
    rows = making.session.scalars(
        select(InventoryVerdict)
        .where(InventoryVerdict.record_id.in_(records), InventoryVerdict.verdict != "resumed")
        .order_by(InventoryVerdict.id),
    )
    return {row.record_id: row for row in rows}


def _checked(item: Item, *, is_over: bool) -> str:
    """Return what the records say of the rectification; the checker signs for it below."""
    if is_over:
        return "已停止" if item.stage == STOPPED else "未停止"
    return "已补齐，审定入目录" if item.stage in {"approved", "withheld"} else f"未补齐，{STAGE_LABELS[item.stage]}"


def catalogue(making: Making) -> Paper:
    """Return 表4 or its second part: the powers by the plan's groups and categories under one running number."""
    form, edition = making.form, making.edition
    counted = making.powers()
    # What is decided to be withheld stands in 表7 and nowhere else.
    items = [item for item in counted if item.disclosure != "withheld"]
    rows = list(_grouped(items, lambda item, place: form.row(edition, _catalogue_values(making, item, place))))
    blocks: list[Block] = [making.head(), Table(form.headings(edition), tuple(rows))]
    if edition is Edition.REVIEW:
        unseen = sum(item.body is None for item in items)
        return making.paper((*blocks, identity(counted_of(counted)), *making.unlisted(unseen)))
    return making.paper(blocks)


def _grouped(items: list[Item], row_of: Callable[[Item, int], Row]) -> Iterator[Row]:
    """Yield group rows and item rows in the plan's order: 一、行政执法(120项), (一)行政处罚(62项)."""
    place, groups = 0, 0
    for _, group, categories in in_tree():
        keys = {category.key for category in categories}
        if not (held := [item for item in items if item.category in keys]):
            continue
        yield Row((f"{NUMERALS[groups]}、{group}({len(held)}项)",), "group")
        groups += 1
        kinds = 0
        for category in categories:
            own = [item for item in held if item.category == category.key]
            if own and len(categories) > 1:
                yield Row((f"({NUMERALS[kinds]}){category.name}({len(own)}项)",), "group")
                kinds += 1
            for item in own:
                if item.body is not None:
                    place += 1
                    yield row_of(item, place)


def _catalogue_values(making: Making, item: Item, place: int) -> dict[str, Cell]:
    body = item.body or {}
    note = {"bureau": "内部公开", "pending": "待定"}.get(item.disclosure, "")
    own: dict[str, Cell] = {"place": place, "code": item.code or "待编", "note": note}
    return {**_words(body), **own, "section": making.names.get(item.section, "")}


def _words(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of an entry in words; those an edition has no right to are not in its body."""
    return {name: text_of(field(name), body[name]) for name in _PLAIN if name in body}


def _quoted(rows: Iterable[Mapping[str, str]], texts: Mapping[tuple[str, str, str], str]) -> str:
    """Return the articles in full where the library has them, the others with a dash; "" where it has none."""
    found = [(row["article"] or "全文", texts.get((row["law"], row["edition"], row["article"]), "")) for row in rows]
    return "\n".join(f"{place}　{text or NONE}" for place, text in found) if any(text for _, text in found) else ""


def _procedure(body: Mapping[str, Any]) -> str:
    parts = [text_of(field("procedure"), body["procedure"])]
    for name, words in (("statutory_limit", "法定时限"), ("promised_limit", "承诺时限")):
        if told := limit_words(body[name]):
            parts.append(f"{words}{told}")
    return "；".join(filter(None, parts))


def _flow(body: Mapping[str, Any]) -> str:
    if not body["flow_required"]:
        return f"不需制图：{body['flow_reason'] or '未写明理由'}"
    return f"应制图：{'、'.join(body['flows']) or '尚未制图'}"


def _handling(item: Item) -> str:
    return f"{HANDLING_WORDS[item.counted.handling]}。{item.follow_up.strip()}"


def _ticks(attested: str) -> str:
    given = attested.split(",")
    return "　".join(f"{words}{'√' if key in given else '□'}" for key, words in ATTESTED_POINTS)


def _attested(making: Making) -> dict[str, str]:
    """Return the points the chief ticked, by the digest he signed; one query."""
    query = (
        select(ReviewStep.digest, ReviewStep.attested)
        .join(Review, Review.id == ReviewStep.review_id)
        .join(Record, Record.id == Review.record_id)
        .where(Record.kind == "power", ReviewStep.attested != "")
        .order_by(ReviewStep.id)
    )
    if making.section:
        query = query.where(Record.section_id == making.section.id)
    return {row.digest: row.attested for row in making.session.execute(query)}


def _requests(making: Making) -> dict[str, dict[str, str]]:
    """Return basis, reason and end of the requests not to publish, by the power's code."""
    section = making.section.id if making.section else 0
    found: Iterable[Item] = read_items(making.session, "withholding", viewer=making.viewer, section=section)
    return {
        str(item.body["power"]): {f"withheld_{name}": str(item.body[name]) for name in ("basis", "reason", "until")}
        for item in found
        if item.body is not None
    }
