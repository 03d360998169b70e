"""The score of a video against a second way to compute it, and what must hold of any."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.lens_videos import PARTS, VIDEO_SCORES
from kpop_assets.lens.scores import score_of, score_videos

WEIGHTS = {
    "views": (0.25, 1e7),
    "views_per_hour": (0.20, 1e5),
    "gain_24h": (0.15, 1e6),
    "engagement": (0.15, 10),
    "views_per_subscriber": (0.10, 10),
    "outlier": (0.10, 3),
    "freshness": (0.05, 1),
}
_METRICS = {
    "video_id": pl.String,
    "artist": pl.String,
    "view_count": pl.Int64,
    "views_per_hour": pl.Float64,
    "gain_24h": pl.Float64,
    "engagement_rate_pct": pl.Float64,
    "views_per_subscriber": pl.Float64,
    "age_hours": pl.Float64,
}
Video = dict[str, Any]


def video(views: int | None, **more: Any) -> Video:
    return {"view_count": views, "outlier_score": None, **more}


def score(videos: list[Video]) -> list[dict[str, Any]]:
    rows = [{"video_id": f"{i:03}", "artist": "BTS", **one} for i, one in enumerate(videos)]
    metrics = pl.DataFrame(rows, schema=_METRICS)
    schema = {"video_id": pl.String, "outlier_score": pl.Float64}
    outliers = pl.DataFrame(rows, schema=schema)
    found = score_videos(metrics, outliers).sort("video_id")
    return found.select(set(VIDEO_SCORES.column_names) - {"ingest_date"}).to_dicts()


def oracle(one: Video) -> tuple[float, float]:
    """Score and known weight as the text of the formula says it, in plain Python."""
    age = one.get("age_hours")
    values = {
        "views": one["view_count"],
        "views_per_hour": one.get("views_per_hour"),
        "gain_24h": one.get("gain_24h"),
        "engagement": one.get("engagement_rate_pct"),
        "views_per_subscriber": one.get("views_per_subscriber"),
        "outlier": one["outlier_score"],
        "freshness": None if age is None else min(1, max(0, 1 - age / 168)),
    }
    total = known = 0.0
    for name, (weight, most) in WEIGHTS.items():
        if (value := values[name]) is not None:
            total += weight * max(0, min(100, value / most * 100))
            known += weight
    return total / known, 100 * known


number = st.floats(-1e5, 3e6) | st.none()
videos = st.builds(
    video,
    st.integers(0, 10**9),
    views_per_hour=number,
    gain_24h=number,
    engagement_rate_pct=st.floats(0, 60) | st.none(),
    views_per_subscriber=st.floats(0, 100) | st.none(),
    age_hours=st.floats(-50, 1e5) | st.none(),
    outlier_score=st.floats(0, 50) | st.none(),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(videos, min_size=1, max_size=8))
def test_the_score_is_that_of_the_formula_and_in_its_range(given_: list[Video]):
    for one, found in zip(given_, score(given_), strict=True):
        expected, known = oracle(one)
        assert found["score"] == pytest.approx(expected)
        assert found["known_weight_pct"] == pytest.approx(known)
        assert 0 <= found["score"] <= 100 and 0 < found["percentile_score"] < 100


@settings(max_examples=40, deadline=None)
@given(st.lists(videos, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_videos_changes_nothing(given_: list[Video], random: Any):
    order = list(range(len(given_)))
    random.shuffle(order)
    found, mixed = score(given_), score([given_[i] for i in order])
    for name in ("score", "percentile_score"):
        assert [mixed[order.index(i)][name] for i in order] == [found[i][name] for i in order]


def test_weights_maxima_and_parts_are_those_of_the_formula():
    assert {n: (w, lens_rules.SCORE_MAXIMA[n]) for n, w in lens_rules.SCORE_WEIGHTS.items()} == (
        WEIGHTS
    )
    assert sum(lens_rules.SCORE_WEIGHTS.values()) == pytest.approx(1)
    assert list(PARTS) == list(WEIGHTS)


def test_every_part_full_is_100_and_every_part_empty_0():
    full = video(
        10**7,
        views_per_hour=1e5,
        gain_24h=1e6,
        engagement_rate_pct=10.0,
        views_per_subscriber=10.0,
        outlier_score=3.0,
        age_hours=0.0,
    )
    empty = dict.fromkeys(full, 0) | {"age_hours": 168.0}
    assert [one["score"] for one in score([full, empty])] == pytest.approx([100, 0])


def test_a_video_of_which_no_views_are_known_has_no_score():
    assert score([video(None, age_hours=1.0)]) == []


def test_alone_or_among_equals_a_video_is_in_the_middle():
    assert score([video(5)])[0]["percentile_score"] == 50
    assert {one["percentile_score"] for one in score([video(5)] * 4)} == {50}


def test_places_do_not_depend_on_the_unit():
    few = [video(n, views_per_hour=float(n)) for n in (1, 5, 7)]
    many = [video(1000 * n, views_per_hour=1000.0 * n) for n in (1, 5, 7)]
    places = [[one["percentile_score"] for one in score(given_)] for given_ in (few, many)]
    assert places[0] == places[1] == pytest.approx([100 / 6, 50, 500 / 6])


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"views": 1.0}, 10.0),
        ({"views": 1.0, "outlier": 3.0}, 25.0),
        ({"views": 2.0, "engagement": 5.0}, 10.0),
        ({"engagement": 1.0}, None),
        ({"views": 0.0}, None),
    ],
)
def test_weights_of_anybodys_are_taken_of_the_parts_that_are_known(
    weights: dict[str, float], expected: float | None
):
    parts = {"part_views": 10.0, "part_outlier": 30.0, "part_engagement": None}
    schema = dict.fromkeys(parts, pl.Float64)
    assert pl.DataFrame([parts], schema=schema).select(score_of(weights)).item() == expected
