"""A text that an act needs: given, not too long, without forbidden characters or a secrecy marking. Pure."""

from webapp import scan
from webapp.characters import character_sentence
from webapp.rules import RuleBroken

LONGEST = 2000


def required_text(given: str, field: str, heading: str, *, longest: int = LONGEST) -> str:
    """Return the text; raise RuleBroken with the sentence for its field."""
    text = given.replace("\r\n", "\n").strip()
    if not text:
        raise RuleBroken(f"请填写{heading}。", field)
    if len(text) > longest:
        raise RuleBroken(f"{heading}最多{longest}字，请删减。", field)
    if sentence := character_sentence(text) or scan.secrecy_sentence(text):
        raise RuleBroken(sentence, field)
    return text
