"""Segments of a journal: files of lines that were taken in and are not landed yet.

Belongs here: where segments lie, the form of a line in one, and who may work on which. Does not
belong here: writing them (journal.py), or what becomes of them (lander.py).

    KPOP_HOME/serving/journal/<kind>/<epoch ms>-<digits>.journal

A line is the check sum of its rest, its ingest date, and the landing line itself. Whoever writes a
segment, lands it or takes a person out of it holds its lock, which the system frees when the
holder dies, however it dies: a segment that nobody holds is finished.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kpop_assets.landing.errors import LandingError, landing_errors, refuse_link
from kpop_assets.landing.folders import is_instant

_ENDING = ".journal"
_SUM_DIGITS, _DAY_DIGITS = 8, 10
# Touched by whoever wants all that is open to be closed at once.
_CLOSE_NOW = "close-now"


@dataclass
class SegmentLines:
    """What a segment holds.

    Attributes:
        days: its lines by ingest date, in the order in which they came.
        torn_count: lines that were not written to their end, as a kill or a power cut leaves them;
            nobody was promised these.
    """

    days: dict[dt.date, list[bytes]] = field(default_factory=dict)
    torn_count: int = 0


def journal_root(home: Path) -> Path:
    """The folder of a data folder's journals."""
    return home / "serving" / "journal"


def framed(day: dt.date, line: bytes) -> bytes:
    """A landing line as a segment has it; it must end with a line end and hold no other."""
    rest = day.isoformat().encode() + b" " + line
    return b"%08x %b" % (zlib.crc32(rest), rest)


def segments_in(folder: Path) -> list[Path]:
    """The segments of a kind, the oldest first."""
    with landing_errors("list", folder):
        found = sorted(folder.glob(f"*{_ENDING}")) if folder.exists() else []
        refuse_link(folder, *found)
    return found


def kinds_in(root: Path) -> list[str]:
    """The kinds of which there are journals."""
    with landing_errors("list", root):
        return sorted(p.name for p in root.iterdir() if p.is_dir()) if root.exists() else []


def began_ms(segment: Path) -> int:
    """When a segment was begun, in epoch milliseconds.

    Raises:
        LandingError: its name says none; no journal gave it.
    """
    stem = segment.name.partition("-")[0]
    if not (stem.isascii() and stem.isdecimal() and is_instant(int(stem))):
        way_out = "move it away, or name it <epoch ms>-<digits>.journal where its lines are ours"
        raise LandingError(f"{segment} has the name of no segment", way_out)
    return int(stem)


def read_segment(path: Path) -> SegmentLines:
    """The whole lines of a segment; what is torn is counted.

    Raises:
        LandingError: it cannot be read.
    """
    with landing_errors("read", path):
        data = path.read_bytes()
    found = SegmentLines()
    *whole, rest = data.split(b"\n")
    found.torn_count += bool(rest)
    for stored in whole:
        told = _read_line(stored + b"\n")
        if told is None:
            found.torn_count += 1
        else:
            found.days.setdefault(told[0], []).append(told[1])
    return found


def _read_line(stored: bytes) -> tuple[dt.date, bytes] | None:
    stated, rest = stored[:_SUM_DIGITS], stored[_SUM_DIGITS + 1 :]
    if stated != b"%08x" % zlib.crc32(rest):
        return None
    try:
        day = dt.date.fromisoformat(rest[:_DAY_DIGITS].decode())
    except ValueError:
        # Not by a journal: the sum of nothing is right as well.
        return None
    return day, rest[_DAY_DIGITS + 1 :]


def new_segment(folder: Path) -> tuple[Path, int]:
    """A new segment, held, and its descriptor.

    Nobody sees it before it is held: it would be taken for one that was left.
    """
    digits = secrets.token_hex(4)
    path = folder / f"{time.time_ns() // 1_000_000}-{digits}{_ENDING}"
    hidden = folder / f".{path.name}.part"
    descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        hidden.replace(path)
    except OSError:
        os.close(descriptor)
        hidden.unlink(missing_ok=True)
        raise
    return path, descriptor


@contextmanager
def held(path: Path, is_waited_for: bool = False) -> Iterator[bool]:
    """Hold a segment inside the block; False where another does, or where it is gone.

    Args:
        path: the segment.
        is_waited_for: whether to wait for another who holds it.

    Raises:
        LandingError: it cannot be opened or held, as where a process has too many files open.
    """
    descriptor = _opened(path)
    if descriptor is None:
        yield False
        return
    try:
        with landing_errors("hold", path):
            is_held = _lock(descriptor, is_waited_for) and _is_at(descriptor, path)
        yield is_held
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int | None:
    with landing_errors("open", path):
        try:
            return os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None


def _lock(descriptor: int, is_waited_for: bool) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if is_waited_for else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether a path still leads to what was opened by it."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def ask_to_close(root: Path) -> None:
    """Have whoever writes into segments close these soon."""
    asked = root / _CLOSE_NOW
    with landing_errors("write", asked):
        root.mkdir(parents=True, exist_ok=True)
        asked.touch()


def asked_to_close(root: Path) -> int:
    """When that was asked for last, to be compared with itself alone; 0 is never."""
    asked = root / _CLOSE_NOW
    with landing_errors("look at", asked):
        try:
            return asked.stat().st_mtime_ns
        except FileNotFoundError:
            return 0
