"""The release timing page and its queries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from deltalake import write_deltalake

from app.charts.plan.release_timing import slot_bars
from app.queries.plan.release_timing import list_standing, list_titles, take_latest
from app.queries.releases import look_back
from app.snapshot import Snapshot
from kpop_assets.settings import Settings
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import read_cells
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
    assert list_titles(lake, ("a", "c"), DAY).rows() == [("a", "<b>new</b>")]


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


def test_chart_of_slots():
    slots = pl.DataFrame(
        {
            "weekday_label": ["Mon", "Tue", "Wed"],
            "relative_median": [1.5, None, 0.5],
            "relative_count": [1234, 0, 9],
            "is_enough": [True, False, False],
            "views_first_7d_median": [10.0, None, 3.0],
        }
    )
    titles = {name: name for name in slots.columns}
    chart = slot_bars(slots, "weekday_label", titles, ("many", "few")).to_dict()
    rows = next(rows for rows in chart["datasets"].values() if rows and "legend" in rows[0])
    assert [row["legend"] for row in rows] == ["many", "few", "few"]
    assert [row["count_text"] for row in rows] == ["1.2k", "0", "9"]


def test_page(full_home: Path, full: Snapshot, open_page: OpenPage):
    page = open_page(full_home, "release_timing", "ko")
    assert page.title[0].value == "발매 시점"
    found = look_back(full, END)
    assert f"{found.new_video_count:,}" in page.markdown[0].value
    weekdays, hours = page.dataframe[0].value, page.dataframe[1].value
    assert list(weekdays["new_video_count"]) == found.by_weekday["new_video_count"].to_list()
    assert list(hours["relative_count"]) == found.by_hour["relative_count"].to_list()
    latest = page.dataframe[len(page.dataframe) - 1]
    artists = take_latest(found.releases, END)["artist"].to_list()
    assert read_cells(latest, "artist") == [full.catalog[artist].name_ko for artist in artists]


def test_a_day_far_ahead_has_no_known_competition(full_home: Path, open_page: OpenPage):
    page = open_page(full_home, "release_timing")
    page.date_input[0].set_value(END + dt.timedelta(days=90)).run()
    assert not page.exception
    assert "announced" in page.info[0].value


def test_one_day(one_day_home: Path, open_page: OpenPage):
    page = open_page(one_day_home, "release_timing")
    assert "7 complete days" in page.info[0].value
