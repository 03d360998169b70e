"""How a stream runs until it is stopped, whatever it carries.

Belongs here: stopping between micro-batches, and what a failure is called. Does not belong here:
the steps of a micro-batch (stream.py, play_stream.py).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.errors import PySparkException
from pyspark.sql.streaming import DataStreamWriter, StreamingQuery

from kpop_assets.engine.session import EngineError
from kpop_assets.errors import KpopError
from kpop_assets.lake.foreign import first_line
from kpop_assets.settings import Settings

_LOOK_SECONDS = 0.2
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StreamError(KpopError):
    """The stream cannot go on; one line says why and names the way out."""


@contextmanager
def stopped_by_signals(settings: Settings) -> Iterator[threading.Event]:
    """An event that SIGINT or SIGTERM sets, inside the block.

    Raises:
        EngineError: the engine has no streams.
    """
    if settings.engine != "spark":
        raise EngineError(
            f"engine {settings.engine} has no streams", "set KPOP_ENGINE=spark", may_pass=False
        )
    stop = threading.Event()
    before = {sign: signal.signal(sign, lambda *_: stop.set()) for sign in _STOP_SIGNALS}
    try:
        yield stop
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def begin(writer: DataStreamWriter, every_seconds: int | None) -> StreamingQuery:
    """Start a query; without an interval it takes what is there, and ends."""
    if every_seconds is None:
        return writer.trigger(availableNow=True).start()
    return writer.trigger(processingTime=f"{every_seconds} seconds").start()


def carry(query: StreamingQuery, stop: threading.Event) -> None:
    """Let a query run until it ends or `stop` is set; a micro-batch under way is finished first."""
    try:
        while query.isActive and not stop.wait(_LOOK_SECONDS):
            pass
        while query.isActive and query.status["isTriggerActive"]:
            threading.Event().wait(_LOOK_SECONDS)
    finally:
        query.stop()


def raise_failure(failure: Exception | None, query: StreamingQuery) -> None:
    """Raise what ended a query, if anything did.

    Raises:
        StreamError: Spark says that it failed; what a step itself raised comes as it was.
    """
    found = failure or query.exception()
    if isinstance(found, PySparkException):
        raise StreamError(
            f"the stream stopped: {first_line(found)}", "start it again, or with --anew"
        ) from found
    if found is not None:
        raise found
