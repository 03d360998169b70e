"""The lake beside other processes, kills and disks that fail."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from kpop_assets.lake.lake import Lake, LakeError
from kpop_assets_tests.lake.kit import MARKS, data_files, day, marks, read_marks
from kpop_assets_tests.lake.worker import Worker, can_mount

needs_mounts = pytest.mark.skipif(
    not can_mount(), reason="this machine lets no process have mounts of its own"
)


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
