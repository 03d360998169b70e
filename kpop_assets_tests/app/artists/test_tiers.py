"""The tiers page: distribution, cut-offs, movers."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import polars as pl
import pytest

from app.charts.artists.tiers import by_bins, cumulative, score_ticks
from app.notices import PageEnd
from app.queries.artists.tiers import (
    bin_scores,
    find_tier_changes,
    linear_below,
    list_cutoffs,
    list_scores,
)
from kpop_assets.contracts.gold import ARTIST_FEATURES, TIER_CUTOFFS
from kpop_assets.contracts.rules import TIERS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import artist_names, write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 3, 10)
WEEK_BEFORE = dt.date(2026, 3, 3)


def feature(artist: str, tier: int, score: int, day: dt.date = DAY, **more: object) -> dict:
    return {"ingest_date": day, "artist": artist, "tier": tier, "total_engagement": score, **more}


def scores_of(*values: int) -> pl.DataFrame:
    columns = {"total_engagement": list(values), "tier": [4] * len(values)}
    return pl.DataFrame(columns, schema_overrides={"tier": pl.Int32})


def test_movers_rose_first_and_others_are_only_counted(tmp_path: Path):
    before = [("stays", 1), ("falls", 2), ("rises", 4), ("rises less", 3), ("leaves", 4)]
    write_rows(tmp_path, ARTIST_FEATURES, [feature(a, n, 1, WEEK_BEFORE) for a, n in before])
    # A day between must not count as the week before.
    write_rows(tmp_path, ARTIST_FEATURES, [feature("falls", 4, 1, DAY - dt.timedelta(days=6))])
    now = [("stays", 1, 90), ("falls", 4, 5), ("rises", 2, 70), ("rises less", 2, 80)]
    lake = write_rows(tmp_path, ARTIST_FEATURES, [feature(*row) for row in [*now, ("new", 3, 9)]])
    moved = find_tier_changes(lake, DAY)
    assert moved.rows.select("artist", "tier_7d_ago", "tier").rows() == [
        ("rises", 4, 2),
        ("rises less", 3, 2),
        ("falls", 2, 4),
    ]
    assert (moved.since, moved.entered, moved.left) == (WEEK_BEFORE, 1, 1)


def test_movers_without_the_day_a_week_before_say_so(tmp_path: Path):
    lake = write_rows(tmp_path, ARTIST_FEATURES, [feature("a", 1, 1)])
    with pytest.raises(PageEnd) as notice:
        find_tier_changes(lake, DAY)
    assert (notice.value.key, notice.value.values) == (
        "tiers.no_week_before",
        {"since": WEEK_BEFORE},
    )


def test_movers_agree_with_a_count_in_plain_python(full):
    rows = full.read(ARTIST_FEATURES, columns=["ingest_date", "artist", "tier"]).rows()
    tiers = {(day, artist): tier for day, artist, tier in rows}
    since = END - dt.timedelta(days=7)
    now = {artist: tier for (day, artist), tier in tiers.items() if day == END}
    then = {artist: tier for (day, artist), tier in tiers.items() if day == since}
    expected = {a: (then[a], now[a]) for a in now.keys() & then.keys() if then[a] != now[a]}
    moved = find_tier_changes(full, END)
    assert {a: (old, new) for a, old, new, *_ in moved.rows.rows()} == expected
    assert (moved.entered, moved.left) == (len(now.keys() - then), len(then.keys() - now))


@pytest.mark.parametrize(
    ("values", "unit"), [((0, 0, 0), 1), ((50,), 1), ((0, 1, 156_000), 1), ((5, 82_154, 9e6), 100)]
)
def test_scale_is_linear_below_a_hundredth_of_the_median(values: tuple[int, ...], unit: int):
    assert linear_below(scores_of(*map(int, values))) == unit


def test_bins_hold_every_artist_once_and_are_equally_wide(full):
    scores = list_scores(full, END)
    bins, unit = bin_scores(scores), linear_below(scores)
    assert bins.get_column("artist_count").sum() == scores.height
    assert bins.get_column("artist_share").sum() == pytest.approx(1)
    for start, end, tier, count, _ in bins.rows():
        width = math.log1p(end / unit) - math.log1p(start / unit)
        assert width == pytest.approx(math.log(10) / 4)
        inside = [
            score
            for score, own in scores.select("total_engagement", "tier").rows()
            if own == tier and start <= score < end
        ]
        assert len(inside) == count


@pytest.mark.parametrize("values", [(0, 0), (7, 7), (0, 1, 1_388_032), (16_411, 1_992_414)])
def test_charts_have_ticks_inside_any_scores(values: tuple[int, ...]):
    scores = scores_of(*values).with_columns(
        pl.lit("a").alias("artist"), pl.lit(0.5).alias("percentile")
    )
    cutoffs = pl.DataFrame(
        {"tier": [1, 4], "percentile_from": [0.9, 0.0], "min_total_engagement": [max(values), 0]},
        schema_overrides={"tier": pl.Int32},
    )
    bins = bin_scores(scores)
    titles = {name: name for name in [*scores.columns, *cutoffs.columns, *bins.columns]}
    for chart in (cumulative(scores, cutoffs, titles), by_bins(bins, scores, cutoffs, titles)):
        assert chart.to_dict()["layer"]
    assert score_ticks(scores)


def test_day_without_cutoffs_says_so(tmp_path: Path):
    lake = write_rows(tmp_path, TIER_CUTOFFS, [{"ingest_date": WEEK_BEFORE, "tier": 1}])
    with pytest.raises(PageEnd, match=r"tiers\.no_cutoffs"):
        list_cutoffs(lake, DAY)


def test_page_shows_charts_tiers_and_movers(full_home: Path, open_page: OpenPage):
    for lang in ("en", "ko"):
        page = open_page(full_home, "board", lang, tab="tiers")
        assert len(page.get("vega_lite_chart")) == 2
        assert not page.info
        assert [metric.value for metric in page.metric][2:] == ["0", "0"]
    tables = [table.value for table in page.dataframe]
    cutoffs = next(table for table in tables if "percentile_from" in table.columns)
    assert list(cutoffs["tier"]) == list(TIERS)
    assert any("driving_video_title" in table.columns for table in tables)


def test_page_of_one_artist_and_no_other_table(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [feature("only", 1, 5)])
    page = open_page(tmp_path, "board", tab="tiers")
    told = " ".join(info.value for info in page.info)
    for part in ("gold/tier", "Only one artist", f"kpop run {WEEK_BEFORE} {WEEK_BEFORE}"):
        assert part in told.replace("\\", ""), told
    assert not page.get("vega_lite_chart")


def test_page_keeps_movers_without_videos(tmp_path: Path, open_page: OpenPage):
    write_rows(tmp_path, ARTIST_FEATURES, [feature(a, 4, 5, WEEK_BEFORE) for a in "ab"])
    write_rows(tmp_path, ARTIST_FEATURES, [feature("a", 1, 9), feature("b", 4, 5)])
    page = open_page(tmp_path, "board", tab="tiers")
    assert [metric.value for metric in page.metric] == ["1", "0", "0", "0"]
    assert page.dataframe[-1].value["driving_video_title"].isna().all()
    assert artist_names(page.dataframe[-1].value["artist"]) == ["a"]
