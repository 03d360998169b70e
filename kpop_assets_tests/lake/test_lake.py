"""The lake against a small table: every way to write, to read, and to fail, on both engines."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deltalake import DeltaTable, Schema
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from kpop_assets.contracts.registry import TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.lake.lake import ContractError, Lake, LakeError, MissingTableError
from kpop_assets.lake.schemas import spark_schema
from kpop_assets_tests.lake.kit import (
    MARKS,
    TYPES,
    data_files,
    day,
    log_actions,
    marks,
    read_marks,
)
from kpop_assets_tests.lake.worker import Worker, can_mount

needs_mounts = pytest.mark.skipif(
    not can_mount(), reason="this machine lets no process have mounts of its own"
)


@pytest.fixture(scope="module")
def filled(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with days 1 to 3 of `MARKS`; tests that share it leave it as it is."""
    lake = Lake(tmp_path_factory.mktemp("filled"), lambda: spark, lock_seconds=5)
    rows = marks(spark, [(1, "a", 1), (2, "b", None), (2, "c", 3), (3, "d", 4)])
    lake.replace_range(MARKS, day(1), day(4), rows, run_id="run-7")
    return lake


def refused(lake: Lake, rows: DataFrame, first: int = 2, end: int = 3) -> str:
    """The message with which a write fails, after which the table is as before, to the file."""
    folder = lake.location(MARKS)
    version, files, content = lake.delta(MARKS).version(), data_files(folder), read_marks(lake)
    with pytest.raises(ContractError) as caught:
        lake.replace_range(MARKS, day(first), day(end), rows)
    assert lake.delta(MARKS).version() == version
    assert data_files(folder) == files
    assert read_marks(lake) == content
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert "test/marks" in message
    return message


# --- writing -----------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_day_a_range_and_an_empty_day_are_replaced_and_neighbours_stay(
    lake: Lake, spark: SparkSession
):
    first = lake.replace_range(
        MARKS, day(1), day(4), marks(spark, [(1, "a", 1), (2, "b", 2), (3, "c", 3)])
    )
    one_day = lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "x", 8), (2, "y", 9)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "x", 8), (2, "y", 9), (3, "c", 3)]
    # A range with a day that gets no rows: the day is cleared like the others.
    two_days = lake.replace_range(MARKS, day(2), day(4), marks(spark, [(2, "z", 7)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "z", 7)]
    empty = lake.replace_range(MARKS, day(2), day(3), marks(spark, []))
    assert read_marks(lake) == [(1, "a", 1)]
    done = (first, one_day, two_days, empty)
    assert [written.row_count for written in done] == [3, 2, 1, 0]
    assert [written.version for written in done] == [1, 2, 3, 4]
    assert lake.row_count(MARKS) == 1


@pytest.mark.both_engines
def test_the_same_run_twice_leaves_the_same_rows(lake: Lake, spark: SparkSession):
    rows = [(1, "a", 1), (2, "b", 2)]
    for _ in range(2):
        written = lake.replace_range(MARKS, day(1), day(3), marks(spark, rows))
        assert read_marks(lake) == rows
        assert written.row_count == 2
    assert lake.row_count(MARKS) == 2


@pytest.mark.both_engines
def test_values_of_every_type_come_back_as_written_whatever_the_order_of_columns(
    lake: Lake, spark: SparkSession
):
    noon = dt.datetime(2026, 1, 2, 12, 0, 0, 123456)
    full = (day(1), "뉴진스 🔥 'x'", 2**62, -(2**31), 0.1, True, day(3), noon, b"\x00\xff")
    none = (day(1), "", None, 0, None, None, None, None, None)
    frame = spark.createDataFrame([full, none], spark_schema(TYPES))
    lake.replace_range(TYPES, day(1), day(2), frame.select(*reversed(TYPES.column_names)))
    back = lake.read(TYPES, day(1), day(2))
    assert back.columns == TYPES.column_names
    assert sorted(tuple(row) for row in back.collect()) == sorted([full, none])


@pytest.mark.both_engines
def test_rows_outside_that_a_filter_removes_are_no_reason_to_refuse(
    lake: Lake, spark: SparkSession
):
    """Sail moves the guards and its NOT NULL check in front of a filter, if it is let."""
    rows = marks(spark, [(1, "early", 0), (2, "in", 1), (2, None, 2), (3, "late", 3)])
    kept = rows.where((F.col("ingest_date") == F.lit(day(2))) & F.col("name").isNotNull())
    lake.replace_range(MARKS, day(2), day(3), kept)
    assert read_marks(lake) == [(2, "in", 1)]


def test_the_guards_hold_after_every_kind_of_last_step(lake: Lake, spark: SparkSession):
    rows = marks(spark, [(1, "early", 0), (2, "in", 1), (2, "in", 1), (2, None, 2)])
    other = marks(spark, [(2, "in", 5)])
    inside = (F.col("ingest_date") == F.lit(day(2))) & F.col("name").isNotNull()
    steps: list[Callable[[DataFrame], DataFrame]] = [
        lambda f: f.where(inside).distinct(),
        lambda f: f.where(inside).limit(1),
        lambda f: (
            f.where(inside)
            .groupBy("ingest_date", "name")
            .agg(F.max("mark_count").alias("mark_count"))
        ),
        lambda f: f.join(other.select("ingest_date", "name"), ["ingest_date", "name"], "left_semi"),
        lambda f: f.where(inside).unionAll(other.where("mark_count > 9")).orderBy("name"),
        lambda f: f.where("ingest_date IS NULL").unionAll(f.where(inside)),
    ]
    for step in steps:
        lake.replace_range(MARKS, day(2), day(3), step(rows))
        assert {row[:2] for row in read_marks(lake)} == {(2, "in")}


@pytest.mark.both_engines
def test_the_run_id_stands_in_the_commit_and_the_schema_in_the_log_is_the_contract(filled: Lake):
    last = filled.delta(MARKS).history(1)[0]
    assert last["userMetadata"] == "run-7"
    schemas = [
        json.loads(action["metaData"]["schemaString"])
        for version in range(last["version"] + 1)
        for action in log_actions(filled.location(MARKS), version)
        if "metaData" in action
    ]
    assert [
        [(f["name"], f["type"], f["nullable"]) for f in schema["fields"]] for schema in schemas
    ] == [[("ingest_date", "date", False), ("name", "string", False), ("mark_count", "long", True)]]
    metadata = filled.delta(MARKS).metadata()
    assert metadata.partition_columns == ["ingest_date"]
    assert (metadata.name, metadata.description) == (MARKS.path, MARKS.description)


# --- refusing ----------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_rows_outside_the_window_are_refused_and_nothing_half_written_stays(
    filled: Lake, spark: SparkSession
):
    outside = marks(spark, [(2, "in", 1), (3, "the first day after", 1)])
    assert "outside the range [2026-01-02, 2026-01-03)" in refused(filled, outside)
    null = refused(filled, marks(spark, [(2, "in", 1), (2, None, 1)]))
    assert "name" in null and "NULL" in null.upper()


