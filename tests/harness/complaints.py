"""Complaints for tests: taken in and walked on with the real operations."""

from pathlib import Path
from typing import Any

from harness.bureau import SmallBureau
from webapp import clock
from webapp.complaints import operations
from webapp.complaints.forms import ComplaintGiven, StepGiven
from webapp.complaints.models import Complaint
from webapp.complaints.stages import Event
from webapp.complaints.vault import Identity, Vault, make_vault_key, open_vault
from webapp.policy import Actor

WHO = Identity("钱三拟", "0519-82661234")
FOUND = {
    "reply": "经查，情况属实，已责成改正。",
    "conclusion": "substantiated",
    "fact": "收费未出具票据。",
    "basis": "财务管理制度第5条",
    "severity": "ordinary",
}


class Complaints:
    """Takes complaints in and takes acts on them."""

    def __init__(self, bureau: SmallBureau, instance: Path) -> None:
        self.bureau = bureau
        make_vault_key(instance, has_sealed=False)
        self.vault: Vault = open_vault(instance)

    def take_in(self, by: Actor | None = None, *, section: str = "", person: Actor | None = None, **given: Any) -> int:  # noqa: ANN401 - fields
        """Take one in; return its id."""
        told: dict[str, Any] = {
            "kind": "complaint",
            "channel": "telephone",
            "received_on": clock.today(),
            "subject": "反映收费不开票据",
            "content": "来件人称缴费后没有拿到票据。",
            "section": self.bureau.sections[section] if section else None,
            "person": person.person if person else None,
            "power": None,
            "identity": WHO,
            "is_real_name": True,
            "may_disclose": False,
            **given,
        }
        with self.bureau.database.writing() as session:
            return operations.take_in(session, by or self.bureau.office, ComplaintGiven(**told), self.vault).id

    def act(self, by: Actor, number: int, event: Event, **given: Any) -> str:  # noqa: ANN401 - fields
        """Take an act on the version that stands, unless told otherwise; return the state."""
        told = {"seen_version": self.kept(number).version, **given}
        with self.bureau.database.writing() as session:
            return operations.advance(session, by, number, StepGiven(event, **told), self.vault).state

    def kept(self, number: int) -> Complaint:
        """Return the row."""
        with self.bureau.database.reading() as session:
            return session.get_one(Complaint, number)

    def to_investigation(self, number: int, assignee: Actor, handler: Actor | None = None) -> None:
        """Register, accept, assign, begin."""
        by = handler or self.bureau.office
        for event, told in (
            (Event.REGISTER, {}),
            (Event.ACCEPT, {}),
            (Event.ASSIGN, {"assignee": assignee.person}),
        ):
            self.act(by, number, event, **told)
        self.act(assignee, number, Event.BEGIN)

    def to_reply(self, number: int, assignee: Actor, handler: Actor | None = None, **found: str) -> None:
        """Go on to a reply that was sent; the deputy approves."""
        self.to_investigation(number, assignee, handler)
        self.act(assignee, number, Event.DRAFT_REPLY, **(found or FOUND))
        self.act(self.bureau.deputy, number, Event.APPROVE_REPLY)
        self.act(handler or self.bureau.office, number, Event.REPLY, day=clock.today())
