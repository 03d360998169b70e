"""What a range runs: its days, later days, trainings and forecasts, before anything runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import dagster as dg
import pytest

from kpop_assets.bronze.assets import lines_asset
from kpop_assets.contracts.bronze import EVENTS, VIDEOS
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.models import TRAININGS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.registry import TABLES
from kpop_assets.graph.lake_asset import lake_asset
from kpop_assets.graph.step import Step
from kpop_assets.lake.lake import Lake
from kpop_assets.operate import plan as module
from kpop_assets.operate.legs import Leg, RangeRequest
from kpop_assets.operate.plan import TRAINING_WEEKS, Planner, champion_days, training_days
from kpop_assets.operate.runner import plan
from kpop_assets.settings import Settings
from kpop_assets_tests.bronze.toy import HEARD, HEARD_LINES
from kpop_assets_tests.graph.kit import DAY, frame

SATURDAY = DAY
WEEK = dt.timedelta(days=7)
ONE = dt.timedelta(days=1)


def test_a_range_trains_on_its_last_saturdays(lake: Lake):
    start = SATURDAY - 20 * WEEK
    found = training_days(lake, RangeRequest(start, SATURDAY + 2 * ONE))
    assert found == [SATURDAY - n * WEEK for n in reversed(range(TRAINING_WEEKS))]


def test_a_training_that_was_decided_stands_and_a_refused_one_is_tried_again(lake: Lake):
    refused, decided = SATURDAY - WEEK, SATURDAY
    cells = [{"ingest_date": refused, "refusal": "too few days"}, {"ingest_date": decided}]
    rows = frame(lake.spark, TRAININGS, *cells)
    lake.replace_range(TRAININGS, refused, decided + ONE, rows)
    found = training_days(lake, RangeRequest(SATURDAY - 2 * WEEK, SATURDAY))
    assert found == [SATURDAY - 2 * WEEK, refused]


def test_a_training_whose_run_was_stopped_before_the_champion_is_gone_on_with(lake: Lake):
    done, stopped = SATURDAY - WEEK, SATURDAY
    rows = frame(lake.spark, TRAININGS, {"ingest_date": done}, {"ingest_date": stopped})
    lake.replace_range(TRAININGS, done, stopped + ONE, rows)
    crown(lake, done)
    asked = RangeRequest(done, SATURDAY)
    assert training_days(lake, asked, is_crowned=True) == [stopped]
    assert training_days(lake, asked) == []


@pytest.mark.parametrize(("is_selected", "expected"), [(True, [SATURDAY + ONE]), (False, [])])
def test_a_single_day_trains_only_if_it_was_asked_to(lake: Lake, is_selected: bool, expected: list):
    select = ("models",) if is_selected else ()
    assert training_days(lake, RangeRequest(SATURDAY + ONE, SATURDAY + ONE, select)) == expected


def test_days_that_are_named_are_those(lake: Lake):
    named = {"days": ["2025-11-05", "2025-11-03"]}
    found = training_days(lake, RangeRequest(DAY - WEEK, DAY, training=named))
    assert found == [dt.date(2025, 11, 3), dt.date(2025, 11, 5)]


def test_the_days_of_champions_are_those_of_the_table(lake: Lake):
    assert champion_days(lake) == set()
    crown(lake, DAY, DAY + WEEK)
    assert champion_days(lake) == {DAY, DAY + WEEK}


def crown(lake: Lake, *days: dt.date) -> None:
    rows = frame(lake.spark, CHAMPION, *[{"ingest_date": day} for day in days])
    lake.replace_range(CHAMPION, min(days), max(days) + ONE, rows)


def take_in(lake: Lake, *days: dt.date) -> None:
    rows = frame(lake.spark, EVENTS, *[{"ingest_date": day} for day in days])
    lake.replace_range(EVENTS, min(days), max(days) + ONE, rows)


def by_kind(legs: list[Leg], kind: str) -> list[Leg]:
    return [leg for leg in legs if leg.kind == kind]


def test_an_empty_lake_is_filled_trained_and_forecast_from_the_training_on(settings: Settings):
    legs = plan(settings, SATURDAY - 2 * ONE, SATURDAY + ONE)
    assert [leg.kind for leg in legs] == ["fill", "train", "forecast"]
    filled, trained, forecast = legs
    assert (filled.start, filled.last) == (SATURDAY - 2 * ONE, SATURDAY + ONE)
    assert trained.training_days == (SATURDAY,)
    assert (forecast.start, forecast.last) == (SATURDAY, SATURDAY + ONE)
    assert forecast.paths == {"pareto/next_viral", "pareto/scorecard", "pareto/viral_record"}
    assert not filled.paths & {*trained.paths, *forecast.paths, "retention/purges"}
    assert not settings.home.exists(), "a plan leaves nothing behind"


def test_each_asset_is_brought_up_to_date_as_far_as_the_late_day_reaches_and_no_further(
    settings: Settings, lake: Lake
):
    """Documented: 7, 30, 30 + 2, 30 + 28, 30 + 7 + 26, 30 + 42, 30 + 66, 30 + 66 + 27, and more."""
    later = (1, 7, 8, 28, 29, 30, 31, 32, 33, 58, 59, 61, 62, 63, 64, 70, 72, 73, 90, 91, 96, 97)
    later = (*later, 123, 124, 226, 227)
    take_in(lake, *[DAY + n * ONE for n in later])
    found = by_kind(plan(settings, DAY, DAY), "refresh")
    assert {path: (leg.last - DAY).days for leg in found for path in leg.paths} == {
        "bronze/videos": 7,
        "silver/video_daily": 30,
        "silver/artist_daily": 30,
        "silver/artist_windows": 30,
        "catalog/unknown": 30,
        "gold/artist_features": 96,
        "gold/tier_cutoffs": 96,
        "lens/video_metrics": 32,
        "lens/video_outliers": 32,
        "lens/video_scores": 32,
        "lens/video_lists": 32,
        "lens/channel_outliers": 59,
        "lens/artist_outliers": 90,
        "lens/video_words": 30,
        "lens/word_counts": 30,
        "lens/keywords": 58,
        **dict.fromkeys(["lens/entities", "lens/signals"], 90),
        "lens/video_trends": 33,
        **dict.fromkeys(["lens/video_forecasts", "lens/forecast_scores"], 63),
        "lens/video_milestones": 63,
        "lens/forecast_scorecard": 70,
        **dict.fromkeys(["audience/voices", "audience/voice_counts"], 58),
        **dict.fromkeys(["audience/sentiments", "audience/aspects"], 58),
        **dict.fromkeys(["audience/guards", "audience/act_moods"], 124),
        "audience/subject_scores": 227,
        "silver/video_firsts": 72,
        "models/artist_inputs": 123,
        "models/viral_outcomes": 226,
        **dict.fromkeys(["recommend/play_days", "recommend/listener_tracks"], 28),
        "recommend/track_plays": 28,
        **{"recommend/answer_days": 1, "recommend/drift": 28},
        "rising_slot/policy_estimates": 63,
        **dict.fromkeys(["recommend/outcome_days", "experiments/listener_days"], 29),
        "experiments/results": 97,
        "recommend/outcomes": 29,
    }
    assert {leg.start for leg in found} == {DAY + ONE}
    # What is read comes first.
    assert [leg.last for leg in found] == sorted(leg.last for leg in found)


def test_a_late_day_of_any_kind_brings_up_to_date_what_looks_back_at_it(
    settings: Settings, lake: Lake, monkeypatch: pytest.MonkeyPatch
):
    """By the farther way where there are two, to the last day of which there is a line at all."""
    monkeypatch.setattr(module, "RECORDS", (*module.RECORDS, HEARD_LINES))

    @lake_asset(replace(HEARD, layer="silver", look_back_days=5), reads={HEARD: 5})
    def heard_daily(step: Step) -> dg.MaterializeResult: ...

    @lake_asset(replace(VIDEOS, look_back_days=7), reads={EVENTS: 7, HEARD: 2})
    def both(step: Step) -> dg.MaterializeResult: ...

    assets = [lines_asset(EVENT_LINES), lines_asset(HEARD_LINES), heard_daily, both]
    specs = [spec for asset in assets for spec in asset.specs]
    paths = {"/".join(spec.key.path) for spec in specs}
    take_in(lake, *[DAY + n * ONE for n in (1, 8)])
    rows = frame(lake.spark, HEARD, *[{"ingest_date": DAY + n * ONE} for n in (4, 6)])
    lake.replace_range(HEARD, DAY, DAY + WEEK, rows)
    legs = Planner(settings, lake, specs, paths, RangeRequest(DAY, DAY)).legs()
    last = {p: (leg.last - DAY).days for leg in by_kind(legs, "refresh") for p in leg.paths}
    assert last == {"silver/heard": 4, "bronze/videos": 6}


def test_days_close_by_are_brought_up_to_date_in_one_run(settings: Settings, lake: Lake):
    take_in(lake, DAY + ONE, DAY + 3 * ONE)
    found = by_kind(plan(settings, DAY, DAY), "refresh")
    (leg,) = (leg for leg in found if "bronze/videos" in leg.paths)
    assert (leg.start, leg.last) == (DAY + ONE, DAY + 3 * ONE)


def test_forecasts_begin_with_the_first_champion(settings: Settings, lake: Lake):
    crown(lake, DAY, DAY + WEEK)
    untrained = {"days": []}
    (leg,) = by_kind(plan(settings, DAY - WEEK, DAY + WEEK, training=untrained), "forecast")
    assert (leg.start, leg.last) == (DAY, DAY + WEEK)
    (leg,) = by_kind(plan(settings, DAY + ONE, DAY + ONE), "forecast")
    assert leg.start == DAY + ONE


def test_a_champion_of_an_old_day_forecasts_as_long_as_it_reigns(settings: Settings, lake: Lake):
    """It reigns 60 days, and its last forecasts are scored a week later."""
    take_in(lake, *[DAY + n * ONE for n in (10, 60, 61, 67, 68)])
    found = by_kind(plan(settings, DAY, DAY, ("models", "pareto")), "forecast")
    last = {path: (leg.last - DAY).days for leg in found for path in leg.paths}
    assert last == {
        "pareto/next_viral": 60,
        "pareto/scorecard": 67,
        "pareto/viral_record": 67,
    }


def test_a_selection_runs_its_days_alone(settings: Settings, lake: Lake):
    take_in(lake, DAY + ONE)
    (leg,) = plan(settings, DAY, DAY, ["silver"])
    assert leg.kind == "fill"
    assert leg.paths == {table.path for table in TABLES if table.layer == "silver"}
