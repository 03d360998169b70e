"""Windows of event time: which an event stands in, and that nothing is counted twice by day."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict

import pytest
from pyspark.sql import functions as F

from kpop_assets.contracts import rules
from kpop_assets.silver.artist_daily import sum_artists
from kpop_assets.silver.video_daily import measure_videos
from kpop_assets.silver.windows import bucket_of, slide_windows
from kpop_assets_tests.silver.test_video_daily import DAY, event, frame

UTC = dt.UTC


def windows(spark, events):
    rows = frame(spark, events)
    return slide_windows(rows, measure_videos(rows, DAY)).collect()


def test_an_event_stands_in_the_twelve_windows_that_hold_its_time(spark):
    event_at = dt.datetime(2025, 11, 1, 12, 2, tzinfo=UTC)
    rows = windows(spark, [event(0, 5, event_at=event_at, author_id="a")])
    starts = sorted(row["window_start_at"].replace(tzinfo=UTC) for row in rows)
    first = dt.datetime(2025, 11, 1, 11, 5, tzinfo=UTC)
    assert starts == [first + dt.timedelta(minutes=5 * i) for i in range(12)]
    assert all(
        row["window_end_at"] - row["window_start_at"] == dt.timedelta(hours=1) for row in rows
    )


@pytest.mark.both_engines
def test_windows_equal_a_plain_second_implementation(spark):
    rng = random.Random(3)
    events = []
    for n in range(300):
        published = dt.datetime(2025, 10, 31, rng.randint(0, 5), rng.randint(0, 59), tzinfo=UTC)
        more = {"video_id": f"v{rng.randint(0, 99)}", "artist": rng.choice(["BTS", "IVE"])}
        more |= {"author_id": rng.choice([None, f"a{rng.randint(0, 9)}"]), "event_at": published}
        events.append(event(rng.randint(0, 1), rng.randint(0, 999), n % 24, line_number=n, **more))
    # As bronze has it: a video is observed once at an instant. And one artist a video, so that
    # the day's gain has one place.
    events = list({(e["video_id"], e["observed_at"]): e for e in events}.values())
    for e in events:
        e["artist"] = "BTS" if int(e["video_id"][1:]) % 2 else "IVE"
    actual = {
        (r["ingest_date"], r["artist"], r["window_start_at"].replace(tzinfo=UTC)): (
            r["video_count"],
            r["unique_videos"],
            r["unique_authors"],
            r["total_engagement"],
        )
        for r in windows(spark, events)
    }
    assert actual == reference(spark, events)


def test_an_artist_that_has_most_cells_is_no_single_partition_of_the_work(spark):
    """Nearly all events are one artist's: the largest part that is put in order stays small."""
    cells = spark.range(4000).select(
        F.lit(DAY).alias("ingest_date"),
        F.when(F.col("id") % 10 > 0, "BTS").otherwise("IVE").alias("artist"),
        F.concat(F.lit("v"), "id").alias("video_id"),
        F.lit(None).cast("string").alias("author_id"),
        F.lit(0).cast("bigint").alias("slide"),
    )
    for name in ("video_id", "author_id"):
        bucket = bucket_of(name)
        sizes = [row["count"] for row in cells.groupBy("artist", bucket).count().collect()]
        assert max(sizes) < 4000 * 0.15


@pytest.mark.both_engines
def test_an_id_that_two_artists_share_is_counted_by_each(spark):
    """Ids of all artists are put in order together; a channel may stand under more than one."""
    at = dt.datetime(2025, 11, 1, 12, 2, tzinfo=UTC)
    events = [
        event(0, 5, video_id=f"v{n}", artist=artist, author_id="one channel", event_at=at)
        for n, artist in enumerate(["BTS", "IVE", "BTS", "aespa"])
    ]
    found = {(r["artist"], r["unique_videos"], r["unique_authors"]) for r in windows(spark, events)}
    assert found == {("BTS", 2, 1), ("IVE", 1, 1), ("aespa", 1, 1)}


def reference(spark, events):
    """The same from the definition; sketches this small count exactly."""
    daily = measure_videos(frame(spark, events), DAY).collect()
    places = [
        (e["ingest_date"], e["artist"], e["event_at"], e["video_id"], e["author_id"], 1)
        for e in events
    ]
    places += [
        (
            r["ingest_date"],
            r["artist"],
            r["event_at"].replace(tzinfo=UTC),
            None,
            None,
            r["engagement"] - r["event_count"],
        )
        for r in daily
    ]
    cells = defaultdict(list)
    for day, artist, event_at, *rest in places:
        slide = event_at.replace(minute=event_at.minute // 5 * 5, second=0)
        for back in range(rules.WINDOWS_PER_EVENT):
            cells[day, artist, slide - dt.timedelta(minutes=5 * back)].append(rest)
    return {
        key: (
            sum(video is not None for video, _, _ in cell),
            len({video for video, _, _ in cell} - {None}),
            len({author for _, author, _ in cell} - {None}),
            sum(points for _, _, points in cell),
        )
        for key, cell in cells.items()
    }


def test_windows_hold_twelve_times_the_points_of_the_day_and_days_hold_them_once(spark):
    """An earlier pipeline summed overlapping windows and was 9 to 12 times too high."""
    events = [event(d, 1000 * d + h, h, video_id=f"v{h % 3}") for d in range(3) for h in (1, 5, 9)]
    rows = frame(spark, events)
    daily = measure_videos(rows, DAY)
    points = daily.agg(F.sum("engagement")).collect()[0][0]
    by_artist = sum_artists(daily).agg(F.sum("engagement"), F.sum("event_count")).collect()[0]
    in_windows = slide_windows(rows, daily).agg(F.sum("total_engagement")).collect()[0][0]
    assert (by_artist[0], by_artist[1]) == (points, len(events))
    assert in_windows == rules.WINDOWS_PER_EVENT * points


def test_publish_times_years_apart_all_reach_their_windows(spark):
    """An earlier pipeline's watermark over publish times dropped 95 % of them."""
    years = [
        event(0, 1, video_id=f"v{y}", event_at=dt.datetime(y, 5, 1, tzinfo=UTC))
        for y in range(2006, 2026)
    ]
    rows = windows(spark, years)
    assert len(rows) == 12 * len(years)
    keys = {(r["ingest_date"], r["artist"], r["window_start_at"]) for r in rows}
    assert len(keys) == len(rows)
