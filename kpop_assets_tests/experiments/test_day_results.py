"""From exposures and days of listeners to rows: who counts, from when on, and what is broken."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from scipy import stats

from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS, LISTENER_DAYS
from kpop_assets.experiments.day_results import measure_experiment
from kpop_assets.experiments.exposed_units import find_exposed, sum_metric
from kpop_assets.experiments.listener_days import (
    LISTENED_COLUMNS,
    OUTCOME_COLUMNS,
    count_listener_days,
)
from kpop_assets.experiments.unit_metrics import METRICS
from kpop_assets.lake.rows import empty
from kpop_assets_tests.experiments.kit import FIRST, ONE, PLAN, by_variant, did, made_up, met


def test_plays_count_from_the_day_on_which_a_unit_met_its_first_variant():
    units = find_exposed(
        PLAN,
        met((0, "a", "new"), (2, "b", "control"), (3, "b", "new"), (4, "c", "new")),
        FIRST + 3 * ONE,
    )
    assert units.ids["unit_id"].to_list() == ["a", "b"]
    assert units.counts() == {"new": 1, "control": 1}
    assert units.twice_count == 1
    days = did((-1, "a", 5), (0, "a", 1), (2, "a", 2), (0, "b", 9), (2, "b", 4), (1, "z", 7))
    sums = sum_metric(PLAN, units, days, METRICS["plays"])
    assert sums.by_day.tolist() == [[1, 1, 3, 3], [0, 0, 4, 4]]
    assert sums.past.tolist() == [5, 0]
    assert sums.is_known.tolist() == [True, False]
    looked = [variants.tolist() for variants, *_ in sums.looks(units)]
    assert looked == [["new"], ["new"], ["new", "control"], ["new", "control"]]


def test_a_planted_lift_is_found_and_the_rows_are_the_contract():
    exposures, days = made_up(0.2)
    rows = measure_experiment(PLAN, exposures, days, PLAN.ends_on + ONE)
    table = pl.DataFrame(rows, schema=empty(EXPERIMENT_RESULTS).drop("ingest_date").schema)
    required = set(EXPERIMENT_RESULTS.required) - {"ingest_date"}
    assert not any(table[name].null_count() for name in required)
    found = by_variant(rows)
    assert (found["new"]["verdict"], found["new"]["direction"]) == ("significant", "better")
    assert found["control"]["verdict"] is None and found["control"]["effect"] is None
    assert found["new"]["effect_low"] < 0.2 * found["control"]["mean"] < found["new"]["effect_high"]
    assert found["new"]["any_day_low"] < found["new"]["effect_low"]
    assert found["new"]["effect_low_pct"] < 20 < found["new"]["effect_high_pct"]
    assert found["new"]["any_day_low_pct"] < found["new"]["effect_low_pct"]
    assert found["new"]["noise_cut_pct"] > 60
    assert not found["new"]["is_simulated"]
    made_up_rows = exposures.with_columns(source=pl.lit("demo"))
    (control, _) = measure_experiment(PLAN, made_up_rows, days, PLAN.ends_on + ONE)
    assert control["is_simulated"]
    assert found["new"]["unit_count"] == found["control"]["unit_count"] == 300
    assert found["new"]["mismatch_p_value"] == 1
    # Before the last day is over one look says nothing, whatever it shows.
    early = by_variant(measure_experiment(PLAN, exposures, days, PLAN.ends_on))
    assert early["new"]["p_value"] < 0.001 and early["new"]["verdict"] == "not yet"
    any_day = replace(PLAN, decides="any_day", ends_on=PLAN.ends_on + 9 * ONE)
    soon = by_variant(measure_experiment(any_day, exposures, days, PLAN.ends_on - ONE))
    assert soon["new"]["verdict"] == "significant"


def test_without_a_past_the_result_is_that_of_scipy():
    exposures, days = made_up(0.1)
    plan = replace(PLAN, pre_period_days=0)
    within = days.filter(pl.col("ingest_date") >= FIRST)
    (_, new) = measure_experiment(plan, exposures, within, plan.ends_on)
    joined = exposures.select("unit_id", "variant", joined="ingest_date")
    sums = (
        joined.join(within, left_on="unit_id", right_on="user_id", how="left")
        .with_columns(
            pl.when(pl.col("ingest_date") >= pl.col("joined")).then("play_count").otherwise(0)
        )
        .group_by("unit_id", "variant")
        .agg(pl.col("play_count").sum())
    )
    sides = [sums.filter(variant=name)["play_count"].to_numpy() for name in ("new", "control")]
    oracle = stats.ttest_ind(*sides, equal_var=False)
    assert new["p_value"] == pytest.approx(oracle.pvalue)
    assert new["effect"] == pytest.approx(sides[0].mean() - sides[1].mean())
    assert new["noise_cut_pct"] == pytest.approx(0)


def test_less_is_better_for_what_is_better_less():
    exposures, days = made_up(0.2)
    plan = replace(PLAN, primary_metric="abandoned_plays")
    fewer = days.with_columns(abandoned_count=pl.col("play_count"))
    found = by_variant(measure_experiment(plan, exposures, fewer, plan.ends_on + ONE))
    assert (found["new"]["verdict"], found["new"]["direction"]) == ("significant", "worse")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda e: e.filter((pl.col("variant") == "control") | (pl.int_range(pl.len()) % 2 == 0)),
         "shares"),
        (lambda e: e.with_columns(variant=pl.col("variant").replace("new", "newer")),
         "unplanned_variant"),
        (lambda e: pl.concat([e, e.head(9).with_columns(
            ingest_date=pl.lit(FIRST + 9 * ONE),
            variant=pl.col("variant").replace({"new": "control", "control": "new"}))]),
         "two_variants"),
    ],
)  # fmt: skip
def test_whatever_came_of_units_that_are_not_those_planned_is_broken(spoil, reason: str):
    exposures, days = made_up(0.2)
    found = by_variant(measure_experiment(PLAN, spoil(exposures), days, PLAN.ends_on))
    assert found["new"]["broken_reason"] == found["control"]["broken_reason"] == reason
    assert (found["new"]["verdict"], found["new"]["direction"]) == ("broken", None)


def test_a_stray_line_of_an_unplanned_variant_voids_nothing_until_there_are_many():
    exposures, days = made_up(0.2)
    typo = pl.concat([exposures, *(met((9, f"x{n}", "nwe")) for n in range(6))])
    clean = measure_experiment(PLAN, exposures, days, PLAN.ends_on + ONE)
    assert measure_experiment(PLAN, typo, days, PLAN.ends_on + ONE) == clean
    more = pl.concat([typo, met((9, "x6", "nwe"))])
    found = by_variant(measure_experiment(PLAN, more, days, PLAN.ends_on + ONE))
    assert found["new"]["broken_reason"] == "unplanned_variant"
    # Whoever was told of under a wrong name first counts under the right one.
    twice = pl.concat([exposures, met((0, "u001", "nwe"))])
    assert find_exposed(PLAN, twice, FIRST + 5 * ONE).counts() == {"control": 300, "new": 300}


def test_an_experiment_that_nobody_met_says_not_yet():
    rows = measure_experiment(PLAN, met(), did((0, "a", 3)), FIRST + 2 * ONE)
    assert [row["unit_count"] for row in rows] == [0, 0]
    assert [row["verdict"] for row in rows] == [None, "not yet"]
    assert rows[1]["p_value"] is None and rows[1]["needed_unit_count"] is None


def test_units_still_needed_bring_the_promised_power():
    exposures, days = made_up(0.0)
    new = by_variant(measure_experiment(PLAN, exposures, days, PLAN.ends_on))["new"]
    assert new["needed_unit_count"] > 0 and new["power_pct"] > 5
    large = replace(PLAN, least_effect=0.5)
    sure = by_variant(measure_experiment(large, exposures, days, PLAN.ends_on))["new"]
    assert sure["power_pct"] > 99 and sure["needed_days"] == 0
    assert sure["needed_unit_count"] < new["needed_unit_count"]
    any_day = replace(PLAN, decides="any_day")
    more = by_variant(measure_experiment(any_day, exposures, days, PLAN.ends_on))["new"]
    assert more["power_pct"] < new["power_pct"] - 1
    assert more["needed_unit_count"] > 1.5 * new["needed_unit_count"]


def test_a_day_of_a_listener_is_the_sum_of_tracks_with_counted_plays():
    rows = [("a", 2, 2, 1), ("a", 1, 0, 0), ("a", 0, 0, 0), ("b", 0, 0, 0)]
    listened = pl.DataFrame(rows, schema=LISTENED_COLUMNS, orient="row")
    nothing = dict.fromkeys(OUTCOME_COLUMNS, False)
    shown = pl.DataFrame(
        [
            {**nothing, "user_id": "a", "is_clicked": True, "is_played": True},
            {**nothing, "user_id": "a", "is_skipped": True},
            {**nothing, "user_id": None, "is_clicked": True},
            {**nothing, "user_id": "c", "is_liked": True},
        ]
    )
    found = count_listener_days(listened, shown).sort("user_id")
    assert found.columns == [n for n in LISTENER_DAYS.column_names if n != "ingest_date"]
    assert found["user_id"].to_list() == ["a", "c"]
    assert found.row(1, named=True) | {"user_id": ""} == dict.fromkeys(found.columns, 0) | {
        "user_id": "",
        "shown_work_count": 1,
        "liked_work_count": 1,
    }
    assert found.head(1).to_dicts() == [
        {
            "user_id": "a",
            "play_count": 3,
            "known_length_count": 2,
            "completed_count": 1,
            "abandoned_count": 1,
            "track_count": 2,
            "active_count": 1,
            "shown_work_count": 2,
            "clicked_work_count": 1,
            "taken_work_count": 1,
            "finished_work_count": 0,
            "skipped_work_count": 1,
            "liked_work_count": 0,
            "disliked_work_count": 0,
        }
    ]
