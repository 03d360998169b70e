"""The command line as a user meets it: what it prints, and one line for what cannot be done."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import Mock

import pytest

from kpop_assets.cli import main as cli
from kpop_assets.cli.main import main
from kpop_assets.landing.importer import IMPORTERS

ROOT = Path(__file__).parents[2]
START = "from kpop_assets.cli.main import main; main()"


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Kpop = Callable[..., Done]


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


def assert_one_line(done: Done, *words: str) -> None:
    assert done.code == 1
    assert done.err.startswith("kpop: ")
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err


def landing_file(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "events_1766892339.json"
    lines = [{"video_id": v, "text": "t", "ts": 1766892000000, "source": "x"} for v in "ab"]
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_a_demo_prints_the_ranking_of_its_last_day_as_simulated(process: Kpop, tmp_path: Path):
    done = process("demo", "--days", "8", "--events-per-day", "100", "--end", "2025-11-08")
    assert done.code == 0, done.err
    assert done.err == ""
    assert "Ranking of 2025-11-08" in done.out
    assert "SIMULATED" in done.out
    assert re.search(r"bronze/events .*\d", done.out)
    assert "gold/tier_cutoffs" in done.out
    assert str(tmp_path / "data" / "lake") in done.out.replace("\n", "")
    again = process("rank", "--top", "1")
    assert again.code == 0
    assert "Ranking of 2025-11-08" in again.out
    assert "SIMULATED" in again.out
    missing = process("rank", "--day", "2025-10-01")
    assert_one_line(missing, "no ranking of 2025-10-01", "kpop run")
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_an_import_prints_what_went_where_and_what_to_do_next(kpop: Kpop, tmp_path: Path):
    path = landing_file(tmp_path / "source")
    done = kpop("import", "landing", str(path))
    assert done.code == 0, done.err
    assert re.search(r"lines read\W+2\b", done.out)
    assert re.search(r"landing files written\W+1\b", done.out)
    assert "kpop run 2025-12-28 2025-12-28" in done.out
    again = kpop("import", "landing", str(path))
    assert re.search(r"landing files already there\W+1\b", again.out)
    assert len(list((tmp_path / "data" / "landing").rglob("events_*.json"))) == 1


def test_an_unknown_format_names_the_known_ones(kpop: Kpop):
    assert_one_line(kpop("import", "csv", "."), "'csv' is unknown", *IMPORTERS)


def test_a_path_that_is_not_there_is_named(kpop: Kpop, tmp_path: Path):
    path = tmp_path / "nowhere"
    assert_one_line(kpop("import", "landing", str(path)), str(path), "check the path")


def test_a_folder_without_such_files_is_named(kpop: Kpop, tmp_path: Path):
    done = kpop("import", "spotify-chart", str(tmp_path))
    assert_one_line(done, "no spotify-chart files in", str(tmp_path))


def test_a_source_that_cannot_be_read_is_named(kpop: Kpop, tmp_path: Path):
    # No permission bit stops root: a link that leads to itself does.
    path = tmp_path / "events_1766892339.json"
    path.symlink_to(path)
    assert_one_line(kpop("import", "landing", str(path)), str(path))


def test_a_data_folder_that_cannot_be_made_is_named(kpop: Kpop, tmp_path: Path):
    path = landing_file(tmp_path / "source")
    (tmp_path / "file").touch()
    done = kpop("import", "landing", str(path), KPOP_HOME=str(tmp_path / "file" / "data"))
    assert_one_line(done, str(tmp_path / "file"))


def test_a_full_disk_below_dagsters_own_files_is_one_line(
    kpop: Kpop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for error, said in (
        (OSError(30, "Read-only file system", "/d/x"), "kpop: /d/x is not writable: check its"),
        (sqlite3.OperationalError("database or disk is full"), f"no space left on {tmp_path}"),
    ):
        monkeypatch.setattr(cli, "materialize", Mock(side_effect=error))
        done = kpop("run", "2025-11-04", "2025-11-04")
        assert done.code == 1
        assert said in done.err
        assert len(done.err.splitlines()) == 1


def test_an_unknown_engine_names_the_known_ones(kpop: Kpop):
    done = kpop("run", "2025-11-08", "2025-11-08", KPOP_ENGINE="duck")
    assert_one_line(done, "KPOP_ENGINE='duck' is unknown", "sail, spark, connect")


def test_an_engine_without_streams_names_the_one_with(kpop: Kpop):
    assert_one_line(kpop("stream"), "engine sail has no streams", "set KPOP_ENGINE=spark")


def test_a_process_that_fails_leaves_one_line_and_exit_code_one(process: Kpop):
    assert_one_line(process("import", "csv", "."), "'csv' is unknown")


def test_days_the_wrong_way_round_are_named(kpop: Kpop):
    done = kpop("run", "2025-11-08", "2025-11-07")
    assert_one_line(done, "2025-11-08 lies after 2025-11-07")


def test_a_day_of_the_future_is_named(kpop: Kpop):
    assert_one_line(kpop("run", "2025-11-08", "2099-01-01"), "2099-01-01 lies in the future")


def test_a_ranking_without_data_says_how_to_get_some(kpop: Kpop):
    assert_one_line(kpop("rank"), "gold/artist_features", "kpop run")


def test_what_is_no_date_is_explained_by_the_argument(kpop: Kpop):
    done = kpop("run", "yesterday", "today")
    assert done.code == 2
    assert "%Y-%m-%d" in done.err
    assert "Traceback" not in done.err
