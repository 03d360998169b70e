"""The drill of the slot's estimates fails where nothing decides."""

from __future__ import annotations

import pytest

from drills.bandit import told_coverage


def test_intervals_of_logs_that_decide_nothing_prove_nothing(capsys: pytest.CaptureFixture[str]):
    assert not told_coverage(runs=2, shows=400)
    said = capsys.readouterr().out
    assert "too few logs decide on another policy by ips, snips, dr, gain" in said


def test_intervals_of_logs_that_decide_are_judged():
    assert told_coverage(runs=2, shows=4_000)
