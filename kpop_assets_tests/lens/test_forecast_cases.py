"""What came of a day: by hand; who is learned from, and up to when."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from kpop_assets.contracts import rules
from kpop_assets.lens.forecast_cases import (
    band_shares,
    fit_day,
    near_horizon,
    pair_cases,
    sample_videos,
)
from kpop_assets_tests.lens.forecast_kit import DAY, frame, noon, video


def test_a_case_has_the_hours_between_two_days_and_the_mean_rate():
    later = noon(DAY) + dt.timedelta(hours=30)
    cases = pair_cases(frame(video(), video(day=1, views=1300, observed_at=later)))
    assert cases.select("outcome_date", "elapsed_hours", "mean_rate").rows() == [
        (DAY + dt.timedelta(days=1), 30.0, 10.0)
    ]
    assert cases["view_count"].to_list() == [1000]


def test_a_counter_that_was_corrected_downwards_gained_nothing():
    assert pair_cases(frame(video(), video(day=1, views=900)))["mean_rate"].to_list() == [0]


def test_stretches_of_less_than_half_a_day_are_no_cases():
    later = noon(DAY) + dt.timedelta(hours=11)
    assert pair_cases(frame(video(), video(day=1, observed_at=later))).height == 0


def test_another_video_is_no_outcome():
    assert pair_cases(frame(video("a"), video("b", day=1))).height == 0


@pytest.mark.parametrize(("off", "is_near"), [(6, True), (-6, True), (6.1, False), (-6.1, False)])
def test_an_outcome_of_a_horizon_is_a_quarter_off_at_most(off, is_near):
    later = noon(DAY) + dt.timedelta(hours=24 + off)
    cases = pair_cases(frame(video(), video(day=1, observed_at=later)))
    assert near_horizon(cases, 24).height == is_near


def test_of_two_outcomes_the_nearer_tells_what_came():
    early, late = noon(DAY) + dt.timedelta(hours=20), noon(DAY) + dt.timedelta(hours=26)
    second = video(day=2, views=1260, observed_at=late)
    cases = pair_cases(frame(video(), video(day=1, views=1100, observed_at=early), second))
    of_day = near_horizon(cases, 24).filter(pl.col("ingest_date") == DAY)
    assert of_day["mean_rate"].to_list() == [10]


# 2026-03-01 is a Sunday.
SUNDAY = DAY - dt.timedelta(days=1)


def test_methods_have_learned_up_to_the_last_sunday_if_that_was_enough():
    seen = {SUNDAY - dt.timedelta(days=n) for n in range(rules.FORECAST_FIT_LEAST_DAYS)}
    for day in range(7):
        assert fit_day(SUNDAY + dt.timedelta(days=day), seen) == SUNDAY
    assert fit_day(DAY, seen - {SUNDAY}) == DAY
    # What came after the Sunday is no reason to learn up to it.
    assert fit_day(DAY, seen - {SUNDAY} | {DAY}) == DAY


def test_no_row_is_learned_from_that_lies_further_back_than_the_contract_says():
    first = SUNDAY - dt.timedelta(days=rules.FORECAST_FIT_DAYS - 1)
    saturday = SUNDAY + dt.timedelta(days=6)
    assert (saturday - first).days == rules.FORECAST_LOOK_BACK_DAYS


def test_a_sample_has_the_same_videos_on_every_day_and_more_hold_fewer():
    rows = frame(*(video(f"v{n}", day) for n in range(400) for day in range(2)))
    some, few = (sample_videos(rows, {"1-3d": share}) for share in (0.5, 0.1))
    assert few < some == sample_videos(rows.reverse(), {"1-3d": 0.5})
    assert 150 < len(some) < 250
    assert len(sample_videos(rows, {"1-3d": 1})) == 400


def test_a_video_that_is_taken_in_one_band_is_taken_with_all_of_its_days():
    rows = frame(*(video(f"v{n}", age_band=band) for n in range(50) for band in ("0-1d", "1-3d")))
    assert len(sample_videos(rows, {"0-1d": 1, "1-3d": 0})) == 50


@pytest.mark.parametrize(
    ("counts", "taken"),
    [
        ({"0-1d": 10, "1-3d": 20}, {"0-1d": 10, "1-3d": 20}),
        # The old ones take what the young ones leave.
        ({"0-1d": 10, "1-3d": 400, "180d+": 9000}, {"0-1d": 10, "1-3d": 45, "180d+": 45}),
        ({"180d+": 9000}, {"180d+": 100}),
        ({}, {}),
    ],
)
def test_each_age_has_the_same_part_of_what_is_learned_from(counts: dict, taken: dict):
    shares = band_shares(counts, 100)
    assert {band: round(share * counts[band]) for band, share in shares.items()} == taken
