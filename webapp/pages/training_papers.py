"""The papers of training and guidance, filled: the sign-in sheet before, the record after, the record of guidance."""

from datetime import date

from sqlalchemy.orm import Session

from webapp import clock
from webapp.accounts.reading import bureau
from webapp.documents.form_shapes import Edition, Form
from webapp.documents.paper import Block, Line, Note, Paper, Row, Stack, Table
from webapp.documents.training_forms import GUIDANCE_RECORD, SIGN_IN_SHEET, TRAINING_FORMS
from webapp.pages.guidance import guidance_rows
from webapp.pages.paper_making import day_words
from webapp.pages.training import SessionPage, session_page
from webapp.policy import Actor
from webapp.rules import NotFound
from webapp.training.topics import WAS_THERE

MAX_ROWS = 2000
_REVIEW = Edition.REVIEW


def training_stack(session: Session, session_id: int, name: str, *, viewer: Actor) -> Stack:
    """Return a paper of a training by the name of its form; raise NotFound. Five queries."""
    form = TRAINING_FORMS.get(name)
    if form is None:
        raise NotFound
    page = session_page(session, session_id, viewer=viewer)
    day = date.fromisoformat(page.values["held_on"] or page.values["planned_on"])
    head = Line(_bureau(session), day_words(day))
    body = _sign_in(form, page) if form is SIGN_IN_SHEET else (form.grid(_record(page, day)),)
    place = f"{page.values['title']}　{page.values['place']}".strip()
    paper = Paper(form.title, (head, *body, *form.sign_line(_REVIEW)), subtitle=place)
    return _stack(form, f"{form.title} {page.values['title']}", paper)


def guidance_stack(session: Session) -> Stack:
    """Return the record of guidance: every answer that holds. Three queries."""
    form = GUIDANCE_RECORD
    rows = [
        form.row(
            _REVIEW,
            {
                "day": row.asked_on.isoformat(),
                "section": row.section,
                "question": row.question,
                "answer": row.answer,
                "scope": row.scope,
                "by": row.answered_by,
            },
        )
        for row in guidance_rows(session, MAX_ROWS)
    ]
    head = Line(_bureau(session), f"共{len(rows)}条")
    return _stack(form, form.title, Paper(form.title, (head, _table(form, rows, "还没有答复的问题。"))))


def _sign_in(form: Form, page: SessionPage) -> tuple[Block, ...]:
    rows = [
        form.row(_REVIEW, {"place": place, "section": one.section, "name": one.name})
        for place, one in enumerate(page.people, 1)
    ]
    return (_table(form, rows, "没有在职人员。"),)


def _record(page: SessionPage, day: date) -> dict[str, str]:
    absent = [row.name for row in page.people if row.outcome == "absent"]
    return {
        "title": page.values["title"],
        "topic": page.topic,
        "day": day_words(day),
        "place": page.values["place"],
        "teacher": page.values["teacher"],
        "present": f"{sum(row.outcome in WAS_THERE for row in page.people)}人",
        "absent": f"{len(absent)}人",
        "passed": f"{sum(row.outcome == 'passed' for row in page.people)}人",
        "content": page.values["content"],
        "absentees": "、".join(absent),
    }


def _table(form: Form, rows: list[Row], none: str) -> Table | Note:
    return Table(form.headings(_REVIEW), tuple(rows)) if rows else Note(none)


def _stack(form: Form, name: str, paper: Paper) -> Stack:
    moment = clock.now().astimezone(clock.CHINA)
    return Stack(name, form.layout, (paper,), f"{day_words(moment.date())} {moment:%H:%M}")


def _bureau(session: Session) -> str:
    own = bureau(session)
    return own.name if own else ""
