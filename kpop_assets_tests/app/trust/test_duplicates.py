"""The duplicates page: a filter's figures, and what is said of an id."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from app.notices import PageEnd
from app.queries.trust import duplicates
from app.queries.trust.duplicates import count_repeats, describe_day, look_up
from app.snapshot import Snapshot
from kpop_assets.bronze.bloom_filter import fill, to_bytes
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import BLOOM, EVENTS, FILES
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import write_rows

DAY = dt.date(2026, 3, 31)
# Day before DAY, id, title. GHOST is in a filter only: what a false hit looks like.
SEEN = ((0, "a", "A now"), (2, "a", "A two days before"), (2, "b", "B"), (30, "old", "Old"))
GHOST = (5, "ghost", "")


def before(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


@pytest.fixture
def lake(tmp_path: Path) -> Snapshot:
    held: dict[int, list[str]] = {}
    for days, video_id, _ in (*SEEN, GHOST):
        held.setdefault(days, []).append(video_id)
    filters = [
        {
            "ingest_date": before(days),
            "capacity": rules.BLOOM_CAPACITY,
            "error_rate": rules.BLOOM_ERROR_RATE,
            "id_count": len(ids),
            "filter": to_bytes(fill(ids)),
        }
        for days, ids in held.items()
    ]
    write_rows(tmp_path, BLOOM, filters)
    events = [
        {
            "ingest_date": before(days),
            "video_id": video_id,
            "text": text if hour else "earlier title",
            "artist": "IVE",
            "observed_at": dt.datetime.combine(before(days), dt.time(hour), dt.UTC),
        }
        for days, video_id, text in SEEN
        for hour in (0, 9)
    ]
    return write_rows(tmp_path, EVENTS, events)


def test_an_id_is_found_on_the_days_it_was_seen_with_its_last_title(lake: Snapshot):
    answer = look_up(lake, DAY, "a")
    assert answer.hit_days == (before(2), DAY)
    assert answer.seen.select("ingest_date", "event_count", "text", "artist").rows() == [
        (DAY, 2, "A now", "IVE"),
        (before(2), 2, "A two days before", "IVE"),
    ]
    assert answer.day_count == 3 and answer.first == before(5)


def test_a_miss_reads_no_event(lake: Snapshot, monkeypatch: pytest.MonkeyPatch):
    read = []
    really = Snapshot.read

    def spy(self, table, *args, **kwargs):
        read.append(table.path)
        return really(self, table, *args, **kwargs)

    monkeypatch.setattr(Snapshot, "read", spy)
    answer = look_up(lake, DAY, "new")
    assert answer.hit_days == () and answer.seen.is_empty()
    assert read == ["bronze/bloom"]


def test_a_hit_is_checked_exactly(lake: Snapshot):
    answer = look_up(lake, DAY, "ghost")
    assert answer.hit_days == (before(5),)
    assert answer.seen.is_empty()


def test_only_the_thirty_days_up_to_the_day_count(lake: Snapshot):
    assert look_up(lake, DAY, "old").hit_days == ()
    assert look_up(lake, before(1), "old").hit_days == (before(30),)
    assert look_up(lake, before(1), "a").hit_days == (before(2),)
    with pytest.raises(PageEnd, match="no_filters"):
        look_up(lake, before(31), "a")


def test_the_filter_of_a_day(lake: Snapshot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(duplicates, "ASKED_IDS", 1_000)
    about = describe_day(lake, before(2))
    assert (about.capacity, about.id_count, about.error_rate) == (
        rules.BLOOM_CAPACITY,
        2,
        rules.BLOOM_ERROR_RATE,
    )
    assert about.size_bytes == len(to_bytes(fill(["a", "b"])))
    assert 0 < about.estimated_rate < 1e-20
    assert (about.false_hits, about.asked_count) == (0, 1_000)
    with pytest.raises(PageEnd, match="no_filter"):
        describe_day(lake, before(1))


def test_lines_are_summed_over_the_files_of_each_day(tmp_path: Path):
    counts = [(0, 10, 1), (0, 30, 3), (1, 0, 0), (29, 8, 2), (30, 5, 5)]
    rows = [
        {"ingest_date": before(days), "line_count": lines, "duplicate_count": repeated}
        for days, lines, repeated in counts
    ]
    counted = count_repeats(write_rows(tmp_path, FILES, rows), DAY)
    assert counted.rows() == [(before(29), 8, 2, 0.25), (DAY, 40, 4, 0.1)]


def test_the_page_answers(full_home: Path, full: Snapshot, open_page: OpenPage):
    newest = full.rows_by_day(EVENTS)
    day = max(newest)
    known = full.read(EVENTS, day, columns=["video_id"]).item(0, 0)
    page = open_page(full_home, "data_health", tab="duplicates")
    assert [metric.label for metric in page.metric] == [
        "Ids in it",
        "Capacity",
        "Size",
        "Error rate, full",
        "False hits, estimated",
        "False hits, measured",
    ]
    page.text_input(key="chosen_video").set_value(f" {known} ").run()
    assert not page.exception
    seen = page.dataframe[0].value
    events = full.read(EVENTS, day - dt.timedelta(days=29), columns=["ingest_date", "video_id"])
    mine = events.filter(pl.col("video_id") == known)
    assert len(seen) == mine.get_column("ingest_date").n_unique()
    assert seen["event_count"].sum() == mine.height
    page.text_input(key="chosen_video").set_value("](javascript:alert) never").run()
    assert not page.exception
    assert "Certainly new" in page.success[0].value


def test_the_page_in_korean(full_home: Path, open_page: OpenPage):
    page = open_page(full_home, "data_health", "ko", tab="duplicates")
    assert page.metric[0].label == "담긴 ID"


def test_days_without_repeats_are_a_sentence(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "IVE"}])
    write_rows(tmp_path, FILES, [{"ingest_date": DAY, "line_count": 1_234}])
    page = open_page(tmp_path, "data_health", tab="duplicates")
    assert any("None of the 1,234 lines" in markdown.value for markdown in page.markdown)
    # A missing filter ends its section only.
    assert "bronze/bloom" in page.info[0].value.replace("\\", "")
    page.text_input(key="chosen_video").set_value("x").run()
    assert not page.exception and len(page.info) == 1


def test_the_page_without_a_ranking(lake: Snapshot, tmp_path: Path, open_page: OpenPage):
    rows = [(DAY, 50, 5), (before(1), 10, 0)]
    counted = [
        {"ingest_date": day, "line_count": lines, "duplicate_count": repeated}
        for day, lines, repeated in rows
    ]
    write_rows(tmp_path, FILES, counted)
    page = open_page(tmp_path, "data_health", tab="duplicates")
    assert page.metric[0].value == "1" and not page.info
    assert any("5 of the 50 lines" in markdown.value for markdown in page.markdown)
    page.text_input(key="chosen_video").set_value("b").run()
    assert "1 of the 3 days" in page.warning[-1].value
