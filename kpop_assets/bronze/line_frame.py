"""Landing files as a frame of numbered lines, each with the file and day it came from.

Belongs here: which files a range of days has, the observation time a file's name implies, and the
frame of their lines. Does not belong here: what a line means (parse.py).

The files are read by a small function inside the engine (`mapInArrow`) and not by its own text
reader: Sail knows no file names, neither engine numbers lines, and both fail or guess on bytes
that are not UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.errors import marked
from kpop_assets.landing.found import LandingFile
from kpop_assets.landing.lines import read_lines

LINES_SCHEMA = (
    "ingest_date date, landing_file string, name_epoch_ms bigint, "
    "line_number int, line string, is_utf8 boolean"
)
PARTITION_BYTES = 256 << 20
_INPUT_SCHEMA = "path string, ingest_date date, landing_file string, name_epoch_ms bigint"


def read_files(spark: SparkSession, files: list[LandingFile]) -> DataFrame:
    """The lines of `files` with the columns of `LINES_SCHEMA`; blank lines are left out."""
    rows = [(str(f.path), f.day, f.path.name, f.epoch_ms) for f in files]
    paths = spark.createDataFrame(rows, _INPUT_SCHEMA)
    # Each partition is parsed by one core and holds some blocks of lines at a time: more of them
    # than there is work for only takes memory (60 took Sail 2.7 GB where 4 take 0.8).
    wanted = 2 + sum(file.size_bytes for file in files) // PARTITION_BYTES
    return paths.repartition(max(1, min(len(rows), wanted))).mapInArrow(_lines_of, LINES_SCHEMA)


def _lines_of(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Inside the engine: rows of `_INPUT_SCHEMA` to rows of `LINES_SCHEMA`."""
    # Only text comes out of an engine.
    with marked():
        yield from _numbered(batches)


def _numbered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for i in range(batch.num_rows):
            file = batch.slice(i, 1)
            for lines in read_lines(Path(file.column("path")[0].as_py())):
                n = lines.num_rows
                yield pa.RecordBatch.from_arrays(
                    [
                        pa.repeat(file.column("ingest_date")[0], n),
                        pa.repeat(file.column("landing_file")[0], n),
                        pa.repeat(file.column("name_epoch_ms")[0], n),
                        *lines.columns,
                    ],
                    names=[
                        "ingest_date",
                        "landing_file",
                        "name_epoch_ms",
                        "line_number",
                        "line",
                        "is_utf8",
                    ],
                )
