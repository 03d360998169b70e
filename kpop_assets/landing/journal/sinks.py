"""Where the lines of a data folder's journals go: to landing files, or to a cluster first.

Belongs here: which kinds a cluster takes where one is named. Does not belong here: the cluster's
client (kafka/topic_sender.py), or the way out of a journal (lander.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpop_assets.contracts.feedback import FEEDBACK_LINES
from kpop_assets.contracts.plays import PLAY_LINES
from kpop_assets.landing.journal.lander import Sink, land_segments, landing_sink
from kpop_assets.landing.journal.segments import journal_root
from kpop_assets.settings import Settings

if TYPE_CHECKING:
    from kpop_assets.landing.kafka.topic_sender import TopicSender

# What others may want to read from a topic; the log of answers is ours.
CLUSTER_KINDS = frozenset({PLAY_LINES.kind, FEEDBACK_LINES.kind})


class Sinks:
    """The sinks of a data folder.

    Args:
        settings: the landing folder, and the cluster where there is one.
    """

    def __init__(self, settings: Settings) -> None:
        self._servers = settings.kafka
        self._landing = landing_sink(settings.landing)
        self._sender: TopicSender | None = None

    def of_kind(self, kind: str) -> Sink:
        """Where the lines of a kind go."""
        return self._send if is_sent(self._servers, kind) else self._landing

    def close(self) -> None:
        """Leave the cluster, if it was ever asked."""
        if self._sender is not None:
            self._sender.close()
            self._sender = None

    def _send(self, kind: str, epoch_ms: int, days: Mapping[dt.date, list[bytes]]) -> None:
        if self._sender is None:
            # Its package is an extra.
            from kpop_assets.landing.kafka.topic_sender import TopicSender

            self._sender = TopicSender(self._servers)
        self._sender.send(kind, [line for _, lines in sorted(days.items()) for line in lines])


def land_left(settings: Settings) -> None:
    """Land what a server left that was killed, but for what a cluster is to get.

    Raises:
        LandingError: it cannot be landed; it stays where it is.
    """
    sink = landing_sink(settings.landing)
    landed = land_segments(
        journal_root(settings.home),
        lambda kind: None if is_sent(settings.kafka, kind) else sink,
    )
    for error in landed.errors.values():
        raise error


def is_sent(servers: str, kind: str) -> bool:
    """Whether lines of a kind go to a cluster, where these servers are named."""
    return bool(servers) and kind in CLUSTER_KINDS
