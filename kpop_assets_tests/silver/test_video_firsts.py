"""New videos on the day that completes their first week: which, when, and with what views."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.silver.video_firsts import measure_firsts
from kpop_assets.silver.video_kinds import video_kind

DAY = dt.date(2026, 3, 1)
OTHERS = "an older video, there on every collected day"
_DAILY = (
    "ingest_date date, video_id string, artist string, observed_at timestamp, "
    "published_at timestamp, launched_at timestamp, views_gained bigint, video_format string, "
    "artist_evidence string"
)


def on(number: int) -> dt.date:
    """The day of a number; 0 is `DAY`."""
    return DAY + dt.timedelta(days=number)


def seen(
    video_id: str,
    gains: dict[int, int],
    hours_old: float | None = 12,
    artist: str = "IVE",
    evidence: str | None = "channel_id",
) -> list[tuple[Any, ...]]:
    """A video that gained `gains` by day number, published so long before it was first seen."""
    noon = [dt.datetime.combine(on(number), dt.time(3), dt.UTC) for number in gains]
    published = None if hours_old is None else noon[0] - dt.timedelta(hours=hours_old)
    return [
        (at.date(), video_id, artist, at, published, None, views, "video", evidence)
        for at, views in zip(noon, gains.values(), strict=True)
    ]


def firsts(
    spark: SparkSession,
    *videos: list[tuple[Any, ...]],
    start: int = 0,
    days: Collection[int] = range(40),
    read_from: int = 0,
) -> list[dict[str, Any]]:
    """Rows of `silver/video_firsts` from day number `start` on, first sights as bronze has them."""
    rows = [row for rows in videos for row in rows]
    rows += seen("old", dict.fromkeys(days, 1), hours_old=9000, artist="OTHER")
    rows = [row for row in rows if row[0] >= on(read_from)]
    daily = spark.createDataFrame(rows, _DAILY)
    known: dict[str, dt.date] = {}
    new = []
    for row in sorted(rows):
        before = known.get(row[1])
        if before is None or (row[0] - before).days > rules.NEW_VIDEO_LOOK_BACK_DAYS:
            new.append((row[0], row[1], "IVE 'HEYA' MV"))
        known[row[1]] = row[0]
    titles = spark.createDataFrame(new, "ingest_date date, video_id string, text string")
    found = measure_firsts(daily, titles, on(start)).orderBy("ingest_date", "video_id").collect()
    return [row.asDict() for row in found]


def test_a_new_video_stands_on_its_seventh_day_with_the_views_of_seven(spark: SparkSession):
    (row,) = firsts(spark, seen("new", {3: 5, 4: 10, 8: 100, 9: 1000, 10: 10_000}))
    assert (row["ingest_date"], row["first_seen_date"]) == (on(9), on(3))
    assert row["views_first_7d"] == 1115
    assert row["launched_at"] is not None
    assert (row["video_kind"], row["is_own_channel"], row["artist"]) == ("music_video", True, "IVE")


def test_a_seventh_day_that_nobody_collected_is_the_next_one(spark: SparkSession):
    days = [d for d in range(40) if d not in (9, 10)]
    (row,) = firsts(spark, seen("new", {3: 5, 4: 10}), days=days)
    assert row["ingest_date"] == on(11)


def test_a_week_that_nobody_saw_the_end_of_is_never_complete(spark: SparkSession):
    last = 3 + rules.FIRST_WEEK_LOOK_BACK_DAYS
    assert firsts(spark, seen("new", {3: 5}), days=[*range(8), last + 1]) == []
    assert len(firsts(spark, seen("new", {3: 5}), days=[*range(8), last])) == 1


def test_an_old_video_and_one_of_nobody_are_not_new(spark: SparkSession):
    young, old = 24 * rules.FIRST_SEEN_DAYS, 24 * rules.FIRST_SEEN_DAYS + 1
    found = firsts(
        spark,
        seen("young", {3: 5}, hours_old=young),
        seen("old one", {3: 5}, hours_old=old),
        seen("nobody's", {3: 5}, artist="OTHER"),
    )
    assert [row["video_id"] for row in found] == ["young"]


def test_a_track_of_a_chart_stands_there_as_often_as_it_comes_back(spark: SparkSession):
    """Whoever reads takes its earliest row; that of a chart's first day says that it may be old."""
    track = seen("track", {0: 0, 1: 10, 20: 30, 21: 40}, hours_old=None, evidence="label")
    first, again = firsts(spark, track)
    assert (first["first_seen_date"], first["views_first_7d"]) == (on(0), 10)
    assert (again["first_seen_date"], again["views_first_7d"]) == (on(20), 70)
    assert first["launched_at"] is None and first["is_own_channel"] is False


def test_a_video_of_before_evidence_is_on_no_known_channel(spark: SparkSession):
    (row,) = firsts(spark, seen("new", {3: 5}, evidence=None))
    assert row["is_own_channel"] is None


@pytest.mark.parametrize("day", [9, 12, 26])
def test_a_day_alone_gives_what_it_gives_within_a_range(spark: SparkSession, day: int):
    videos = [
        seen("new", {3: 5, 4: 10}),
        seen("next", {6: 7, 7: 1}),
        seen("track", {0: 0, 20: 30}, hours_old=None),
    ]
    whole = [row for row in firsts(spark, *videos) if row["ingest_date"] == on(day)]
    alone = firsts(
        spark,
        *videos,
        start=day,
        days=range(day + 1),
        read_from=max(0, day - rules.FIRST_WEEK_LOOK_BACK_DAYS),
    )
    assert alone == whole and whole


@pytest.mark.parametrize(
    ("title", "video_format", "kind"),
    [
        ("IVE 아이브 'HEYA' MV", "video", "music_video"),
        ("[M/V] SEVENTEEN(세븐틴) - 음악의 신", "video", "music_video"),
        ("LE SSERAFIM (르세라핌) 'EASY' OFFICIAL M/V", "premiere", "music_video"),
        ("aespa 에스파 'Armageddon' MV Teaser", "video", "teaser"),
        ("aespa 에스파 'Armageddon' MV", "short", "short"),
        ("IVE 'HEYA' MV Reaction", "video", "other"),
        ("IVE 'HEYA' MV 비하인드", "video", "other"),
        ("IVE 'HEYA' Dance Practice", "video", "dance"),
        ("아이브 안무 영상", "unknown", "dance"),
        ("[LIVE CLIP] 아이유 무대 영상", "video", "stage"),
        ("[4K 직캠] 장원영 @인기가요", "video", "stage"),
        ("NewJeans (뉴진스) 'ETA' Lyric Video", "video", "lyrics"),
        ("[LIVE] 아이브 컴백 라이브", "live", "live"),
        ("아이브 브이로그", None, "other"),
        ("동해물과 백두산이 HMV 매장에서", "video", "other"),
    ],
)
def test_titles_say_what_a_video_shows(
    spark: SparkSession, title: str, video_format: str | None, kind: str
):
    rows = spark.createDataFrame([(title, video_format)], "title string, format string")
    assert rows.select(video_kind(F.col("title"), F.col("format"))).first()[0] == kind
