"""What YouTube grants: its limits, its day, and what is said when they are spent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kpop_assets.landing.youtube.quota import LIMITS, Quota, open_ledger
from kpop_assets.net.errors import QuotaSpentError

NOON = dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)  # 12:00 Pacific


def test_limits_are_those_of_the_api():
    assert {quota.value: limit for quota, limit in LIMITS.items()} == {
        "search": 100,
        "batch_stats": 10_000,
        "reads": 10_000,
    }


@pytest.mark.parametrize(
    ("share", "search", "reads"),
    [(0.5, 50, 5000), (1.0, 100, 10_000), (0.29, 29, 2900), (0.57, 57, 5700), (0.005, 0, 50)],
)
def test_the_ceiling_is_the_share_rounded_down(
    tmp_path: Path, share: float, search: int, reads: int
):
    ledger = open_ledger(tmp_path / "collection.db", share)
    assert [ledger.ceiling(quota) for quota in Quota] == [search, reads, reads]


def test_every_quota_comes_back_at_midnight_pacific(tmp_path: Path):
    ledger = open_ledger(tmp_path / "collection.db", now=lambda: NOON)
    resets = {ledger.resets_at(quota) for quota in Quota}
    assert resets == {dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)}


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.01, "1 of 100 may be used; raise KPOP_QUOTA_SHARE=0.01 for more"),
        (1.0, "KPOP_QUOTA_SHARE is 1, all of it"),
    ],
)
def test_a_spent_quota_says_until_when_and_the_way_out(tmp_path: Path, share: float, said: str):
    ledger = open_ledger(tmp_path / "collection.db", share, lambda: NOON)
    ledger.spend(Quota.SEARCH, ledger.ceiling(Quota.SEARCH))
    with pytest.raises(QuotaSpentError) as caught:
        ledger.spend(Quota.SEARCH)
    assert str(caught.value) == (
        f"today's search quota is spent until 2026-11-22 08:00 UTC: {said}"
    )
