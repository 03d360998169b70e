"""Features: literal cases, and a plain second implementation on random histories."""

from __future__ import annotations

import math
import random
import statistics
from fractions import Fraction
from typing import Any

import pytest

from kpop_assets.contracts import rules
from kpop_assets_tests.gold.kit import Points, features


@pytest.mark.both_engines
def test_sums_growth_and_momentum_of_a_steady_rise(spark):
    days = range(-1, 60)
    points = {("IVE", d): 100 + d for d in days} | {("BTS", d): 1000 for d in days}
    row = features(spark, points, 59)["IVE", 59]
    recent, before = sum(100 + d for d in range(53, 60)), sum(100 + d for d in range(46, 53))
    month, month_before = sum(100 + d for d in range(30, 60)), sum(100 + d for d in range(30))
    assert row["total_engagement"] == recent
    assert row["avg_engagement"] == pytest.approx(recent / 7)
    assert row["max_engagement"] == 159
    assert row["growth_rate_7d"] == pytest.approx((recent - before) / before * 100)
    assert row["growth_rate_30d"] == pytest.approx((month - month_before) / month_before * 100)
    assert row["momentum"] == pytest.approx(row["growth_rate_7d"] - row["growth_rate_30d"])
    assert row["volatility"] == pytest.approx(statistics.stdev(range(30)))
    assert row["market_share"] == pytest.approx(recent / (recent + 7000) * 100)
    assert (row["total_videos"], row["rank"], row["percentile"], row["tier"]) == (5, 2, 0.0, 4)


def test_growth_is_unknown_until_history_reaches_the_previous_window(spark):
    points = {("IVE", d): 10 for d in range(61)}
    rows = features(spark, points, 0)
    assert [d for d in range(61) if rows["IVE", d]["growth_rate_7d"] is not None] == list(
        range(13, 61)
    )
    assert [d for d in range(61) if rows["IVE", d]["growth_rate_30d"] is not None] == [59, 60]
    assert rows["IVE", 5]["trend_direction"] == "STEADY"


def test_an_artist_leaves_30_days_after_its_last_event_and_counts_as_zero_till_then(spark):
    points = {("BTS", d): 10 for d in range(-1, 40)} | {("IVE", 0): 5}
    rows = features(spark, points, 0)
    assert [d for d in range(40) if ("IVE", d) in rows] == list(range(30))
    assert rows["IVE", 6]["total_engagement"] == 5
    assert rows["IVE", 7]["total_engagement"] == 0
    assert rows["IVE", 20]["volatility"] == pytest.approx(statistics.stdev([5] + [0] * 20))


def test_days_that_nobody_collected_have_no_row_and_do_not_count_as_zero(spark):
    # Day 11 has two observations, and gained for two days.
    points = {("IVE", d): 10 for d in range(20) if d != 10} | {("IVE", 11): 2 + 2 * 8}
    rows = features(spark, points, 0)
    assert ("IVE", 10) not in rows
    assert rows["IVE", 19]["volatility"] == 0


def test_other_has_no_row_and_no_share(spark):
    rows = features(spark, {("IVE", 0): 10, ("OTHER", 0): 990}, 0)
    assert list(rows) == [("IVE", 0)]
    assert rows["IVE", 0]["market_share"] == 100


def test_growth_and_volatility_are_no_constants(spark):
    """An earlier pipeline had 0.0 in both columns, everywhere."""
    rng = random.Random(1)
    points = {("IVE", d): rng.randint(0, 1000) for d in range(70)}
    rows = features(spark, points, 60).values()
    for name in ("growth_rate_7d", "growth_rate_30d", "volatility"):
        assert len({row[name] for row in rows}) == len(rows)


def test_nothing_before_a_spike_moves(spark):
    rng = random.Random(2)
    points = {(a, d): rng.randint(1, 99) for a in ("IVE", "BTS", "IU") for d in range(70)}
    spiked = points | {("IVE", 66): 10**9}
    before, after = features(spark, points, 60), features(spark, spiked, 60)
    assert [key for key in before if before[key] != after[key] and key[1] < 66] == []
    assert before["IVE", 66] != after["IVE", 66]


