"""Which category people mean: by its name, a subcategory, a group's title, or what a table is called. Pure."""

import re

from webapp.powers import categories
from webapp.powers.table_mending import plain, without_number

_TAIL = re.compile(r"(?:\([共计]*\s*[0-9]+\s*[项条个]\)|[::]?\s*[共计]*[0-9]+\s*[项条个]|事项|职权|权力|类)+$")
_ENFORCEMENT = "行政执法"
_OTHERS = frozenset({"其他", "其它", "其他执法", "其他行政权力", "其他行政执法", "其他行政职权", "其它行政权力"})


def category_word(word: str, outer: str = "") -> str:
    """Return the key of the category a word means, "" where it means none or several.

    `outer` is the group it stands under: 其他 under 行政执法 is other enforcement, else the last group of the plan.
    """
    for tried in (word, _TAIL.sub("", word)):
        if not tried:
            continue
        if outer == _ENFORCEMENT and tried in _OTHERS:
            return "other_enforcement"
        for each in categories.CATEGORIES:
            if tried in {each.name, each.key, *each.subcategories}:
                return each.key
        for key, name, within in categories.in_tree():
            if tried in {key, name} and len(within) == 1:
                return within[0].key
    return ""


def own_category(sub: str, main: str, outer: str) -> str:
    """Return the category of a row by its own cells, subcategory and category; "" where they name none."""
    if main == _ENFORCEMENT and sub in _OTHERS:
        return "other_enforcement"
    by_main, by_sub = category_word(main, outer), category_word(sub, main or outer)
    if main and not by_main:  # a group of several, or nothing known
        return by_sub if by_sub and main == _group_of(by_sub) else ""
    if by_main and sub and by_sub and by_sub != by_main:
        return ""
    return by_main or by_sub


def group_title(text: str) -> str:
    """Return a group's title without its number and count: 一、行政处罚(62项) is 行政处罚."""
    title = without_number(text)
    return _TAIL.sub("", title) or title


def category_of_title(text: str) -> str:
    """Return the only category a title or a sheet's name speaks of, "" where it speaks of none or several."""
    word = plain(text)
    found = {each.key for each in categories.CATEGORIES if each.name in word}
    return found.pop() if len(found) == 1 else ""


def _group_of(key: str) -> str:
    found = categories.category(key)
    return found.group_name if found else ""
