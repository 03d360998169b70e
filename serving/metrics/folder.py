"""The folder in which the processes of one server count together, for as long as it runs.

Belongs here: where it is, and removing it. Does not belong here: what is counted (meters.py). The
library's counters decide when they are first imported whether they lie in files: this module
knows nothing of it, so that the server's first process can come before.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpop_assets.stopping import is_alive

# The name by which prometheus-client looks for it.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "kpop-metrics-"
# In memory where there is such a folder: a counter is a mapped file, and writing to a mapped file
# ends the process where its disk is full.
MEMORY = Path("/dev/shm")  # noqa: S108 - each server makes a folder of its own in it, for itself


@contextmanager
def counted_together() -> Iterator[Path]:
    """Let processes that are started inside count in one folder, which is removed at the end.

    Where the variable already names one, it is theirs, and stays.
    """
    parent = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _remove_left_over(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    try:
        yield Path(os.environ.setdefault(FOLDER_VARIABLE, str(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_over(parent: Path) -> None:
    """Remove what servers left that were killed."""
    for folder in parent.glob(f"{_PREFIX}*-*"):
        found = re.match(rf"{_PREFIX}(\d+)-", folder.name)
        if found and not is_alive(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)
