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
    "age_band": pl.String,
    "views_per_hour_basis": pl.String,
}
_OUTLIERS = {
    "video_id": pl.String,
    "outlier_score": pl.Float64,
    "is_above": pl.Boolean,
    "z_views_per_hour": pl.Float64,
    "z_engagement": pl.Float64,
}
Video = dict[str, Any]


def video(views: int | None, **more: Any) -> Video:
    """A video whose rate was compared, and which lies above the others."""
    compared = {"z_views_per_hour": 1.0, "is_above": True}
    return {"view_count": views, "outlier_score": None, **compared, **more}


def score(videos: list[Video]) -> list[dict[str, Any]]:
    rows = [{"video_id": f"{i:03}", "artist": "BTS", **one} for i, one in enumerate(videos)]
    metrics = pl.DataFrame(rows, schema=_METRICS)
    outliers = pl.DataFrame(rows, schema=_OUTLIERS)
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
        "outlier": one["outlier_score"] if one["is_above"] else 0,
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
    age_hours=st.floats(0, 1e5) | st.none(),
    outlier_score=st.floats(0, 50),
    is_above=st.booleans(),
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


def test_a_video_that_is_still_to_come_has_no_score():
    assert len(score([video(0, age_hours=-96.0), video(0, age_hours=0.0), video(0)])) == 2


def test_what_lies_far_below_the_others_has_no_part_of_outliers():
    dead, risen = score([video(0, outlier_score=9.0, is_above=up) for up in (False, True)])
    assert (dead["part_outlier"], risen["part_outlier"]) == (0, 100)
    assert (dead["score"], dead["known_weight_pct"]) == (0, pytest.approx(35))


@pytest.mark.parametrize(
    ("rate", "engagement", "others", "is_known"),
    [
        (0.0, None, (1.0, None), True),
        (None, 0.0, (None, 1.0), True),
        (None, None, (1.0, 1.0), False),
        # All distances 0: fewer than three, or all equal.
        (0.0, 0.0, (0.0, 0.0), False),
        # Only what a video has itself is compared.
        (0.0, None, (0.0, 1.0), False),
    ],
)
def test_what_could_not_be_compared_has_no_known_part_of_outliers(
    rate: float | None,
    engagement: float | None,
    others: tuple[float | None, float | None],
    is_known: bool,
):
    z = {"z_views_per_hour": rate, "z_engagement": engagement}
    other = {"z_views_per_hour": others[0], "z_engagement": others[1]}
    found = score([video(5, outlier_score=1.0, **z), video(5, outlier_score=1.0, **other)])[0]
    assert (found["part_outlier"] is not None) == is_known
    assert found["known_weight_pct"] == pytest.approx(35 if is_known else 25)


def test_scales_of_another_age_or_basis_are_none_of_a_video_s():
    one = video(5, outlier_score=1.0, z_views_per_hour=0.0, age_band="0-1d")
    old = video(5, outlier_score=1.0, age_band="1-3d")
    lived = video(5, outlier_score=1.0, age_band="0-1d", views_per_hour_basis="lifetime")
    assert score([one, old, lived])[0]["part_outlier"] is None


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
