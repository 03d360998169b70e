"""Runs fill tables beside each other, and a purge alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.resources.errors import LakeError
from kpop_assets.resources.lock import filling

HOLD = """
import sys
from pathlib import Path
from kpop_assets.resources.lock import filling
with filling(Path(sys.argv[1]), is_purge=sys.argv[2] == "purge"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("held", "asked", "is_let_in"),
    [("run", "run", True), ("run", "purge", False), ("purge", "run", False)],
)
def test_a_purge_is_alone(tmp_path: Path, held: str, asked: str, is_let_in: bool):
    """Against another process; when that is killed, its lock is free."""
    command = [sys.executable, "-c", HOLD, str(tmp_path), held]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        if is_let_in:
            with filling(tmp_path, is_purge=asked == "purge", seconds=1):
                pass
        else:
            with (
                pytest.raises(LakeError, match="wait for it"),
                filling(tmp_path, is_purge=asked == "purge", seconds=1),
            ):
                pass
        other.kill()
    with filling(tmp_path, is_purge=True, seconds=5):
        pass
