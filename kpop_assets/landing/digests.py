"""Which bytes stand in the landing folder already, by digest.

Belongs here: recognising a file that was landed before, under whatever name. Does not belong
here: how files are named (folders.py) or written (files.py).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path

from kpop_assets.landing.errors import landing_errors
from kpop_assets.landing.folders import EVENTS, digest_in_name, list_days, list_landed


class DigestIndex:
    """The landed files of one kind.

    Our own files say their digest in their names. A file that another collector put there is
    hashed, but only when its size fits.
    """

    def __init__(
        self, root: Path, days: Iterable[dt.date] | None = None, kind: str = EVENTS
    ) -> None:
        self._by_digest: dict[str, Path] = {}
        self._by_size: dict[int, list[Path]] = {}
        for day in list_days(root, kind) if days is None else days:
            for path in list_landed(root, day, kind):
                with landing_errors("read", path):
                    self.add(path, path.stat().st_size)

    def add(self, path: Path, size: int) -> None:
        """Take a landed file into the index."""
        if digest := digest_in_name(path.name):
            self._by_digest.setdefault(digest, path)
        else:
            self._by_size.setdefault(size, []).append(path)

    def find(self, digest: str, size: int) -> Path | None:
        """Return the landed file with these bytes, if there is one."""
        if digest[:12] in self._by_digest:
            return self._by_digest[digest[:12]]
        for path in self._by_size.get(size, []):
            with landing_errors("read", path), path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == digest:
                    return path
        return None
