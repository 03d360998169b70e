"""The next viral page: risers, runs among the ten, and the track record."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import load_messages
from app.notices import PageEnd
from app.queries.next_viral import read_forecast, read_track_record
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


def since(lake: Any, day: dt.date = DAY) -> dict[str, dt.date | None]:
    return dict(read_forecast(lake, day).risers.select("artist", "top10_since").rows())


def test_risers_are_below_tier_1_and_of_the_newest_forecast_known(tmp_path: Path):
    rows = [forecast("b", 2), forecast("a", 1), forecast("top", 9, tier=1)]
    rows += [forecast("past", 1, ago(3)), forecast("future", 1, ago(-1))]
    lake = write_rows(tmp_path, NEXT_VIRAL, rows)
    found = read_forecast(lake, DAY)
    assert found.risers.get_column("artist").to_list() == ["a", "b"]
    assert (found.day, found.target, found.candidate) == (DAY, ago(-7), "lightgbm/all")
    assert read_forecast(lake, ago(1)).day == ago(3)


def test_run_among_the_ten_ends_at_the_first_forecast_without(tmp_path: Path):
    ranks = {
        "long": {0: 1, 1: 10, 2: 3, 4: 9},
        "broken": {0: 2, 1: 11, 2: 2, 4: 2},
        "absent": {0: 3, 1: 3, 4: 3},
        "out": {0: 11, 1: 1},
        "new": {0: 10},
    }
    rows = [forecast(a, r, ago(day)) for a, days in ranks.items() for day, r in days.items()]
    # Day 3 has no forecast at all; somebody else has one on each of the others.
    rows += [forecast("other", 40, ago(day)) for day in (0, 1, 2, 4, 5)]
    found = since(write_rows(tmp_path, NEXT_VIRAL, rows))
    assert found == {
        "long": ago(4),
        "broken": DAY,
        "absent": ago(1),
        "out": None,
        "new": DAY,
        "other": None,
    }


def test_run_goes_on_past_what_is_read_at_once(tmp_path: Path):
    rows = [forecast("star", 1, ago(day)) for day in range(70)]
    rows += [forecast("late", 2, ago(day)) for day in range(30)]
    rows += [forecast("top", 3, ago(day), tier=1) for day in range(70)]
    found = since(write_rows(tmp_path, NEXT_VIRAL, rows))
    assert found == {"star": ago(69), "late": ago(29)}


def test_runs_agree_with_plain_python(full):
    columns = ["ingest_date", "artist", "rise_rank", "tier"]
    among: dict[dt.date, set[str]] = {}
    for day, artist, rank, tier in full.read(NEXT_VIRAL, columns=columns).rows():
        among.setdefault(day, set()).update([artist] if rank <= 10 and tier > 1 else [])
    days = sorted(among)
    for artist, first in since(full, END).items():
        run = []
        for day in reversed(days):
            if artist not in among[day]:
                break
            run.append(day)
        assert first == (run[-1] if run else None)


def test_no_forecast_says_when_there_is_one(tmp_path: Path):
    lake = write_rows(tmp_path, NEXT_VIRAL, [forecast("a", 1), forecast("only top", 2, ago(2))])
    with pytest.raises(PageEnd) as notice:
        read_forecast(lake, ago(3))
    assert notice.value.key == "next_viral.later_forecast"
    assert notice.value.values["first"] == ago(2)


def test_a_forecast_of_a_day_that_has_passed_is_not_shown(tmp_path: Path):
    lake = write_rows(tmp_path, NEXT_VIRAL, [forecast("a", 1, ago(7))])
    assert read_forecast(lake, DAY).day == ago(7)
    with pytest.raises(PageEnd) as notice:
        read_forecast(lake, ago(-1))
    assert notice.value.key == "next_viral.old_forecast"
    assert notice.value.values["newest"] == ago(7)


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
        ([5, 2, 0], "next_viral.not_checked", {"date": ago(-2)}),
        ([9, 3], "next_viral.not_checked", {"date": ago(-4)}),
        ([9], "next_viral.not_checked_days", {}),
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
def test_pages_show_risers_and_record(full_home: Path, open_page: OpenPage, lang: str):
    home = open_page(full_home, "home", lang)
    assert not home.info
    assert len(home.dataframe[0].value) > 10
    record = open_page(full_home, "track_record", lang)
    assert not record.info
    assert len(record.metric) == 5
    assert len(record.get("vega_lite_chart")) == 2


@pytest.mark.parametrize(("lang", "text"), [("en", "Pace, 3 days -12.3 pp"), ("ko", "최근 3일")])
def test_page_names_factors_in_the_language(
    tmp_path: Path, open_page: OpenPage, lang: str, text: str
):
    write_rows(tmp_path, ARTIST_FEATURES, [{"ingest_date": DAY, "artist": "a", "tier": 3}])
    factors = {"factor_1_name": "pace_3d", "factor_1_effect": -0.1234}
    strange = {"factor_2_name": "input of another version", "factor_2_effect": 0.5}
    row = forecast("a", 1, driving_video_title="=[x](http://y)<script>", **factors, **strange)
    write_rows(tmp_path, NEXT_VIRAL, [row])
    page = open_page(tmp_path, "home", lang)
    shown = page.dataframe[0].value
    assert shown["factor_1"][0].startswith(text)
    assert shown["factor_2"][0].startswith("input of another version +50.0")
    assert shown["factor_3"][0] is None
    record = open_page(tmp_path, "track_record", lang)
    assert "2026-03-27" in record.info[0].value.replace("\\", "")
