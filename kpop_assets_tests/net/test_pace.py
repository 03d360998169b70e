"""Turns at a service: evenly spaced and few at once, whatever processes there are."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from kpop_assets.net.errors import StateError
from kpop_assets.net.pace import Pace
from kpop_assets_tests.net.kit import Bench, Reply, bench_on


class Clock:
    """Seconds that pass by sleeping."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        """The instant."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let them pass."""
        self.at += seconds


def turns(pace: Pace, clock: Clock, count: int) -> list[float]:
    at = []
    for _ in range(count):
        with pace.turn():
            at.append(clock.at)
    return at


def test_turns_of_all_processes_are_a_gap_apart(tmp_path: Path):
    clock = Clock()
    one, two = (
        Pace(tmp_path / "x.db", "s", a_minute=200, clock=clock, sleep=clock.sleep) for _ in range(2)
    )
    at = turns(one, clock, 2) + turns(two, clock, 2)
    gaps = [later - earlier for earlier, later in pairwise(at)]
    assert gaps == pytest.approx([0.3, 0.3, 0.3])


@pytest.mark.parametrize("a_minute", [200, 300, 7])
def test_a_clock_that_has_not_moved_gives_no_second_turn(tmp_path: Path, a_minute: int):
    clock = Clock()
    # Doubles of this size make the gap a little more than it is.
    clock.at = 1_795_917_600.1
    pace = Pace(tmp_path / "x.db", "s", a_minute=a_minute, clock=clock, sleep=clock.sleep)
    at = turns(pace, clock, 20)
    assert min(later - earlier for earlier, later in pairwise(at)) > 60 / a_minute - 1e-5


def test_after_a_rest_the_first_turn_is_at_once(tmp_path: Path):
    clock = Clock()
    pace = Pace(tmp_path / "x.db", "s", a_minute=1, clock=clock, sleep=clock.sleep)
    turns(pace, clock, 1)
    clock.at += 90
    assert turns(pace, clock, 1) == [1090.0]


def test_services_do_not_wait_for_each_other(tmp_path: Path):
    clock = Clock()
    for name in ("a", "b"):
        pace = Pace(tmp_path / "x.db", name, a_minute=1, clock=clock, sleep=clock.sleep)
        assert turns(pace, clock, 1) == [1000.0]


def test_a_clock_set_back_by_a_year_does_not_hold_a_turn_for_a_year(tmp_path: Path):
    clock = Clock()
    clock.at += 365 * 86_400
    pace = Pace(tmp_path / "x.db", "s", a_minute=12, clock=clock, sleep=clock.sleep)
    turns(pace, clock, 1)
    clock.at = 1000.0
    assert turns(pace, clock, 2) == [1000.0, 1005.0]


def test_without_a_limit_nothing_is_written(tmp_path: Path):
    clock = Clock()
    turns(Pace(tmp_path / "x.db", "s", clock=clock, sleep=clock.sleep), clock, 3)
    assert list(tmp_path.iterdir()) == []


def test_no_more_than_so_many_are_under_way(tmp_path: Path):
    with bench_on(tmp_path) as bench:
        bench.service.answer(then=Reply(way="slow", seconds=0.1))

        def ask() -> None:
            path = tmp_path / "state.db"
            Bench(tmp_path, bench.service, pace=Pace(path, "wiki", at_once=3)).ask()

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(bench.service.got) == 8
        assert 1 < bench.service.most_under_way <= 3


HOLDER = """
import sys, time
from pathlib import Path
from kpop_assets.net.pace import Pace
with Pace(Path(sys.argv[1]), "s", at_once=1).turn():
    print("holds", flush=True)
    time.sleep(60)
"""


def test_the_place_of_a_killed_process_is_free(tmp_path: Path):
    path = tmp_path / "x.db"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        process.kill()
    begun = time.monotonic()
    with Pace(path, "s", at_once=1).turn():
        assert time.monotonic() - begun < 30


def test_a_place_that_cannot_be_locked_is_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StateError, match="cannot use"),
        Pace(tmp_path / "file" / "x.db", "s", at_once=1).turn(),
    ):
        pass
