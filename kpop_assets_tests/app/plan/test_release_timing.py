"""The release timing page and its queries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from deltalake import write_deltalake

from app.charts.plan.release_timing import HIGHEST, slot_intervals
from app.notices import PageEnd
from app.queries.plan.release_timing import (
    list_release_titles,
    list_standing,
    take_latest,
    time_kinds,
)
from app.queries.releases import list_releases
from app.snapshot import Snapshot
from kpop_assets.contracts.silver import VIDEO_FIRSTS
from kpop_assets.settings import Settings
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import read_cells, write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 11, 2)


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


@pytest.fixture
def lake(tmp_path: Path) -> Snapshot:
    rows = [(on(-40), "a", "too old"), (on(-9), "a", "old"), (on(-1), "a", "<b>new</b>")]
    rows += [(on(0), "b", "other"), (on(1), "a", "not known yet")]
    table = pl.DataFrame(rows, schema=["ingest_date", "video_id", "text"], orient="row")
    folder = tmp_path / "lake" / "bronze" / "videos"
    write_deltalake(str(folder), table, partition_by=["ingest_date"])
    return Snapshot(Settings(home=tmp_path))


def test_titles_are_the_last_ones_known(lake: Snapshot):
    assert list_release_titles(lake, ("a", "c"), DAY).rows() == [("a", "<b>new</b>")]


def test_latest_releases_are_of_30_days():
    dates = [on(-30), on(-29), on(0), on(0)]
    releases = pl.DataFrame(
        {"artist": ["IVE", "BTS", "EXO", "TXT"], "release_date": dates}
    ).with_columns(pl.Series("views_first_7d", [9, 9, 1, 5]))
    assert take_latest(releases, DAY).get_column("artist").to_list() == ["TXT", "EXO", "BTS"]


def test_standing_is_of_one_day(full: Snapshot):
    standing = list_standing(full, END)
    assert standing.get_column("ingest_date").unique().to_list() == [END]
    assert standing.get_column("rank").min() == 1


FIRST = {"artist": "IVE", "first_seen_date": on(-20), "video_kind": "music_video"}
NOON = dt.datetime.combine(on(-20), dt.time(3, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"launched_at": None, "is_own_channel": False}, "release_timing.no_hours"),
        ({"launched_at": NOON, "is_own_channel": False}, "release_timing.no_own_channel"),
        ({"launched_at": NOON, "is_own_channel": None}, "release_timing.no_own_channel"),
    ],
)
def test_data_that_cannot_tell_says_why(tmp_path: Path, more: dict[str, object], key: str):
    rows = [{"ingest_date": on(-14 + n), "video_id": str(n), **FIRST, **more} for n in range(2)]
    rows[1]["first_seen_date"] = on(-19)
    with pytest.raises(PageEnd) as notice:
        time_kinds(write_rows(tmp_path, VIDEO_FIRSTS, rows), DAY)
    assert notice.value.key == key


def test_intervals_are_drawn_within_bounds_and_not_below_the_fewest_releases():
    slots = pl.DataFrame(
        {
            "weekday_label": ["Mon", "Tue"],
            "relative_median": [1.5, None],
            "relative_low": [0.0, None],
            "relative_high": [900.0, None],
            "release_count": [20, 7],
        }
    )
    titles = {name: name for name in slots.columns}
    chart = slot_intervals(slots, "weekday_label", titles).to_dict()
    rows = next(rows for rows in chart["datasets"].values() if rows)
    assert [row["drawn_relative_high"] for row in rows] == [HIGHEST, None]
    assert [row["drawn_relative_low"] for row in rows] == [1 / HIGHEST, None]
    assert [row["relative_high"] for row in rows] == [900.0, None]


def test_page(full_home: Path, full: Snapshot, open_page: OpenPage):
    page = open_page(full_home, "release_timing", "ko")
    assert page.title[0].value == "발매 시점"
    times = next(iter(time_kinds(full, END).values()))
    weekdays, hours = page.dataframe[0].value, page.dataframe[1].value
    assert list(weekdays["release_count"]) == times.by_weekday["release_count"].to_list()
    assert list(hours["release_count"]) == times.by_hour["release_count"].to_list()
    latest = page.dataframe[len(page.dataframe) - 1]
    releases = list_releases(full, END)
    artists = take_latest(releases, END)["artist"].to_list()
    assert read_cells(latest, "artist") == [full.catalog[artist].name_ko for artist in artists]


def test_the_simulation_has_no_good_hour_on_the_page(full_home: Path, open_page: OpenPage):
    """It said that 18:00 is eighteen times as good: what comes out then is a music video."""
    page = open_page(full_home, "release_timing")
    for kind in page.selectbox(key="chosen_kind").options:
        page.selectbox(key="chosen_kind").select(kind).run()
        texts = [text.value for text in (*page.markdown, *page.info)]
        assert not [text for text in texts if "these slots did otherwise" in text]


def test_a_day_far_ahead_has_no_known_competition(full_home: Path, open_page: OpenPage):
    page = open_page(full_home, "release_timing")
    page.date_input[0].set_value(END + dt.timedelta(days=90)).run()
    assert not page.exception
    assert any("announced" in notice.value for notice in page.info)


def test_one_day(one_day_home: Path, open_page: OpenPage):
    page = open_page(one_day_home, "release_timing")
    assert "7 complete days" in page.info[0].value
