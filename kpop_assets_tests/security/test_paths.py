"""Names and links from elsewhere: nothing outside the data folder is read, written or removed."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.maintenance import clean_table
from kpop_assets.lake.staging import sweep_staged
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import write_day
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.importer import import_files
from kpop_assets.landing.inbox import sort_inbox
from kpop_assets.landing.leftovers import sweep_leftovers
from kpop_assets.retention.api_lines import find_api_files, remove_taken, sweep_old_leftovers
from kpop_assets.wiring.upkeep import Removed, purge_runs

DAY = dt.date(2025, 12, 28)
LATER = dt.date(2026, 12, 28)
API_LINE = b'{"video_id": "a", "source": "youtube", "observed_at": 1766892339000}\n'
LANDED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}/events_[0-9]{13}_[0-9a-f]{12}\.json")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that is none of ours, full of what a purge would remove."""
    folder = tmp_path / "outside"
    folder.mkdir()
    for name in ("events_1766892339.json", "part-0.parquet", "precious.txt", ".events_x.part"):
        (folder / name).write_bytes(API_LINE)
        os.utime(folder / name, (1, 1))
    return folder


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """An empty landing folder."""
    (tmp_path / "home" / "landing" / "inbox" / "taken").mkdir(parents=True)
    return tmp_path / "home" / "landing"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_link_in_the_inbox_is_named_and_not_read(landing: Path, outside: Path):
    link = landing / "inbox" / "events_1766892339.json"
    link.symlink_to(outside / "precious.txt")
    report = sort_inbox(landing, 0)
    assert report.failed == {
        link: f"cannot use {link}: it is a link: put what it leads to in its place"
    }
    assert list_days(landing) == [] and link.is_symlink()


def by_folder(landing: Path, outside: Path) -> None:
    (landing / str(DAY)).symlink_to(outside)


def by_file(landing: Path, outside: Path) -> None:
    (landing / str(DAY)).mkdir()
    (landing / str(DAY) / "events_1.json").symlink_to(outside / "events_1766892339.json")


@pytest.mark.parametrize("plant", [by_folder, by_file])
def test_a_link_among_the_landed_is_neither_read_nor_purged(
    landing: Path, outside: Path, plant: Callable[[Path, Path], None]
):
    plant(landing, outside)
    before = contents(outside)
    for act in (list_landed, lambda root, day: find_api_files(root, LATER)):
        with pytest.raises(LandingError, match="is a link"):
            act(landing, DAY)
    with pytest.raises(LandingError, match="is a link"):
        write_day(landing, DAY, [API_LINE], 1766892339000)
    assert contents(outside) == before


def test_no_original_is_removed_through_a_link(landing: Path, outside: Path):
    taken = landing / "inbox" / "taken"
    before = contents(outside)
    (taken / "a.json").symlink_to(outside / "events_1766892339.json")
    assert remove_taken(landing, LATER) == ["a.json"], "the link itself goes"
    taken.rmdir()
    taken.symlink_to(outside)
    with pytest.raises(LandingError, match="is a link"):
        remove_taken(landing, LATER)
    with pytest.raises(LandingError, match="is a link"):
        path = landing / "inbox" / "events_1766892339.json"
        path.write_bytes(API_LINE)
        (failure,) = sort_inbox(landing, 0).failed.values()
        raise LandingError(failure)
    assert contents(outside) == before


def test_a_sweep_of_leftovers_follows_no_link(landing: Path, outside: Path):
    before = contents(outside)
    link = landing / ".import-1"
    link.symlink_to(outside)
    os.utime(link, (1, 1), follow_symlinks=False)
    sweep_old_leftovers(landing, LATER)
    assert contents(outside) == before and not link.is_symlink()
    (landing / "day").symlink_to(outside)
    sweep_leftovers(landing, ".events_*.part")
    (landing / ".staged").symlink_to(outside.parent)
    assert sweep_staged(landing) == 0
    assert contents(outside) == before


def as_partition(table: Path, outside: Path) -> None:
    (table / "ingest_date=2020-01-01").symlink_to(outside)


