"""Landing files as a frame of parsed lines: the one pass that takes them through Python.

Belongs here: how files are shared out, and in which batches their lines go through what is made of
them. Does not belong here: what a line means (parse.py), or what a kind adds to it (events.py).

All of it is one function inside the engine (`mapInArrow`), the same on both: between two functions
every line would be handed over once more. The engines' own text readers know no file names or
numbers of lines, and fail or guess on bytes that are not UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.bronze.parse import PLACED_LINE, parse_lines
from kpop_assets.contracts.bronze import LANDING_FILE
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.days import day_end, day_start_ms
from kpop_assets.errors import marked
from kpop_assets.lake.exchange import part_count
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.landing.found import LandingFile
from kpop_assets.landing.lines import read_lines

PARTITION_BYTES = 256 << 20
_FILE = Table(
    "landing",
    "file",
    "What its lines have to know of a file.",
    ("ingest_date", "path"),
    (
        INGEST_DATE,
        Column("path", "string", "Where it stands."),
        LANDING_FILE,
        Column("name_epoch_ms", "long", "Observation time of lines that state none."),
        Column("day_start_ms", "long", "First instant of its day."),
        Column("day_end_ms", "long", "First instant after it."),
    ),
)
# What a parsed line has beside the columns of its table.
_BESIDE = (
    LANDING_FILE,
    Column("line_number", "int", "Line in the file, from 1."),
    Column("line", "string", "The line as it came, where there is a reason."),
    Column("reason", "string", "Why it cannot be used."),
    Column("field", "string", "Which field the reason is about."),
    Column("hidden_count", "int", "Side values that say hidden.", "values"),
    Column("unusable_count", "int", "Side values that are no possible number.", "values"),
)

Add = Callable[[Iterator[pa.Table]], Iterator[pa.Table]]
"""Adds the columns of a kind's table that its lines do not have, batch by batch."""


def parse_files(
    spark: SparkSession, files: list[LandingFile], record: Record, add: Add = iter
) -> DataFrame:
    """The lines of `files`, parsed, with the columns of `parsed_table`; blank ones are left out."""
    # Handed out in turn, the largest first: parts come out alike.
    by_size = sorted(files, key=lambda file: file.size_bytes, reverse=True)
    paths = spark.createDataFrame(describe_files(by_size), spark_schema(_FILE))
    total = sum(file.size_bytes for file in files)
    wanted = part_count(spark) or 2 + total // PARTITION_BYTES
    shares = paths.repartition(max(1, min(len(files), wanted)))
    parse = partial(parse_batches, record=record, add=add)
    return shares.mapInArrow(parse, spark_schema(parsed_table(record)))


def parsed_table(record: Record) -> Table:
    """The columns of a parsed line, before it is known what it ends as: any may be missing."""
    rows = record.rows
    columns = (*rows.columns, *(c for c in _BESIDE if c.name not in rows.column_names))
    return replace(rows, columns=tuple(replace(c, nullable=True) for c in columns))


def describe_files(files: list[LandingFile]) -> pa.Table:
    """What the lines of files have to know of them, a row a file."""
    days = [file.day for file in files]
    return pa.table(
        [
            days,
            [str(file.path) for file in files],
            [file.path.name for file in files],
            [file.epoch_ms for file in files],
            [day_start_ms(day) for day in days],
            [day_start_ms(day_end(day)) for day in days],
        ],
        schema=_FILE.arrow_schema(),
    )


def parse_batches(
    files: Iterator[pa.RecordBatch], record: Record, add: Add = iter
) -> Iterator[pa.RecordBatch]:
    """Inside the engine: rows of `describe_files` to rows of `parsed_table`."""
    schema = parsed_table(record).arrow_schema()
    # Only text comes out of an engine.
    with marked():
        for rows in add(parse_lines(number_lines(files), record)):
            yield from rows.select(schema.names).cast(schema).combine_chunks().to_batches()


def number_lines(files: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The lines of files, each with its number, and with what is known of its file."""
    for batch in files:
        for i in range(batch.num_rows):
            file = batch.slice(i, 1)
            for lines in read_lines(Path(file.column("path")[0].as_py())):
                known = dict(zip(lines.schema.names, lines.columns, strict=True))
                for name in PLACED_LINE.names:
                    if name not in known:
                        known[name] = pa.repeat(file.column(name)[0], lines.num_rows)
                yield pa.RecordBatch.from_pydict(known, PLACED_LINE)
