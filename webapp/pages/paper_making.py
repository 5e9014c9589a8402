"""What every filler of a paper has at hand: who asks, for which section and edition, and the words all papers share."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import sections
from webapp.campaigns.counting import Sums, sums_of
from webapp.documents.form_shapes import Edition, Form
from webapp.documents.paper import Block, Line, Note, Paper
from webapp.pages.paper_items import Item, read_items, read_open_items
from webapp.policy import Actor
from webapp.publication.models import Edition as PublicEdition
from webapp.publication.models import EditionItem
from webapp.reviews.models import Approval

CITY_GROUP = "市优化经济发展软环境领导小组"
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Unit:
    """A section as papers name it; `is_working` for those that hold powers, unlike heads and outside bodies."""

    id: int
    name: str
    slug: str
    is_working: bool


@dataclass
class Making:
    """One paper being made. `section` is None for papers of the whole bureau; `code` narrows a stack to one item."""

    session: Session
    form: Form
    edition: Edition
    viewer: Actor
    bureau: str
    document: str  # 文号 that ordered the work
    sections: Sequence[Unit]
    section: Unit | None = None
    code: str = ""
    _powers: list[Item] | None = field(default=None, init=False)

    @property
    def title(self) -> str:
        """Return the form's title with the names in it."""
        return self.form.title.format(section=self.section.name if self.section else "", bureau=self.bureau)

    @property
    def names(self) -> dict[int, str]:
        """Return the sections' names by id."""
        return {section.id: section.name for section in self.sections}

    def powers(self) -> list[Item]:
        """Return the powers this paper counts, read once: of the section, or of all it may be made for."""
        if self._powers is None:
            number = self.section.id if self.section else 0
            if self.edition is Edition.PUBLIC:
                self._powers = read_open_items(self.session, section=number)
            else:
                found = read_items(self.session, "power", viewer=self.viewer, section=number)
                self._powers = [item for item in found if not number or item.section == number]
        return self._powers

    def shown(self) -> list[Item]:
        """Return the powers whose text may stand on this paper."""
        return [item for item in self.powers() if item.body is not None]

    def head(self) -> Line:
        """Return the particulars under the title: who fills it in and when; of a public edition who decided."""
        if self.edition is Edition.PUBLIC:
            return decided(self.session)
        unit = f"填报科室：{self.section.name}" if self.section else f"填报单位：{self.bureau}"
        return Line(unit, day_words(clock.today()))

    def paper(self, blocks: Sequence[Block], *, state: str = "", named_by: str = "", subtitle: str = "") -> Paper:
        """Return the paper under the form's title, its sign line at the end."""
        return Paper(self.title, (*blocks, *self.form.sign_line(self.edition)), subtitle, state, named_by)

    def unseen(self) -> tuple[Note, ...]:
        """Return the remark of a table of numbers about items that are counted but shown to their section only."""
        count = counted_of(self.powers()).not_submitted
        return (Note(f"其中{count}项科室尚未报送。"),) if count else ()

    def unlisted(self, count: int) -> tuple[Note, ...]:
        """Return the remark of a list about items that stand in the numbers and not here."""
        return (Note(f"另有{count}项科室尚未报送，报送后列出。"),) if count else ()


def read_units(session: Session) -> tuple[Unit, ...]:
    """Return all sections in their order; one query."""
    return tuple(Unit(row.id, row.name, row.slug, row.kind in {"section", "committee"}) for row in sections(session))


def identity(counted: Sums) -> Note:
    """Return the identity all sums obey (practice.md): total = public + bureau + withheld + stopped + undecided."""
    return Note(
        f"清理总数{counted.total}项＝社会公开{counted.public}项＋机关内部公开{counted.bureau}项"
        f"＋不公开(已审定){counted.withheld - counted.pending}项"
        f"{f'＋停止行使{counted.stopped}项' if counted.stopped else ''}＋待定{counted.pending}项。",
    )


def counted_of(items: Sequence[Item]) -> Sums:
    """Return the count of items; the one door to numbers."""
    return sums_of(item.counted for item in items)


def day_words(day: date) -> str:
    """Return 2008年7月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def decided(session: Session) -> Line:
    """Return who decided on what is public, when and under which number; two queries."""
    edition = session.scalars(
        select(PublicEdition)
        .where(PublicEdition.audience == "public", PublicEdition.state == "released")
        .order_by(PublicEdition.number.desc())
        .limit(1),
    ).one_or_none()
    if edition is None:
        return Line(f"审定：{CITY_GROUP}", "尚未发布公开版")
    approval = session.scalars(
        select(Approval)
        .join(EditionItem, EditionItem.approval_id == Approval.id)
        .where(EditionItem.edition_id == edition.id)
        .order_by(Approval.decided_on.desc(), Approval.id.desc())
        .limit(1),
    ).one_or_none()
    told = f"审定：{CITY_GROUP}"
    if approval is not None:
        lines = [line for line in json.loads(approval.lines) if line.get("stage") == "city_decision"]
        document = (lines[-1].get("document") if lines else "") or approval.document
        told += f"　文号：{document or '—'}　审定日期：{day_words(approval.decided_on)}"
    return Line(told, f"公开版第{edition.number}号　{day_words(edition.day)}")
