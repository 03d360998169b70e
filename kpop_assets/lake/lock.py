"""One step that fills tables at a time, and one writer of a table, on this machine.

Belongs here: the locks and who holds them. Does not belong here: what is written under them
(lake.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kpop_assets.lake.errors import InUseError


@contextmanager
def locked(folder: Path, table_path: str, seconds: float) -> Iterator[None]:
    """Hold the lock of a table; the system frees it when its holder dies, however it dies.

    Args:
        folder: where the locks of the lake are.
        table_path: `<layer>/<name>`.
        seconds: how long to wait for another holder.

    Raises:
        InUseError: another process holds it for longer than that.
    """
    with _held(
        folder, table_path.replace("/", "."), f"table {table_path} is being written", seconds
    ):
        yield


@contextmanager
def filling(root: Path, seconds: float = 600) -> Iterator[None]:
    """Fill or purge tables of a lake while no other process does.

    A step reads what it needs while it writes. If another could write in between, the slower of
    two runs would put rows made of what it had read before over newer ones; and a step could
    write what a purge has left over results that cannot be computed again.

    Args:
        root: the lake.
        seconds: how long to wait for another process.

    Raises:
        InUseError: it took longer than that.
    """
    with _held(root / ".locks", "filling", f"{root} is being filled", seconds):
        yield


@contextmanager
def _held(folder: Path, name: str, what: str, seconds: float) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.lock"
    holder = path.with_suffix(".holder")
    try:
        with FileLock(path, timeout=seconds):
            holder.write_text(json.dumps({"pid": os.getpid()}))
            yield
    except Timeout as error:
        known = holder.read_text() if holder.exists() else "unknown"
        raise InUseError(
            f"{what} by another process ({known})", "wait for it or end it, then run again"
        ) from error
