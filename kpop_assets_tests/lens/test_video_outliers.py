"""Which videos stand out: against plain Python, and what must hold of any values."""

from __future__ import annotations

import statistics
from math import log1p
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.lens.scales import robust_sigmas
from kpop_assets.lens.video_outliers import READ_COLUMNS, find_outliers

_SCHEMA = {
    "video_id": pl.String,
    "artist": pl.String,
    "age_band": pl.String,
    "age_hours": pl.Float64,
    "view_count": pl.Int64,
    "views_per_hour": pl.Float64,
    "views_per_hour_basis": pl.String,
    "engagement_rate_pct": pl.Float64,
    "views_per_subscriber": pl.Float64,
}
Row = dict[str, Any]
COMMON: Row = {"artist": "BTS", "age_band": "0-1d", "views_per_hour_basis": "pair"}


def find(rows: list[Row]) -> list[Row]:
    full = [{**COMMON, "video_id": f"{i:03}", **r} for i, r in enumerate(rows)]
    found = find_outliers(pl.DataFrame(full, schema=_SCHEMA)).sort("video_id")
    return found.select(set(VIDEO_OUTLIERS.column_names) - {"ingest_date"}).to_dicts()


def z(value: float | None, others: list[float | None]) -> float | None:
    """(x - median) / (1.4826 MAD), in plain Python."""
    known = [x for x in others if x is not None]
    if value is None:
        return None
    median = statistics.median(known)
    mad = statistics.median([abs(x - median) for x in known])
    return 0.0 if len(known) < 3 or mad == 0 else (value - median) / (1.4826 * mad)


def logged(values: list[float | None]) -> list[float | None]:
    return [None if x is None else log1p(max(x, 0)) for x in values]


row = st.fixed_dictionaries(
    {
        "view_count": st.integers(0, 10**8),
        "views_per_hour": st.integers(-100, 10**6).map(float) | st.none(),
        "engagement_rate_pct": st.integers(0, 300).map(lambda n: n / 10) | st.none(),
        "age_band": st.sampled_from(["0-1d", "unknown"]),
        "views_per_hour_basis": st.sampled_from(["pair", "lifetime"]),
    }
)
PARTS = {"views_per_hour": 0.4, "view_count": 0.3, "engagement_rate_pct": 0.3}
NAMES = {
    "views_per_hour": "views_per_hour",
    "view_count": "views",
    "engagement_rate_pct": "engagement",
}


@settings(max_examples=40, deadline=None)
@given(st.lists(row, min_size=1, max_size=12))
def test_distances_are_those_of_the_formula(rows: list[Row]):
    for i, found in enumerate(find(rows)):
        like = [r for r in rows if r["age_band"] == rows[i]["age_band"]]
        total = raw_total = 0.0
        for column, weight in PARTS.items():
            name, basis = NAMES[column], "views_per_hour_basis"
            near = [r for r in like if name != "views_per_hour" or r[basis] == rows[i][basis]]
            banded = z(logged([rows[i][column]])[0], logged([r[column] for r in near]))
            raw = z(rows[i][column], [r[column] for r in rows])
            assert found[f"z_{name}"] == pytest.approx(banded)
            assert found[f"raw_z_{name}"] == pytest.approx(raw)
            total += weight * abs(banded or 0)
            raw_total += weight * abs(raw or 0)
        assert found["outlier_score"] == pytest.approx(total)
        assert found["raw_outlier_score"] == pytest.approx(raw_total)
        assert found["is_outlier"] == (found["outlier_score"] > 2)
        assert found["is_raw_outlier"] == (found["raw_outlier_score"] > 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(row, min_size=1, max_size=12), st.integers(2, 1000))
def test_raw_distances_do_not_depend_on_the_unit(rows: list[Row], factor: int):
    scaled = [{**r, "view_count": r["view_count"] * factor} for r in rows]
    for one, other in zip(find(rows), find(scaled), strict=True):
        assert one["raw_z_views"] == pytest.approx(other["raw_z_views"])


