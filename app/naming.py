"""Names of downloaded files.

Belongs here: a name that says what is in a file and is safe on every system. Does not belong
here: the download itself (tables.py).
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(r"[^\w-]+")


def download_name(*parts: object) -> str:
    """The parts in a row; of each only letters, digits, `_` and `-` are kept."""
    return "_".join(filter(None, (_UNSAFE.sub("", str(part)) for part in parts)))