def test_a_day_before_a_missing_day_and_an_empty_window_are_refused(
    filled: Lake, spark: SparkSession
):
    assert "outside the range" in refused(filled, marks(spark, [(1, "before", 1)]))
    nowhere = marks(spark, []).unionAll(spark.sql("SELECT DATE(NULL), 'x', 1L"))
    assert "outside the range" in refused(filled, nowhere)
    assert "outside the range" in refused(filled, marks(spark, [(2, "x", 1)]), first=2, end=2)


def test_one_bad_row_among_many_stops_the_whole_write(filled: Lake, spark: SparkSession):
    numbers = spark.range(200_000)
    late = F.when(F.col("id") == 199_999, F.lit(day(3))).otherwise(F.lit(day(2)))
    rows = numbers.select(
        late.alias("ingest_date"),
        F.sha2(F.col("id").cast("string"), 256).alias("name"),
        F.col("id").alias("mark_count"),
    )
    assert "outside the range" in refused(filled, rows)


@pytest.mark.both_engines
@pytest.mark.parametrize("name", TYPES.column_names)
def test_a_column_of_another_type_is_refused_before_anything_is_written(
    lake: Lake, spark: SparkSession, name: str
):
    # The nearest type: what an engine would cast, or null, without a word.
    near = {"date": "timestamp", "long": "int", "int": "long", "double": "float"}
    near |= {"string": "int", "boolean": "string", "timestamp": "date", "binary": "string"}
    types = {column.name: column.type for column in TYPES.columns}
    empty = spark.createDataFrame([], spark_schema(TYPES))
    frame = empty.withColumn(name, F.lit(None).cast(near[types[name]]))
    with pytest.raises(ContractError, match=f"test/types: column {name} is .*, not"):
        lake.replace_range(TYPES, day(1), day(2), frame)
    assert not lake.exists(TYPES)


