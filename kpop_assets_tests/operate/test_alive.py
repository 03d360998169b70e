"""Whether a server answers: a good answer alone counts, and what is no address is told."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drills.processes import free_port
from kpop_assets.operate.alive import why_not_alive

ROOT = Path(__file__).parents[2]


class Server(http.server.BaseHTTPRequestHandler):
    """Answers well at one address."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200 if self.path == "/good" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_good_answer_alone_counts(address: str):
    assert why_not_alive(f"{address}/good") == ""
    assert "503" in why_not_alive(f"{address}/bad")
    assert "refused" in why_not_alive(f"http://127.0.0.1:{free_port()}/good")


@pytest.mark.parametrize("word", ["", "file:///etc/passwd", "127.0.0.1:8000"])
def test_what_is_no_address_is_not_asked(word: str):
    assert why_not_alive(word).startswith("name an address")


def test_the_command_ends_with_one_line_or_none(address: str):
    command = [sys.executable, "-m", "kpop_assets.operate.alive"]
    for path, code, lines in (("good", 0, 0), ("bad", 1, 1)):
        done = subprocess.run(
            [*command, f"{address}/{path}"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, len(done.stderr.splitlines())) == (code, lines)
