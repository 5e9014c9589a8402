"""Characters no text may hold. Pure; asked by every form, import and note."""

import re

# Control characters (but tab and line feed), lone surrogates, non-characters, and the marks that turn the direction
# of writing, by which a text can show other than it says (security.md 0.3, 0.4).
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]",
)


def character_sentence(text: str) -> str | None:
    """Return why a text with a forbidden character is not saved, or None."""
    found = FORBIDDEN.search(text)
    if found is None:
        return None
    return f"第{found.start() + 1}个字符是不能使用的控制字符(U+{ord(found[0]):04X})，请删去后再保存。"
