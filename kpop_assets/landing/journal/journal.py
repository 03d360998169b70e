"""A journal: lines are on the disk before anybody is told that they were taken in.

Belongs here: appending, and bringing what many ask for to the disk at once. Does not belong here:
the files themselves (segments.py), or what a line is made of (serving/intake/).

Whoever asks while lines are on their way to the disk waits for the next turn, with all others who
ask meanwhile: one `fsync` for all of them. A turn that fails is cut off the segment again, so what
follows it stands behind whole lines.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.landing.errors import LandingError, landing_errors, refuse_link
from kpop_assets.landing.files import make_lasting, sync_path
from kpop_assets.landing.journal.segments import new_segment

# A segment of so many bytes is closed: a few seconds of the busiest hour.
MOST_SEGMENT_BYTES = 8 << 20
# What nobody waits for may lie in memory up to here; what comes beyond is left out and counted.
MOST_WAITING_BYTES = 16 << 20
# A journal's folder lies in `serving/journal` of the data folder.
_OWN_FOLDERS = 3
# The sizes and the bytes, not the times: half the work where the system can do so.
sync_data = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True)
class _Asked:
    lines: list[bytes]
    size: int
    done: Future[None] | None


class Journal:
    """The journal of one kind, of one process; it has a thread of its own until it is closed.

    Args:
        folder: where its segments lie.
        on_left_out: told how many lines that nobody waited for were left out: too many waited, or
            they could not be written down.

    Raises:
        LandingError: the folder cannot be made.
    """

    def __init__(self, folder: Path, on_left_out: Callable[[int], None] | None = None) -> None:
        self.folder, self._on_left_out = folder, on_left_out
        self._turn = threading.Condition()
        self._asked: list[_Asked] = []
        self._waiting_bytes = 0
        self._is_closing = False
        # Held while the segment is written to or closed.
        self._file_lock = threading.Lock()
        self._descriptor: int | None = None
        self._size, self._began = 0, 0.0
        with landing_errors("create", folder):
            make_lasting(folder)
            refuse_link(folder)
            # Whoever made them may have been killed before their names were on the disk.
            for above in folder.parents[:_OWN_FOLDERS]:
                sync_path(above)
        self._thread = threading.Thread(target=self._run, name=f"journal {folder.name}")
        self._thread.start()

    def append(self, lines: list[bytes]) -> Future[None]:
        """Take lines in; what is returned is done once all of them are on the disk.

        Its error is a LandingError where they cannot be; then none of them counts as taken in.
        """
        done: Future[None] = Future()
        if not self._ask(lines, done):
            done.set_exception(LandingError(f"{self.folder} is closed", "send it again"))
        return done

    def add(self, lines: list[bytes]) -> bool:
        """Take lines in that nobody waits for; False where there is no room for them."""
        is_taken = self._ask(lines, None)
        if not is_taken:
            self._leave_out(len(lines))
        return is_taken

    def close_segment(self, least_age_seconds: float = 0.0) -> None:
        """Leave the open segment to whoever lands it, if it is so old."""
        with self._file_lock:
            if time.monotonic() - self._began >= least_age_seconds:
                with landing_errors("close a segment of", self.folder):
                    self._leave()

    def close(self) -> None:
        """Bring all that was asked for to the disk, and end."""
        with self._turn:
            self._is_closing = True
            self._turn.notify()
        self._thread.join()
        self.close_segment()

    def _ask(self, lines: list[bytes], done: Future[None] | None) -> bool:
        asked = _Asked(lines, sum(map(len, lines)), done)
        with self._turn:
            is_too_much = self._waiting_bytes + asked.size > MOST_WAITING_BYTES
            if self._is_closing or (done is None and is_too_much):
                return False
            self._asked.append(asked)
            self._waiting_bytes += asked.size
            self._turn.notify()
        return True

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._asked or self._is_closing)
                taken, self._asked, self._waiting_bytes = self._asked, [], 0
            if not taken:
                return
            self._commit(taken)

    def _commit(self, taken: list[_Asked]) -> None:
        lines = [line for asked in taken for line in asked.lines]
        error: LandingError | None = None
        try:
            with self._file_lock, landing_errors("write to", self.folder):
                self._write(b"".join(lines))
        except LandingError as refused:
            error = refused
            self._leave_out(sum(len(a.lines) for a in taken if a.done is None))
        for asked in taken:
            if asked.done is not None:
                _finish(asked.done, error)

    def _leave_out(self, count: int) -> None:
        if count and self._on_left_out is not None:
            self._on_left_out(count)

    def _write(self, data: bytes) -> None:
        descriptor = self._open()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            sync_data(descriptor)
        except OSError:
            self._cut_off(descriptor)
            raise
        self._size += len(data)
        if self._size >= MOST_SEGMENT_BYTES:
            self._leave()

    def _open(self) -> int:
        if self._descriptor is None:
            _, self._descriptor = new_segment(self.folder)
            self._size, self._began = 0, time.monotonic()
            try:
                # Its name, too, must be there after a power cut.
                sync_path(self.folder)
            except OSError:
                # The next turn begins another, and asks again.
                self._leave()
                raise
        return self._descriptor

    def _cut_off(self, descriptor: int) -> None:
        """Take a turn that failed off again; where not even that goes, begin another segment."""
        # What is left of it then are lines that nobody was promised, and a torn one.
        with suppress(OSError):
            os.ftruncate(descriptor, self._size)
        self._leave()

    def _leave(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


def _finish(done: Future[None], error: LandingError | None) -> None:
    # Who asked may have gone away.
    if done.set_running_or_notify_cancel():
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
