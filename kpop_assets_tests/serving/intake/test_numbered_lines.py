"""A drill's sender sends each batch until it is accepted, and its account finds what is not so."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from drills.numbered_lines import (
    BATCH_LINES,
    LineAccount,
    NumberedLines,
    deliveries,
    landed_events,
    left_out,
)
from kpop_assets.contracts.feedback import FEEDBACK
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.days import day_start_ms
from kpop_assets.landing.files import write_day

WHOLE = LineAccount("plays", sent=3, landed=3, landed_lines=4, rows=3, in_table=3)


@contextmanager
def taking(answers: Iterator[int]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that answers so, and what it took in with a 202; 0 breaks the connection."""
    taken: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = next(answers, 202)
            if status == 0:
                self.connection.close()
                return
            (lines,) = body.values()
            taken.extend(lines if status == 202 else [])
            told = json.dumps({"accepted": len(lines)}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("table", [PLAYS, FEEDBACK], ids=lambda table: table.name)
def test_a_batch_is_sent_again_until_it_is_accepted(table):
    with (
        taking(iter([503, 0, 202, 429])) as (address, taken),
        NumberedLines(address, table, rate=1_000, most=3 * BATCH_LINES + 1) as sent,
    ):
        pass
    assert sorted(Counter(line["event_id"] for line in taken).values()) == [1] * 61
    assert sent.line_count == 61 and sent.failures.total() == 3
    assert sent.request_count == 4 + 3


def test_lines_come_until_the_block_ends_and_those_that_were_begun_are_accepted():
    with (
        taking(iter([503] * 3)) as (address, taken),
        NumberedLines(address, PLAYS, rate=2_000) as sent,
    ):
        threading.Event().wait(0.3)
    assert len(taken) == sent.line_count > BATCH_LINES


def test_a_refused_batch_ends_the_drill_and_one_that_breaks_off_waits_for_nobody():
    with (
        taking(iter([422])) as (address, _),
        pytest.raises(RuntimeError, match="refused"),
        NumberedLines(address, PLAYS, rate=100, most=BATCH_LINES),
    ):
        pass
    # Nobody listens there.
    with pytest.raises(KeyError), NumberedLines("http://127.0.0.1:9", PLAYS, rate=100):
        raise KeyError


def test_lines_that_nobody_accepts_are_left_after_a_while(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drills.numbered_lines.LEFT_AFTER_SECONDS", 0.5)
    with (
        taking(repeat(503)) as (address, taken),
        NumberedLines(address, PLAYS, rate=1_000) as sent,
    ):
        threading.Event().wait(0.2)
    assert not taken and sent.line_count > 0 and {*sent.failures} == {"503"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"in_table": 2, "rows": 2},
        {"rows": 4},
        {"landed": 2},
        {"odd_messages": 1},
        {"past_kafka": 1},
        {"sent": 0, "landed": 0, "rows": 0, "in_table": 0},
    ],
)
def test_an_account_is_whole_only_where_each_line_is_there_once(wrong: dict[str, int]):
    assert WHOLE.is_whole and "0 lost, 0 doubled" in str(WHOLE)
    assert not replace(WHOLE, messages=4, **wrong).is_whole


def test_landed_lines_and_messages_are_counted_and_what_is_left_out_is_found(tmp_path: Path):
    day = NumberedLines("", PLAYS, 1).day
    lines = [
        b'{"event_id": "sent-1", "delivery": "plays/0/0"}\n',
        b'{"event_id": "sent-1", "delivery": "plays/0/2"}\n',
        b'{"event_id": "of the demo"}\n',
        b"no JSON at all\n",
        b'{"event_id": "sent-2", "delivery": "plays/1/0"}\n',
    ]
    write_day(tmp_path / "landing", day, lines, day_start_ms(day), PLAYS.name)
    assert landed_events(tmp_path) == {"sent-1": 2, "sent-2": 1}
    found = deliveries(tmp_path)
    assert found == {"plays/0/0": 1, "plays/0/2": 1, "plays/1/0": 1}
    assert left_out(found) == ["plays/0/1"]
