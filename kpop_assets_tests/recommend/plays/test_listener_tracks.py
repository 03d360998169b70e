"""Plays by listener and track: the sums of plain Python, whatever days are filled together."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest

from kpop_assets.contracts.recommend_listening import LISTENER_TRACKS, TRACK_PLAYS
from kpop_assets.recommend.plays.listener_tracks import count_listener_tracks, count_track_plays
from kpop_assets_tests.recommend.play_days import DAY, fates, frame, play
from kpop_assets_tests.recommend.plays.test_play_hours import many_plays

TOLD = "told_date date, track_id string, duration_ms bigint"


def told_days() -> list[tuple[dt.date, str, int | None]]:
    """Lengths of the tracks: some change, some come later or too long before, some are unknown."""
    tracks = [(DAY, f"t{n}", 200_000 + n) for n in range(10)]
    again = [(DAY + dt.timedelta(days=1), f"t{n}", 250_001 if n else None) for n in range(5)]
    later = [(DAY + dt.timedelta(days=2), f"t{n}", 1_600_000) for n in range(10, 14)]
    before = [(DAY - dt.timedelta(days=27), f"t{n}", 1_800_000) for n in range(14, 17)]
    return [*tracks, *again, *later, *before]


def length_of(track: str, day: dt.date, told: list) -> int | None:
    known = [
        (on, length)
        for on, name, length in told
        if name == track and length and day - dt.timedelta(days=28) <= on <= day
    ]
    return max(known)[1] if known else None


def expected(plays: list[dict[str, Any]], told: list) -> dict[tuple, tuple]:
    """By day, listener and track: the figures in the order of the contract."""
    found: dict[tuple, list[tuple[dict, str]]] = defaultdict(list)
    for one, fate in zip(plays, fates(plays), strict=True):
        if fate in ("counted", "total"):
            found[one["ingest_date"], one["user_id"], one["track_id"]].append((one, fate))
    return {key: figures(key, rows, told) for key, rows in found.items()}


def figures(key: tuple, rows: list[tuple[dict, str]], told: list) -> tuple:
    rows.sort(key=lambda row: row[0]["played_at"])
    counted = [one for one, fate in rows if fate == "counted"]
    totals = [one["total_play_count"] for one, fate in rows if fate == "total"]
    ratings = [one["rating"] for one, _ in rows if one["rating"] is not None]
    lasted = [one["played_ms"] for one in counted if one["played_ms"] is not None]
    length = length_of(key[2], key[0], told)
    return (
        len(counted),
        totals[-1] if totals else None,
        sum(lasted) if lasted else None,
        len(lasted) if length else 0,
        sum(ms >= 0.8 * length for ms in lasted) if length else 0,
        ratings[-1] if ratings else None,
        rows[-1][0]["played_at"],
    )


def rated_plays() -> list[dict[str, Any]]:
    plays = many_plays()
    for n, one in enumerate(plays):
        one["rating"] = n % 11 / 2 if n % 3 == 0 else None
    # To the millisecond, four fifths of a length, and one less.
    edge = [play("edge", 9.0 + 300 * n, "t0", played_ms=160_000 - n) for n in range(2)]
    return [*plays, *edge, play("total", 5, "t1", total_play_count=3, rating=4.5)]


@pytest.mark.both_engines
def test_sums_are_those_of_plain_python_by_the_day_of_each_play(spark):
    plays, told = rated_plays(), told_days()
    rows = count_listener_tracks(frame(spark, plays), spark.createDataFrame(told, TOLD))
    assert rows.columns == LISTENER_TRACKS.column_names
    found = {(row[0], row[1], row[2]): tuple(row)[3:] for row in rows.collect()}
    zone = found[next(iter(found))][-1].tzinfo
    wanted = expected(plays, told)
    assert found.keys() == wanted.keys()
    for key, values in wanted.items():
        at = values[-1].astimezone(zone) if zone else values[-1].astimezone().replace(tzinfo=None)
        assert found[key] == (*values[:-1], at), key
    assert found[DAY, "edge", "t0"][3:5] == (2, 1)
    assert found[DAY, "total", "t1"][:3] == (0, 3, None)


@pytest.mark.both_engines
def test_tracks_are_the_sums_of_their_listeners_and_name_nobody(spark):
    plays, told = rated_plays(), told_days()
    by_listener = expected(plays, told)
    of_listeners = count_listener_tracks(frame(spark, plays), spark.createDataFrame(told, TOLD))
    rows = count_track_plays(of_listeners)
    assert rows.columns == TRACK_PLAYS.column_names
    found = {(row[0], row[1]): tuple(row)[2:] for row in rows.collect()}
    wanted: dict[tuple, list[tuple]] = defaultdict(list)
    for (day, _, track), values in by_listener.items():
        if values[0]:
            wanted[day, track].append(values)
    assert found.keys() == wanted.keys()
    for key, values in wanted.items():
        lasted = [one[2] for one in values if one[2] is not None]
        total = sum(lasted) if lasted else None
        sums = (sum(one[3] for one in values), sum(one[4] for one in values))
        assert found[key] == (sum(one[0] for one in values), len(values), total, *sums)
    assert not any(column.is_person for column in TRACK_PLAYS.columns)
