"""From rows of silver to who became viral, on an engine: steady acts, and a newcomer."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts import rules
from kpop_assets.insights.trend import trend_of
from kpop_assets.models.viral_outcomes import READ_COLUMNS, judge_weeks
from kpop_assets_tests.models.test_inputs import described
from kpop_assets_tests.models.test_paces import Seen, on, panel, steady

DEBUT, LAST = 50, 85
# As many as the last two tiers need for 100 outcomes before the debut.
ACTS = tuple(f"act {number:02d}" for number in range(12))
Outcomes = dict[tuple[str, int], dict[str, Any]]


def judged(rows: pd.DataFrame, start: dt.date) -> Outcomes:
    """Outcomes by artist and day number, None for null."""
    known = rows.assign(ingest_date=pd.to_datetime(rows["ingest_date"]))
    found = judge_weeks(known[list(READ_COLUMNS)], start)
    cells = found.astype(object).where(found.notna(), None).to_dict("records")
    return {(r["artist"], (r["ingest_date"].date() - on(0)).days): r for r in cells}


@functools.cache
def market(spark: SparkSession) -> pd.DataFrame:
    """Inputs of steady acts, and of a newcomer that begins among the first and falls 3 % a day."""
    rows = [
        one
        for number, act in enumerate(ACTS, 1)
        for one in steady(range(LAST + 1), 1000 * number, act, act)
    ]
    rows += [
        Seen(day, "NEW", "new", round(9500 * 0.97 ** (day - DEBUT)))
        for day in range(DEBUT, LAST + 1)
    ]
    return pd.DataFrame(described(spark, rows, 0).values())


@pytest.mark.both_engines
def test_a_newcomer_that_falls_is_neither_viral_nor_surging(spark):
    outcomes = judged(market(spark), on(DEBUT))
    of_new = {day: one["is_viral"] for (artist, day), one in outcomes.items() if artist == "NEW"}
    # Its first row that has a month of its own is that of its 14th day; a week later it is judged.
    first = DEBUT + rules.TREND_LEAST_DAYS - 1 + rules.HORIZON_DAYS
    assert of_new == {
        day: None if day < first else False for day in range(DEBUT + rules.HORIZON_DAYS, LAST + 1)
    }
    unjudged = outcomes["NEW", first - 1]
    assert (unjudged["multiple"], unjudged["has_reached"]) == (None, None)
    assert outcomes["NEW", first]["multiple"] < 0
    rows = market(spark)
    known = rows[(rows["artist"] == "NEW") & rows["trend"].notna()]
    assert len(known) == LAST - DEBUT + 2 - rules.TREND_LEAST_DAYS
    assert {trend_of(trend, None) for trend in known["trend"]} == {"shrinking"}


@pytest.mark.both_engines
def test_who_was_there_is_judged_beside_a_newcomer_and_is_not_viral(spark):
    outcomes = judged(market(spark), on(DEBUT))
    steady_ones = [one for (artist, _), one in outcomes.items() if artist != "NEW"]
    assert {one["multiple"] for one in steady_ones} == {0}
    assert {one["has_reached"] for one in steady_ones} == {False}
    assert sum(one["is_viral"] is False for one in steady_ones) > 100


@pytest.mark.both_engines
def test_a_small_pace_is_the_same_in_inputs_and_in_outcomes(spark):
    """A week after which nothing changed multiplied by what its trend had been."""
    day = 107
    known = pd.DataFrame(described(spark, panel(7), day).values())
    known = known[known["ingest_date"] == on(day)]
    later = known.assign(ingest_date=on(day + rules.HORIZON_DAYS), fresh_days_7d=rules.WEEK_DAYS)
    outcomes = judged(pd.concat([known, later]), on(day + rules.HORIZON_DAYS))
    trends = {one["artist"]: one["trend"] for one in known.to_dict("records")}
    assert len(trends) > 4
    assert len(set(trends.values())) > 4
    for artist, trend in trends.items():
        multiple = outcomes[artist, day + rules.HORIZON_DAYS]["multiple"]
        assert multiple == pytest.approx(trend), artist
