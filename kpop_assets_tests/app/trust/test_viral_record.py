"""The record of viral forecasts: precision against an oracle, ten a week, open ones left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from app.notices import PageEnd
from app.queries.trust.viral_record import WEEKS, average_precision, compare_ways, read_viral_record
from app.snapshot import Snapshot
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.pareto import VIRAL_RECORD
from kpop_assets.settings import Settings
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows


def outcome(artist: str, rank: int, age: int = 0, **more: Any) -> dict[str, Any]:
    days = {"ingest_date": days_ago(age), "forecast_date": days_ago(age + 7)}
    chance = {"p_viral": 1 / (rank + 1), "viral_rank": rank, "p_rise": 0.1}
    return {**days, "artist": artist, **chance, "is_viral": False, **more}


def record(home: Path, rows: list[dict[str, Any]]) -> Any:
    write_rows(home, ARTIST_FEATURES, [{"ingest_date": days_ago(7), "artist": "a"}])
    return read_viral_record(write_rows(home, VIRAL_RECORD, rows), DAY)


scored = st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]), st.booleans())


@given(st.lists(scored, min_size=1, max_size=30))
def test_average_precision_is_that_of_a_second_implementation(rows: list[tuple[float, bool]]):
    frame = pl.DataFrame(rows, schema=["by", "is_viral"], orient="row")
    scores, came = zip(*rows, strict=True)
    expected = average_precision_score(came, scores) if any(came) else None
    assert average_precision(frame, "by") == pytest.approx(expected)


def test_what_has_no_score_is_ranked_last():
    rows = pl.DataFrame(
        {
            "ingest_date": [DAY] * 12,
            "artist": [f"{number:02d}" for number in range(12)],
            "by": [None, *range(11)],
            "is_viral": [True, *[False] * 11],
        }
    )
    (way,) = compare_ways(rows, ["by"]).to_dicts()
    assert way["top10_hit_rate"] == 0
    assert way["average_precision"] == pytest.approx(1 / 12)


def test_hits_are_of_the_first_ten_of_each_day(tmp_path: Path):
    rows = [
        outcome(f"{rank:02d}", rank, age, is_viral=rank in viral)
        for age, viral in ((0, {1, 2, 11}), (1, {12}))
        for rank in range(1, 13)
    ]
    found = record(tmp_path, rows)
    own = found.ways.filter(score="p_viral").row(0, named=True)
    assert own["top10_hit_rate"] == pytest.approx(2 / 20)
    assert found.base_rate == pytest.approx(4 / 24)
    assert (found.first, found.last, found.checked) == (days_ago(1), DAY, 24)


def test_open_forecasts_and_later_days_do_not_count(tmp_path: Path):
    rows = [outcome("a", 1, is_viral=True), outcome("open", 2, is_viral=None)]
    found = record(tmp_path, [*rows, outcome("later", 1, age=-1, is_viral=True)])
    assert (found.checked, found.base_rate) == (1, 1.0)


def test_weeks_are_whole_weeks_back_from_the_newest_with_ten_acts_at_most(tmp_path: Path):
    rows = [
        outcome(f"{rank:02d}", min(rank, 10), age) for age in range(15) for rank in range(1, 13)
    ]
    rows += [outcome("old", 1, age=7 * WEEKS)]
    weeks = record(tmp_path, rows).weeks
    days = weeks.get_column("ingest_date").unique(maintain_order=True).to_list()
    assert days == [DAY, days_ago(7), days_ago(14)]
    assert weeks.height == 30
    assert weeks.get_column("viral_rank").head(10).to_list() == sorted(
        weeks.get_column("viral_rank").head(10)
    )


def test_calibration_keeps_every_forecast_in_its_step(tmp_path: Path):
    chances = [0.0, 0.05, 0.1, 0.95, 1.0]
    rows = [outcome(str(c), 1, p_viral=c, is_viral=c > 0.9) for c in chances]
    bins = record(tmp_path, rows).bins
    assert bins.select("p_viral_bin", "checked_count", "viral_count").rows() == [
        (0, 2, 0),
        (1, 1, 0),
        (9, 2, 2),
    ]


def test_without_a_checked_forecast_the_page_says_when_there_is_one(tmp_path: Path):
    with pytest.raises(PageEnd) as notice:
        read_viral_record(Snapshot(Settings(home=tmp_path)), DAY)
    assert notice.value.key == "track_record.not_checked"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_page_shows_figures_and_what_became_of_the_first(
    tmp_path: Path, open_page: OpenPage, lang: str
):
    ranked = [{"ingest_date": day, "artist": "IVE"} for day in (DAY, days_ago(7))]
    write_rows(tmp_path, ARTIST_FEATURES, ranked)
    came = {"is_viral": True, "has_reached": True, "has_multiplied": True, "multiple": 0.0}
    write_rows(tmp_path, VIRAL_RECORD, [outcome("IVE", 1, **came), outcome("<b>", 2)])
    page = open_page(tmp_path, "track_record", lang)
    assert [metric.value for metric in page.metric][:2] == ["50.0%", "50.0%"]
    assert len(page.get("vega_lite_chart")) == 1
    (weeks,) = [
        element.proto
        for element in page.get("bidi_component")
        if element.proto.component_name == "kpop_weeks"
    ]
    (week,) = json.loads(weeks.mixed.json or weeks.json)["weeks"]
    assert week["days"].startswith(days_ago(7).isoformat())
    assert [(act["came"], act["size"]) for act in week["acts"]] == [(True, "× 1.0"), (False, "–")]
