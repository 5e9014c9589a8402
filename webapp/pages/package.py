"""A section's package: its items, what holds it back, nil returns, the report, signatures; what the viewer may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Person, Section
from webapp.campaigns.counting import Tally, count, read_tallies
from webapp.campaigns.hindrances import Hindrance, hindrances
from webapp.campaigns.models import Campaign, NilReturn, Package, PackageItem, PackageSignature
from webapp.campaigns.report import APPEARED, PARTS, figures, read_report
from webapp.pages.campaign_board import package_state
from webapp.pages.package_items import PackageItems, package_items
from webapp.pages.powers import PowerFilters
from webapp.pages.review_words import PATHS
from webapp.policy import Actor, Role
from webapp.powers.categories import OPTIONS
from webapp.reviews.models import Review, Seat
from webapp.reviews.reading import host_section
from webapp.revisions.models import Listing, Record
from webapp.rules import NotFound


@dataclass(frozen=True)
class CategoryRow:
    """A category: its items, or the nil return, or neither. `note` tells of a nil return that no longer holds."""

    key: str
    name: str
    number: int
    address: str
    basis: str
    declared_by: str
    declared_at: datetime | None
    is_signed: bool
    note: str

    @property
    def is_nil(self) -> bool:
        """Say whether a nil return holds."""
        return bool(self.basis) and not self.number

    @property
    def late(self) -> bool:
        """Say whether the category has no answer."""
        return not self.number and not self.basis


@dataclass(frozen=True)
class ReportPart:
    """A part of the report with its text as kept or as typed."""

    key: str
    heading: str
    help: str
    text: str


@dataclass(frozen=True)
class SignatureRow:
    """A signature under the package."""

    at: datetime
    who: str
    post: str
    statement: str
    taken: int
    refused: int


@dataclass(frozen=True)
class RefusedRow:
    """An item that the last signature did not take along."""

    code: str
    name: str
    address: str
    why: str


@dataclass(frozen=True)
class PackagePage:
    """What the screen shows."""

    id: int
    section: str
    state: str
    total: int
    drafts: int  # powers not handed in yet, whoever may see them
    at_chief: int  # items of every kind that wait for the chief
    items: PackageItems
    hindrances: tuple[tuple[Hindrance, str], ...]
    categories: tuple[CategoryRow, ...]
    figures: str
    report: tuple[ReportPart, ...]
    version: int
    signatures: tuple[SignatureRow, ...]
    refused: tuple[RefusedRow, ...]
    scan: str
    scanned_on: date | None
    is_own: bool
    is_chief: bool
    is_host: bool
    host_reviewers: tuple[str, ...]
    host_unnamed: int

    @property
    def open_categories(self) -> tuple[tuple[str, str], ...]:
        """Return the categories without an answer, for the choice of nil returns."""
        return tuple((row.key, row.name) for row in self.categories if row.late)


def seen_package(session: Session, package_id: int, viewer: Actor) -> tuple[Package, Campaign, str]:
    """Return a package the viewer may see, with its campaign and its section's name; raise NotFound."""
    package = session.get(Package, package_id)
    if package is None or (package.section_id not in viewer.own_sections and not viewer.is_bureau_wide):
        raise NotFound
    name = session.scalar(select(Section.name).where(Section.id == package.section_id)) or ""
    return package, session.get_one(Campaign, package.campaign_id), name


def package_page(
    session: Session, package_id: int, *, viewer: Actor, typed: Mapping[str, str] | None = None
) -> PackagePage:
    """Return the package; at most 14 queries. `typed`: the report's texts of a form that was refused."""
    package, campaign, name = seen_package(session, package_id, viewer)
    section = package.section_id
    tallies = read_tallies(session, viewer, sections=[section])
    nils = _nil_returns(session, campaign, section)
    signatures = _signatures(session, package.id)
    categories = _categories(tallies, nils, package.id, section=_slug(session, section))
    texts = {**read_report(package.report), **(typed or {})}
    is_host = section == host_section(session)
    reviewers, unnamed = _host_reviewers(session, section) if is_host else ((), 0)
    return PackagePage(
        id=package.id,
        section=name,
        state=package_state(tallies, signatures[0].at if signatures else None),
        total=count(tallies),
        drafts=count(tallies, stage="draft"),
        at_chief=_at_chief(session, section),
        items=package_items(session, section, viewer=viewer),
        hindrances=tuple((one, f"{PATHS[one.kind]}/{one.record}#review") for one in hindrances(session, section)),
        categories=categories,
        figures=figures(tallies, [row.key for row in categories if row.is_nil]),
        report=tuple(ReportPart(key, heading, told, texts[key]) for key, heading, told in PARTS),
        version=package.version,
        signatures=tuple(signatures),
        refused=_refused(session, package.id),
        scan=package.scan,
        scanned_on=package.scanned_on,
        is_own=section in viewer.own_sections and campaign.is_open,
        is_chief=viewer.has(Role.CHIEF, section) and campaign.is_open,
        is_host=is_host,
        host_reviewers=reviewers,
        host_unnamed=unnamed,
    )