@settings(max_examples=40, deadline=None)
@given(row, st.integers(1, 9))
def test_one_video_or_many_equal_ones_do_not_stand_out(one: Row, count: int):
    assert {found["outlier_score"] for found in find([one] * count)} == {0}


def test_by_raw_values_large_videos_stand_out_and_by_logarithms_what_differs_from_its_like():
    """Views of a day are as good as log-normal: powers of ten."""
    views = [10 ** (k / 10) for k in range(20, 71)]
    rows = [{"view_count": int(n), "views_per_hour": n / 50} for n in views]
    found = find([*rows, {"view_count": 10**11, "views_per_hour": 1e10}])
    assert sum(one["is_raw_outlier"] for one in found) > 10
    assert [i for i, one in enumerate(found) if one["is_outlier"]] == [51]


def test_a_video_of_another_age_is_no_measure():
    young = [{"view_count": n, "views_per_hour": float(n)} for n in (90, 100, 110, 120, 10**6)]
    old = [{**r, "age_band": "180d+", "view_count": 10**7 + r["view_count"]} for r in young[:4]]
    found = find([*young, *old])
    assert [one["is_outlier"] for one in found] == [False] * 4 + [True] + [False] * 4


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"views_per_hour": 50_001.0, "engagement_rate_pct": 11.0}, "views_per_hour"),
        ({"engagement_rate_pct": 10.1, "views_per_subscriber": 6.0}, "engagement"),
        ({"views_per_subscriber": 5.1, "engagement_rate_pct": 10.0}, "views_per_subscriber"),
        ({"views_per_subscriber": 5.0}, "combination"),
        ({"views_per_hour": 50_000.0}, "combination"),
    ],
)
def test_the_reason_is_the_first_that_holds(more: Row, reason: str):
    calm = [{"view_count": n, "views_per_hour": float(n)} for n in (90, 100, 110, 120, 130)]
    loud = {"view_count": 10**9, "views_per_hour": 40_000.0, **more}
    found = find([*calm, loud])
    assert [one["reason"] for one in found] == [*[None] * 5, reason]
    assert found[-1]["is_above"]


def test_what_lies_far_below_stands_out_and_is_not_above():
    rows = [{"view_count": 1000 + n, "views_per_hour": 1000.0 + n} for n in range(5)]
    low = find([*rows, {"view_count": 1, "views_per_hour": 0.0}])[-1]
    assert (low["is_outlier"], low["is_above"]) == (True, False)


def test_what_is_still_to_come_is_not_compared():
    rows = [{"view_count": n, "views_per_hour": float(n)} for n in (90, 100, 110, 120)]
    to_come = {"view_count": 0, "age_hours": -96.0}
    assert [one["video_id"] for one in find([*rows, to_come])] == ["000", "001", "002", "003"]


def test_a_mean_of_a_life_is_no_measure_of_rates_between_observations():
    """Rates over lives are a hundred times those of now."""
    now = [{"view_count": 1000, "views_per_hour": float(n)} for n in (9, 10, 11, 12)]
    basis = {"views_per_hour_basis": "lifetime"}
    lives = [{**r, "views_per_hour": 100 * r["views_per_hour"], **basis} for r in now]
    assert {one["is_outlier"] for one in find([*now, *lives])} == {False}


def test_a_video_of_which_no_views_are_known_has_no_row():
    assert find([{"view_count": None, "views_per_hour": 5.0}]) == []


def test_groups_are_compared_within_themselves():
    rows = pl.DataFrame({"g": list("aaabbb"), "x": [1.0, 2, 3, 10, 20, 30]})
    found = rows.select(robust_sigmas(pl.col("x"), "g")).to_series().to_list()
    one = 1 / 1.4826
    assert found == pytest.approx([-one, 0, one] * 2)


def test_the_columns_that_are_read_are_all_that_is_needed():
    assert set(READ_COLUMNS) == set(_SCHEMA)
