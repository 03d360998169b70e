"""The command line as a user meets it: how a test runs it, and what an error looks like."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.cli.main import main
from kpop_assets_tests.cli.kit import Done, Kpop

ROOT = Path(__file__).parents[2]
START = "from kpop_assets.cli.main import main; main()"


@pytest.fixture
def process(tmp_path: Path) -> Kpop:
    """Run the command in a process of its own, on a data folder of the test's own."""

    def run(*arguments: str) -> Done:
        environ = {key: value for key, value in os.environ.items() if not key.startswith("KPOP_")}
        environ |= {"KPOP_HOME": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
        done = subprocess.run(
            [sys.executable, "-c", START, *arguments],
            env=environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def kpop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kpop:
    """The same in this process, which saves the start; for what fails before any engine."""
    monkeypatch.setenv("KPOP_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("KPOP_ENGINE", "sail")
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str, **variables: str) -> Done:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["kpop", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        if isinstance(ended.value.code, str):
            return Done(1, out, f"{err}{ended.value.code}\n")
        return Done(ended.value.code or 0, out, err)

    return run
