"""Reading the directory as it is approved now, or as an edition printed it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.directory.models import Dialling, DirectoryVersion

LABELS = {
    "unit": "单位",
    "section": "科室",
    "phone": "电话",
    "short_number": "短号",
    "address": "地址",
    "hours": "办公时间",
    "email": "邮箱",
    "url": "网址",
    "owner_post": "责任岗位",
    "note": "备注",
}


def current_directory(session: Session) -> dict[str, dict[str, Any]]:
    """Return the approved contacts by key; empty before any is loaded."""
    number = current_number(session)
    return {} if number is None else directory_of(session, number)


def current_number(session: Session) -> int | None:
    """Return the number of the approved version, None before any is loaded."""
    return session.scalar(select(func.max(DirectoryVersion.number)).where(DirectoryVersion.is_approved))


def directory_of(session: Session, number: int) -> dict[str, dict[str, Any]]:
    """Return the contacts by key as a version holds them."""
    contacts: dict[str, dict[str, Any]] = json.loads(session.get_one(DirectoryVersion, number).contacts)
    return contacts


def last_diallings(session: Session, keys: Iterable[str] | None = None) -> dict[str, Dialling]:
    """Return the last dialling of each contact, whatever number it had then; one query."""
    chosen = () if keys is None else (Dialling.key.in_(list(keys)),)
    rows = session.scalars(select(Dialling).where(*chosen).order_by(Dialling.day, Dialling.id))
    return {row.key: row for row in rows}


def contact_text(contact: Mapping[str, Any]) -> str:
    """Return a contact as lines of text, for the page that shows two of them side by side."""
    return "\n".join(f"{LABELS[name]}：{contact[name]}" for name in LABELS if contact.get(name))
