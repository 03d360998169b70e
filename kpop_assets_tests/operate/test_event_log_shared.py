"""Several processes share one event log: they write after each other, and remove its files."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import select

from kpop_assets.operate.event_log import BatchedEventLog
from kpop_assets_tests.unpublished import ConcurrencySlotsTable, DynamicPartitionsTable

POOL = "engine"
HELD_SECONDS = 0.3
ROUNDS = 25
NAMES = select(DynamicPartitionsTable.c.partition)
ADD = DynamicPartitionsTable.insert()

Logs = tuple[BatchedEventLog, BatchedEventLog]


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    """Two logs over the same files, each with connections of its own, as of two processes."""
    first, second = (BatchedEventLog(base_dir=str(tmp_path)) for _ in range(2))
    yield first, second
    first.dispose()
    second.dispose()


def row(name: str) -> dict[str, str]:
    return {"partitions_def_name": "songs", "partition": name}


def event(run_id: str, text: str) -> dg.EventLogEntry:
    return dg.EventLogEntry(
        error_info=None, level=20, user_message=text, run_id=run_id, timestamp=1.0
    )


def texts(log: BatchedEventLog, run_id: str) -> list[str]:
    return [entry.user_message for entry in log.get_logs_for_run(run_id)]


def unlink_run(log: BatchedEventLog, run_id: str) -> None:
    """What a purge in another process does."""
    for end in ("", "-wal", "-shm"):
        Path(log.path_for_shard(run_id) + end).unlink(missing_ok=True)


def test_who_has_read_writes_although_another_wrote_in_between(logs: Logs):
    ours, theirs = logs
    with ours.index_connection() as index:
        assert index.execute(NAMES).all() == []
        theirs.add_dynamic_partitions("songs", ["theirs"])
        index.execute(ADD, row("ours"))
    assert set(theirs.get_dynamic_partitions("songs")) == {"ours", "theirs"}


def test_who_has_read_waits_for_another_that_is_writing(logs: Logs):
    ours, theirs = logs
    is_writing, has_read = threading.Event(), threading.Event()

    def write() -> None:
        with theirs.index_connection() as index:
            index.execute(ADD, row("theirs"))
            is_writing.set()
            has_read.wait(30)
            threading.Event().wait(HELD_SECONDS)

    with ThreadPoolExecutor(1) as other:
        written = other.submit(write)
        assert is_writing.wait(30)
        with ours.index_connection() as index:
            assert index.execute(NAMES).all() == []
            has_read.set()
            index.execute(ADD, row("ours"))
        written.result()
    assert set(ours.get_dynamic_partitions("songs")) == {"ours", "theirs"}


def test_processes_claim_and_free_slots_at_the_same_time(logs: Logs):
    logs[0].set_concurrency_slots(POOL, 2)

    def claim(log: BatchedEventLog) -> int:
        claimed = 0
        for _ in range(ROUNDS):
            run_id = str(uuid.uuid4())
            claimed += log.claim_concurrency_slot(POOL, run_id, "step").is_claimed
            log.free_concurrency_slots_for_run(run_id)
        return claimed

    with ThreadPoolExecutor(2) as both:
        # Who looks while another claims may be told to wait.
        assert sum(both.map(claim, logs))


def test_a_slot_that_another_is_claiming_is_not_claimed_twice(logs: Logs):
    ours, theirs = logs
    ours.set_concurrency_slots(POOL, 1)
    ours.add_pending_step(POOL, "ours", "step", should_assign=True)
    is_claiming = threading.Event()

    def claim() -> None:
        with theirs.index_connection() as index:
            index.execute(ConcurrencySlotsTable.update(), {"run_id": "theirs", "step_key": "step"})
            is_claiming.set()
            threading.Event().wait(HELD_SECONDS)

    with ThreadPoolExecutor(1) as other:
        claimed = other.submit(claim)
        assert is_claiming.wait(30)
        status = ours.claim_concurrency_slot(POOL, "ours", "step")
        claimed.result()
    assert status.is_assigned
    assert not status.is_claimed
    assert theirs.get_concurrency_info(POOL).claimed_slots[0].run_id == "theirs"


def test_what_fails_half_way_leaves_no_rows(logs: Logs):
    ours, theirs = logs
    with pytest.raises(ZeroDivisionError), ours.index_connection() as index:
        index.execute(ADD, row("ours"))
        raise ZeroDivisionError
    assert theirs.get_dynamic_partitions("songs") == []


def test_a_run_goes_on_after_a_wipe(logs: Logs):
    log, other = logs
    run_id = str(uuid.uuid4())
    log.store_event(event(run_id, "before"))
    log.add_dynamic_partitions("songs", ["before"])
    log.wipe()
    assert log.get_dynamic_partitions("songs") == []
    log.store_event(event(run_id, "after"))
    assert texts(log, run_id) == texts(other, run_id) == ["after"]


def test_a_run_whose_file_another_process_removed_starts_anew(logs: Logs):
    log, _ = logs
    run_id, another = str(uuid.uuid4()), str(uuid.uuid4())
    log.store_event(event(run_id, "before"))
    unlink_run(log, run_id)
    log.store_event(event(run_id, "kept open"))
    assert texts(log, run_id) == ["kept open"]
    # Asked for another, the log closes the first.
    log.store_event(event(another, "other"))
    unlink_run(log, run_id)
    assert texts(log, run_id) == []


def test_a_run_whose_file_another_process_replaced_is_read_from_the_new_one(logs: Logs):
    ours, theirs = logs
    run_id = str(uuid.uuid4())
    ours.store_event(event(run_id, "before"))
    unlink_run(ours, run_id)
    theirs.store_event(event(run_id, "theirs"))
    assert texts(ours, run_id) == ["theirs"]
    ours.store_event(event(run_id, "ours"))
    # What stands beside the new file outlives the closing of the old.
    assert texts(theirs, run_id) == ["theirs", "ours"]
