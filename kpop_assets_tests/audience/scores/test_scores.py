"""Scores in the forms that people know, against a plain-Python reading of their formulas."""

import math
import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.audience.scores.metascore import colour, score_critics
from kpop_assets.audience.scores.net_sentiment import against_cohorts, net_sentiment
from kpop_assets.audience.scores.tomatometer import freshness, share_positive
from kpop_assets.audience.scores.weighted_rating import on_ten, rate_subjects, weighted_rating
from kpop_assets.contracts import audience_rules as rules

RATING = st.one_of(st.none(), st.floats(0, 100))
REVIEW = st.fixed_dictionaries(
    {
        "subject_kind": st.sampled_from(["title", "video"]),
        "subject": st.sampled_from(["a", "b"]),
        "author_kind": st.sampled_from(["user", "critic"]),
        "outlet": st.sampled_from([None, "IZM", " izm ", "Somebody's Blog"]),
        "rating_100": RATING,
        "sign": st.sampled_from([None, -1, 0, 1]),
        "is_positive": st.sampled_from([None, True, False]),
        "aspect": st.just("all"),
        "weight": st.one_of(st.just(1.0), st.floats(0.01, 1)),
    }
)
REVIEWS = st.lists(REVIEW, min_size=1, max_size=40)
SCHEMA = {
    **dict.fromkeys(("subject_kind", "subject", "author_kind", "outlet", "aspect"), pl.String),
    **dict.fromkeys(("rating_100", "weight"), pl.Float64),
    "sign": pl.Int64,
    "is_positive": pl.Boolean,
}
OUTLETS = {"izm": 1.5}


