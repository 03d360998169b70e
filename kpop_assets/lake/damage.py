"""Tables whose files are not as they were written: how it is noticed.

Belongs here: looking at the files of a table. Does not belong here: reading rows (rows.py), or
the way out for each table (mend.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from kpop_assets.lake.log import data_files
from kpop_assets.lake.place import Place


def log_damage(folder: Path) -> str | None:
    """What is wrong with a table's log that a reader may not notice; None if nothing is.

    A commit that a power cut left empty is read as one that changed nothing, and a table without
    any log as one that was never written.
    """
    # A clean-up may take old entries away behind a new checkpoint while they are listed.
    return _log_damage(folder) and _log_damage(folder)


def _log_damage(folder: Path) -> str | None:
    commits: dict[int, int] = {}
    checkpoint = -1
    for path in (folder / "_delta_log").glob("*"):
        number, _, kind = path.name.partition(".")
        if number.isdigit() and kind == "json":
            commits[int(number)] = path.stat().st_size
        elif number.isdigit() and kind == "checkpoint.parquet":
            checkpoint = max(checkpoint, int(number))
    if not commits and checkpoint < 0:
        has_data = any(folder.glob("ingest_date=*/*.parquet"))
        return "it has data files and no log" if has_data else None
    for version in range(checkpoint + 1, max(commits, default=0) + 1):
        if not commits.get(version):
            state = "empty" if version in commits else "missing"
            return f"{version:020}.json of its log is {state}"
    return None


def damaged_files(
    table: DeltaTable,
    folder: Place,
    is_deep: bool,
    days: tuple[dt.date, dt.date] = (dt.date.min, dt.date.max),
) -> dict[str, str]:
    """Data files of a version that are damaged: the day of each, by name.

    Args:
        table: the table, at that version.
        folder: where it lies; in a bucket none is, as it keeps a file whole or not at all.
        is_deep: whether to read every file; else only its size is looked at.
        days: the days [first, last) to look at.
    """
    if not isinstance(folder, Path):
        return {}
    first, last = days
    files = data_files(table).filter(pl.col("ingest_date") >= first, pl.col("ingest_date") < last)
    return {
        path.rpartition("/")[2]: str(day)
        for path, day, size in files.select("path", "ingest_date", "size_bytes").iter_rows()
        if _is_damaged(folder / path, size, is_deep)
    }


def _is_damaged(path: Path, size: int, is_deep: bool) -> bool:
    if not path.exists() or path.stat().st_size != size:
        return True
    if not is_deep:
        return False
    try:
        with pq.ParquetFile(path) as file:
            for number in range(file.num_row_groups):
                file.read_row_group(number, use_threads=False).validate(full=True)
    except (OSError, pa.ArrowException):
        return True
    return False
