"""The acts of a data folder as answers name them, kept while the catalogue stays the same.

Belongs here: what is worked out once a catalogue. Does not belong here: who is an act
(kpop_assets/catalog/), or which act a query means (app/queries/act_search.py).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from app.queries.act_search import ActSearch
from kpop_assets.catalog.acts import Artist
from kpop_assets.catalog.catalog import Catalog, load_catalog, overlay_path


class KnownActs:
    """The acts of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._renamed = catalog.renamed()

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
        self._home = home
        self._known: KnownActs | None = None

    def read(self) -> KnownActs:
        """As the package and the folder's own lines have them now."""
        # The catalogue is the same object while its lines are the same.
        catalog = load_catalog(overlay=overlay_path(self._home))
        if self._known is None or self._known.catalog is not catalog:
            self._known = KnownActs(catalog)
        return self._known
