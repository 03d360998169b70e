"""What an earlier pipeline of this kind got wrong and bronze and the lake must not.

Numbers are those of the list of its defects: 2, 4, 5, 7, 13 and 15. The others belong to the
layers above.
"""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from pybloom_live import BloomFilter
from pyspark.sql import SparkSession

from kpop_assets.bronze.account import account_for_files, select_quarantine, select_rows
from kpop_assets.bronze.bloom import build_filters
from kpop_assets.bronze.bloom_filter import from_bytes, may_hold
from kpop_assets.bronze.events import parse_events
from kpop_assets.bronze.videos import select_new_videos
from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES, QUARANTINE
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets.landing.found import find_files
from kpop_assets_tests.bronze.kit import (
    DAY,
    DAY_MS,
    FEW_ACTS,
    NEXT,
    NOON_MS,
    land,
    line,
    load,
)
from kpop_assets_tests.lake.kit import (
    MARKS,
    data_files,
    day,
    log_actions,
    marks,
    read_marks,
)


def test_defect_2_a_hit_of_the_filter_never_drops_a_new_video(spark: SparkSession, tmp_path: Path):
    """A filter so small that it hits for most new ids: they are all events and all new."""
    bloom = BloomFilter(20, 0.5)
    for number in range(20):
        bloom.add(f"old-{number}", skip_check=True)
    ids = [f"new-{number}" for number in range(2_000)]
    false_hits = [video_id for video_id in ids if may_hold([(DAY, bloom)], video_id)]
    assert len(false_hits) > 500
    land(tmp_path, b"\n".join(line(video_id=video_id) for video_id in ids))
    events = load(spark, tmp_path).rows
    assert {row["video_id"] for row in events} == set(ids)


def test_defect_2_a_video_is_forgotten_after_seven_days(spark: SparkSession):
    """Filters are one a day and the look-back reads days: nothing saved grows old or full."""
    schema = (
        "ingest_date date, video_id string, observed_at timestamp, artist string, text string, "
        "author_id string, author_name string, source string, published_at timestamp"
    )
    seen = dt.datetime(2026, 3, 2, 3, tzinfo=dt.UTC)
    rows = [
        (
            DAY + dt.timedelta(days=n),
            "v",
            seen + dt.timedelta(days=n),
            "A",
            "t",
            None,
            None,
            "s",
            None,
        )
        for n in (0, 7, 15)
    ]
    new = select_new_videos(spark.createDataFrame(rows, schema), DAY).collect()
    assert sorted((row["ingest_date"] - DAY).days for row in new) == [0, 15]


def test_defect_4_publish_times_that_jump_years_lose_no_event(spark: SparkSession, tmp_path: Path):
    """Many small files whose times run back and forth: no watermark stands between them and us."""
    count = 1_000
    for start in range(0, count, 100):
        lines = [
            line(video_id=f"v{number}", ts=NOON_MS - (number * 7_919 % 5_000) * DAY_MS)
            for number in range(start, start + 100)
        ]
        land(tmp_path, b"\n".join(lines), f"events_{NOON_MS + start}.json")
    loaded = load(spark, tmp_path)
    assert len(loaded.rows) == count
    assert loaded.quarantine == []


def test_defect_5_no_language_is_filtered_out(spark: SparkSession, tmp_path: Path):
    languages = ["ko", "en", "ja", "KO", "ko-KR", "und", "", " ", None, ..., 5]
    lines = [line(video_id=f"v{n}", lang=lang) for n, lang in enumerate(languages)]
    land(tmp_path, b"\n".join(lines))
    assert len(load(spark, tmp_path).rows) == len(languages)


def test_defect_7_one_bad_time_in_a_thousand_lines_costs_that_line_only(
    lake: Lake, spark: SparkSession, tmp_path: Path
):
    lines = [line(video_id=f"v{number}") for number in range(1_000)]
    land(tmp_path, b"\n".join([*lines[:500], line(ts="bad"), *lines[500:]]))
    files = find_files(tmp_path, DAY, NEXT)
    with lake.staged(parse_events(spark, files, FEW_ACTS)) as parsed:
        written = [
            lake.replace_range(EVENTS, DAY, NEXT, select_rows(parsed, EVENT_LINES)),
            lake.replace_range(QUARANTINE, DAY, NEXT, select_quarantine(parsed, EVENT_LINES)),
            lake.replace_range(FILES, DAY, NEXT, account_for_files(parsed, files, EVENT_LINES)),
        ]
    assert [done.row_count for done in written] == [1_000, 1, 1]
    # What is reported is what stands there.
    assert [lake.row_count(table) for table in (EVENTS, QUARANTINE, FILES)] == [1_000, 1, 1]
    (bad,) = lake.newest_rows(QUARANTINE)
    assert (bad["line_number"], bad["reason"], bad["field"]) == (501, "wrong_type", "ts")
    assert bad["line"].encode() == line(ts="bad")


