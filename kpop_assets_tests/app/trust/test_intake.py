"""Lines taken in by day, quarantine and sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.queries import lake
from app.queries.trust import intake
from app.snapshot import Snapshot
from kpop_assets.contracts import bronze
from kpop_assets.settings import Settings
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows


def test_lines_by_day_show_days_nobody_collected(tmp_path: Path):
    counts = {"event_count": 5, "duplicate_count": 2, "quarantine_count": 1}
    rows = [
        {"ingest_date": DAY, "landing_file": "a", **counts},
        {"ingest_date": DAY, "landing_file": "b", **counts},
        {"ingest_date": days_ago(2), "landing_file": "c", **counts},
        {"ingest_date": days_ago(80), "landing_file": "d", **counts},
    ]
    write_rows(tmp_path, bronze.FILES, rows)
    snapshot = Snapshot(Settings(home=tmp_path))
    days = intake.count_lines(snapshot)
    assert days.height == 60
    assert days.get_column("ingest_date").to_list() == [days_ago(59 - i) for i in range(60)]
    assert days.row(-1) == (DAY, 10, 4, 2, True)
    assert days.row(-2) == (days_ago(1), 0, 0, 0, False)
    assert days.get_column("is_collected").sum() == 2
    assert intake.count_lines(snapshot, days_ago(79)).height == 2
    assert intake.count_lines(snapshot, days_ago(81)).is_empty()


def test_quarantine_counts_and_samples(tmp_path: Path):
    def line(number: int, reason: str, field: str | None, age: int = 0) -> dict[str, Any]:
        place = {"ingest_date": days_ago(age), "landing_file": "f", "line_number": number}
        return {**place, "reason": reason, "field": field, "line": f"{number}<b>" + "x" * 500}

    rows = [line(n, "wrong_type", "ts") for n in range(1, 31)]
    rows += [line(31, "broken_json", None, 3), line(32, "broken_json", None, 70)]
    write_rows(tmp_path, bronze.QUARANTINE, rows)
    found = intake.list_quarantine(Snapshot(Settings(home=tmp_path)), DAY)
    assert found.reasons.rows() == [
        ("wrong_type", "ts", 30, DAY),
        ("broken_json", None, 1, days_ago(3)),
    ]
    assert found.samples.height == 20
    numbers = found.samples.get_column("line_number").to_list()
    assert numbers[:3] == [30, 31, 29]
    for number, text in found.samples.select("line_number", "line").iter_rows():
        assert text == (f"{number}<b>" + "x" * 500)[:200]


def test_sources_by_name(tmp_path: Path):
    rows = [
        {"ingest_date": days_ago(age), "source": source, "video_id": str(age)}
        for age, source in ((3, "youtube"), (0, "youtube"), (1, "demo"))
    ]
    write_rows(tmp_path, bronze.EVENTS, rows)
    # Two in one file, whose rows have to be read; beside another file of the same day.
    day = {"ingest_date": days_ago(3)}
    mixed = [{**day, "source": "youtube"}, {**day, "source": "spotify_chart"}]
    write_rows(tmp_path, bronze.EVENTS, mixed)
    assert lake.describe_sources(Snapshot(Settings(home=tmp_path))).rows() == [
        ("demo", 1, days_ago(1), days_ago(1), True),
        ("spotify_chart", 1, days_ago(3), days_ago(3), False),
        ("youtube", 3, days_ago(3), DAY, False),
    ]


def test_sources_from_the_log_are_those_of_the_rows(full: Snapshot):
    rows = full.read(bronze.EVENTS)
    expected = rows.group_by("source").len().sort("source").rows()
    assert lake.describe_sources(full).select("source", "row_count").rows() == expected
