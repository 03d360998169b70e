"""Housekeeping of a Delta table: files and log entries that its newest version does not need.

Belongs here: what may go and when. Does not belong here: rows (lake.py, which also holds the
table's lock while this is at work).
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from deltalake import DeltaTable

# No run computes this long; what is older belongs to a dead process.
STAGED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Cleaned:
    """What one clean-up removed from the disk."""

    data_files: int = 0
    log_files: int = 0
    size_bytes: int = 0


def clean_table(folder: Path, keep_hours: int) -> Cleaned:
    """Remove data files and log entries of earlier versions that are older than `keep_hours`.

    Entries of the log carry the least and greatest value of every column, so they go like the
    rows: behind a checkpoint of the newest version. Where nothing may go, nothing is written.

    Args:
        folder: the table's.
        keep_hours: whoever reads an earlier version has this long to finish.
    """
    table = DeltaTable(str(folder))
    # The log goes on naming what was removed before, for a week.
    named = [folder / name for name in _vacuum(table, keep_hours, dry_run=True)]
    expired = [path for path in named if path.exists()]
    size = sum(path.stat().st_size for path in expired)
    if expired:
        _vacuum(table, keep_hours, dry_run=False)
    version = DeltaTable(str(folder)).version()
    entries = _expired_entries(folder / "_delta_log", version, keep_hours)
    if entries and not (folder / "_delta_log" / f"{version:020}.checkpoint.parquet").exists():
        DeltaTable(str(folder)).create_checkpoint()
    for path in entries:
        size += path.stat().st_size
        path.unlink(missing_ok=True)
    return Cleaned(len(expired), len(entries), size)


def sweep_staged(folder: Path) -> int:
    """Remove what killed runs had staged; returns how many folders went."""
    if not folder.exists():
        return 0
    dead = [p for p in folder.iterdir() if time.time() - p.stat().st_mtime > STAGED_SECONDS]
    for path in dead:
        shutil.rmtree(path, ignore_errors=True)
    return len(dead)


def _vacuum(table: DeltaTable, keep_hours: int, dry_run: bool) -> list[str]:
    # Full: also files that no version names, which writers that were killed leave behind.
    return table.vacuum(
        retention_hours=keep_hours, dry_run=dry_run, enforce_retention_duration=False, full=True
    )


def _expired_entries(log: Path, version: int, keep_hours: int) -> list[Path]:
    """The log's files of the oldest versions, up to the first that is young or the newest."""
    by_version: dict[int, list[Path]] = {}
    for path in log.iterdir():
        stem = path.name.split(".", 1)[0]
        if stem.isdigit():
            by_version.setdefault(int(stem), []).append(path)
    limit = time.time() - keep_hours * 3600
    expired = []
    for number in sorted(by_version):
        young = any(path.stat().st_mtime > limit for path in by_version[number])
        if number >= version or young:
            break
        expired += by_version[number]
    return expired
