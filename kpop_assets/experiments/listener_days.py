"""What each listener did on a day, as the numbers that metrics are sums of.

Belongs here: rows of `experiments/listener_days`. Does not belong here: which metrics there are
(unit_metrics.py), or who is in an experiment (exposed_units.py).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.recommend.outcomes.outcome_days import CAME_OF, sum_outcomes

# Of recommend/listener_tracks.
LISTENED_COLUMNS = ("user_id", "play_count", "known_length_count", "completed_count")
# Of recommend/outcomes.
OUTCOME_COLUMNS = ("user_id", *CAME_OF)


def count_listener_days(listened: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """One row a listener with counted plays, or with works that were shown.

    Args:
        listened: `LISTENED_COLUMNS` of one day of `recommend/listener_tracks`.
        shown: `OUTCOME_COLUMNS` of the same day of `recommend/outcomes`.
    """
    played = _count_plays(listened)
    came = sum_outcomes(shown.filter(pl.col("user_id").is_not_null()), "user_id")
    return played.join(came, "user_id", how="full", coalesce=True).fill_null(0)


def _count_plays(listened: pl.DataFrame) -> pl.DataFrame:
    counted = listened.filter(pl.col("play_count") > 0)
    return counted.group_by("user_id").agg(
        pl.col("play_count").sum(),
        pl.col("known_length_count").sum(),
        pl.col("completed_count").sum(),
        (pl.col("known_length_count") - pl.col("completed_count")).sum().alias("abandoned_count"),
        pl.len().cast(pl.Int64).alias("track_count"),
        pl.lit(1, pl.Int64).alias("active_count"),
    )
