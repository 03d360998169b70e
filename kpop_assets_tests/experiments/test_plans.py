"""An experiment's file says all that is needed, or one line says what is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kpop_assets.experiments.plans import PlanError, read_experiment, read_experiments

GOOD = """question = "Does the rising act in place three bring more listeners to it?"
unit = "listener"
starts_on = 2026-12-01
ends_on = 2026-12-28
primary_metric = "completed_plays"
guardrail_metrics = ["abandoned_plays"]
least_effect = 0.05
[shares]
control = 0.5
rising = 0.5
[settings.rising]
rising_slot = "linucb"
"""


def written(folder: Path, text: str, name: str = "place_three") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def test_a_file_is_an_experiment(tmp_path: Path):
    written(tmp_path, GOOD)
    (found,) = read_experiments(tmp_path)
    assert found.name == found.salt == "place_three"
    assert found.metrics == ("completed_plays", "abandoned_plays")
    assert found.treatments == ("rising",)
    assert found.pre_period_days == 28
    assert found.decides == "end"
    assert found.settings == {"rising": {"rising_slot": "linucb"}}
    days = [dt.date(2026, 11, 30), found.starts_on, found.ends_on, dt.date(2026, 12, 29)]
    assert [found.runs_on(day) for day in days] == [False, True, True, False]
    assert read_experiments(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("question", "qestion", "unknown field qestion"),
        ('unit = "listener"\n', "", "field unit is missing"),
        ('"listener"', '"house"', "unit must be listener, not house"),
        ("2026-12-28", "2026-11-28", "ends_on must be"),
        ("2026-12-28", '"soon"', "ends_on must be a day such as 2026-12-01, not 'soon'"),
        ("0.05", "0", "least_effect must be above 0"),
        ("0.05", "true", "least_effect must be a number"),
        ('["abandoned_plays"]', '["completed_plays"]', "a metric is named twice"),
        ('["abandoned_plays"]', "[1]", "guardrail_metrics must be a list of texts"),
        ("control = 0.5", "other = 0.5", "shares must name control"),
        ("rising = 0.5", "rising = 0.4", "shares must add up to 1, not 0.9"),
        ("rising = 0.5", 'rising = "half"', "each share must be a number between 0 and 1"),
        ("rising = 0.5", "Rising = 0.5", "variant 'Rising' must be small letters"),
        ('"completed_plays"', '"money"', "metric money is unknown: it is one of plays,"),
        ("least_effect", 'decides = "later"\nleast_effect', "decides must be end or any_day"),
        ("[settings.rising]", "[settings.nobody]", "settings are told for nobody, which is no"),
        ("rising_slot", "rising_place", "setting rising_place is unknown: it is one of order"),
        ('"linucb"', '"ucb"', "rising_slot must be one of none, epsilon_greedy, linucb, thompson"),
        ("[settings.rising]", "[settings]\nrising = 1\n[settings.control]", "must be a table"),
        ("[shares]", "[shares", "cannot be read"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_file(
    tmp_path: Path, was: str, becomes: str, says: str
):
    assert was in GOOD
    with pytest.raises(PlanError) as caught:
        read_experiment(written(tmp_path, GOOD.replace(was, becomes, 1)))
    assert says in str(caught.value)
    assert "place_three.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_name_that_no_address_could_carry_is_refused(tmp_path: Path):
    with pytest.raises(PlanError, match="small letters"):
        read_experiment(written(tmp_path, GOOD, "Place Three"))


def test_two_experiments_never_set_the_same_on_the_same_day(tmp_path: Path):
    written(tmp_path, GOOD)
    later = GOOD.replace("2026-12-28", "2027-01-28").replace("2026-12-01", "2026-12-28")
    written(tmp_path, later, "place_four")
    with pytest.raises(PlanError, match="place_three and place_four both set rising_slot"):
        read_experiments(tmp_path)
    written(tmp_path, later.replace("2026-12-28", "2026-12-29"), "place_four")
    assert len(read_experiments(tmp_path)) == 2
    # Of two that set nothing in common the days may be the same: their draws are independent.
    written(tmp_path, GOOD.replace('rising_slot = "linucb"', 'order = "mix"'), "place_five")
    assert len(read_experiments(tmp_path)) == 3
