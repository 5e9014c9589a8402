"""Two people saved the same draft: both texts, field by field, to choose from; everything typed goes along."""

import json
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.pages.power_draft import editable_power
from webapp.policy import Actor
from webapp.powers.categories import category
from webapp.powers.entry_forms import Form, field_digests, is_entry_name, read_entry, unchanged_since
from webapp.powers.fields import FIELDS, Body
from webapp.powers.shapes import Shape
from webapp.powers.wording import text_of
from webapp.revisions.models import Draft


@dataclass(frozen=True)
class Conflict:
    """A field that reads differently in what was typed and in what stands now."""

    name: str
    heading: str
    mine: str
    theirs: str
    take: str  # what is chosen to begin with: "mine" or "theirs"
    note: str


@dataclass(frozen=True)
class ConflictPage:
    """What the screen shows; `kept` are the inputs as they were posted."""

    id: int
    name: str
    seen_version: int
    seen_fields: str
    edited_by_others: bool
    conflicts: tuple[Conflict, ...]
    kept: tuple[tuple[str, str], ...]


def conflict_page(session: Session, power_id: int, form: Form, *, viewer: Actor) -> ConflictPage:
    """Return the page that shows both texts. A field only the other one changed begins with his text."""
    seen = editable_power(session, power_id, viewer)
    draft = session.get_one(Draft, power_id)
    current = seen.body
    mine = read_entry(form, current)
    digests = form.get("seen_fields", [""])[0]
    not_mine = unchanged_since(digests, mine)
    not_theirs = unchanged_since(digests, current)
    conflicts = []
    for each in FIELDS:
        if mine[each.name] == current[each.name]:
            continue
        take, note = "mine", "两人都改过"
        if each.name in not_mine:
            take, note = "theirs", "您没有改过，他人已改"
        elif each.name in not_theirs:
            note = "只有您改过"
        texts = [_words(each.name, body) for body in (mine, current)]
        conflicts.append(Conflict(each.name, each.heading, texts[0], texts[1], take, note))
    return ConflictPage(
        id=power_id,
        name=current["name"] or seen.row.name,
        seen_version=draft.version,
        seen_fields=field_digests(current),
        edited_by_others=draft.edited_by != viewer.person,
        conflicts=tuple(conflicts),
        kept=tuple((name, value) for name, values in form.items() if is_entry_name(name) for value in values),
    )


def _words(name: str, body: Body) -> str:
    each = next(one for one in FIELDS if one.name == name)
    if each.shape is not Shape.DETAILS:
        return text_of(each, body[name])
    found = category(str(body["category"]))
    lines = []
    for key, value in body["details"].items():
        detail = found.detail(key) if found else None
        text = text_of(detail, value) if detail else json.dumps(value, ensure_ascii=False)
        lines.append(f"{detail.heading if detail else key}：{text}")
    return "\n".join(lines)
