"""Housekeeping of a Delta table: what its newest version does not need, and days in many files.

Belongs here: what may go and when, which files are merged. Does not belong here: a change of rows
(lake.py, which also holds the table's lock while this is at work).
"""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from deltalake import DeltaTable

from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.log import data_files
from kpop_assets.lake.place import (
    File,
    Place,
    list_files,
    open_table,
    remove_files,
    sizes_of,
)

# What one task of Spark reads at once by default; a larger file would be read in parts anyway.
TARGET_BYTES = 128 << 20
# Merged files come out up to a quarter smaller than their parts, so what is merged to the target
# is never small again and no file is rewritten twice for itself.
SMALL_BYTES = TARGET_BYTES // 4
# A write leaves at most a file a core and day (Sail) or one (Spark). Opening a file costs a reader
# about a millisecond: below this number a merge would cost more than it ever saves.
LEAST_FILES = 4
# A log may name files by their full address, as copies of tables do; those are not ours.
_ELSEWHERE = re.compile(r"/|[a-z][a-z0-9]*:")


@dataclass(frozen=True)
class Cleaned:
    """What one clean-up removed from the disk or bucket."""

    data_files: int = 0
    log_files: int = 0
    size_bytes: int = 0


@dataclass(frozen=True)
class Compacted:
    """What a merge found in the days it was at, and what it left there; zeros where none was due.

    Attributes:
        days: partitions that were rewritten.
        files_before: their data files.
        files_after: the same after the merge.
        bytes_before: size of those files.
        bytes_after: the same after the merge.
    """

    days: int = 0
    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0


def crowded_days(table: DeltaTable) -> list[dt.date]:
    """Days of a table that lie in `LEAST_FILES` small files or more."""
    small = Counter(day for day, size in _files(table) if size < SMALL_BYTES)
    return sorted(day for day, count in small.items() if count >= LEAST_FILES)


def compact_table(folder: Place) -> Compacted:
    """Merge the small files of each crowded day, in one commit that changes no row.

    Files of a day stay in their order; the old ones stay until `clean_table` finds them old.

    Args:
        folder: the table's.
    """
    table = open_table(folder)
    days = crowded_days(table)
    if not days:
        return Compacted()
    before = [size for day, size in _files(table) if day in days]
    table.optimize.compact(
        partition_filters=[("ingest_date", "in", [day.isoformat() for day in days])],
        target_size=TARGET_BYTES,
        # One day's files in memory at a time, beside the engine's.
        max_concurrent_tasks=1,
    )
    after = [size for day, size in _files(open_table(folder)) if day in days]
    return Compacted(len(days), len(before), len(after), sum(before), sum(after))


def _files(table: DeltaTable) -> list[tuple[dt.date, int]]:
    """Day and size of every data file of the newest version."""
    return [*data_files(table).select("ingest_date", "size_bytes").iter_rows()]


def clean_table(folder: Place, keep_hours: int) -> Cleaned:
    """Remove data files and log entries of earlier versions that are older than `keep_hours`.

    Entries of the log carry the least and greatest value of every column, so they go like the
    rows: behind a checkpoint of the newest version. Where nothing may go, nothing is written.

    Args:
        folder: the table's.
        keep_hours: whoever reads an earlier version has this long to finish.

    Raises:
        LakeError: the folder is a link, or holds one.
    """
    if isinstance(folder, Path):
        _refuse_links(folder)
    table = open_table(folder)
    # The log goes on naming what was removed before, for a week.
    named = _vacuum(table, keep_hours, dry_run=True)
    expired = sizes_of(folder, [name for name in named if not _ELSEWHERE.match(name)])
    if expired:
        _vacuum(table, keep_hours, dry_run=False)
    version = open_table(folder).version()
    log = list_files(folder / "_delta_log")
    entries = _expired_entries(log, version, keep_hours)
    if entries and f"{version:020}.checkpoint.parquet" not in {file.name for file in log}:
        open_table(folder).create_checkpoint()
    remove_files(folder / "_delta_log", [file.name for file in entries])
    size = sum(expired.values()) + sum(file.size_bytes for file in entries)
    return Cleaned(len(expired), len(entries), size)


def remove_uncommitted(folder: Place, table: DeltaTable, since: float) -> None:
    """Remove what a failed write left: under the table's lock, newer files that no commit names.

    In a bucket they may be another machine's, which no lock of ours holds off: `clean_table`
    removes them later.

    Args:
        folder: the table's.
        table: its newest version.
        since: when the write began, in seconds since 1970.
    """
    if not isinstance(folder, Path):
        return
    kept = {Path(uri).name for uri in table.file_uris()}
    for path in folder.rglob("*.parquet"):
        is_data = "_delta_log" not in path.parts and path.name not in kept
        if is_data and path.stat().st_mtime >= since - 1:
            path.unlink(missing_ok=True)


def _refuse_links(folder: Path) -> None:
    # Delta-rs follows them, and what they lead to is named by no version: it would be removed.
    below = (
        Path(place, name) for place, folders, files in os.walk(folder) for name in folders + files
    )
    for path in (folder.parent, folder, *below):
        if path.is_symlink():
            raise LakeError(
                f"{folder} was not cleaned: {path} is a link",
                "put what it leads to in its place",
                may_pass=False,
            )


def _vacuum(table: DeltaTable, keep_hours: int, dry_run: bool) -> list[str]:
    # Full: also files that no version names, which writers that were killed leave behind.
    return table.vacuum(
        retention_hours=keep_hours, dry_run=dry_run, enforce_retention_duration=False, full=True
    )


def _expired_entries(log: list[File], version: int, keep_hours: int) -> list[File]:
    """The log's files of the oldest versions, up to the first that is young or the newest."""
    by_version: dict[int, list[File]] = {}
    for file in log:
        stem = file.name.split(".", 1)[0]
        if stem.isdigit():
            by_version.setdefault(int(stem), []).append(file)
    limit = (time.time() - keep_hours * 3600) * 1e9
    expired: list[File] = []
    for number in sorted(by_version):
        young = any(file.modified_ns > limit for file in by_version[number])
        if number >= version or young:
            break
        expired += by_version[number]
    return expired
