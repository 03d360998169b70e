"""What must hold of scores, lists and words, whoever reads them, and how many videos stand out.

Belongs here: checks of single days. Does not belong here: what every contract implies
(graph/checks.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import dagster as dg
import polars as pl

from kpop_assets.contracts import lens_rules, word_rules
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.lens_videos import PARTS
from kpop_assets.contracts.lens_words import VIDEO_WORDS
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end, days_between
from kpop_assets.graph.checks import result
from kpop_assets.graph.step import Step
from kpop_assets.lake.tables import Tables
from kpop_assets.lens.word_counts import EVERYTHING

# The last digit of a mean of equal parts is no fault.
_SLACK = 1e-9


def scores_hold(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Whether each score lies between the least and the greatest of its parts."""
    parts = [f"part_{name}" for name in PARTS]
    low, high = pl.min_horizontal(parts) - _SLACK, pl.max_horizontal(parts) + _SLACK
    holds = pl.col("score").is_between(low, high) & pl.col("percentile_score").is_between(0, 100)
    wrong = _count(tables, table, start, end, ["score", "percentile_score", *parts], _not(holds))
    return result(table, "scores_hold", not wrong, wrong_rows=wrong)


def lists_hold(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Whether each list falls from its first place on, and has as many as it may have."""
    lengths = pl.col("list").replace_strict(lens_rules.LIST_LENGTHS, return_dtype=pl.Int64)

    def wrong_rows(rows: pl.DataFrame) -> int:
        ordered = rows.sort("list", "scope", "rank")
        falls = (pl.col("value").diff() <= 0).over("list", "scope").fill_null(True)
        place = pl.int_range(1, pl.len() + 1).over("list", "scope")
        holds = falls & (pl.col("rank") == place) & (place <= lengths)
        return _not(holds)(ordered)

    wrong = _count(tables, table, start, end, ["list", "scope", "rank", "value"], wrong_rows)
    return result(table, "lists_hold", not wrong, wrong_rows=wrong)


def words_add_up(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Whether each day's words of everything are as many as it has in `lens/video_words`."""
    wrong = 0
    for day in days_between(start, end):
        days = day, day_end(day)
        said = tables.arrow(VIDEO_WORDS, *days, ["ingest_date"]).num_rows
        counts = pl.DataFrame(tables.arrow(table, *days, ["scope", "scope_word_count"]))
        all_words = counts.filter(pl.col("scope") == EVERYTHING).get_column("scope_word_count")
        wrong += int(any(count != said for count in all_words.unique()))
    return result(table, "words_add_up", not wrong, wrong_days=wrong)


def ranks_hold(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Whether each ranking of keywords falls from its first place on, with no gap."""
    by = {"frequency": "video_count", "gain": "views_gained", "rise": "rise_z"}

    def wrong_rows(rows: pl.DataFrame) -> int:
        value = pl.coalesce(
            pl.when(pl.col("ranking") == ranking).then(pl.col(name).cast(pl.Float64))
            for ranking, name in by.items()
        )
        ordered = rows.sort("scope", "ranking", "rank").with_columns(value.alias("value"))
        falls = (pl.col("value").diff() <= 0).over("scope", "ranking").fill_null(True)
        place = pl.int_range(1, pl.len() + 1).over("scope", "ranking")
        holds = falls & (pl.col("rank") == place) & (place <= word_rules.KEYWORDS_KEPT)
        return _not(holds & pl.col("value").is_not_null())(ordered)

    columns = ["scope", "ranking", "rank", *by.values()]
    wrong = _count(tables, table, start, end, columns, wrong_rows)
    return result(table, "ranks_hold", not wrong, wrong_rows=wrong)


def outlier_shares(step: Step) -> dict[str, float]:
    """How many of a step's videos stand out by either rule, in percent, to be plotted."""
    names = ["is_outlier", "is_raw_outlier"]
    rows = pl.DataFrame(step.arrow(VIDEO_OUTLIERS, columns=names))
    found = rows.select(pl.col(names).mean() * 100).row(0, named=True)
    return {f"{name.removeprefix('is_')}_pct": value or 0.0 for name, value in found.items()}


def _not(holds: pl.Expr) -> Callable[[pl.DataFrame], int]:
    return lambda rows: rows.select((~holds.fill_null(False)).sum()).item()


def _count(
    tables: Tables,
    table: Table,
    start: dt.date,
    end: dt.date,
    columns: Sequence[str],
    wrong: Callable[[pl.DataFrame], int],
) -> int:
    """Rows that are wrong, day by day: all of a long range would be too many to hold."""
    return sum(
        wrong(pl.DataFrame(tables.arrow(table, day, day_end(day), columns)))
        for day in days_between(start, end)
    )
