"""Processes of this machine: where they run from, `kpop` as a command, and ports.

Belongs here: what several drills need to start something. Does not belong here: what they start.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
# As a command of this interpreter: whether `kpop` is on PATH does not matter.
KPOP = (sys.executable, "-c", "from kpop_assets.cli.main import main; main()")
LOOPBACK = "127.0.0.1"


def free_port(address: str = LOOPBACK) -> int:
    """A port of an address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def is_listening(address: str, port: int) -> bool:
    """Whether somebody takes a connection there, within a second."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def start_apart(
    command: Sequence[str], environ: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a program in a group of its own, so that it can be ended with all that it starts.

    Args:
        command: its words.
        environ: all of its environment.
        log: what it says is added there.
    """
    with log.open("ab") as said:
        return subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=said, stderr=said, start_new_session=True
        )