def frame_of(reviews: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(reviews, SCHEMA)


def by_subject(frame: pl.DataFrame, *more: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    key = ("subject_kind", "subject", *more)
    return {tuple(row[one] for one in key): row for row in frame.to_dicts()}


def mean(pairs: list[tuple[float, float]]) -> float:
    return math.fsum(v * w for v, w in pairs) / math.fsum(w for _, w in pairs)


@settings(deadline=None)
@given(REVIEWS)
def test_a_weighted_rating_is_imdbs_formula(reviews: list[dict[str, Any]]) -> None:
    found = by_subject(rate_subjects(frame_of(reviews), "weight"))
    rated = [one for one in reviews if one["rating_100"] is not None]
    assert set(found) == {(one["subject_kind"], one["subject"]) for one in rated}
    for (kind, subject), row in found.items():
        of_kind = [one for one in rated if one["subject_kind"] == kind]
        of_it = [one for one in of_kind if one["subject"] == subject]
        usual = mean([(1 + one["rating_100"] * 0.09, one["weight"]) for one in of_kind])
        own = mean([(1 + one["rating_100"] * 0.09, one["weight"]) for one in of_it])
        count, prior = math.fsum(one["weight"] for one in of_it), rules.WEIGHTED_RATING_PRIORS[kind]
        expected = count / (count + prior) * own + prior / (count + prior) * usual
        assert row["value"] == pytest.approx(expected)
        assert row["prior_mean"] == pytest.approx(usual)
        assert row["low"] is None or row["low"] - 1e-9 <= row["value"] <= row["high"] + 1e-9


@given(
    st.floats(1, 10), st.floats(1, 10), st.floats(0.5, 500), st.floats(0, 1e5), st.floats(0, 1e5)
)
def test_a_weighted_rating_nears_its_own_mean_with_every_rating_and_stays_between(
    own: float, usual: float, prior: float, few: float, more: float
) -> None:
    few, more = sorted((few, more))
    near, far = (weighted_rating(own, count, usual, prior) for count in (more, few))
    assert abs(near - own) <= abs(far - own) + 1e-9
    assert min(own, usual) - 1e-9 <= near <= max(own, usual) + 1e-9


@pytest.mark.parametrize(("hundred", "ten"), [(0, 1), (50, 5.5), (100, 10)])
def test_ends_of_a_scale_stay_its_ends(hundred: float, ten: float) -> None:
    assert on_ten(hundred) == ten


@settings(deadline=None)
@given(REVIEWS)
def test_a_tomatometer_is_the_share_of_positive_reviews_of_each_kind_of_author(
    reviews: list[dict[str, Any]],
) -> None:
    found = by_subject(share_positive(frame_of(reviews), "weight"), "author_kind")
    told = [one for one in reviews if one["is_positive"] is not None]
    assert len(found) == len({(o["subject_kind"], o["subject"], o["author_kind"]) for o in told})
    for key, row in found.items():
        of_it = [o for o in told if (o["subject_kind"], o["subject"], o["author_kind"]) == key]
        share = mean([(float(one["is_positive"]), one["weight"]) for one in of_it])
        assert row["value"] == pytest.approx(100 * share)
        assert 0 <= row["low"] <= row["value"] + 1e-6
        assert row["value"] - 1e-6 <= row["high"] <= 100


@pytest.mark.parametrize(
    ("percent", "count", "word"),
    [
        (59.999, 500, "rotten"),
        (60, 1, "fresh"),
        (74.999, 400, "fresh"),
        (75, 39, "fresh"),
        (75, 39.999, "fresh"),
        (75, 40, "certified"),
        (100, 40, "certified"),
        (None, 0, None),
    ],
)
def test_words_of_a_tomatometer_change_at_their_limits(
    percent: float | None, count: float, word: str | None
) -> None:
    assert freshness(percent, count) == word


def test_reviews_that_weigh_little_certify_nothing() -> None:
    one = {"subject_kind": "title", "subject": "a", "author_kind": "user", "is_positive": True}
    bought = frame_of([{**one, "weight": 0.1}] * 60)
    assert share_positive(bought, "weight")["verdict"].to_list() == ["fresh"]
    honest = frame_of([{**one, "weight": 1.0}] * 40)
    assert share_positive(honest, "weight")["verdict"].to_list() == ["certified"]


@settings(deadline=None)
@given(REVIEWS)
def test_a_metascore_is_critics_mean_by_outlet(reviews: list[dict[str, Any]]) -> None:
    found = by_subject(score_critics(frame_of(reviews), "weight", OUTLETS, 0.5))
    critics = [
        one for one in reviews if one["author_kind"] == "critic" and one["rating_100"] is not None
    ]
    assert set(found) == {(one["subject_kind"], one["subject"]) for one in critics}
    for key, row in found.items():
        pairs = [
            (
                one["rating_100"],
                one["weight"] * (1.5 if "izm" in (one["outlet"] or "").lower() else 0.5),
            )
            for one in critics
            if (one["subject_kind"], one["subject"]) == key
        ]
        assert row["value"] == pytest.approx(mean(pairs), abs=1e-6)
        assert row["verdict"] == colour(round(row["value"], 9))


@pytest.mark.parametrize(
    ("score", "word"),
    [
        (100, "green"),
        (61, "green"),
        (60.5, "green"),
        (60.499, "yellow"),
        (40, "yellow"),
        (39.5, "yellow"),
        (39.499, "red"),
        (0, "red"),
        (None, None),
    ],
)
def test_colours_change_at_their_limits(score: float | None, word: str | None) -> None:
    assert colour(score) == word


@settings(deadline=None)
@given(REVIEWS)
def test_net_sentiment_is_positive_less_negative(reviews: list[dict[str, Any]]) -> None:
    found = by_subject(net_sentiment(frame_of(reviews), "weight"))
    for key, row in found.items():
        of_it = [
            one
            for one in reviews
            if (one["subject_kind"], one["subject"]) == key and one["sign"] is not None
        ]
        good, bad, total = (
            math.fsum(one["weight"] for one in of_it if one["sign"] in signs)
            for signs in ((1,), (-1,), (-1, 0, 1))
        )
        assert row["value"] == pytest.approx((good - bad) / total)
        assert -1 <= row["low"] <= row["value"] + 1e-9
        assert row["value"] - 1e-9 <= row["high"] <= 1


@settings(max_examples=30, deadline=None)
@given(REVIEWS, st.randoms(use_true_random=False))
def test_no_score_asks_in_which_order_reviews_came(
    reviews: list[dict[str, Any]], order: random.Random
) -> None:
    again = list(reviews)
    order.shuffle(again)
    for score in (
        rate_subjects,
        share_positive,
        net_sentiment,
        lambda rows, weight: score_critics(rows, weight, OUTLETS, 1.0),
    ):
        one, other = (score(frame_of(rows), "weight") for rows in (reviews, again))
        keys = [
            name
            for name in ("subject_kind", "subject", "author_kind", "aspect")
            if name in one.columns
        ]
        assert one.select(keys).sort(keys).equals(other.select(keys).sort(keys))
        assert one.sort(keys)["value"].to_list() == pytest.approx(
            other.sort(keys)["value"].to_list()
        )


def test_an_act_is_held_against_the_others_of_its_generation_alone() -> None:
    scores = pl.DataFrame(
        {
            "subject_kind": ["act"] * 5 + ["video"],
            "subject": ["a", "b", "c", "d", "e", "v"],
            "aspect": ["all"] * 6,
            "value": [0.5, 0.1, 0.3, -0.9, 0.9, 1.0],
            "weight_sum": [50.0, 50.0, 50.0, 9.0, 50.0, 50.0],
        }
    )
    generations = pl.DataFrame({"artist": list("abcde"), "generation": [4, 4, 4, 4, 5]})
    found = {row["subject"]: row for row in against_cohorts(scores, generations).to_dicts()}
    assert (found["a"]["cohort_value"], found["a"]["cohort_count"]) == (pytest.approx(0.2), 2)
    # Too few reviews to count as one of the others, and yet held against them.
    assert (found["d"]["cohort_value"], found["d"]["cohort_count"]) == (pytest.approx(0.3), 3)
    assert (found["e"]["cohort_value"], found["e"]["cohort_count"]) == (None, 0)
    assert "v" not in found
