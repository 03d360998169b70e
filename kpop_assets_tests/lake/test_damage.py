"""Damaged tables: never other rows, always one line that names the table and what mends it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.pareto import CHAMPION
from kpop_assets.contracts.retention import PURGES
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.lake.damage import damaged_files, log_damage
from kpop_assets.lake.errors import DamagedTableError, LakeError
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.maintenance import clean_table
from kpop_assets.lake.mend import mend_days, mend_table
from kpop_assets_tests.lake.kit import MARKS, data_files, day, marks, read_marks

ROWS = [(n, name, n) for n in (1, 2, 3) for name in ("a" * 99, "b" * 99)]
NAMES = Table(
    "test",
    "names",
    "Names of marks.",
    ("ingest_date", "name"),
    (INGEST_DATE, Column("name", "string", "Name of the mark.")),
)


@pytest.fixture(scope="module")
def made(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with days 1 to 3 of `MARKS`, each a commit of its own; tests copy it."""
    lake = Lake(tmp_path_factory.mktemp("made"), lambda: spark)
    for number in (1, 2, 3):
        rows = [row for row in ROWS if row[0] == number]
        lake.replace_range(MARKS, day(number), day(number + 1), marks(spark, rows))
    return lake.root


@pytest.fixture
def lake(made: Path, tmp_path: Path, spark: SparkSession) -> Lake:
    shutil.copytree(made, tmp_path / "lake")
    return Lake(tmp_path / "lake", lambda: spark, lock_seconds=5)


def second(folder: Path) -> Path:
    """The data file of day 2."""
    (path,) = (folder / "ingest_date=2026-01-02").glob("*.parquet")
    return path


def cut(folder: Path) -> None:
    second(folder).write_bytes(second(folder).read_bytes()[:-20])


def gone(folder: Path) -> None:
    second(folder).unlink()


def flipped(folder: Path) -> None:
    content = bytearray(second(folder).read_bytes())
    for i in range(4, 200, 7):
        content[i] ^= 255
    second(folder).write_bytes(content)


def one_line(act: Callable[[], object]) -> str:
    """The message of the error that a damaged table has to end in."""
    with pytest.raises(DamagedTableError) as caught:
        act()
    message = str(caught.value)
    assert len(message.splitlines()) == 1, message
    return message


@pytest.mark.both_engines
@pytest.mark.parametrize("damage", [cut, gone, flipped])
def test_a_damaged_data_file_is_named_and_its_day_run_again_mends_it(
    lake: Lake, spark: SparkSession, damage: Callable[[Path], None]
):
    folder = lake.location(MARKS)
    damage(folder)
    way_out = "kpop run 2026-01-02 2026-01-02 --select test/marks"
    message = one_line(lambda: lake.arrow(MARKS, day(1), day(4)))
    assert message.startswith("table test/marks cannot be read: ")
    assert way_out in message or "`kpop doctor --files` says which" in message
    assert lake.arrow(MARKS, day(3), day(4)).num_rows == 2, "other days can be read"
    looked_at = damaged_files(lake.delta(MARKS), folder, is_deep=damage is flipped)
    assert [*looked_at.values()] == ["2026-01-02"]
    # Whoever computes something of it writes nothing.
    names = lake.read(MARKS, day(2), day(3)).select("ingest_date", "name")
    message = one_line(lambda: lake.replace_range(NAMES, day(2), day(3), names))
    assert message.startswith("table test/names was not written: ")
    assert way_out in message or "`kpop doctor --files` says which" in message
    assert data_files(lake.location(NAMES)) == set()
    again = [row for row in ROWS if row[0] == 2]
    lake.replace_range(MARKS, day(2), day(3), marks(spark, again))
    assert read_marks(lake) == ROWS
    assert damaged_files(lake.delta(MARKS), folder, is_deep=True) == {}


def log(folder: Path, version: int) -> Path:
    return folder / "_delta_log" / f"{version:020}.json"


