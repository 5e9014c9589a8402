"""What the pages of a bundle show of a power, in the words and order of the page. Pure: values in, plain values out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from webapp.powers.categories import category
from webapp.powers.shapes import Field, Shape
from webapp.publication.content import ApprovalLine, HistoryLine, PublicPower
from webapp.publication.wording import (
    CHANGES,
    CONTACT_KINDS,
    DIRECTIONS,
    KINDS,
    PROCEDURES,
    ROLES,
    STAGES,
    day_text,
    limit_text,
)

_PARTS = re.compile("[;；]")
_NO_DIAL = re.compile(r"[^0-9+]")
Contacts = Mapping[str, Mapping[str, Any]]


def address_of(name: str) -> str:
    """Return a code or number as a segment of an address."""
    return quote(name, safe="")


def power_view(power: PublicPower, contacts: Contacts) -> dict[str, Any]:
    """Return what the page and the print of a power show, but for its charts."""
    entry = power.entry
    kind = category(entry["category"])
    slug, name = (kind.slug, kind.name) if kind else (entry["category"], entry["category"])
    return {
        "code": power.code,
        "address": address_of(power.code),
        "name": entry["name"],
        "category": name,
        "category_slug": slug,
        "kind": " · ".join(part for part in (name, entry["details"].get("subcategory", "")) if part),
        "direction": DIRECTIONS.get(entry["direction"], entry["direction"]),
        "procedure": PROCEDURES.get(entry["procedure"], entry["procedure"]),
        "section": entry["section"],
        "together": _together(entry),
        "contact": contact_view(contacts.get(entry["contact"])),
        "supervision": contact_view(contacts.get(entry["supervision_contact"])),
        "promised": _limit_view(entry["promised_limit"]),
        "statutory": _limit_view(entry["statutory_limit"]),
        "fees": entry["fees"],
        "rights": _split(entry["counterpart_rights"]),
        "conditions": entry["conditions"],
        "scope": entry["exercise_scope"],
        "details": _details(kind.details if kind else (), entry["details"], contacts),
        "flow_reason": entry["flow_reason"],
        "basis": _basis(entry["basis"]),
        "reference": day_text(entry["reference_date"]),
        "duties": entry["duties"],
        "rules": entry["rules"],
        "commitment": entry["service_commitment"],
        "discipline": entry["discipline"],
        "responsibilities": entry["responsibility_items"],
        "accountability": entry["accountability"],
        "controls": _split(entry["control_points"]),
        "publication": {
            "content": entry["publication_content"] or "—",
            "forms": "、".join(entry["publication_forms"]) or "—",
            "scope": entry["publication_scope"],
            "time": entry["publication_time"],
        },
        "complaints": _split(entry["complaint_channel"]),
        "approvals": approval_rows(power.approvals),
        "short": power.public_digest[:12],
        "history": _history(power.history),
    }


def contact_view(contact: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return a contact as shown, None for none; `dial` is the number as a telephone takes it."""
    if contact is None:
        return None
    number = contact.get("short_number") or contact["phone"]
    both = f"{number}({contact['phone']})" if contact.get("short_number") else number
    place = " ".join(part for part in (contact.get("unit"), contact.get("section"), contact.get("owner_post")) if part)
    return {
        "label": f"{CONTACT_KINDS.get(contact['kind'], contact['kind'])} · {contact.get('section') or contact['unit']}",
        "number": both,
        "dial": _NO_DIAL.sub("", number),
        "place": place,
        "address": contact.get("address") or "",
        "hours": contact.get("hours") or "",
        "email": contact.get("email") or "",
    }


def approval_rows(lines: Iterable[ApprovalLine]) -> list[dict[str, str]]:
    """Return approvals as shown: stage in words, post, date in words, document."""
    return [
        {
            "stage": STAGES.get(line.stage, line.stage),
            "post": line.post,
            "day": day_text(line.date),
            "document": line.document,
        }
        for line in lines
    ]


