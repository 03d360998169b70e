"""Plays by listener and hour: the windows of plain Python, and every other play accounted for."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest
from pyspark.sql import functions as F

from kpop_assets.contracts.play_rules import TRACK_KNOWN_DAYS
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_plays import PLAY_DAYS
from kpop_assets.recommend.plays.play_fates import tell_fates
from kpop_assets.recommend.plays.play_hours import account_for_plays, compute_hours
from kpop_assets_tests.recommend.play_days import DAY, START, fates, frame, hours, play

END = DAY + dt.timedelta(days=3)
MINUTE, HOUR = 60, 3_600


def told(spark: Any, plays: list[dict[str, Any]]) -> list[str]:
    numbered = [one | {"line_number": n} for n, one in enumerate(plays)]
    rows = tell_fates(frame(spark, numbered)).select("line_number", "fate").collect()
    return [row["fate"] for row in sorted(rows, key=lambda row: row["line_number"])]


@pytest.mark.both_engines
def test_a_bot_plays_for_longer_than_time_passes_and_the_last_play_may_end_later(spark):
    def row(user: str, lengths: list[int], every: int) -> list[dict[str, Any]]:
        return [play(user, n * every, f"t{n}", played_ms=x) for n, x in enumerate(lengths)]

    # An hour of plays in a row, the last of which goes on for half an hour.
    whole = row("person", [20 * MINUTE * 1000] * 3 + [30 * MINUTE * 1000], 19 * MINUTE)
    bot = row("bot", [1_200_000, 1_200_000, 1_200_001, 1_500_000], 10 * MINUTE)
    # No hour has too much, and the day has an hour too much.
    slow = row("slow", [59 * MINUTE * 1000] * 47, 30 * MINUTE)
    unknown = row("unknown", [None] * 500, 1)  # type: ignore[list-item]
    plays = [*whole, *bot, *slow, *unknown]
    expected = {"person": "counted", "bot": "bot", "slow": "bot", "unknown": "counted"}
    assert fates(plays) == [expected[one["user_id"]] for one in plays]
    assert told(spark, plays) == fates(plays)


@pytest.mark.both_engines
def test_totals_clocks_that_are_ahead_and_repeats_do_not_count(spark):
    five = dt.timedelta(minutes=5)
    plays = [
        play("a", 0, event_id="e1"),
        play("a", 9, "other", event_id="e1"),
        play("b", 9, event_id="e1"),
        play("a", 20),
        play("a", 21),
        play("a", 30, received_at=START + dt.timedelta(seconds=30) - five),
        play("a", 40, received_at=START + dt.timedelta(seconds=39) - five),
        play("a", 50, total_play_count=7, event_id="e1"),
        *(play("a", 60 + n, event_id="") for n in range(2)),
        *(play("a", 70 + n, event_id="  ") for n in range(2)),
    ]
    expected = ["counted", "repeat", "counted", "counted", "counted", "counted", "ahead", "total"]
    expected += ["counted"] * 4
    assert fates(plays) == expected
    assert told(spark, plays) == expected


def many_plays() -> list[dict[str, Any]]:
    """Of a few listeners on three days, with everything that can be odd."""
    rng = random.Random(7)
    plays = {}
    for _ in range(900):
        second = rng.randrange(3 * 86_400)
        event = f"e{rng.randrange(400)}" if rng.random() < 0.5 else None
        delay = rng.choice([-400, 5, 7 * HOUR])
        received = START + dt.timedelta(seconds=second + delay)
        one = play(
            f"u{rng.randrange(6)}",
            second,
            f"t{rng.randrange(20)}",
            played_ms=rng.choice([None, 200_000, 1_500_000]),
            event_id=event,
            received_at=received if rng.random() < 0.7 else None,
            total_play_count=3 if rng.random() < 0.05 else None,
        )
        plays[one["user_id"], one["track_id"], one["played_at"]] = one
    return list(plays.values())


@pytest.mark.both_engines
def test_hours_are_those_of_plain_python_and_every_play_is_accounted_for(lake):
    plays = many_plays()
    assert {"counted", "total", "ahead", "repeat", "bot"} == set(fates(plays))
    lake.replace_range(PLAYS, DAY, END, frame(lake.spark, plays))
    with compute_hours(lake, DAY, END) as rows:
        found = rows.select("*", F.unix_seconds("hour_start_at").alias("start")).collect()
    key = ("ingest_date", "user_id", "hour")
    assert {tuple(row[k] for k in key): row["play_count"] for row in found} == hours(plays)
    assert all(row["start"] % HOUR == 0 for row in found)
    days = [DAY + dt.timedelta(days=n) for n in range(3)]
    starts = {day: START.timestamp() + n * 86_400 for n, day in enumerate(days)}
    assert all(row["start"] == starts[row["ingest_date"]] + row["hour"] * HOUR for row in found)
    check_account(lake, plays)


def check_account(lake: Any, plays: list[dict[str, Any]]) -> None:
    """Each count of the account, counted once more."""
    tracks = [(f"t{n}", DAY + dt.timedelta(days=n // 6)) for n in range(18)]
    # Whatever days are filled together: of a play on the first day this is known, later it is not.
    tracks.append(("t18", DAY - dt.timedelta(days=TRACK_KNOWN_DAYS)))
    told_days = lake.spark.createDataFrame(tracks, "track_id string, ingest_date date")
    account = account_for_plays(lake.read(PLAYS, DAY, END), told_days)
    assert account.columns == PLAY_DAYS.column_names
    of_plays = list(zip(plays, fates(plays), strict=True))
    for row in account.collect():
        today = [(p, fate) for p, fate in of_plays if p["ingest_date"] == row["ingest_date"]]
        counted = [p for p, fate in today if fate == "counted"]
        number = Counter(fate for _, fate in today)
        assert row.asDict() == {
            "ingest_date": row["ingest_date"],
            "row_count": len(today),
            "counted_count": number["counted"],
            "total_row_count": number["total"],
            "ahead_play_count": number["ahead"],
            "repeat_count": number["repeat"],
            "bot_play_count": number["bot"],
            "bot_count": len({p["user_id"] for p, fate in today if fate == "bot"}),
            "late_play_count": sum(is_late(p) for p in counted),
            "unknown_track_count": sum(not is_known(p, dict(tracks)) for p in counted),
            "user_count": len({p["user_id"] for p in counted}),
            "track_count": len({p["track_id"] for p in counted}),
        }


def is_late(one: dict[str, Any]) -> bool:
    return one["received_at"] is not None and (
        one["received_at"] - one["played_at"] > dt.timedelta(hours=1)
    )


def is_known(one: dict[str, Any], tracks: dict[str, dt.date]) -> bool:
    day, told_on = one["ingest_date"], tracks.get(one["track_id"], END)
    return day - dt.timedelta(days=TRACK_KNOWN_DAYS) <= told_on <= day


@pytest.mark.both_engines
def test_days_without_a_play_have_no_hours(lake):
    lake.replace_range(PLAYS, DAY, END, frame(lake.spark, []))
    with compute_hours(lake, DAY, END) as rows:
        assert rows.collect() == []
