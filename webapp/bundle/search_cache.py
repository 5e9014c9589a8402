"""The index of the served search: a read-only SQLite file beside the bundle folder, never in it.

FTS5 over pairs of characters; a pair is written as eight ASCII digits, so that no tokenizer splits it and no character
of a query is syntax. A phrase of pairs is exactly a substring; a single character is a prefix. Every candidate is
checked again with the rule of `search.py`, so the index can only be slow, never wrong.
"""

import contextlib
import json
import logging
import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from webapp.bundle.reading import Bundle
from webapp.bundle.search import HIT_LIMIT, TIERS, Finder, Hit, Hits, SearchRecord

_log = logging.getLogger(__name__)
SUFFIX = ".search.sqlite"
_FORMAT = "1"
_FIXED_SINCE = (3, 51, 3)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_COLUMNS = ("name", "topics", "basis", "text")
_SELECT = (
    "SELECT record.id, code, title, note, record.name, record.topics, record.basis, iif(?, record.text, '')"
    " FROM fts JOIN record ON record.id = fts.rowid"
    " WHERE fts MATCH ? AND fts.rowid NOT IN (SELECT value FROM json_each(?)) ORDER BY fts.rowid LIMIT ?"
)


def _driver() -> Any:  # noqa: ANN401 - two modules of one shape, and the second has no types
    """Return the SQLite driver: the interpreter's own unless it is older than the repaired 3.51.3."""
    if sqlite3.sqlite_version_info >= _FIXED_SINCE:
        return sqlite3
    try:
        import pysqlite3.dbapi2 as carried  # noqa: PLC0415 - only where the interpreter's is too old
    except ImportError:
        return sqlite3
    return carried


_SQLITE = _driver()


class _Tokens(dict[str, str]):
    """Four base-36 digits per character, computed the first time it is met."""

    def __missing__(self, character: str) -> str:
        value, digits = ord(character), ""
        for _ in range(4):
            value, digit = divmod(value, 36)
            digits = _DIGITS[digit] + digits
        self[character] = digits
        return digits


_TOKENS = _Tokens()


def _pairs(text: str) -> str:
    single = [_TOKENS[character] for character in text]
    return " ".join([a + b for a, b in pairwise(single)] + single[-1:])


def _phrase(term: str) -> str:
    return f"{_TOKENS[term]}*" if len(term) == 1 else f'"{_pairs(term).rpartition(" ")[0]}"'


def path_for(folder: Path) -> Path:
    """Return where the index of a bundle folder stands: beside it."""
    return folder.with_name(folder.name + SUFFIX)


def build(bundle: Bundle, records: Sequence[SearchRecord], path: Path) -> None:
    """Write the index of a bundle in one step; raise OSError where it cannot be written."""
    descriptor, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
    os.close(descriptor)
    try:
        _fill(name, bundle.digest, records)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _fill(name: str, digest: str, records: Sequence[SearchRecord]) -> None:
    # isolation_level=None: no transaction but ours. One left open would be rolled back at the end, and without a
    # journal that destroys the file.
    with contextlib.closing(_SQLITE.connect(name, isolation_level=None)) as db:
        db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE about (format TEXT, digest TEXT);"
            "CREATE TABLE record (id INTEGER PRIMARY KEY, code, title, note, name, topics, basis, text);"
            "CREATE VIRTUAL TABLE fts USING fts5"
            "(name, topics, basis, text, content='', tokenize='ascii', prefix='4', columnsize=0);"
        )
        db.execute("BEGIN")
        for number, r in enumerate(records, start=1):
            db.execute(
                "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (number, r.code, r.title, r.note, r.name, r.topics, r.basis, r.text),
            )
            db.execute(
                "INSERT INTO fts (rowid, name, topics, basis, text) VALUES (?, ?, ?, ?, ?)",
                (number, _pairs(r.name), _pairs(r.topics), _pairs(r.basis), _pairs(r.text)),
            )
        db.execute("INSERT INTO about VALUES (?, ?)", (_FORMAT, digest))
        db.execute("COMMIT")
        db.execute("INSERT INTO fts (fts) VALUES ('optimize')")
    with Path(name).open("rb") as file:
        os.fsync(file.fileno())


def is_current(path: Path, digest: str) -> bool:
    """Tell whether an index stands there that was made from the bundle with this manifest digest."""
    if not path.is_file():
        return False
    try:
        with contextlib.closing(connect(path)) as db:
            return bool(db.execute("SELECT format, digest FROM about").fetchone() == (_FORMAT, digest))
    except _SQLITE.DatabaseError:
        return False


def connect(path: Path) -> Any:  # noqa: ANN401 - see _driver
    """Open an index to read it only."""
    # immutable: the file is replaced, never written, so no lock is needed and a read-only disk will do.
    return _SQLITE.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)


class IndexFinder:
    """Finds by the index; one connection per thread. A `Finder` of `search.py`.

    `otherwise` makes the finder to go on with when the file turns out damaged.
    """

    def __init__(self, path: Path, otherwise: Callable[[], Finder]) -> None:
        self._path = path
        self._local = threading.local()
        self._otherwise = otherwise
        self._instead: Finder | None = None

    def __call__(self, terms: Sequence[str]) -> Hits:
        """Return the hits for terms that must all stand in a record."""
        if self._instead is None:
            try:
                return self._find(terms)
            except _SQLITE.DatabaseError:
                _log.exception("index %s is damaged; searching without it", self._path.name)
                self._instead = self._otherwise()
        return self._instead(terms)

    def _find(self, terms: Sequence[str]) -> Hits:
        found: dict[int, Hit] = {}
        for tier in range(TIERS):
            for number, record in self._candidates(terms, tier, found):
                if record.tier_of_all(terms) == tier:
                    found[number] = record.hit
            if len(found) > HIT_LIMIT:
                break
        return Hits(tuple(found.values())[:HIT_LIMIT], more=len(found) > HIT_LIMIT)

    def _candidates(
        self, terms: Sequence[str], tier: int, found: Collection[int]
    ) -> Iterator[tuple[int, SearchRecord]]:
        """Yield what a tier may hit. Reading is what costs: nothing found before, long texts for the last tier only."""
        db = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = connect(self._path)
        asked = (tier == TIERS - 1, _question(terms, tier), json.dumps(list(found)), HIT_LIMIT + 1 - len(found))
        for number, *row in db.execute(_SELECT, asked).fetchall():
            yield number, SearchRecord(*row)


def _question(terms: Sequence[str], tier: int) -> str:
    """Return the FTS5 expression for records whose weakest term stands in this tier or a better one."""
    if tier == 0:
        return " AND ".join(f"name : ^ {_phrase(term)}" for term in terms)
    columns = " ".join(_COLUMNS[:tier])
    return " AND ".join(f"{{{columns}}} : {_phrase(term)}" for term in terms)
