"""Each verdict of the drill of the API's faults fails where what must hold does not."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from drills.numbered_lines import NumberedLines
from drills.serving_faults import ask
from drills.serving_load import Load, Tally
from drills.serving_neighbours import verdict_of_plays, verdict_of_redis
from drills.serving_swaps import swap, until_named, verdict_of_swaps
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.recommend.bundle.bundle_read import open_bundle
from kpop_assets.recommend.bundle.bundle_write import write_bundle
from kpop_assets.recommend.matrices.bundle_parts import serving_folder
from kpop_assets_tests.recommend.bundles import bundle_parts

ANSWERED = {"fallback": None, "cache": "process"}


@contextmanager
def answering(*told: dict[str, Any]) -> Iterator[tuple[str, set[int]]]:
    """A server that answers in turn, the last for ever, and the ports of who asked."""
    left, ports = list(told), set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.tell(left.pop(0) if len(left) > 1 else left[0])

        def do_GET(self) -> None:
            self.tell({"rows": []})

        def tell(self, answer: dict[str, Any]) -> None:
            ports.add(self.client_address[1])
            body = json.dumps(answer).encode()
            self.send_response(answer.get("status", 200))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", ports
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_answers_say_of_themselves_is_counted_and_half_of_the_requests_open_connections():
    late = {"fallback": "late", "cache": "none"}
    with (
        answering(late, {"fallback": None, "cache": "redis"}, {"status": 503}, ANSWERED) as (
            address,
            ports,
        ),
        Load(address, ask, 100) as load,
    ):
        time.sleep(0.3)
    tally = load.tally
    assert tally.statuses == {503: 1} and tally.answered == tally.sent - 1 and not tally.is_whole
    assert tally.fallbacks == {"late": 1}
    asked = (tally.sent + 1) // 2
    assert tally.caches == {"none": 1, "redis": 1, "process": asked - 3}
    assert f"of {asked - 1} recommendations 1 fell back (1 late)" in str(tally)
    assert f"1 none, {asked - 3} process, 1 redis" in str(tally)
    assert tally.sent // 2 <= len(ports) < tally.sent
    assert 0.2 < load.seconds < 5


def load_of(seconds: float = 10.0, **changed: Any) -> Any:
    """What a good one leaves: 100 requests in ten seconds, half of them for recommendations."""
    good = {"sent": 100, "answered": 98, "repeated": 2, "caches": Counter(none=40, redis=10)}
    return SimpleNamespace(tally=Tally(**{**good, **changed}), seconds=seconds)


def test_swaps_are_good_where_each_arrived_and_lists_fell_back_no_longer_than_a_cold_start():
    good, told = verdict_of_swaps(2, [1.0, 1.5], load_of(fallbacks=Counter(late=5, busy=2)))
    assert verdict_of_swaps(2, [1.0, 1.5], load_of(fallbacks=Counter(late=12)), begun=2)[0]
    assert good and told.startswith("2 of 2 bundles named by every worker, the slowest after 1.5 s")


@pytest.mark.parametrize(
    ("waits", "changed"),
    [
        ([1.0], {}),
        ([1.0, 1.0], {"answered": 97}),
        ([1.0, 1.0], {"fallbacks": Counter(late=8)}),
        ([1.0, 1.0], {"fallbacks": Counter(no_model=1)}),
        ([1.0, 1.0], {"fallbacks": Counter(failed=1)}),
        ([1.0, 1.0], {"caches": Counter()}),
        ([1.0, 1.0], {"sent": 0, "answered": 0, "repeated": 0}),
    ],
)
def test_swaps_are_wrong_where_one_is_not_so(waits: list[float], changed: dict[str, Any]):
    assert not verdict_of_swaps(2, waits, load_of(**changed))[0]


def test_no_swap_at_all_is_no_good_drill():
    assert not verdict_of_swaps(0, [], load_of())[0]


class Workers:
    """A service whose workers answer in turn, each by the bundle that it has open."""

    worker_count = 2

    def __init__(self, *models: str) -> None:
        self.models, self.asked = dict(enumerate(models, 1)), 0

    def workers(self) -> list[SimpleNamespace]:
        """Those that there are."""
        return [SimpleNamespace(pid=pid) for pid in self.models]

    def told_model(self) -> tuple[int, str]:
        """The next in turn; the first to be asked was just killed."""
        self.asked += 1
        if self.asked == 1:
            raise httpx.ReadError("killed")
        pid = 1 + self.asked % len(self.models)
        return pid, self.models[pid]


@pytest.mark.parametrize(
    ("models", "is_there"),
    [(("new", "new"), True), (("new", "old"), False), (("old", "old"), False), (("new",), False)],
)
def test_a_bundle_has_arrived_once_as_many_workers_as_there_shall_be_name_it(models, is_there):
    waited = until_named(Workers(*models), "new", 0.4)
    assert waited is not None and 0 < waited < 0.4 if is_there else waited is None


def test_a_swapped_bundle_is_of_another_version_whose_lists_nobody_kept(tmp_path: Path):
    first = write_bundle(tmp_path, bundle_parts())
    root, states = serving_folder(tmp_path), {open_bundle(tmp_path).state}
    for number in range(3):
        name = swap(root, root / first, number)
        bundle = open_bundle(tmp_path)
        assert bundle.version == name
        states.add(bundle.state)
    assert len(states) == 4
    assert sorted(one.name[-8:] for one in root.iterdir() if one.is_dir()) == sorted(
        [first[-8:], "swap0001", "swap0002"]
    )


@pytest.mark.parametrize(
    ("wrong", "changed"),
    [
        ("before", {"caches": Counter(none=50)}),
        ("without", {"caches": Counter(none=49, redis=1)}),
        ("after", {"caches": Counter(none=50)}),
        ("without", {"answered": 97}),
        ("without", {"fallbacks": Counter(late=3)}),
        ("after", {"fallbacks": Counter(failed=1)}),
    ],
)
def test_redis_is_gone_only_where_lists_came_from_it_before_and_after(
    wrong: str, changed: dict[str, Any]
):
    loads = {
        "before": load_of(),
        "without": load_of(caches=Counter(none=50)),
        "after": load_of(),
    }
    assert verdict_of_redis(**loads)[0]
    loads[wrong].tally = replace(loads[wrong].tally, **changed)
    assert not verdict_of_redis(**loads)[0]


@pytest.mark.parametrize(
    ("landed", "failures", "is_good"),
    [
        ({"sent-0": 1, "sent-1": 2}, {"503": 3}, True),
        ({"sent-0": 1}, {"503": 3}, False),
        ({"sent-0": 1, "sent-1": 1}, {}, False),
        ({"sent-0": 1, "sent-1": 1}, {"503": 3, "500": 1}, False),
    ],
)
def test_plays_are_all_there_and_were_refused_as_a_full_disk_must(landed, failures, is_good: bool):
    sent = NumberedLines("", PLAYS, 1)
    sent.line_count, sent.failures = 2, Counter(failures)
    assert verdict_of_plays(sent, Counter(landed), {"503"})[0] is is_good


def test_no_play_at_all_is_no_good_drill():
    assert not verdict_of_plays(NumberedLines("", PLAYS, 1), Counter(), set())[0]
