"""What a contact of the directory holds, and what is wrong with one. Pure.

Public by nature: office telephones, places and hours; the post that keeps the contact right and the day somebody last
dialled it stay inside. A private mobile number is no contact (practice.md, "What may not be in such a system").
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from webapp.digests import digest

KINDS = (("consult", "咨询"), ("window", "窗口"), ("duty", "值班"), ("supervision", "监督"), ("hotline", "举报热线"))
PUBLIC_NAMES = ("kind", "unit", "section", "phone", "short_number", "address", "hours", "email", "url")
INTERNAL_NAMES = ("owner_post", "verified_on", "note")
NAMES = (*PUBLIC_NAMES, *INTERNAL_NAMES)
DIAL_AGAIN = timedelta(days=90)  # domain.md 3.1, no. 30

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_PHONE = re.compile(r"(?:0[0-9]{2,3}-?)?[0-9]{7,8}(?:-[0-9]{1,6})?|[0-9]{5,6}|400-?[0-9]{3}-?[0-9]{4}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_URL = re.compile(r"https?://[^\s<>\"]{1,500}")


class Dialled(Protocol):
    """What dialling a contact came to."""

    @property
    def phone(self) -> str:
        """The number that was dialled."""

    @property
    def day(self) -> date:
        """The day."""

    @property
    def result(self) -> str:
        """`right`, `wrong` or `silent`."""


def check_contacts(contacts: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with the table, as sentences that name the contact."""
    faults = []
    for key, contact in contacts.items():
        faults += [f"通讯目录“{_shown(key)}”：{fault}" for fault in _faults(key, contact)]
    return faults


def public_contact(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be printed of a contact: an allow-list."""
    return {name: contact[name] for name in PUBLIC_NAMES if contact.get(name)}


def public_contacts(contacts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what may be printed of the whole table."""
    return {key: public_contact(contact) for key, contact in contacts.items()}


def contact_digest(contact: Mapping[str, Any] | None) -> str:
    """Return the name of a contact by its content, "" for none: what a form says it was filled in over."""
    return digest(dict(contact)) if contact is not None else ""


def contact_fault(contact: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first field of a contact that is wrong, with its sentence; None where nothing is."""
    if contact.get("kind") not in dict(KINDS):
        return "kind", "请选择种类。"
    if fault := _phone_fault(contact.get("phone") or "", contact.get("short_number") or ""):
        return "phone", fault
    if contact.get("email") and not _EMAIL.fullmatch(contact["email"]):
        return "email", "邮箱格式不对，应写作gongkai@huanbao.example的样子。"
    if contact.get("url") and not _URL.fullmatch(contact["url"]):
        return "url", "网址只能以http或https开头。"
    return None


def phone_of(contact: Mapping[str, Any]) -> str:
    """Return the number to dial: the telephone, else the short number."""
    return str(contact.get("phone") or contact.get("short_number") or "")


def last_verified(contact: Mapping[str, Any], dialled: Dialled | None = None) -> date | None:
    """Return the last day on which the number was found right; dialling another number says nothing of this one."""
    written = contact.get("verified_on") or ""
    days = [date.fromisoformat(written)] if written else []
    if dialled and dialled.result == "right" and dialled.phone == phone_of(contact):
        days.append(dialled.day)
    return max(days, default=None)


def due_to_dial(contact: Mapping[str, Any], on: date, dialled: Dialled | None = None) -> bool:
    """Say whether a number must be dialled: not within 90 days before a day, or in vain the last time."""
    if dialled and dialled.result != "right" and dialled.phone == phone_of(contact):
        return True
    verified = last_verified(contact, dialled)
    return verified is None or on - verified > DIAL_AGAIN


def _faults(key: str, contact: Mapping[str, Any]) -> list[str]:
    faults = []
    if not _KEY.fullmatch(key):
        faults.append("代号只能用小写字母、数字和短横线。")
    if unknown := [name for name in contact if name not in NAMES]:
        faults.append(f"有不认识的栏目({'、'.join(map(_shown, unknown[:3]))})，请删去。")
    if any(value is not None and not isinstance(value, str) for value in contact.values()):
        return [*faults, "各栏应为文字，请改正。"]
    if contact.get("kind") not in dict(KINDS):
        faults.append("种类只能是咨询、窗口、值班、监督、举报热线之一。")
    if fault := _phone_fault(contact.get("phone") or "", contact.get("short_number") or ""):
        faults.append(fault)
    if contact.get("email") and not _EMAIL.fullmatch(contact["email"]):
        faults.append("邮箱格式不对。")
    if contact.get("url") and not _URL.fullmatch(contact["url"]):
        faults.append("网址只能以http或https开头。")
    if contact.get("verified_on") and not _is_day(contact["verified_on"]):
        faults.append("核实日期应写作2008-06-20的样子。")
    return faults


def _phone_fault(phone: str, short_number: str) -> str | None:
    if _MOBILE.fullmatch(phone):
        return "不能填写个人手机号码，请改为办公电话。"
    if phone and not _PHONE.fullmatch(phone):
        return "电话格式不对，应写作0519-80000101的样子。"
    return None if phone or short_number else "缺少电话。"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _shown(text: object) -> str:
    return re.sub(r"[^A-Za-z0-9_\u4e00-\u9fff-]", "?", str(text))[:60]