def _history(lines: Iterable[HistoryLine]) -> list[dict[str, Any]]:
    return [
        {
            "day": day_text(line.date),
            "edition": line.edition,
            "label": CHANGES.get(line.kind, line.kind),
            "digest": line.public_digest,
        }
        for line in lines
    ]


def list_row(power: PublicPower, beside: str) -> dict[str, str]:
    """Return a power as a row of a list; `beside` is its section or category."""
    entry = power.entry
    return {
        "code": power.code,
        "address": address_of(power.code),
        "name": entry["name"],
        "beside": beside,
        "limit": limit_text(entry["promised_limit"] or entry["statutory_limit"]),
        "fee": "收费" if entry["fees"] else "不收费",
    }


def _split(text: str) -> list[str]:
    """Return the items of a text that the bureau parts by semicolons."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def _together(entry: Mapping[str, Any]) -> str:
    parts = [f"协办：{'、'.join(entry['joint_sections'])}"] if entry["joint_sections"] else []
    if entry["support_sections"]:
        parts.append(f"配合：{'、'.join(entry['support_sections'])}")
    return "；".join(parts)


def _limit_view(limit: Mapping[str, Any] | None) -> dict[str, str] | None:
    return None if limit is None else {"text": limit_text(limit), "start": limit["start"] or ""}


def _basis(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the basis with articles of one law in one role put together, roles of procedure last, order kept."""
    together: dict[tuple[str, str, str], list[str]] = {}
    ranks: dict[tuple[str, str, str], str] = {}
    for row in rows:
        key = (row.get("role", ""), row.get("law") or row.get("document", ""), row.get("edition", ""))
        together.setdefault(key, []).append(row.get("article", ""))
        ranks.setdefault(key, KINDS.get(row.get("kind", ""), row.get("kind", "")))
    shown = [
        {
            "role": ROLES.get(role, role),
            "title": f"《{law}》" + (f"({edition})" if edition else ""),
            "rank": ranks[role, law, edition],
            "articles": "、".join(article for article in dict.fromkeys(articles) if article) or "—",
        }
        for (role, law, edition), articles in together.items()
    ]
    return sorted(shown, key=lambda row: row["role"] == ROLES["procedure"])


def _details(fields: Sequence[Field], details: Mapping[str, Any], contacts: Contacts) -> list[dict[str, Any]]:
    known = {field.name: field for field in fields}
    shown = []
    for key, value in details.items():
        field = known[key]
        # The subcategory stands in the head of the page; an empty value says nothing to a citizen.
        if key == "subcategory" or value in ("", [], None):
            continue
        shown.append({"heading": field.heading, **_shown(field, value, contacts)})
    return shown


def _shown(field: Field, value: Any, contacts: Contacts) -> dict[str, Any]:  # noqa: ANN401 - JSON
    match field.shape:
        case Shape.ROWS:
            parts = [part for part in field.parts if not part.optional or any(part.name in row for row in value)]
            cells = [[_plain(part, row.get(part.name, ""), contacts) or "—" for part in parts] for row in value]
            return {"shape": "table", "heads": [part.heading for part in parts], "value": cells}
        case Shape.GROUP:
            pairs = [
                (part.heading, _plain(part, value[part.name], contacts)) for part in field.parts if part.name in value
            ]
            return {"shape": "pairs", "value": [pair for pair in pairs if pair[1]]}
        case Shape.LINES:
            return {"shape": "list", "value": value}
        case _:
            return {"shape": "text", "value": _plain(field, value, contacts)}


def _plain(field: Field, value: Any, contacts: Contacts) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.shape is Shape.LIMIT:
        limit = _limit_view(value)
        return "" if limit is None else limit["text"] + (f"(自{limit['start']}起)" if limit["start"] else "")
    if field.shape is Shape.CONTACT:
        contact = contact_view(contacts.get(value))
        return contact["number"] if contact else "—"
    if isinstance(value, list):
        return "、".join(field.label(str(item)) for item in value)
    return field.label(str(value))
