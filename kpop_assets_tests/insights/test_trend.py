"""Classes of a trend: each of the nine cases, edges, what is not known, and both forms alike."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.contracts.rules import TREND_CHANGE_EDGE, TREND_EDGE
from kpop_assets.insights.trend import TRENDS, classify_trend, trend_of

UP, DOWN = 0.2, -0.2
known = st.none() | st.floats(-3, 3)


def in_frame(trend: float | None, change: float | None) -> str | None:
    rows = pl.DataFrame({"t": [trend], "c": [change]}, schema={"t": pl.Float64, "c": pl.Float64})
    return rows.select(classify_trend(pl.col("t"), pl.col("c"))).item()


@pytest.mark.parametrize(
    ("trend", "falls", "holds", "gains"),
    [
        (UP, "cooling", "growing", "surging"),
        (0.0, "cooling", "steady", "growing"),
        (DOWN, "shrinking", "shrinking", "shrinking"),
    ],
)
def test_growth_and_its_change_make_five_classes(trend, falls, holds, gains):
    assert [trend_of(trend, change) for change in (DOWN, 0.0, UP)] == [falls, holds, gains]


def test_ten_per_cent_is_the_edge_and_does_not_exceed_itself():
    assert pytest.approx(0.0953, abs=1e-4) == TREND_EDGE
    assert trend_of(TREND_EDGE, TREND_CHANGE_EDGE) == "steady"
    assert trend_of(-TREND_EDGE, -TREND_CHANGE_EDGE) == "steady"


def test_without_a_trend_there_is_no_class_and_without_a_change_growth_decides():
    assert trend_of(None, 1.0) is in_frame(None, 1.0) is None
    assert [trend_of(trend, None) for trend in (UP, 0.0, DOWN)] == [
        "growing",
        "steady",
        "shrinking",
    ]


@given(known, known)
def test_a_frame_says_the_same_and_an_act_below_its_month_never_grows(trend, change):
    found = trend_of(trend, change)
    assert in_frame(trend, change) == found
    assert found is None or found in TRENDS
    if trend is not None and trend < -TREND_EDGE:
        assert found == "shrinking"
