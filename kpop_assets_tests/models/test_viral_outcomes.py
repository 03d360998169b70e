"""Who became viral: literal weeks, what is not known, and that no later day moves a bar."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kpop_assets.contracts import rules
from kpop_assets.models.viral_outcomes import READ_COLUMNS, judge_weeks

DAY = dt.date(2025, 6, 1)
WEEK = rules.HORIZON_DAYS
# The first forecast day whose tier of steady acts has a bar: 100 outcomes of 10 acts a day.
FIRST = WEEK + 9
ACTS = tuple(f"act {number}" for number in range(10))


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def row(day: int, artist: str, **known: Any) -> dict[str, Any]:
    """A steady act of the last tier: 100 points a day, for weeks."""
    paces = {"pace_3d": 100.0, "pace_7d": 100.0, "pace_28d": 100.0, "nowcast_7d": 0.2}
    key = {"ingest_date": pd.Timestamp(on(day)), "artist": artist, "tier": 4}
    return {**key, **paces, "fresh_days_7d": 7, **known}


def steady(days: range) -> list[dict[str, Any]]:
    return [row(day, artist) for day in days for artist in ACTS]


def judged(rows: list[dict[str, Any]], start: int = 0) -> dict[tuple[str, int], dict[str, Any]]:
    """Outcomes by artist and number of the target day, None for null."""
    inputs = pd.DataFrame(rows).sort_values(["ingest_date", "artist"], ignore_index=True)
    found = judge_weeks(inputs[list(READ_COLUMNS)], on(start))
    cells = found.astype(object).where(found.notna(), None).to_dict("records")
    return {(r["artist"], (r["ingest_date"].date() - DAY).days): r for r in cells}


def week(before: dict[str, Any], after: dict[str, Any] | None) -> dict[str, Any]:
    """What became of one act among steady ones; `after` None is an act without a row."""
    rows = steady(range(FIRST + WEEK + 1))
    rows.append(row(FIRST, "IVE", **before))
    if after is not None:
        rows.append(row(FIRST + WEEK, "IVE", **after))
    return judged(rows)["IVE", FIRST + WEEK]


def test_who_multiplies_beyond_the_bar_of_its_tier_is_viral():
    found = week({}, {"pace_7d": 300.0, "nowcast_7d": 0.7})
    # The unit is a twentieth of the day's typical pace.
    assert found["multiple"] == pytest.approx(math.log(305 / 105))
    assert found["multiple_bar"] == 0
    assert (found["tier_before"], found["has_multiplied"], found["has_reached"]) == (4, True, False)
    assert found["is_viral"] is True


def test_who_comes_to_pace_like_the_top_two_tiers_from_below_is_viral():
    found = week({"nowcast_7d": 0.6}, {"pace_7d": 101.0, "nowcast_7d": 0.75})
    assert (found["has_reached"], found["is_viral"]) == (True, True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"tier": 2}, {"nowcast_7d": 0.9, "pace_7d": 101.0}, id="was in them"),
        pytest.param({"nowcast_7d": 0.8}, {"nowcast_7d": 0.9, "pace_7d": 101.0}, id="paced so"),
        pytest.param({}, {"nowcast_7d": 0.74, "pace_7d": 101.0}, id="just below"),
        pytest.param({}, {"nowcast_7d": 0.9, "pace_7d": 99.0}, id="shrank, and others more"),
    ],
)
def test_who_was_there_or_did_not_grow_has_not_reached_them(before, after):
    assert week(before, after)["has_reached"] is False


def test_who_shrinks_is_not_viral_however_low_the_bar():
    """All others of its tier fell to a tenth: to fall by 5 % exceeds the bar."""
    rows = steady(range(FIRST + WEEK + 1))
    for one in rows:
        one["pace_7d"] = 10.0
    rows += [row(FIRST, "IVE"), row(FIRST + WEEK, "IVE", pace_7d=95.0)]
    found = judged(rows)["IVE", FIRST + WEEK]
    assert found["multiple_bar"] < found["multiple"] < 0
    assert (found["has_multiplied"], found["is_viral"]) == (False, False)


def test_an_act_without_a_row_on_a_day_that_was_seen_came_to_nothing():
    found = week({}, None)
    assert found["multiple"] == pytest.approx(math.log(5 / 105))
    assert (found["has_reached"], found["is_viral"]) == (False, False)


def test_a_day_that_nobody_saw_has_no_outcome_and_a_newcomer_none_before_a_week():
    rows = [r for r in steady(range(12)) if r["ingest_date"] != pd.Timestamp(on(8))]
    rows.append(row(9, "IVE"))
    found = judged(rows)
    assert {day for _, day in found} == {7, 9, 10, 11}
    assert not any(artist == "IVE" for artist, _ in found)


def test_an_act_of_small_paces_needs_more_than_a_few_points():
    """From 1 to 4 points a day where 100 are usual: with the unit that is half as much again."""
    found = week({"pace_28d": 1.0, "pace_3d": 1.0}, {"pace_7d": 4.0})
    assert found["multiple"] == pytest.approx(math.log(9 / 6))


JUDGED = ("multiple", "has_reached", "has_multiplied", "is_viral")


def test_an_act_without_a_month_of_its_own_is_not_judged():
    found = week({"pace_28d": np.nan, "nowcast_7d": 0.6}, {"pace_7d": 900.0, "nowcast_7d": 0.9})
    assert [found[name] for name in JUDGED] == [None] * 4


def reported(fresh_days: Any) -> dict[tuple[str, int], dict[str, Any]]:
    """Outcomes where IVE triples in a week of so many fresh days, and BTS has no row after it."""
    rows = [*steady(range(FIRST + WEEK + 2)), row(FIRST, "IVE"), row(FIRST, "BTS")]
    rows.append(row(FIRST + WEEK, "IVE", pace_7d=300.0, nowcast_7d=0.9))
    for one in rows:
        if one["ingest_date"] == pd.Timestamp(on(FIRST + WEEK)):
            one["fresh_days_7d"] = fresh_days
    return judged(rows)


@pytest.mark.parametrize("fresh_days", [0, 4, None])
def test_a_week_that_the_source_did_not_report_is_not_judged(fresh_days: Any):
    found = reported(fresh_days)
    for artist in ("IVE", "BTS", *ACTS):
        one = found[artist, FIRST + WEEK]
        assert [one[name] for name in JUDGED] == [None] * 4, artist
    assert found["act 0", FIRST + WEEK + 1]["is_viral"] is False, "the day after is judged"


def test_a_week_of_five_fresh_days_is_judged():
    found = reported(5)
    assert found["IVE", FIRST + WEEK]["is_viral"] is True
    assert found["BTS", FIRST + WEEK]["is_viral"] is False


def test_a_week_that_is_not_judged_sets_no_bar():
    """Of the weeks up to the forecast one had too few days, and 100 outcomes are 90."""
    rows = steady(range(FIRST + WEEK + 1))
    unreported = pd.Timestamp(on(WEEK))
    less = [r | {"fresh_days_7d": 4} if r["ingest_date"] == unreported else r for r in rows]
    target = ("act 0", FIRST + WEEK)
    assert (judged(rows)[target]["multiple_bar"], judged(less)[target]["multiple_bar"]) == (0, None)


def test_too_few_outcomes_of_a_tier_set_no_bar():
    rows = steady(range(FIRST + WEEK + 1))
    last, before = judged(rows)["act 0", FIRST + WEEK], judged(rows)["act 0", FIRST + WEEK - 1]
    assert (last["multiple_bar"], last["is_viral"]) == (0, False)
    assert (before["multiple_bar"], before["has_multiplied"], before["is_viral"]) == (None,) * 3
    assert week({"tier": 1}, {"pace_7d": 900.0})["is_viral"] is None, "nobody else is in tier 1"


def walk(days: int, seed: int = 3) -> list[dict[str, Any]]:
    """Acts of two tiers whose paces wander."""
    rng = np.random.default_rng(seed)
    paces = np.exp(np.cumsum(rng.normal(0, 0.2, (days, len(ACTS))), axis=0)) * 100
    return [
        row(
            day,
            artist,
            tier=3 + number % 2,
            pace_3d=float(paces[day, number]),
            pace_7d=float(paces[day, number]),
            pace_28d=float(paces[max(0, day - 28) : day + 1, number].mean()),
            nowcast_7d=float((paces[day] < paces[day, number]).mean()),
        )
        for day in range(days)
        for number, artist in enumerate(ACTS)
    ]


def test_a_bar_is_the_quantile_of_what_was_known_on_the_forecast_day():
    rows, target = walk(160), 150
    found = judged(rows)
    known = [
        r["multiple"]
        for (_, day), r in found.items()
        if r["tier_before"] == 3 and target - WEEK - 90 < day <= target - WEEK
    ]
    assert len(known) == 90 * 5
    of_tier = [r for (_, d), r in found.items() if d == target and r["tier_before"] == 3]
    expected = pytest.approx(float(np.quantile(known, 0.95)))
    assert [r["multiple_bar"] for r in of_tier] == [expected] * 5


def test_no_later_day_moves_an_outcome():
    rows = walk(160)
    exploded = [r | {"pace_7d": 10.0**9} if r["ingest_date"] > pd.Timestamp(on(140)) else r
                for r in rows]  # fmt: skip
    earlier = {key: r for key, r in judged(rows).items() if key[1] <= 140}
    assert len(earlier) > 1000
    assert {key: r for key, r in judged(exploded).items() if key[1] <= 140} == earlier


def test_a_day_alone_equals_the_same_day_within_a_range():
    rows, day = walk(160), 150
    first = pd.Timestamp(on(day - rules.OUTCOMES_LOOK_BACK_DAYS))
    last = pd.Timestamp(on(day))
    alone = judged([r for r in rows if first <= r["ingest_date"] <= last], day)
    assert alone == {key: r for key, r in judged(rows).items() if key[1] == day}
