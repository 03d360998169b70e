"""What-if: the model of a day, what artists put into it, and what it has learned from.

Belongs here: the day's inputs, the ranges of a training, and which inputs lie outside them. Does
not belong here: whose day it is (model_choice.py), loading the model (views/plan/simulator.py).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.days import day_end

# As trainings do: an outcome is known a horizon later, and nothing older is learned from.
HORIZON = dt.timedelta(days=rules.HORIZON_DAYS)
HISTORY = dt.timedelta(days=rules.HISTORY_DAYS)
# Steps of a box from one end of what was learned from to the other.
STEPS = 40
COLUMNS = {column.name: column for column in ARTIST_INPUTS.columns}


@dataclass(frozen=True)
class Box:
    """How an input is typed in.

    Attributes:
        is_whole: whether it counts something.
        low: lowest value that it can have; None is any.
        high: highest value that it can have; None is any.
        step: what a click adds.
        decimals: how many are shown.
    """

    is_whole: bool
    low: float | None
    high: float | None
    step: float
    decimals: int


@reads(ARTIST_INPUTS)
def list_inputs(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """The rows of `models/artist_inputs` of a day by rank.

    Raises:
        PageEnd: the day has none.
    """
    rows = snapshot.read(ARTIST_INPUTS, day, day_end(day)).drop("ingest_date")
    if rows.is_empty():
        raise PageEnd("simulator.no_inputs", day=day.isoformat())
    return rows.sort("rank", "artist")


def start_from(rows: pl.DataFrame, artist: str | None) -> dict[str, float | None]:
    """Every input of an artist, or the medians of all: null where unknown.

    The median of a whole number is the lower of the two in the middle, so a tier stays a tier.
    """
    if artist is not None:
        row = rows.filter(pl.col("artist") == artist).drop("artist")
    else:
        whole = pl.selectors.integer().quantile(0.5, "lower").cast(pl.Int64)
        row = rows.drop("artist").select(whole, pl.selectors.float().median())
    return {name: row.item(0, name) for name in COLUMNS if name in row.columns}


@reads(ARTIST_INPUTS)
def measure_ranges(
    snapshot: Snapshot, trained_date: dt.date, features: tuple[str, ...]
) -> pl.DataFrame:
    """input, trained_min, trained_p01, trained_p99, trained_max of what a model learned from.

    An input without a known value there has nulls.
    """
    known = trained_date - HORIZON
    rows = snapshot.read(ARTIST_INPUTS, trained_date - HISTORY, day_end(known), features)
    bounds = []
    for name in features:
        values = rows.get_column(name).drop_nulls().cast(pl.Float64)
        bounds.append(
            {
                "input": name,
                "trained_min": values.min(),
                "trained_p01": values.quantile(0.01, "linear"),
                "trained_p99": values.quantile(0.99, "linear"),
                "trained_max": values.max(),
            }
        )
    names = ("trained_min", "trained_p01", "trained_p99", "trained_max")
    return pl.DataFrame(bounds, {"input": pl.String, **dict.fromkeys(names, pl.Float64)})


def find_outside(ranges: pl.DataFrame, inputs: Mapping[str, float | None]) -> pl.DataFrame:
    """The rows of `measure_ranges` whose input is rarer than 1 in 100 there, with its value.

    Returns:
        input, input_value, is_outside (below the lowest or above the highest), and the ranges.
        An unknown input, or one without a range, is not listed.
    """
    values = pl.DataFrame(
        {"input": list(inputs), "input_value": list(inputs.values())},
        {"input": pl.String, "input_value": pl.Float64},
        strict=False,
    )
    value = pl.col("input_value")
    outside = (value < pl.col("trained_min")) | (value > pl.col("trained_max"))
    rare = (value < pl.col("trained_p01")) | (value > pl.col("trained_p99"))
    return (
        ranges.join(values, on="input", maintain_order="left")
        .filter(rare)
        .select(
            "input",
            "input_value",
            outside.alias("is_outside"),
            *(name for name in ranges.columns if name != "input"),
        )
        .sort("is_outside", descending=True, maintain_order=True)
    )


def list_missing(inputs: Mapping[str, float | None]) -> list[str]:
    """Inputs that are empty though a model never sees them unknown."""
    return [name for name, value in inputs.items() if value is None and not COLUMNS[name].nullable]


def shape_box(name: str, low: float | None, high: float | None) -> Box:
    """The box of an input, given the 1st and 99th percentile of what was learned from."""
    column = COLUMNS[name]
    bounds = {"0-1": (0, 1), "%": (None, None)}.get(column.unit, (None, None))
    if column.type != "double":
        bounds = (rules.TIERS[0], rules.TIERS[-1]) if name.startswith("tier") else (0, None)
        bounds = (1, None) if name == "rank" else bounds
    span = high - low if low is not None and high is not None else 0
    power = math.floor(math.log10(span / STEPS)) if span > 0 else -2
    if column.type != "double":
        return Box(True, *bounds, step=10 ** max(power, 0), decimals=0)
    return Box(False, *bounds, step=10.0**power, decimals=max(1 - power, 0))


def rise(probabilities: Sequence[float], tier: float | None) -> float | None:
    """Probability of a better tier than the current one; null where that is not known."""
    if tier is None:
        return None
    return sum(probabilities[: int(tier) - 1])
