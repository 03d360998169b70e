"""Journals: on the disk before it is said, whole after any fault, landed once by anybody."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.journal import journal as journal_module
from kpop_assets.landing.journal import lander as lander_module
from kpop_assets.landing.journal.journal import Journal
from kpop_assets.landing.journal.lander import (
    LandedSegments,
    held_in_journals,
    land_segments,
    landing_sink,
)
from kpop_assets.landing.journal.segment_forget import forget_in_journals
from kpop_assets.landing.journal.segments import asked_to_close, read_segment, segments_in
from kpop_assets_tests.landing.journal.kit import JOURNAL_DAY, KIND, landed_tracks, stored, tracks

NEXT_DAY = JOURNAL_DAY.fromordinal(JOURNAL_DAY.toordinal() + 1)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "serving" / "journal"


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return tmp_path / "landing"


def land_all(root: Path, landing: Path) -> LandedSegments:
    return land_segments(root, lambda _: landing_sink(landing))


def test_what_is_done_is_on_the_disk_and_what_many_ask_for_goes_there_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    synced: list[int] = []
    monkeypatch.setattr(journal_module, "sync_data", synced.append)
    journal = Journal(root / KIND)
    asked = [journal.append([stored(n)]) for n in range(200)]
    for one in asked:
        one.result(10)
    (segment,) = segments_in(root / KIND)
    assert len(read_segment(segment).days[JOURNAL_DAY]) == 200
    assert 0 < len(synced) < 200
    journal.close()


def test_lines_are_landed_by_day_once_and_nothing_is_left_in_the_journal(root: Path, landing: Path):
    journal = Journal(root / KIND)
    journal.append([stored(1), stored(2, NEXT_DAY), stored(3)]).result(10)
    assert land_all(root, landing).segment_count == 0, "it is still being written"
    assert held_in_journals(root)[0] > 0
    journal.close_segment()
    assert (land_all(root, landing).line_count, landed_tracks(landing)) == (3, tracks(1, 2, 3))
    assert land_all(root, landing).segment_count == 0
    assert held_in_journals(root) == (0, None)
    journal.append([stored(4)]).result(10)
    journal.close()
    assert land_all(root, landing).line_count == 1
    assert landed_tracks(landing) == tracks(1, 2, 3, 4)


def test_a_young_segment_stays_open_and_a_full_one_does_not(
    root: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(journal_module, "MOST_SEGMENT_BYTES", 500)
    journal = Journal(root / KIND)
    journal.append([stored(1)]).result(10)
    journal.close_segment(60)
    assert land_all(root, landing).segment_count == 0
    journal.append([stored(n) for n in range(2, 20)]).result(10)
    assert land_all(root, landing).line_count == 19
    journal.close()


KILLED = """
import sys
from pathlib import Path
from kpop_assets.landing.journal.journal import Journal
from kpop_assets_tests.landing.journal.kit import stored
journal = Journal(Path(sys.argv[1]))
for number in range(100_000):
    journal.append([stored(number)]).result(10)
    print(number, flush=True)