@pytest.mark.both_engines
def test_missing_and_extra_columns_are_refused_and_all_named_at_once(
    lake: Lake, spark: SparkSession
):
    frame = marks(spark, [(1, "a", 1)])
    with pytest.raises(ContractError, match="column name is missing"):
        lake.replace_range(MARKS, day(1), day(2), frame.drop("name"))
    with pytest.raises(ContractError, match="column extra is not in the contract"):
        lake.replace_range(MARKS, day(1), day(2), frame.withColumn("extra", F.lit(1)))
    wrong = frame.drop("name").withColumn("Name", F.lit("a")).withColumn("mark_count", F.lit("1"))
    with pytest.raises(ContractError) as caught:
        lake.replace_range(MARKS, day(1), day(2), wrong)
    assert str(caught.value) == (
        "table test/marks: column name is missing; column Name is not in the contract; "
        "column mark_count is string, not bigint: mend the transform"
    )
    assert not lake.exists(MARKS)


def test_a_timestamp_without_a_time_zone_is_another_type(lake: Lake, spark: SparkSession):
    frame = spark.createDataFrame([], spark_schema(TYPES))
    naive = frame.withColumn("seen_at", F.lit(None).cast(T.TimestampNTZType()))
    with pytest.raises(ContractError, match="seen_at is timestamp_ntz, not timestamp"):
        lake.replace_range(TYPES, day(1), day(2), naive)


def test_a_refused_first_write_leaves_no_rows_and_no_data_file(lake: Lake, spark: SparkSession):
    with pytest.raises(ContractError):
        lake.replace_range(MARKS, day(1), day(2), marks(spark, [(2, "outside", 1)]))
    assert data_files(lake.location(MARKS)) == set()
    lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))
    assert read_marks(lake) == [(1, "a", 1)]


# --- reading -----------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_table_that_was_never_written_is_named_with_the_way_out(lake: Lake):
    reads: list[Callable[[], object]] = [
        lambda: lake.read(MARKS, day(1), day(2)),
        lambda: lake.arrow(MARKS, day(1), day(2)),
        lambda: lake.newest_rows(MARKS),
        lambda: lake.row_count(MARKS),
        lambda: lake.file_statistics(MARKS),
        lambda: lake.delta(MARKS),
    ]
    for read in reads:
        with pytest.raises(MissingTableError, match=r"test/marks .*kpop run START END") as caught:
            read()
        assert len(str(caught.value).splitlines()) == 1
    assert not lake.root.exists() or not any(lake.root.rglob("*.json"))


@pytest.mark.both_engines
def test_reads_without_the_engine_say_what_the_engine_says(filled: Lake):
    content = [(1, "a", 1), (2, "b", None), (2, "c", 3), (3, "d", 4)]
    by_engine = [tuple(row) for row in filled.read(MARKS, day(1), day(9)).collect()]
    assert sorted(by_engine, key=str) == [(day(d), name, n) for d, name, n in content]
    by_arrow = filled.arrow(MARKS, day(1), day(9))
    assert by_arrow.column_names == MARKS.column_names
    assert sorted((tuple(row.values()) for row in by_arrow.to_pylist()), key=str) == sorted(
        by_engine, key=str
    )
    assert filled.arrow(MARKS, day(2), day(3), ["name"]).sort_by("name").to_pydict() == {
        "name": ["b", "c"]
    }
    assert filled.arrow(MARKS, day(4), day(9)).num_rows == 0
    assert filled.row_count(MARKS) == len(by_engine)
    assert filled.newest_rows(MARKS) == [{"ingest_date": day(3), "name": "d", "mark_count": 4}]
    statistics = sorted(filled.file_statistics(MARKS), key=lambda file: file["ingest_date"])
    assert [(file["ingest_date"], file["row_count"]) for file in statistics] == [
        (day(1), 1),
        (day(2), 2),
        (day(3), 1),
    ]
    assert [file["null_counts"]["mark_count"] for file in statistics] == [0, 1, 0]
    assert [file["null_counts"]["name"] for file in statistics] == [0, 0, 0]


@pytest.mark.both_engines
def test_a_read_is_half_open_and_ends_before_it_begins_with_nothing(filled: Lake):
    assert [row[:2] for row in _names(filled, 1, 3)] == [(1, "a"), (2, "b"), (2, "c")]
    assert _names(filled, 3, 3) == _names(filled, 3, 2) == _names(filled, 20, 30) == []


def _names(lake: Lake, first: int, end: int) -> list[tuple[int, str]]:
    rows = lake.read(MARKS, day(first), day(end)).collect()
    return sorted((row.ingest_date.day, row.name) for row in rows)


