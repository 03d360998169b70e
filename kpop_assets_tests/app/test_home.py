"""Home: the sentence, its record, who is near a line, and what it says without a forecast."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import plain
from app.notices import PageEnd
from app.queries.home import CHANCE_EDGES, read_kept, read_viral_forecast
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import VIRAL_RECORD
from kpop_assets.contracts.rules import TOP_RISERS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, boards, days_ago, write_rows
from kpop_assets_tests.app.viral_lake import REASONS, viral_forecast, write_forecasts


def checked(chance: float, number: int, came: bool | None) -> dict[str, Any]:
    key = {"ingest_date": days_ago(1), "artist": f"{chance} {number}", "forecast_date": days_ago(8)}
    return {**key, "p_viral": chance, "is_viral": came}


def test_the_newest_forecast_is_ranked_by_its_chance_and_knows_the_trend(tmp_path: Path):
    lake = write_forecasts(tmp_path, [viral_forecast("b", 2), viral_forecast("a", 1)])
    found = read_viral_forecast(lake, DAY)
    assert found.acts.get_column("artist").to_list() == ["a", "b"]
    assert (found.day, found.target, found.candidate) == (DAY, days_ago(-7), "lightgbm/viral")
    row = found.acts.row(0, named=True)
    assert (row["trend_class"], row["days_since_new"]) == ("surging", 3)
    assert row["daily_28d"][-1] == 100


@pytest.mark.parametrize("day", [days_ago(1), days_ago(-7)])
def test_a_forecast_that_is_to_come_or_has_passed_is_none(tmp_path: Path, day: Any):
    lake = write_forecasts(tmp_path, [viral_forecast("a", 1)])
    with pytest.raises(PageEnd) as notice:
        read_viral_forecast(lake, day)
    assert notice.value.key == "home.no_forecast"


def test_a_forecast_of_tiers_alone_is_none(tmp_path: Path):
    lake = write_forecasts(tmp_path, [viral_forecast("a", 1, p_viral=None, viral_rank=None)])
    with pytest.raises(PageEnd):
        read_viral_forecast(lake, DAY)


def test_near_the_next_tier_are_the_likeliest_to_rise_outside_of_the_ten(tmp_path: Path):
    acts = [viral_forecast(f"act {rank:02d}", rank) for rank in range(1, 15)]
    acts[12] |= {"tier": 1, "p_rise": 0.0}
    near = read_viral_forecast(write_forecasts(tmp_path, acts), DAY).near
    assert near.get_column("artist").to_list() == ["act 14", "act 12", "act 11"]
    assert near.get_column("viral_rank").min() > TOP_RISERS  # type: ignore[operator]
    # 1000 - 10 * 14 points, where 1000 are needed.
    assert near.row(0, named=True)["line_gap"] == pytest.approx(-14.0)
    assert near.row(0, named=True)["next_tier"] == 2


def test_forecasts_alike_are_counted_once_each_and_open_ones_are_not(tmp_path: Path):
    rows = [checked(0.4, 1, True), checked(0.59, 1, False), checked(0.5, 1, None)]
    rows += [checked(0.6, 1, True), checked(0.39, 1, True), checked(1.0, 1, True)]
    lake = write_rows(tmp_path, VIRAL_RECORD, rows)
    found = read_kept(lake, DAY, 0.45)
    assert (found.low, found.high, found.checked, found.came) == (0.4, 0.6, 2, 1)
    assert read_kept(lake, DAY, 1.0).checked == 1
    assert read_kept(lake, days_ago(2), 0.45).checked == 0
    for low, high in itertools.pairwise(CHANCE_EDGES):
        assert read_kept(lake, DAY, low).low == low
        assert read_kept(lake, DAY, (low + high) / 2).high == high


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "en",
            ["IVE", "2026-03-17", "45%", "its last day ran at 1.8 times", "2 checked", "1 came"],
        ),
        ("ko", ["아이브", "2026-03-17", "45%", "주 평균의 1.8배", "2건 중 1건"]),
    ],
)
def test_the_sentence_says_who_when_how_likely_why_and_how_often_it_came_true(
    tmp_path: Path, open_page: OpenPage, lang: str, parts: list[str]
):
    write_forecasts(tmp_path, [viral_forecast("IVE", 1, p_viral=0.45, **REASONS)])
    write_rows(tmp_path, VIRAL_RECORD, [checked(0.5, 1, True), checked(0.5, 2, False)])
    page = open_page(tmp_path, "home", lang)
    sentence = page.markdown[0].value.replace("\\", "")
    assert [part for part in parts if part not in sentence] == []
    cards, ten, *_ = boards(page)
    (card,) = cards["rows"]
    said = card["cells"]["reasons"]["items"]
    assert len(said) == 2
    assert said[1].startswith(("but ", "다만 "))
    assert ten["rows"][0]["cells"]["p_viral"]["text"] == "45.0%"


def test_a_forecast_that_was_not_checked_says_so(tmp_path: Path, open_page: OpenPage):
    write_forecasts(tmp_path, [viral_forecast("IVE", 1)])
    sentence = open_page(tmp_path, "home").markdown[0].value.replace("\\", "")
    assert "No forecast of 80–100% has been checked yet" in sentence
    assert plain("en", "reasons.nothing") in sentence


@pytest.mark.parametrize(("lang", "way_out"), [("en", "kpop train"), ("ko", "kpop train")])
def test_without_a_forecast_home_says_how_to_get_one_and_shows_the_ranking(
    tmp_path: Path, open_page: OpenPage, lang: str, way_out: str
):
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "IVE", "rank": 1}])
    write_rows(tmp_path, ARTIST_DAILY, [{"ingest_date": DAY, "artist": "IVE", "engagement": 5}])
    page = open_page(tmp_path, "home", lang)
    assert way_out in page.info[0].value
    (ranking,) = boards(page)
    assert [row["key"] for row in ranking["rows"]] == ["IVE"]


def test_hostile_titles_and_names_are_only_texts(tmp_path: Path, open_page: OpenPage):
    title = "<img src=x onerror=alert(1)> [x](javascript:1) **b**"
    write_forecasts(tmp_path, [viral_forecast("**<b>act</b>**", 1, driving_video_title=title)])
    page = open_page(tmp_path, "home")
    assert "<b>" not in page.markdown[0].value.replace("\\<b\\>", "")
    ten = boards(page)[1]
    assert ten["rows"][0]["cells"]["driving_video_title"]["text"] == title
    assert ten["rows"][0]["cells"]["driving_video_title"]["href"] is None


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_artist_page_has_the_same_reasons(tmp_path: Path, open_page: OpenPage, lang: str):
    write_forecasts(tmp_path, [viral_forecast("IVE", 1, p_viral=0.45, **REASONS)])
    home = open_page(tmp_path, "home", lang)
    reasons = boards(home)[0]["rows"][0]["cells"]["reasons"]["items"]
    page = open_page(tmp_path, "artist", lang, artist="IVE", tab="forecast")
    said = " ".join(text.value.replace("\\", "") for text in page.markdown)
    assert len(reasons) == 2
    assert [reason for reason in reasons if reason not in said] == []
    assert page.metric[-1].value == "45.0%"
