"""What is told when answers change: once, of days that are over, until it ends."""

from __future__ import annotations

from typing import Any

import pytest

from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_service import ANSWER_DAYS, INPUT_DRIFT
from kpop_assets_tests.app.kit import write_rows
from kpop_assets_tests.wiring.kit import Watcher, ago, at
from kpop_assets_tests.wiring.kit import watcher as watcher

SENSOR = "tell_changed_answers"


def clicks(days: int, count: int) -> dict[str, Any]:
    return {
        **{"ingest_date": ago(days), "experiment": "*", "variant": "*"},
        **{"answer_count": 1_000, "shown_count": 10_000, "clicked_count": count},
    }


def drift(days: int, name: str, index: float) -> dict[str, Any]:
    return {
        **{"ingest_date": ago(days), "input_name": name, "day_count": 900, "past_count": 9_000},
        **{"stability_index": index, "stability_limit": 0.2, "is_drifted": index > 0.2},
        **{"moved_value": "car", "moved_from_pct": 1.0, "moved_to_pct": 40.0},
    }


def test_clicks_that_fall_are_told_once_and_again_after_they_were_back(watcher: Watcher):
    home = watcher.settings.home
    assert watcher.tick(SENSOR) == []
    write_rows(home, ANSWER_DAYS, [clicks(n, 500 + n % 3) for n in range(2, 20)])
    assert watcher.tick(SENSOR) == []
    write_rows(home, ANSWER_DAYS, [clicks(1, 200)])
    assert watcher.tick(SENSOR) == ["clicks are not as in the weeks before"]
    assert "2.00 % of shown works" in watcher.web.bodies[-1]["text"]
    assert watcher.tick(SENSOR) == []
    write_rows(home, ANSWER_DAYS, [clicks(0, 501)])
    watcher.now = at(9, ago(-1))
    assert watcher.tick(SENSOR) == []
    write_rows(home, ANSWER_DAYS, [clicks(-1, 200)])
    watcher.now = at(9, ago(-2))
    assert len(watcher.tick(SENSOR)) == 1


def test_a_day_that_is_not_over_and_one_of_long_ago_are_no_news(watcher: Watcher):
    home = watcher.settings.home
    write_rows(home, ANSWER_DAYS, [clicks(n, 500) for n in range(1, 20)])
    write_rows(home, ANSWER_DAYS, [clicks(0, 20)])
    write_rows(home, INPUT_DRIFT, [drift(0, "play_hour", 3.0), drift(4, "device", 3.0)])
    assert watcher.tick(SENSOR) == []
    watcher.now = at(0, ago(-1))
    assert watcher.tick(SENSOR) == ["clicks, play_hour are not as in the weeks before"]


@pytest.mark.parametrize(("source", "mark"), [("demo", "SIMULATED DATA: "), ("my-app", "")])
def test_inputs_that_move_are_told_each_once_and_simulated_ones_say_so(
    watcher: Watcher, source: str, mark: str
):
    home = watcher.settings.home
    write_rows(home, PLAYS, [{"ingest_date": ago(2), "source": source}])
    write_rows(home, INPUT_DRIFT, [drift(2, "play_hour", 0.5), drift(2, "device", 0.1)])
    assert watcher.tick(SENSOR) == [f"{mark}play_hour is not as in the weeks before"]
    assert "car went from 1 to 40 %" in watcher.web.bodies[-1]["text"]
    write_rows(home, INPUT_DRIFT, [drift(1, "play_hour", 0.6), drift(1, "device", 0.9)])
    assert watcher.tick(SENSOR) == ["device is not as in the weeks before"]
    assert watcher.tick(SENSOR) == []
