"""What Delta's log says of a table: its newest version, and its data files with their statistics.

Belongs here: small answers for which no row is read. Does not belong here: whether the log is
sound (damage.py), or rows (rows.py).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable

from kpop_assets.lake.place import Place, list_files

_NAMES = {"partition.ingest_date": "ingest_date", "num_records": "row_count"}


@dataclass(frozen=True)
class Version:
    """A version of a table; the time tells it from the same number in a lake made anew."""

    number: int
    committed_ns: int


def newest_version(folder: Place) -> Version | None:
    """The newest commit in a table's log; None where there is no log.

    Raises:
        LakeError: the bucket that it lies in cannot be reached.
    """
    if not isinstance(folder, Path):
        return _newest_in_bucket(folder)
    newest: Version | None = None
    try:
        with os.scandir(folder / "_delta_log") as entries:
            for entry in entries:
                stem, _, suffix = entry.name.partition(".")
                if (
                    suffix == "json"
                    and stem.isdigit()
                    and (not newest or int(stem) > newest.number)
                ):
                    newest = Version(int(stem), entry.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    return newest


def has_version(folder: Place, version: Version) -> bool:
    """Whether a commit is still in a table's log, and is the same one as it was.

    Raises:
        LakeError: the bucket that it lies in cannot be reached.
    """
    log, name = folder / "_delta_log", f"{version.number:020d}.json"
    if not isinstance(log, Path):
        times = {file.name: file.modified_ns for file in list_files(log)}
        return times.get(name) == version.committed_ns
    try:
        return (log / name).stat().st_mtime_ns == version.committed_ns
    except FileNotFoundError:
        return False


def _newest_in_bucket(folder: Place) -> Version | None:
    names = {file.name: file.modified_ns for file in list_files(folder / "_delta_log")}
    commits = [name for name in names if name.endswith(".json") and name[:-5].isdigit()]
    return Version(int(max(commits)[:-5]), names[max(commits)]) if commits else None


def data_files(delta: DeltaTable) -> pl.DataFrame:
    """The data files of a version, a row each.

    Returns:
        path (below the table's folder), ingest_date, size_bytes, row_count, and what the writer
        noted of a column: `null_count.<column>`, `min.<column>`, `max.<column>`; a column of which
        no file has a note is not there.
    """
    files = pl.DataFrame(delta.get_add_actions(flatten=True)).rename(_NAMES, strict=False)
    if "row_count" not in files.columns:
        files = files.with_columns(pl.lit(None, pl.Int64).alias("row_count"))
    return files.with_columns(pl.col("path").map_elements(unquote, pl.String))
