"""One process at a time fills tables, whatever became of the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.lock import filling

HOLD = """
import sys
from pathlib import Path
from kpop_assets.lake.lock import filling
with filling(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_who_fills_is_alone_and_a_killed_one_is_no_hindrance(tmp_path: Path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(LakeError, match=f"{other.pid}.*wait for it"), filling(tmp_path, 0.5):
            pass
        other.kill()
    with filling(tmp_path, seconds=5):
        pass