def test_defect_7_a_write_that_fails_raises(lake: Lake, spark: SparkSession):
    (lake.root / "test").mkdir(parents=True)
    (lake.root / "test" / "marks").write_text("in the way")
    with pytest.raises(LakeError, match="test/marks"):
        lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))


def test_defect_13_the_saved_filter_holds_the_ids_of_the_events_themselves(
    lake: Lake, spark: SparkSession, tmp_path: Path
):
    land(tmp_path, b"\n".join(line(video_id=f"id_{n:011}") for n in range(1_000)))
    files = find_files(tmp_path, DAY, NEXT)
    with lake.staged(parse_events(spark, files, FEW_ACTS)) as parsed:
        lake.replace_range(EVENTS, DAY, NEXT, select_rows(parsed, EVENT_LINES))
    lake.replace_range(BLOOM, DAY, NEXT, build_filters(lake.read(EVENTS, DAY, NEXT)))
    (saved,) = lake.newest_rows(BLOOM)
    bloom = from_bytes(saved["filter"])
    ids = lake.arrow(EVENTS, DAY, NEXT, ["video_id"]).column("video_id").to_pylist()
    assert saved["id_count"] == len(ids) == 1_000
    assert all(may_hold([(DAY, bloom)], video_id) for video_id in ids)
    assert sum(bool(may_hold([(DAY, bloom)], f"absent_{n}")) for n in range(1_000)) < 30


@pytest.mark.both_engines
def test_defect_15_replacing_a_day_neither_rewrites_nor_reads_the_others(
    lake: Lake, spark: SparkSession
):
    lake.replace_range(MARKS, day(1), day(4), marks(spark, [(1, "a", 1), (2, "b", 2), (3, "c", 3)]))
    folder = lake.location(MARKS)
    before = {name: (folder / name).stat().st_mtime_ns for name in data_files(folder)}
    others = {name for name in before if "2026-01-02" not in name}
    assert len(before) == 3 and len(others) == 2
    # A file that cannot be opened is a file that must not be read.
    kept = folder.parent / "kept"
    for name in others:
        (kept / name).parent.mkdir(parents=True)
        shutil.move(folder / name, kept / name)
        (folder / name).write_text("not Parquet")
    written = lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "new", 9)]))
    assert read_marks(lake, 2, 3) == [(2, "new", 9)]
    assert lake.arrow(MARKS, day(2), day(3)).num_rows == 1
    for name in others:
        shutil.move(kept / name, folder / name)
    actions = log_actions(folder, written.version)
    touched = {
        action[kind]["partitionValues"]["ingest_date"]
        for action in actions
        for kind in ("add", "remove")
        if kind in action
    }
    assert touched == {"2026-01-02"}
    assert sum("add" in action for action in actions) == 1
    assert sum("remove" in action for action in actions) == 1
    assert {name: (folder / name).stat().st_mtime_ns for name in others} == {
        name: before[name] for name in others
    }
    assert read_marks(lake) == [(1, "a", 1), (2, "new", 9), (3, "c", 3)]


def test_defect_15_landing_files_of_other_days_are_not_opened(tmp_path: Path, spark: SparkSession):
    land(tmp_path, line())
    for other in (DAY - dt.timedelta(days=1), NEXT):
        path = land(tmp_path, b"", day=other)
        path.unlink()
        # Opening this waits for a writer that never comes.
        path.symlink_to(tmp_path / "nowhere")
    assert [file.day for file in find_files(tmp_path, DAY, NEXT)] == [DAY]
    assert len(load(spark, tmp_path).rows) == 1


def test_defect_15_one_day_of_one_table_is_one_file(lake: Lake, spark: SparkSession):
    rows = [(number, f"{n}", n) for number in (1, 2) for n in range(500)]
    frame = marks(spark, rows).repartition(7)
    lake.replace_range(MARKS, day(1), day(3), frame)
    assert len(data_files(lake.location(MARKS))) == 2
