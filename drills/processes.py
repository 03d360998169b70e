"""Processes of this machine: where they run from, `kpop` as a command, and ports.

Belongs here: what several drills need to start something. Does not belong here: what they start.
"""

from __future__ import annotations

import contextlib
import os
import signal
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


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a program that was started apart as a power cut does, with all that it started."""
    # Also where it has ended itself: what it started may be there.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run_logged(command: Sequence[str], environ: Mapping[str, str], log: Path) -> None:
    """Run a program to its end.

    Args:
        command: its words.
        environ: all of its environment.
        log: what it says is added there.

    Raises:
        SystemExit: it fails; with the last that it said.
    """
    with log.open("ab") as said:
        done = subprocess.run(command, cwd=ROOT, env=environ, stdout=said, stderr=said, check=False)
    if done.returncode:
        last = log.read_text(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)} ends with {done.returncode}:\n{last}")
