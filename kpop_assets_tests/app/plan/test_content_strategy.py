"""The content strategy page and its queries."""

from __future__ import annotations

import datetime as dt
import statistics
from pathlib import Path

import polars as pl
import pytest

from app.charts.plan.content_strategy import ratio_bars
from app.numbers import write
from app.queries.plan.content_strategy import (
    KINDS,
    PERCENT,
    SHOWN,
    compare_artist,
    list_medians,
    list_tiered,
    split_kinds,
)
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.demo import END


def test_medians(full: Snapshot):
    start, end = END - dt.timedelta(days=6), day_end(END)
    rows = full.read(ARTIST_FEATURES, start, end).to_dicts()
    for found in list_medians(full, start, end).to_dicts():
        own = [row for row in rows if row["tier"] == found["tier"]]
        assert found["artist_day_count"] == len(own)
        for name in SHOWN:
            known = [row[name] for row in own if row[name] is not None]
            expected = statistics.median(known) if known else None
            assert found[name] == pytest.approx(expected)


def test_an_artist_against_a_tier(full: Snapshot):
    rows = full.read(ARTIST_FEATURES, END, day_end(END)).to_dicts()
    artist = list_tiered(full, END).row(-1)[0]
    own = next(row for row in rows if row["artist"] == artist)
    found = {row["feature"]: row for row in compare_artist(full, artist, END, 1).to_dicts()}
    assert tuple(found) == SHOWN
    for name in SHOWN:
        top = [row[name] for row in rows if row["tier"] == 1 and row[name] is not None]
        assert found[name]["artist_value"] == own[name]
        if name in PERCENT:
            assert found[name]["ratio"] is None
        else:
            ratio = own[name] / statistics.mean(top)
            assert found[name]["ratio"] == pytest.approx(ratio)


@pytest.mark.parametrize("ratios", [[0.5, 0.0001, 3000.0], [1.0], [0.93]])
def test_the_chart_spans_every_ratio_and_the_tier(ratios: list[float]):
    names = [str(number) for number in range(len(ratios))]
    frame = pl.DataFrame({"feature_name": names, "ratio": ratios})
    chart = ratio_bars(frame, {"feature_name": "f", "ratio": "r"}).to_dict()
    x = chart["layer"][0]["encoding"]["x"]
    low, high = x["scale"]["domain"]
    assert low < min(1, *ratios) and high > max(1, *ratios)
    assert 1 in x["axis"]["values"] and len(x["axis"]["values"]) < 12
    assert all(low <= tick <= high for tick in x["axis"]["values"])


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
    assert (page.title[0].value, len(page.info)) == ("콘텐츠 전략", 0)
    artists = list_tiered(full, END)
    below = artists.filter(pl.col("tier") > 1).item(0, "artist")
    assert page.selectbox(key="chosen_artist").value == below
    table = page.dataframe[len(page.dataframe) - 1].value
    score = artists_score(full, below)
    assert table["artist_value"][0] == write("compact", score, "ko")


def test_growth_that_needs_more_days_is_a_sentence(full_home: Path, open_page: OpenPage):
    page = open_page(full_home, "content_strategy")
    page.selectbox(key="chosen_feature").set_value("growth_rate_30d").run()
    assert "longer history" in page.info[0].value
    assert not page.exception


def test_one_day(one_day_home: Path, open_page: OpenPage):
    assert not open_page(one_day_home, "content_strategy").exception


def artists_score(full: Snapshot, artist: str) -> int:
    only = pl.col("artist") == artist
    return full.read(ARTIST_FEATURES, END, day_end(END), ["total_engagement"], only).item()
