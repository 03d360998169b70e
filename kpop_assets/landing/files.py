"""The folder `landing/`: how its files are named, written whole, recognised and listed.

    <root>/<YYYY-MM-DD>/events_<epoch ms>_<first 12 hex digits of the sha256 of its bytes>.json

The folder is append-only: nothing here changes or deletes a landed file. Reading its lines is
`lines.py`; what a line means is decided in bronze; where lines come from is `sources/`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.landing.errors import LandingError, landing_errors, refuse_link
from kpop_assets.landing.leftovers import sweep_leftovers
from kpop_assets.landing.lines import read_lines

__all__ = [
    "AlreadyLanded",
    "DigestIndex",
    "LandedFile",
    "LandingError",
    "StagedFile",
    "epoch_ms_in_name",
    "list_days",
    "list_files",
    "read_lines",
    "write_day",
]

# 2005-01-01 to 2099-12-31 UTC: YouTube began in 2005; ten digits of anything else are no instant.
FIRST_EPOCH_MS = 1_104_537_600_000
END_EPOCH_MS = 4_102_444_800_000

_DIGIT_RUN = re.compile(r"(?<![0-9])(?:[0-9]{13}|[0-9]{10})(?![0-9])")
_DIGEST_NAME = re.compile(r"events_[0-9]{13}_([0-9a-f]{12})\.json")


@dataclass(frozen=True)
class LandedFile:
    """A file that now stands in the landing folder and did not before."""

    path: Path
    day: dt.date
    epoch_ms: int
    line_count: int
    size_bytes: int
    digest: str


@dataclass(frozen=True)
class AlreadyLanded:
    """Nothing was written, because the file at `path` holds the same bytes."""

    path: Path
    digest: str


def epoch_ms_in_name(name: str) -> int | None:
    """Return the instant a file name carries, in epoch milliseconds.

    The first run of exactly 10 (seconds) or 13 (milliseconds) digits in the stem that is an
    instant from 2005 to 2099 counts; our own digest comes after it, so it is never taken for one.
    """
    for run in _DIGIT_RUN.findall(Path(name).stem):
        epoch_ms = int(run) * (1000 if len(run) == 10 else 1)
        if FIRST_EPOCH_MS <= epoch_ms < END_EPOCH_MS:
            return epoch_ms
    return None


def list_days(root: Path) -> list[dt.date]:
    """Return the days that have landing files, in order; other folders are ignored.

    A root that does not exist yet has no days; one that cannot be read is a `LandingError`.
    """
    with landing_errors("list", root):
        names = [entry.name for entry in root.iterdir()] if root.exists() else []
    days = sorted(day for name in names if (day := _day_of_folder(name)) is not None)
    return [day for day in days if list_files(root, day)]


def list_files(root: Path, day: dt.date) -> list[Path]:
    """Return the landing files of a day by name: `*.json`, none hidden; links are refused."""
    folder = root / day.isoformat()
    with landing_errors("list", folder):
        paths = folder.glob("*.json") if folder.exists() else ()
        found = sorted(p for p in paths if p.name[0] != "." and p.is_file())
        refuse_link(folder, *found)
        return found


def write_day(
    root: Path, day: dt.date, lines: Iterable[bytes], epoch_ms: int
) -> LandedFile | AlreadyLanded:
    """Land lines as one file of a day, whole or not at all.

    Args:
        root: The landing folder.
        day: The ingest date.
        lines: Lines or blocks of lines; a missing line end between two of them is added.
        epoch_ms: When the lines were collected; lines without `observed_at` take it as theirs.

    Returns:
        The file, or the one that already holds the same bytes on that day.

    Raises:
        LandingError: The file could not be written; nothing of it is left behind.
    """
    folder = root / day.isoformat()
    with landing_errors("create", folder):
        refuse_link(folder)
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
    sweep_leftovers(folder, ".events_*.part")
    staged = StagedFile(folder / f".events_{epoch_ms}_{secrets.token_hex(4)}.part")
    try:
        for block in lines:
            staged.add(block)
            if staged.pending_bytes > 8 << 20:
                staged.flush()
        return staged.publish(root, day, epoch_ms, DigestIndex(root, [day]))
    finally:
        staged.discard()
        if is_new:
            # Refused, as it should be, when the folder holds the landed file.
            with suppress(OSError):
                folder.rmdir()


class StagedFile:
    """A landing file being written under a hidden name, which readers never see."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pending_bytes = 0
        self._pending: list[bytes] = []
        self._hash = hashlib.sha256()
        self._size = 0
        self._newlines = 0
        self._is_open_line = False

    @property
    def line_count(self) -> int:
        """Lines flushed so far."""
        return self._newlines + self._is_open_line

    def add(self, block: bytes) -> None:
        """Take one line or a block of lines; it reaches the disk with the next `flush`."""
        if not block:
            return
        if self._is_open_line:
            self._pending.append(b"\n")
        self._pending.append(block)
        self._is_open_line = not block.endswith(b"\n")
        self.pending_bytes += len(block) + 1

    def flush(self) -> None:
        """Append what is pending to the hidden file."""
        data = b"".join(self._pending)
        with landing_errors("write", self.path), self.path.open("ab") as file:
            file.write(data)
        self._hash.update(data)
        self._size += len(data)
        self._newlines += data.count(b"\n")
        self._pending, self.pending_bytes = [], 0

    def publish(
        self, root: Path, day: dt.date, epoch_ms: int, index: DigestIndex
    ) -> LandedFile | AlreadyLanded:
        """Give the file its landed name, unless the index knows the same bytes already."""
        if not FIRST_EPOCH_MS <= epoch_ms < END_EPOCH_MS:
            raise ValueError(f"epoch_ms is not an instant from 2005 to 2099: {epoch_ms}")
        self.flush()
        digest = self._hash.hexdigest()
        standing = index.find(digest, self._size)
        if standing is not None:
            self.discard()
            return AlreadyLanded(standing, digest)
        target = root / day.isoformat() / f"events_{epoch_ms}_{digest[:12]}.json"
        with landing_errors("write", target):
            _sync(self.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            self.path.replace(target)
            _sync(target.parent)
        index.add(target, self._size)
        return LandedFile(target, day, epoch_ms, self.line_count, self._size, digest)

    def discard(self) -> None:
        """Remove the hidden file, if it still stands."""
        with landing_errors("remove", self.path):
            self.path.unlink(missing_ok=True)


class DigestIndex:
    """Which bytes stand in the landing folder already, by digest.

    Our own files say it in their names. A file that another collector put there is hashed,
    but only when its size fits.
    """

    def __init__(self, root: Path, days: Iterable[dt.date] | None = None) -> None:
        self._by_digest: dict[str, Path] = {}
        self._by_size: dict[int, list[Path]] = {}
        for day in list_days(root) if days is None else days:
            for path in list_files(root, day):
                with landing_errors("read", path):
                    self.add(path, path.stat().st_size)

    def add(self, path: Path, size: int) -> None:
        """Take a landed file into the index."""
        if match := _DIGEST_NAME.fullmatch(path.name):
            self._by_digest.setdefault(match[1], path)
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


def _day_of_folder(name: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(name)
    except ValueError:
        return None
    # fromisoformat also reads 20251228 and 2025-W52-7, which are not our folders.
    return day if day.isoformat() == name else None


def _sync(path: Path) -> None:
    """Flush a file or folder to the disk, so that a power cut keeps what was reported as landed."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
