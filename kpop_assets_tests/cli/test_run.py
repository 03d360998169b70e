"""`kpop demo`, `run` and `train`: what they print, and one line for what cannot be run."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from unittest.mock import Mock

import pytest

from kpop_assets.cli.arguments import ArgumentError, check_select, complete_select
from kpop_assets.contracts import registry
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.definitions import LAYERS, defs
from kpop_assets.operate import runner
from kpop_assets.operate.execution import Outcome
from kpop_assets_tests.bronze.toy import HEARD_LINES
from kpop_assets_tests.cli.kit import Kpop, assert_one_line
from kpop_assets_tests.demo import END
from kpop_assets_tests.operate.checkup.kit import TODAY, write


def test_a_demo_prints_the_ranking_of_its_last_day_as_simulated(full_home: Path, kpop: Kpop):
    out, err = (full_home.with_suffix(kind).read_text() for kind in (".out", ".err"))
    # It says how far it is, and nothing else.
    assert all(re.match(r"kpop: .* so far", line) for line in err.splitlines()), err
    assert f"Ranking of {END}" in out
    assert "SIMULATED" in out
    assert re.search(r"bronze/events .*\d", out)
    assert "gold/tier_cutoffs" in out
    assert str(full_home / "lake") in out.replace("\n", "")
    assert not list(full_home.with_suffix(".cwd").iterdir()), "nothing but the data folder"
    again = kpop("rank", "--top", "1", KPOP_HOME=str(full_home))
    assert again.code == 0
    assert f"Ranking of {END}" in again.out
    assert "SIMULATED" in again.out
    missing = kpop("rank", "--day", "2025-10-01", KPOP_HOME=str(full_home))
    assert_one_line(missing, "no ranking of 2025-10-01", "kpop run")


def test_a_full_disk_below_dagsters_own_files_is_one_line(
    kpop: Kpop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    for error, said in (
        (OSError(30, "Read-only file system", "/d/x"), "kpop: /d/x is not writable: check its"),
        (full, f"no space left on {tmp_path}"),
    ):
        monkeypatch.setattr(runner, "materialize", Mock(side_effect=error))
        done = kpop("run", "2025-11-04", "2025-11-04", "--select", "bronze")
        assert done.code == 1
        assert said in done.err
        assert len(done.err.splitlines()) == 1


def test_a_run_says_which_days_another_catalogue_matched(
    kpop: Kpop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Figures of days before and after mix otherwise, without a word."""
    write(tmp_path / "lake", EVENTS, {"ingest_date": TODAY, "catalog_version": None})
    monkeypatch.setattr(runner, "materialize", Mock(return_value=Outcome()))
    done = kpop("run", "2025-11-04", "2025-11-04", KPOP_HOME=str(tmp_path))
    said = " ".join(done.out.split())
    assert f"1 day ({TODAY} to {TODAY}) were matched with another one" in said
    assert f"`kpop run {TODAY} {TODAY}`" in said


def test_an_unknown_engine_names_the_known_ones(kpop: Kpop):
    done = kpop("run", "2025-11-08", "2025-11-08", KPOP_ENGINE="duck")
    assert_one_line(done, "KPOP_ENGINE='duck' is unknown", "sail, spark, connect")


def test_days_the_wrong_way_round_are_named(kpop: Kpop):
    done = kpop("run", "2025-11-08", "2025-11-07")
    assert_one_line(done, "2025-11-08 lies after 2025-11-07")


def test_a_day_of_the_future_is_named(kpop: Kpop):
    assert_one_line(kpop("run", "2025-11-08", "2099-01-01"), "2099-01-01 lies in the future")


def test_what_is_no_date_is_explained_by_the_argument(kpop: Kpop):
    done = kpop("run", "yesterday", "today")
    assert done.code == 2
    assert "no day: write one as 2026-11-20" in done.err
    assert "Traceback" not in done.err


def test_a_selection_that_names_nothing_is_refused(kpop: Kpop):
    for word in ("nowhere", "silver/nothing", "artist_daily"):
        done = kpop("run", "2025-11-08", "2025-11-08", "--select", word)
        assert_one_line(done, f"--select {word} names no asset", "silver", "layer/table")


def test_what_the_graph_has_can_be_selected():
    paths = ["/".join(spec.key.path) for spec in defs.resolve_all_asset_specs()]
    check_select([*LAYERS, *paths, "+silver/artist_daily", "key:*daily"])


def test_files_of_a_further_kind_can_be_selected(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ArgumentError):
        check_select(["landing/heard"])
    monkeypatch.setattr(registry, "RECORDS", (*registry.RECORDS, HEARD_LINES))
    check_select(["landing/heard"])
    assert complete_select("landing/h") == ["landing/heard"]


def test_a_dry_run_says_days_and_tables_and_runs_nothing(kpop: Kpop, tmp_path: Path):
    done = kpop("run", "2025-11-01", "2025-11-09", "--dry-run", COLUMNS="4000")
    assert done.code == 0, done.err
    said = re.findall(r"^\d  (.+?)  .*(2025-\S+)  (2025-\S+) +(\d+)  (.+)$", done.out, re.M)
    what, first, last, days, tables = said[0]
    assert (what, first, last, days) == ("the days asked for", "2025-11-01", "2025-11-09", "9")
    assert {"bronze/events", "gold/artist_features"} <= set(tables.strip().split(", "))
    assert ("trainings", "2") in {(what, days) for what, _, _, days, _ in said}
    assert "nothing was run" in done.out
    assert not (tmp_path / "data").exists()


def test_a_dry_run_of_a_selection_says_only_that(kpop: Kpop):
    done = kpop("run", "2025-11-01", "2025-11-09", "--select", "silver", "--dry-run")
    assert "silver/artist_daily" in done.out
    assert "bronze" not in done.out
    assert "trainings" not in done.out


def test_days_without_landing_files_say_where_files_come_from(kpop: Kpop):
    done = kpop("run", "2026-01-01", "2026-01-01", "--select", "landing", "--select", "bronze")
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    assert "no landing file for 2026-01-01, so nothing was filled (there is none at all)" in said
    assert "Tables written" not in done.out


def test_a_fresh_home_without_files_is_said_at_once_and_left_as_it_was(kpop: Kpop, tmp_path: Path):
    done = kpop("run", "2026-01-01", "2026-01-01")
    assert done.code == 0, done.err
    assert "no landing file for 2026-01-01, so nothing was filled" in " ".join(done.out.split())
    assert not (tmp_path / "data").exists()
