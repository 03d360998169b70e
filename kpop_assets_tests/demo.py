"""The product's own demo, run once for all tests that read its tables or what it printed.

Belongs here: the command in a process of its own, as a user would start it. Does not belong here:
who shares its data folder (conftest.py).
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
END = dt.date(2026, 11, 20)


def kpop(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command on a data folder, in a process of its own and a folder of its own beside it."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
    environ |= {"KPOP_HOME": str(home), "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    elsewhere = home.with_suffix(".cwd")
    elsewhere.mkdir(parents=True, exist_ok=True)
    run = subprocess.run(
        [sys.executable, "-c", "from kpop_assets.cli.main import main; main()", *arguments],
        env=environ,
        cwd=elsewhere,
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run


def simulate(home: Path, days: int, lines: int, end: dt.date) -> None:
    """Let `kpop demo` fill a data folder; what it said lies beside it."""
    options = ["--days", str(days), "--events-per-day", str(lines), "--end", end.isoformat()]
    options += ["--plays-per-day", str(2 * lines), "--listeners", str(lines)]
    run = kpop(home, "demo", *options)
    home.with_suffix(".out").write_text(run.stdout)
    home.with_suffix(".err").write_text(run.stderr)
