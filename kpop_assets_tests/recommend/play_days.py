"""Plays for the tests of this folder, and what plain Python counts of them.

Belongs here: rows of `bronze/plays`, and the rules once more, without an engine. Does not belong
here: a test.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.days import SEOUL
from kpop_assets.lake.schemas import spark_schema

DAY = dt.date(2026, 3, 2)
START = dt.datetime.combine(DAY, dt.time(), SEOUL)


def play(user: str, seconds: float, track: str = "t", **more: Any) -> dict[str, Any]:
    """A play that began so many seconds after midnight of `DAY` in Seoul."""
    played_at = START + dt.timedelta(seconds=seconds)
    values: dict[str, Any] = {column.name: None for column in PLAYS.columns}
    values |= {
        "ingest_date": played_at.date(),
        "user_id": user,
        "track_id": track,
        "played_at": played_at,
        "landing_file": "f",
        "line_number": 1,
    }
    return values | more


def frame(spark: SparkSession, plays: list[dict[str, Any]]) -> DataFrame:
    """Plays as `bronze/plays` has them."""
    return spark.createDataFrame([tuple(p.values()) for p in plays], spark_schema(PLAYS))


def fates(plays: list[dict[str, Any]]) -> list[str]:
    """What becomes of each play, by the words of the rules."""
    found: list[str] = [""] * len(plays)
    events = set()
    order = sorted(range(len(plays)), key=lambda i: (plays[i]["played_at"], plays[i]["track_id"]))
    for i in order:
        one = plays[i]
        name = (one["event_id"] or "").strip(" ")
        event = (one["ingest_date"], one["user_id"], one["event_id"])
        received = one["received_at"]
        if one["total_play_count"] is not None:
            found[i] = "total"
        elif received is not None and one["played_at"] - received > dt.timedelta(minutes=5):
            found[i] = "ahead"
        elif name and event in events:
            found[i] = "repeat"
        else:
            events.add(event)
    left = [one for one, fate in zip(plays, found, strict=True) if not fate]
    bots = bots_of(left)
    for i, one in enumerate(plays):
        if not found[i]:
            is_bot = (one["ingest_date"], one["user_id"]) in bots
            found[i] = "bot" if is_bot else "counted"
    return found


def bots_of(plays: list[dict[str, Any]]) -> set[tuple[dt.date, str]]:
    """Days and listeners with more seconds played than there are."""
    hours: dict[tuple, list[int]] = defaultdict(list)
    days: dict[tuple, list[int]] = defaultdict(list)
    for one in plays:
        key = (one["ingest_date"], one["user_id"])
        length = one["played_ms"] or 0
        hours[*key, one["played_at"].astimezone(SEOUL).hour].append(length)
        days[key].append(length)
    found = {key[:2] for key, all_ in hours.items() if sum(all_) - max(all_) > 3_600_000}
    return found | {key for key, all_ in days.items() if sum(all_) - max(all_) > 86_400_000}


def hours(plays: list[dict[str, Any]]) -> Counter[tuple[dt.date, str, int]]:
    """Counted plays by day, listener and hour."""
    return Counter(
        (one["ingest_date"], one["user_id"], one["played_at"].astimezone(SEOUL).hour)
        for one, fate in zip(plays, fates(plays), strict=True)
        if fate == "counted"
    )
