"""How often each key may ask: a token bucket that all processes of the server share.

Belongs here: the buckets, and their file. Does not belong here: who asks (api_keys.py), or what is
answered to who asks too often (entrance.py).

A bucket is one number: the moment at which it will be full again (the generic cell rate
algorithm). Numbers lie in a file that processes map into their memory, and one is changed under a
lock of its own eight bytes. A killed process leaves no lock behind, and whichever process is asked,
the limit is the same. Without keys the caller's address stands in for one; two with one
number share a bucket.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

from kpop_assets.errors import KpopError
from kpop_assets.lake.foreign import disk_error
from kpop_assets.settings import Settings

_FULL_AT = struct.Struct("<d")
# Requests a second of each key where nothing else is said.
RATE_OF_KEYS = 100.0
BUCKETS = 1 << 16
# So many seconds' worth may come at once.
BURST_SECONDS = 2.0


class RateLimitError(KpopError):
    """The file of the buckets cannot be used."""


class RateLimits:
    """Buckets of one rate.

    Args:
        path: file that the processes share.
        per_second: requests a second that each may go on with.
        now: the clock, the same for all processes.
    """

    def __init__(self, path: Path, per_second: float, now: Callable[[], float] = time.time) -> None:
        self._gap = 1.0 / per_second
        self._depth = max(1.0, per_second * BURST_SECONDS) * self._gap
        self._now = now
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.truncate(self._file, BUCKETS * _FULL_AT.size)
            self._buckets = mmap.mmap(self._file, BUCKETS * _FULL_AT.size)
        except OSError as error:
            what = f"{path} cannot be used: {error.strerror}"
            raise disk_error(error, path) or RateLimitError(what, "mend its folder") from error

    def seconds_to_wait(self, who: str) -> float:
        """Take a token of somebody's bucket; else in how many seconds there is one again.

        Args:
            who: a key's number, or an address; nothing of it is kept.
        """
        digest = hashlib.blake2b(who.encode(), digest_size=8).digest()
        place = int.from_bytes(digest, "big") % BUCKETS * _FULL_AT.size
        fcntl.lockf(self._file, fcntl.LOCK_EX, _FULL_AT.size, place)
        try:
            now = self._now()
            (full_at,) = _FULL_AT.unpack_from(self._buckets, place)
            # A clock that was put back, or a file that was damaged, locks nobody out.
            begin = full_at if now <= full_at <= now + self._depth else now
            wait = begin + self._gap - now - self._depth
            if wait > 1e-9:
                return float(wait)
            _FULL_AT.pack_into(self._buckets, place, begin + self._gap)
            return 0.0
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, _FULL_AT.size, place)


def limits_of(settings: Settings) -> RateLimits | None:
    """The limits that are configured; None where everybody may ask as often as they like.

    Raises:
        KpopError: their file cannot be used.
    """
    rate = settings.api_rate
    if rate is None:
        rate = RATE_OF_KEYS if settings.api_callers else 0.0
    return RateLimits(settings.home / "serving" / "rate_limits", rate) if rate else None
