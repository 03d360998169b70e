"""What was shown in the slot and what came of it, as counts to learn from.

Belongs here: rewards that are not all there yet, and the counts by act and context, as a pure
function of the log and the moment up to which it is read: a rerun gives the same. Does not belong
here: reading tables (rising_update.py), or what is made of counts (rising_state.py).

A show is rewarded within a day. One of an hour ago without reward may still get one; to count it
as unrewarded would make every new act look bad, and to wait for a day would make all learning a
day late. So a show counts as the share of one by whose age rewards have come: of shows a day old
90 % of whose rewards came within the hour, one that is an hour old counts 0.9. Rewards over such
shows are right on average at any age.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from kpop_assets.contracts import rising_rules as rules
from kpop_assets.ml.linear_arms import Floats64
from kpop_assets.rising_slot.rising_context import CONTEXT_COLUMNS
from kpop_assets.rising_slot.rising_state import CELL_SCHEMA, RisingState

# A row a draw: for which request and listener (null where nobody said), which act, where, by which
# chance; whether it was rewarded, and how soon (null where
# it was not, or nobody said).
SHOW_SCHEMA = pl.Schema(
    {
        "request_id": pl.String(),
        "user_id": pl.String(),
        "answered_at": pl.Datetime("us", "UTC"),
        "act": pl.String(),
        **{name: pl.String() for name in CONTEXT_COLUMNS},
        "offered_acts": pl.List(pl.String()),
        "propensity": pl.Float64(),
        "reward": pl.Float64(),
        "delay_seconds": pl.Float64(),
    }
)
# Sums of floats differ in their last digits with their order.
_DECIMALS = 6


def learn_state(shows: pl.DataFrame, until: dt.datetime) -> RisingState:
    """What is known of acts at a moment, from what was shown in the days before it.

    Args:
        shows: `SHOW_SCHEMA`; older and later ones are passed over.
        until: the moment, as if the log ended there: later rewards have not come.
    """
    until = until.astimezone(dt.UTC)
    seconds = (pl.lit(until) - pl.col("answered_at")).dt.total_microseconds() / 1e6
    oldest = rules.LEARN_DAYS * rules.REWARD_SECONDS
    known = shows.with_columns(age=seconds).filter(pl.col("age").is_between(0, oldest))
    came = pl.col("delay_seconds").fill_null(0) <= pl.col("age")
    known = known.with_columns(reward=pl.when(came).then("reward").otherwise(0.0))
    due = due_shares(*_ages_and_delays(known))
    cells = (
        known.with_columns(due=due)
        .group_by("act", *CONTEXT_COLUMNS)
        .agg(
            pl.col("due").sum().round(_DECIMALS).alias("shown"),
            pl.col("reward").sum().round(_DECIMALS).alias("rewarded"),
        )
        .select(list(CELL_SCHEMA))
        .sort("act", *CONTEXT_COLUMNS)
    )
    return RisingState(until.isoformat(timespec="seconds"), cells)


def due_shares(ages: Floats64, delays: Floats64) -> pl.Series:
    """Which share of rewards has come by the age of each show.

    Args:
        ages: seconds since each show.
        delays: seconds from show to reward; NaN where there was none or nobody said.

    Returns:
        0 to 1, as told by the shows whose rewards are all there.
    """
    is_whole = (ages >= rules.REWARD_SECONDS) & ~np.isnan(delays)
    told = np.sort(delays[is_whole])
    came = np.searchsorted(told, ages, side="right")
    spread = np.clip(ages / rules.REWARD_SECONDS, 0, 1) * rules.DELAY_PRIOR_REWARDS
    shares = (came + spread) / (len(told) + rules.DELAY_PRIOR_REWARDS)
    return pl.Series("due", np.minimum(shares, 1.0), dtype=pl.Float64)


def _ages_and_delays(known: pl.DataFrame) -> tuple[Floats64, Floats64]:
    delay = pl.when(pl.col("reward") > 0).then("delay_seconds").cast(pl.Float64)
    told = known.select("age", delay.fill_null(float("nan")).alias("delay"))
    return told["age"].to_numpy(), told["delay"].to_numpy()
