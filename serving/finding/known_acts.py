"""The acts of a data folder as answers name them, kept while the catalogue stays the same.

Belongs here: what is worked out once a catalogue. Does not belong here: who is an act
(kpop_assets/catalog/), or which act a query means (app/queries/act_search.py).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from app.queries.act_search import ActSearch
from kpop_assets.catalog.acts import Artist
from kpop_assets.catalog.catalog import Catalog, CatalogError, load_catalog, overlay_path

_log = logging.getLogger("kpop.answers")


class KnownActs:
    """The acts of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._renamed = catalog.renamed()

    @cached_property
    def korean(self) -> Mapping[str, str | None]:
        """Korean names by act; None where none is known."""
        return {act.artist: act.name_ko for act in self.catalog}

    @cached_property
    def state(self) -> str:
        """What changes with any name of an act: the same in every process."""
        told = json.dumps(sorted(self.korean.items()))
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def search(self) -> ActSearch:
        """By what somebody types."""
        return ActSearch(self.catalog)

    def act(self, artist: str) -> Artist | None:
        """An act by its present or a former canonical name; None where it is in no catalogue."""
        try:
            return self.catalog[self._renamed.get(artist, artist)]
        except KeyError:
            return None


class ActsOfHome:
    """The acts of a data folder; one a process.

    Args:
        home: the data folder.
    """

    def __init__(self, home: Path) -> None:
        self._own = overlay_path(home)
        self._known: KnownActs | None = None
        self._seen: tuple[int, ...] | None = None

    def read(self) -> KnownActs:
        """As the package and the folder's own lines have them now; broken lines change nothing.

        Raises:
            CatalogError: the first time that they are read they are broken.
        """
        seen = self._state()
        if self._known is not None and seen == self._seen:
            return self._known
        try:
            self._known = KnownActs(load_catalog(overlay=self._own))
        except CatalogError as error:
            if self._known is None:
                raise
            _log.warning("acts are as before: %s", error)
        self._seen = seen
        return self._known

    def _state(self) -> tuple[int, ...] | None:
        try:
            told = self._own.stat()
        except OSError:
            return None
        return told.st_mtime_ns, told.st_size, told.st_ino