@pytest.mark.both_engines
@pytest.mark.parametrize("missed", [{50}, {46}, {53}, {52, 53}, {40, 47, 54}])
def test_a_day_that_nobody_collected_changes_no_growth_of_steady_acts(spark, missed):
    """The day after has the gains of both, wherever the gap lies among the windows."""
    seen = [d for d in range(70) if d not in missed]
    points = {}
    for before, d in zip([None, *seen], seen, strict=False):
        days = 0 if before is None else d - before
        points |= {("TWS", d): d % 3 + 10_000 * days, ("ILLIT", d): d % 3 + 20_000 * days}
    rows = features(spark, points, 0)
    for key, row in rows.items():
        for name in ("growth_rate_7d", "growth_rate_30d", "momentum"):
            assert row[name] is None or abs(row[name]) < 0.01, (key, name)
        assert row["trend_direction"] == "STEADY"
        assert row["missing_days"] == sum(key[1] - 6 <= d <= key[1] for d in missed)
        assert row["volatility"] is None or row["volatility"] < 2
    last = rows["TWS", 59]
    assert last["growth_rate_7d"] is not None
    assert last["covered_days"] * 10_000 == pytest.approx(last["total_engagement"], rel=0.001)


@pytest.mark.both_engines
def test_a_dip_changes_no_growth_of_a_steady_act(spark):
    """What is held stands on the day after; the day of the dip has less, or nothing."""
    dips = {"TWS": ([50], 0), "IVE": ([50], 9_000), "IU": ([50, 51], 0), "EXO": ([49, 51], 0)}
    points = {(act, d): d % 3 + 10_000 for act in (*dips, "ILLIT") for d in range(70)}
    for act, (dip, part) in dips.items():
        for d in dip:
            points[act, d + 1] += points[act, d] - d % 3 - part
            points[act, d] = d % 3 + part
    held = {(act, d) for act, (dip, _) in dips.items() for d in dip}
    rows = features(spark, points, 40, held)
    for act in dips:
        for day in range(40, 70):
            row = rows[act, day]
            assert row["growth_rate_7d"] == pytest.approx(0, abs=0.02), (act, day)
            assert row["trend_direction"] == "STEADY"
    alone = features(spark, points, 52, held)
    assert {key: rows[key] for key in alone} == alone


def test_what_is_held_for_long_leaves_growth_known(spark):
    points = {(act, d): d % 3 + 10_000 for act in ("TWS", "ILLIT") for d in range(70)}
    rows = features(spark, points, 68, {("TWS", d) for d in range(30, 70)})
    assert rows["TWS", 69]["growth_rate_7d"] == pytest.approx(0, abs=0.02)


def test_the_first_day_of_a_lake_is_no_measured_zero(spark):
    points = {(act, d): 10_000 * (d > 0) for act in ("TWS", "ILLIT") for d in range(20)}
    rows = features(spark, points, 0)
    growth = [rows["TWS", d]["growth_rate_7d"] for d in range(13, 20)]
    assert growth == pytest.approx([0.0] * 7, abs=0.02)
    assert {row["trend_direction"] for row in rows.values()} == {"STEADY"}
    assert [rows["TWS", d]["covered_days"] for d in (0, 1, 6, 7)] == [0, 1, 6, 7]
    assert {row["missing_days"] for row in rows.values()} == {0}


def test_a_correction_leaves_shares_from_0_to_100_and_no_multiple_of_a_fall(spark):
    days = range(60)
    points = {("TWS", d): 40_000 for d in days} | {("ILLIT", d): 10_000 for d in days}
    fallen = points | {("TWS", 40): -2_000_000}
    rows = features(spark, fallen, 0)
    for row in rows.values():
        assert 0 <= row["market_share"] <= 100
    assert [rows["TWS", d]["growth_rate_7d"] for d in (40, 46, 47, 53)] == [None] * 4
    assert rows["TWS", 54]["growth_rate_7d"] == pytest.approx(0, abs=0.01)
    assert rows["TWS", 59]["growth_rate_30d"] is None
    assert rows["TWS", 59]["corrected_30d"] == -2_000_000
    assert (rows["ILLIT", 40]["market_share"], rows["TWS", 40]["market_share"]) == (100, 0)


@pytest.mark.both_engines
def test_features_equal_a_plain_second_implementation(spark):
    rng = random.Random(5)
    acts = ["IVE", "BTS", "IU", "EXO", "TWICE"]
    points = {
        (a, d): rng.randint(-50, 10**6) for a in acts for d in range(80)
        if rng.random() < 0.6 and d not in (33, 50)
    }  # fmt: skip
    actual = features(spark, points, 70)
    expected = reference(points, range(70, 80))
    assert actual.keys() == expected.keys()
    for key, values in expected.items():
        for name, value in values.items():
            assert same(actual[key][name], value), (key, name, actual[key][name], value)


