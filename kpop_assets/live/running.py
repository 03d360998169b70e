"""How a stream runs until it is stopped, whatever it carries.

Belongs here: starting from the checkpoints in use, stopping between micro-batches, and what a
failure is called. Does not belong here: the steps of a micro-batch (stream.py, play_stream.py), or
how checkpoints are reset (checkpoints.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql.streaming import DataStreamWriter, StreamingQuery

from kpop_assets.engine.session import EngineError
from kpop_assets.errors import KpopError
from kpop_assets.lake.foreign import first_line
from kpop_assets.lake.lake import Lake
from kpop_assets.live.checkpoints import Stream, alone, checkpoint_of, is_whole, reset
from kpop_assets.settings import Settings

_LOOK_SECONDS = 0.2


class StreamError(KpopError):
    """The stream cannot go on; one line says why and names the way out."""


def need_streams(settings: Settings) -> None:
    """Refuse an engine that has none.

    Raises:
        EngineError: it has none.
    """
    if settings.engine != "spark":
        raise EngineError(
            f"engine {settings.engine} has no streams", "set KPOP_ENGINE=spark", may_pass=False
        )


def run_batches(
    lake: Lake,
    stream: Stream,
    frame: Callable[[], DataFrame],
    take: Callable[[DataFrame, int], None],
    every_seconds: int | None,
    stop: threading.Event,
    anew: bool,
    source: str = "",
) -> None:
    """Take in what comes until `stop` is set; without an interval, what is there, and end.

    A micro-batch under way is finished first.

    Args:
        lake: the tables; the engine must be `spark`.
        stream: whose tables and checkpoints; rows come to the first table.
        frame: gives the streaming frame.
        take: carries out a micro-batch, in the stream's thread.
        every_seconds: from one micro-batch to the next.
        stop: set by whoever wants it to end.
        anew: forget what was streamed.
        source: where the frame comes from, if there are several.

    Raises:
        InUseError: another process runs this stream into this lake.
        StreamError: Spark says that it failed; what a step itself raised comes as it was.
    """
    failures: list[Exception] = []

    def step(batch: DataFrame, number: int) -> None:
        try:
            take(batch, number)
        except Exception as error:
            # Spark tells of it in a hundred lines; here it is still itself.
            failures.append(error)
            raise

    table = stream.tables[0]
    with alone(lake, stream):
        if anew or not is_whole(lake, stream):
            reset(lake, stream)
        writer = (
            frame()
            .writeStream.queryName(table.path)
            .foreachBatch(step)
            .option("checkpointLocation", checkpoint_of(lake, table, stream, source))
        )
        query = _begin(writer, every_seconds)
        _carry(query, stop)
        _raise_failure(failures, query)


def _begin(writer: DataStreamWriter, every_seconds: int | None) -> StreamingQuery:
    if every_seconds is None:
        return writer.trigger(availableNow=True).start()
    return writer.trigger(processingTime=f"{every_seconds} seconds").start()


def _carry(query: StreamingQuery, stop: threading.Event) -> None:
    try:
        while query.isActive and not stop.wait(_LOOK_SECONDS):
            pass
        while query.isActive and query.status["isTriggerActive"]:
            threading.Event().wait(_LOOK_SECONDS)
    finally:
        query.stop()


def _raise_failure(failures: list[Exception], query: StreamingQuery) -> None:
    found = failures[-1] if failures else query.exception()
    if isinstance(found, PySparkException):
        raise StreamError(
            f"the stream stopped: {first_line(found)}", "start it again, or with --anew"
        ) from found
    if found is not None:
        raise found
