"""Writing a serving bundle whole or not at all, and which bundles are kept.

Belongs here: what is written, the pointer to the newest, and what goes. Does not belong here: what
a training hands over (matrices/bundle_parts.py), one file (bundle_files.py), or removing a listener
(bundle_forget.py).

A bundle is a folder `<training day>-<digest>` below `KPOP_HOME/serving/recommend`, filled under a
hidden name and renamed in one step; the file `current` names the one that answers. Each file
carries a part of its hash in its name and the manifest says which files count, so one can be
replaced by replacing the manifest.
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kpop_assets.contracts.recommend_rules import EXACT_SERVED_WORKS
from kpop_assets.lake.foreign import disk_error
from kpop_assets.lake.lock import locked
from kpop_assets.recommend.bundle.bundle_files import Content, MadeFile, put_file, replace_durably
from kpop_assets.recommend.bundle.bundle_read import open_folder
from kpop_assets.recommend.matrices.bundle_lookups import (
    holders,
    track_lookups,
    unit_vectors,
    work_lookups,
)
from kpop_assets.recommend.matrices.bundle_parts import (
    CURRENT,
    HISTORY,
    LISTENER_IDS,
    MANIFEST,
    NEAR,
    SEARCH,
    BundleError,
    BundleParts,
    Manifest,
    StoredFile,
    serving_folder,
)
from kpop_assets.recommend.matrices.interactions import Interactions
from kpop_assets.recommend.works.near_index import NearIndex
from kpop_assets.recommend.works.work_search_write import write_work_search

KEPT_BUNDLES = 3
LOCK, LOCK_SECONDS = "serving/recommend", 60.0
_PACKAGES = ("faiss-cpu", "implicit", "lightgbm", "numpy", "polars", "scipy")


def write_bundle(home: Path, parts: BundleParts) -> str:
    """Write a bundle, point to it unless one of a later day answers, and remove older ones.

    The same parts give the same name; what stands under it stays as it is.

    Args:
        home: the data folder.
        parts: what the training made.

    Returns:
        The bundle's name.

    Raises:
        BundleError: the disk is full or cannot be written.
        InUseError: another process writes a bundle.
    """
    root = serving_folder(home)
    try:
        with locked(home / ".locks", LOCK, LOCK_SECONDS):
            return _write(root, parts)
    except OSError as error:
        known = disk_error(error, home)
        raise known or BundleError(f"{root} cannot be written: {error.strerror}") from error


def history_arrays(known: Interactions) -> dict[str, NDArray]:
    """Histories by listener, then item: where each begins, what, how often, when last."""
    matrix = known.matrix()
    matrix.sort_indices()
    keys = np.repeat(np.arange(known.user_count, dtype=np.int64), np.diff(matrix.indptr))
    keys = keys * known.item_count + matrix.indices
    told = known.pairs()
    last = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(last, np.searchsorted(keys, told), known.times)
    arrays = (matrix.indptr, matrix.indices, matrix.data, last)
    types = (np.int32, np.int32, np.float32, np.int64)
    return {n: a.astype(t) for n, a, t in zip(HISTORY, arrays, types, strict=True)}


def _write(root: Path, parts: BundleParts) -> str:
    sweep_parts(root)
    staged = root / f".{uuid.uuid4().hex}.part"
    staged.mkdir(parents=True)
    try:
        files = {name: put_file(staged, name, content) for name, content in _contents(parts)}
        manifest = _manifest(parts, files)
        replace_durably(staged / MANIFEST, manifest.text().encode())
        name = f"{parts.training_day}-{_digest(manifest)}"
        if not _is_whole(root / name):
            shutil.rmtree(root / name, ignore_errors=True)
            staged.rename(root / name)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    _point(root, name)
    _remove_older(root, name)
    return name


def _contents(parts: BundleParts) -> Iterator[tuple[str, Content]]:
    learnt_count = parts.known.item_count
    yield "works", parts.works
    yield "names", parts.names
    yield LISTENER_IDS, np.asarray(parts.listener_ids).astype(np.bytes_)
    histories = history_arrays(parts.known)
    yield from histories.items()
    starts, items = (histories[name] for name in HISTORY[:2])
    yield from holders(starts, items, learnt_count).items()
    yield from work_lookups(parts.works, learnt_count, parts.told_popularity).items()
    yield from track_lookups(parts.names, parts.works).items()
    units = unit_vectors(parts.vectors)
    yield "vectors", units
    if len(units) > EXACT_SERVED_WORKS:
        yield NEAR, MadeFile("faiss", NearIndex(units, "ivf").write)
    yield SEARCH, MadeFile("sqlite", lambda path: _write_search(path, parts))
    if parts.facts:
        yield "facts", np.vstack([parts.facts[name] for name in parts.facts]).astype(np.float64)
    if parts.popular_by_hour is not None:
        yield "popular_by_hour", parts.popular_by_hour.astype(np.float32)
    if parts.trees is not None:
        yield "trees", parts.trees
    for name, part in parts.parts.items():
        for array, values in part.arrays.items():
            yield f"part.{name}.{array}", values


def _write_search(path: Path, parts: BundleParts) -> None:
    """Works by what they are called; those that more listeners have come first, then by telling."""
    listeners = np.zeros(len(parts.works))
    own = np.diff(parts.known.presence().tocsc().indptr)
    listeners[: len(own)] = own
    if parts.told_popularity is not None:
        most = np.nanmax(parts.told_popularity, initial=0.0)
        listeners += np.nan_to_num(parts.told_popularity) / (most + 1)
    write_work_search(path, parts.works, parts.names, listeners, parts.act_names)


def _manifest(parts: BundleParts, files: dict[str, StoredFile]) -> Manifest:
    return Manifest(
        training_day=parts.training_day.isoformat(),
        model=parts.model,
        written_at=datetime.now(UTC).isoformat(timespec="seconds"),
        files=files,
        parts={
            name: {"kind": part.kind, "arrays": [*part.arrays], "numbers": {**part.numbers}}
            for name, part in parts.parts.items()
        },
        quotas={**parts.quotas},
        weights={**parts.weights},
        facts=[*parts.facts],
        counts={
            "listeners": parts.known.user_count,
            "works": len(parts.works),
            "learnt_works": parts.known.item_count,
            **parts.counts,
        },
        packages={name: metadata.version(name) for name in _PACKAGES},
        is_simulated=parts.is_simulated,
    )


def _digest(manifest: Manifest) -> str:
    """Of all that answers come from; when and with which packages it was written is none of it."""
    told = (manifest.model, manifest.files, manifest.parts, manifest.quotas, manifest.weights)
    return hashlib.sha256(repr((told, manifest.facts)).encode()).hexdigest()[:8]


def _is_whole(folder: Path) -> bool:
    """Whether it could answer: then it need not be written again, nor give way."""
    try:
        open_folder(folder, is_thorough=True)
    except BundleError:
        return False
    return True


def _point(root: Path, name: str) -> None:
    """Let a bundle answer, unless one that was trained on a later day does."""
    try:
        named = (root / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        named = ""
    if named[:10] > name[:10] and _is_whole(root / named):
        return
    replace_durably(root / CURRENT, f"{name}\n".encode())


def bundles(root: Path) -> list[Path]:
    """Folders of all bundles, ascending by training day."""
    return sorted(path for path in root.glob("[0-9]*-*") if path.is_dir())


def _remove_older(root: Path, written: str) -> None:
    """Keep the last by training day, the one just written and the one that answers."""
    current = (root / CURRENT).read_text(encoding="utf-8").strip()
    needed = {written, current}
    others = [path for path in bundles(root) if path.name not in needed]
    for path in others[: max(0, len(others) + len(needed) - KEPT_BUNDLES)]:
        # Under a hidden name at once: half a bundle is none.
        gone = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
        path.rename(gone)
        shutil.rmtree(gone)


def sweep_parts(root: Path) -> None:
    """Remove what killed writers left; the lock is held."""
    for path in root.glob(".*.part"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
