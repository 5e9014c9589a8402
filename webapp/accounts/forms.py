"""What is typed about people, posts and rights, as values; the sentence for each field that is not one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from webapp.policy import Role
from webapp.rules import RuleBroken

_MAX_ID = 2**31 - 1


@dataclass(frozen=True)
class AppointmentForm:
    """A term in a post."""

    post_id: int
    since: date
    until: date | None
    is_acting: bool


@dataclass(frozen=True)
class RoleForm:
    """A term in a right."""

    role: Role
    section_id: int | None
    since: date
    until: date | None


def appointment_form(fields: Mapping[str, str]) -> AppointmentForm:
    """Read `post`, `since`, `until` (may be empty), `acting`; raise RuleBroken for the first that is wrong."""
    return AppointmentForm(
        post_id=row_id(fields, "post", "请选择岗位。"),
        since=day(fields, "since"),
        until=optional_day(fields, "until"),
        is_acting=fields.get("acting") == "1",
    )


def role_form(fields: Mapping[str, str]) -> RoleForm:
    """Read `role`, `section` (may be empty), `since`, `until` (may be empty); raise RuleBroken."""
    try:
        role = Role(fields.get("role", ""))
    except ValueError:
        raise RuleBroken("请选择权限。", "role") from None
    section = row_id(fields, "section", "请选择科室。") if fields.get("section", "").strip() else None
    return RoleForm(role, section, day(fields, "since"), optional_day(fields, "until"))


def row_id(fields: Mapping[str, str], name: str, sentence: str) -> int:
    """Return the number of a row that was chosen; raise RuleBroken with the sentence for anything else."""
    text = fields.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MAX_ID)) and 0 < int(text) <= _MAX_ID):
        raise RuleBroken(sentence, name)
    return int(text)


def day(fields: Mapping[str, str], name: str) -> date:
    """Return a day written 2008-07-08; raise RuleBroken for anything else."""
    found = optional_day(fields, name)
    if found is None:
        raise RuleBroken("请填写日期，写成2008-07-08的样子。", name)
    return found


def optional_day(fields: Mapping[str, str], name: str) -> date | None:
    """Return a day, or None where nothing was typed; raise RuleBroken for what is no day."""
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == len("2008-07-08") else _no_day(name)
    except ValueError:
        return _no_day(name)


def _no_day(name: str) -> date:
    raise RuleBroken("日期有误，请写成2008-07-08的样子。", name)
