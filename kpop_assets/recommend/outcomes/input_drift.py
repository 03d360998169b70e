"""What recommendations rest on, counted by day, and whether a day is unlike those before it.

Belongs here: which inputs are looked at, in which ranges, and the verdict. Does not belong here:
the index itself (ml/stability.py), or telling people (wiring/watch_serving.py).

A day is held against days of its kind: people listen at other hours on weekends, and held against
whole weeks every Saturday would be news.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl

from kpop_assets.contracts import recommend_service as rules
from kpop_assets.days import TIME_ZONE
from kpop_assets.lake.rows import empty
from kpop_assets.ml.stability import chance_limit, stability_terms
from kpop_assets.recommend.outcomes.day_kinds import is_of_kind

PLAY_COLUMNS = ("user_id", "played_at", "context", "total_play_count")
ANSWER_COLUMNS = ("user_id", "context_hour", "device", "basis", "answer_language", "shown_scores")
# More values than these are one, `other`: a client that makes up values must not fill the table.
_MOST_VALUES = 30
_HOURS_A_BAND = 3
_COUNTED = pl.Schema({"input_name": pl.String, "input_value": pl.String, "input_count": pl.Int64})


def count_inputs(plays: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Rows of `recommend/input_days` of a day but its date.

    Args:
        plays: `PLAY_COLUMNS` of `bronze/plays`; totals of plays are left out.
        answers: `ANSWER_COLUMNS` of `bronze/recommendations`.
    """
    single = plays.filter(pl.col("total_play_count").is_null())
    hour = pl.col("played_at").dt.convert_time_zone(TIME_ZONE).dt.hour()
    top_score = pl.col("shown_scores").str.json_path_match("$[0]").cast(pl.Float64, strict=False)
    inputs = {
        "play_hour": single.select(_band(hour)),
        "play_context": single.select("context"),
        "plays_of_listener": single.group_by("user_id").len().select(_doubling("len")),
        "answer_hour": answers.select(_band(pl.col("context_hour"))),
        "answer_device": answers.select("device"),
        "answer_language": answers.select("answer_language"),
        "answer_basis": answers.select("basis"),
        "answer_listener": answers.select(
            pl.when(pl.col("user_id").is_null())
            .then(pl.lit("nobody"))
            .otherwise(pl.lit("somebody"))
        ),
        "answer_top_score": answers.select(_scored(top_score)),
    }
    counted = [_counted(name, rows.to_series()) for name, rows in inputs.items() if rows.height]
    return pl.concat(counted) if counted else pl.DataFrame(schema=_COUNTED)


def find_drift(counts: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Rows of `recommend/drift` of a day but its date: one for each input that the day has.

    Args:
        counts: rows of `recommend/input_days` of the day and those before it; weekend days are held
            against weekend days, others against others.
        day: the day.
    """
    start, date = day - dt.timedelta(days=rules.DRIFT_DAYS), pl.col("ingest_date")
    known = counts.filter(date.is_between(start, day) & is_of_kind(date, day))
    rows = [
        _judge(str(name), rows, day)
        for (name,), rows in sorted(known.group_by("input_name"), key=lambda part: str(part[0]))
    ]
    schema = empty(rules.INPUT_DRIFT).drop("ingest_date").schema
    return pl.DataFrame([row for row in rows if row["day_count"]], schema)


def _judge(name: str, rows: pl.DataFrame, day: dt.date) -> dict[str, object]:
    is_today = pl.col("ingest_date") == day
    count = pl.col("input_count")
    values = (
        rows.group_by("input_value")
        .agg(count.filter(~is_today).sum().alias("past"), count.filter(is_today).sum().alias("now"))
        .sort("input_value")
    )
    past, now = values["past"].to_list(), values["now"].to_list()
    past_days = rows.filter(~is_today)["ingest_date"].n_unique()
    row: dict[str, object] = {
        **{"input_name": name, "day_count": sum(now), "past_count": sum(past)},
        **{"past_day_count": past_days, "is_drifted": False},
    }
    is_enough = sum(now) >= rules.LEAST_DRIFT_ROWS and sum(past) >= rules.LEAST_DRIFT_ROWS
    if past_days < rules.LEAST_DRIFT_DAYS or not is_enough:
        return row
    terms = stability_terms(past, now)
    index = float(terms.sum())
    limit = max(rules.LEAST_STABILITY_INDEX, chance_limit(past, now, rules.DRIFT_ALPHA))
    most = int(np.argmax(terms))
    return row | {
        **{"stability_index": index, "stability_limit": limit, "is_drifted": index > limit},
        **{"moved_value": values.item(most, "input_value")},
        **{
            "moved_from_pct": 100 * past[most] / sum(past),
            "moved_to_pct": 100 * now[most] / sum(now),
        },
    }


def _counted(name: str, values: pl.Series) -> pl.DataFrame:
    counts = values.fill_null("unknown").alias("input_value").value_counts(name="input_count")
    # By count, then by value: which are kept must not depend on the order of rows.
    ordered = counts.sort("input_count", "input_value", descending=[True, False])
    kept = ordered.with_row_index().with_columns(
        pl.when(pl.col("index") < _MOST_VALUES)
        .then("input_value")
        .otherwise(pl.lit("other"))
        .alias("input_value")
    )
    return (
        kept.group_by("input_value")
        .agg(pl.col("input_count").sum().cast(pl.Int64))
        .select(pl.lit(name).alias("input_name"), "input_value", "input_count")
        .sort("input_value")
    )


def _band(hour: pl.Expr) -> pl.Expr:
    """Hours of a day in bands, such as `21-24`."""
    first = hour.cast(pl.Int64) // _HOURS_A_BAND * _HOURS_A_BAND
    return pl.format("{}-{}", _padded(first), _padded(first + _HOURS_A_BAND))


def _doubling(column: str) -> pl.Expr:
    """Counts in ranges of which each is twice as wide: `001`, `002-003`, `004-007`."""
    power = pl.col(column).cast(pl.Float64).log(2).floor().cast(pl.Int64)
    low = pl.lit(2, pl.Int64).pow(power)
    return pl.format("{}-{}", _padded(low, 4), _padded(low * 2 - 1, 4))


def _scored(score: pl.Expr) -> pl.Expr:
    """Scores in steps that are finer near 0: models score from 0 to 1, or on no scale at all."""
    step = (4 * (4 * score).arcsinh()).floor()
    low, high = ((edge / 4).sinh() / 4 for edge in (step, step + 1))
    return pl.format("{} to {}", low.round(2), high.round(2))


def _padded(number: pl.Expr, width: int = 2) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def drifted_inputs(rows: pl.DataFrame) -> Iterator[dict[str, object]]:
    """Of rows of `recommend/drift` those that moved, the furthest first."""
    moved = rows.filter("is_drifted").sort("stability_index", descending=True)
    return moved.iter_rows(named=True)
