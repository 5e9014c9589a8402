"""A person of the small bureau at his browser, and the review panel as it stands on his screen."""

import re
from dataclasses import dataclass
from typing import Self

from flask import Flask
from sqlalchemy import event, select, update

from harness.bureau import SmallBureau
from harness.visitors import PASSWORD, Form, Shown, Visitor
from webapp.accounts.models import Account
from webapp.accounts.passwords import hash_password
from webapp.reviews.models import Review, Seat
from webapp.revisions.models import Draft, Record, Revision

PATHS = {"power": "/powers", "flow": "/flows", "withholding": "/withholdings"}
_HASH = hash_password(PASSWORD)


@dataclass(frozen=True)
class PanelShown:
    """An answer to an act, with the stage it shows and the acts it offers."""

    answer: Shown
    stage: str

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def is_fragment(self) -> bool:
        return self.answer.is_fragment

    @property
    def acts(self) -> list[Form]:
        """The forms of acts that can be sent."""
        return [form for form in self.answer.forms if form.action.endswith("/review-steps") and "action" in form.fields]

    @property
    def buttons(self) -> list[str]:
        """The acts that can be pressed, in the order of the page."""
        return [form.fields["action"] for form in self.acts]

    def act(self, action: str) -> Form:
        """The form of one act."""
        return next(form for form in self.acts if form.fields["action"] == action)


class Desk(Visitor):
    """A person of the bureau, signed in."""

    def __init__(self, app: Flask, bureau: SmallBureau, username: str) -> None:
        super().__init__(app)
        self.bureau = bureau
        with bureau.database.writing() as session:
            session.execute(update(Account).where(Account.username == username).values(password_hash=_HASH))
        assert self.signs_in(username).status == 303

    def takes_step(self, record: int, action: str, *, fragment: bool = True, **fields: object) -> PanelShown:
        """Take an act as the page would send it: on the seat and version that stand now, unless told otherwise."""
        kind, version, digest = self._standing(record)
        seen = {"seen_version": str(version)} if action == "submit" else {"seen_digest": digest}
        given = {"action": action, **seen, **fields}
        sent = {name: value for name, value in given.items() if value is not None}
        return self._panel(record, self.post(f"{PATHS[kind]}/{record}/review-steps", sent, fragment=fragment))

    def opens_review(self, record: int) -> PanelShown:
        """Look at the panel without acting: an act that does not exist is answered with it."""
        kind, _, _ = self._standing(record)
        shown = self.post(f"{PATHS[kind]}/{record}/review-steps", {"more": "1"}, fragment=True)
        return self._panel(record, shown)

    def presses(self, form: Form, **fields: object) -> Shown:
        """Send a form of a page, some fields filled in."""
        return self.post(form.action, {**form.fields, **fields})

    def _panel(self, record: int, shown: Shown) -> PanelShown:
        with self.bureau.database.reading() as session:
            return PanelShown(shown, session.get_one(Record, record).stage)

    def _standing(self, record: int) -> tuple[str, int, str]:
        with self.bureau.database.reading() as session:
            row = session.get_one(Record, record)
            digest = session.scalar(
                select(Revision.digest)
                .join(Review, Review.revision_id == Revision.id)
                .where(Review.record_id == record, Review.is_open),
            )
            return row.kind, session.get_one(Draft, record).version, digest or ""


def open_seat(bureau: SmallBureau, record: int, kind: str) -> int:
    """Return the seat of a kind that stands in the open review of a record."""
    with bureau.database.reading() as session:
        return (
            session.scalars(
                select(Seat.id)
                .join(Review, Review.id == Seat.review_id)
                .where(Review.record_id == record, Review.is_open, Seat.kind == kind)
                .order_by(Seat.id.desc()),
            ).first()
            or 0
        )


class QueryCount:
    """Counts the queries of a database while it is open."""

    def __init__(self, bureau: SmallBureau) -> None:
        self._engine = bureau.database.engine
        self.statements: list[str] = []

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if re.match(r"\s*(SELECT|WITH)", statement):
            self.statements.append(statement)

    def __len__(self) -> int:
        return len(self.statements)
