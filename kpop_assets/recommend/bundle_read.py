"""Opening a serving bundle: arrays that the system maps, without engine, graph or pickle.

Belongs here: which bundle answers, and whether it is whole. Does not belong here: writing
(bundle_write.py), or what an open bundle tells (served_bundle.py).

Every file is read once and held to the manifest's hash; then large arrays are mapped, so several
processes on one machine share one copy.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.recommend.bundle_parts import (
    CURRENT,
    HISTORY,
    LISTENER_IDS,
    WAY_OUT,
    BundleError,
    Manifest,
    StoredFile,
    read_manifest,
    serving_folder,
)
from kpop_assets.recommend.served_bundle import Bundle

_READ_BYTES = 1 << 20


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