def same(a: Any, b: Any) -> bool:
    return a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9))


def reference(points: Points, days: range) -> dict[tuple[str, int], dict[str, Any]]:
    """The definitions of the contract, one artist and day at a time."""
    seen = {d for _, d in points}
    result: dict[tuple[str, int], dict[str, Any]] = {}
    for day in sorted(seen & set(days)):
        present = {a for a, d in points if day - 29 <= d <= day}
        for act in present:
            result[act, day] = describe_one(points, seen, act, day)
        totals = {a: result[a, day]["total_engagement"] for a in present}
        for act, total in totals.items():
            below = sum(t < total for t in totals.values())
            percentile = below / (len(totals) - 1) if len(totals) > 1 else 0.0
            result[act, day] |= {
                "market_share": max(total, 0) / sum(max(t, 0) for t in totals.values()) * 100,
                "percentile": percentile,
                "rank": 1 + sum(t > total for t in totals.values()),
                "tier": 1 + sum(percentile < cut for cut in (0.90, 0.75, 0.40)),
            }
    return result


def half_up(value: int, days: int) -> int:
    """Rounded as the engines do, halves away from zero."""
    return int(math.copysign(math.floor(Fraction(abs(value), days) + Fraction(1, 2)), value))


def describe_one(points: Points, seen: set[int], act: str, day: int) -> dict[str, Any]:
    def values(first: int, last: int) -> list[int]:
        return [points.get((act, d), 0) for d in range(day - last, day - first + 1) if d in seen]

    def growth(length: int) -> float | None:
        start = day - 2 * length + 1
        is_known = any(start - rules.HISTORY_GAP_DAYS <= d <= start for d in seen)
        recent, previous = pace(length, 0), pace(length, length)
        is_known = is_known and recent is not None and previous is not None
        if not is_known or previous <= 0 or recent < 0:
            return None
        return float((recent - previous) / previous * 100)

    def window(length: int, later: int) -> list[int]:
        last = day - later
        return [d for d in range(last - length + 1, last + 1) if d in seen]

    def span(d: int) -> int | None:
        """Days since the one collected before, as far as a day looks back."""
        before = max((o for o in seen if o < d), default=None)
        return None if before is None or d - before > 30 or day - before > 66 else d - before

    def mentions(d: int) -> int:
        return d % 3 if (act, d) in points else 0

    def pace(length: int, later: int) -> Fraction | None:
        days = window(length, later)
        known = [d for d in days if span(d)]
        spans = sum(span(d) or 0 for d in known)
        if spans * 2 <= length:
            return None
        said = Fraction(sum(map(mentions, days)), len(days))
        return said + Fraction(sum(points.get((act, d), 0) - mentions(d) for d in known), spans)

    paces = [
        mentions(d) + half_up(points.get((act, d), 0) - mentions(d), days)
        for d in window(30, 0)
        for days in [span(d)]
        if days
    ]
    g7, g30 = growth(7), growth(30)
    trend = "RISING" if g7 is not None and g7 > 10 else "STEADY"

    def missing(length: int) -> int:
        first = max(min(d for d in seen if d >= day - 66), day - length + 1)
        return sum(d not in seen for d in range(first, day + 1))

    month = [points.get((act, d), 0) for d in window(30, 0)]
    return {
        "covered_days": sum(span(d) or 0 for d in window(7, 0)),
        "missing_days": missing(7),
        "missing_days_30d": missing(30),
        "corrected_30d": sum(value for value in month if value < 0),
        "total_engagement": sum(values(0, 6)),
        "avg_engagement": sum(values(0, 6)) / 7,
        "max_engagement": max(values(0, 6)),
        "growth_rate_7d": g7,
        "growth_rate_30d": g30,
        "momentum": g7 - g30 if g7 is not None and g30 is not None else None,
        "volatility": statistics.stdev(paces) if len(paces) > 1 else None,
        "trend_direction": "FALLING" if g7 is not None and g7 < -10 else trend,
        "total_videos": len({d % 5 for a, d in points if a == act and day - 6 <= d <= day}),
    }
