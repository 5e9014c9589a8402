"""What is certain in the cells of people's tables and is put right, each time told: figures, blanks, numbering. Pure.

A letter in place of a figure is put right only inside a number of a document or a year, and only beside a real figure
(第l98號, 〔2OO8〕); everything else stays as it was written.
"""

import re
import unicodedata
from functools import lru_cache

_LONGEST_DITTO = 6
_DITTO = frozenset(
    {"同上", "同前", "同左", "〃", "″", '"', "“", "”", "''", "々", "-〃-", "”“", "““", "””", '""', "、、"}
)
_NUMBERED = re.compile(
    r"^\s*(?:[(]?[一二三四五六七八九十百]{1,4}(?:[)][、.]?|[、.])|[(]?[0-9]{1,4}(?:[)][、.]?|[、]|[.](?![0-9]))"
    r"|[①-⑳])\s*"
)
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_IN_NUMBER = re.compile(r"(?<=第)[0-9lIOo]{1,5}(?=[号號])|(?<=[〔\[［(（])[0-9lIOo]{4}(?=[〕\]］)）])")
_CJK = "\u3400-\u9fff\U00020000-\U0003ffff，。；：、（）《》“”〔〕"
_BROKEN = re.compile(rf"(?<=[{_CJK}])[ \t\u3000\n]+(?=[{_CJK}])")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}  # keeps the length
_YEARS = range(1900, 2100)
NOTHING = frozenset({"无", "没有", "无规定", "暂无", "不适用", "—", "——", "-", "--", "/", "\\", "无收费", "不收费"})


@lru_cache(maxsize=4096)  # a cell is looked at several times, and many say the same
def plain(text: str) -> str:
    """Return text as it is compared: NFKC, runs of blanks as one."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def is_ditto(text: str) -> bool:
    """Say whether a cell only repeats the one above."""
    return len(text) <= _LONGEST_DITTO and re.sub(r"\s", "", text) in _DITTO


def says_nothing(text: str) -> bool:
    """Say whether a cell says that there is nothing: 无, —, /."""
    return plain(text) in NOTHING


def mended_figures(text: str) -> tuple[str, list[str]]:
    """Return a text with full-width letters and figures made plain, letters in numbers made figures, and what was."""
    told = []
    if _WIDE.search(text):
        text = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
        told.append("全角数字、字母改为半角")
    changed = _IN_NUMBER.sub(_figures, text)
    if changed != text:
        told.append("号码中的字母改为数字")
    return changed, told


def mended_name(text: str) -> tuple[str, list[str]]:
    """Return a name without its number in the list and without blanks inside words, and what was put right."""
    told = []
    match = _NUMBERED.match(text.translate(_NARROW))
    if match and match[0].strip() and text[match.end() :].strip():
        told.append(f"去掉名称前的编号“{match[0].strip()}”")
        text = text[match.end() :]
    whole = whole_words(text)
    if whole != " ".join(text.split()):
        told.append("去掉名称中间的空格")
    return whole, told


def without_number(text: str) -> str:
    """Return a title without its number."""
    return plain(_NUMBERED.sub("", text.translate(_NARROW)))


def whole_words(text: str) -> str:
    """Return a text on one line without the blanks that a broken cell left between Chinese characters."""
    return " ".join(_BROKEN.sub("", text).split())


def one_line(text: str) -> str:
    """Return a text on one line; a line broken between Chinese characters is put together without a blank."""
    return whole_words(text) if "\n" in text or "\t" in text else text


def _figures(match: re.Match[str]) -> str:
    if match[0].isdigit() or not any(c.isdigit() for c in match[0]):
        return match[0]
    mended = match[0].translate(str.maketrans("lIOo", "1100"))
    return mended if len(mended) < len("0000") or int(mended) in _YEARS else match[0]
