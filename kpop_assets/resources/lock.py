"""One writer of a table at a time, on this machine.

Belongs here: the lock and who holds it. Does not belong here: what is written under it (lake.py).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

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
