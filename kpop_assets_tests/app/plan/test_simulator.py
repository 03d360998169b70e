"""The simulator: where it starts from, what the model says, and how far that can be trusted."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from app.notices import PageEnd
from app.queries.plan.simulator import (
    find_outside,
    list_inputs,
    list_missing,
    measure_ranges,
    rise,
    shape_box,
    start_from,
)
from app.snapshot import Snapshot
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.pareto import CHAMPION, NEXT_VIRAL
from kpop_assets.contracts.rules import HISTORY_DAYS, HORIZON_DAYS
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import write_rows
from kpop_assets_tests.demo import END

DAY = dt.date(2026, 3, 31)


def at(**columns: float | int | None) -> dict:
    return {"ingest_date": DAY, "tier": 4, **columns}


def test_it_starts_from_an_artist_or_from_medians(tmp_path: Path):
    lake = write_rows(
        tmp_path,
        ARTIST_INPUTS,
        [
            at(artist="A", rank=1, tier=1, pace_1d=1.0, growth_rate_7d=None, tier_7d_ago=None),
            at(artist="B", rank=2, tier=2, pace_1d=3.0, growth_rate_7d=6.0, tier_7d_ago=None),
            at(artist="C", rank=3, tier=4, pace_1d=4.0, growth_rate_7d=-1.0, tier_7d_ago=None),
            at(artist="D", rank=4, tier=4, pace_1d=9.0, growth_rate_7d=2.0, tier_7d_ago=None),
        ],
    )
    rows = list_inputs(lake, DAY)
    assert rows.get_column("artist").to_list() == ["A", "B", "C", "D"]
    one = start_from(rows, "A")
    assert (one["tier"], one["pace_1d"], one["growth_rate_7d"]) == (1, 1.0, None)
    middle = start_from(rows, None)
    # The lower one of 2 and 4: there is no tier 3 among them, and none is 3.5.
    assert (middle["tier"], middle["pace_1d"], middle["growth_rate_7d"]) == (2, 3.5, 2.0)
    assert middle["tier_7d_ago"] is None
    with pytest.raises(PageEnd, match="no_inputs"):
        list_inputs(lake, DAY + dt.timedelta(days=1))


def test_ranges_are_those_of_what_the_model_could_learn_from(tmp_path: Path):
    trained = DAY
    known = trained - dt.timedelta(days=HORIZON_DAYS)
    oldest = trained - dt.timedelta(days=HISTORY_DAYS)
    learned = [float(n) for n in range(200)]
    rows = [
        {"ingest_date": known if n % 2 else oldest, "artist": str(n), "pace_1d": value}
        for n, value in enumerate(learned)
    ]
    late = {"ingest_date": known + dt.timedelta(days=1), "artist": "late", "pace_1d": 9_999.0}
    early = {"ingest_date": oldest - dt.timedelta(days=1), "artist": "early", "pace_1d": -9_999.0}
    lake = write_rows(tmp_path, ARTIST_INPUTS, [*rows, late, early])
    ranges = measure_ranges(lake, trained, ("pace_1d", "momentum"))
    low, high = np.percentile(learned, [1, 99])
    assert ranges.row(0) == ("pace_1d", 0.0, pytest.approx(low), pytest.approx(high), 199.0)
    assert ranges.row(1) == ("momentum", None, None, None, None)


def test_inputs_outside_are_listed_the_unseen_first():
    ranges = pl.DataFrame(
        {
            "input": ["a", "b", "c", "d", "e"],
            "trained_min": [0.0, 0.0, 0.0, 0.0, None],
            "trained_p01": [1.0, 1.0, 1.0, 1.0, None],
            "trained_p99": [9.0, 9.0, 9.0, 9.0, None],
            "trained_max": [10.0, 10.0, 10.0, 10.0, None],
        }
    )
    found = find_outside(ranges, {"a": 9.5, "b": -0.1, "c": 9.0, "d": None, "e": 5})
    assert found.select("input", "input_value", "is_outside").rows() == [
        ("b", -0.1, True),
        ("a", 9.5, False),
    ]


def test_a_box_keeps_to_what_an_input_can_be():
    tier = shape_box("tier_7d_ago", 1, 4)
    assert (tier.is_whole, tier.low, tier.high, tier.step) == (True, 1, 4, 1)
    assert shape_box("rank", 1, 80).low == 1
    assert shape_box("total_engagement", 0, 2_000_000).step == 10_000
    share = shape_box("nowcast_1d", 0.0, 1.0)
    assert (share.is_whole, share.low, share.high, share.step) == (False, 0, 1, 0.01)
    growth = shape_box("growth_rate_7d", -100.0, 14_890_000.0)
    assert (growth.low, growth.high, growth.decimals) == (None, None, 0)
    assert shape_box("momentum", None, None).step == shape_box("momentum", 2.0, 2.0).step == 0.01


def test_what_is_never_unknown_must_be_filled_in():
    assert list_missing({"tier": None, "growth_rate_7d": None, "pace_1d": 1.0}) == ["tier"]


@pytest.mark.parametrize(("tier", "expected"), [(1, 0), (2, 0.1), (4, 0.6), (None, None)])
def test_rise_is_the_probability_of_better_tiers(tier: int | None, expected: float | None):
    found = rise([0.1, 0.2, 0.3, 0.4], tier)
    assert found == (expected if expected is None else pytest.approx(expected))


def test_the_page_forecasts_as_the_product_does(
    full_home: Path, full: Snapshot, open_page: OpenPage
):
    forecasts = full.read(NEXT_VIRAL, END, columns=["artist", "tier", "p_rise", "p_tier_2"])
    page = open_page(full_home, "simulator")
    assert "kpop" not in page.selectbox[0].label
    for artist, tier, p_rise, p_tier_2 in forecasts.head(3).iter_rows():
        page.selectbox(key="chosen_artist").set_value(artist).run()
        assert not page.exception
        assert page.metric[0].value == page.metric[1].value == f"{p_rise:.1%}", (artist, tier)
        table = page.dataframe[0].value
        assert table["p_start"].tolist()[1] == pytest.approx(p_tier_2 * 100)


def test_a_changed_input_moves_only_the_changed_forecast(full_home: Path, open_page: OpenPage):
    page = open_page(full_home, "simulator")
    start = page.dataframe[0].value["p_start"].tolist()
    box = page.number_input[0]
    before = box.value
    box.set_value(1.0 if before < 0.5 else 0.0).run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table["p_start"].tolist() == start
    assert max(abs(table["p_changed"] - table["p_start"])) > 0.1
    page.button[0].click().run()
    assert page.number_input[0].value == before
    assert page.dataframe[0].value["p_changed"].tolist() == start


def test_an_empty_box_that_must_be_filled_is_a_sentence(
    full_home: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
):
    # AppTest cannot empty a box.
    monkeypatch.setattr("app.queries.plan.simulator.list_missing", lambda _: ["tier"])
    page = open_page(full_home, "simulator", "ko")
    assert page.title[0].value == "시뮬레이터"
    assert [info.value for info in page.info] == [
        "다음 입력값은 비워 둘 수 없습니다: 티어. 값을 입력해 주세요."
    ]
    assert not page.metric


@pytest.mark.parametrize("kept", [False, True])
def test_a_missing_model_is_a_sentence(
    full_home: Path, tmp_path: Path, open_page: OpenPage, kept: bool
):
    shutil.copytree(full_home / "lake", tmp_path / "lake")
    if kept:
        shutil.copy(full_home / "mlflow.db", tmp_path)
        lake = tmp_path / "lake" / CHAMPION.path
        row = {"ingest_date": END, "model_uri": "models:/m-none", "trained_date": END}
        write_rows(tmp_path, CHAMPION, [row])
        assert lake.exists()
    page = open_page(tmp_path, "simulator")
    assert any("kpop train" in info.value for info in page.info)
    assert (tmp_path / "mlflow.db").exists() == kept
