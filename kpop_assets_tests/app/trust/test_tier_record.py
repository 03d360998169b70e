"""The next viral page: risers, runs among the ten, and the track record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import load_messages
from app.notices import PageEnd
from app.queries.trust.tier_record import read_track_record
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.pareto import NEXT_VIRAL, SCORECARD
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 3, 20)


def ago(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def forecast(artist: str, rank: int, day: dt.date = DAY, **more: Any) -> dict[str, Any]:
    row = {"ingest_date": day, "artist": artist, "rise_rank": rank, "tier": 3, "p_rise": 1 / rank}
    fixed = {"horizon_days": 7, "candidate": "lightgbm/all", "trained_date": ago(40)}
    return {**row, **fixed, **more}


def card(day: dt.date, p_rise_bin: int, **sums: float) -> dict[str, Any]:
    key = {"candidate": "lightgbm/all", "trained_date": ago(40), "horizon_days": 7}
    return {"ingest_date": day, "p_rise_bin": p_rise_bin, **key, **sums}


def test_record_divides_sums_and_never_averages_rates(tmp_path: Path):
    sums = {"can_rise_count": 1, "p_rise_sum": 0.5, "rise_count": 1, "rps_sum": 0.1}
    rows = [
        card(dt.date(2026, 3, 8), 0, forecast_count=90, hit_count=81, persistence_hit_count=45),
        # Monday: another week.
        card(dt.date(2026, 3, 9), 0, forecast_count=10, hit_count=1, persistence_hit_count=10),
        card(dt.date(2026, 3, 10), 5, forecast_count=10, **sums, persistence_rps_sum=0.4),
        card(dt.date(2026, 3, 10), 9, can_rise_count=3, p_rise_sum=2.9, rise_count=2),
        card(ago(-1), 9, forecast_count=1_000, can_rise_count=1_000),
    ]
    record = read_track_record(write_rows(tmp_path, SCORECARD, rows), DAY)
    assert (record.first, record.last) == (dt.date(2026, 3, 8), dt.date(2026, 3, 10))
    assert record.sums["forecast_count"] == 110
    assert record.high == {"can_rise_count": 4, "rise_count": 3}
    assert record.bins.select("p_rise_bin", "rise_rate").rows() == [(5, 1.0), (9, 2 / 3)]
    assert record.bins.get_column("p_rise_mean").to_list() == pytest.approx([0.5, 2.9 / 3])
    weeks = record.weeks.select("week_start", "hit_rate", "persistence_hit_rate", "rps_skill")
    assert weeks.rows() == [
        (dt.date(2026, 3, 2), 0.9, 0.5, None),
        (dt.date(2026, 3, 9), 1 / 20, 0.5, pytest.approx(0.75)),
    ]


def test_record_agrees_with_forecasts_and_outcomes(full):
    tiers = {
        (day, artist): tier
        for day, artist, tier in full.read(
            ARTIST_FEATURES, columns=["ingest_date", "artist", "tier"]
        ).rows()
    }
    checked = [
        (row, tiers.get((row["ingest_date"] + dt.timedelta(days=7), row["artist"]), 4))
        for row in full.read(NEXT_VIRAL).to_dicts()
        if row["ingest_date"] + dt.timedelta(days=7) <= END
    ]
    record = read_track_record(full, END)
    assert record.sums["forecast_count"] == len(checked) > 0
    rose = [row for row, came in checked if came < row["tier"]]
    assert record.sums["rise_count"] == len(rose)
    assert record.high["rise_count"] == sum(row["p_rise"] >= 0.5 for row in rose)
    hits = sum(max((1, 2, 3, 4), key=lambda t: row[f"p_tier_{t}"]) == c for row, c in checked)
    assert record.sums["hit_count"] == hits


@pytest.mark.parametrize(
    ("made", "key", "values"),
    [
        ([5, 2, 0], "tier_record.not_checked", {"date": ago(-2)}),
        ([9, 3], "tier_record.not_checked", {"date": ago(-4)}),
        ([9], "tier_record.not_checked_days", {}),
    ],
)
@pytest.mark.parametrize("has_card", [False, True])
def test_unchecked_forecasts_say_from_when_on(
    tmp_path: Path, made: list[int], key: str, values: dict[str, Any], has_card: bool
):
    lake = write_rows(tmp_path, NEXT_VIRAL, [forecast("a", 1, ago(days)) for days in made])
    if has_card:
        lake = write_rows(tmp_path, SCORECARD, [card(ago(-1), 0, forecast_count=1)])
    with pytest.raises(PageEnd) as notice:
        read_track_record(lake, DAY)
    assert (notice.value.key, notice.value.values) == (key, values)


def test_every_input_of_a_model_has_a_name_in_both_languages():
    for name in ARTIST_INPUTS.column_names:
        texts = load_messages()[f"column.{name}"]
        assert texts["en"]
        assert texts["ko"]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_tab_shows_the_record(full_home: Path, open_page: OpenPage, lang: str):
    record = open_page(full_home, "track_record", lang, tab="tiers")
    assert not record.info
    assert len(record.metric) == 5
    assert len(record.get("vega_lite_chart")) == 2
