"""What is known by which day, and of how many: nothing is decided before."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from kpop_assets.experiments.day_results import measure_experiment
from kpop_assets.experiments.exposed_units import find_exposed, sum_metric
from kpop_assets.experiments.plans import Decides
from kpop_assets.experiments.unit_metrics import METRICS
from kpop_assets_tests.experiments.kit import FIRST, ONE, PLAN, by_variant, did, met


def clicked(*rows: tuple[int, str, int]) -> pl.DataFrame:
    """Clicks: day of the experiment on which they were made, listener, number."""
    lagged = did(*((day + 1, user, count) for day, user, count in rows))
    return lagged.with_columns(
        play_count=pl.lit(0, pl.Int64),
        clicked_work_count="play_count",
        shown_work_count=pl.lit(10, pl.Int64),
    )


def test_what_comes_of_answers_counts_on_the_day_of_the_answer():
    plan = replace(PLAN, primary_metric="clicks", pre_period_days=1)
    exposures = met((0, "a", "new"), (13, "b", "control"), (14, "c", "new"))
    days = clicked(
        (-2, "a", 64), (-1, "a", 8), (0, "a", 1), (13, "a", 2), (13, "b", 4), (14, "b", 9)
    )
    days = pl.concat([days, did((0, "b", 3))])
    units = find_exposed(plan, exposures, plan.ends_on + ONE)
    sums = sum_metric(plan, units, days, METRICS["clicks"])
    assert sums.last().tolist() == [3, 4]
    # Plays of the first day are no past, and clicks of the day before it are one.
    assert (sums.past.tolist(), sums.is_known.tolist()) == ([8, 0], [True, False])
    # On the last day its clicks are not known yet, so who met it then does not count.
    until = days.filter(pl.col("ingest_date") <= plan.ends_on)
    told = by_variant(measure_experiment(plan, exposures, until, plan.ends_on))
    assert (told["new"]["unit_count"], told["new"]["mean"]) == (1, 1)
    assert (told["control"]["unit_count"], told["control"]["mean"]) == (0, None)
    over = by_variant(measure_experiment(plan, exposures, days, plan.ends_on + ONE))
    assert [over[name]["unit_count"] for name in ("new", "control")] == [1, 1]
    assert [over[name]["mean"] for name in ("new", "control")] == [3, 4]
    first = by_variant(measure_experiment(plan, exposures, days.head(2), FIRST))
    assert [first[name]["unit_count"] for name in ("new", "control")] == [0, 0]
    assert (first["new"]["verdict"], first["new"]["effect"]) == ("not yet", None)


@pytest.mark.parametrize("decides", ["end", "any_day"])
def test_two_units_that_are_equal_by_chance_decide_nothing(decides: Decides):
    plan = replace(PLAN, decides=decides)
    units = {"a": ("control", 0), "b": ("control", 0), "c": ("new", 1), "d": ("new", 1)}
    exposures = met(*((0, unit, variant) for unit, (variant, _) in units.items()))
    days = did(*((day, unit, count) for day in range(14) for unit, (_, count) in units.items()))
    days = pl.concat([days, did(*((0, unit, 5) for unit in units))])
    found = by_variant(measure_experiment(plan, exposures, days, plan.ends_on + ONE))["new"]
    assert (found["effect"], found["effect_low"], found["any_day_low"]) == (14, None, None)
    assert (found["p_value"], found["any_day_p_value"], found["verdict"]) == (1, 1, "not yet")
