"""The last results of the asset checks, read from Dagster's own store.

Belongs here: SQL over the store's tables, opened read-only. Does not belong here: running a check
(kpop_assets/graph/checks.py) or Dagster itself, which the viewer does without.

The store is no Delta table, so answers are kept by the time and size of its files.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from app.notices import PageEnd

# dagster._core.storage.dagster_run.FINISHED_STATUSES.
FINISHED = ("SUCCESS", "FAILURE", "CANCELED")
STATES = ("passed", "failed", "never_ran", "running")
MOST_METADATA = 300
SCHEMA = pl.Schema(
    {
        "table_name": pl.String(),
        "check_name": pl.String(),
        "check_state": pl.String(),
        "checked_at": pl.Datetime("us", "UTC"),
        "check_metadata": pl.String(),
        "run_id": pl.String(),
    }
)

# A run over many days plans a check once a day and reports it once: what counts is the newest
# report of a run, and the newest run of a check.
_LAST = """
    SELECT asset_key, check_name, run_id, max(id),
           max(CASE WHEN execution_status IN ('SUCCEEDED', 'FAILED') THEN id END)
    FROM asset_check_executions
    GROUP BY asset_key, check_name, run_id
"""
_ROW = """
    SELECT execution_status, create_timestamp,
           CASE WHEN execution_status = 'FAILED' THEN evaluation_event END
    FROM asset_check_executions WHERE id = ?
"""


@dataclass(frozen=True)
class CheckResults:
    """How the checks stand.

    Attributes:
        counts: checks by state, one of `STATES`; all states are there.
        problems: table_name, check_name, check_state (failed, or never_ran: planned by a run that
            is over), checked_at (UTC), check_metadata (what the check reported, as text), run_id.
    """

    counts: dict[str, int]
    problems: pl.DataFrame


def read_checks(dagster_home: Path) -> CheckResults:
    """The last execution of each asset check.

    Raises:
        PageEnd: the store is missing, or is not as this Dagster version writes it.
    """
    events = dagster_home / "history" / "runs" / "index.db"
    runs = dagster_home / "history" / "runs.db"
    if not events.is_file() or not runs.is_file():
        raise PageEnd("data_health.no_checks")
    return _read(events, runs, (_stamp(events), _stamp(runs)))


def _stamp(path: Path) -> tuple[tuple[int, int], ...]:
    """Time and size of a database and of its log, which holds what is newest."""
    found = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        try:
            stat = file.stat()
        except FileNotFoundError:
            continue
        found.append((stat.st_mtime_ns, stat.st_size))
    return tuple(found)


@lru_cache(maxsize=4)
def _read(events: Path, runs: Path, _stamps: object) -> CheckResults:
    try:
        with closing(_open(runs)) as store:
            unfinished = _unfinished(store)
        with closing(_open(events)) as store:
            results = list(_last_results(store, unfinished))
    except (sqlite3.Error, ValueError) as error:
        raise PageEnd("data_health.no_checks") from error
    counts = Counter(result["check_state"] for result in results)
    bad = [row for row in results if row["check_state"] in ("failed", "never_ran")]
    problems = pl.DataFrame(bad, schema=SCHEMA).sort("check_state", "table_name", "check_name")
    return CheckResults({state: counts[state] for state in STATES}, problems)


def _open(path: Path) -> sqlite3.Connection:
    """A connection that leaves no file beside the store.

    Where a writer has its log and index there, both are read; a reader would make them anew where
    they are not. Without them the store itself has everything, and is read as one that does not
    change: what is written in that moment may end in `no_checks`, until the page is drawn again.
    """
    is_in_use = all(path.with_name(f"{path.name}-{end}").is_file() for end in ("wal", "shm"))
    # as_uri quotes what has a meaning in an address: ?, #, %.
    address = f"{path.absolute().as_uri()}?mode=ro{'' if is_in_use else '&immutable=1'}"
    return sqlite3.connect(address, uri=True, timeout=2)


def _unfinished(store: sqlite3.Connection) -> frozenset[str]:
    # Only ids and states: the body of a run can be long.
    rows = store.execute("SELECT run_id, status FROM runs")
    return frozenset(run_id for run_id, status in rows if status not in FINISHED)


def _last_results(
    store: sqlite3.Connection, unfinished: frozenset[str]
) -> Iterator[dict[str, Any]]:
    last: dict[tuple[str, str], tuple[int, int | None, str]] = {}
    for asset, check, run_id, newest, reported in store.execute(_LAST):
        previous = last.get((asset, check))
        if previous is None or newest > previous[0]:
            last[asset, check] = (newest, reported, run_id)
    for (asset, check), (newest, reported, run_id) in sorted(last.items()):
        status, planned_at, event = store.execute(_ROW, (reported or newest,)).fetchone()
        # SQLite's CURRENT_TIMESTAMP is in UTC and does not say so.
        at = dt.datetime.fromisoformat(planned_at).replace(tzinfo=dt.UTC)
        yield {
            "table_name": "/".join(json.loads(asset)),
            "check_name": check,
            "check_state": _state(status, run_id in unfinished),
            "checked_at": at,
            "check_metadata": _metadata(event),
            "run_id": run_id,
        }


def _state(status: str, is_running: bool) -> str:
    if status == "PLANNED":
        return "running" if is_running else "never_ran"
    return "passed" if status == "SUCCEEDED" else "failed"


def _metadata(event: str | None) -> str | None:
    """What a failed check reported: `name: value`, cut to a cell's length."""
    found: Any = json.loads(event) if event else None
    for name in ("dagster_event", "event_specific_data", "metadata"):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return None
    parts = [f"{name}: {_value(entry)}" for name, entry in found.items()]
    return "; ".join(parts)[:MOST_METADATA]


def _value(entry: Any) -> str:
    """The value in one of Dagster's metadata classes, which name it differently."""
    fields = entry if isinstance(entry, dict) else {"value": entry}
    values = [value for name, value in fields.items() if name != "__class__"]
    return json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False)
