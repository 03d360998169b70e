"""A collection that is killed, refused or cut off: what it costs, and how it goes on."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpop_assets.errors import KpopError
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.youtube.errors import KeyRefusedError
from kpop_assets.landing.youtube.quota import Quota
from kpop_assets.landing.youtube.request import Ask
from kpop_assets.net.errors import UnavailableError
from kpop_assets_tests.landing.youtube.kit import START, Bench, bench_on
from kpop_assets_tests.landing.youtube.server import KEY, Fault

ALL = Ask(upload_pages=9)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with bench_on(tmp_path) as bench:
        yield bench


class Killed(BaseException):
    """The process dies."""


def all_ids(bench: Bench) -> list[str]:
    return sorted(bench.server.world.video)


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 10])
def test_killed_before_a_commit_only_that_page_is_paid_again(bench: Bench, number: int):
    left = [number]

    def die() -> None:
        left[0] -= len(bench.server.requests) >= number
        if len(bench.server.requests) == number and left[0] == number - 1:
            raise Killed

    bench.before_commit = die
    with pytest.raises(Killed):
        bench.run(ALL)
    bench.before_commit = lambda: None
    assert bench.files() == []
    report = bench.run(ALL)
    assert report.is_resumed
    assert len(report.landed) == 1
    assert bench.landed_ids() == all_ids(bench)
    targets = bench.good_targets()
    assert len(targets) - len(set(targets)) == 1


def test_killed_by_the_system_at_any_request_nothing_is_lost_or_paid_twice(tmp_path: Path):
    code = (
        "import datetime as dt, pathlib, sys\n"
        "from kpop_assets.landing.youtube.fetch import fetch\n"
        "from kpop_assets.landing.youtube.request import Ask, Scope\n"
        "from kpop_assets.settings import load_settings\n"
        f"now = dt.datetime.fromisoformat({START.isoformat()!r})\n"
        "scope = Scope(tuple(sys.argv[1:]))\n"
        "fetch(load_settings(), Ask(upload_pages=9), scope, lambda: now)\n"
    )
    with bench_on(tmp_path) as bench:
        environ = os.environ | {
            "KPOP_HOME": str(tmp_path),
            "KPOP_YOUTUBE_KEY": KEY,
            "KPOP_YOUTUBE_ENDPOINT": bench.server.endpoint,
        }
        fatal = {4, 9}
        child: list[subprocess.Popen] = []

        def fault(number: int) -> Fault | None:
            if number in fatal:
                os.kill(child[-1].pid, signal.SIGKILL)
            return None

        bench.server.fault = fault
        codes = []
        for _ in range(3):
            command = [sys.executable, "-c", code, *bench.server.world.channel]
            with subprocess.Popen(command, env=environ) as process:
                child.append(process)
            codes.append(process.returncode)
        assert codes == [-signal.SIGKILL, -signal.SIGKILL, 0]
        assert bench.landed_ids() == all_ids(bench)
        assert len(bench.files()) == 1
        targets = bench.good_targets()
        assert len(targets) - len(set(targets)) <= len(fatal)


def test_what_was_read_before_youtube_failed_is_landed_and_the_rest_follows(bench: Bench):
    bench.faults = {n: Fault("http_503") for n in range(4, 9)}
    with pytest.raises(UnavailableError):
        bench.run(ALL)
    before = bench.landed_ids()
    bench.now = START + HOUR
    report = bench.run(ALL)
    assert report.is_resumed
    assert bench.landed_ids() == all_ids(bench)
    assert 0 <= len(before) < len(all_ids(bench))
    targets = bench.good_targets()
    assert len(targets) == len(set(targets))


def test_a_refused_key_ends_the_run_and_keeps_what_was_read(bench: Bench):
    bench.run(ALL)
    bench.now = START + 6 * HOUR
    begun = len(bench.server.requests)
    bench.faults = {begun + 3: Fault("key_invalid")}
    with pytest.raises(KeyRefusedError):
        bench.run(ALL)
    assert len(bench.landed_ids()) == 180 + 100
    bench.run(ALL)
    assert len(bench.landed_ids()) == 360


def test_a_spent_bucket_ends_only_its_own_calls(bench: Bench):
    bench.run(ALL)
    bench.now = START + 6 * HOUR
    bench.faults = {len(bench.server.requests) + 1: Fault("quota_exceeded")}
    report = bench.run(ALL)
    assert report.refreshed == 0
    assert report.left[Quota.STATS] == 0
    assert report.spent[Quota.READS] > 0
    assert report.left_out == {"videos to refresh": 180}
    assert len(report.stopped) == 1
    assert "2026-03-02 08:00 UTC" in report.stopped[0]
    # After midnight Pacific the same collection goes on.
    bench.now = START + 8 * HOUR + dt.timedelta(minutes=1)
    later = bench.run(ALL)
    assert (later.is_resumed, later.refreshed, later.stopped) == (True, 180, [])


def test_a_collection_that_stopped_long_ago_is_ended_and_landed(bench: Bench):
    left = [3]

    def die() -> None:
        if len(bench.server.requests) == left[0]:
            raise Killed

    bench.before_commit = die
    with pytest.raises(Killed):
        bench.run(ALL)
    bench.before_commit = lambda: None
    bench.now = START + 24 * HOUR
    report = bench.run(ALL)
    assert not report.is_resumed
    assert bench.landed_ids() == all_ids(bench)


def test_a_file_that_cannot_be_written_loses_nothing(bench: Bench):
    (bench.home / "landing").write_text("in the way")
    with pytest.raises(LandingError):
        bench.run(ALL)
    (bench.home / "landing").unlink()
    paid = len(bench.server.requests)
    bench.run(ALL)
    assert bench.landed_ids()[:180] == all_ids(bench)
    assert paid > 0


@pytest.mark.parametrize("way", ["garbage", "a folder", "home is a file"])
def test_a_store_that_cannot_be_used_is_one_line(bench: Bench, way: str):
    path = bench.home / "collection.db"
    if way == "garbage":
        path.write_bytes(b"no database at all" * 100)
    elif way == "a folder":
        path.mkdir()
    else:
        (bench.home / "home").write_text("in the way")
        path = bench.home / "home" / "collection.db"
    collector = bench.collector(store=path)
    with pytest.raises(KpopError, match=r"cannot use the (collector's file|quota)") as caught:
        collector.run(ALL)
    assert "\n" not in str(caught.value)
    assert bench.server.requests == []
