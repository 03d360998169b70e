"""Replaces a landed file in its place: the one exception to "landing is append-only".

Belongs here: how a file is replaced whole or not at all. Does not belong here: which lines go
(retention/api_lines.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from kpop_assets.landing.errors import landing_errors


def replace_file(path: Path, lines: Iterable[bytes]) -> int:
    """Replace `path` by `lines` under the same name; without any line, remove it.

    Whoever is killed in the middle leaves the old file, and a hidden one that holds only what
    was to stay and that the next try writes anew.

    Returns:
        Bytes that stand there now.

    Raises:
        LandingError: it could not be written; the old file stands.
    """
    staged = path.with_name(f".{path.name}.part")
    with landing_errors("write", path):
        with staged.open("wb") as file:
            for line in lines:
                file.write(line)
            size = file.tell()
            file.flush()
            os.fsync(file.fileno())
        if size:
            staged.replace(path)
        else:
            path.unlink(missing_ok=True)
            staged.unlink()
    return size
