"""What code said when it ran, as one hash: rows that rest on it say so, and others are found.

Belongs here: the hash of source files. Does not belong here: which code a row rests on (each room
says its own), or the hash of rows (ml/digest.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_code(files: Iterable[Path]) -> str:
    """A hash of the names and texts of source files, whatever their order and folder.

    Two files of one name count as two. Line ends, which a checkout may change, count for nothing.
    """
    texts = sorted((path.name, path.read_bytes().replace(b"\r\n", b"\n")) for path in files)
    whole = hashlib.sha256()
    for name, text in texts:
        whole.update(f"{name}\0{len(text)}\0".encode() + text)
    return whole.hexdigest()[:16]
