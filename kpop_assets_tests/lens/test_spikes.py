"""Spikes against an artist's own trend: literal series, one event once, no change by unit."""

from __future__ import annotations

import datetime as dt
import math
import statistics

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.lens.spikes import SpikeConfig, find_spikes, score_days

DAY = dt.date(2026, 9, 1)
CALM = [1000, 1100, 950, 1050, 1000, 900, 1020] * 4
SCHEMA = {
    "ingest_date": pl.Date,
    "artist": pl.String,
    "engagement": pl.Int64,
    "held_count": pl.Int64,
}


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def frame(**series: list[int | None]) -> pl.DataFrame:
    """A value a day from DAY on; None is a day without a row."""
    rows = [
        (on(number), artist, value, 0)
        for artist, values in series.items()
        for number, value in enumerate(values)
        if value is not None
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def events(daily: pl.DataFrame, config: SpikeConfig | None = None) -> list[tuple[str, int]]:
    """Artist and day number of each event."""
    found = find_spikes(daily, config).select("artist", "event_date").rows()
    return [(artist, (day - DAY).days) for artist, day in found]


def test_the_day_after_a_counter_was_held_is_no_spike():
    daily = frame(IVE=[*CALM, 0, 2_000, 1_000], BTS=[*CALM, 1_000, 1_000, 1_000])
    held = pl.when(pl.col("artist") == "IVE", pl.col("ingest_date") == on(28)).then(3).otherwise(0)
    assert events(daily) == [("IVE", 29)]
    assert events(daily.with_columns(held.cast(pl.Int64).alias("held_count"))) == []


def marked(daily: pl.DataFrame, *days: int) -> pl.DataFrame:
    """With a counter of IVE held on some days."""
    is_held = (pl.col("artist") == "IVE") & pl.col("ingest_date").is_in([on(day) for day in days])
    return daily.with_columns(pl.when(is_held).then(1).otherwise(0).alias("held_count"))


def test_one_counter_that_is_held_does_not_silence_the_rest_of_a_day():
    assert events(marked(frame(IVE=[*CALM, 9_000, 1_000]), 28)) == [("IVE", 28)]
    assert events(marked(frame(IVE=[*CALM, 1_000, 9_000]), 28)) == [("IVE", 29)]
    calm = frame(IVE=[*CALM, 900, 1_100, 1_000])
    assert events(marked(calm, 28)) == []
    paces = score_days(marked(calm, 28)).filter(pl.col("ingest_date") >= on(28))
    assert paces["pace"].to_list() == [900, 1_000, 1_000]


def test_what_was_held_for_two_days_is_no_spike_when_it_comes_back():
    assert events(marked(frame(IVE=[*CALM, 0, 0, 3_000]), 28, 29)) == []


def test_a_counter_that_is_held_for_long_silences_nobody():
    daily = frame(IVE=[*CALM, *[1_000] * 9, 3_000])
    assert events(marked(daily, *range(28, 38))) == [("IVE", 37)]


def test_a_day_far_above_the_own_trend_is_a_spike():
    assert events(frame(IVE=[*CALM, 3000])) == [("IVE", 28)]


def test_the_usual_ups_and_downs_are_none():
    assert events(frame(IVE=[*CALM, 1100, 900, 1300])) == []


def test_a_fall_is_none():
    assert events(frame(IVE=[*CALM, 10])) == []


def test_the_figures_are_those_of_the_formula():
    row = score_days(frame(IVE=[*CALM, 3000])).filter(pl.col("ingest_date") == on(28)).to_dicts()[0]
    logs = [math.log(value) for value in CALM]
    median = statistics.median(logs)
    mad = statistics.median(abs(value - median) for value in logs)
    sigmas = (math.log(3000) - median) / max(1.4826 * mad, 0.15)
    assert row["sigmas"] == pytest.approx(sigmas)
    assert row["usual_pace"] == pytest.approx(1000)
    assert row["ratio"] == pytest.approx(3)
    assert (row["pace"], row["history_days"], row["market_ratio"]) == (3000, 28, 1)


def test_an_event_of_several_days_is_told_once_on_its_first():
    assert events(frame(IVE=[*CALM, 4000, 9000, 8000, 5000])) == [("IVE", 28)]


def test_spike_days_a_week_apart_are_one_event_and_later_ones_another():
    assert events(frame(IVE=[*CALM, 4000, *CALM[:6], 4000])) == [("IVE", 28)]
    assert events(frame(IVE=[*CALM, 4000, *CALM[:7], 4000])) == [("IVE", 28), ("IVE", 36)]


@pytest.mark.parametrize(("days", "found"), [(13, 0), (14, 1)])
def test_two_weeks_of_history_are_needed(days: int, found: int):
    assert len(events(frame(IVE=[*CALM[:days], 3000]))) == found


def test_an_artist_too_small_to_matter_raises_no_alarm():
    giant = [10_000_000] * 29
    assert events(frame(BTS=giant, tiny=[2] * 28 + [9000])) == []
    assert events(frame(BTS=giant, small=[2] * 28 + [15_000])) == [("small", 28)]


def test_days_that_nobody_collected_are_shared_out_among_the_gap():
    assert events(frame(IVE=[*CALM, None, None, None, 4000])) == []
    assert events(frame(IVE=[*CALM, None, None, None, 12_000])) == [("IVE", 31)]


def test_what_moves_all_artists_is_no_spike_of_any():
    acts = {f"act{i}": [*CALM, 3500] for i in range(5)}
    assert events(frame(**acts)) == []
    assert events(frame(**acts, own=[*CALM, 12_000])) == [("own", 28)]
    assert events(frame(**{**acts, "act0": [*CALM, 12_000]})) == [("act0", 28)]


def test_videos_of_nobody_are_no_artist():
    assert events(frame(OTHER=[*CALM, 9000])) == []


def test_a_day_is_judged_by_what_came_before_it_alone():
    daily = frame(IVE=[*CALM, 3000, 1000, 1000], BTS=[*CALM, 1000, 1000, 9000])
    whole = score_days(daily)
    for number in range(20, 31):
        cut = daily.filter(pl.col("ingest_date") <= on(number))
        assert score_days(cut).equals(whole.filter(pl.col("ingest_date") <= on(number)))


def test_no_rows_are_no_spikes():
    assert find_spikes(frame()).height == 0
    assert find_spikes(frame(IVE=[0] * 40)).height == 0
    assert find_spikes(frame(IVE=[-5] * 20 + [100] * 20)).height == 0


values = st.lists(st.integers(50_000, 9_000_000), min_size=16, max_size=34)


@settings(deadline=None)
@given(series=st.lists(values, min_size=1, max_size=7), factor=st.integers(2, 1000))
def test_the_unit_of_the_points_changes_nothing(series: list[list[int]], factor: int):
    acts = {f"act{i}": values for i, values in enumerate(series)}
    scaled = {name: [factor * value for value in values] for name, values in acts.items()}
    assert events(frame(**acts)) == events(frame(**scaled))
