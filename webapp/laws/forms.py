"""What is typed about laws, their editions and articles, as entries in the shape of laws.json; a sentence per field."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp import scan
from webapp.characters import character_sentence
from webapp.laws.citations import law_key, normalise_article, normalise_text
from webapp.laws.reading import RANKS
from webapp.rules import RuleBroken

MAX_NAME, MAX_TEXT, MAX_ALIASES = 120, 8000, 20


def law_form(fields: Mapping[str, str], *, name: str = "") -> dict[str, Any]:
    """Return a law as typed: name (unless it is known), full name, rank, short names."""
    entry: dict[str, Any] = {"name": name or normalise_text(line(fields, "name", "请填写名称，如水污染防治法。"))}
    if not law_key(entry["name"]):
        raise RuleBroken("请填写名称，如水污染防治法。", "name")
    rank = fields.get("rank", "")
    if rank not in RANKS:
        raise RuleBroken("请选择种类。", "rank")
    names = (
        " ".join(each.split()) for each in fields.get("aliases", "").replace("；", ";").replace(";", "\n").splitlines()
    )
    aliases = [each for each in dict.fromkeys(names) if each]
    if len(aliases) > MAX_ALIASES:
        raise RuleBroken(f"简称最多{MAX_ALIASES}个。", "aliases")
    for alias in aliases:
        checked(alias, "aliases", MAX_NAME)
    return {**entry, "full_name": line(fields, "full_name"), "rank": rank, "aliases": aliases}


def edition_form(fields: Mapping[str, str], *, edition: str | None = None) -> dict[str, Any]:
    """Return an edition as typed; `edition` names one that is there already."""
    replaced = {"law": line(fields, "replaced_law"), "edition": line(fields, "replaced_edition")}
    if replaced["edition"] and not replaced["law"]:
        raise RuleBroken("请填写取代它的法规名称。", "replaced_law")
    named = line(fields, "edition", "请填写版本，如2008年修订。") if edition is None else edition
    begins, ends = _day(fields, "in_force"), _day(fields, "repealed")
    if begins and ends and ends <= begins:
        raise RuleBroken("失效日期应晚于施行日期，请核对。", "repealed")
    return {
        "edition": named,
        "document": line(fields, "document"),
        "in_force": begins,
        "repealed": ends,
        "replaced_by": replaced if replaced["law"] else None,
        "checked": fields.get("checked") == "1",
    }


def article_form(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return an article as typed, its place in the one spelling."""
    return {
        "article": place(line(fields, "place", "请填写条款，如第48条。"), "place"),
        "text": checked(fields.get("content", "").replace("\r\n", "\n"), "content", MAX_TEXT),
        "checked": fields.get("checked") == "1",
    }


def successor_form(fields: Mapping[str, str], law: str) -> dict[str, Any]:
    """Return an article of a law and what replaced it."""
    return {
        "from": {
            "law": law,
            "edition": line(fields, "from_edition", "请选择原版本。"),
            "article": place(line(fields, "from_place", "请填写原条款，如第48条。"), "from_place"),
        },
        "to": {
            "law": line(fields, "to_law", "请填写新法规的名称。"),
            "edition": line(fields, "to_edition", "请填写新版本。"),
            "article": place(line(fields, "to_place", "请填写新条款，如第99条。"), "to_place"),
        },
        "change": checked(fields.get("change", ""), "change", MAX_NAME * 4),
        "substantive": fields.get("substantive") == "1",
        "checked_from": fields.get("checked") == "1",
        "checked_to": fields.get("checked") == "1",
    }


def place(text: str, name: str) -> str:
    """Return a place in a law in the one spelling (48 is 第48条); raise RuleBroken for what is none."""
    found = normalise_article(text)
    if not found.startswith(("第", "附")) or len(found) > MAX_NAME:
        raise RuleBroken(f"“{text[:20]}”不是条款，应写作第48条、第48条第1款或附件2的样子。", name)
    return found


def line(fields: Mapping[str, str], name: str, needed: str = "") -> str:
    """Return one line as typed; raise RuleBroken where it is needed and empty, or cannot be kept."""
    text = " ".join(fields.get(name, "").split())
    if needed and not text:
        raise RuleBroken(needed, name)
    return checked(text, name, MAX_NAME)


def checked(text: str, name: str, longest: int) -> str:
    """Return a text that can be kept; raise RuleBroken for another."""
    text = text.strip()
    if sentence := character_sentence(text) or scan.secrecy_sentence(text):
        raise RuleBroken(sentence, name)
    if len(text) > longest:
        raise RuleBroken(f"最多{longest}个字，请删减。", name)
    return text


def _day(fields: Mapping[str, str], name: str) -> str | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RuleBroken("日期有误，请写成2008-06-01的样子。", name) from None
