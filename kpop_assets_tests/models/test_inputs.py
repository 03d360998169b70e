"""Inputs: nothing looks past its day, literal cases, and a plain second implementation."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from typing import Any

import pytest
from pyspark.sql import SparkSession

from kpop_assets.contracts import rules
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.lake.schemas import spark_schema
from kpop_assets.models.inputs import complete_inputs, know_artists
from kpop_assets_tests.models.test_paces import Seen, on, panel, reference, steady, videos

FILLER = {"long": 1, "int": 1, "double": 1.0, "string": "STEADY"}
Inputs = dict[tuple[str, int], dict[str, Any]]


def standings(rows: list[Seen]) -> dict[tuple[str, int], tuple[float, int]]:
    """Percentile and tier by artist and seen day, by the points of 7 days, as gold has them."""
    places: dict[tuple[str, int], tuple[float, int]] = {}
    for day in {row.day for row in rows}:
        totals = {r.artist: 0 for r in rows if day - rules.ACTIVE_DAYS < r.day <= day}
        totals.pop("OTHER", None)
        for row in rows:
            if row.artist in totals and day - 7 < row.day <= day:
                totals[row.artist] += row.points
        for artist, total in totals.items():
            below = sum(t < total for t in totals.values())
            percentile = below / (len(totals) - 1) if len(totals) > 1 else 0.0
            tier = 1 + sum(percentile < lowest for lowest in rules.TIER_PERCENTILES)
            places[artist, day] = (percentile, tier)
    return places


def described(spark: SparkSession, rows: list[Seen], start: int, read: int | None = None) -> Inputs:
    """Inputs from day number `start` on, of tables read from their look-backs before it.

    Args:
        spark: the engine's session.
        rows: rows of `silver/video_daily`; the other tables follow from them.
        start: first day number to report.
        read: day number before which the look-backs lie; `start` where None.
    """
    oldest = start if read is None else read
    features = [
        {c.name: FILLER.get(c.type) for c in ARTIST_FEATURES.columns}
        | {"ingest_date": on(d), "artist": artist, "percentile": percentile, "tier": tier}
        for (artist, d), (percentile, tier) in standings(rows).items()
        if d >= oldest - rules.PEAKS_LOOK_BACK_DAYS
    ]
    days = sorted({(on(r.day), r.artist) for r in rows if r.day >= oldest - rules.ACTIVE_DAYS})
    names = ARTIST_FEATURES.column_names
    known = know_artists(
        spark.createDataFrame(
            [[f[n] for n in names] for f in features], spark_schema(ARTIST_FEATURES)
        ),
        videos(spark, rows, oldest - rules.PACES_LOOK_BACK_DAYS),
        spark.createDataFrame(days, "ingest_date date, artist string"),
        on(start),
    )
    found = complete_inputs(known)
    assert found.columns == ARTIST_INPUTS.column_names
    return {(r["artist"], (r["ingest_date"] - on(0)).days): r.asDict() for r in found.collect()}


def lineup(day_count: int) -> list[Seen]:
    """Five artists on every day, the first with the least."""
    acts = ("IVE", "BTS", "IU", "EXO", "ITZY")
    return [r for n, a in enumerate(acts, 1) for r in steady(range(day_count), 100 * n, a, a)]


def test_nothing_before_a_spike_moves(spark):
    """On day 105 the last of all explodes, another appears, one is gone, and others fall."""
    days = range(115)
    rows = [*panel(6), *steady(days, 1, "LOW", "low"), *steady(days, 500, "GONE", "gone")]
    spiked = [row for row in rows if row.day < 105]
    spiked += [
        Seen(r.day, r.artist, r.video, 10**12 if r.artist == "LOW" else r.points // 2)
        for r in rows
        if r.day >= 105 and r.artist != "GONE"
    ]
    spiked += [Seen(105, "LOW", "hit", 10**12), Seen(105, "RIIZE", "debut", 10**9)]
    before, after = described(spark, rows, 93), described(spark, spiked, 93)
    earlier = {key for key in before if key[1] < 105}
    assert len(earlier) > 70
    assert {key for key in after if key[1] < 105} == earlier
    assert [key for key in earlier if before[key] != after[key]] == []
    low, gone = (
        {n for n in before[key] if before[key][n] != after[key][n]}
        for key in (("LOW", 105), ("GONE", 105))
    )
    assert low >= {"pace_1d", "pace_3d", "pace_7d", "nowcast_3d", "top_margin", "distance_1"}
    assert low >= {"days_since_new", "new_share", "percentile_max_28d"}
    assert gone >= {"pace_1d", "days_absent", "presence_7"}


def test_a_nowcast_is_the_place_among_those_who_stay(spark):
    """IVE was last seen 23 days ago: in 7 days it has no row. BTS, 22 days ago, still has one."""
    rows = [r for r in lineup(60) if r.day <= {"IVE": 36, "BTS": 37}.get(r.artist, 99)]
    inputs = described(spark, rows, 59)
    assert {a: r["days_absent"] for (a, _), r in inputs.items()} == {
        "IVE": 23, "BTS": 22, "IU": 0, "EXO": 0, "ITZY": 0,
    }  # fmt: skip
    for days in (1, 3, 7):
        nowcast = {a: r[f"nowcast_{days}d"] for (a, _), r in inputs.items()}
        expected = {"IVE": 0, "BTS": 0, "IU": 1 / 3, "EXO": 2 / 3, "ITZY": 1}
        assert nowcast == pytest.approx(expected)


def test_equal_paces_share_the_lower_place(spark):
    rows = [Seen(r.day, r.artist, r.video, min(r.points, 300)) for r in lineup(20)]
    nowcast = {a: r["nowcast_3d"] for (a, _), r in described(spark, rows, 19).items()}
    assert nowcast == {"IVE": 0, "BTS": 0.25, "IU": 0.5, "EXO": 0.5, "ITZY": 0.5}


def test_distances_are_logs_against_the_edges(spark):
    """Paces 100 to 500: the 90th percentile is 460, the 75th 400, the 40th 260; the unit is 15."""
    rows = described(spark, lineup(20), 19)
    for artist, pace in (("IVE", 100), ("ITZY", 500)):
        for tier, edge in enumerate((460, 400, 260), start=1):
            expected = math.log((pace + 15) / (edge + 15))
            assert rows[artist, 19][f"distance_{tier}"] == pytest.approx(expected)
        assert rows[artist, 19]["pace_change_7d"] == pytest.approx(0)
        assert rows[artist, 19]["new_share"] == 0


def test_changes_compare_paces_and_new_videos_have_their_share(spark):
    rows = [*lineup(20), Seen(19, "IVE", "new", 400)]
    row = described(spark, rows, 19)["IVE", 19]
    pace_3d, pace_7d = (100 * 3 + 400) / 3, (100 * 7 + 400) / 7
    # Paces of 3 days are 233, 200, 300, 400, 500: their median is 300, a twentieth of it 15.
    assert row["pace_change_7d"] == pytest.approx(math.log((500 + 15) / (pace_7d + 15)))
    assert row["pace_change_week"] == pytest.approx(math.log((pace_3d + 15) / (100 + 15)))
    assert row["new_share"] == pytest.approx(400 / 501)
    assert (row["days_since_new"], row["video_count"]) == (0, 2)


def test_a_trend_compares_a_week_with_its_month_and_says_what_came_of_that_of_a_week_ago(spark):
    """IVE doubles on the last 7 of 40 days, and the unit is 15."""
    rows = [*lineup(40), *[Seen(d, "IVE", "hit", 100) for d in range(33, 40)]]
    row = described(spark, rows, 39)["IVE", 39]
    month = (100 * 21 + 200 * 7) / 28
    assert row["pace_28d"] == pytest.approx(month)
    assert row["trend"] == pytest.approx(math.log((200 + 15) / (month + 15)))
    assert row["trend_change"] == pytest.approx(row["trend"])
    assert described(spark, lineup(40), 39)["IVE", 39]["trend"] == pytest.approx(0)


def test_a_trend_needs_two_weeks_of_fresh_days_and_its_change_three(spark):
    names = ("pace_28d", "trend", "trend_change")
    known = {
        day: [row[name] is not None for name in names]
        for (_, day), row in described(spark, lineup(22), 0).items()
    }
    assert {day: known[day] for day in (12, 13, 19, 20)} == {
        12: [False] * 3,
        13: [True, True, False],
        19: [True, True, False],
        20: [True] * 3,
    }


def test_an_artist_without_events_is_described_by_its_absence(spark):
    rows = [r for r in lineup(60) if r.artist != "IVE" or r.day <= 31]
    inputs = described(spark, rows, 55)
    assert {d for a, d in inputs if a == "IVE"} == {55, 56, 57, 58, 59}
    row = inputs["IVE", 59]
    assert (row["days_absent"], row["video_count"]) == (28, 0)
    for name in ("pace_1d", "pace_3d", "pace_7d", "top_margin", "presence_7", "nowcast_3d"):
        assert row[name] == 0, name
    assert row["new_share"] == row["pace_change_week"] == 0


def test_a_new_video_is_remembered_while_its_artist_is_absent(spark):
    rows = [r for r in lineup(60) if r.artist != "IVE" or r.day <= 31]
    since = {
        d: row["days_since_new"] for (a, d), row in described(spark, rows, 40).items() if a == "IVE"
    }
    assert since == {d: d for d in range(40, 60)}


def test_a_new_video_is_60_days_ago_at_most(spark):
    since = described(spark, lineup(70), 58)
    assert [since["IVE", d]["days_since_new"] for d in (58, 59, 60, 69)] == [58, 59, 60, 60]


def test_peaks_are_of_28_days_and_earlier_tiers_of_the_same_weekday(spark):
    """IVE leads on day 20 and for the 6 days after; day 30 was not collected."""
    rows = [r for r in [*lineup(56), Seen(20, "IVE", "hit", 10**6)] if r.day != 30]
    inputs = described(spark, rows, 20)
    peaks = {d: row["percentile_max_28d"] for (a, d), row in inputs.items() if a == "IVE"}
    # Up to 27 days after day 26, the last on which it leads.
    assert peaks == dict.fromkeys({*range(20, 54)} - {30}, 1) | {54: 0, 55: 0}
    assert inputs["IVE", 27]["tier_7d_ago"] == 1
    assert inputs["IVE", 33]["tier_7d_ago"] == 1
    assert inputs["IVE", 34]["tier_7d_ago"] == 4
    assert inputs["IVE", 34]["tier_14d_ago"] == 1
    assert inputs["IVE", 41]["tier_21d_ago"] == 1
    assert inputs["IVE", 37]["tier_7d_ago"] is None
    assert inputs["IVE", 44]["tier_14d_ago"] is None


@pytest.mark.both_engines
def test_inputs_equal_a_plain_second_implementation(spark):
    rows = panel(7)
    actual = described(spark, rows, 100)
    expected = plain(rows, range(100, 115))
    assert actual.keys() == expected.keys()
    assert len(expected) > 60
    for key, values in expected.items():
        for name, value in values.items():
            assert actual[key][name] == pytest.approx(value), (key, name)


def plain(rows: list[Seen], days: range) -> Inputs:
    """The definitions of the contract, one day at a time, on top of the paces' oracle."""
    paces = reference(rows, days)
    places = standings(rows)
    paced = ("1d", "3d", "7d", "28d", "3d_week_ago", "7d_week_ago", "28d_week_ago")
    nothing = {f"pace_{name}": 0 for name in paced} | {"new_rate": 0, "own_fresh_count": 0}
    result: Inputs = {}
    for day in {d for _, d in places} & set(days):
        today = {a: paces.get((a, day), nothing) for a, d in places if d == day}
        absent = {
            a: day - max(r.day for r in rows if r.artist == a and r.day <= day) for a in today
        }
        stays = {a for a in today if absent[a] < 23}
        typical = [p["pace_3d"] for p in today.values() if p["pace_3d"] > 0]
        unit = max(1.0, statistics.median(typical) * 0.05)
        for artist, pace in today.items():
            result[artist, day] = {
                "days_absent": absent[artist],
                "new_share": pace["new_rate"] / (pace["pace_1d"] + 1),
                "pace_change_7d": math.log((pace["pace_1d"] + unit) / (pace["pace_7d"] + unit)),
                "pace_change_week": math.log(
                    (pace["pace_3d"] + unit) / (pace["pace_3d_week_ago"] + unit)
                ),
                "percentile_max_28d": max(
                    places[artist, d][0] for d in range(day - 27, day + 1) if (artist, d) in places
                ),
            }
            trend, before = (
                math.log((pace[f"pace_7d{ago}"] + unit) / (pace[f"pace_28d{ago}"] + unit))
                for ago in ("", "_week_ago")
            )
            own = pace["own_fresh_count"]
            result[artist, day] |= {
                "pace_28d": pace["pace_28d"] if own >= 14 else None,
                "trend": trend if own >= 14 else None,
                "trend_change": trend - before if own >= 21 else None,
                "fresh_days_7d": max(p.get("fresh_days_7d", 0) for p in today.values()),
            }
            for name in ("pace_1d", "pace_3d", "pace_7d"):
                lower = sum(today[a][name] < pace[name] for a in stays)
                place = lower / (len(stays) - 1) if artist in stays and len(stays) > 1 else 0.0
                result[artist, day] |= {name: pace[name], f"nowcast_{name[5:]}": place}
            for ago in (7, 14, 21):
                tier = places.get((artist, day - ago), (0.0, None))[1]
                result[artist, day][f"tier_{ago}d_ago"] = tier
    return result


