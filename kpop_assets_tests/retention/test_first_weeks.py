"""First weeks of the API's videos go with the days that they began on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pyspark.sql import SparkSession

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.silver import VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.retention.api_rows import remove_first_weeks
from kpop_assets_tests.graph.kit import frame

ONE = dt.timedelta(days=1)
FIRST = dt.date(2026, 3, 1)
KEPT = FIRST + 10 * ONE
# video: first day, source, whether its first week is still there after the purge.
VIDEOS = {
    "api before": (KEPT - 5 * ONE, "youtube", False),
    "api on the first kept day": (KEPT, "youtube", True),
    "another's before": (KEPT - 5 * ONE, "spotify", True),
}


def test_what_began_before_the_first_kept_day_goes_though_it_was_complete_after(
    spark: SparkSession, tmp_path: Path
):
    lake = Lake(tmp_path / "lake", lambda: spark)
    events = [
        {"ingest_date": first, "video_id": name, "source": source}
        for name, (first, source, _) in VIDEOS.items()
    ]
    firsts = [
        {"ingest_date": first + 6 * ONE, "video_id": name, "first_seen_date": first}
        for name, (first, _, _) in VIDEOS.items()
    ]
    for table, rows in ((EVENTS, events), (VIDEO_FIRSTS, firsts)):
        last = max(row["ingest_date"] for row in rows)
        lake.replace_range(table, FIRST, day_end(last), frame(spark, table, *rows))
    remove_first_weeks(lake, FIRST, KEPT, "run")
    left = lake.arrow(VIDEO_FIRSTS, FIRST, KEPT + 30 * ONE)["video_id"].to_pylist()
    assert sorted(left) == sorted(name for name, (*_, stays) in VIDEOS.items() if stays)


def test_a_lake_without_first_weeks_has_none_to_lose(spark: SparkSession, tmp_path: Path):
    lake = Lake(tmp_path / "lake", lambda: spark)
    remove_first_weeks(lake, FIRST, KEPT, "run")
    assert not lake.exists(VIDEO_FIRSTS)