def halved(folder: Path) -> None:
    text = log(folder, 3).read_text()
    log(folder, 3).write_text(text[: len(text) // 2])


def without_log(folder: Path) -> None:
    shutil.rmtree(folder / "_delta_log")


def broken_checkpoint(folder: Path) -> None:
    DeltaTable(str(folder)).create_checkpoint()
    (checkpoint,) = (folder / "_delta_log").glob("*.checkpoint.parquet")
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])


LOG_DAMAGES: dict[str, Callable[[Path], object]] = {
    "the last commit cut in half": halved,
    "the last commit empty": lambda folder: log(folder, 3).write_bytes(b""),
    "a commit in the middle empty": lambda folder: log(folder, 2).write_bytes(b""),
    "a commit in the middle missing": lambda folder: log(folder, 2).unlink(),
    "the first commit missing": lambda folder: log(folder, 0).unlink(),
    "a broken checkpoint": broken_checkpoint,
    "no log": without_log,
}


@pytest.mark.both_engines
@pytest.mark.parametrize("damage", LOG_DAMAGES)
def test_a_damaged_log_is_never_read_as_other_rows(lake: Lake, spark: SparkSession, damage: str):
    """Delta itself reads an empty commit as one that changed nothing, and no log as no table."""
    folder = lake.location(MARKS)
    LOG_DAMAGES[damage](folder)
    before = data_files(folder)
    again = marks(spark, [row for row in ROWS if row[0] == 2])
    acts: list[Callable[[], object]] = [
        lambda: lake.arrow(MARKS, day(1), day(4)),
        lambda: lake.row_count(MARKS),
        lambda: lake.read(MARKS, day(1), day(4)),
        lambda: lake.replace_range(MARKS, day(2), day(3), again),
    ]
    for act in acts:
        message = one_line(act)
        assert message.startswith("table test/marks cannot be read: ")
        assert message.endswith("days again: `kpop run START END --select test/marks`")
    assert data_files(folder) == before
    shutil.rmtree(folder)
    lake.replace_range(MARKS, day(1), day(4), marks(spark, ROWS))
    assert read_marks(lake) == ROWS


def test_a_damaged_hint_at_the_newest_checkpoint_does_no_harm(lake: Lake, spark: SparkSession):
    folder = lake.location(MARKS)
    DeltaTable(str(folder)).create_checkpoint()
    (folder / "_delta_log" / "_last_checkpoint").write_text('{"ver')
    assert read_marks(lake) == ROWS
    lake.replace_range(MARKS, day(3), day(4), marks(spark, []))
    assert read_marks(lake) == ROWS[:4]


def test_a_log_that_a_clean_up_has_shortened_is_whole(lake: Lake):
    folder = lake.location(MARKS)
    clean_table(folder, keep_hours=0)
    assert not log(folder, 0).exists()
    assert log_damage(folder) is None
    assert read_marks(lake) == ROWS


def test_the_way_out_says_what_running_again_cannot_bring_back():
    days = ["2026-01-05", "2026-01-02"]
    assert "kpop run 2026-01-02 2026-01-05 --select bronze/events" in mend_days(EVENTS.path, days)
    assert "decide anew with `kpop train 2026-01-02`" in mend_days(CHAMPION.path, days)
    assert "kpop train" in mend_table(CHAMPION.path)
    for said in (mend_days(PURGES.path, days), mend_table(PURGES.path)):
        assert "backup" in said and "kpop run" not in said


def test_an_error_that_is_no_damage_keeps_its_words(lake: Lake, spark: SparkSession):
    wrong = marks(spark, [(1, "a", 1)]).withColumn(
        "name", F.when(F.col("mark_count") > 0, F.raise_error(F.lit("oh"))).cast("string")
    )
    with pytest.raises(LakeError, match="oh") as caught:
        lake.replace_range(MARKS, day(1), day(2), wrong)
    assert not isinstance(caught.value, DamagedTableError)
    assert lake.arrow(MARKS, dt.date.min, dt.date.max).num_rows == len(ROWS)
