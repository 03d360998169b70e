"""A server that cannot start ends with one line and exit code 1; it does not try for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drills.processes import end_group, free_port, start_apart


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KPOP_API_KEYS", "secret", "KPOP_API_KEYS cannot be used: write the SHA-256"),
        ("KPOP_REDIS", "redis://localhost:99999", "KPOP_REDIS cannot be used: write it as"),
        ("KPOP_API_RATE", "5", "/serving/rate_limits cannot be used: "),
        ("PROMETHEUS_MULTIPROC_DIR", "/dev/null/x", "/dev/null/x cannot be used: Not a directory"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_the_end(
    tmp_path: Path, name: str, value: str, told: str
):
    home = tmp_path / "home"
    home.mkdir()
    # No folder, so nothing can lie in it.
    (home / "serving").write_text("")
    log = tmp_path / "log"
    words = [sys.executable, "-m", "serving", "--port", str(free_port())]
    process = start_apart(words, {**os.environ, "KPOP_HOME": str(home), name: value}, log)
    try:
        assert process.wait(30) == 1
    finally:
        end_group(process)
    line = log.read_text().strip()
    assert "\n" not in line
    assert line.startswith("kpop: ") and told in line


@pytest.mark.parametrize("words", [["--port", "99999"], ["--port", "-1"], ["--workers", "0"]])
def test_numbers_of_no_port_and_no_process_are_refused_before_anything_starts(words: list[str]):
    found = subprocess.run(
        [sys.executable, "-m", "serving", *words], capture_output=True, text=True, timeout=30
    )
    assert found.returncode == 2 and "Traceback" not in found.stderr
    assert found.stderr.strip().splitlines()[-1].startswith(f"python -m serving: error: {words[0]}")
