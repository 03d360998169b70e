"""Writing landing files: under a hidden name first, whole or not at all, the same bytes once.

Belongs here: how a file comes to stand in the landing folder, which is append-only: nothing here
changes or deletes a landed file. Does not belong here: where it stands and what it is called
(folders.py), reading its lines (lines.py), or where lines come from (sources/).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.landing.digests import DigestIndex
from kpop_assets.landing.errors import landing_errors, refuse_link
from kpop_assets.landing.folders import EVENTS, below, day_folder, file_name, is_instant
from kpop_assets.landing.leftovers import sweep_leftovers


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


def write_day(
    root: Path, day: dt.date, lines: Iterable[bytes], epoch_ms: int, kind: str = EVENTS
) -> LandedFile | AlreadyLanded:
    """Land lines as one file of a day, whole or not at all.

    Args:
        root: The landing folder.
        day: The ingest date.
        lines: Lines or blocks of lines; a missing line end between two of them is added.
        epoch_ms: When the lines were collected; lines without `observed_at` take it as theirs.
        kind: The kind of the lines.

    Returns:
        The file, or the one that already holds the same bytes on that day.

    Raises:
        LandingError: The file could not be written; nothing of it is left behind.
    """
    folder = day_folder(root, day, kind)
    with landing_errors("create", folder):
        refuse_link(*below(root, folder))
        is_new = not folder.exists()
        make_lasting(folder)
    sweep_leftovers(folder, f".{kind}_*.part")
    staged = StagedFile(folder / f".{kind}_{epoch_ms}_{secrets.token_hex(4)}.part")
    try:
        for block in lines:
            staged.add(block)
            if staged.pending_bytes > 8 << 20:
                staged.flush()
        return staged.publish(root, day, epoch_ms, DigestIndex(root, [day], kind), kind)
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

    def seal(self) -> str:
        """Bring all of it to the disk, and return the sha256 of its bytes."""
        self.flush()
        with landing_errors("write", self.path):
            sync_path(self.path)
        return self._hash.hexdigest()

    def publish(
        self, root: Path, day: dt.date, epoch_ms: int, index: DigestIndex, kind: str = EVENTS
    ) -> LandedFile | AlreadyLanded:
        """Give the file its landed name, unless the index knows the same bytes already."""
        if not is_instant(epoch_ms):
            raise ValueError(f"epoch_ms is not an instant from 2005 to 2099: {epoch_ms}")
        digest = self.seal()
        standing = index.find(digest, self._size)
        if standing is not None:
            self.discard()
            return AlreadyLanded(standing, digest)
        target = day_folder(root, day, kind) / file_name(epoch_ms, digest, kind)
        place_file(self.path, target)
        index.add(target, self._size)
        return LandedFile(target, day, epoch_ms, self.line_count, self._size, digest)

    def discard(self) -> None:
        """Remove the hidden file, if it still stands."""
        with landing_errors("remove", self.path):
            self.path.unlink(missing_ok=True)


def place_file(staged: Path, target: Path) -> None:
    """Give a sealed file its landed name, so that a power cut leaves it there or here."""
    with landing_errors("write", target):
        make_lasting(target.parent)
        staged.replace(target)
        sync_path(target.parent)


def make_lasting(folder: Path) -> None:
    """Make a folder and what lacks above it, so that a power cut keeps their names as well."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in made:
        sync_path(each.parent)


def sync_path(path: Path) -> None:
    """Flush a file or folder to the disk, so that a power cut keeps what was reported as landed."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