def as_log(table: Path, outside: Path) -> None:
    (table / "_delta_log" / "old").symlink_to(outside)


def as_file(table: Path, outside: Path) -> None:
    (table / "old.parquet").symlink_to(outside / "part-0.parquet")


def as_table(table: Path, outside: Path) -> None:
    table.rename(table.with_name("elsewhere"))
    table.symlink_to(table.with_name("elsewhere"))


@pytest.mark.parametrize("plant", [as_partition, as_log, as_file, as_table])
def test_a_table_that_holds_a_link_is_not_cleaned(
    tmp_path: Path, outside: Path, plant: Callable[[Path, Path], None]
):
    folder = tmp_path / "lake" / "gold" / "table"
    rows = pa.table({"ingest_date": ["a"], "x": [1]})
    for _ in range(2):
        write_deltalake(folder, rows, mode="overwrite", partition_by=["ingest_date"])
    plant(folder, outside)
    before, table = contents(outside), contents(tmp_path / "lake")
    with pytest.raises(LakeError, match=r"was not cleaned: .* is a link"):
        clean_table(folder, 0)
    assert (contents(outside), contents(tmp_path / "lake")) == (before, table)


@pytest.mark.parametrize("is_absolute", [True, False])
def test_a_log_that_names_files_elsewhere_removes_none_of_them(
    tmp_path: Path, outside: Path, is_absolute: bool
):
    folder = tmp_path / "lake" / "gold" / "table"
    rows = pa.table({"ingest_date": ["a"], "x": [1]})
    write_deltalake(folder, rows, partition_by=["ingest_date"])
    target = outside / "part-0.parquet"
    name = target.as_uri() if is_absolute else "../../../outside/part-0.parquet"
    removal = {"path": name, "deletionTimestamp": 1, "dataChange": True}
    (folder / "_delta_log" / f"{1:020}.json").write_text(json.dumps({"remove": removal}) + "\n")
    before = contents(outside)
    clean_table(folder, 0)
    assert contents(outside) == before


HOSTILE = st.sampled_from(["../../x", "/etc/passwd", "a\x00b", "a\nb", "x" * 5000, "..", "%2e%2e/"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(exclude_characters="/\x00", codec="utf-8"), min_size=1, max_size=40),
    values=st.lists(HOSTILE | st.text(max_size=20), min_size=5, max_size=5),
)
def test_no_name_or_value_of_a_stranger_becomes_a_path(
    tmp_path_factory: pytest.TempPathFactory, name: str, values: list[str]
):
    """Whatever files are called and records say, landed files have names of ours alone."""
    home = tmp_path_factory.mktemp("home")
    source = home / "in" / f"{name}.json"
    source.parent.mkdir()
    fields = ("video_id", "artist", "source", "text", "ingest_date")
    line = dict(zip(fields, values, strict=True))
    # A file without any id is not landed at all.
    line["video_id"] = f"v{values[0]}"
    source.write_text(json.dumps(line) + "\n")
    os.utime(source, (1766892339, 1766892339))
    import_files("landing", source, home / "landing")
    (landed,) = contents(home / "landing")
    assert LANDED.fullmatch(landed)
    assert {path.name for path in home.iterdir()} == {"in", "landing"}


def test_the_id_of_a_run_is_an_id_before_it_is_a_path(tmp_path: Path, outside: Path):
    """Who launches a run through Dagster's interface may name it as they like."""
    ids = ["../../outside", str(outside), "..", ""]
    deleted: list[str] = []

    def left(*_: Any, **__: Any) -> list[Any]:
        return [SimpleNamespace(run_id=run_id) for run_id in ids if run_id not in deleted]

    def never(**_: Any) -> None:
        raise AssertionError("logs are removed by path")

    instance: Any = SimpleNamespace(
        get_runs=left,
        run_storage=SimpleNamespace(delete_run=deleted.append),
        compute_log_manager=SimpleNamespace(delete_logs=never),
    )
    before = contents(outside)
    now = dt.datetime.now(dt.UTC)
    assert purge_runs(instance, tmp_path / "dagster", now) == Removed(4, 0)
    assert deleted == ids and contents(outside) == before
