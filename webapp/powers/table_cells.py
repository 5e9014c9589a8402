"""What people write in one cell of a table, read as the value of a field: basis, limits, posts, lists. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from webapp.laws.citations import Citation, parse_citations
from webapp.powers import categories
from webapp.powers.fields import details_in_order
from webapp.powers.fields import field as field_of
from webapp.powers.shapes import Field, Shape
from webapp.powers.table_mending import plain, says_nothing
from webapp.powers.table_shifts import ONE_LIMIT, names_law
from webapp.powers.tables import CellRefused, details_of, limit_of, value_of

_PARTS = re.compile(r"[;；、,，\n]+")
_ITEMS = re.compile(r"[;；\n]+")
_POST = re.compile(r"([^:：，。；]{2,20})[:：]\s*(.+)", re.DOTALL)
_N = r"第?\s*[0-9〇零一二三四五六七八九十百]+\s*"
_PLACE_ITEM = rf"{_N}条(?:之[一二三四五六七八九十])?(?:\s*{_N}款)?(?:\s*第?\s*[(（]?\s*{_N}[)）]?\s*项)?"
# A citation with the words of the article after it: 《…法》第四十八条规定：“……”, or the words in brackets.
_QUOTED = re.compile(rf"(?P<cited>{_PLACE_ITEM})\s*(?:的?规定)?\s*(?:[:：]|(?=[“「])|(?=[(（]内容))")
_NEXT = re.compile(
    r"《[^》]{2,80}》(?:\s*[(（][^()（）]{1,40}[)）])?\s*(?=第?\s*[0-9一二三四五六七八九十百]+\s*条|[;；\n]|$)"
)
_CITES_MORE = re.compile(r"(?<=[^;；\n、和及与])(?=《)")
_NO_LAW = re.compile(r"[:：。]|负责")  # a sentence or a post's duty is no name
_DIGITS_ONLY = re.compile(r"[0-9.-]+")


def parts_of(text: str) -> list[str]:
    """Return the parts of a cell that lists names, parted by ; 、 , or line breaks."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def basis_cell(
    text: str,
    resolve: Callable[[Citation], Mapping[str, str] | None] | None,
    told: list[str],
) -> list[dict[str, str]]:
    """Return the rows of a basis as people write it; what was decided is added to `told`. Raises CellRefused."""
    try:
        ours: list[dict[str, str]] = value_of(field_of("basis"), text)
    except CellRefused:
        pass
    else:
        return ours
    cited, has_words = _without_words(text)
    if has_words:
        told.append("依据中的条文原文没有录入，只取名称和条款")
    rows: list[dict[str, str]] = []
    for citation in parse_citations(cited):
        found = resolve(citation) if resolve else None
        if found is None and (_NO_LAW.search(citation.law) or not names_law(citation.law)):
            raise CellRefused("没有读出法律法规名称，疑似错位，请核对整行")
        if found is None and resolve:
            told.append(f"法规制度库中没有“{citation.law[:40]}”，依据照原文填写")
        written = {"law": citation.law, "edition": citation.edition, "article": citation.article}
        row = {"kind": "", **written, "role": ""} if found is None else dict(found)
        if row not in rows:
            rows.append(row)
    if not rows or not all(row["law"] for row in rows):
        raise CellRefused("没有读出法律法规名称")
    return rows


def basis_parts(law: str, edition: str, article: str) -> str:
    """Return the basis that stands in columns of its own as one text; lines belong to those of the other cells."""
    laws, articles = [line for line in law.split("\n") if line.strip()], article.split("\n")
    editions = edition.split("\n")
    if len(laws) > 1 and len(articles) == len(laws):
        return ";".join(
            _one_basis(each, editions[place] if len(editions) == len(laws) else "", articles[place])
            for place, each in enumerate(laws)
        )
    if len(laws) > 1 and article.strip():
        raise CellRefused("法律名称和条款的行数不一致，分不清哪一条属于哪部法律")
    return _one_basis(";".join(laws), edition, article)


def duties_cell(text: str, told: list[str]) -> list[dict[str, str]]:
    """Return the posts of a cell: 岗位:职责 on each line, or parted by ;. A text without posts stands as one duty."""
    if "|" in text:
        found: list[dict[str, str]] = value_of(field_of("duties"), text)
        return found
    matches = [_POST.fullmatch(part.strip()) for part in _ITEMS.split(text) if part.strip()]
    if matches and all(matches):
        return [{"post": match[1].strip(), "duty": match[2].strip()} for match in matches if match]
    told.append("“人员职责分工”没有写明岗位，照原文填为一项职责")
    return [{"post": "", "duty": text}]


def detail_value(key: str, heading: str, text: str) -> dict[str, Any]:
    """Return one of a category's own fields from a column of its own; all of them from the cell 类别专项 ("")."""
    if not heading:
        return details_of(key, text)
    found = categories.category(key)
    each = next((field for field in found.details if field.heading == heading), None) if found else None
    if each is None or found is None:
        if says_nothing(text) or found is None:
            return {}
        raise CellRefused(f"“{found.name}”没有“{heading}”一项")
    if each.name == "nature" and not each.offers(text):
        text = f"{plain(text)}收费"
    return details_in_order(found, {each.name: simple_value(each, text)})


def simple_value(field: Field, text: str) -> object:
    """Return a value by its shape, as people write it: lists parted by ; or line breaks."""
    is_ours = "\\" in text
    if field.shape is Shape.LINES and not is_ours:
        return [part.strip() for part in _ITEMS.split(text) if part.strip()]
    if field.shape in {Shape.ROWS, Shape.CHOICES} and not is_ours and "|" not in text:
        text = ";".join(part.strip() for part in _ITEMS.split(text) if part.strip())
    if field.shape in {Shape.CHOICE, Shape.CHOICES, Shape.FLOWS, Shape.DAY, Shape.CONTACT, Shape.LIMIT, Shape.NUMBER}:
        text = plain(text)
    return value_of(field, text)


def limit_cell(number: str, rest: str) -> dict[str, object] | None:
    """Read a limit in two cells, or in one as people write it: 20个工作日, 即时 is 0; 三十日 is refused."""
    text = f"{number}{rest}"
    if text.startswith(("当场", "即时", "即办")):
        return limit_of("", "当场")
    if match := ONE_LIMIT.fullmatch(text):
        return limit_of(match[1], match[2] + (f";{match[3]}" if match[3] else ""))
    return limit_of(number, rest)


def _one_basis(law: str, edition: str, article: str) -> str:
    name = law.strip() if law.strip().startswith("《") or ";" in law else f"《{law.strip()}》" if law.strip() else ""
    dated = f"({edition.strip('()（）〔〕 ')})" if edition.strip() and not says_nothing(edition) else ""
    place = article.strip()
    if _DIGITS_ONLY.fullmatch(place):
        place = f"第{place}条"
    return f"{name}{dated}{'' if says_nothing(place) else place}"


def _without_words(text: str) -> tuple[str, bool]:
    """Return a cell of citations without the words of the articles, and whether there were any."""
    kept: list[str] = []
    place, has_words = 0, False
    while match := _QUOTED.search(text, place):
        kept.append(text[place : match.end("cited")])
        following = _NEXT.search(text, match.end())
        line = text.find("\n", match.end())
        ends = [following.start() if following else len(text)]
        if line >= 0 and _QUOTED.search(text, line):
            ends.append(line)
        place, has_words = min(ends), True
        kept.append("\n")
    kept.append(text[place:])
    cited = "".join(kept)
    # One law after the other without a mark between them is two citations.
    return _CITES_MORE.sub(";", cited), has_words
