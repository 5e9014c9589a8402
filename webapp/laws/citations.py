"""Reading citations as people write them: 大气法 48, 《…法》第四十八条第二款, 第72条第(二)项, 附件2第17项. Pure.

Articles are written one way, as the catalogue has them: Arabic figures for 条 and 款, Chinese ones in plain brackets
for 项 (第72条第1款第(二)项). Names are compared by `law_key`, which forgets title marks, the width of brackets and the
prefix 中华人民共和国.
"""

import re
import unicodedata
from dataclasses import dataclass

_DIGITS = "〇一二三四五六七八九"
_VALUES = {**{c: v for v, c in enumerate(_DIGITS)}, "零": 0, "两": 2, "○": 0}
_N = r"[0-9〇○零一二两三四五六七八九十百]+"
_GAP = r"[ \t]*"
_PLACE = (
    rf"第?{_GAP}(?P<article>{_N}){_GAP}条(?:{_GAP}之{_GAP}(?P<after>{_N}))?"
    rf"(?:{_GAP}第?{_GAP}(?P<clause>{_N}){_GAP}款)?"
    rf"(?:{_GAP}第?{_GAP}\(?{_GAP}(?P<item>{_N}){_GAP}\)?{_GAP}项)?"
    rf"(?:{_GAP}第?{_GAP}(?P<point>{_N}){_GAP}目)?"
)
_ARTICLE = re.compile(_PLACE)
_LOOSE = re.compile(  # 1款(二)项 or (二)项 after a place already given
    rf"第?{_GAP}(?:(?P<clause>{_N}){_GAP}款)?(?:{_GAP}第?{_GAP}\({_GAP}(?P<item>{_N}){_GAP}\){_GAP}项?)?",
)
_SHORT = re.compile(rf"(?P<article>[0-9]+)(?:{_GAP}[ .-]{_GAP}(?P<clause>[0-9]+))?(?:{_GAP}\((?P<item>{_N})\))?")
_BARE = rf"[0-9]+(?:{_GAP}[ .-]{_GAP}[0-9]+)?(?:{_GAP}\({_N}\))?"
_CHAPTER = re.compile(rf"第{_GAP}(?P<chapter>{_N}){_GAP}章(?:{_GAP}第{_GAP}(?P<part>{_N}){_GAP}节)?")
_ANNEX = re.compile(rf"附(?P<word>件|表|录){_GAP}(?P<annex>{_N})?(?:{_GAP}第{_GAP}(?P<item>{_N}){_GAP}项)?")
_RANGE = re.compile(rf"{_GAP}(?:至|到|~|—|-){_GAP}")
_LETTERS = re.compile(r"(?<=第)([0-9lIOo]+)(?=条|款|项)")  # a scan's 第l98条
_EDITION = re.compile(r"\(([^()]*(?:年|修订|修正|修改|号|令|版|未核实|制定)[^()]*|[12][0-9]{3})\)")
_TITLE_MARKS = str.maketrans("", "", "《》〈〉")
_SEPARATOR = re.compile(r"[;\n]+")
_AND = re.compile(r"[、,和及]| (?=第)")


@dataclass(frozen=True)
class Citation:
    """One place cited: the law as written, the edition or document in brackets, the article in the one spelling."""

    law: str
    article: str
    edition: str = ""


def normalise_text(text: str) -> str:
    """Return text with plain brackets, figures and blanks, without title marks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TITLE_MARKS).split())


def law_key(name: str) -> str:
    """Return the form under which names of laws are compared."""
    key = normalise_text(name).replace(" ", "").casefold()
    return key.removeprefix("中华人民共和国") or key


def normalise_article(text: str) -> str:
    """Return the place in a law in the one spelling, or the text itself where it is no such place."""
    plain = _mended(normalise_text(text))
    parts = [_spelled_part(part) for part in _RANGE.split(plain)]
    if parts and all(parts):
        return "至".join(part for part in parts if part)
    return plain


def parse_citation(text: str) -> Citation:
    """Read one citation; what cannot be read as a place stays in the name."""
    found = parse_citations(text)
    return found[0] if found else Citation("", "")


def parse_citations(text: str) -> list[Citation]:
    """Read a cell with one or several citations, separated by ; or a line break, articles also by 、.

    A citation that drops the law's name (;第72条) means the law named before it.
    """
    citations: list[Citation] = []
    for piece in _SEPARATOR.split(normalise_text_lines(text)):
        if piece.strip():
            citations += _piece(piece.strip(), citations[-1] if citations else None)
    return citations


def normalise_text_lines(text: str) -> str:
    """Return normalised text with its line breaks kept, for cells that put one citation on each line."""
    return "\n".join(normalise_text(line) for line in text.splitlines())


def article_order(place: str) -> tuple[int, ...]:
    """Return the key by which places of one law stand in order; an annex or chapter comes last."""
    if not place.startswith("第") or "条" not in place:
        return (10_000,)
    return tuple(number_of(number) for number in re.findall(_N, place.split("至", maxsplit=1)[0]))


def number_of(text: str) -> int:
    """Return the value of a number up to 999 in Arabic or Chinese figures; raise ValueError for another."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not any(c in text for c in "十百"):
        return int("".join(str(_VALUES[c]) for c in text))
    total, figure = 0, 0
    for c in text:
        if c == "百":
            total += 100 * (figure or 1)
            figure = 0
        elif c == "十":
            total += 10 * (figure or 1)
            figure = 0
        else:
            figure = _VALUES[c] if c in _VALUES else int(c)
    return total + figure


