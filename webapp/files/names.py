"""The name of a file as data: parts of paths, control characters and marks of direction are gone. Pure."""

import re
import unicodedata

from webapp.characters import FORBIDDEN

MAX_NAME = 100  # characters; of Chinese that is 300 bytes, which only ever stand in a row
_INVISIBLE = re.compile(r"[\u200b-\u200f\u061c\ufeff\u00ad]")
_RESERVED = re.compile(r'[<>:"/\\|?*;\n\r\t]')
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(given: str, ending: str, *, fallback: str = "附件") -> str:
    """Return a name that can be shown and saved anywhere, with the ending that its content has."""
    text = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    text = _RESERVED.sub("_", _INVISIBLE.sub("", FORBIDDEN.sub("", text)))
    text = " ".join(text.split()).strip(". _")
    stem = text.rpartition(".")[0] or text
    if ending != ".jpg" or not text.lower().endswith((".jpg", ".jpeg")):
        stem = stem if text.lower().endswith(ending) or "." not in text[-6:] else text.replace(".", "_")
    stem = stem[: MAX_NAME - len(ending)].strip(". _")
    if not stem or _DEVICES.match(stem):
        stem = fallback
    return f"{stem}{ending}"
