"""The arithmetic by which ways to rank are compared: hits, what they found, what was known when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bench.viral import choose_by_brier, figures_of_ranking, is_among_first

FIRST, SECOND, CUT = pd.to_datetime(["2025-06-01", "2025-06-02", "2025-06-09"])


def forecasts(**more: Any) -> pd.DataFrame:
    """Two days of four acts; one becomes viral on the first, two on the second."""
    came = np.array([True, False, False, False, False, True, False, True])
    rows = pd.DataFrame({"ingest_date": [FIRST] * 4 + [SECOND] * 4, "came": came})
    rows["target_date"] = rows["ingest_date"] + pd.Timedelta(days=7)
    return rows.assign(**more)


def test_hits_are_of_the_first_of_each_day_and_found_are_those_of_all_virals():
    """On the first day the viral is first; on the second one is third and one last."""
    rows = forecasts(chosen=[0.9, 0.2, 0.1, 0.0, 0.8, 0.3, 0.5, 0.2])
    found = figures_of_ranking(rows, "chosen")
    assert found["first 3"] == pytest.approx(2 / 6)
    assert found["first 10"] == pytest.approx(3 / 8)
    assert found["virals in them"] == 1
    # In order: .9 hit, .8, .5, .3 hit, .2 (one of two acts hits; they are one step), .1, 0.
    assert found["average precision"] == pytest.approx((1 / 1 + 2 / 4 + 3 / 6) / 3)
    misses = [0.1, 0.2, 0.1, 0.0, 0.8, 0.7, 0.5, 0.8]
    assert found["brier"] == pytest.approx(np.mean(np.square(misses)))


def test_growth_is_ranked_and_has_no_score_of_a_chance():
    """Whose growth is unknown is no reason to be among the first."""
    growth = [50.0, 20.0, -10.0, np.nan, 30.0, 40.0, np.nan, 10.0]
    found = figures_of_ranking(forecasts(growth_rate_7d=growth), "growth_rate_7d")
    assert found["first 3"] == pytest.approx(3 / 6)
    assert "brier" not in found and "ece" not in found


def test_the_first_of_a_day_are_as_many_as_asked_also_among_equals():
    rows = forecasts()
    assert is_among_first(rows, np.ones(8), 3).tolist() == [True, True, True, False] * 2


def test_a_choice_rests_on_outcomes_that_were_known_on_the_cut_day():
    """Of two candidates one was right on the day known by then, the other on the day after."""
    rows = forecasts(early=[1.0, 0, 0, 0, 1, 0, 1, 0], late=[0.0, 1, 1, 1, 0, 1, 0, 1])
    names = ["early", "late"]
    assert choose_by_brier(rows, names, CUT - pd.Timedelta(days=1)) == "early"
    assert choose_by_brier(rows[rows["ingest_date"] == SECOND], names, CUT) == "late"
    assert choose_by_brier(rows, names, CUT - pd.Timedelta(days=2)) is None