@pytest.mark.parametrize("day", [103, 112, 114])
def test_a_day_alone_equals_the_same_day_within_a_range(spark, day):
    """Reading as far back as the constants say is enough; day 112 repeats day 111."""
    rows = panel(8)
    # Gone for the longest time that still counts, with its peak as long ago as can be.
    rows += [Seen(day - d, "NEWJEANS", "n", 10**5) for d in (29, 33)]
    whole = {k: row for k, row in described(spark, rows, day - 12).items() if k[1] == day}
    alone = {k: row for k, row in described(spark, rows, day).items() if k[1] == day}
    assert alone == whole
    assert whole["NEWJEANS", day]["days_absent"] == 29
    assert len(whole) > 4


def test_no_input_that_must_be_known_is_null_or_not_a_number(spark):
    for row in described(spark, panel(9), 100).values():
        for name in ARTIST_INPUTS.required:
            assert row[name] is not None, name
            assert isinstance(row[name], str | dt.date) or math.isfinite(row[name]), name


def test_a_day_that_lost_more_than_it_gained_leaves_no_null(spark):
    """Comments are purged: 10 views and -20 comments are -989 points."""
    rows = [Seen(r.day, r.artist, r.video, 50 * r.points) for r in lineup(20)]
    rows = [r for r in rows if (r.day, r.artist) != (19, "IVE")] + [Seen(19, "IVE", "IVE", -989)]
    row = described(spark, rows, 19)["IVE", 19]
    assert [n for n in ARTIST_INPUTS.required if row[n] is None or row[n] != row[n]] == []
