"""An open serving bundle: its parts as arrays, and what follows from them.

Belongs here: recommenders, histories and facts of works as answers need them, each made when it is
first asked for. Does not belong here: files (bundle_read.py), or an answer (answer.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.names import normalise
from kpop_assets.recommend.bundle_parts import HISTORY, LISTENER_IDS, Manifest, ServedPart
from kpop_assets.recommend.interactions import Codes, Floats, Singles
from kpop_assets.recommend.served_parts import Heard

if TYPE_CHECKING:
    from lightgbm import Booster


@dataclass(frozen=True)
class Bundle:
    """An open bundle.

    Attributes:
        folder: where it lies.
        manifest: what it says of itself.
        works: a row an item.
        names: every track, by which works are found.
        arrays: all others by name.
        trees: LightGBM's text of the learnt order; None where the mix orders.
    """

    folder: Path
    manifest: Manifest
    works: pl.DataFrame
    names: pl.DataFrame
    arrays: Mapping[str, NDArray]
    trees: str | None

    @property
    def version(self) -> str:
        """Its name: training day and digest."""
        return self.folder.name

    @property
    def training_day(self) -> dt.date:
        """The last day that was learnt from."""
        return dt.date.fromisoformat(self.manifest.training_day)

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
    def histories(self) -> sp.csr_matrix:
        """1 where a listener has an item."""
        starts, items = self.arrays[HISTORY[0]], self.arrays[HISTORY[1]]
        shape = (len(starts) - 1, len(self.works))
        return sp.csr_matrix((np.ones(len(items), np.float32), items, starts), shape, copy=False)

    @cached_property
    def item_listeners(self) -> NDArray[np.int64]:
        """How many listeners have each item."""
        return np.bincount(self.arrays[HISTORY[1]], minlength=len(self.works))

    @cached_property
    def booster(self) -> Booster:
        """The learnt order; it must be there."""
        # It takes half a second to load, and a bundle without trees does not need it.
        from lightgbm import Booster

        return Booster(model_str=self.trees)

    @cached_property
    def act_names(self) -> tuple[str, ...]:
        """Acts in the order of their codes: as the catalogue has them, else by name."""
        return tuple(sorted(set(self._whose)))

    @cached_property
    def acts(self) -> Codes:
        """Code of the act of each item."""
        codes = {name: code for code, name in enumerate(self.act_names)}
        return np.array([codes[name] for name in self._whose], dtype=np.int32)

    @cached_property
    def _whose(self) -> list[str]:
        pairs = self.works.select("artist", "artist_name").iter_rows()
        return [act_key(*pair) for pair in pairs]

    @cached_property
    def clusters(self) -> Codes:
        """Number of the cluster of each item; -1 is none."""
        return self.works["cluster"].fill_null(-1).cast(pl.Int32).to_numpy()

    @cached_property
    def age_days(self) -> Floats:
        """Since the release of each item; NaN is unknown."""
        return self.works["age_days"].cast(pl.Float64).to_numpy()

    @cached_property
    def rise_chances(self) -> Floats:
        """P(rise) of the act of each item; NaN is unknown."""
        return self.works["rise_chance"].cast(pl.Float64).to_numpy()

    def units(self, items: Codes) -> Singles:
        """Vectors of items, of length 1; zeros where nothing is known."""
        vectors = self.arrays["vectors"][items]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)

    def row_of(self, listener_id: str) -> int | None:
        """The row of a listener; None of whom nothing is known."""
        ids = self.arrays[LISTENER_IDS]
        sought = listener_id.encode()
        row = int(np.searchsorted(ids, np.array(sought, dtype=f"S{max(len(sought), 1)}")))
        return row if row < len(ids) and ids[row] == sought else None

    def heard(self, listener_id: str) -> Heard | None:
        """What a listener played by the training day; None of whom nothing is known."""
        row = self.row_of(listener_id)
        if row is None:
            return None
        starts, items, counts, times = (self.arrays[name] for name in HISTORY)
        own = slice(int(starts[row]), int(starts[row + 1]))
        return Heard(np.array(items[own]), counts[own].astype(np.float64), np.array(times[own]))


def act_key(artist: str, shown: str) -> str:
    """One name for each act, also for those that the catalogue does not know."""
    return artist if artist != OTHER else f"{OTHER} {normalise(shown) or shown}"
