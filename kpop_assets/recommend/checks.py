"""What must hold between plays as they were landed and what they are counted into.

Belongs here: checks of single days. Does not belong here: what every contract implies
(graph/checks.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg
import polars as pl
from pyspark.sql import functions as F

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_listening import TRACK_PLAYS
from kpop_assets.contracts.recommend_plays import PLAY_DAYS, PLAYS_HOURLY
from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import by_day, check_equal_by_day, result
from kpop_assets.lake.tables import Tables

_FATES = ("counted_count", "total_row_count", "ahead_play_count", "repeat_count", "bot_play_count")


def plays_are_accounted_for(
    tables: Tables, table: Table, start: dt.date, end: dt.date
) -> dg.AssetCheckResult:
    """Rows of each day of `bronze/plays` against the fates that the account tells."""
    told = sum((F.col(name) for name in _FATES), F.lit(0))
    summed = by_day(tables.read(PLAY_DAYS, start, end), F.sum(told))
    counted = by_day(tables.read(PLAYS, start, end), F.count("*"))
    return check_equal_by_day(table, "plays_are_accounted_for", summed, counted)


def hours_add_up(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Plays in the hours of each day against those that count by the account."""
    days = tables.read(PLAY_DAYS, start, end).where("counted_count > 0")
    hours = by_day(tables.read(PLAYS_HOURLY, start, end), F.sum("play_count"))
    return check_equal_by_day(table, "hours_add_up", hours, by_day(days, F.sum("counted_count")))


def tracks_add_up(
    tables: Tables, table: Table, start: dt.date, end: dt.date
) -> dg.AssetCheckResult:
    """Plays of the tracks of each day against those in its hours."""
    tracks = by_day(tables.read(TRACK_PLAYS, start, end), F.sum("play_count"))
    hours = by_day(tables.read(PLAYS_HOURLY, start, end), F.sum("play_count"))
    return check_equal_by_day(table, "tracks_add_up", tracks, hours)


def one_answers(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Of each training with a front exactly one recommender is the best that may answer."""
    rows = tables.arrow(table, start, end, ["ingest_date", "is_best"])
    bests = pl.DataFrame(rows).group_by("ingest_date").agg(pl.col("is_best").sum())
    counts = bests["is_best"].to_list()
    return result(table, "one_answers", set(counts) <= {1}, best_counts=counts)
