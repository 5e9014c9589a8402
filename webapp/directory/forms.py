"""What is typed about a contact, as values; the sentence for each field that is not one."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from webapp import scan
from webapp.characters import character_sentence
from webapp.directory.contacts import NAMES, contact_fault
from webapp.directory.models import RESULTS
from webapp.rules import RuleBroken

FIELDS = tuple(name for name in NAMES if name != "verified_on")  # the day comes from dialling, not from typing
MAX_TEXT, MAX_NOTE = 120, 300
_PLAIN = frozenset({"phone", "short_number", "email", "url"})  # full-width figures are written as plain ones


def contact_form(fields: Mapping[str, str]) -> dict[str, str]:
    """Return a contact as typed, what is empty left out; raise RuleBroken for the first field that is wrong."""
    contact = {name: _line(fields, name) for name in FIELDS}
    contact = {name: value for name, value in contact.items() if value}
    if not contact.get("unit"):
        raise RuleBroken("请填写单位。", "unit")
    if fault := contact_fault(contact):
        raise RuleBroken(fault[1], fault[0])
    # Whatever is printed of a contact is public; a private number in a note is none the less a private number.
    if sentence := scan.personal_sentence("\n".join(contact.values())):
        raise RuleBroken(sentence)
    return contact


def reason_form(fields: Mapping[str, str], name: str, sentence: str) -> str:
    """Return a reason as typed; raise RuleBroken with the sentence where there is none."""
    text = checked_text(fields.get(name, ""), name, MAX_NOTE)
    if not text:
        raise RuleBroken(sentence, name)
    return text


def result_form(fields: Mapping[str, str]) -> str:
    """Return the result of dialling; raise RuleBroken for none."""
    result = fields.get("result", "")
    if result not in RESULTS:
        raise RuleBroken("请选择拨打结果。", "result")
    return result


def day_before(day: date, today: date) -> date:
    """Return the day somebody dialled; raise RuleBroken for one still to come."""
    if day > today:
        raise RuleBroken("拨打日期不能晚于今天。", "day")
    return day


def seen_changes(chosen: Sequence[str]) -> dict[int, str]:
    """Return the changes ticked on a page, ID:DIGEST each, as digest by number; raise RuleBroken for anything else."""
    seen = {}
    for text in chosen:
        number, _, digest = text.partition(":")
        if not (number.isascii() and number.isdigit() and len(number) <= 9 and digest):  # noqa: PLR2004 - digits of an integer column
            raise RuleBroken("请勾选要复核的修改。", "change")
        seen[int(number)] = digest
    return seen


def checked_text(text: str, name: str, longest: int) -> str:
    """Return a text without blanks around it; raise RuleBroken where it cannot be kept."""
    text = text.strip()
    if sentence := character_sentence(text) or scan.secrecy_sentence(text):
        raise RuleBroken(sentence, name)
    if len(text) > longest:
        raise RuleBroken(f"最多{longest}个字，请删减。", name)
    return text


def _line(fields: Mapping[str, str], name: str) -> str:
    text = " ".join(checked_text(fields.get(name, ""), name, MAX_TEXT).split())
    return unicodedata.normalize("NFKC", text).replace("—", "-") if name in _PLAIN else text
