"""The content strategy page and its queries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from app.charts.plan.content_strategy import HIGHEST, effect_intervals
from app.notices import PageEnd
from app.queries.plan.content_strategy import (
    KINDS,
    beside_tier,
    list_acts_done,
    list_tiered,
    split_kinds,
)
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.insights.content_strategy import LEVERS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.demo import END


def test_an_act_beside_the_others_of_its_tier():
    acts = pl.DataFrame(
        {
            "artist": ["IVE", "BTS", "izna", "EXO"],
            "tier": [2, 2, 2, 1],
            **{name: [5.0, 1.0, None, 99.0] for name in LEVERS},
        }
    )
    found = beside_tier(acts, "IVE")
    assert found.get_column("lever").to_list() == list(LEVERS)
    assert found.row(0)[1:] == (5.0, 1.0, 1)


def test_data_without_own_channels_says_so(tmp_path: Path):
    track = {"ingest_date": days_ago(3), "video_id": "a", "artist": "IVE", "is_own_channel": False}
    write_rows(tmp_path, VIDEO_FIRSTS, [{**track, "first_seen_date": days_ago(9)}])
    rows = [{"ingest_date": DAY, "artist": name, "rank": 1} for name in ("IVE", "BTS")]
    lake = write_rows(tmp_path, ARTIST_FEATURES, rows)
    with pytest.raises(PageEnd) as notice:
        list_acts_done(lake, DAY, 90)
    assert notice.value.key == "content_strategy.no_own_channel"


def test_intervals_are_drawn_within_bounds():
    effects = {"effect_ratio": [2.0], "effect_low": [0.0], "effect_high": [900.0]}
    frame = pl.DataFrame({"feature_name": ["Shorts"], **effects, "act_count": [20]})
    chart = effect_intervals(frame, {name: name for name in frame.columns}).to_dict()
    (row,) = next(rows for rows in chart["datasets"].values() if rows)
    assert (row["drawn_effect_low"], row["drawn_effect_high"]) == (1 / HIGHEST, HIGHEST)
    assert row["effect_high"] == 900.0


def test_kinds_of_video_add_up_to_the_artist(full: Snapshot):
    start, end = END - dt.timedelta(days=6), day_end(END)
    videos = full.read(VIDEO_DAILY, start, end)
    artist = list_tiered(full, END).item(0, "artist")
    for whose, own in (
        (artist, videos.filter(pl.col("artist") == artist)),
        (None, videos.filter(pl.col("artist") != "OTHER")),
    ):
        found = split_kinds(full, start, end, whose)
        for name in ("engagement", "views_gained"):
            assert found.get_column(name).sum() == own.get_column(name).sum()
        assert set(found.get_column("video_format")) <= set(KINDS)


def test_page(full_home: Path, full: Snapshot, open_page: OpenPage):
    page = open_page(full_home, "content_strategy", "ko")
    assert page.title[0].value == "콘텐츠 전략"
    acts = list_acts_done(full, END, 180)
    texts = [text.value for text in (*page.markdown, *page.info, *page.subheader)]
    assert any("같은 티어" in text for text in texts)
    found = beside_tier(acts, acts.item(0, "artist"))
    tables = [table.value for table in page.dataframe]
    (beside,) = (table for table in tables if "tier_median" in table.columns)
    assert list(beside["known_count"]) == found["known_count"].to_list()


def test_one_day(one_day_home: Path, open_page: OpenPage):
    assert not open_page(one_day_home, "content_strategy").exception