def _slug(session: Session, section: int) -> str:
    return session.scalar(select(Section.slug).where(Section.id == section)) or ""


def _at_chief(session: Session, section: int) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Seat)
            .join(Review, Review.id == Seat.review_id)
            .where(Review.is_open, Seat.kind == "chief", Seat.state == "open", Seat.section_id == section),
        )
        or 0
    )


def _nil_returns(session: Session, campaign: Campaign, section: int) -> dict[str, tuple[NilReturn, str]]:
    """Return the newest nil return of each category, with who declared it."""
    rows = session.execute(
        select(NilReturn, Person.name)
        .join(Person, Person.id == NilReturn.declared_by)
        .where(NilReturn.campaign_id == campaign.id, NilReturn.section_id == section)
        .order_by(NilReturn.id),
    )
    return {nil.category: (nil, name) for nil, name in rows}


def _categories(
    tallies: tuple[Tally, ...], nils: Mapping[str, tuple[NilReturn, str]], package: int, *, section: str
) -> tuple[CategoryRow, ...]:
    rows = []
    for key, name in OPTIONS:
        own = [tally for tally in tallies if tally.category == key]
        nil, by = nils.get(key, (None, ""))
        stands = nil is not None and nil.withdrawn_at is None
        listed = all(tally.is_listed for tally in own)
        note = ""
        if own and nil is not None and (stands or nil.reason == APPEARED):
            note = f"曾作零报告，{APPEARED}"
        elif nil is not None and not stands:
            note = f"曾作零报告，{nil.reason}"
        rows.append(
            CategoryRow(
                key=key,
                name=name,
                number=count(own),
                address=PowerFilters(section=section, category=key).address("/powers")
                if listed
                else f"/packages/{package}#items",
                basis=nil.basis if nil is not None and stands and not own else "",
                declared_by=by if stands else "",
                declared_at=nil.declared_at if nil is not None and stands else None,
                is_signed=nil is not None and stands and nil.signature_id is not None,
                note=note,
            ),
        )
    return tuple(rows)


def _signatures(session: Session, package: int) -> list[SignatureRow]:
    """Return the signatures, the newest first."""
    refused = func.count(PackageItem.record_id).filter(PackageItem.refused != "")
    rows = session.execute(
        select(PackageSignature, Person.name, func.count(PackageItem.record_id), refused)
        .join(Person, Person.id == PackageSignature.person_id)
        .outerjoin(PackageItem, PackageItem.signature_id == PackageSignature.id)
        .where(PackageSignature.package_id == package)
        .group_by(PackageSignature.id, Person.name)
        .order_by(PackageSignature.id.desc()),
    )
    return [
        SignatureRow(one.signed_at, name, one.behalf_of, one.statement, number - left, left)
        for one, name, number, left in rows
    ]


def _refused(session: Session, package: int) -> tuple[RefusedRow, ...]:
    """Return what the last signature left behind and still waits in the section."""
    last = select(func.max(PackageSignature.id)).where(PackageSignature.package_id == package).scalar_subquery()
    rows = session.execute(
        select(Listing.code, Listing.name, Listing.kind, Listing.record_id, PackageItem.refused)
        .join(PackageItem, PackageItem.record_id == Listing.record_id)
        .join(Record, Record.id == Listing.record_id)
        .where(
            PackageItem.signature_id == last,
            PackageItem.refused != "",
            Listing.face == "review",
            Record.stage == "section_review",
        )
        .order_by(Listing.sort_key),
    )
    return tuple(RefusedRow(row[0], row[1], f"{PATHS[row[2]]}/{row[3]}#review", row[4]) for row in rows)


def _host_reviewers(session: Session, section: int) -> tuple[tuple[str, ...], int]:
    """Return who was named to first-review the host section's items, and for how many nobody was (practice.md)."""
    rows = session.execute(
        select(Person.name, func.count())
        .select_from(Seat)
        .join(Review, Review.id == Seat.review_id)
        .join(Record, Record.id == Review.record_id)
        .outerjoin(Person, Person.id == Seat.assigned_to)
        .where(Record.section_id == section, Seat.kind == "office", Seat.state.in_(["open", "approved"]))
        .group_by(Person.name)
        .order_by(Person.name),
    ).all()
    return tuple(row[0] for row in rows if row[0]), sum(row[1] for row in rows if not row[0])