def chinese_number(value: int) -> str:
    """Return a number up to 999 in Chinese figures, as items are counted: 一, 十, 十三, 一百零二."""
    if not 0 < value < 1000:  # noqa: PLR2004 - no law has so many
        return str(value)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _mended(text: str) -> str:
    return _LETTERS.sub(lambda match: match[0].translate(str.maketrans("lIOo", "1100")), text)


def _spelled_part(part: str) -> str | None:
    part = part.strip()
    for pattern, spell in ((_ARTICLE, _spell), (_CHAPTER, _spell_chapter), (_ANNEX, _spell_annex), (_SHORT, _spell)):
        if match := pattern.fullmatch(part):
            return spell(match)
    return None


def _spell(match: re.Match[str]) -> str:
    found = match.groupdict()
    text = f"第{number_of(found['article'])}条"
    if found.get("after"):
        text += f"之{chinese_number(number_of(found['after']))}"
    if found.get("clause"):
        text += f"第{number_of(found['clause'])}款"
    if found.get("item"):
        text += f"第({chinese_number(number_of(found['item']))})项"
    if found.get("point"):
        text += f"第{number_of(found['point'])}目"
    return text


def _spell_chapter(match: re.Match[str]) -> str:
    text = f"第{chinese_number(number_of(match['chapter']))}章"
    return text + (f"第{chinese_number(number_of(match['part']))}节" if match["part"] else "")


def _spell_annex(match: re.Match[str]) -> str:
    text = f"附{match['word']}" + (str(number_of(match["annex"])) if match["annex"] else "")
    return text + (f"第{number_of(match['item'])}项" if match["item"] else "")


def _piece(piece: str, before: Citation | None) -> list[Citation]:
    piece = _mended(piece)
    law, places = _split_place(piece)
    edition = ""
    if match := _EDITION.search(law):
        edition = match[1].strip()
        law = (law[: match.start()] + law[match.end() :]).strip()
    law = law.strip(" ,、:")
    if not law and before:
        law, edition = before.law, edition or before.edition
    if not places:
        return [Citation(law, "", edition)]
    return [Citation(law, place, edition) for place in places]


def _split_place(piece: str) -> tuple[str, list[str]]:
    """Cut a piece in the name and the places that follow it."""
    starts = [m.start() for pattern in (_ARTICLE, _CHAPTER, _ANNEX) if (m := pattern.search(piece))]
    if starts:
        start = min(starts)
        places = _places(piece[start:])
        if places:
            return piece[:start], places
        return piece, []
    if match := re.search(rf"(?:^|(?<=[^0-9.年第号]))[ ,]*({_BARE}(?:[、,]{_GAP}{_BARE})*){_GAP}$", piece):
        return piece[: match.start(1)], _places(match[1])
    return piece, []


def _places(text: str) -> list[str]:
    """Read places one after the other: 第46条至第48条, 第70、71条, 第1款第(二)项 of the article before."""
    places: list[str] = []
    pieces = [part.strip() for part in _AND.split(text) if part.strip()]
    for index, part in enumerate(pieces):
        spelled = normalise_article(part)
        if _spelled(spelled):
            places.append(spelled)
        elif part.removeprefix("第").isdigit() and (index + 1 < len(pieces) or places):
            places.append(f"第{int(part.removeprefix('第'))}条")
        elif places and (match := _LOOSE.fullmatch(part)) and match[0]:
            places.append(_within(places[-1], match))
        else:
            return []
    return places


def _spelled(text: str) -> bool:
    return all(_spelled_part(part) == part for part in text.split("至"))


def _within(before: str, match: re.Match[str]) -> str:
    """Return a place given only by 款 or 项, in the article of the place before it."""
    article = re.match(r"第\d+条(?:之[一-龥]+)?", before)
    clause = re.search(r"第\d+款", before)
    text = article[0] if article else before
    if match["clause"]:
        text += f"第{number_of(match['clause'])}款"
    elif clause:
        text += clause[0]
    if match["item"]:
        text += f"第({chinese_number(number_of(match['item']))})项"
    return text
