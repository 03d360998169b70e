"""The line through a week: against the standard library, its edges, and its classes."""

from __future__ import annotations

import datetime as dt
import statistics

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpop_assets.contracts import rules
from kpop_assets.contracts.lens_forecasts import VIDEO_TRENDS
from kpop_assets.lens.trends import believed_snapshots, fit_trends, growth_class
from kpop_assets_tests.lens.forecast_kit import DAY, noon

SCHEMA = {
    "ingest_date": pl.Date,
    "video_id": pl.String,
    "observed_at": pl.Datetime("us", "UTC"),
    "view_count": pl.Int64,
}


def seen(*observations: tuple[float, int | None], video_id: str = "a") -> pl.DataFrame:
    """Observations as (hours before noon of DAY, views)."""
    rows = []
    for hours, views in observations:
        at = noon(DAY) - dt.timedelta(hours=hours)
        rows.append(((at + dt.timedelta(hours=9)).date(), video_id, at, views))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def line(snapshots: pl.DataFrame) -> dict:
    rows = fit_trends(snapshots, DAY)
    assert set(rows.columns) == set(VIDEO_TRENDS.column_names)
    return rows.to_dicts()[0]


def test_three_observations_on_a_line_are_that_line():
    found = line(seen((48, 100), (24, 124), (0, 148)))
    assert found["slope_per_hour"] == pytest.approx(1)
    assert found["trend_views"] == pytest.approx(148)
    assert found["r_squared"] == pytest.approx(1)
    assert found["growth_class"] == "steady" and found["snapshot_count"] == 3


@pytest.mark.parametrize("few", [[(0, 5)], [(24, 1), (0, 5)], [(0, 5), (0, 5), (0, 5)]])
def test_fewer_than_three_observations_or_one_instant_have_no_line(few):
    found = line(seen(*few))
    lineless = ("slope_per_hour", "trend_views", "r_squared", "growth_class")
    assert [found[name] for name in lineless] == [None] * 4
    assert found["snapshot_count"] == len(few)


def test_a_counter_that_stands_still_lies_on_its_line():
    found = line(seen((48, 7), (24, 7), (0, 7)))
    assert (found["slope_per_hour"], found["r_squared"]) == (0, 1)
    # The classes begin above their edge: what gains nothing is not steady.
    assert found["growth_class"] == "declining"


def test_what_was_seen_more_than_a_week_before_does_not_count():
    old = seen((rules.TREND_HOURS + 0.01, 10**9), (rules.TREND_HOURS, 0), (24, 6), (0, 7))
    assert line(old)["snapshot_count"] == 3


def test_a_video_that_was_not_seen_on_the_day_has_no_row():
    assert fit_trends(seen((48, 1), (47, 2), (46, 3)), DAY).height == 0


def test_hidden_counters_and_days_that_are_not_believed_are_left_out():
    events = seen((72, 5), (48, 9), (24, None), (0, 11))
    daily = events.select("ingest_date", "video_id").with_columns(
        is_glitch=pl.Series([True, None, False, True]),
        gained_days=pl.Series([None, None, None, 1], dtype=pl.Int32),
        launched_at=pl.lit(None, pl.Datetime("us", "UTC")),
    )
    # Of the last day only likes or comments are not believed.
    assert believed_snapshots(events, daily)["view_count"].to_list() == [9, 11]


def test_what_was_seen_before_the_launch_is_left_out():
    events = seen((72, 0), (48, 0), (24, 6), (0, 11))
    daily = events.select("ingest_date", "video_id").with_columns(
        is_glitch=pl.lit(False),
        gained_days=pl.lit(1),
        launched_at=pl.lit(noon(DAY) - dt.timedelta(hours=24)),
    )
    assert believed_snapshots(events, daily)["view_count"].to_list() == [6, 11]


@pytest.mark.parametrize(
    ("slope", "named"),
    [
        *((10_000.1, "viral"), (10_000, "rising"), (1_000.1, "rising"), (1_000, "steady")),
        *((0.1, "steady"), (0, "declining"), (-999.9, "declining"), (-1_000, "fading")),
        (None, None),
    ],
)
def test_each_class_begins_above_its_edge(slope, named):
    rows = pl.DataFrame({"slope": [slope]}, schema={"slope": pl.Float64})
    assert rows.select(growth_class(pl.col("slope"))).item() == named


observations = st.lists(
    st.tuples(st.integers(0, 160), st.integers(0, 10**9)),
    min_size=3,
    max_size=12,
    unique_by=lambda one: one[0],
)


@hypothesis_settings(max_examples=100, deadline=None)
@given(observations, st.randoms())
def test_a_line_is_that_of_the_standard_library_in_any_order(points, random):
    points = [(0, 1000), *((hours + 1, views) for hours, views in points)]
    hours, views = [float(-h) for h, _ in points], [float(v) for _, v in points]
    expected = statistics.linear_regression(hours, views)
    random.shuffle(points)
    found = line(seen(*points))
    scale = max(views)
    assert found["slope_per_hour"] == pytest.approx(expected.slope, abs=1e-6 * scale)
    assert found["trend_views"] == pytest.approx(expected.intercept, abs=1e-6 * scale)
    if len(set(views)) > 1:
        share = statistics.correlation(hours, views) ** 2
        assert found["r_squared"] == pytest.approx(share, abs=1e-6)
