"""Token buckets: how many pass at once and over time, also by several processes, and never none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.errors import KpopError
from serving.entrance.rate_limits import BUCKETS, BURST_SECONDS, RateLimits

ROOT = Path(__file__).parents[3]


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_a_burst_passes_then_the_rate_and_others_are_not_held_up(tmp_path: Path):
    clock = Clock()
    limits = RateLimits(tmp_path / "serving" / "limits", 10, clock)
    passed = [limits.seconds_to_wait("a") for _ in range(int(10 * BURST_SECONDS))]
    assert passed == [0.0] * 20
    assert limits.seconds_to_wait("a") == pytest.approx(0.1)
    assert limits.seconds_to_wait("b") == 0.0
    clock.now += 0.1
    assert limits.seconds_to_wait("a") == 0.0
    assert limits.seconds_to_wait("a") > 0


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
@settings(max_examples=50)
def test_never_more_pass_than_a_full_bucket_and_what_flowed_in(
    tmp_path_factory: pytest.TempPathFactory, pauses: list[float]
):
    clock, rate = Clock(), 5.0
    limits = RateLimits(tmp_path_factory.mktemp("limits") / "file", rate, clock)
    passed, tokens = 0, rate * BURST_SECONDS
    for pause in pauses:
        clock.now += pause
        # The plain bucket, counted in tokens.
        tokens = min(rate * BURST_SECONDS, tokens + pause * rate)
        may_pass = limits.seconds_to_wait("a") == 0
        if abs(tokens - 1) > 1e-6:
            assert may_pass == (tokens >= 1)
        if may_pass:
            tokens, passed = tokens - 1, passed + 1
    assert passed <= rate * (BURST_SECONDS + sum(pauses)) + 1


def test_a_slow_rate_lets_one_pass(tmp_path: Path):
    clock = Clock()
    limits = RateLimits(tmp_path / "file", 0.1, clock)
    assert limits.seconds_to_wait("a") == 0
    assert limits.seconds_to_wait("a") == pytest.approx(10)


def test_a_clock_put_back_and_a_damaged_file_lock_nobody_out(tmp_path: Path):
    clock, path = Clock(), tmp_path / "file"
    limits = RateLimits(path, 10, clock)
    for _ in range(20):
        limits.seconds_to_wait("a")
    clock.now -= 100_000
    assert limits.seconds_to_wait("a") == 0
    path.write_bytes(b"\xff" * 8 * BUCKETS)
    assert RateLimits(path, 10, clock).seconds_to_wait("a") == 0


def test_processes_share_a_bucket_and_each_token_is_taken_once(tmp_path: Path):
    path = tmp_path / "file"
    code = (
        "import sys; from pathlib import Path;"
        "from serving.entrance.rate_limits import RateLimits;"
        "limits = RateLimits(Path(sys.argv[1]), 200, lambda: 5.0);"
        "print(sum(limits.seconds_to_wait('a') == 0 for _ in range(3000)))"
    )
    command = [sys.executable, "-c", code, str(path)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert sum(int(each.communicate()[0]) for each in running) == 400


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "serving").write_text("a file")
    with pytest.raises(KpopError):
        RateLimits(tmp_path / "serving" / "limits", 10)
