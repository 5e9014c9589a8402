"""The chief's list: per item the five points to tick, each with what it is about, without what shared clauses say.

What an entry shows of the shared clauses (共用条款) of its category was read once; here only what differs is told.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from webapp.campaigns.handing_in import MAX_ITEMS
from webapp.campaigns.hindrances import hindrances
from webapp.campaigns.report import TRUTH
from webapp.pages.package import seen_package
from webapp.pages.review_words import KIND_LABELS, PATHS
from webapp.policy import Actor, Role
from webapp.powers.categories import category_label
from webapp.powers.entry_forms import CLAUSE_FIELDS
from webapp.powers.fields import field
from webapp.powers.models import SharedClause
from webapp.powers.wording import text_of, worded
from webapp.reviews.chain import ATTESTED_POINTS
from webapp.reviews.kinds import KINDS
from webapp.reviews.models import Review, Seat
from webapp.revisions.kinds import Body
from webapp.revisions.models import DraftEditor, Listing, Revision
from webapp.rules import NotAllowed
from webapp.withholdings.kind import HEADINGS
from webapp.withholdings.kind import KINDS as WITHHOLDING_KINDS

# Under which of the five points a field is looked at.
_POINTS = {
    "item": ("direction", "exercise_scope", "verdict", "follow_up"),
    "basis": ("basis",),
    "procedure": (
        "procedure",
        "statutory_limit",
        "promised_limit",
        "fees",
        "conditions",
        "duties",
        "rules",
        "service_commitment",
        "discipline",
        "accountability",
    ),
    "flow": ("flows", "flow_required", "flow_reason", "control_points", "counterpart_rights", "complaint_channel"),
    "publication": ("publication_content", "publication_forms", "publication_scope", "publication_time", "disclosure"),
}
_WROTE = "您是该事项的填报人，不能同时审核；可由分管领导指定他人审核。"
Clauses = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class PointCell:
    """One of the five points of an item: what is looked at, as (heading, text), and whether it is ticked."""

    key: str
    label: str
    lines: tuple[tuple[str, str], ...]
    is_ticked: bool


@dataclass(frozen=True)
class SigningRow:
    """One item to sign. `refusal`: why this chief may not; then there is nothing to tick."""

    id: int
    value: str
    kind: str
    code: str
    name: str
    about: str
    address: str
    shared: int  # texts that are the shared clause and so are not told again
    points: tuple[PointCell, ...]
    refusal: str


@dataclass(frozen=True)
class SigningPage:
    """What the screen shows."""

    package: int
    section: str
    rows: tuple[SigningRow, ...]
    more: bool
    clauses: tuple[tuple[str, str], ...]  # heading and text of the shared clauses in use, told once
    held_back: tuple[str, ...]
    truth: str
    points: tuple[tuple[str, str], ...]
    request_key: str

    @property
    def open_rows(self) -> int:
        """Return how many items this chief may sign."""
        return sum(not row.refusal for row in self.rows)


def signing_page(
    session: Session, package_id: int, *, viewer: Actor, ticked: Mapping[str, tuple[str, ...]] | None = None
) -> SigningPage:
    """Return the list; at most eight queries, whatever its length. `ticked`: points by record, of a refused form."""
    package, _, name = seen_package(session, package_id, viewer)
    if not viewer.has(Role.CHIEF, package.section_id):
        raise NotAllowed("报送材料由科室负责人签署，您没有签署的权限。")
    ticked = ticked or {}
    wrote = select(DraftEditor.record_id).where(DraftEditor.person_id == viewer.person)
    found = session.execute(
        select(Listing, Revision, case((Listing.record_id.in_(wrote), 1), else_=0))
        .join(Review, Review.record_id == Listing.record_id)
        .join(Revision, Revision.id == Review.revision_id)
        .join(Seat, Seat.review_id == Review.id)
        .where(
            Listing.face == "review",
            Review.is_open,
            Seat.round == Review.round,
            Seat.kind == "chief",
            Seat.state == "open",
            Seat.section_id == package.section_id,
        )
        .order_by(Listing.kind.desc(), Listing.category, Listing.sort_key, Listing.record_id)
        .limit(MAX_ITEMS + 1),
    ).all()
    clauses = _clauses(session, package.section_id)
    rows, used = [], dict[tuple[str, str], str]()
    for listing, revision, is_own in found[:MAX_ITEMS]:
        row = _signing_row(
            listing, revision, clauses, used, ticked.get(str(listing.record_id), ()), is_own=bool(is_own)
        )
        rows.append(row)
    return SigningPage(
        package=package.id,
        section=name,
        rows=tuple(rows),
        more=len(found) > MAX_ITEMS,
        clauses=tuple(
            (f"{category_label(category)}：{field(each).heading}", text) for (category, each), text in used.items()
        ),
        held_back=tuple(f"{one.code or one.name}：{one.reason}" for one in hindrances(session, package.section_id)),
        truth=TRUTH,
        points=ATTESTED_POINTS,
        request_key=secrets.token_hex(8),
    )


def _signing_row(
    listing: Listing,
    revision: Revision,
    clauses: Clauses,
    used: dict[tuple[str, str], str],
    ticks: tuple[str, ...],
    *,
    is_own: bool,
) -> SigningRow:
    internal = json.loads(revision.internal)
    body = KINDS[listing.kind].join(json.loads(revision.public), internal["body"])
    shared: frozenset[str] = frozenset()
    if listing.kind == "power":
        shared = frozenset(
            each for each in CLAUSE_FIELDS if body[each] and clauses.get((body["category"], each)) == body[each]
        )
        used.update({(body["category"], each): str(body[each]) for each in sorted(shared)})
    told = _TOLD[listing.kind](body, shared)
    return SigningRow(
        id=listing.record_id,
        value=f"{listing.kind}:{listing.record_id}:{revision.digest}",
        kind=KIND_LABELS[listing.kind],
        code=listing.code,
        name=listing.name,
        about=category_label(listing.category) if listing.kind != "flow" else "",
        address=f"{PATHS[listing.kind]}/{listing.record_id}",
        shared=len(shared),
        points=tuple(
            PointCell(key, label, tuple(pair for pair in told.get(key, ()) if pair[1]), key in ticks)
            for key, label in ATTESTED_POINTS
        ),
        refusal=_WROTE if is_own else "",
    )


def _clauses(session: Session, section: int) -> dict[tuple[str, str], str]:
    rows = session.execute(
        select(SharedClause.category, SharedClause.field, SharedClause.content).where(
            SharedClause.section_id == section, SharedClause.content != ""
        ),
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _power_points(body: Body, shared: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    told = {key: list(_fields(body, names, shared)) for key, names in _POINTS.items()}
    told["item"] += [
        (each.heading, each.text) for each in worded(body) if each.name.startswith("details-") and each.text
    ]
    return told


def _fields(body: Body, names: tuple[str, ...], shared: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in shared:
            each = field(name)
            yield (each.heading, text_of(each, body[name]))


def _flow_points(body: Body, _shared: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    steps = body["steps"]
    laws = dict.fromkeys(f"{row.get('law', '')}{row.get('article', '')}" for step in steps for row in step["basis"])
    return {
        "item": [("图的范围", {"external": "对外", "internal": "对内"}.get(body["audience"], ""))],
        "basis": [("环节依据", "、".join(name for name in laws if name) or "无")],
        "procedure": [
            ("程序来源", text_of(field("procedure"), body["procedure"])),
            ("总时限", text_of(field("statutory_limit"), body["total_limit"]) or "未规定"),
        ],
        "flow": [("环节", "→".join(step["name"] for step in steps if step["kind"] != "start"))],
        "publication": [("监督制约环节", "；".join(step["control_point"] for step in steps if step["control_point"]))],
    }


def _withholding_points(body: Body, _shared: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    def told(*names: str) -> list[tuple[str, str]]:
        return [(HEADINGS[name], str(body[name])) for name in names]

    return {
        "item": told("title", "power"),
        "basis": told("basis"),
        "procedure": told("reason"),
        "flow": [],
        "publication": [(HEADINGS["kind"], WITHHOLDING_KINDS.get(body["kind"], "")), *told("until", "part")],
    }


_TOLD = {"power": _power_points, "flow": _flow_points, "withholding": _withholding_points}
