"""Removing a listener from every serving bundle that is kept.

Belongs here: their id and history out of a bundle's files, and what killed tries left. Does not
belong here: lines and tables (retention/forgetting.py), or what was learnt from many, which the
next training learns anew.

New files are written beside the old, the manifest is replaced, then all goes that it does not
name: killed anywhere, the bundle answers, and the same again ends it. Who has it open keeps what
they mapped until they open it again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from kpop_assets.lake.lock import locked
from kpop_assets.recommend.bundle.bundle_files import CHECKED, put_file, replace_durably
from kpop_assets.recommend.bundle.bundle_read import open_folder
from kpop_assets.recommend.bundle.bundle_write import (
    LOCK,
    LOCK_SECONDS,
    bundles,
    sweep_parts,
)
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.matrices.bundle_lookups import holders
from kpop_assets.recommend.matrices.bundle_parts import (
    FIRST_FORMAT,
    HISTORY,
    LISTENER_IDS,
    MANIFEST,
    BundleError,
    read_manifest,
    serving_folder,
)


@dataclass
class BundlesLeft:
    """What became of the bundles.

    Attributes:
        changed: names of those that held the listener, and no longer do.
        removed: names of those that could not be read, and so not be looked through.
    """

    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def forget_listener(home: Path, listener_id: str) -> BundlesLeft:
    """Remove a listener from all bundles of a data folder.

    A bundle that is damaged goes as a whole: nobody could say whether they still stand in it, and
    it answers nobody.

    Raises:
        InUseError: another process writes a bundle.
    """
    root, left = serving_folder(home), BundlesLeft()
    if not root.is_dir():
        return left
    with locked(home / ".locks", LOCK, LOCK_SECONDS):
        sweep_parts(root)
        for folder in bundles(root):
            try:
                bundle = open_folder(folder)
            except BundleError:
                shutil.rmtree(folder)
                left.removed.append(folder.name)
                continue
            row = bundle.row_of(listener_id)
            if row is not None:
                _write_without(bundle, row)
                left.changed.append(folder.name)
            _keep_named_alone(folder)
    return left


def _write_without(bundle: Bundle, row: int) -> None:
    starts, *entries = (bundle.arrays[name] for name in HISTORY)
    own = np.arange(int(starts[row]), int(starts[row + 1]))
    changed = {
        LISTENER_IDS: np.delete(bundle.arrays[LISTENER_IDS], row),
        HISTORY[0]: np.delete(starts, row)
        - np.where(np.arange(len(starts) - 1) < row, 0, len(own)),
    }
    changed |= {n: np.delete(a, own) for n, a in zip(HISTORY[1:], entries, strict=True)}
    manifest = bundle.manifest
    if manifest.format_version != FIRST_FORMAT:
        changed |= holders(changed[HISTORY[0]], changed[HISTORY[1]], bundle.learnt_count)
    files = {name: put_file(bundle.folder, name, array) for name, array in changed.items()}
    counts = {**manifest.counts, "listeners": manifest.counts["listeners"] - 1}
    told = replace(manifest, files={**manifest.files, **files}, counts=counts)
    replace_durably(bundle.folder / MANIFEST, told.text().encode())


def _keep_named_alone(folder: Path) -> None:
    """Remove what the manifest does not name: files of before, and of tries that were killed."""
    named = {one.file for one in read_manifest(folder).files.values()} | {MANIFEST, CHECKED}
    for path in folder.iterdir():
        if path.name not in named:
            path.unlink()
