"""What was taken in and what was set aside: lines by day, reasons.

Belongs here: the account of landing lines in bronze. Does not belong here: how fresh tables are
(data_health.py) or which videos were seen twice (duplicates.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import FILES, QUARANTINE
from kpop_assets.days import day_end

DAYS = 60
MOST_SAMPLES = 20
MOST_CHARACTERS = 200
OUTCOMES = ("event_count", "duplicate_count", "quarantine_count")


@dataclass(frozen=True)
class Quarantine:
    """Lines that could not be used.

    Attributes:
        reasons: reason, field (null where it is about the whole line), quarantine_count, newest_day
            (with such a line); most lines first.
        samples: ingest_date, landing_file, line_number, reason, field, line (cut to
            `MOST_CHARACTERS`): the newest of each reason and field in turn, `MOST_SAMPLES` at most.
    """

    reasons: pl.DataFrame
    samples: pl.DataFrame


@reads(FILES)
def count_lines(snapshot: Snapshot, until: dt.date | None = None) -> pl.DataFrame:
    """What became of the landing lines of each day.

    Args:
        snapshot: the lake.
        until: last day to report; None is the newest with landing files.

    Returns:
        ingest_date, the columns `OUTCOMES` and is_collected (whether there were landing files), one
        row for each of the `DAYS` up to `until`, but none before the first day of the table; no
        row where nothing was taken in up to `until`.
    """
    days = [day for day in snapshot.rows_by_day(FILES) if until is None or day <= until]
    if not days:
        empty: dict[str, pl.DataType | type[pl.DataType]] = {"ingest_date": pl.Date}
        return pl.DataFrame(
            schema=empty | dict.fromkeys(OUTCOMES, pl.Int64) | {"is_collected": pl.Boolean}
        )
    last = until or days[-1]
    start = max(days[0], last - dt.timedelta(days=DAYS - 1))
    sums = sum_files(snapshot, start, day_end(last), OUTCOMES)
    calendar = pl.DataFrame({"ingest_date": pl.date_range(start, last, eager=True)})
    return (
        calendar.join(sums, on="ingest_date", how="left")
        .with_columns(pl.col(OUTCOMES[0]).is_not_null().alias("is_collected"))
        .with_columns(pl.col(OUTCOMES).fill_null(0))
        .sort("ingest_date")
    )


@reads(FILES)
def sum_files(
    snapshot: Snapshot, start: dt.date, end: dt.date, counts: Sequence[str]
) -> pl.DataFrame:
    """ingest_date and the sums of some counts over the landing files of each of [start, end)."""
    files = snapshot.read(FILES, start, end, ["ingest_date", *counts])
    return files.group_by("ingest_date").agg(pl.col(counts).sum())


@reads(QUARANTINE)
def list_quarantine(snapshot: Snapshot, until: dt.date) -> Quarantine:
    """Why lines of the `DAYS` up to `until` could not be used, with samples."""
    start = until - dt.timedelta(days=DAYS - 1)
    place = ["ingest_date", "landing_file", "line_number"]
    lines = snapshot.read(QUARANTINE, start, day_end(until), [*place, "reason", "field"])
    reasons = (
        lines.group_by("reason", "field")
        .agg(
            pl.len().cast(pl.Int64).alias("quarantine_count"),
            pl.col("ingest_date").max().alias("newest_day"),
        )
        .sort("quarantine_count", "reason", "field", descending=[True, False, False])
    )
    newest = (
        lines.sort(place, descending=True)
        .with_columns(pl.int_range(pl.len()).over("reason", "field").alias("turn"))
        .sort("turn", maintain_order=True)
        .head(MOST_SAMPLES)
        .drop("turn")
    )
    return Quarantine(reasons, _with_lines(snapshot, newest))


def _with_lines(snapshot: Snapshot, chosen: pl.DataFrame) -> pl.DataFrame:
    """The text of a few lines, which is read for these alone: a line may have a megabyte."""
    text = pl.lit(None, pl.String).alias("line")
    if chosen.is_empty():
        return chosen.with_columns(text)
    days: list[dt.date] = chosen.get_column("ingest_date").to_list()
    place = ["ingest_date", "landing_file", "line_number"]
    wanted = (
        (pl.col("ingest_date") == day)
        & (pl.col("landing_file") == file)
        & (pl.col("line_number") == number)
        for day, file, number in chosen.select(place).iter_rows()
    )
    found = snapshot.read(
        QUARANTINE, min(days), day_end(max(days)), [*place, "line"], reduce(or_, wanted)
    ).with_columns(pl.col("line").str.slice(0, MOST_CHARACTERS))
    return chosen.join(found, on=place, how="left")
