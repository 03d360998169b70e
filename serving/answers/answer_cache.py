"""Lists that were answered before, kept for a while.

Belongs here: the cache of one process, and the order in which caches are asked. Does not belong
here: what makes two questions the same (answer_maker.py says it in the key).

A key names everything that a list depends on: the bundle, what was asked, and the stamp of the
listener's plays. So nothing has to be removed when somebody plays, in whichever process: the next
question has another key.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from kpop_assets.errors import KpopError

if TYPE_CHECKING:
    from redis.asyncio import Redis

PROCESS_SECONDS, REDIS_SECONDS = 3_600.0, 1_800
_MOST_LISTS, _MOST_BYTES = 10_000, 64_000_000
# What a process needs to keep a list beside its bytes: the key, a place in the order.
_BESIDE_BYTES = 400
# A list is made in less than Redis may take; one that did not answer is left alone for a while.
REDIS_WAITS_SECONDS, REDIS_RESTS_SECONDS = 0.01, 2.0
_PREFIX = "kpop:list:"
_log = logging.getLogger("kpop.answers")


class CacheError(KpopError):
    """A cache that was configured cannot be used."""


class CacheMeters(Protocol):
    """What is counted of caches (serving/metrics/meters.py)."""

    def looked_up(self, cache: str, outcome: str) -> None:
        """A cache was asked: hit, miss or error."""

    def outside_failed(self, service: str) -> None:
        """A service could not be used."""


class ProcessCache:
    """Lists of one process, each for an hour at most; of too many those asked longest ago go.

    Args:
        seconds: how long a list is kept.
        most: lists.
        most_bytes: of all lists together, with what keeping them takes.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        seconds: float = PROCESS_SECONDS,
        most: int = _MOST_LISTS,
        most_bytes: int = _MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._most_bytes, self._bytes = most_bytes, 0
        self._lists: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        """A list; None where there is none any more."""
        found = self._lists.get(key)
        if found is None:
            return None
        if self._clock() >= found[0]:
            self._drop(key)
            return None
        self._lists.move_to_end(key)
        return found[1]

    def put(self, key: str, told: bytes) -> None:
        """Keep a list."""
        self._drop(key)
        self._lists[key] = (self._clock() + self._seconds, told)
        self._bytes += len(told) + _BESIDE_BYTES
        while len(self._lists) > self._most or self._bytes > self._most_bytes:
            self._drop(next(iter(self._lists)))

    def _drop(self, key: str) -> None:
        dropped = self._lists.pop(key, None)
        if dropped is not None:
            self._bytes -= len(dropped[1]) + _BESIDE_BYTES


class RedisCache:
    """Lists that processes share, for half an hour; without Redis each goes on by itself.

    Args:
        url: where it is.
        meters: count hits, misses and errors.

    Raises:
        CacheError: its client is not installed.
    """

    def __init__(self, url: str, meters: CacheMeters) -> None:
        self._meters, self._rests_until = meters, 0.0
        self._server = redis_client(url)

    async def get(self, key: str) -> bytes | None:
        """A list; None where there is none, or Redis does not answer."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._rests_until:
            self._meters.looked_up("redis", "error")
            return None
        try:
            found = await self._server.get(_PREFIX + key)
        except (RedisError, OSError) as error:
            self._rest(error)
            self._meters.looked_up("redis", "error")
            return None
        self._meters.looked_up("redis", "miss" if found is None else "hit")
        return found.encode() if isinstance(found, str) else found

    async def put(self, key: str, told: bytes) -> None:
        """Keep a list, if Redis answers."""
        from redis.exceptions import RedisError

        if time.monotonic() < self._rests_until:
            return
        try:
            await self._server.set(_PREFIX + key, told, ex=REDIS_SECONDS)
        except (RedisError, OSError) as error:
            self._rest(error)

    async def close(self) -> None:
        """Let its connections go."""
        await self._server.aclose()

    def _rest(self, error: Exception) -> None:
        self._rests_until = time.monotonic() + REDIS_RESTS_SECONDS
        self._meters.outside_failed("redis")
        _log.warning("Redis keeps no lists: %s", type(error).__name__)


def redis_client(url: str) -> Redis:
    """A client, which connects when it is first asked.

    Raises:
        CacheError: it is not installed.
    """
    try:
        # Who has no Redis need not have its client.
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError as error:
        raise CacheError(
            "KPOP_REDIS is set, but its client is absent", "pip install 'kpop-assets[redis]'"
        ) from error
    return Redis.from_url(
        url,
        socket_timeout=REDIS_WAITS_SECONDS,
        socket_connect_timeout=REDIS_WAITS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
