"""The official papers (papers.md 5.2): which ones a person may make, and one of them, filled.

A clerk or chief makes the papers of his own section, the leading group's office those of all. Fillers are found by the
form's name in `FILLERS`; what a form looks like is `documents.forms`' business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import bureau
from webapp.documents.form_shapes import EDITIONS, Edition, Form
from webapp.documents.forms import FORMS
from webapp.documents.paper import Paper, Stack
from webapp.pages import (
    paper_entries,
    paper_flows,
    paper_numbers,
    paper_opinions,
    paper_returns,
    paper_withheld,
)
from webapp.pages.paper_items import makes_all
from webapp.pages.paper_making import Making, Unit, day_words, read_units
from webapp.policy import Actor
from webapp.revisions.models import Record
from webapp.rules import NotFound, RuleBroken

PATH = "/papers"
FILES = (("docx", "Word文档"), ("pdf", "PDF"), ("xlsx", "Excel表格"))
FILLERS: Mapping[str, Callable[[Making], tuple[Paper, ...]]] = {
    "section-summary": lambda making: (paper_numbers.section_summary(making),),
    "section-report": lambda making: (paper_numbers.section_report(making, paper_returns.report_texts(making)),),
    "nil-return": lambda making: (paper_numbers.nil_return(making, paper_returns.nil_bases(making)),),
    "bureau-summary": lambda making: (paper_numbers.bureau_summary(making),),
    "registration-form": paper_entries.registration_forms,
    "rectification": lambda making: (paper_entries.rectification(making),),
    "catalogue": lambda making: (paper_entries.catalogue(making),),
    "catalogue-duties": lambda making: (paper_entries.catalogue(making),),
    "opinion-answers": lambda making: (paper_opinions.opinion_answers(making),),
    "flow-table": lambda making: (paper_flows.flow_table(making),),
    "joint-confirmation": paper_flows.joint_confirmations,
    "withheld-register": lambda making: (paper_withheld.withheld_register(making),),
}


@dataclass(frozen=True)
class Choice:
    """What an address asks for: a form's name, a section by slug or name, one item's code, an edition."""

    name: str
    section: str = ""
    code: str = ""
    edition: str = ""

    @classmethod
    def of(cls, name: str, given: Mapping[str, str]) -> "Choice":
        """Return the choice of an address; anything else in it is left alone."""
        return cls(name, *(given.get(key, "").strip() for key in ("section", "code", "edition")))


@dataclass(frozen=True)
class Option:
    """A value to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class PaperRow:
    """A paper in the list: its number and title, what it is for, and (label, address) for each edition."""

    number: str
    title: str
    about: str
    sheet: str
    editions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PapersPage:
    """What the list shows."""

    rows: tuple[PaperRow, ...]
    sections: tuple[Option, ...]
    lead: str


@dataclass(frozen=True)
class PaperPage:
    """One paper on the screen, with what else may be chosen and the files of it."""

    form: Form
    stack: Stack
    address: str
    sections: tuple[Option, ...]
    editions: tuple[Option, ...]
    code: str
    files: tuple[tuple[str, str], ...]


def papers_page(session: Session, section: str, *, viewer: Actor) -> PapersPage:
    """Return the list of papers a person may make; two queries."""
    units = _open_units(session, viewer)
    chosen = _unit(units, section) if section else None
    rows = []
    for form in FORMS.values():
        if form.per_bureau and not makes_all(viewer):
            continue
        kept = {"section": chosen.slug} if chosen and not form.per_bureau else {}
        editions = tuple(
            (EDITIONS[edition], _address(f"{PATH}/{form.name}", {**kept, "edition": _told(edition)}))
            for edition in form.editions
        )
        title = form.title.format(section=chosen.name if chosen else "××科室", bureau="")
        rows.append(PaperRow(form.number, title, form.about, _sheet(form), editions))
    lead = "屏幕查看、打印，或下载Word、PDF、Excel文件；数字都取自当前登记的事项。"
    return PapersPage(tuple(rows), _options(units, chosen, "全部科室" if makes_all(viewer) else ""), lead)


