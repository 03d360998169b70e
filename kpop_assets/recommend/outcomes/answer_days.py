"""What a day's answers were like: how many, how fast, by which variant, and what came of them.

Belongs here: rows of `recommend/answer_days`. Does not belong here: what came of a single work, or
whether a variant is better (experiments/).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts.feedback import SAYING
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, EVERYTHING

ANSWERED_COLUMNS = (
    *("request_id", "user_id", "applied_variants", "fallback", "cache", "response_ms"),
    *("shown_work_ids", "rising_act"),
)
FEEDBACK_COLUMNS = ("request_id", "work_id", "track_id", "action")
# What is counted of what was done, and by which actions.
_DONE = {
    "clicked_count": SAYING["click"],
    "skipped_count": SAYING["skip"],
    "liked_count": SAYING["like"],
    "disliked_count": SAYING["dislike"],
}
_GROUP = ("experiment", "variant")
_SHOWN = pl.col("shown_work_ids").str.json_decode(pl.List(pl.String))


def count_answers(
    answers: pl.DataFrame, feedback: pl.DataFrame | None, day: dt.date
) -> pl.DataFrame:
    """Rows of a day but its date.

    Args:
        answers: ingest_date and `ANSWERED_COLUMNS` of `bronze/recommendations`, of the day and
            those before it whose works may be clicked on it.
        feedback: `FEEDBACK_COLUMNS` of `bronze/feedback` of the day; None where nobody tells any.
            What was done about a work that the answer did not show counts for nothing.
        day: the day.
    """
    variants = variants_of(answers, "request_id")
    grouped = answers.filter(pl.col("ingest_date") == day).join(variants, "request_id")
    works = _SHOWN.list.len()
    milliseconds = pl.col("response_ms")
    rows = grouped.group_by(_GROUP).agg(
        pl.len().cast(pl.Int64).alias("answer_count"),
        pl.col("user_id").drop_nulls().n_unique().cast(pl.Int64).alias("answered_listener_count"),
        pl.col("fallback").count().cast(pl.Int64).alias("fallback_count"),
        (pl.col("cache") != "none").sum().cast(pl.Int64).alias("cached_count"),
        *(
            milliseconds.quantile(part / 100, "higher").alias(f"response_ms_p{part}")
            for part in (50, 95, 99)
        ),
        works.sum().cast(pl.Int64).alias("shown_count"),
        pl.col("rising_act").count().cast(pl.Int64).alias("rising_shown_count"),
    )
    columns = [name for name in ANSWER_DAYS.column_names if name != "ingest_date"]
    if feedback is None:
        return rows.with_columns(pl.lit(None, pl.Int64).alias(n) for n in _DONE).select(columns)
    shown = _shown_by(answers)
    # A work is called as one of its tracks is, and a player may know tracks alone.
    named = feedback.with_columns(pl.coalesce("work_id", "track_id").alias("work_id")).unique()
    about_shown = named.join(shown, list(shown.columns), "semi")
    done = _sum_up(about_shown.join(variants, "request_id"))
    return rows.join(done, _GROUP, "left").with_columns(pl.col(*_DONE).fill_null(0)).select(columns)


def variants_of(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Each value of a key with every variant that its rows have, and once as one of all.

    Args:
        rows: the key and applied_variants, a list as JSON.
        key: say the request.

    Returns:
        The key, experiment and variant.
    """
    named = pl.col("applied_variants").str.json_decode(pl.List(pl.String)).alias("named")
    pairs = rows.select(key, named).explode("named").drop_nulls("named")
    parts = pl.col("named").str.splitn("=", 2).struct.rename_fields(_GROUP)
    split = pairs.select(key, parts.alias("parts")).unnest("parts").drop_nulls(_GROUP)
    every = rows.select(key, *(pl.lit(EVERYTHING).alias(name) for name in _GROUP))
    return pl.concat([every, split]).unique()


def _shown_by(answers: pl.DataFrame) -> pl.DataFrame:
    """Each answer with every work that it showed, as `request_id` and `work_id`."""
    shown = answers.select("request_id", _SHOWN.alias("work_id"))
    return shown.explode("work_id").drop_nulls()


def _sum_up(feedback: pl.DataFrame) -> pl.DataFrame:
    """Works about which something was done; a work of an answer counts once, however often."""
    work = pl.struct("request_id", "work_id")
    return feedback.group_by(_GROUP).agg(
        work.filter(pl.col("action").is_in(actions)).n_unique().cast(pl.Int64).alias(name)
        for name, actions in _DONE.items()
    )
