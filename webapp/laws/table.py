"""A table of laws, editions, articles and successors, one row each, read as entries in the shape of laws.json. Pure.

An empty cell says nothing of what the library holds already. Every row is taken or refused: rows = taken + refused.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from webapp.laws.forms import checked, place
from webapp.laws.reading import RANKS, LawLibrary
from webapp.rules import RuleBroken

HEADINGS = {
    "name": "名称 法规名称 法律法规名称 文件名称",
    "full_name": "全称",
    "rank": "种类 效力位阶 类别",
    "aliases": "简称",
    "edition": "版本",
    "document": "文号 发布文号",
    "in_force": "施行日期 实施日期 生效日期",
    "repealed": "失效日期 废止日期",
    "replaced_law": "取代法规",
    "replaced_edition": "取代版本",
    "checked": "已核对 核对",
    "article": "条款 条",
    "text": "条文 原文",
    "to_law": "新法规",
    "to_edition": "新版本",
    "to_article": "新条款 新条",
    "change": "变化",
    "substantive": "实质变化",
}
SAMPLE = tuple(words.split()[0] for words in HEADINGS.values())
_BY_WORD = {word: name for name, words in HEADINGS.items() for word in words.split()}
_SEARCHED, _MAX_TEXT = 10, 8000
_YES = frozenset({"是", "1", "√", "已核对", "有"})


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be taken: where, which column, what stands there, why."""

    row: int
    column: str
    value: str
    why: str


@dataclass
class LawTable:
    """What a table holds: `data` in the shape of laws.json, refused rows, columns nobody knows."""

    rows: int = 0
    taken: int = 0
    data: dict[str, Any] = field(default_factory=lambda: {"laws": [], "successors": []})
    refused: list[RefusedRow] = field(default_factory=list)
    unknown: tuple[str, ...] = ()


def read_law_table(rows: Sequence[tuple[int, Sequence[str]]], library: LawLibrary) -> LawTable:
    """Read the rows of a table (number, cells); raise RuleBroken where no heading row is found."""
    at, columns, unknown = _headings(rows)
    table = LawTable(unknown=unknown)
    laws: dict[str, dict[str, Any]] = {}
    for number, cells in rows[at + 1 :]:
        values = {name: " ".join(cells[column].split()) for column, name in columns.items() if column < len(cells)}
        if "text" in values:
            values["text"] = next(cells[column] for column, name in columns.items() if name == "text").strip()
        if not any(values.values()):
            continue
        table.rows += 1
        try:
            _take(table.data, laws, values, library)
        except RuleBroken as broken:
            name = broken.field or ""
            heading = HEADINGS.get(name, "").split(" ")[0]
            table.refused.append(RefusedRow(number, heading, values.get(name, "")[:60], broken.message))
        else:
            table.taken += 1
    table.data["laws"] = list(laws.values())
    return table


def completed(data: Mapping[str, Any], library: LawLibrary) -> dict[str, Any]:
    """Return the entries with what the library knows and the table does not say, so that nothing is taken away."""
    laws = []
    for entry in data["laws"]:
        known = library.law(entry["name"])
        base: dict[str, Any] = {"full_name": known.full_name, "rank": known.rank} if known else {}
        versions = []
        for version in entry["versions"]:
            kept = library.edition(entry["name"], version["edition"])
            before: dict[str, Any] = {}
            if kept is not None:
                before = {
                    "document": kept.document,
                    "in_force": kept.in_force.isoformat() if kept.in_force else None,
                    "repealed": kept.repealed.isoformat() if kept.repealed else None,
                    "replaced_by": dict(zip(("law", "edition"), kept.replaced_by, strict=True))
                    if kept.replaced_by
                    else None,
                    "checked": kept.is_checked,
                }
                before["edition"] = kept.edition
            versions.append({**version, **before, **{k: v for k, v in version.items() if k != "edition"}})
        laws.append({**base, **entry, "versions": versions})
    return {"laws": laws, "successors": list(data["successors"])}


def told_changes(data: Mapping[str, Any], library: LawLibrary) -> list[str]:
    """Return in sentences what taking the entries in would change, for the preview."""
    told = []
    for entry in data["laws"]:
        known = library.law(entry["name"])
        if known is None:
            told.append(f"新增“{entry['name']}”({entry.get('rank') or '种类不详'})")
        elif new := [alias for alias in entry.get("aliases", ()) if alias not in known.aliases]:
            told.append(f"“{known.name}”增加简称{'、'.join(new)}")
        for version in entry["versions"]:
            told += _told_edition(entry["name"], version, library)
    told += [
        f"新旧条文对照：{each['from']['law']}{each['from']['article']} → {each['to']['law']}{each['to']['article']}"
        for each in data["successors"]
    ]
    return told


