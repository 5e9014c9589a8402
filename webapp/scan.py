"""Finding secrecy markings and personal data in text. Pure.

Markings stop a text wherever it is saved: this is not a system for classified matter (保守国家秘密法; practice.md,
"What may not be in such a system"). Personal data stops it before publication (security.md LEAK-11). The law's own
name, and 国家秘密 as a reason for not publishing, are no markings.
"""

import re
import unicodedata
from dataclasses import dataclass

SECRECY = "secrecy"
ID_NUMBER = "id_number"
MOBILE = "mobile"
BANK_CARD = "bank_card"
LABELS = {SECRECY: "密级标志", ID_NUMBER: "居民身份证号码", MOBILE: "手机号码", BANK_CARD: "银行卡号"}


@dataclass(frozen=True)
class Hit:
    """Something found: its kind and its place in the text as given."""

    kind: str
    start: int
    end: int


# What may stand between the characters of a marking: blanks, invisible and separating characters, also as JSON
# writes a line break.
_GAP = r"(?:\\[nrt]|[\s\u200b-\u200d\u2060\ufeff·・_*-]){0,3}"
_STARS = "★☆⭐✩✪✭✯✰"
_STAR, _COLON = f"[{_STARS}]", r"[:\uff1a\ufe30\ufe55]"
_LEVEL = rf"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_TERM = rf"(?:长{_GAP}期|[\d〇零一二三四五六七八九十]{{1,4}}{_GAP}(?:年|个?月|天|日))"
_OPEN = r"[\[\uff3b【(\uff08〔「『<\uff1c〈《]"
_SHUT = r"[\]\uff3d】)\uff09〕」』>\uff1e〉》]"
_BLANK = r"[ \t\u3000]{0,8}"
_BY_LEVEL = re.compile(  # every one holds 密, at most _REACH characters after its start
    "|".join(
        (
            rf"{_LEVEL}{_GAP}{_STAR}",  # 秘密★
            rf"{_LEVEL}{_GAP}{_COLON}{_GAP}{_TERM}",  # 秘密:3年
            rf"密{_GAP}级{_GAP}(?:为|是|{_COLON}){_GAP}(?:绝|机|秘)",  # 密级:机密
            rf"密{_GAP}级{_GAP}标{_GAP}[志识注]{_GAP}{_COLON}",
            rf"{_OPEN}{_GAP}{_LEVEL}{_GAP}{_SHUT}",  # 【秘密】
            rf"(?:^|\\n|[\n\"]){_BLANK}{_LEVEL}{_BLANK}(?=$|[\n\"\\])",  # alone on its line or as a value
            rf"绝{_GAP}密",
            rf"(?<!国家)(?<!商业)(?<!技术)机{_GAP}密(?!性)",
            rf"(?<!国家)(?<!商业)(?<!技术)(?<!工作)秘{_GAP}密{_GAP}(?:文件|资料|材料|档案)",
        ),
    ),
    re.MULTILINE,
)
_REACH = 20
_BY_STAR = re.compile(rf"{_STAR}{_GAP}{_TERM}")  # ★3年
_BY_INSIDE = re.compile(
    rf"内{_GAP}部{_GAP}(?:资{_GAP}料(?!性)|(?:文{_GAP}件|传{_GAP}阅)[,\uff0c]?{_GAP}(?:注意保存|不得外传|严禁外传|请勿外传))",
)

_DIGIT_GAP = r"[ \t\u3000\u00a0\u200b-\u200d-]?"
_NUMBER = re.compile(rf"(?<![\dA-Za-z])\d(?:{_DIGIT_GAP}\d){{10,18}}(?:{_DIGIT_GAP}[Xx\uff38\uff58])?(?![\dA-Za-z])")
_MOBILE = re.compile(r"(?:0086|86)?(1[3-9][0-9]{9})")
_BORN = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find_secrecy(text: str) -> list[Hit]:
    """Return the secrecy markings of a text, also with full-width digits and blanks between the characters."""
    spans = {match.span() for match in _BY_INSIDE.finditer(text)} if "内" in text else set()
    if any(star in text for star in _STARS):
        spans.update(match.span() for match in _BY_STAR.finditer(text))
    done, place = 0, text.find("密")
    while place >= 0:
        for start in range(max(done, place - _REACH), place + 1):
            if match := _BY_LEVEL.match(text, start):
                spans.add(match.span())
                done = match.end()
                break
        place = text.find("密", max(place + 1, done))
    return [Hit(SECRECY, start, end) for start, end in sorted(spans)]


def find_personal(text: str) -> list[Hit]:
    """Return ID numbers (with a right check digit), mobile numbers and bank cards (Luhn) in a text."""
    hits = []
    for match in _NUMBER.finditer(text):
        digits = "".join(c for c in unicodedata.normalize("NFKC", match[0]) if c.isalnum())
        if kind := _kind_of_number(digits):
            hits.append(Hit(kind, match.start(), match.end()))
    return hits


def find_all(text: str) -> list[Hit]:
    """Return everything found in a text, by place."""
    return sorted((*find_secrecy(text), *find_personal(text)), key=lambda hit: (hit.start, hit.end, hit.kind))


def secrecy_sentence(text: str) -> str | None:
    """Return why a text with a secrecy marking is not saved, or None; the sentence never repeats the text."""
    if not find_secrecy(text):
        return None
    return "本系统为非涉密系统，所填内容含密级标志，未予保存，请联系局办公室保密员。"


def personal_sentence(text: str) -> str | None:
    """Return why a text with personal data cannot be published, or None; the sentence never repeats the data."""
    kinds = dict.fromkeys(LABELS[hit.kind] for hit in find_personal(text))
    if not kinds:
        return None
    return f"拟公开的内容含有{'、'.join(kinds)}，不能公开。请删去，或改为岗位和办公电话。"


def is_id_number(digits: str) -> bool:
    """Say whether 18 characters are a resident's ID number: a date of birth and the check digit of GB 11643."""
    if len(digits) != 18 or not digits[:17].isdigit() or digits[0] == "0" or not _BORN.fullmatch(digits[6:14]):  # noqa: PLR2004 - GB 11643
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _CHECK_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def is_bank_card(digits: str) -> bool:
    """Say whether 16 to 19 digits may be a bank card: a card issuer's first digit and the check digit of Luhn."""
    if not digits.isdigit() or not 16 <= len(digits) <= 19 or digits[0] not in "3456" or len(set(digits)) == 1:  # noqa: PLR2004 - cards
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the digits of the doubled digit
    return total % 10 == 0


def _kind_of_number(digits: str) -> str | None:
    if is_id_number(digits):
        return ID_NUMBER
    if _MOBILE.fullmatch(digits):
        return MOBILE
    if is_bank_card(digits):
        return BANK_CARD
    return None
