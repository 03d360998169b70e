"""Levers within a tier: what an act did, and whether halves of a tier differ."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from kpop_assets.contracts import rules
from kpop_assets.insights.content_strategy import (
    LEVERS,
    OUTCOMES,
    compare_levers,
    describe_acts,
)

DAY = dt.date(2026, 11, 1)


def on(number: int) -> dt.date:
    """The day that lies so many days before `DAY`."""
    return DAY - dt.timedelta(days=number)


def firsts(*rows: tuple[str, int, str, bool | None, int]) -> pl.DataFrame:
    """Artist, days ago, kind, whether on the own channel, views."""
    return pl.DataFrame(
        [(artist, on(ago), kind, own, views) for artist, ago, kind, own, views in rows],
        {
            "artist": pl.String,
            "first_seen_date": pl.Date,
            "video_kind": pl.String,
            "is_own_channel": pl.Boolean,
            "views_first_7d": pl.Int64,
        },
        orient="row",
    )


def features(**growth: float | None) -> pl.DataFrame:
    """Acts of tier 2 by their growth over 30 days."""
    schema = {"artist": pl.String, "growth_rate_30d": pl.Float64}
    rows = pl.DataFrame(list(growth.items()), schema, orient="row")
    return rows.with_columns(pl.lit(2).alias("tier"))


def test_what_an_act_did_on_its_own_channel_in_the_span():
    videos = firsts(
        ("IVE", 7, "short", True, 10),
        ("IVE", 11, "music_video", True, 900),
        ("IVE", 11, "short", True, 30),
        ("IVE", 55, "short", True, 20),
        ("IVE", 56, "teaser", True, 1),  # before the span
        ("IVE", 10, "stage", False, 7),  # a fan's
        ("IVE", 10, "stage", None, 7),
        ("BTS", 8, "music_video", True, 300),
    )
    found = describe_acts(videos, features(IVE=50.0, BTS=None, izna=-20.0), DAY, 56)
    rows = {row.pop("artist"): row for row in found.to_dicts()}
    assert rows["IVE"] == {
        "tier": 2,
        "new_videos_28d": pytest.approx(4 * 28 / 49),  # of the last 7 days no first week is over
        "shorts_share": 75.0,
        "days_between": 24.0,  # 4 and 44
        "kind_count": 2.0,
        "own_share": 80.0,  # of the five whose channel is known
        "first_weeks": 1.5,  # 10 and 30 over 20 and 900 over 600 late, and 20 over 20 early
        "growth": 1.5,
    }
    assert rows["BTS"]["first_weeks"] is None and rows["BTS"]["growth"] is None
    assert rows["BTS"]["days_between"] is None
    assert rows["izna"]["growth"] == 0.8 and rows["izna"]["new_videos_28d"] == 0


def acts(effect: float, count: int = 80, seed: int = 1) -> pl.DataFrame:
    """Acts of two tiers, of which the upper has ten times of everything.

    Within a tier the outcome of those who publish more is `effect` times that of the others.
    """
    draw = np.random.default_rng(seed)
    tier = np.arange(count) % 2 + 1
    size = np.where(tier == 1, 10.0, 1.0)
    more = (np.arange(count) // 2) % 2
    return pl.DataFrame(
        {
            "artist": [f"act {number}" for number in range(count)],
            "tier": tier,
            **dict.fromkeys(LEVERS, size * (1 + more + draw.random(count) / 2)),
            **dict.fromkeys(OUTCOMES, size * effect**more * np.exp(draw.normal(0, 0.2, count))),
        }
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_only_top_tiers_have_more_of_is_no_effect(outcome: str):
    found = compare_levers(acts(effect=1), outcome)
    assert found["lever"].to_list() == list(LEVERS)
    assert (found["effect_low"] < 1).all() and (found["effect_high"] > 1).all()


def test_what_goes_with_more_within_a_tier_is_found_with_its_size():
    (row, *_) = compare_levers(acts(effect=2), "growth").to_dicts()
    assert row["act_count"] == 80
    assert 1 < row["effect_low"] < 2 < row["effect_high"] < 3
    assert row["effect_ratio"] == pytest.approx(2, rel=0.15)
    assert row["less_median"] < row["more_median"]


def test_too_few_acts_in_a_half_say_nothing_but_their_number():
    fewest = rules.FEWEST_IN_HALF
    few = compare_levers(acts(effect=2, count=2 * fewest - 4), "growth").row(0, named=True)
    assert few["act_count"] == 2 * fewest - 4
    assert {few[name] for name in few if name not in ("lever", "act_count")} == {None}
    assert compare_levers(acts(effect=2, count=0), "growth")["act_count"].to_list() == [0] * 5


def test_unknown_values_and_outcomes_of_nothing_are_left_out():
    known = acts(effect=2, count=40)
    odd = known.head(4).with_columns(growth=pl.Series([0.0, None, -0.5, 1.0]))
    odd = odd.with_columns(kind_count=pl.Series([1.0, 1.0, 1.0, None]))
    counts = compare_levers(pl.concat([known, odd]), "growth")
    of_kinds = counts.filter(lever="kind_count").item(0, "act_count")
    assert of_kinds == compare_levers(known, "growth").item(0, "act_count")