def paper_page(session: Session, choice: Choice, *, viewer: Actor) -> PaperPage:
    """Return a filled paper with what else may be chosen; raise NotFound, RuleBroken."""
    making = making_of(session, choice, viewer=viewer)
    stack = stack_of(making)
    section = making.section
    asked = {
        "section": section.slug if section else "",
        "code": making.code,
        "edition": _told(making.edition),
    }
    units = _open_units(session, viewer)
    everything = "" if making.form.per_section or not makes_all(viewer) else "全局"
    return PaperPage(
        form=making.form,
        stack=stack,
        address=f"{PATH}/{making.form.name}",
        sections=() if making.form.per_bureau else _options(units, section, everything),
        editions=tuple(
            Option(_told(edition), EDITIONS[edition], edition is making.edition) for edition in making.form.editions
        ),
        code=making.code,
        files=tuple((words, _address(f"{PATH}/{making.form.name}.{ending}", asked)) for ending, words in FILES),
    )


def making_of(session: Session, choice: Choice, *, viewer: Actor) -> Making:
    """Return what a paper is made from: the form, the edition, a section he may ask for; at most 4 queries."""
    form = FORMS.get(choice.name)
    if form is None or (form.per_bureau and not makes_all(viewer)):
        raise NotFound
    try:
        edition = Edition(choice.edition or Edition.REVIEW)
    except ValueError:
        raise RuleBroken("稿别只能是报审稿或公开稿，请重新选择。", "edition") from None
    if edition not in form.editions:
        raise RuleBroken(f"{form.number}只有报审稿，没有公开稿。请选择报审稿。", "edition")
    units = _open_units(session, viewer)
    asked = choice.section or _section_of(session, choice.code)
    section = None
    if asked and not form.per_bureau:
        section = _unit(units, asked)
    elif form.per_section or not makes_all(viewer):
        section = next((unit for unit in units if unit.is_working), None) or (units[0] if units else None)
        if section is None:
            raise NotFound
    own = bureau(session)
    return Making(
        session=session,
        form=form,
        edition=edition,
        viewer=viewer,
        bureau=own.name if own else "",
        document=own.group_document if own else "",
        sections=units,
        section=section,
        code=choice.code,
    )


def stack_of(making: Making) -> Stack:
    """Return the filled papers of one file; nothing is drawn or written here."""
    papers = FILLERS[making.form.name](making)
    name = f"{making.form.number} {making.title}{f' {making.code}' if making.code else ''}"
    moment = clock.now().astimezone(clock.CHINA)
    return Stack(name, making.form.layout, papers, f"{day_words(moment.date())} {moment:%H:%M}")


def _open_units(session: Session, viewer: Actor) -> tuple[Unit, ...]:
    """Return the sections whose papers a person makes."""
    units = read_units(session)
    return units if makes_all(viewer) else tuple(unit for unit in units if unit.id in viewer.own_sections)


def _unit(units: tuple[Unit, ...], given: str) -> Unit:
    found = next((unit for unit in units if given in {unit.slug, unit.name}), None)
    if found is None:
        raise NotFound
    return found


def _section_of(session: Session, code: str) -> str:
    """Return the section's name of the power with this code, "" where none is asked for; rights are asked later."""
    if not code:
        return ""
    record = session.scalar(select(Record.section_id).where(Record.kind == "power", Record.code == code))
    return next((unit.slug for unit in read_units(session) if unit.id == record), "-")


def _options(units: tuple[Unit, ...], chosen: Unit | None, everything: str) -> tuple[Option, ...]:
    first = (Option("", everything, chosen is None),) if everything else ()
    return (*first, *(Option(u.slug, u.name, u is chosen or u == chosen) for u in units if u.is_working or u == chosen))


def _told(edition: Edition) -> str:
    return "" if edition is Edition.REVIEW else edition.value


def _address(path: str, asked: Mapping[str, str]) -> str:
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def _sheet(form: Form) -> str:
    return f"{form.layout.size}{'横版' if form.layout.landscape else '竖版'}"
