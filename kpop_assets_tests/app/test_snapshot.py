"""What a page sees while tables change, and what it says where one cannot be read."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake

from app.cache import ask
from app.notices import PageEnd
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import FILES
from kpop_assets.contracts.gold import TIER_CUTOFFS
from kpop_assets.lake.log import newest_version
from kpop_assets.settings import Settings

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path, 1)
    return tmp_path


def write(home: Path, lines: int, day: dt.date = DAY) -> None:
    """Replace a day of bronze/files by one file of so many lines."""
    row = {
        "ingest_date": day,
        "landing_file": "a",
        "size_bytes": 10,
        "line_count": lines,
        "event_count": lines,
        "duplicate_count": 0,
        "quarantine_count": 0,
    }
    write_deltalake(
        str(home / "lake" / FILES.path),
        pl.DataFrame([row]).to_arrow(),
        mode="overwrite",
        partition_by=["ingest_date"],
    )


def snapshot(home: Path) -> Snapshot:
    return Snapshot(Settings(home=home))


@reads(FILES)
def count_lines(lake: Snapshot) -> int:
    return int(lake.read(FILES, columns=["line_count"]).to_series().sum())


def test_a_page_keeps_the_version_it_began_with(home: Path):
    page = snapshot(home)
    assert page.read(FILES).get_column("line_count").to_list() == [1]
    write(home, 2)
    assert page.read(FILES).get_column("line_count").to_list() == [1]
    assert page.is_outdated()
    assert snapshot(home).read(FILES).get_column("line_count").to_list() == [2]
    assert not snapshot(home).is_outdated()


def test_answers_are_kept_for_a_version_and_no_longer(home: Path):
    calls = []

    @reads(FILES)
    def counted(lake: Snapshot) -> int:
        calls.append(1)
        return count_lines(lake)

    assert [ask(snapshot(home), counted) for _ in range(3)] == [1, 1, 1]
    assert len(calls) == 1
    write(home, 2)
    assert [ask(snapshot(home), counted) for _ in range(2)] == [2, 2]
    assert len(calls) == 2


def test_a_lake_made_anew_is_not_taken_for_the_old_one(home: Path):
    assert ask(snapshot(home), count_lines) == 1
    shutil.rmtree(home / "lake")
    write(home, 7)
    assert newest_version(home / "lake" / FILES.path).number == 0  # type: ignore[union-attr]
    assert ask(snapshot(home), count_lines) == 7


def test_a_query_reads_only_the_tables_that_its_answer_is_kept_by(home: Path):
    @reads(TIER_CUTOFFS)
    def wrong(lake: Snapshot) -> int:
        return count_lines(lake)

    with pytest.raises(ValueError, match="does not say that it reads bronze/files"):
        ask(snapshot(home), wrong)


def test_rows_by_day_and_ranges_are_half_open(home: Path):
    lake = snapshot(home)
    assert lake.rows_by_day(FILES) == {DAY: 1}
    after = DAY + dt.timedelta(days=1)
    assert lake.read(FILES, DAY, after).height == 1
    assert lake.read(FILES, after).height == 0
    assert lake.read(FILES, end=DAY).height == 0


def key_of(read: Snapshot) -> str:
    with pytest.raises(PageEnd) as found:
        read.read(FILES)
    return found.value.key


def test_missing_table(tmp_path: Path):
    assert key_of(snapshot(tmp_path)) == "notice.missing_table"


def test_file_that_is_gone_or_damaged(home: Path):
    for uri in DeltaTable(str(home / "lake" / FILES.path)).file_uris():
        Path(uri).write_bytes(b"PAR1 no more")
    assert key_of(snapshot(home)) == "notice.broken_table"
    for uri in DeltaTable(str(home / "lake" / FILES.path)).file_uris():
        Path(uri).unlink()
    assert key_of(snapshot(home)) == "notice.broken_table"


def test_damaged_log(home: Path):
    log = home / "lake" / FILES.path / "_delta_log"
    next(log.glob("*.json")).write_text("{no")
    assert key_of(snapshot(home)) == "notice.broken_table"


def test_table_replaced_and_cleaned_up_while_it_is_read(home: Path):
    page = snapshot(home)
    page.version(FILES)
    write(home, 2)
    table = DeltaTable(str(home / "lake" / FILES.path))
    table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
    assert key_of(page) == "notice.replaced_table"


def test_table_of_an_older_version_of_the_product(home: Path):
    old = pl.DataFrame({"ingest_date": [DAY], "landing_file": ["a"]})
    folder = home / "lake" / FILES.path
    shutil.rmtree(folder)
    write_deltalake(str(folder), old.to_arrow(), partition_by=["ingest_date"])
    assert key_of(snapshot(home)) == "notice.older_table"
