"""What each listener did on a day, as the numbers that metrics are sums of.

Belongs here: rows of `experiments/listener_days`. Does not belong here: which metrics there are
(unit_metrics.py), or who is in an experiment (exposed_units.py).
"""

from __future__ import annotations

import polars as pl

# Of recommend/listener_tracks.
LISTENED_COLUMNS = ("user_id", "play_count", "known_length_count", "completed_count")


def count_listener_days(listened: pl.DataFrame) -> pl.DataFrame:
    """One row a listener with counted plays.

    Args:
        listened: `LISTENED_COLUMNS` of one day of `recommend/listener_tracks`.
    """
    counted = listened.filter(pl.col("play_count") > 0)
    return counted.group_by("user_id").agg(
        pl.col("play_count").sum(),
        pl.col("known_length_count").sum(),
        pl.col("completed_count").sum(),
        (pl.col("known_length_count") - pl.col("completed_count")).sum().alias("abandoned_count"),
        pl.len().cast(pl.Int64).alias("track_count"),
        pl.lit(1, pl.Int64).alias("active_count"),
    )
