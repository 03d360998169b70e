"""A table of the lake as a file for other programs, day by day.

Belongs here: the formats, and that memory holds one day. Does not belong here: which table and
days, which is asked for (cli/), or files that a run writes by itself (`artifacts/`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow.parquet as pq

from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.errors import KpopError
from kpop_assets.lake.reader import LakeReader

Write = Callable[[pl.DataFrame], object]


class ExportError(KpopError):
    """There is nothing to export, or no place to export it to."""


# Text goes through Python: of a pipe that its reader closed, Polars says that a disk fails.
@contextmanager
def _csv(sink: IO[bytes], table: Table) -> Iterator[Write]:
    """A line of names, then a line a row; null is empty."""
    sink.write(f"{','.join(table.column_names)}\n".encode())
    yield lambda rows: sink.write(_as_text(rows, table).write_csv(include_header=False).encode())


@contextmanager
def _ndjson(sink: IO[bytes], table: Table) -> Iterator[Write]:
    """An object a line."""
    yield lambda rows: sink.write(_as_text(rows, table).write_ndjson().encode())


@contextmanager
def _parquet(sink: IO[bytes], table: Table) -> Iterator[Write]:
    """The contract's types, a row group a day."""
    schema = table.arrow_schema()
    with pq.ParquetWriter(sink, schema) as file:
        yield lambda rows: file.write_table(rows.to_arrow().cast(schema))


def _as_text(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The rows with bytes, which text cannot hold, as base64."""
    binary = [column.name for column in table.columns if column.type == "binary"]
    return rows.with_columns(pl.col(binary).bin.encode("base64"))


WRITERS = {"csv": _csv, "ndjson": _ndjson, "parquet": _parquet}


def export_table(
    reader: LakeReader,
    table: Table,
    days: tuple[dt.date, dt.date] | None,
    format: str,
    sink: IO[bytes],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Write the rows of the days, in order of the table's key; returns how many.

    Args:
        reader: the lake.
        table: what to write.
        days: the first and the last; None is all there are.
        format: one of `WRITERS`.
        sink: where to.
        progress: called with days done and days in all.

    Raises:
        ExportError: there is no row on these days.
        LakeError: the table cannot be read.
    """
    first, last = days or (dt.date.min, dt.date.max)
    files = reader.file_statistics(table)
    found = {file["ingest_date"] for file in files if file["row_count"]}
    chosen = sorted(day for day in found if first <= day <= last)
    if not chosen:
        asked = f" from {first} to {last}" if days else ""
        raise ExportError(f"table {table.path} has no rows{asked}", "`kpop run START END` fills it")
    count = 0
    with WRITERS[format](sink, table) as write:
        for number, day in enumerate(chosen, start=1):
            rows = reader.rows(table, day, day_end(day)).sort(table.primary_key)
            write(rows)
            count += rows.height
            progress(number, len(chosen))
    return count


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there when the block ends, and as it was before if it fails.

    Raises:
        ExportError: its folder does not exist, or is not writable.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        file = part.open("wb")
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror}", "name another place with --out"
        ) from error
    try:
        with file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