def _told_edition(law: str, version: Mapping[str, Any], library: LawLibrary) -> Iterable[str]:
    kept = library.edition(law, version["edition"])
    title = f"{law}({version['edition']})"
    if kept is None:
        yield f"新增版本{title}，{version.get('in_force') or '施行日期不详'}"
    else:
        for name, words in (("in_force", "施行日期"), ("repealed", "失效日期")):
            stands = getattr(kept, name)
            if name in version and version[name] != (stands.isoformat() if stands else None):
                yield f"{title}{words}：{stands or '不详'} → {version[name] or '不详'}"
    if articles := version.get("articles"):
        yield f"{title}条文{len(articles)}条"


def _headings(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[int, str], tuple[str, ...]]:
    for at, (_, cells) in enumerate(rows[:_SEARCHED]):
        words = [re.sub(r"[\s(（].*$", "", cell.strip()) for cell in cells]
        columns = {column: _BY_WORD[word] for column, word in enumerate(words) if word in _BY_WORD}
        if "name" in columns.values() and len(columns) > 1:
            unknown = tuple(word for column, word in enumerate(words) if word and column not in columns)
            return at, columns, unknown
    raise RuleBroken("没有找到表头：第一行应有“名称”“版本”“施行日期”等栏名。", "file")


def _take(
    data: dict[str, Any], laws: dict[str, dict[str, Any]], values: Mapping[str, str], library: LawLibrary
) -> None:
    """Add one row to the entries, or raise before anything of it is added."""
    for name, text in values.items():
        checked(text, name, _MAX_TEXT if name == "text" else 120)
    name = values.get("name", "")
    if not name:
        raise RuleBroken("缺少名称", "name")
    known = library.law(name)
    name = known.name if known else name
    if (rank := values.get("rank", "")) and rank not in RANKS:
        raise RuleBroken(f"种类只能是{'、'.join(RANKS)}之一", "rank")
    if known is None and not rank and name not in laws:
        raise RuleBroken("库中没有这部法规，新增的须写明种类", "rank")
    edition = values.get("edition", "")
    if not edition and any(values.get(one) for one in ("document", "in_force", "repealed", "article", "to_article")):
        raise RuleBroken("缺少版本", "edition")
    version = _version(values, edition)
    successor = _successor(values, name, edition) if values.get("to_article") else None
    article = place(values["article"], "article") if values.get("article") else ""
    law = laws.setdefault(name, {"name": name, "aliases": [], "versions": []})
    law |= {key: values[key] for key in ("full_name", "rank") if values.get(key)}
    names = [*law["aliases"], *re.split(r"[;；、\s]+", values.get("aliases", ""))]
    law["aliases"] = [each for each in dict.fromkeys(names) if each]
    if edition:
        kept = next((each for each in law["versions"] if each["edition"] == edition), None)
        if kept is None:
            law["versions"].append(kept := {"edition": edition, "articles": []})
        kept |= version
        if article and not successor:
            kept["articles"].append(
                {"article": article, "text": values.get("text", ""), "checked": _yes(values, "checked")}
            )
    if successor:
        data["successors"].append(successor)


def _version(values: Mapping[str, str], edition: str) -> dict[str, Any]:
    version: dict[str, Any] = {"edition": edition}
    if values.get("document"):
        version["document"] = values["document"]
    for name in ("in_force", "repealed"):
        if values.get(name):
            version[name] = _day(values, name)
    if values.get("replaced_law"):
        version["replaced_by"] = {"law": values["replaced_law"], "edition": values.get("replaced_edition", "")}
    if values.get("checked") and not values.get("article"):
        version["checked"] = _yes(values, "checked")
    return version


def _successor(values: Mapping[str, str], name: str, edition: str) -> dict[str, Any]:
    if not values.get("article"):
        raise RuleBroken("有新条款而缺少原条款", "article")
    if not values.get("to_edition"):
        raise RuleBroken("有新条款而缺少新版本", "to_edition")
    is_checked = _yes(values, "checked")
    return {
        "from": {"law": name, "edition": edition, "article": place(values["article"], "article")},
        "to": {
            "law": values.get("to_law") or name,
            "edition": values["to_edition"],
            "article": place(values["to_article"], "to_article"),
        },
        "change": values.get("change", ""),
        "substantive": _yes(values, "substantive"),
        "checked_from": is_checked,
        "checked_to": is_checked,
    }


def _yes(values: Mapping[str, str], name: str) -> bool:
    return values.get(name, "") in _YES


def _day(values: Mapping[str, str], name: str) -> str:
    text = values[name].replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    parts = text.split(" ")[0].split("-")
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except (ValueError, TypeError):
        raise RuleBroken("日期无法识别，应写作2008-06-01的样子", name) from None
