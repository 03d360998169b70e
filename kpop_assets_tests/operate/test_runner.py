"""Which days a range trains on, and from which day on it forecasts."""

from __future__ import annotations

import datetime as dt

import pytest

from kpop_assets.contracts.models import TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.lake.lake import Lake
from kpop_assets.operate.runner import TRAINING_WEEKS, first_champion_day, training_days
from kpop_assets_tests.graph.kit import DAY, frame

SATURDAY = DAY
WEEK = dt.timedelta(days=7)
ONE = dt.timedelta(days=1)


def test_a_range_trains_on_its_last_saturdays(lake: Lake):
    start = SATURDAY - 20 * WEEK
    found = training_days(lake, start, SATURDAY + 2 * ONE, {}, is_selected=False)
    assert found == [SATURDAY - n * WEEK for n in reversed(range(TRAINING_WEEKS))]


def test_a_training_that_was_decided_stands_and_a_refused_one_is_tried_again(lake: Lake):
    refused, decided = SATURDAY - WEEK, SATURDAY
    cells = [{"ingest_date": refused, "refusal": "too few days"}, {"ingest_date": decided}]
    rows = frame(lake.spark, TRAININGS, *cells)
    lake.replace_range(TRAININGS, refused, decided + ONE, rows)
    found = training_days(lake, SATURDAY - 2 * WEEK, SATURDAY, {}, is_selected=False)
    assert found == [SATURDAY - 2 * WEEK, refused]


@pytest.mark.parametrize(("is_selected", "expected"), [(True, [SATURDAY + ONE]), (False, [])])
def test_a_single_day_trains_only_if_it_was_asked_to(lake: Lake, is_selected: bool, expected: list):
    assert training_days(lake, SATURDAY + ONE, SATURDAY + ONE, {}, is_selected) == expected


def test_days_that_are_named_are_those(lake: Lake):
    named = {"days": ["2025-11-05", "2025-11-03"]}
    found = training_days(lake, DAY - WEEK, DAY, named, is_selected=False)
    assert found == [dt.date(2025, 11, 3), dt.date(2025, 11, 5)]


def test_forecasts_begin_with_the_first_champion(lake: Lake):
    assert first_champion_day(lake, DAY) is None
    rows = frame(lake.spark, CHAMPION, {"ingest_date": DAY}, {"ingest_date": DAY + WEEK})
    lake.replace_range(CHAMPION, DAY, DAY + 2 * WEEK, rows)
    assert first_champion_day(lake, DAY - WEEK) == DAY
    assert first_champion_day(lake, DAY + ONE) == DAY + ONE
