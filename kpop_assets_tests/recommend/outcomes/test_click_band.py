"""The band of clicks: what leaves it, and what is chance."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from kpop_assets.recommend.outcomes.click_band import judge_clicks

DAY = dt.date(2026, 4, 1)


def days(*clicks: int | None, shown: int = 10_000) -> pl.DataFrame:
    """Days up to `DAY`, one each."""
    first = DAY - dt.timedelta(days=len(clicks) - 1)
    dates = [first + dt.timedelta(days=n) for n in range(len(clicks))]
    return pl.DataFrame(
        {"ingest_date": dates, "shown_count": shown, "clicked_count": clicks},
        schema_overrides={"clicked_count": pl.Int64},
    )


def test_a_day_far_from_those_before_it_is_outside_and_one_between_them_is_not():
    usual = [500, 520, 480, 510, 490, 505, 495, 515]
    fallen = judge_clicks(days(*usual, 300), DAY)
    assert fallen and fallen.is_outside and fallen.clicked_pct == 3.0
    assert fallen.low_pct < 5 < fallen.high_pct
    same = judge_clicks(days(*usual, 530), DAY)
    assert same and not same.is_outside
    risen = judge_clicks(days(*usual, 900), DAY)
    assert risen and risen.is_outside


def test_the_middle_is_not_moved_by_one_odd_day_before():
    usual = [500, 520, 480, 510, 9_000, 505, 495, 515]
    found = judge_clicks(days(*usual, 300), DAY)
    assert found and found.is_outside


def test_only_days_whose_clicks_are_all_in_are_judged():
    usual = [500] * 10
    found = judge_clicks(days(*usual, 20), DAY - dt.timedelta(days=1))
    assert found and found.day == DAY - dt.timedelta(days=1) and not found.is_outside
    unknown = judge_clicks(days(*usual, None), DAY)
    assert unknown and unknown.day == DAY - dt.timedelta(days=1)


@pytest.mark.parametrize(("count", "shown"), [(7, 10_000), (20, 499)])
def test_of_too_few_days_or_works_nothing_is_said(count: int, shown: int):
    assert judge_clicks(days(*[5] * count, shown=shown), DAY) is None
    assert judge_clicks(days(*[5] * 8), DAY) is not None


def test_days_that_differ_by_chance_alone_stay_inside():
    draw = np.random.default_rng(11)
    outside = 0
    for _ in range(1_000):
        clicks = draw.binomial(2_000, 0.05, 29).tolist()
        found = judge_clicks(days(*clicks, shown=2_000), DAY)
        outside += found is not None and found.is_outside
    assert outside <= 3


@pytest.mark.parametrize(("shown", "share"), [(1_000, 0.02), (2_000, 0.01), (5_000, 0.03)])
def test_clicks_that_end_are_news_however_days_differ(shown: int, share: float):
    draw = np.random.default_rng(1)
    shares = np.clip(draw.normal(share, share / 4, 28), 0.001, 1)
    found = judge_clicks(days(*draw.binomial(shown, shares).tolist(), 0, shown=shown), DAY)
    assert found and found.is_outside and found.low_pct > 0


def test_days_of_which_each_is_unlike_the_one_before_do_not_hide_that_clicks_end():
    found = judge_clicks(days(*[10, 200, 30, 150, 90, 15, 220, 60], 0, shown=2_000), DAY)
    assert found and found.is_outside and found.low_pct > 0
    some = judge_clicks(days(*[10, 200, 30, 150, 90, 15, 220, 60], 5, shown=2_000), DAY)
    assert some and not some.is_outside


@pytest.mark.parametrize("share", [0.0005, 0.002, 0.01])
def test_where_clicks_are_few_none_and_some_are_chance(share: float):
    draw = np.random.default_rng(5)
    outside = 0
    for _ in range(1_000):
        found = judge_clicks(days(*draw.binomial(500, share, 29).tolist(), shown=500), DAY)
        outside += found is not None and found.is_outside
    assert outside <= 3


def test_the_first_click_of_weeks_without_any_is_no_news_and_many_are():
    first = judge_clicks(days(*[0] * 10, 1, shown=500), DAY)
    assert first and not first.is_outside
    many = judge_clicks(days(*[0] * 10, 50, shown=500), DAY)
    assert many and many.is_outside


def test_weekends_on_which_more_is_clicked_are_no_news_and_weekdays_like_them_are():
    monday, clicks = DAY - dt.timedelta(days=30), [500, 510, 490, 505, 495, 900, 910] * 5
    dates = [monday + dt.timedelta(days=n) for n in range(35)]
    weeks = pl.DataFrame({"ingest_date": dates, "shown_count": 10_000, "clicked_count": clicks})
    judged = [judge_clicks(weeks, day) for day in dates[14:]]
    assert [one.is_outside for one in judged if one] == [False] * 21
    as_weekend = pl.when(pl.col("ingest_date") == DAY).then(900).otherwise("clicked_count")
    odd = judge_clicks(weeks.with_columns(as_weekend.alias("clicked_count")), DAY)
    assert odd and odd.day == DAY and odd.is_outside
    # A home's second weekend has one before it: too few.
    second = judge_clicks(weeks, dates[12])
    assert second is None
