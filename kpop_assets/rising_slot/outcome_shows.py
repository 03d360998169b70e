"""What was shown in the slot on days that are over, from what came of answers.

Belongs here: which rows of `recommend/outcomes` say so. Does not belong here: the newest lines,
which learning each hour reads (shown_acts.py), or what policies would have earned
(policy_gains.py).
"""

from __future__ import annotations

import polars as pl

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.rising_slot.rising_lessons import SHOW_SCHEMA
from kpop_assets.rising_slot.shown_acts import draws_told


def shows_of_outcomes(outcomes: pl.DataFrame) -> pl.DataFrame:
    """A row an act that was drawn (`SHOW_SCHEMA`), in order of time.

    What came of any answer that showed a draw came of it. When it came is not told, only that it
    is all known a day later: so that is when it counts as known.

    Args:
        outcomes: rows of `recommend/outcomes`, `SLOT_COLUMNS`.
    """
    is_liked = pl.col("is_clicked") | pl.col("is_played") | pl.col("is_liked")
    is_taken_back = pl.col("is_skipped") | pl.col("is_disliked")
    is_rewarded = is_liked.any() & ~is_taken_back.any()
    drawn = draws_told(outcomes.filter("is_rising_slot"))
    came = drawn.group_by("drawn_by").agg(is_rewarded.alias("is_rewarded"))
    shows = (
        drawn.unique("drawn_by", keep="first", maintain_order=True)
        .join(came, "drawn_by", maintain_order="left")
        .with_columns(
            request_id="drawn_by",
            reward=pl.col("is_rewarded").cast(pl.Float64),
            delay_seconds=pl.when("is_rewarded").then(float(rules.REWARD_SECONDS)),
        )
    )
    return shows.select(pl.col(name).cast(kind) for name, kind in SHOW_SCHEMA.items())
