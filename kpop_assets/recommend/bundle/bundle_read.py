"""Opening a serving bundle: arrays that the system maps, without engine, graph or pickle.

Belongs here: which bundle answers, and whether it is whole. Does not belong here: writing
(bundle_write.py), or what an open bundle tells (served_bundle.py).

Every file is held to the manifest's hash by the first who opens it (bundle_files.py); arrays,
frames and the index of near works are mapped, so several processes on one machine share one copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from kpop_assets.recommend.bundle.bundle_files import hold_to_hash, keep_marks, marks_of
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.matrices.bundle_lookups import ACT_NAMES, first_format_lookups
from kpop_assets.recommend.matrices.bundle_parts import (
    CURRENT,
    FIRST_FORMAT,
    HISTORY,
    HOLDERS,
    LISTENER_IDS,
    WAY_OUT,
    BundleError,
    Manifest,
    read_manifest,
    serving_folder,
)

_LOOKUPS = (
    *("acts", "act_starts", "act_items", "clusters", "age_days", "rise_chances"),
    *("told_popularity", "track_keys", "track_rows", "track_items", ACT_NAMES, *HOLDERS),
)


def open_bundle(home: Path, is_thorough: bool = False) -> Bundle:
    """The bundle that answers.

    Args:
        home: the data folder.
        is_thorough: whether every file is hashed, whoever did so before.

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
    return open_folder(root / name, is_thorough)


def open_folder(folder: Path, is_thorough: bool = False) -> Bundle:
    """One bundle by its folder.

    Args:
        folder: where it lies.
        is_thorough: whether every file is hashed, whoever did so before.

    Raises:
        BundleError: it is not whole.
    """
    manifest = read_manifest(folder)
    try:
        return _opened(folder, manifest, is_thorough)
    except FileNotFoundError:
        # Somebody was forgotten meanwhile: a new manifest names the files of today.
        manifest = read_manifest(folder)
    try:
        return _opened(folder, manifest, is_thorough)
    except FileNotFoundError as error:
        raise BundleError(f"{error.filename} is gone", WAY_OUT) from error


def _opened(folder: Path, manifest: Manifest, is_thorough: bool) -> Bundle:
    tables: dict[str, pa.Table] = {}
    arrays: dict[str, NDArray] = {}
    paths: dict[str, Path] = {}
    trees = None
    known = {} if is_thorough else marks_of(folder)
    marks = {}
    for name, stored in manifest.files.items():
        path = folder / Path(stored.file).name
        marks[path.name] = hold_to_hash(path, stored, known)
        content = _read(path)
        if isinstance(content, pa.Table):
            tables[name] = content
        elif isinstance(content, str):
            trees = content
        elif isinstance(content, Path):
            paths[name] = content
        else:
            arrays[name] = content
    _need(folder, manifest, {*tables, *arrays})
    if marks != known:
        keep_marks(folder, marks)
    if manifest.format_version == FIRST_FORMAT:
        works, names = (pl.DataFrame(tables[name]) for name in ("works", "names"))
        for name, made in first_format_lookups(works, names, arrays).items():
            if isinstance(made, pl.DataFrame):
                tables[name] = made.to_arrow()
            else:
                arrays[name] = made
    return Bundle(folder, manifest, tables, arrays, paths, trees)


def _need(folder: Path, manifest: Manifest, there: set[str]) -> None:
    """Refuse a bundle whose manifest leaves out what every answer needs."""
    needed = {"works", "names", LISTENER_IDS, *HISTORY, "vectors"}
    needed |= {"facts"} if manifest.facts else set()
    needed |= {*_LOOKUPS} if manifest.format_version != FIRST_FORMAT else set()
    for name, told in manifest.parts.items():
        needed |= {f"part.{name}.{array}" for array in told["arrays"]}
    if needed - there:
        missing = ", ".join(sorted(needed - there))
        raise BundleError(f"{folder} lacks {missing}", WAY_OUT)


def _read(path: Path) -> Any:
    try:
        if path.suffix == ".arrow":
            # Polars would copy what is mapped.
            with pa.memory_map(str(path)) as mapped:
                return pa.ipc.open_file(mapped).read_all()
        if path.suffix == ".txt":
            return path.read_text(encoding="utf-8")
        if path.suffix != ".npy":
            return path
        # A plain array over what is mapped: numpy's own class costs more than many look-ups.
        return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    except (ValueError, EOFError, pa.ArrowException) as error:
        raise BundleError(f"{path} cannot be read", WAY_OUT) from error
