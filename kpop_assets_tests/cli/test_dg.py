"""Dagster's own command line finds the project: `dg check defs` and `dg list defs`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from kpop_assets.definitions import defs

ROOT = Path(__file__).parents[2]


def dg_command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
    (home / "dagster").mkdir(exist_ok=True)
    environ |= {
        "KPOP_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
        # Whatever else it would leave in the home of who runs it.
        "HOME": str(home),
        "VIRTUAL_ENV": sys.prefix,
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    return subprocess.run(
        [str(Path(sys.prefix) / "bin" / "dg"), *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_dg_loads_the_definitions(tmp_path: Path):
    done = dg_command(tmp_path, "check", "defs")
    assert done.returncode == 0, done.stderr
    assert "All definitions loaded successfully" in done.stdout + done.stderr


def test_dg_lists_every_asset(tmp_path: Path):
    done = dg_command(tmp_path, "list", "defs", "--json")
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout[done.stdout.index("{") :])
    keys = {asset["asset_key"] for asset in listed["assets"]}
    assert keys == {"/".join(spec.key.path) for spec in defs.resolve_all_asset_specs()}
