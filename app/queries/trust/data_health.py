"""How fresh the tables are, and which of them are behind.

Belongs here: a row for each table of the lake, and the verdict over them. Does not belong here:
what was taken in (intake.py) or the results of checks (checks.py).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from deltalake.exceptions import DeltaError

from app.notices import PageEnd
from app.snapshot import Snapshot
from kpop_assets.contracts import bronze, pareto, retention
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_tracks import RECOMMEND
from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.rules import CHAMPION_DAYS
from kpop_assets.contracts.table import Table
from kpop_assets.contracts.tracks import TRACKS
from kpop_assets.lake.damage import damaged_files
from kpop_assets.lake.log import data_files

# A training is on Sunday 10:00 with the data up to Saturday: by then Sunday's own first lines are
# there, 8 days after the last. A day of grace is for a machine that was off.
WEEKLY_DAYS = 9
# Collectors write today's day from 09:00 on; before that yesterday's is the newest there can be.
FRESH_DAYS = 1
SCHEMA = pl.Schema(
    {
        "table_name": pl.String(),
        "table_state": pl.String(),
        "first_day": pl.Date(),
        "newest_day": pl.Date(),
        "age_days": pl.Int64(),
        "row_count": pl.Int64(),
        "table_version": pl.Int64(),
        "committed_at": pl.Datetime("us", "UTC"),
        "written_by": pl.String(),
        "table_bytes": pl.Int64(),
    }
)
_WRITERS = {
    "sail-delta-lake": "Sail",
    "delta-rs": "delta-rs",
    "apache-spark": "Apache Spark",
    "delta-spark": "Delta Lake",
}


@dataclass(frozen=True)
class Sentence:
    """A sentence of the verdict.

    Attributes:
        key: of the message.
        is_good: whether nothing has to be done.
        values: of its placeholders.
        is_unknown: whether it says what could not be judged, and why.
    """

    key: str
    is_good: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    is_unknown: bool = False


def describe_tables(snapshot: Snapshot, today: dt.date) -> pl.DataFrame:
    """One row for each table of the contracts, in the order they are filled.

    Args:
        snapshot: the lake.
        today: the day in Seoul that ages are counted to.

    Returns:
        The columns of `SCHEMA`. table_state is current, behind (the newest day that was taken in),
        late (its weekly training is overdue), occasional (has rows only on some days), empty,
        missing, or unreadable.
    """
    rows = [_describe(snapshot, table, today) for table in TABLES]
    newest = _newest_taken_in(rows)
    reigns, listened = _has_champion(rows, newest), _has_listeners(rows)
    states = [
        {**row, "table_state": _state(table, row, newest, reigns, listened)}
        for table, row in zip(TABLES, rows, strict=True)
    ]
    return pl.DataFrame(states, SCHEMA)


def assess(tables: pl.DataFrame) -> list[Sentence]:
    """What `describe_tables` says as a whole, worst first."""
    names = _names_by_state(tables)
    newest = _newest_taken_in(tables.to_dicts())
    if newest is None:
        return [Sentence("data_health.nothing")]
    found = []
    if unreadable := names("unreadable"):
        found.append(Sentence("data_health.unreadable", values={"tables": ", ".join(unreadable)}))
    behind = names("behind", "late", "missing", "empty")
    # What needs a champion can only be missing together with it.
    is_bare = _untrained(tables)
    trained = {t.path for t in TABLES if t.rhythm == "weekly" or (is_bare and t.needs_champion)}
    daily = [name for name in behind if name not in trained]
    if daily:
        since = _first_to_run(tables, daily, newest)
        values = {"tables": ", ".join(daily), "start": since, "day": newest}
        found.append(Sentence("data_health.behind", values=values))
    if weekly := [name for name in behind if name in trained]:
        values = {"tables": ", ".join(weekly), "day": newest}
        found.append(Sentence("data_health.no_training", values=values))
    age = tables.filter(pl.col("newest_day") == newest).item(0, "age_days")
    if age > FRESH_DAYS:
        values = {"day": newest, "age": age}
        found.append(Sentence("data_health.old", values=values))
    elif age < 0:
        found.append(Sentence("data_health.ahead", values={"day": newest}))
    if not found:
        return [Sentence("data_health.good", True, {"day": newest})]
    return found


def readable_writer(engine_info: str | None) -> str | None:
    """The engine of a commit for people: `Apache-Spark/4.1.1 Delta-Lake/4.1.0`, `delta-rs:...`."""
    if not engine_info:
        return None
    name, _, rest = re.sub(r"[/:]", " ", engine_info, count=1).partition(" ")
    version = rest.split()[0].removeprefix("py-") if rest else ""
    return f"{_WRITERS.get(name.lower(), name)} {version}".strip()


def _describe(snapshot: Snapshot, table: Table, today: dt.date) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"table_name": table.path, "table_state": "missing"}
    if snapshot.version(table) is None:
        return row
    try:
        delta = snapshot.delta(table)
        commit = delta.history(1)[0]
        files = data_files(delta)
        sound = not damaged_files(delta, snapshot.location(table), is_deep=False)
    except (PageEnd, DeltaError, OSError, KeyError):
        sound = False
    if not sound:
        return row | {"table_state": "unreadable"}
    days: Any = files.filter(pl.col("row_count").fill_null(1) > 0).get_column("ingest_date")
    return row | {
        "table_state": "present" if len(days) else "empty",
        "first_day": days.min(),
        "newest_day": days.max(),
        "age_days": (today - days.max()).days if len(days) else None,
        "row_count": files.get_column("row_count").sum(),
        "table_version": delta.version(),
        "committed_at": dt.datetime.fromtimestamp(commit["timestamp"] / 1000, tz=dt.UTC),
        "written_by": readable_writer(commit.get("engineInfo")),
        "table_bytes": files.get_column("size_bytes").sum(),
    }


def _newest_taken_in(rows: list[dict[str, Any]]) -> dt.date | None:
    """The newest day with landing files; without that account, the newest with events."""
    days = {row["table_name"]: row["newest_day"] for row in rows}
    return days[bronze.FILES.path] or days[bronze.EVENTS.path]


def _has_champion(rows: list[dict[str, Any]], newest: dt.date | None) -> bool:
    crowned = next(r["newest_day"] for r in rows if r["table_name"] == pareto.CHAMPION.path)
    return bool(crowned and newest and (newest - crowned).days <= CHAMPION_DAYS)


def _has_listeners(rows: list[dict[str, Any]]) -> bool:
    """Whether what recommenders learn from was ever taken in."""
    return any(
        row["table_name"] == PLAYS.path or row["table_name"] == TRACKS.path
        for row in rows
        if row["newest_day"]
    )


def _state(
    table: Table, row: dict[str, Any], newest: dt.date | None, reigns: bool, listened: bool
) -> str:
    state = row["table_state"]
    # Nothing was due to be purged yet: most lakes never hold what YouTube's API said.
    is_unused = state == "missing" and table is retention.PURGES
    # Who takes in videos alone trains no recommenders.
    is_fed = listened or table.rhythm != "weekly" or table.layer != RECOMMEND
    is_unused |= state in ("missing", "empty") and not is_fed
    # Nor is anything wrong with a day without a forecast where no champion reigns.
    is_occasional = table.rhythm == "occasional" or (table.needs_champion and not reigns)
    if is_unused or (state in ("present", "empty") and is_occasional):
        return "occasional"
    if state != "present":
        return str(state)
    age = (newest - row["newest_day"]).days if newest else 0
    if table.rhythm == "weekly":
        return "late" if age > WEEKLY_DAYS else "current"
    return "behind" if age > 0 else "current"


def _untrained(tables: pl.DataFrame) -> bool:
    champion = pl.col("table_name") == pareto.CHAMPION.path
    return tables.filter(champion, pl.col("newest_day").is_not_null()).is_empty()


def _names_by_state(tables: pl.DataFrame) -> Callable[..., list[str]]:
    def names(*states: str) -> list[str]:
        return tables.filter(pl.col("table_state").is_in(states)).get_column("table_name").to_list()

    return names


def _first_to_run(tables: pl.DataFrame, behind: list[str], newest: dt.date) -> dt.date:
    """The first day that a table which is behind lacks at its end; of a missing one, all days."""
    rows = tables.filter(pl.col("table_name").is_in(behind))
    day_after = pl.col("newest_day") + dt.timedelta(days=1)
    first: Any = tables.get_column("first_day").min()
    return min(newest, *rows.select(day_after.fill_null(first)).to_series())
