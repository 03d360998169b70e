"""Files made from tables for other programs: whole, or as they were before.

Belongs here: how a file is replaced. Does not belong here: what is in it.
"""

from __future__ import annotations

from pathlib import Path


def write_artifact(folder: Path, name: str, content: bytes) -> Path:
    """Replace `folder/name` by `content` in one step; readers see the old file or the new one.

    Raises:
        OSError: the folder is full or not writable; the old file stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Steps that write artifacts take turns (lake/lock.py), so one name is enough, and what a
    # killed one leaves under it is replaced by the next.
    staged = folder / f".{name}.part"
    try:
        staged.write_bytes(content)
        staged.replace(folder / name)
    finally:
        staged.unlink(missing_ok=True)
    return folder / name
