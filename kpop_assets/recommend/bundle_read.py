"""Opening a serving bundle: arrays that the system maps, without engine, graph or pickle.

Belongs here: which bundle answers, whether it is whole, and its parts as arrays. Does not belong
here: writing (bundle_write.py), or answers made of them.

Every file is read once and held to the manifest's hash; then large arrays are mapped, so several
processes on one machine share one copy.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from kpop_assets.recommend.bundle_parts import (
    CURRENT,
    HISTORY,
    LISTENER_IDS,
    WAY_OUT,
    BundleError,
    Manifest,
    ServedPart,
    StoredFile,
    read_manifest,
    serving_folder,
)
from kpop_assets.recommend.interactions import Floats
from kpop_assets.recommend.served_parts import Heard

_READ_BYTES = 1 << 20


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


def open_bundle(home: Path) -> Bundle:
    """The bundle that answers.

    Raises:
        BundleError: none was made yet, or it is not whole; it says the way out.
    """
    root = serving_folder(home)
    try:
        name = (root / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise BundleError(
            "there is no recommender to answer with yet", "`kpop train recommend` makes one"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BundleError(f"{root / CURRENT} cannot be read", WAY_OUT) from error
    if not name or "/" in name or not (root / name).is_dir():
        raise BundleError(f"{root / CURRENT} names no bundle", WAY_OUT)
    return open_folder(root / name)


def open_folder(folder: Path) -> Bundle:
    """One bundle by its folder.

    Raises:
        BundleError: it is not whole.
    """
    manifest = read_manifest(folder)
    try:
        return _opened(folder, manifest)
    except FileNotFoundError:
        # Somebody was forgotten meanwhile: a new manifest names the files of today.
        manifest = read_manifest(folder)
    try:
        return _opened(folder, manifest)
    except FileNotFoundError as error:
        raise BundleError(f"{error.filename} is gone", WAY_OUT) from error


def _opened(folder: Path, manifest: Manifest) -> Bundle:
    frames: dict[str, pl.DataFrame] = {}
    arrays: dict[str, NDArray] = {}
    trees = None
    for name, stored in manifest.files.items():
        path = folder / Path(stored.file).name
        _hold_to_hash(path, stored)
        content = _read(path)
        if isinstance(content, pl.DataFrame):
            frames[name] = content
        elif isinstance(content, str):
            trees = content
        else:
            arrays[name] = content
    _need(folder, manifest, {*frames, *arrays})
    return Bundle(folder, manifest, frames["works"], frames["names"], arrays, trees)


def _need(folder: Path, manifest: Manifest, there: set[str]) -> None:
    """Refuse a bundle whose manifest leaves out what every answer needs."""
    needed = {"works", "names", LISTENER_IDS, *HISTORY, "vectors"}
    needed |= {"facts"} if manifest.facts else set()
    for name, told in manifest.parts.items():
        needed |= {f"part.{name}.{array}" for array in told["arrays"]}
    if needed - there:
        missing = ", ".join(sorted(needed - there))
        raise BundleError(f"{folder} lacks {missing}", WAY_OUT)


def _read(path: Path) -> Any:
    try:
        if path.suffix == ".arrow":
            return pl.read_ipc(path)
        if path.suffix == ".txt":
            return path.read_text(encoding="utf-8")
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, pl.exceptions.PolarsError) as error:
        raise BundleError(f"{path} cannot be read", WAY_OUT) from error


def _hold_to_hash(path: Path, stored: StoredFile) -> None:
    digest = hashlib.sha256()
    try:
        with path.open("rb", buffering=0) as file:
            while block := file.read(_READ_BYTES):
                digest.update(block)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BundleError(f"{path} cannot be read: {error.strerror}", WAY_OUT) from error
    if digest.hexdigest() != stored.sha256:
        raise BundleError(f"{path} is not what was written", WAY_OUT)
