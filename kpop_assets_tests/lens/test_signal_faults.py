"""The signals through random faults: the figures that must be 0, and that the account notices."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from drills.signals import SignalAccount, ask_with_faults


def test_fifty_faults_fail_no_day_cross_no_ceiling_and_make_nothing_old_new(tmp_path: Path):
    account = ask_with_faults(tmp_path, faults=50, rate=0.4, seed=5)
    assert account.faults.total() == 50
    assert len(account.faults) >= 12
    assert (account.failures, account.crossed, account.stale_as_new) == (0, 0, 0)
    assert not account.is_bad()
    assert min(account.fresh, account.old, account.missing.total()) > 0
    assert set(account.requests) == {"wikipedia", "wikidata", "gdelt", "reddit", "knowledge_graph"}
    assert min(account.requests.values()) > 0


@pytest.mark.parametrize(
    "figure", ["failures", "crossed", "stale_as_new", "unexplained", "wrong_composites"]
)
def test_a_figure_that_must_be_0_fails_the_account(figure: str):
    good = SignalAccount(Counter(), rows=4, fresh=9)
    assert not good.is_bad()
    assert replace(good, **{figure: 1}).is_bad()
