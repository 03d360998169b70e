"""A call: paid before it is sent, patient within limits, paused after failures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.net.attempt import HttpRequest
from kpop_assets.net.breaker import PAUSE_SECONDS
from kpop_assets.net.errors import AnswerError, QuotaSpentError, StateError, UnavailableError
from kpop_assets.net.pace import Pace
from kpop_assets_tests.net.kit import Bench, Got, Reply, bench_on

FAILS = Reply(503)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_on(tmp_path) as bench:
        yield bench
        assert bench.paid() == len(bench.service.got), "paid is not what was sent"


def fail(bench: Bench, count: int) -> None:
    bench.service.answer(then=FAILS)
    for _ in range(count):
        with pytest.raises(UnavailableError, match="cannot be reached or fails"):
            bench.ask()


def test_a_good_answer_costs_one_unit_and_no_pause(bench: Bench):
    assert bench.ask().status == 200
    assert (bench.paid(), bench.slept) == (1, [])


@pytest.mark.parametrize("way", ["", "cut", "close", "nonsense"])
def test_what_may_pass_is_tried_again_and_paid_again(bench: Bench, way: str):
    bad = Reply(503 if not way else 200, way=way)
    bench.service.answer(bad, bad)
    assert bench.ask().status == 200
    assert bench.paid() == 3
    assert 0 <= bench.slept[0] <= 1 and 0 <= bench.slept[1] <= 2


def test_five_attempts_and_no_more_with_jitter_over_the_whole_range(bench: Bench):
    bench.service.answer(then=FAILS)
    drawn = []
    for seed in (1, 1, *range(2, 12)):
        bench.slept.clear()
        bench.seconds += PAUSE_SECONDS
        before = bench.paid()
        with pytest.raises(UnavailableError):
            bench.caller(seed).call(HttpRequest(bench.service.url), "reads")
        assert bench.paid() - before == 5
        drawn.append([pause / 2**i for i, pause in enumerate(bench.slept)])
    assert drawn[0] == drawn[1]
    parts = [part for pauses in drawn[1:] for part in pauses]
    assert len(parts) == 4 * 11
    assert 0 <= min(parts) < 0.1 and 0.9 < max(parts) <= 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed_before_any_drawn_pause(bench: Bench, status: int):
    bench.service.answer(Reply(status, headers={"Retry-After": "7"}))
    bench.ask()
    assert bench.slept == [7.0]


def test_load_shedding_without_a_word_is_tried_again_by_jitter(bench: Bench):
    bench.service.answer(Reply(429), Reply(429))
    assert bench.ask().status == 200
    assert len(bench.slept) == 2


def test_a_long_retry_after_ends_the_call_instead(bench: Bench):
    bench.service.answer(Reply(429, headers={"Retry-After": "3600"}))
    with pytest.raises(UnavailableError):
        bench.ask()
    assert (bench.slept, bench.paid()) == ([], 1)


def test_a_refusal_is_not_tried_again_and_pauses_nothing(bench: Bench):
    bench.service.answer(then=Reply(404))
    for _ in range(4):
        with pytest.raises(AnswerError) as caught:
            bench.ask()
        assert (caught.value.status, caught.value.may_pass) == (404, False)
    assert bench.paid() == 4


def test_a_service_that_says_spent_is_not_asked_again_before_the_reset(bench: Bench):
    bench.service.answer(Reply(402))
    for _ in range(2):
        with pytest.raises(QuotaSpentError, match="the service says that the reads quota is spent"):
            bench.ask()
    assert bench.paid() == 1


def test_attempts_end_where_the_quota_ends_and_nothing_more_is_sent(bench: Bench):
    bench.limit = 2
    bench.service.answer(then=FAILS)
    with pytest.raises(QuotaSpentError, match="2 of 2"):
        bench.ask()
    assert len(bench.service.got) == 2


def test_nothing_is_sent_that_cannot_be_paid(bench: Bench):
    (bench.folder / "state.db").write_bytes(b"no database, but long enough to be a header" * 20)
    with pytest.raises(StateError, match="nothing is sent without it"):
        bench.ask()
    assert bench.service.got == []
    (bench.folder / "state.db").unlink()


def test_the_breaker_opens_half_opens_and_closes(bench: Bench):
    fail(bench, 3)
    assert bench.paid() == 15
    begun = bench.seconds
    for bench.seconds in (begun, begun + PAUSE_SECONDS - 1):
        with pytest.raises(UnavailableError, match="no calls for another") as caught:
            bench.ask()
        assert caught.value.pause_seconds == begun + PAUSE_SECONDS - bench.seconds
    assert bench.paid() == 15
    bench.seconds = begun + PAUSE_SECONDS
    fail(bench, 1)  # half-open: one goes through, fails, and opens it again
    with pytest.raises(UnavailableError, match="no calls for another 300 s"):
        bench.ask()
    bench.seconds += PAUSE_SECONDS
    bench.service.answer()
    assert bench.ask().status == 200
    fail(bench, 3)  # closed: three failures are needed anew


def test_while_one_call_is_tried_after_a_pause_the_others_stay_out(bench: Bench):
    fail(bench, 3)
    bench.seconds += PAUSE_SECONDS

    def ask_in_between(got: Got) -> Reply:
        with pytest.raises(UnavailableError, match="no calls for another"):
            bench.ask()
        return Reply()

    bench.service.reply = ask_in_between
    assert bench.ask().status == 200
    assert bench.paid() == 16


def test_a_try_that_could_not_be_paid_leaves_the_next_one_free_to_try(bench: Bench):
    fail(bench, 3)
    bench.seconds += PAUSE_SECONDS
    bench.limit = 15
    with pytest.raises(QuotaSpentError):
        bench.ask()
    bench.limit = 16
    bench.service.answer()
    assert bench.ask().status == 200


def test_failures_that_are_not_in_a_row_pause_nothing(bench: Bench):
    for _ in range(3):
        fail(bench, 2)
        bench.service.answer()
        assert bench.ask().status == 200


def test_a_clock_set_back_does_not_prolong_the_pause(bench: Bench):
    fail(bench, 3)
    bench.seconds = 0.0
    bench.service.answer()
    assert bench.ask().status == 200


def test_every_attempt_waits_for_its_turn(bench: Bench):
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        bench.seconds += seconds

    path = bench.folder / "state.db"
    bench.pace = Pace(path, "gdelt", a_minute=12, clock=bench.clock, sleep=sleep)
    bench.service.answer(FAILS, FAILS)
    bench.ask()
    assert waited == [5.0, 5.0]


KILLED = """
import os, signal, sys
from pathlib import Path
from kpop_assets.net.attempt import Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.caller import Caller
from kpop_assets.net.bucket import QuotaBucket
from kpop_assets.net.ledger import QuotaLedger

class Dies(Http):
    def send(self, request):
        os.kill(os.getpid(), signal.SIGKILL)

path = Path(sys.argv[1])
ledger = QuotaLedger(path, [QuotaBucket("reads", 1000)], "the service")
caller = Caller("the service", Dies("x"), lambda answer: None, Breaker(path, "x"), ledger=ledger)
caller.call(HttpRequest(sys.argv[2]), "reads")
"""


def test_killed_between_paying_and_sending_a_unit_is_lost_and_none_is_won(tmp_path: Path):
    with bench_on(tmp_path) as bench:
        command = [sys.executable, "-c", KILLED, str(tmp_path / "state.db"), bench.service.url]
        ended = subprocess.run(command, env=os.environ, timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL
        assert (bench.paid(), bench.service.got) == (1, [])
        assert bench.ask().status == 200
        assert bench.paid() == 2
