"""Which bundle the public site serves: a given folder, or the one that the release pointed to.

The pointer is the file `public/current` of the instance folder; it holds the name of a folder under `editions/`. It
and the manifest are looked at on every request (two calls of stat), so a release shows at once and without a restart.
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from webapp.bundle import search_cache, search_data
from webapp.bundle.manifest import PATH as MANIFEST
from webapp.bundle.reading import Bundle, open_bundle
from webapp.bundle.search import Finder, Hits, KnownWords, Nuisance, SearchRecord, find_among, nuisances_for, search

# Below this the plain rule is quicker than opening an index.
INDEXED_FROM = 500


@dataclass(frozen=True)
class Released:
    """An opened bundle with its search."""

    bundle: Bundle
    find: Finder
    known: KnownWords
    nuisances: tuple[Nuisance, ...]

    def search(self, query: str) -> Hits:
        """Answer a query by the rule of the search."""
        return search(query, self.known, self.find)

    def nuisances_for(self, query: str) -> tuple[Nuisance, ...]:
        """Return the rows of 谁来管 that a query means."""
        return nuisances_for(query, self.nuisances)


def release(folder: Path) -> Released:
    """Open a bundle folder with its search; makes the index beside it where there are many powers."""
    bundle = open_bundle(folder)
    data = search_data.read(bundle.read(search_data.PATH))
    find = find_among(data.records)
    if len(data.records) >= INDEXED_FROM:
        path = search_cache.path_for(folder)
        try:
            if not search_cache.is_current(path, bundle.digest):
                search_cache.build(bundle, data.records, path)
            find = search_cache.IndexFinder(path, lambda: find_among(_records(bundle)))
        except OSError:
            # A read-only disk: the plain rule gives the same hits, only slower.
            find = find_among(data.records)
    return Released(bundle, find, KnownWords(data.known), data.nuisances)


def _records(bundle: Bundle) -> tuple[SearchRecord, ...]:
    """Return the records of a bundle; not kept while the index serves, for there may be very many."""
    return search_data.read(bundle.read(search_data.PATH)).records


class Source:
    """Gives the released bundle at this moment; None before any edition. Safe for threads."""

    def __init__(self, *, folder: Path | None = None, instance: Path | None = None) -> None:
        if (folder is None) == (instance is None):
            raise ValueError("give either a bundle folder or an instance folder")
        self._folder = folder
        self._instance = instance
        self._lock = threading.Lock()
        self._state: _State | None = None

    def current(self) -> Released | None:
        """Return what is released; raise RuleBroken when the folder pointed to is no bundle."""
        state = self._state
        pointed = self._pointer_stamp()
        if state is not None and state.holds(pointed):
            return state.released
        with self._lock:
            state = self._state
            if state is None or not state.holds(pointed):
                # The stamps are taken before what they stamp is read: what changes meanwhile is read again.
                folder = self._pointed()
                manifest = None if folder is None else folder / MANIFEST
                stamp = None if manifest is None else _stamp(manifest)
                state = _State(pointed, manifest, stamp, None if folder is None else release(folder))
                self._state = state
        return state.released

    def _pointed(self) -> Path | None:
        if self._folder is not None:
            return self._folder
        pointer = self._pointer()
        try:
            name = pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        # Only a name, never a path: the pointer cannot lead out of the editions.
        return pointer.parents[1] / "editions" / Path(name).name if name else None

    def _pointer(self) -> Path:
        if self._instance is None:
            raise ValueError("no instance folder")
        return self._instance / "public" / "current"

    def _pointer_stamp(self) -> "_Stamp | None":
        return None if self._instance is None else _stamp(self._pointer())


_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class _State:
    pointer_stamp: _Stamp | None
    manifest: Path | None
    manifest_stamp: _Stamp | None
    released: Released | None

    def holds(self, pointer_stamp: _Stamp | None) -> bool:
        """Tell whether nothing has been released or stored again since."""
        if pointer_stamp != self.pointer_stamp:
            return False
        return self.manifest is None or _stamp(self.manifest) == self.manifest_stamp


def _stamp(path: Path) -> _Stamp | None:
    try:
        seen = os.stat(path)  # noqa: PTH116 - every request passes here, and Path.stat costs twice as much
    except OSError:
        return None
    return (seen.st_mtime_ns, seen.st_size, seen.st_ino)
