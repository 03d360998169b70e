"""Answers follow the plans as they change, and whoever met a variant is told of once a day."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest

from kpop_assets.days import SEOUL
from serving.trials.trials import LOOK_SECONDS, Applied, Trials

PLAN = """question = "Is the fixed mix as good?"
unit = "listener"
starts_on = 2026-12-01
ends_on = 2026-12-28
primary_metric = "completed_plays"
least_effect = 0.05
[shares]
control = 0.5
mix = 0.5
[settings.mix]
order = "mix"
"""
NOON = dt.datetime(2026, 12, 1, 12, tzinfo=SEOUL)
ONE = dt.timedelta(days=1)
UNITS = [f"u{number}" for number in range(200)]


def write(home: Path, name: str, text: str) -> None:
    (home / "experiments").mkdir(exist_ok=True)
    (home / "experiments" / f"{name}.toml").write_text(text)


def test_variants_set_what_the_plan_says_on_its_days_and_nobody_gets_none(tmp_path: Path):
    write(tmp_path, "mixing", PLAN)
    trials = Trials(tmp_path)
    found = {unit: trials.applied(unit, NOON) for unit in UNITS}
    assert {one.variants["mixing"] for one in found.values()} == {"control", "mix"}
    for one in found.values():
        assert one.settings == ({"order": "mix"} if one.variants["mixing"] == "mix" else {})
        assert one.named == [f"mixing={one.variants['mixing']}"]
    midnight = dt.datetime(2026, 12, 1, tzinfo=SEOUL)
    for moment in (midnight - dt.timedelta(seconds=1), NOON + 28 * ONE):
        assert trials.applied("u1", moment) == Applied()
    # Days are those of Seoul, wherever the server is.
    assert trials.applied("u1", midnight.astimezone(dt.UTC)).variants
    assert trials.applied(None, NOON) == Applied()
    assert Trials(tmp_path / "nowhere").applied("u1", NOON) == Applied()


def test_a_plan_that_sets_nothing_is_met_elsewhere(tmp_path: Path):
    write(tmp_path, "button", PLAN.split("[settings")[0])
    trials = Trials(tmp_path)
    assert [plan.name for plan in trials.plans()] == ["button"]
    assert trials.applied("u1", NOON) == Applied()


def test_a_changed_file_counts_and_a_broken_one_is_told_once_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    seconds = [100.0]
    write(tmp_path, "mixing", PLAN)
    trials = Trials(tmp_path, lambda: seconds[0])
    assert trials.applied("u1", NOON).variants.keys() == {"mixing"}
    write(tmp_path, "other", PLAN.replace("order", "rising_slot").replace('"mix"', '"linucb"'))
    write(tmp_path, "broken", PLAN.replace("question", "qestion"))
    assert trials.applied("u1", NOON).variants.keys() == {"mixing"}
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            seconds[0] += LOOK_SECONDS
            assert trials.applied("u1", NOON).variants.keys() == {"mixing", "other"}
    assert caplog.text.count("unknown field qestion") == 1
    (fault,) = trials.faults()
    assert "broken.toml" in str(fault)
    (trials.folder / "mixing.toml").unlink()
    (trials.folder / "broken.toml").unlink()
    seconds[0] += LOOK_SECONDS
    assert trials.applied("u1", NOON).variants.keys() == {"other"}
    assert trials.faults() == ()


def test_usual_settings_hold_for_everybody_until_a_variant_says_otherwise(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    seconds = [100.0]
    write(tmp_path, "mixing", PLAN)
    trials = Trials(tmp_path, lambda: seconds[0])
    assert trials.applied(None, NOON).settings == trials.usual() == {}
    usual = tmp_path / "usual.toml"
    usual.write_text('order = "popular"\nrising_slot = "linucb"\n')
    seconds[0] += LOOK_SECONDS
    told = {"order": "popular", "rising_slot": "linucb"}
    assert trials.applied(None, NOON) == Applied(settings=told)
    by_variant = {"control": told, "mix": told | {"order": "mix"}}
    for unit in UNITS:
        applied = trials.applied(unit, NOON)
        assert applied.settings == by_variant[applied.variants["mixing"]]
    # A broken one is told once, and what held before goes on.
    usual.write_text('order = "poplar"\n')
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            seconds[0] += LOOK_SECONDS
            assert trials.applied(None, NOON).settings == told
        write(tmp_path, "other", PLAN.replace("order", "rising_slot").replace('"mix"', '"none"'))
        seconds[0] += LOOK_SECONDS
        assert trials.applied(None, NOON).settings == told
    assert caplog.text.count("order must be one of trees, mix, popular, not 'poplar'") == 1
    assert "usual.toml" in str(trials.faults()[0])
    usual.unlink()
    seconds[0] += LOOK_SECONDS
    assert (trials.applied(None, NOON), trials.faults()) == (Applied(), ())


def test_of_two_plans_for_one_setting_the_earlier_goes_on(tmp_path: Path):
    write(tmp_path, "a_later", PLAN.replace("2026-12-01", "2026-12-05"))
    write(tmp_path, "mixing", PLAN)
    trials = Trials(tmp_path)
    assert trials.applied("u1", NOON + 7 * ONE).variants.keys() == {"mixing"}
    assert "both set order" in str(trials.faults()[0])


def test_who_met_a_variant_is_told_of_once_a_day(tmp_path: Path):
    write(tmp_path, "mixing", PLAN)
    trials = Trials(tmp_path)
    applied = trials.applied("u1", NOON)
    (line,) = trials.exposures("u1", applied, NOON)
    assert line == {
        "experiment": "mixing",
        "variant": applied.variants["mixing"],
        "unit_id": "u1",
        "exposed_at": int(NOON.timestamp() * 1000),
    }
    assert trials.exposures("u1", applied, NOON) == []
    assert len(trials.exposures("u2", trials.applied("u2", NOON), NOON)) == 1
    assert len(trials.exposures("u1", applied, NOON + ONE)) == 1
    assert trials.exposures(None, applied, NOON) == []
    assert trials.exposures("u1", Applied(), NOON) == []
