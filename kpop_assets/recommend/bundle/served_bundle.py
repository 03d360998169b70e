"""An open serving bundle: its parts as arrays, and what follows from them.

Belongs here: recommenders, histories and facts of works, each made when it is first asked for, and
never an object for each of many works. Does not belong here: files (bundle_read.py), or an answer.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from kpop_assets.recommend.bundle.served_parts import Heard, Histories
from kpop_assets.recommend.bundle.served_trees import ServedTrees
from kpop_assets.recommend.learners.hour_popularity import may_be_in
from kpop_assets.recommend.matrices.bundle_lookups import ACT_NAMES, keys_of
from kpop_assets.recommend.matrices.bundle_parts import (
    HISTORY,
    HOLDERS,
    LISTENER_IDS,
    NEAR,
    SEARCH,
    Manifest,
    ServedPart,
    bundle_errors,
)
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Mask, Singles
from kpop_assets.recommend.works.work_search import WorkSearch

if TYPE_CHECKING:
    from kpop_assets.recommend.works.near_index import MappedIndex


@dataclass(frozen=True)
class Bundle:
    """An open bundle.

    Attributes:
        folder: where it lies.
        manifest: what it says of itself.
        tables: rows of works, names and acts, mapped.
        arrays: all others by name.
        paths: files that a library of their own opens, by name.
        trees: LightGBM's text of the learnt order; None where the mix orders.
    """

    folder: Path
    manifest: Manifest
    tables: Mapping[str, pa.Table]
    arrays: Mapping[str, NDArray]
    paths: Mapping[str, Path]
    trees: str | None
    _languages: dict[str, Mask] = field(default_factory=dict, init=False, repr=False)

    @property
    def version(self) -> str:
        """Its name: training day and digest."""
        return self.folder.name

    @cached_property
    def state(self) -> str:
        """What changes with any of its files: its name stays when somebody is forgotten."""
        return hashlib.sha256(self.manifest.text().encode()).hexdigest()

    @property
    def training_day(self) -> dt.date:
        """The last day that was learnt from."""
        return dt.date.fromisoformat(self.manifest.training_day)

    @cached_property
    def works(self) -> pl.DataFrame:
        """A row an item, those that were learnt first: a copy, which answers do without."""
        return pl.DataFrame(self.tables["works"])

    @cached_property
    def names(self) -> pl.DataFrame:
        """Every track, by which works are found: a copy, which answers do without."""
        return pl.DataFrame(self.tables["names"])

    @property
    def item_count(self) -> int:
        """How many works there are."""
        return len(self.acts)

    def told(self, column: str, item: int) -> Any:
        """What a column of works says of one."""
        return self._columns[column][int(item)].as_py()

    @cached_property
    def _columns(self) -> dict[str, pa.ChunkedArray]:
        # An answer asks for a hundred values: finding a column takes longer than its value.
        works = self.tables["works"]
        return dict(zip(works.column_names, works.columns, strict=True))

    @property
    def learnt_works(self) -> pl.DataFrame:
        """Rows of those that were learnt."""
        return pl.DataFrame(self.tables["works"].slice(0, self.learnt_count))

    @property
    def learnt_count(self) -> int:
        """How many works recommenders learnt: the items from 0 up to it."""
        counts = self.manifest.counts
        return counts.get("learnt_works", counts["works"])

    @cached_property
    def parts(self) -> dict[str, ServedPart]:
        """Its recommenders by name, in the order that the trees know."""
        return {
            name: ServedPart(
                told["kind"],
                {array: self.arrays[f"part.{name}.{array}"] for array in told["arrays"]},
                told["numbers"],
            )
            for name, told in self.manifest.parts.items()
        }

    @cached_property
    def facts(self) -> dict[str, Floats]:
        """What the trees know of items."""
        return {name: self.arrays["facts"][row] for row, name in enumerate(self.manifest.facts)}

    @cached_property
    def histories(self) -> Histories:
        """Who has what."""
        return Histories(*(self.arrays[name] for name in (*HISTORY[:2], *HOLDERS)))

    @cached_property
    def item_listeners(self) -> NDArray[np.int64]:
        """How many listeners have each item that was learnt."""
        return np.bincount(self.arrays[HISTORY[1]], minlength=self.learnt_count)

    @cached_property
    def order(self) -> ServedTrees:
        """The learnt order; it must be there."""
        return ServedTrees(self.trees, self.folder)

    @cached_property
    def near_index(self) -> MappedIndex | None:
        """By which near works are found; None where they are few enough to look at all.

        Raises:
            BundleError: it is no index of faiss's.
        """
        if NEAR not in self.paths:
            return None
        # faiss takes long to load, and bundles of few works do without.
        from kpop_assets.recommend.works.near_index import MappedIndex

        with bundle_errors(self.folder):
            return MappedIndex(self.paths[NEAR])

    @cached_property
    def work_search(self) -> WorkSearch | None:
        """By which works are found as somebody types; None of a bundle that was made before it."""
        return WorkSearch(self.paths[SEARCH]) if SEARCH in self.paths else None

    @cached_property
    def act_names(self) -> pl.Series:
        """Acts in the order of their codes: as the catalogue has them, else by name."""
        return pl.DataFrame(self.tables[ACT_NAMES])["act"]

    def act_code(self, name: str) -> int | None:
        """The code of an act; None of one that has no work."""
        names = self.act_names
        code = int(names.search_sorted(name))
        return code if code < len(names) and names[code] == name else None

    def items_of_act(self, code: int) -> Codes:
        """The works of an act: those that were learnt, then those told to be popular."""
        starts = self.arrays["act_starts"]
        return self.arrays["act_items"][int(starts[code]) : int(starts[code + 1])]

    def items_of(self, track_ids: Sequence[str]) -> Codes:
        """The item of each track; -1 where it is not known."""
        keys, sought = self.arrays["track_keys"], keys_of(track_ids)
        places = np.searchsorted(keys, sought)
        ids = self.tables["names"].column("track_id")
        found = np.full(len(sought), -1, dtype=np.int32)
        for one, (place, key) in enumerate(zip(places, sought, strict=True)):
            # Two ids may have one key.
            while place < len(keys) and keys[place] == key:
                if ids[int(self.arrays["track_rows"][place])].as_py() == track_ids[one]:
                    found[one] = self.arrays["track_items"][place]
                place += 1
        return found

    @property
    def acts(self) -> Codes:
        """Code of the act of each item."""
        return self.arrays["acts"]

    @property
    def clusters(self) -> Codes:
        """Number of the cluster of each item; -1 is none."""
        return self.arrays["clusters"]

    @cached_property
    def cluster_names(self) -> dict[int, str | None]:
        """What each cluster sounds like, by its number; -1 is none."""
        numbers, first = np.unique(self.clusters, return_index=True)
        return {int(n): self.told("cluster_name", f) for n, f in zip(numbers, first, strict=True)}

    @property
    def age_days(self) -> Floats:
        """Since the release of each item; NaN is unknown."""
        return self.arrays["age_days"]

    @property
    def rise_chances(self) -> Floats:
        """P(rise) of the act of each item; NaN is unknown."""
        return self.arrays["rise_chances"]

    def units(self, items: Codes) -> Singles:
        """Vectors of items, of length 1; zeros where nothing is known."""
        return self.arrays["vectors"][items]

    def may_be_in(self, language: str) -> Mask:
        """Which of the learnt works may be songs in a language, by the letters of their titles."""
        if language not in self._languages:
            titles = self.learnt_works["title"].to_list()
            self._languages[language] = may_be_in(titles, language)
        return self._languages[language]

    def row_of(self, listener_id: str) -> int | None:
        """The row of a listener; None of whom nothing is known."""
        ids = self.arrays[LISTENER_IDS]
        sought = listener_id.encode()
        if len(sought) > ids.dtype.itemsize or not sought:
            return None
        row = int(np.searchsorted(ids, np.array(sought, dtype=ids.dtype)))
        return row if row < len(ids) and ids[row] == sought else None

    def heard(self, listener_id: str) -> Heard | None:
        """What a listener played by the training day; None of whom nothing is known."""
        row = self.row_of(listener_id)
        if row is None:
            return None
        starts, items, counts, times = (self.arrays[name] for name in HISTORY)
        own = slice(int(starts[row]), int(starts[row + 1]))
        return Heard(np.array(items[own]), counts[own].astype(np.float64), np.array(times[own]))
