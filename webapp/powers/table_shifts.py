"""Signs that a row of a table stands in the wrong columns: what a cell holds belongs to another. Pure.

Where a merged cell's value vanished, the rest of the row moved to the left (data/README.md). Such a row is refused:
each sign here is a value that cannot belong where it stands.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from webapp.powers import categories
from webapp.powers.fields import FIELDS, PUBLICATION_FORMS, PUBLICATION_SCOPES
from webapp.powers.shapes import Shape
from webapp.powers.table_mending import plain

ONE_LIMIT = re.compile(r"([0-9]{1,7})\s*(?:个)?(工作日|日历日|自然日|天|日|月|年|小时)(?:内|以内)?(?:;(.*))?")
_CITED = re.compile(
    r"(?:法|条例|办法|规定|细则|》)\s*(?:\([^)]*\))?\s*第?\s*[0-9一二三四五六七八九十百]+\s*条"
    r"(?:之[一二三四五六七八九十]|[第()0-9一二三四五六七八九十款项目、]*)(?:[;、,。].*)?$"
)
_LAW_SIGNS = re.compile(
    r"法|条例|办法|规定|通知|意见|决定|规则|令|章程|细则|标准|制度|方案|号|条|《|准则|文件|纲要|公告|批复|目录|三定|协议|纪要"
    r"|守则|规程|规范|程序|计划|政策|函"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:]+)?")
_NUMBER = re.compile(r"[0-9.]+(?:[Ee]\+?[0-9]+)?")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+")
_SERIAL = re.compile(r"[\s0-9.、．,()（）\[\]一二三四五六七八九十百①-⑳〃\"“”*★☆√-]*")
_NO_SECTION = frozenset(
    {
        "name",
        "code",
        "basis",
        "conditions",
        "rules",
        "exercise_scope",
        "statutory_limit-n",
        "promised_limit-n",
        "publication_forms",
        "publication_scope",
        "publication_time",
        "publication_content",
        "fee_basis",
        "fee_standard",
        "fees",
        "counterpart_rights",
        "service_commitment",
        "discipline",
        "accountability",
    }
)
_NO_LIMIT = frozenset(
    {
        "name",
        "code",
        "basis",
        "section",
        "department",
        "publication_forms",
        "publication_scope",
        "fee_basis",
        "conditions",
        "counterpart_rights",
        "complaint_channel",
        "category",
        "rules",
    }
)
_NO_CATEGORY = frozenset(
    {
        "name",
        "code",
        "basis",
        "publication_forms",
        "publication_scope",
        "publication_time",
        "conditions",
        "statutory_limit-n",
        "promised_limit-n",
    }
)
_FREE = frozenset({"details", "duties", "complaint_channel", "publication_content", "service_commitment"})
_NO_SCOPE = frozenset({"name", "basis", "publication_forms", "publication_time", "fees", "fee_basis", "conditions"})
_TEXTS = frozenset(each.name for each in FIELDS if each.shape is Shape.TEXT) | {"name", "basis", "publication_time"}
_YES_NO = frozenset({"是", "否", "yes", "no"})
_NO_FEE = frozenset({"name", "basis", "publication_forms", "publication_scope", "publication_time", "conditions"})
_NO_FEES = frozenset({"不收费", "无收费", "免费", "免收"})
_LONGEST = 40  # a section, a limit and a category are short


@dataclass(frozen=True)
class Sign:
    """A value in the wrong column: the target of the column and why it cannot stand there."""

    target: str
    why: str


def signs_of_shift(values: Mapping[str, str], sections: Collection[str]) -> Iterator[Sign]:
    """Yield what cannot stand where it stands; `sections` are compared as plain text."""
    for target, text in values.items():
        # Only a name, a code and a basis are looked at whole; what else gives itself away is short.
        if not text or (len(text) > _LONGEST and target not in {"name", "code", "basis"}):
            continue
        if target == "basis" and len(text) > _LONGEST and names_law(text):
            continue
        word = plain(text)
        if target == "name":
            yield from _name(word)
        elif target == "code":
            yield from _code(word)
        elif target == "basis" and word not in sections and not names_law(text):
            yield Sign(target, "没有读出法律法规名称，疑似错位，请核对整行")
        elif target.endswith("_limit-n") and _DATE.fullmatch(word):
            yield Sign(target, "是日期而不是时限，疑为表格软件自动改成，请改回原来的时限")
        if len(word) <= _LONGEST:
            yield from _short(target, word, sections)


def names_law(text: str) -> bool:
    """Say whether a text has a word that names of laws, documents and rules are made with."""
    return _LAW_SIGNS.search(text) is not None


def serial_sign(text: str) -> str | None:
    """Return why what stands in the column of running numbers shows a shifted row, or None."""
    if _SERIAL.fullmatch(text) or plain(text).isdigit():
        return None
    return "序号一栏不是编号，疑似整行左移，请核对整行"


def _short(target: str, word: str, sections: Collection[str]) -> Iterator[Sign]:
    if target in _NO_SECTION and word in sections:
        yield Sign(target, "是科室名称，疑似错位，请核对整行")
    if target in _NO_LIMIT and ONE_LIMIT.fullmatch(word):
        yield Sign(target, "是时限，疑似错位，请核对整行")
    if target != "publication_forms" and target not in _FREE and _are_forms(word):
        yield Sign(target, "是公开形式，疑似错位，请核对整行")
    if target in _NO_SCOPE and word in PUBLICATION_SCOPES:
        yield Sign(target, "是公开范围，疑似错位，请核对整行")
    if target in _TEXTS and word.casefold() in _YES_NO:
        yield Sign(target, "只写了是或否，疑似错位，请核对整行")
    if target in _NO_FEE and word in _NO_FEES:
        yield Sign(target, "是收费内容，疑似错位，请核对整行")
    if target in _NO_CATEGORY and any(word == each.name for each in categories.CATEGORIES):
        yield Sign(target, "是职权类别，疑似错位，请核对整行")


def _are_forms(word: str) -> bool:
    parts = [part.strip() for part in word.split(";") if part.strip()]
    return bool(parts) and all(part in PUBLICATION_FORMS and part != "不公开" for part in parts)


def _name(word: str) -> Iterator[Sign]:
    if _CITED.fullmatch(word) or (
        word.startswith("《") and _CITED.search(word) and re.search(r"条(?:[、;,。].*)?$", word)
    ):
        yield Sign("name", "是法律依据，疑似错位，请核对整行")
    elif _DATE.fullmatch(word) or _NUMBER.fullmatch(word):
        yield Sign("name", "是数字或日期，不是名称，请核对整行")


def _code(word: str) -> Iterator[Sign]:
    if _SCIENTIFIC.fullmatch(word):
        yield Sign("code", "编码已被表格软件改成科学计数，请改为文本并填写原编码")
    elif _DATE.fullmatch(word):
        yield Sign("code", "编码已被表格软件改成日期，请改为文本并填写原编码")
    elif re.search(r"[\u4e00-\u9fff]{5,}", word):
        yield Sign("code", "不是编码，疑似错位，请核对整行")
