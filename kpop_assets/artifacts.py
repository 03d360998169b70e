"""Files made from tables for other programs: whole, or as they were before.

Belongs here: how a file is replaced. Does not belong here: what is in it.
"""

from __future__ import annotations

import os
from pathlib import Path


def write_artifact(folder: Path, name: str, content: bytes) -> Path:
    """Replace `folder/name` by `content` in one step; readers see the old file or the new one.

    Raises:
        OSError: the folder is full or not writable; the old file stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    staged = folder / f".{name}.{os.getpid()}"
    try:
        staged.write_bytes(content)
        staged.replace(folder / name)
    finally:
        staged.unlink(missing_ok=True)
    return folder / name
