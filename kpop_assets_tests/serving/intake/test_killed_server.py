"""A real server that is killed, and workers of it: what was accepted is landed."""

from __future__ import annotations

from pathlib import Path

import pytest

from drills.numbered_lines import landed_events, left_in_journals
from drills.serving_plays import send_plays
from drills.serving_process import Service


@pytest.mark.timeout(600)
def test_what_a_killed_server_accepted_is_landed(tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    server = Service(home, tmp_path / "server.log")
    server.start()
    try:
        sent, killed = send_plays(server, rate=200, seconds=6, kills=2)
        server.stop()
    except BaseException:
        server.end()
        raise
    assert (sent.line_count, killed) == (1_200, {"worker": 1, "server": 1})
    landed = landed_events(home)
    assert len(landed) == sent.line_count
    # A batch that was written, and whose answer a kill cut off, was sent again.
    assert landed.total() - len(landed) <= 20 * sum(sent.failures.values())
    assert left_in_journals(home) == 0
