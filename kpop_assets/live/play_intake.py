"""Where `kpop stream plays` has plays from: a topic of Kafka, or landing files.

Belongs here: a stream of either, and the parsed plays of a micro-batch. Does not belong here: what
becomes of plays (play_stream.py), or what makes a line usable (contracts/plays.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.bronze.line_frame import parse_files, parsed_table
from kpop_assets.bronze.parse import PLACED_LINE, parse_lines
from kpop_assets.contracts.plays import PLAY_LINES, PLAYS
from kpop_assets.days import FIRST_DAY, day_end, day_start_ms
from kpop_assets.errors import marked
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.landing.door import Door
from kpop_assets.landing.folders import kind_folder
from kpop_assets.landing.kafka.message_lines import MessageLines
from kpop_assets.landing.persons import PersonIds
from kpop_assets.live.intake import files_of_paths, stream_paths
from kpop_assets.settings import Settings

# Messages that one micro-batch takes at most.
MOST_MESSAGES = 500_000


class PlaySource(Protocol):
    """A stream of plays, in whatever form.

    Attributes:
        name: what its checkpoint is called by.
    """

    name: str

    def stream(self, spark: SparkSession) -> DataFrame:
        """What comes, as a streaming frame."""

    def parse(self, batch: DataFrame) -> DataFrame:
        """The lines of a micro-batch, parsed: usable or with a reason."""


class LandedPlays:
    """Landing files, as they come to stand in their folders."""

    name = ""

    def __init__(self, landing: Path) -> None:
        self._landing = landing

    def stream(self, spark: SparkSession) -> DataFrame:
        """Their paths."""
        return stream_paths(spark, kind_folder(self._landing, PLAYS.name), FIRST_DAY)

    def parse(self, batch: DataFrame) -> DataFrame:
        """The lines of the files."""
        paths = [row[0] for row in batch.collect()]
        files = files_of_paths(self._landing, paths, PLAYS.name)
        return parse_files(batch.sparkSession, files, PLAY_LINES)


class KafkaPlays:
    """Messages of a topic; who listens is hashed before a row leaves the function.

    Args:
        servers: `host:port[,host:port]`.
        topic: its name.
        ids: of the installation.
    """

    name = "-kafka"

    def __init__(self, servers: str, topic: str, ids: PersonIds) -> None:
        self._servers, self._topic, self._ids = servers, topic, ids

    def stream(self, spark: SparkSession) -> DataFrame:
        """The messages, from where the checkpoint is, else from the first there is."""
        options = {
            "kafka.bootstrap.servers": self._servers,
            "subscribe": self._topic,
            "startingOffsets": "earliest",
            "maxOffsetsPerTrigger": str(MOST_MESSAGES),
            "kafka.isolation.level": "read_committed",
        }
        messages = spark.readStream.format("kafka").options(**options).load()
        place = "concat(topic, '/', partition, '/', offset) AS delivery"
        return messages.selectExpr("value", "unix_millis(timestamp) AS received_ms", place)

    def parse(self, batch: DataFrame) -> DataFrame:
        """The lines that the messages are."""
        parse = partial(_parse_messages, ids=self._ids)
        return batch.mapInArrow(parse, spark_schema(parsed_table(PLAY_LINES)))


def _parse_messages(batches: Iterator[pa.RecordBatch], ids: PersonIds) -> Iterator[pa.RecordBatch]:
    """Inside the engine: messages to rows of `parsed_table`."""
    schema = parsed_table(PLAY_LINES).arrow_schema()
    with marked():
        for rows in parse_lines(_placed(batches, ids), PLAY_LINES):
            yield from rows.select(schema.names).cast(schema).combine_chunks().to_batches()


def _placed(batches: Iterator[pa.RecordBatch], ids: PersonIds) -> Iterator[pa.RecordBatch]:
    """Messages as the lines that they would be in a landing file."""
    lines = MessageLines(PLAY_LINES, Door(PLAY_LINES, ids))
    for batch in batches:
        rows = []
        for message in batch.to_pylist():
            if message["value"] is None:
                continue
            day, line = lines.line(
                message["value"], message["received_ms"], message["delivery"], Counter()
            )
            text = line.rstrip(b"\n").decode("utf-8", "backslashreplace")
            window = (day_start_ms(day), day_start_ms(day_end(day)))
            rows.append((day, "", message["received_ms"], *window, 0, text, True))
        columns = list(zip(*rows, strict=True)) or [()] * len(PLACED_LINE)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, PLACED_LINE, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=PLACED_LINE)


def source_of(settings: Settings, topic: str, ids: PersonIds | None) -> PlaySource:
    """The source that is configured: the topic where a cluster is named, else landing files."""
    if settings.kafka and ids:
        return KafkaPlays(settings.kafka, topic, ids)
    return LandedPlays(settings.landing)
