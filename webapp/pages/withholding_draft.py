"""The form of a request not to publish a power: new, or the draft of one that is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.pages.finding import section_names
from webapp.pages.seen import may_edit, seen_record
from webapp.pages.withholding import shown
from webapp.pages.withholdings import BANNER
from webapp.policy import Actor
from webapp.powers.categories import OPTIONS
from webapp.revisions.kinds import Body
from webapp.revisions.models import Listing
from webapp.rules import RuleBroken
from webapp.withholdings.kind import HEADINGS, KINDS, WITHHOLDING

_HELP = {
    "title": "用不涉密的名称。",
    "power": "本科室职权的编码。",
    "basis": "写到条：法律、法规或上级规定中不予公开的条款。",
    "reason": "写明不公开的理由；属国家秘密的只写“国家秘密”，不写内容。",
    "until": "暂时不宜公开的必填：到什么时候，或什么情况下可以公开。",
    "part": "全部不公开的不填；部分可以公开的，写明可公开的部分。",
}


@dataclass(frozen=True)
class DraftField:
    """One field of the form."""

    name: str
    label: str
    value: str
    help: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WithholdingDraftPage:
    """What the screen shows. `version` is None for a new request."""

    address: str
    heading: str
    number: str
    version: int | None
    fields: tuple[DraftField, ...]
    sections: tuple[tuple[str, str], ...]
    back_address: str
    banner: str = BANNER


@dataclass(frozen=True)
class Difference:
    """A field that reads differently in what was typed and in what stands; shaped for `ui.conflict`."""

    name: str
    label: str
    mine: str
    theirs: str


def new_withholding_page(
    session: Session, *, viewer: Actor, typed: Mapping[str, str] | None = None, power: str = ""
) -> WithholdingDraftPage:
    """Return the form for a new request; `power`: the code it was begun from."""
    own = tuple((one.name, one.name) for one in section_names(session) if one.id in viewer.own_sections)
    begun = {"power": power, **_named(session, viewer, power)}
    return WithholdingDraftPage(
        address="/withholdings",
        heading="提请不公开",
        number="",
        version=None,
        fields=_fields({**begun, **(typed or {})}),
        sections=own,
        back_address="/withholdings",
    )


def withholding_draft_page(
    session: Session, record_id: int, *, viewer: Actor, typed: Mapping[str, str] | None = None
) -> WithholdingDraftPage:
    """Return the form of a draft; raise NotFound where it is hidden, RuleBroken where it cannot be changed now."""
    seen = seen_record(session, WITHHOLDING, record_id, viewer)
    if not may_edit(seen, viewer):
        raise RuleBroken("本申请现在不能修改：正在审核中，或不是本科室的申请。")
    return WithholdingDraftPage(
        address=f"/withholdings/{record_id}/draft",
        heading=seen.body["title"] or "不公开申请",
        number=seen.row.code,
        version=seen.draft_version,
        fields=_fields({**_values(seen.body), **(typed or {})}),
        sections=(),
        back_address=f"/withholdings/{record_id}",
    )


def differences(session: Session, record_id: int, typed: Mapping[str, str], *, viewer: Actor) -> tuple[Difference, ...]:
    """Return the fields in which what was typed differs from what stands, both texts side by side."""
    seen = seen_record(session, WITHHOLDING, record_id, viewer)
    values = _values(seen.body)
    return tuple(
        Difference(name, HEADINGS[name], typed[name], shown(name, seen.body))
        for name in values
        if name in typed and typed[name].strip() != values[name]
    )


def _values(body: Body) -> dict[str, str]:
    return {name: "" if name == "part" and body[name] == "whole" else body[name] for name in _KINDS}


def _fields(values: Mapping[str, str]) -> tuple[DraftField, ...]:
    return tuple(
        DraftField(
            name=name,
            label=HEADINGS[name],
            value=values.get(name, "") or ("by_law" if name == "kind" else ""),
            help=_HELP.get(name, ""),
            kind=kind,
            required=name in {"title", "power", "category", "kind", "basis", "reason"},
            options=_OPTIONS.get(name, ()),
        )
        for name, kind in _KINDS.items()
    )


def _named(session: Session, viewer: Actor, code: str) -> dict[str, str]:
    """Return title and category of the power a request begins from, where it is the viewer's own."""
    if not code:
        return {}
    row = session.scalars(
        select(Listing).where(
            Listing.kind == "power",
            Listing.face == "draft",
            Listing.code == code,
            Listing.section_id.in_(sorted(viewer.own_sections)),
        ),
    ).first()
    return {"title": row.name, "category": row.category} if row else {}


_KINDS = {
    "title": "text",
    "power": "text",
    "category": "select",
    "kind": "radios",
    "basis": "textarea",
    "reason": "textarea",
    "until": "text",
    "part": "textarea",
}
_OPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "category": (("", "请选择"), *OPTIONS),
    "kind": tuple(KINDS.items()),
}
