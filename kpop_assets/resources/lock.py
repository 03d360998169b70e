"""One writer of a table at a time, and no purge beside a run, on this machine.

Belongs here: the locks and who holds them. Does not belong here: what is written under them
(lake.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from kpop_assets.resources.errors import LakeError


@contextmanager
def locked(folder: Path, table_path: str, seconds: float) -> Iterator[None]:
    """Hold the lock of a table; the system frees it when its holder dies, however it dies.

    Args:
        folder: where the locks of the lake are.
        table_path: `<layer>/<name>`.
        seconds: how long to wait for another holder.

    Raises:
        LakeError: another process holds it for longer than that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table_path.replace('/', '.')}.lock"
    holder = path.with_suffix(".holder")
    try:
        with FileLock(path, timeout=seconds):
            holder.write_text(json.dumps({"pid": os.getpid()}))
            yield
    except Timeout as error:
        known = holder.read_text() if holder.exists() else "unknown"
        raise LakeError(
            f"table {table_path} is being written by another process ({known}): "
            "wait for it or end it"
        ) from error


@contextmanager
def filling(root: Path, is_purge: bool, seconds: float = 600) -> Iterator[None]:
    """Fill tables of a lake with other runs beside, or purge it with none.

    A run reads what it needs while it writes: a purge in between would let it write what is left
    over results that cannot be computed again.

    Args:
        root: the lake.
        is_purge: whether everybody else has to wait.
        seconds: how long to wait for the others.

    Raises:
        LakeError: they took longer than that.
    """
    (root / ".locks").mkdir(parents=True, exist_ok=True)
    lock = ReadWriteLock(root / ".locks" / "filling.lock")
    try:
        with lock.write_lock(seconds) if is_purge else lock.read_lock(seconds):
            yield
    except Timeout as error:
        other = "a run that fills tables" if is_purge else "a purge"
        raise LakeError(f"{root} is in use by {other}: wait for it and run again") from error
