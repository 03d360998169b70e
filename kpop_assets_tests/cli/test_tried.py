"""`kpop experiments`: each by what decides it, on its newest day, with what to do about it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.messages.catalogue import load_messages
from kpop_assets.cli.tried import WORDS, sentences
from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets.lake.rows import empty
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.operate.checkup.kit import TODAY, write

ONE = dt.timedelta(days=1)


def result(variant: str, **more: Any) -> dict[str, Any]:
    plain = {
        "experiment": "ordering",
        "variant": variant,
        "metric": "plays",
        "is_primary": True,
        "is_simulated": False,
        "verdict": None if variant == "control" else "not yet",
        "direction": None,
        "better": "more",
        "decides": "end",
        "least_effect_pct": 10.0,
        "needed_days": None,
        "ingest_date": TODAY,
        "end_date": TODAY - ONE,
        "broken_reason": None,
        "effect": 1.0,
    }
    if variant == "control":
        plain |= dict.fromkeys(("effect", "effect_low", "effect_high", "effect_pct"))
    return plain | more


def results(*rows: dict[str, Any]) -> pl.DataFrame:
    names = empty(EXPERIMENT_RESULTS).schema
    shares = {"effect_pct": 2.0, "effect_low_pct": -1.0, "effect_high_pct": 5.0}
    cells = [dict.fromkeys(names) | shares | row for row in rows]
    return pl.DataFrame(cells, schema=names)


def test_each_experiment_is_told_by_its_newest_day_and_one_by_all_its_metrics(
    kpop: Kpop, tmp_path: Path
):
    found = {"verdict": "significant", "direction": "better", "effect_pct": 7.3}
    write(
        tmp_path / "data" / "lake",
        EXPERIMENT_RESULTS,
        result("control"),
        result("mix", **found),
        result("mix", metric="abandoned_plays", is_primary=False, effect_pct=-2.5),
        result("mix", ingest_date=TODAY - ONE, effect_pct=99.9),
        result("late", experiment="older", ingest_date=TODAY - 9 * ONE, end_date=TODAY - 10 * ONE),
    )
    done = kpop("experiments")
    assert done.code == 0, done.err
    assert "+7.3" in done.out and "significant, better" in done.out
    assert "-2.5" not in done.out and "99.9" not in done.out and "control" not in done.out
    assert "ordering: better: mix, plays +7.3 %" in done.out
    assert "older: not shown to differ: late" in done.out
    assert done.out.index("ordering") < done.out.index("older")
    assert "SIMULATED" not in done.out
    one = kpop("experiments", "ordering")
    assert "-2.5" in one.out and "control" in one.out and "older" not in one.out
    assert "+99.9" in kpop("experiments", "--day", f"{TODAY - ONE}").out
    assert_one_line(kpop("experiments", "nothing"), "nothing came of an experiment nothing")


def test_simulated_data_says_so_and_a_broken_plan_is_named(kpop: Kpop, tmp_path: Path):
    write(tmp_path / "data" / "lake", EXPERIMENT_RESULTS, result("mix", is_simulated=True))
    folder = tmp_path / "data" / "experiments"
    folder.mkdir()
    (folder / "wrong.toml").write_text("question = 1")
    done = kpop("experiments")
    assert "SIMULATED DATA" in done.out
    assert "wrong.toml" in done.err and done.code == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"verdict": "broken", "broken_reason": "shares"}, "listeners are not spread as planned"),
        ({"verdict": "significant", "direction": "better"}, "take it over"),
        ({"verdict": "significant", "direction": "worse"}, "keep control"),
        ({"power_pct": 81.0}, "would have been found in 81 % of cases"),
        ({"end_date": TODAY + ONE, "needed_days": 12.0}, "12 more days are needed"),
        ({"end_date": TODAY + ONE, "needed_days": 0.0}, f"wait for the day after {TODAY + ONE}"),
        ({"end_date": TODAY + ONE, "effect": None}, "too few listeners met mix"),
    ],
)
def test_a_verdict_says_what_to_do(row: dict[str, Any], said: str):
    (sentence,) = sentences(results(result("mix", **row)), TODAY, {})
    assert said in sentence


def test_what_a_variant_harms_is_said_before_what_it_wins():
    won = result("mix", verdict="significant", direction="better")
    guard = {"metric": "skips", "is_primary": False, "better": "less"}
    lost = result("mix", verdict="significant", direction="worse", **guard)
    harms, but = sentences(results(won, lost), TODAY, {})
    assert "mix, skips" in harms and "do not take it over" in harms
    assert "harms another metric: mix, plays" in but and "take it over" not in but
    unsettled = result("mix", **guard, effect_high_pct=10.0)
    assert "not settled: mix, skips" in sentences(results(won, unsettled), TODAY, {})[1]
    settled = result("mix", **guard, effect_high_pct=9.9)
    assert len(sentences(results(won, settled), TODAY, {})) == 1


PLAN = f"""question = "Is the mix heard longer?"
unit = "listener"
starts_on = {TODAY - 9 * ONE}
ends_on = {TODAY - ONE}
primary_metric = "plays"
least_effect = 0.1
[shares]
control = 0.5
mix = 0.5
[settings.mix]
order = "mix"
"""


def test_a_winner_is_told_with_the_line_that_makes_it_usual(kpop: Kpop, tmp_path: Path):
    home = tmp_path / "data"
    won = result("mix", verdict="significant", direction="better", effect_pct=7.3)
    write(home / "lake", EXPERIMENT_RESULTS, result("control"), won)
    (home / "experiments").mkdir()
    (home / "experiments" / "ordering.toml").write_text(PLAN)
    told = kpop("experiments").out
    assert 'take it over, into KPOP_HOME/usual.toml:\n  order = "mix"\n' in told
    assert 'usual: order = "trees", rising_slot = "none"' in told
    rows = kpop("experiments", "ordering").out.splitlines()
    (control,) = [row for row in rows if " control " in row]
    assert "as usual" in control
    (home / "usual.toml").write_text('order = "mix"\n')
    told = kpop("experiments").out
    assert "it is the usual setting by now" in told and "take it over" not in told
    assert 'usual: order = "mix", rising_slot = "none"' in told


def test_plans_and_usual_settings_are_checked_before_they_hold(kpop: Kpop, tmp_path: Path):
    home = tmp_path / "data"
    (home / "experiments").mkdir(parents=True)
    (home / "experiments" / "ordering.toml").write_text(PLAN)
    (home / "usual.toml").write_text('rising_slot = "linucb"\n')
    done = kpop("experiments", "--check")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"ordering: over, {TODAY - 9 * ONE} to {TODAY - ONE}",
        "  control, 50 %: as usual",
        '  mix, 50 %: order = "mix"',
        'usual: order = "trees", rising_slot = "linucb"',
    ]
    (home / "usual.toml").write_text("rising_slot = 1\n")
    done = kpop("experiments", "--check")
    assert done.code == 1
    assert "usual.toml: rising_slot must be one of none, epsilon_greedy" in done.err
    (home / "usual.toml").unlink()
    (home / "experiments" / "ordering.toml").write_text(PLAN.replace("unit", "units"))
    done = kpop("experiments", "--check")
    assert done.code == 1 and "unknown field units" in done.err


def test_every_sentence_has_words_here_and_on_the_page():
    assert {f"experiments.{key}" for key in WORDS} <= set(load_messages())


def test_a_home_without_results_says_how_to_get_some(kpop: Kpop):
    assert_one_line(kpop("experiments"), "experiments/results")
