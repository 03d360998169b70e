"""Keeping the data folder small over months: old runs, their logs, free pages, old versions.

Belongs here: what of the instance and of the tables' earlier versions is removed, and the job that
does it. Does not belong here: rows of the lake or lines of landing (retention/), and ticks, which
Dagster removes by itself (dagster.yaml).
"""

import datetime as dt
import logging
import re
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from kpop_assets.contracts.registry import TABLES
from kpop_assets.days import TIME_ZONE, seoul_now
from kpop_assets.graph.failures import told_failures
from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.settings import Settings

# A quarter of runs to look back at; whoever asks why a day failed asks within weeks.
KEEP_RUNS_DAYS = 90
BATCH = 100
# Rewriting a file is worth its time when this part of it is free.
VACUUM_SHARE = 0.25
BUSY_SECONDS = 5.0
# Whoever asks what a table said before a mistake asks within a week.
KEEP_VERSIONS_HOURS = 7 * 24
# Tables that are being written may be waited for, but the first collection is at 09:00.
CLEANING_SECONDS = 3600.0
_RUN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FINISHED = [
    dg.DagsterRunStatus.SUCCESS,
    dg.DagsterRunStatus.FAILURE,
    dg.DagsterRunStatus.CANCELED,
]


@dataclass(frozen=True)
class Removed:
    """What a purge removed.

    Attributes:
        run_count: runs with their logs.
        freed_bytes: size of their files, and what rewriting the databases saved.
        busy: databases that could not be rewritten because they were in use.
    """

    run_count: int
    freed_bytes: int
    busy: tuple[str, ...] = ()


def old_runs(
    instance: dg.DagsterInstance, now: dt.datetime, limit: int | None = None
) -> Sequence[dg.DagsterRun]:
    """Finished runs that were last touched more than 90 days before `now`."""
    before = now.astimezone(dt.UTC) - dt.timedelta(days=KEEP_RUNS_DAYS)
    filters = dg.RunsFilter(statuses=_FINISHED, updated_before=before)
    return instance.get_runs(filters, limit=limit)


def purge_runs(instance: dg.DagsterInstance, dagster_home: Path, now: dt.datetime) -> Removed:
    """Remove old finished runs, their event logs and compute logs; what they made stays known.

    `DagsterInstance.delete_run` would also remove the materializations that the run reported:
    its days would count as missing and be computed again. So the run's row, its own log file and
    the output of its steps go, and the index that holds materializations and checks stays.
    """
    count = freed = 0
    while batch := old_runs(instance, now, BATCH):
        for run in batch:
            freed += _remove(instance, dagster_home, run.run_id)
        count += len(batch)
    busy = []
    for path in sorted([*dagster_home.glob("history/*.db"), *dagster_home.glob("schedules/*.db")]):
        saved = vacuum(path)
        freed += saved or 0
        busy += [path.name] if saved is None else []
    return Removed(count, freed, tuple(busy))


def _remove(instance: dg.DagsterInstance, dagster_home: Path, run_id: str) -> int:
    # Whoever launches a run may choose its id, and it becomes part of paths.
    if not _RUN_ID.fullmatch(run_id):
        instance.run_storage.delete_run(run_id)
        return 0
    outputs = dagster_home / "storage" / run_id
    logs = [dagster_home / "history" / "runs" / f"{run_id}.db{end}" for end in ("", "-wal", "-shm")]
    files = [*logs, *(path for path in outputs.rglob("*") if path.is_file())]
    size = sum(path.stat().st_size for path in files if path.exists())
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    for path in logs:
        path.unlink(missing_ok=True)
    # Last: a purge that is stopped half-way finds the rest by the run's row.
    instance.run_storage.delete_run(run_id)
    return size


def vacuum(path: Path) -> int | None:
    """Rewrite an SQLite file without its free pages; bytes saved, None where it is in use."""
    before = path.stat().st_size
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            pages = database.execute("PRAGMA page_count").fetchone()[0]
            free = database.execute("PRAGMA freelist_count").fetchone()[0]
            if free <= VACUUM_SHARE * pages:
                return 0
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        # The lower byte is the kind, the rest says more.
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        return None
    return before - path.stat().st_size


@dg.op(description=f"Removes finished runs older than {KEEP_RUNS_DAYS} days, and their logs.")
@told_failures()
def purge_old_runs(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """One step of the job: purge, and say what went."""
    gone = purge_runs(context.instance, settings.dagster_home, seoul_now())
    context.log.info(f"{gone.run_count} runs removed, {gone.freed_bytes / 1e6:.1f} MB freed")
    for name in gone.busy:
        context.log.info(f"{name} was in use and is rewritten next time")


def clean_tables(lake: Lake, log: logging.Logger) -> int:
    """Remove earlier versions of all tables; a table that is in use is left for the next time.

    Returns:
        Bytes freed.
    """
    freed, started = 0, time.monotonic()
    for table in TABLES:
        if time.monotonic() - started > CLEANING_SECONDS:
            log.warning(f"{table.path} and those after it are cleaned next time: no time left")
            break
        try:
            if lake.exists(table):
                freed += lake.clean(table, KEEP_VERSIONS_HOURS).size_bytes
        except LakeError as error:
            log.warning(f"{table.path} is cleaned next time: {error}")
    return freed


@dg.op(description=f"Removes versions of tables that are older than {KEEP_VERSIONS_HOURS} hours.")
@told_failures()
def clean_old_versions(context: dg.OpExecutionContext, lake: dg.ResourceParam[Lake]) -> None:
    """The other step of the job."""
    context.log.info(f"{clean_tables(lake, context.log) / 1e6:.1f} MB of old versions freed")


@dg.job(name="purge_runs", description="Keeps runs, logs and tables from growing for ever.")
def upkeep_job() -> None:
    """The job of the schedule below."""
    purge_old_runs()
    clean_old_versions()


def build_upkeep_schedule() -> dg.ScheduleDefinition:
    """Every day at 04:30 in Seoul, when nothing else is due."""
    return dg.ScheduleDefinition(
        name="purge_daily",
        job=upkeep_job,
        cron_schedule="30 4 * * *",
        execution_timezone=TIME_ZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Removes runs older than {KEEP_RUNS_DAYS} days and old versions at 04:30.",
    )
