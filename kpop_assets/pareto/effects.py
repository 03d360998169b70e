"""What moved a forecast: a probability less what it were with one input at the day's median.

Belongs here: the effect of each input of any model on any probability. Does not belong here: which
of them are told, and how (forecast.py, viral_forecast.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]


def effects_of(
    chance: Callable[[pd.DataFrame], Array], columns: pd.DataFrame, days: pd.Series[Any]
) -> Array:
    """The effect of each input on each row's probability, shape (n, inputs).

    It is the probability less what it were with the median of that input among the day's rows, all
    else as it is. Effects of inputs that say the same are shared or hidden, so they do not add up
    to anything.

    Args:
        chance: the probability of each row of inputs.
        columns: the inputs, as floats.
        days: the day of each row.
    """
    medians = columns.groupby(days).transform("median")
    now = chance(columns)
    return np.column_stack(
        [now - chance(columns.assign(**{name: medians[name]})) for name in columns]
    )


def places_won(rows: pd.DataFrame, rank: str, days: int) -> pd.Series[Any]:
    """Places won in a rank since `days` before; null where there was no row then."""
    before = rows[["ingest_date", "artist", rank]].assign(
        ingest_date=rows["ingest_date"] + pd.Timedelta(days=days)
    )
    both = rows[["ingest_date", "artist"]].merge(before, how="left", validate="one_to_one")
    return pd.Series(both[rank].to_numpy() - rows[rank].to_numpy(), rows.index)