"""


def test_of_a_killed_process_all_that_was_promised_is_landed_by_another(root: Path, landing: Path):
    words = [sys.executable, "-c", KILLED, str(root / KIND)]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        promised = [int(process.stdout.readline()) for _ in range(50)]
        assert land_all(root, landing).segment_count == 0, "it is alive, and its segment its own"
        process.kill()
        promised += [int(line) for line in process.stdout]
    land_all(root, landing)
    found = landed_tracks(landing)
    assert found[: len(promised)] == tracks(*promised)
    # What was on its way when it was killed may be there as well, and nothing twice.
    assert len(found) in (len(promised), len(promised) + 1)
    assert segments_in(root / KIND) == []


@pytest.mark.parametrize("torn", [1, 7, 30])
def test_a_torn_line_is_cut_off_and_counted(root: Path, landing: Path, torn: int):
    journal = Journal(root / KIND)
    journal.append([stored(n) for n in range(3)]).result(10)
    journal.close()
    (segment,) = segments_in(root / KIND)
    segment.write_bytes(segment.read_bytes()[:-torn])
    assert land_all(root, landing).torn_count == 1
    assert landed_tracks(landing) == tracks(0, 1)


def test_a_line_whose_bytes_were_lost_by_a_power_cut_is_not_landed(root: Path, landing: Path):
    journal = Journal(root / KIND)
    journal.append([stored(n) for n in range(3)]).result(10)
    journal.close()
    (segment,) = segments_in(root / KIND)
    data = bytearray(segment.read_bytes())
    data[100:104] = b"\0\0\0\0"
    segment.write_bytes(data)
    assert land_all(root, landing).torn_count == 1
    assert len(landed_tracks(landing)) == 2


def test_killed_between_landing_and_removing_a_segment_its_lines_are_landed_once(
    root: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
):
    journal = Journal(root / KIND)
    journal.append([stored(1), stored(2, NEXT_DAY)]).result(10)
    journal.close()

    def land_and_die(*given: object) -> None:
        landing_sink(landing)(*given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        land_segments(root, lambda _: land_and_die)
    assert len(segments_in(root / KIND)) == 1
    land_all(root, landing)
    assert landed_tracks(landing) == tracks(1, 2)
    assert segments_in(root / KIND) == []


@pytest.mark.parametrize("where", ["write", "sync_data"])
def test_on_a_full_disk_nothing_is_promised_and_what_was_promised_stays(
    root: Path, landing: Path, monkeypatch: pytest.MonkeyPatch, where: str
):
    journal = Journal(root / KIND)
    journal.append([stored(1)]).result(10)

    def full(descriptor: int, *data: bytes) -> int:
        if data:
            os.pwrite(descriptor, bytes(data[0])[:20], 0)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(
            *(
                (journal_module.os, "write", full)
                if where == "write"
                else (journal_module, where, full)
            )
        )
        with pytest.raises(LandingError, match="No space left") as refused:
            journal.append([stored(2)]).result(10)
    assert refused.value.may_pass
    journal.append([stored(3)]).result(10)
    journal.close()
    assert land_all(root, landing).torn_count == 0
    assert landed_tracks(landing) == tracks(1, 3)


def test_what_nobody_waits_for_is_left_out_and_counted_once_too_much_waits(
    root: Path, landing: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(journal_module, "MOST_WAITING_BYTES", 3 * len(stored(1)))
    may_sync = threading.Event()
    monkeypatch.setattr(journal_module, "sync_data", lambda _: may_sync.wait(10))
    lost: list[int] = []
    journal = Journal(root / KIND, lost.append)
    first = journal.append([stored(0)])
    while journal.folder.stat().st_nlink and not segments_in(root / KIND):
        time.sleep(0.01)
    taken = [journal.add([stored(n)]) for n in range(1, 7)]
    assert taken == [True] * 3 + [False] * 3
    assert not first.done(), "nobody was kept waiting, and nobody promised anything"
    may_sync.set()
    journal.close()
    land_all(root, landing)
    assert landed_tracks(landing) == tracks(0, 1, 2, 3)
    assert lost == [1, 1, 1]


def test_what_nobody_waits_for_is_counted_where_the_disk_is_full(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    lost: list[int] = []
    journal = Journal(root / KIND, lost.append)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal_module, "sync_data", full)
        assert journal.add([stored(1), stored(2)])
        with pytest.raises(LandingError, match="No space left"):
            journal.append([stored(3)]).result(10)
    journal.close()
    assert sum(lost) == 2


def test_a_segment_that_cannot_be_landed_stays_and_other_kinds_go_on(root: Path, landing: Path):
    for kind in ("feedback", KIND):
        journal = Journal(root / kind)
        journal.append([stored(1)]).result(10)
        journal.close()
    landing.mkdir()
    (landing / "feedback").touch()
    done = land_all(root, landing)
    assert set(done.errors) == {"feedback"}
    assert landed_tracks(landing) == tracks(1)
    (landing / "feedback").unlink()
    assert not land_all(root, landing).errors
    assert landed_tracks(landing, "feedback") == tracks(1)


def test_whoever_is_forgotten_is_in_no_segment_also_not_in_one_that_is_written(
    root: Path, landing: Path
):
    left = Journal(root / KIND)
    left.append([stored(1, user="gone"), stored(2, user="stays")]).result(10)
    left.close()
    journal = Journal(root / KIND)
    journal.append([stored(3, user="gone"), stored(4, user="stays")]).result(10)
    before = asked_to_close(root)
    with pytest.raises(LandingError, match="does not close it"):
        forget_in_journals(root, "gone", 0.3)

    def serve() -> None:
        while asked_to_close(root) == before:
            time.sleep(0.01)
        time.sleep(0.2)
        journal.close_segment()

    before = asked_to_close(root)
    server = threading.Thread(target=serve)
    server.start()
    assert forget_in_journals(root, "gone", 10) == 1
    server.join()
    journal.close()
    assert b"gone" not in b"".join(path.read_bytes() for path in segments_in(root / KIND))
    land_all(root, landing)
    assert landed_tracks(landing) == tracks(2, 4)
    assert lander_module.held_in_journals(root) == (0, None)
