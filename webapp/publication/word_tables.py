"""Changing the tables the public search stands on: everyday words (synonyms), and who handles what (谁来管)."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from webapp.digests import digest
from webapp.journal import operations as journal
from webapp.policy import Actor
from webapp.publication.models import PublicWords


def load_word_table(session: Session, key: str, rows: Sequence[Mapping[str, str]], *, by: Actor | None) -> bool:
    """Keep a table whole; say whether it differs from what stood. One journal entry if it does."""
    text = json.dumps([dict(row) for row in rows], ensure_ascii=False)
    kept = session.get(PublicWords, key)
    if kept is not None and kept.rows == text:
        return False
    if kept is None:
        session.add(PublicWords(key=key, rows=text))
    else:
        kept.rows = text
    session.flush()
    journal.write(session, by, "load_words", f"words:{key}", {"rows": len(rows), "content": digest(text)})
    return True
