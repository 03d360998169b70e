"""The artist page: days, videos and forecast of one act, and where its lines break."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.charts.common import lines, steps
from app.charts.gaps import mark_gaps
from app.notices import PageEnd
from app.numbers import write
from app.queries.artists.artist import (
    draw_videos,
    list_ranked,
    read_artist_forecast,
    read_gains,
    read_videos,
)
from app.queries.gaps import break_lines, list_gaps
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.demo import END


def gained(days: int, artist: str, **more: Any) -> dict[str, Any]:
    return {"ingest_date": days_ago(days), "artist": artist, **more}


def test_a_repeated_day_and_one_nobody_collected_are_gaps_and_an_unseen_artist_gained_nothing(
    tmp_path: Path,
):
    usual = [gained(n, "BTS", engagement=100) for n in (6, 5, 4, 3)]
    lake = write_rows(
        tmp_path,
        ARTIST_DAILY,
        [
            *usual,
            gained(4, "IVE", views_gained=9, engagement=99),
            # The page of the day before came again; nobody collected one day ago.
            gained(2, "IVE", views_gained=1, likes_gained=2, comments_gained=3, engagement=5),
            gained(0, "IVE", views_gained=7, engagement=97),
            gained(-1, "IVE", views_gained=8, engagement=8),
        ],
    )
    assert read_gains(lake, "IVE", days_ago(4), DAY).rows() == [
        (days_ago(4), 9, 0, 0, 99),
        (days_ago(3), 0, 0, 0, 0),
        (days_ago(2), None, None, None, None),
        (days_ago(1), None, None, None, None),
        (DAY, 8 / 3, 2 / 3, 1, 102 / 3),
    ]
    assert list_gaps(lake, days_ago(9), DAY).rows() == [(days_ago(2), days_ago(1), 2)]


def video(days: int, name: str, views: int | None, rise: int, **more: Any) -> dict[str, Any]:
    return gained(days, "IVE", video_id=name, view_count=views, views_gained=rise, **more)


def test_videos_are_ordered_by_what_they_gained_in_28_days(tmp_path: Path):
    published = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    rows = [
        video(28, "old", 1_000, 1_000),
        video(27, "hit", 100, 60, published_at=published),
        video(3, "hit", 150, 50),
        # A hidden counter: the last known one is shown.
        video(0, "hit", None, 0),
        video(5, "b", 20, 5),
        video(5, "a", 30, 5),
        {**video(5, "theirs", 30, 500), "artist": "BTS"},
        video(-1, "a", 99, 99),
    ]
    write_rows(tmp_path, VIDEO_DAILY, rows)
    # Six days ago a page was repeated.
    points = {days: 1 if days == 6 else 100 for days in range(-1, 40)}
    write_rows(tmp_path, ARTIST_DAILY, [gained(d, "IVE", engagement=p) for d, p in points.items()])
    early, late = (dt.datetime(2026, 3, 5, hour, tzinfo=dt.UTC) for hour in (1, 2))
    titles = [("hit", late, "Last"), ("hit", early, "First"), ("old", late, "Old")]
    seen = [
        {"ingest_date": days_ago(5), "video_id": v, "observed_at": o, "text": x}
        for v, o, x in titles
    ]
    lake = write_rows(tmp_path, EVENTS, seen)
    found = read_videos(lake, "IVE", DAY)
    columns = ["video_id", "text", "published_at", "view_count", "gained_28d"]
    assert found.select(columns).rows() == [
        ("hit", "Last", published, 150, 110),
        ("a", None, None, 30, 5),
        ("b", None, None, 20, 5),
    ]
    drawn = draw_videos(found, DAY).drop_nulls("views_gained")
    assert drawn.select("text", "ingest_date", "views_gained").rows() == [
        ("Last", days_ago(27), 60),
        ("Last", days_ago(3), 50),
        ("Last", DAY, 0),
        # Over the two days since the one that said something new.
        ("a", days_ago(5), 2.5),
        ("b", days_ago(5), 2.5),
    ]
    assert found.get_column("video_daily").list.len().to_list() == [28, 28, 28]


def test_videos_without_observations_have_no_titles(tmp_path: Path):
    write_rows(tmp_path, ARTIST_DAILY, [gained(0, "IVE", engagement=1)])
    lake = write_rows(tmp_path, VIDEO_DAILY, [video(0, "a", 1, 1)])
    assert read_videos(lake, "IVE", DAY).select("video_id", "text").rows() == [("a", None)]


def test_a_forecast_is_that_of_the_day_and_nothing_older(tmp_path: Path):
    rows = [gained(1, "IVE", p_rise=0.1), gained(0, "IVE", p_rise=0.2), gained(0, "BTS")]
    lake = write_rows(tmp_path, NEXT_VIRAL, [*rows, gained(-1, "BTS", p_rise=0.3)])
    assert read_artist_forecast(lake, "IVE", DAY)["p_rise"] == 0.2
    assert read_artist_forecast(lake, "IVE", days_ago(1))["p_rise"] == 0.1
    for artist, day in (("IVE", days_ago(-1)), ("IVE", days_ago(2)), ("TXT", DAY)):
        with pytest.raises(PageEnd, match=r"artist\.no_forecast"):
            read_artist_forecast(lake, artist, day)


def test_a_line_breaks_on_days_without_new_data_or_a_row_between_its_ends():
    days = pl.DataFrame({"ingest_date": [days_ago(n) for n in (9, 5, 4, 3, 0)], "is_fresh": True})
    rows = pl.DataFrame(
        {
            "ingest_date": [days_ago(n) for n in (5, 3, 4, 2, 0)],
            "text": ["a", "a", "b", "b", "b"],
            "views_gained": [1, 2, 3, 9, 4],
        }
    )
    assert break_lines(rows, days, "text").rows() == [
        (days_ago(5), "a", 1),
        (days_ago(4), "a", None),
        (days_ago(3), "a", 2),
        (days_ago(4), "b", 3),
        (days_ago(3), "b", None),
        (days_ago(2), "b", None),
        (days_ago(1), "b", None),
        (DAY, "b", 4),
    ]
    alone = break_lines(rows.filter(pl.col("text") == "b").drop("text"), days)
    assert alone.get_column("views_gained").to_list() == [3, None, None, None, 4]
    assert break_lines(rows.clear(), days, "text").is_empty()


def test_gaps_are_bands_of_whole_days_with_a_word_in_the_legend():
    rows = pl.DataFrame({"ingest_date": [days_ago(n) for n in (2, 1, 0)], "tier": [1, None, 2]})
    chart = steps(rows, "ingest_date", "tier", {"ingest_date": "Day", "tier": "Tier"})
    gaps = pl.DataFrame({"gap_from": [days_ago(1)], "gap_to": [days_ago(1)]})
    assert mark_gaps(chart, gaps.clear(), "nothing") is chart
    marked = mark_gaps(chart, gaps, "nothing").to_dict()
    band, line = marked["layer"]
    (drawn,) = marked["datasets"][band["data"]["name"]]
    assert drawn["gap"] == "nothing" == band["encoding"]["fill"]["scale"]["domain"][0]
    ends = [dt.datetime.fromisoformat(drawn[name]) for name in ("band_from", "band_to")]
    assert ends[1] - ends[0] == dt.timedelta(days=1)
    assert line["mark"]["type"] == "line"


@pytest.mark.parametrize("tiers", [[1, None, 2], [1, 1, 2]])
def test_a_point_between_two_gaps_is_seen(tiers: list[int | None]):
    frame = pl.DataFrame({"day": [days_ago(n) for n in (2, 1, 0)], "tier": tiers})
    titles = {"day": "Day", "tier": "Tier"}
    for chart in (steps(frame, "day", "tier", titles), lines(frame, "day", "tier", titles)):
        mark = chart.to_dict()["mark"]
        assert mark["invalid"].startswith("break-paths")
        assert bool(mark["point"]) == (None in tiers)


def ranked(days: int, artist: str, rank: int = 1, **more: Any) -> dict[str, Any]:
    return gained(days, artist, rank=rank, tier=4, **more)


def infos(home: Path, open_page: OpenPage, tab: str) -> str:
    page = open_page(home, "artist", artist="IVE", tab=tab, features="momentum")
    return " ".join(info.value for info in page.info).replace("\\", "")


@pytest.mark.parametrize(("oldest", "is_young"), [(58, True), (59, False)])
def test_an_unknown_feature_is_told_from_a_young_lake(
    tmp_path: Path, open_page: OpenPage, oldest: int, is_young: bool
):
    write_rows(tmp_path, ARTIST_FEATURES, [ranked(oldest, "BTS"), ranked(0, "IVE")])
    write_rows(tmp_path, ARTIST_DAILY, [gained(0, "IVE", engagement=1)])
    told = infos(tmp_path, open_page, "overview")
    assert ("takes 60 days of data; up to this day there are 59." in told) == is_young
    assert ("gained nothing or nobody collected" in told) != is_young
    assert f"No forecast for IVE was made on {DAY}." in infos(tmp_path, open_page, "forecast")
    # Without `silver/video_daily` the section alone ends.
    assert "silver/video" in told


def test_the_page(full_home: Path, full, open_page: OpenPage):
    second = list_ranked(full, END)[1]
    row = full.read(ARTIST_FEATURES, END).filter(pl.col("artist") == second).row(0, named=True)
    page = open_page(full_home, "artist", artist=second)
    values = [metric.value for metric in page.metric]
    assert values[0] == str(row["rank"])
    assert values[3] == write("growth", row["growth_rate_7d"], "en")
    forecast = read_artist_forecast(full, second, END)
    if forecast["p_viral"] is not None:
        assert values[4] == f"{forecast['p_viral']:.1%}"
    else:
        assert values[4] == ("is at the top" if row["tier"] == 1 else f"{forecast['p_rise']:.1%}")
    videos = open_page(full_home, "artist", artist=second, tab="videos")
    assert any("gained most (5)" in text.value.replace("\\", "") for text in videos.caption)
    ko = open_page(full_home, "artist", "ko", artist=second)
    assert ko.title[0].value == "아티스트"


def test_the_menu_leads_back_to_the_last_artist(full_home: Path, full, open_page: OpenPage):
    _, second, *_ = list_ranked(full, END)
    page = open_page(full_home, "artist", artist=second)
    assert page.session_state["chosen_artist"] == second
    page.switch_page("views/artists/board.py").run()
    page.query_params.clear()
    page.switch_page("views/artists/artist.py").run()
    assert not page.exception
    assert page.query_params["artist"] == second


@pytest.mark.parametrize("asked", ["ive", "아이브", "アイヴ", "I V E"])
def test_an_act_is_meant_by_any_of_its_names(tmp_path: Path, open_page: OpenPage, asked: str):
    write_rows(tmp_path, ARTIST_FEATURES, [ranked(0, "BTS"), ranked(0, "IVE", 2)])
    write_rows(tmp_path, ARTIST_DAILY, [gained(0, "IVE", engagement=1)])
    page = open_page(tmp_path, "artist", artist=asked)
    assert page.query_params["artist"] == "IVE"
    assert page.metric[0].value == "2"


@pytest.mark.parametrize(
    ("asked", "told", "offered"),
    [
        (
            "소녀시대",
            f"Girls' Generation has no rank on {DAY}: it was last seen on 2026-01-19",
            [],
        ),
        ("EXO", f"EXO has not been seen in this data up to {DAY}", []),
        ("bangtanbois", "The catalogue has no act called bangtanbois.", ["BTS"]),
    ],
)
def test_who_was_not_seen_is_told_from_who_is_unknown(
    tmp_path: Path, open_page: OpenPage, asked: str, told: str, offered: list[str]
):
    write_rows(tmp_path, ARTIST_FEATURES, [ranked(0, "BTS"), ranked(0, "IVE", 2)])
    write_rows(tmp_path, ARTIST_DAILY, [gained(50, "Girls' Generation", engagement=1)])
    page = open_page(tmp_path, "artist", artist=asked)
    assert page.info[0].value.replace("\\", "").startswith(told)
    assert page.query_params["artist"] == asked, "the address stays"
    links = [link.proto.label for link in page.main.get("page_link")]
    assert [label for label in links if label in ("IVE", "BTS")] == offered