def test_the_newest_rows_of_a_table_whose_newest_day_was_cleared_are_those_before(
    lake: Lake, spark: SparkSession
):
    lake.replace_range(MARKS, day(1), day(3), marks(spark, [(1, "a", 1), (2, "b", 2)]))
    lake.replace_range(MARKS, day(2), day(3), marks(spark, []))
    assert [row["name"] for row in lake.newest_rows(MARKS)] == ["a"]
    lake.replace_range(MARKS, day(1), day(2), marks(spark, []))
    assert lake.newest_rows(MARKS) == []
    assert lake.row_count(MARKS) == 0
    assert read_marks(lake) == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.path)
def test_every_table_of_the_registry_can_be_created_cleared_and_read(
    lake: Lake, spark: SparkSession, table: Table
):
    empty = spark.createDataFrame([], spark_schema(table))
    assert lake.replace_range(table, day(1), day(2), empty).row_count == 0
    written = Schema.from_json(spark_schema(table).json())
    assert DeltaTable(str(lake.location(table))).schema() == written
    assert lake.read(table, day(1), day(2)).columns == table.column_names
    assert lake.arrow(table, day(1), day(2)).num_rows == 0


# --- staging -----------------------------------------------------------------------------------


def staged_folders(lake: Lake) -> list[Path]:
    """Folders of staged rows that stand on the disk."""
    folder = lake.root / ".staged"
    return list(folder.iterdir()) if folder.exists() else []


@pytest.mark.both_engines
def test_staged_rows_are_computed_once_and_their_folder_goes_also_after_an_error(
    lake: Lake, spark: SparkSession
):
    rows = marks(spark, [(1, "a", 1), (2, "b", None)])
    with lake.staged(rows.withColumn("lot", F.rand())) as staged:
        first, second = ({row.lot for row in staged.collect()} for _ in range(2))
        assert first == second
        assert staged.schema.fieldNames() == [*MARKS.column_names, "lot"]
        assert len(staged_folders(lake)) == 1
    assert staged_folders(lake) == []
    with pytest.raises(ContractError, match="own words"), lake.staged(rows):
        raise ContractError("own words")
    assert staged_folders(lake) == []


def test_a_fault_of_the_code_inside_a_staged_block_keeps_its_name(lake: Lake, spark: SparkSession):
    """A slip in a transform is no failure of the disk: its own type says where to look."""
    with pytest.raises(ZeroDivisionError), lake.staged(marks(spark, [(1, "a", 1)])):
        raise ZeroDivisionError("of the block")
    assert staged_folders(lake) == []


@pytest.mark.both_engines
def test_rows_that_cannot_be_computed_are_one_line_and_leave_no_folder(
    lake: Lake, spark: SparkSession
):
    broken = marks(spark, [(1, "a", 1)]).withColumn(
        "name", F.when(F.col("mark_count") > 0, F.raise_error(F.lit("no such note"))).cast("string")
    )
    with pytest.raises(LakeError, match="no such note") as caught, lake.staged(broken) as staged:
        staged.collect()
    assert len(str(caught.value).splitlines()) == 1
    assert staged_folders(lake) == []


# --- other processes, kills, and disks that fail -----------------------------------------------


@pytest.fixture(scope="module")
def workers(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Worker]]:
    """Processes started so far, the last one usable; they end with the module."""
    started: list[Worker] = []
    yield started
    for worker in started:
        if worker.is_alive:
            worker.kill()


@pytest.fixture
def worker(engine: str, workers: list[Worker], tmp_path_factory: pytest.TempPathFactory) -> Worker:
    """A second process with a session of the same engine; a killed one is replaced."""
    if not workers or not workers[-1].is_alive:
        workers.append(Worker(engine, tmp_path_factory.mktemp("worker")))
    return workers[-1]


@pytest.mark.both_engines
def test_two_processes_write_different_days_of_a_new_table_at_once(
    tmp_path: Path, spark: SparkSession, worker: Worker
):
    lake = Lake(tmp_path, lambda: spark, lock_seconds=60)
    worker.send(do="write", root=str(tmp_path), day=1, rows=3)
    mine = lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "mine", 1)]))
    theirs = worker.answer()
    assert theirs["row_count"] == 3, theirs
    assert {mine.version, theirs["version"]} == {1, 2}
    assert [number for number, _, _ in read_marks(lake)] == [1, 1, 1, 2]


@pytest.mark.both_engines
def test_a_locked_table_is_named_with_its_holder_within_the_waiting_time(
    tmp_path: Path, spark: SparkSession, worker: Worker
):
    lake = Lake(tmp_path, lambda: spark, lock_seconds=0.3)
    worker.ask(do="hold", root=str(tmp_path))
    started = time.monotonic()
    with pytest.raises(LakeError, match=f"test/marks .*{worker.pid}.*wait") as caught:
        lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))
    assert time.monotonic() - started < 5
    assert len(str(caught.value).splitlines()) == 1
    assert not lake.exists(MARKS)
    worker.ask(do="release")


