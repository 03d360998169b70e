"""The page of breakouts and rookies, and its queries."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from app.notices import PageEnd
from app.queries.artists.breakouts import list_breakouts, list_details, list_rookies
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.days import day_end
from kpop_assets.insights.breakouts import BreakoutConfig
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 11, 2)
# artist: tier, growth_rate_7d, momentum
ARTISTS = {
    "IVE": (1, 90.0, 90.0),
    "BTS": (3, 60.5, 15.2),
    "EXO": (4, 40.0, 30.0),
    "TXT": (4, 200.0, 150.0),
    "NCT": (4, 500.0, None),
}


@pytest.fixture
def lake(tmp_path: Path) -> Snapshot:
    """Two days; TXT and all others on the second, TXT on the first."""
    days = {DAY - dt.timedelta(days=1): ["TXT"], DAY: list(ARTISTS)}
    rows = [
        {
            "ingest_date": day,
            "artist": artist,
            "tier": ARTISTS[artist][0],
            "rank": 1,
            "total_engagement": 10,
            "growth_rate_7d": ARTISTS[artist][1],
            "growth_rate_30d": 1.0,
            "momentum": ARTISTS[artist][2],
            "market_share": 5.0,
        }
        for day, artists in days.items()
        for artist in artists
    ]
    return write_rows(tmp_path, ARTIST_FEATURES, rows)


def test_who_takes_off(lake: Snapshot):
    (found,) = list_breakouts(lake, DAY, BreakoutConfig()).to_dicts()
    assert (found["artist"], found["days_in_data"]) == ("TXT", 2)
    assert found["first_seen_date"] == DAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("config", "key", "value"),
    [
        (BreakoutConfig(3, 50, 151), "breakouts.lower_momentum_over", 149),
        (BreakoutConfig(3, 250, 20), "breakouts.lower_growth_over", 199),
        (BreakoutConfig(2, 60, 200), "breakouts.lower_momentum_over", 149),
    ],
)
def test_the_advice_is_the_least_change(
    lake: Snapshot, config: BreakoutConfig, key: str, value: int
):
    with pytest.raises(PageEnd) as notice:
        list_breakouts(lake, DAY, config)
    assert (notice.value.key, notice.value.values["value"]) == (key, value)
    name = key.removeprefix("breakouts.lower_")
    heeded = BreakoutConfig(**{**vars(config), name: value})
    assert list_breakouts(lake, DAY, heeded).height == 1


def test_nothing_alone_helps(lake: Snapshot):
    with pytest.raises(PageEnd) as notice:
        list_breakouts(lake, DAY, BreakoutConfig(3, 900, 900))
    assert notice.value.key == "breakouts.lower_several"


def test_the_tier_is_named_when_it_is_all_that_stands_in_the_way(tmp_path: Path):
    row = {"ingest_date": DAY, "artist": "IVE", "tier": 2, "rank": 1, "total_engagement": 9}
    row |= {"growth_rate_7d": 90.0, "growth_rate_30d": 1.0, "momentum": 89.0, "market_share": 1.0}
    lake = write_rows(tmp_path, ARTIST_FEATURES, [row])
    with pytest.raises(PageEnd) as notice:
        list_breakouts(lake, DAY, BreakoutConfig())
    assert (notice.value.key, notice.value.values["value"]) == ("breakouts.lower_tier_from", 2)


def test_rookies_are_the_young_acts_of_the_day_under_their_present_names(tmp_path: Path):
    names = {"CORTIS": 3, "BTS": 1, "izna": 9}
    rows = [{"ingest_date": DAY, "artist": name, "rank": rank} for name, rank in names.items()]
    lake = write_rows(tmp_path, ARTIST_FEATURES, rows)
    assert list_rookies(lake, DAY).get_column("artist").to_list() == ["CORTIS", "izna"]
    with pytest.raises(PageEnd) as notice:
        list_rookies(write_rows(tmp_path / "old", ARTIST_FEATURES, rows[1:2]), DAY)
    assert notice.value.key == "breakouts.no_rookie"


def test_details(full: Snapshot):
    details = list_details(full, END)
    chances = full.read(NEXT_VIRAL, END, day_end(END), ["artist", "p_rise"])
    assert details.get_column("artist").is_unique().all()
    assert details.get_column("trend_class").count() > 0
    known = details.filter(pl.col("p_rise").is_not_null()).select("artist", "p_rise")
    assert known.sort("artist").equals(chances.sort("artist"))
    no_forecast = list_details(full, END - dt.timedelta(days=45))
    assert "p_rise" not in no_forecast.columns
    assert no_forecast.get_column("driving_video_id").count() > 0
    assert details.get_column("days_since_release").drop_nulls().is_between(0, 400).all()
    assert details.get_column("days_since_release").count() > 0


def test_the_tab_of_rookies_has_a_board_and_says_how_precise_debuts_are(
    full_home: Path, full: Snapshot, open_page: OpenPage
):
    rookies = list_rookies(full, END).get_column("artist").to_list()
    assert {"CORTIS", "Hearts2Hearts"} <= set(rookies) and "BTS" not in rookies
    page = open_page(full_home, "breakouts", tab="rookies")
    assert not page.info
    assert any("years count from its middle" in text.value for text in page.caption)


def test_page_without_60_days(full_home: Path, open_page: OpenPage):
    assert "60 days" in open_page(full_home, "breakouts").info[0].value
    page = open_page(full_home, "breakouts", "ko")
    assert page.title[0].value == "급부상·신예"
    assert "60일" in page.info[0].value
