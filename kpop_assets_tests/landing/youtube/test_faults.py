"""A collection through random faults, and a small simulated week: the figures that must be 0."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from bench.week import simulate_week
from drills.faults import Account, collect_with_faults


def test_a_hundred_faults_lose_nothing_double_nothing_and_overspend_nothing(tmp_path: Path):
    account = collect_with_faults(tmp_path, faults=100, videos_each=20, rate=0.6, seed=3)
    assert account.faults.total() == 100
    assert len(account.faults) >= 12
    assert (account.lost, account.double, account.over_quota) == (0, 0, 0)
    assert account.wanted == account.landed == 1200
    assert account.paid_twice <= account.restarts
    assert not account.is_bad()
    assert account.restarts > 0


def test_pages_paid_twice_without_a_kill_fail_the_account():
    good = Account(Counter(), 9, 9, 0, 0, 0, paid_twice=2, restarts=2, runs=1, days=1, files=1)
    assert not good.is_bad()
    assert replace(good, paid_twice=3).is_bad()
    assert replace(good, lost=1).is_bad()


def test_a_small_week_refreshes_all_and_finds_all(tmp_path: Path):
    week = simulate_week(tmp_path, artists=10, videos=600, days=3)
    assert week.over_quota == 0
    assert len(week.refreshed) == 3
    assert all(seen == standing > 500 for seen, standing in week.refreshed.values())
    assert week.unseen.total() == 0
    assert week.delays_hours["by uploads"]
    assert week.delays_hours["by search"]
    # No upload waits longer than from the evening round to the morning's.
    assert max(week.delays_hours["by uploads"]) <= 18