@needs_mounts
@pytest.mark.both_engines
def test_a_full_disk_is_one_line_and_leaves_the_table_as_before(worker: Worker):
    root = str(worker.scratch / "full")
    assert worker.ask(do="write", root=root, day=1, rows=5)["row_count"] == 5
    before = worker.ask(do="look", root=root)
    assert before["uncommitted"] == []

    def check_refused(number: int, rows: int) -> None:
        failed = worker.ask(do="write", root=root, day=number, rows=rows)
        assert failed.get("error") == "LakeError", failed
        assert "test/marks was not written: no space left" in failed["message"]
        assert len(failed["message"].splitlines()) == 1
        assert worker.ask(do="look", root=root) == before

    # Not a byte left: not even the lock's note of its holder can be written.
    assert worker.ask(do="fill", root=root) == {"errno": 28}
    check_refused(2, rows=5)
    worker.ask(do="drain", root=root)
    # 64 bytes a row that no codec makes smaller than half: far more than the disk has.
    check_refused(1, rows=200_000)


@needs_mounts
@pytest.mark.both_engines
def test_a_folder_that_cannot_be_written_is_one_line(worker: Worker):
    # The worker's `readonly/` is its `lake/` through a read-only mount.
    readable, closed = worker.scratch / "lake", worker.scratch / "readonly"
    assert worker.ask(do="write", root=str(readable), day=1, rows=5)["row_count"] == 5
    failed = worker.ask(do="write", root=str(closed), day=2, rows=5)
    assert failed["error"] == "LakeError", failed
    assert "test/marks was not written" in failed["message"]
    assert "is not writable" in failed["message"]
    assert len(failed["message"].splitlines()) == 1
    assert worker.ask(do="look", root=str(readable))["row_count"] == 5


@pytest.mark.both_engines
@pytest.mark.parametrize("place", ["", "test", "test/marks", ".locks"])
def test_a_file_where_a_folder_belongs_is_one_line_that_names_the_table(
    tmp_path: Path, spark: SparkSession, place: str
):
    root = tmp_path / "lake"
    blocked = root / place
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("in the way")
    with pytest.raises(LakeError, match="test/marks was not written") as caught:
        Lake(root, lambda: spark).replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))
    assert len(str(caught.value).splitlines()) == 1
    assert blocked.read_text() == "in the way"


def _kill_moments(engine: str) -> list[float | None]:
    # None: as soon as a data file of the write stands on the disk. Starting Spark is slow.
    return [None] if engine == "spark" else [None, 0.02, 0.2, 0.6]


@pytest.mark.both_engines
def test_a_killed_writer_leaves_the_rows_before_or_all_of_its_own_and_no_lock(
    tmp_path: Path, spark: SparkSession, engine: str, worker: Worker, workers: list[Worker]
):
    lake = Lake(tmp_path, lambda: spark, lock_seconds=20)
    old, many = [(1, "a", 1), (2, "b", 2)], 1_500_000
    lake.replace_range(MARKS, day(1), day(3), marks(spark, old))
    for moment in _kill_moments(engine):
        if not workers[-1].is_alive:
            workers.append(Worker(engine, worker.scratch))
        files, version = data_files(lake.location(MARKS)), lake.delta(MARKS).version()
        workers[-1].send(do="write", root=str(tmp_path), day=2, rows=many)
        if moment is None:
            while data_files(lake.location(MARKS)) == files:
                time.sleep(0.002)
        else:
            time.sleep(moment)
        workers[-1].kill()
        committed = lake.delta(MARKS).version() - version
        assert committed in (0, 1)
        assert lake.read(MARKS, day(2), day(3)).count() == (many if committed else 1)
        lake.replace_range(MARKS, day(2), day(3), marks(spark, old[1:]))
        assert read_marks(lake) == old


def test_a_writer_killed_while_it_computes_leaves_the_table_as_before(
    tmp_path: Path, spark: SparkSession, worker: Worker
):
    lake = Lake(tmp_path, lambda: spark, lock_seconds=20)
    lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))
    before = data_files(lake.location(MARKS))
    worker.send(do="write", root=str(tmp_path), day=1, rows=1_000, stall_seconds=60)
    while not (tmp_path / ".locks" / "test.marks.holder").read_text().count(str(worker.pid)):
        time.sleep(0.002)
    time.sleep(0.3)
    worker.kill()
    assert data_files(lake.location(MARKS)) == before
    assert read_marks(lake) == [(1, "a", 1)]
    lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "b", 2)]))
    assert read_marks(lake) == [(1, "b", 2)]
