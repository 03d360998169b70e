"""Plays for a drill: sent through Kafka, some twice, and counted once more in plain Python.

Belongs here: what is sent, and what must come of it. Does not belong here: killing and comparing
(plays.py).
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from confluent_kafka import Producer

from kpop_assets.days import SEOUL, day_start_ms

DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
# Days over which plays are spread; the stream keeps as many and more.
DAYS = 2
_TWICE = 0.02
_FLUSH_SECONDS = 300


class Play(NamedTuple):
    """One play; times in epoch milliseconds."""

    user: str
    track: str
    played_at: int
    played_ms: int

    def message(self) -> bytes:
        """As a collector sends it."""
        fields = {"user_id": self.user, "track_id": self.track, "played_at": self.played_at}
        return json.dumps(fields | {"played_ms": self.played_ms}).encode()


def make_plays(count: int, users: int, seed: int, today: dt.date) -> list[Play]:
    """Distinct plays of the two days before `today`, out of order; one listener in 500 is a bot."""
    rng = random.Random(seed)
    first = day_start_ms(today) - DAYS * DAY_MS
    plays: set[Play] = set()
    while len(plays) < count:
        user = rng.randrange(users)
        length = 7_200_000 if user % 500 == 0 else rng.randrange(30_000, 60_000)
        at = first + rng.randrange(DAYS * DAY_MS)
        plays.add(Play(f"listener-{user}@mail.test", f"t{rng.randrange(8_000)}", at, length))
    found = sorted(plays)
    rng.shuffle(found)
    return found


def send(address: str, topic: str, plays: Iterable[Play], seed: int) -> int:
    """Send plays, some twice; returns how many messages that were.

    The producer is idempotent: a broker that is killed meanwhile makes it wait, and not repeat.
    """
    rng = random.Random(seed)
    producer = Producer(
        {
            "bootstrap.servers": address,
            "enable.idempotence": True,
            "linger.ms": 50,
            "message.timeout.ms": _FLUSH_SECONDS * 1000,
            "queue.buffering.max.messages": 2_000_000,
            "log_level": 0,
        }
    )
    sent = 0
    for play in plays:
        for _ in range(2 if rng.random() < _TWICE else 1):
            producer.produce(topic, play.message(), key=play.user.encode())
            sent += 1
        if sent % 1_000 == 0:
            producer.poll(0)
    if left := producer.flush(_FLUSH_SECONDS):
        raise TimeoutError(f"{left} messages could not be sent")
    return sent


def hours_of(
    plays: Iterable[Play], id_of: Callable[[str], str]
) -> Counter[tuple[dt.date, str, int]]:
    """Plays that count, by day, listener and hour of Seoul."""
    lengths: dict[tuple[dt.date, str], dict[int, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for play in plays:
        at = dt.datetime.fromtimestamp(play.played_at / 1000, SEOUL)
        lengths[at.date(), play.user][at.hour].append(play.played_ms)
    found: Counter[tuple[dt.date, str, int]] = Counter()
    for (day, user), hours in lengths.items():
        if not _is_bot(hours.values()):
            found.update({(day, id_of(user), hour): len(all_) for hour, all_ in hours.items()})
    return found


def _is_bot(hours: Iterable[list[int]]) -> bool:
    """Whether more is played than time passes, without the longest play."""
    each = list(hours)
    whole = [length for hour in each for length in hour]
    in_an_hour = any(sum(hour) - max(hour) > _HOUR_MS for hour in each)
    return in_an_hour or sum(whole) - max(whole) > DAY_MS
