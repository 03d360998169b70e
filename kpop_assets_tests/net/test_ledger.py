"""The quota ledger: never one over, whoever asks, whatever the clock does, whatever crashes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.errors import QuotaSpentError
from kpop_assets.net.ledger import QuotaLedger

PACIFIC = "America/Los_Angeles"
SEARCH, READS = "search", "reads"
BUCKETS = (QuotaBucket(SEARCH, 100, PACIFIC), QuotaBucket(READS, 10_000, PACIFIC))
NOON = dt.datetime(2026, 11, 21, 20, tzinfo=dt.UTC)  # 12:00 Pacific
HOUR = dt.timedelta(hours=1)


class Clock:
    """A clock that the test moves."""

    def __init__(self, at: dt.datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> dt.datetime:
        """The instant."""
        return self.at


def ledger_at(folder: Path, clock: Clock, share: float = 0.5) -> QuotaLedger:
    return QuotaLedger(
        folder / "data" / "state.db",
        BUCKETS,
        "the service",
        share=share,
        share_name="KPOP_SHARE",
        now=clock,
    )


def spend_all(ledger: QuotaLedger, bucket: str = SEARCH) -> int:
    spent = 0
    while True:
        try:
            ledger.spend(bucket)
        except QuotaSpentError:
            return spent
        spent += 1


@pytest.mark.parametrize(
    ("share", "search", "reads"),
    [(0.5, 50, 5000), (1.0, 100, 10_000), (0.29, 29, 2900), (0.57, 57, 5700), (0.005, 0, 50)],
)
def test_the_ceiling_is_the_share_rounded_down(
    tmp_path: Path, share: float, search: int, reads: int
):
    ledger = ledger_at(tmp_path, Clock(), share)
    assert [ledger.ceiling(b) for b in (SEARCH, READS)] == [search, reads]


def test_looking_creates_nothing(tmp_path: Path):
    ledger = ledger_at(tmp_path, Clock())
    assert (ledger.left(SEARCH), ledger.spent()) == (50, [])
    assert list(tmp_path.iterdir()) == []


def test_the_bucket_is_spent_to_its_ceiling_and_no_further(tmp_path: Path):
    ledger = ledger_at(tmp_path, Clock())
    ledger.spend(SEARCH, 49)
    with pytest.raises(QuotaSpentError):
        ledger.spend(SEARCH, 2)
    assert ledger.left(SEARCH) == 1
    ledger.spend(SEARCH)
    with pytest.raises(QuotaSpentError) as caught:
        ledger.spend(SEARCH)
    assert str(caught.value) == (
        "today's search quota is spent until 2026-11-22 08:00 UTC: 50 of 100 may be used; "
        "raise KPOP_SHARE=0.5 for more"
    )
    assert caught.value.bucket == SEARCH
    assert caught.value.resets_at == dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
    assert ledger.left(READS) == 5000
    assert ledger.spent() == [(dt.date(2026, 11, 21), SEARCH, 50)]


@pytest.mark.parametrize("units", [0, -1])
def test_nothing_and_less_cannot_be_spent(tmp_path: Path, units: int):
    with pytest.raises(ValueError, match="cannot be spent"):
        ledger_at(tmp_path, Clock()).spend(READS, units)


@pytest.mark.parametrize("share", [0, -1, 1.01, float("nan")])
def test_a_share_is_a_part(tmp_path: Path, share: float):
    with pytest.raises(ValueError, match="share"):
        ledger_at(tmp_path, Clock(), share)


def test_exhaust_holds_until_the_reset_even_in_a_new_process(tmp_path: Path):
    clock = Clock()
    ledger = ledger_at(tmp_path, clock)
    ledger.spend(READS, 3)
    ledger.exhaust(READS)
    clock.at = dt.datetime(2026, 11, 22, 7, 59, 59, tzinfo=dt.UTC)
    again = ledger_at(tmp_path, clock, share=1.0)
    assert again.left(READS) == 0
    with pytest.raises(QuotaSpentError, match=r"the service says .* until 2026-11-22 08:00 UTC"):
        again.spend(READS)
    assert again.left(SEARCH) == 100
    clock.at += dt.timedelta(seconds=1)
    assert again.left(READS) == 10_000
    assert again.spent() == [(dt.date(2026, 11, 21), READS, 3)]


@given(
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("spend"), st.sampled_from([SEARCH, READS]), st.integers(1, 40)),
            st.tuples(st.just("exhaust"), st.sampled_from([SEARCH, READS]), st.just(0)),
            st.tuples(st.just("pass"), st.just(READS), st.integers(0, 30)),
        ),
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)
def test_the_ledger_does_what_a_dictionary_would(tmp_path_factory: pytest.TempPathFactory, steps):
    clock = Clock()
    ledger = ledger_at(tmp_path_factory.mktemp("quota"), clock, share=0.01)
    ceilings = {SEARCH: 1, READS: 100}
    spent: Counter = Counter()
    closed = set()
    for what, bucket, amount in steps:
        # November has no change of clocks after the first: Pacific is UTC-8.
        key = ((clock.at - 8 * HOUR).date(), bucket)
        if what == "pass":
            clock.at += amount * HOUR
        elif what == "exhaust":
            ledger.exhaust(bucket)
            closed.add(key)
        elif key in closed or spent[key] + amount > ceilings[bucket]:
            with pytest.raises(QuotaSpentError):
                ledger.spend(bucket, amount)
        else:
            ledger.spend(bucket, amount)
            spent[key] += amount
    today = (clock.at - 8 * HOUR).date()
    for bucket, ceiling in ceilings.items():
        key = (today, bucket)
        assert ledger.left(bucket) == (0 if key in closed else ceiling - spent[key])
    assert ledger.spent() == sorted((*key, units) for key, units in spent.items())


@given(steps=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 24 * 400)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_clock_that_steps_back_gives_nothing_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
):
    clock = Clock()
    ledger = ledger_at(tmp_path_factory.mktemp("quota"), clock, share=0.5)
    ledger.spend(SEARCH)
    granted = 1
    for units, hours_back in steps:
        before = ledger.left(SEARCH)
        clock.at -= hours_back * HOUR
        assert ledger.left(SEARCH) == before
        if units and units <= before:
            ledger.spend(SEARCH, units)
            granted += units
    clock.at = NOON
    assert ledger.left(SEARCH) == 50 - granted


def test_a_clock_that_was_ahead_by_years_does_not_hold_the_collection_for_years(tmp_path: Path):
    clock = Clock(NOON.replace(year=2036))
    ledger = ledger_at(tmp_path, clock)
    assert spend_all(ledger) == 50
    clock.at = NOON
    assert spend_all(ledger) == 0
    clock.at = NOON + 48 * HOUR
    assert spend_all(ledger) == 50
