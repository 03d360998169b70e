"""The page of outliers: rates of both rules, reasons in words, channels and acts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import LANGUAGES, plain, unescape
from app.queries.lens.outliers import list_channel_outliers, list_outliers, measure_rates
from kpop_assets.contracts.lens_outliers import ARTIST_OUTLIERS, CHANNEL_OUTLIERS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, write_rows
from kpop_assets_tests.app.lens.lens_lake import write_videos


def test_rates_count_videos_of_the_scope_by_each_rule(tmp_path: Path):
    lake = write_videos(tmp_path)
    assert measure_rates(lake, DAY, "everything") == {"age": (2, 4), "raw": (3, 4)}
    assert measure_rates(lake, DAY, "acts") == {"age": (1, 3), "raw": (2, 3)}


def test_the_farthest_come_first_by_the_score_of_the_rule(tmp_path: Path):
    lake = write_videos(tmp_path)
    found = list_outliers(lake, DAY, "everything", "age")
    assert found.get_column("video_id").str.head(1).to_list() == ["c", "a"]
    raw = list_outliers(lake, DAY, "everything", "raw")
    assert raw.get_column("outlier_score").to_list() == [6, 5, 3]
    assert list_outliers(lake, DAY, "acts", "age").get_column("artist").to_list() == ["IVE"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_row_says_why_it_stands_out(tmp_path: Path, open_page: OpenPage, lang: str):
    write_videos(tmp_path)
    page = open_page(tmp_path, "outliers", lang)
    (board,) = boards(page)
    (row,) = board["rows"]
    reason = plain(lang, "outliers.reason_views_per_hour")
    assert row["cells"]["outlier_score"]["note"] == reason
    assert "50,000" in reason
    said = unescape(page.markdown[0].value)
    assert "33.3%" in said and "66.7%" in said


def channel_row(
    video_id: str, median: float | None, mean: float, rate: float | None = None
) -> dict[str, Any]:
    return {
        **{"ingest_date": DAY, "video_id": video_id, "artist": "IVE", "author_id": "UC1"},
        **{"mean_ratio": mean, "mean_views_per_hour_ratio": rate, "median_ratio": median},
        "is_above_mean": max(mean, rate or 0) > 3,
        **{"is_above_median": None if median is None else median > 3, "view_count": 5},
    }


def test_a_channel_without_enough_mature_videos_is_listed_by_its_mean_alone(tmp_path: Path):
    rows = [channel_row("aaaaaaaaaaa", 5.2, 2.0), channel_row("ddddddddddd", None, 4.0)]
    lake = write_rows(tmp_path, CHANNEL_OUTLIERS, rows)
    by_median = list_channel_outliers(lake, DAY, "acts", "median")
    assert by_median.select("video_id", "usual_ratio").rows() == [("aaaaaaaaaaa", 5.2)]
    by_mean = list_channel_outliers(lake, DAY, "acts", "mean")
    assert by_mean.select("video_id", "usual_ratio").rows() == [("ddddddddddd", 4.0)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_video_is_told_in_times_of_its_channels_usual_views(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_videos(tmp_path)
    write_rows(tmp_path, CHANNEL_OUTLIERS, [channel_row("aaaaaaaaaaa", 5.2, 2.0)])
    (board,) = boards(open_page(tmp_path, "outliers", lang, tab="channels"))
    said = board["rows"][0]["cells"]["video_title"]["note"]
    assert said == plain(lang, "outliers.reason_channel", ratio="5.2")


def test_a_video_that_stands_out_by_its_rate_is_told_of_by_its_rate(tmp_path: Path):
    rows = [channel_row("aaaaaaaaaaa", None, 0.2, 4.5), channel_row("ddddddddddd", None, 4.0, 1.0)]
    found = list_channel_outliers(
        write_rows(tmp_path, CHANNEL_OUTLIERS, rows), DAY, "acts", "mean"
    ).select("video_id", "usual_ratio", "is_of_rate")
    assert found.rows() == [("aaaaaaaaaaa", 4.5, True), ("ddddddddddd", 4.0, False)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_that_a_rate_and_not_the_views_is_above_the_usual(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    write_videos(tmp_path)
    write_rows(tmp_path, CHANNEL_OUTLIERS, [channel_row("aaaaaaaaaaa", None, 0.2, 4.5)])
    (board,) = boards(open_page(tmp_path, "outliers", lang, tab="channels", usual="mean"))
    said = board["rows"][0]["cells"]["video_title"]["note"]
    assert said == plain(lang, "outliers.reason_channel_rate", ratio="4.5")


def test_acts_beyond_their_own_month_come_first(tmp_path: Path, open_page: OpenPage):
    write_videos(tmp_path)
    rows = [
        {"artist": "BTS", "gain_ratio": 1.1, "gain_sigmas": 0.4, "is_outlier": False},
        {"artist": "IVE", "gain_ratio": 3.0, "gain_sigmas": 4.0, "is_outlier": True},
        {"artist": "TWICE", "gain_ratio": None, "gain_sigmas": None, "is_outlier": False},
    ]
    write_rows(tmp_path, ARTIST_OUTLIERS, [{"ingest_date": DAY, **row} for row in rows])
    (board,) = boards(open_page(tmp_path, "outliers", tab="acts"))
    assert [row["key"] for row in board["rows"]] == ["IVE", "BTS", "TWICE"]
    notes = [row["cells"]["artist"]["note"] for row in board["rows"]]
    assert notes == [plain("en", "outliers.act_is_outlier"), None, None]
