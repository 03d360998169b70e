"""The landing folder: names, whole or nothing, the same bytes only once."""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import AlreadyLanded, LandedFile, StagedFile, write_day
from kpop_assets.landing.folders import epoch_ms_in_name, list_days, list_landed
from kpop_assets.landing.leftovers import sweep_leftovers

DAY = dt.date(2025, 12, 28)
EPOCH_MS = 1_766_892_339_000


def everything_in(root: Path) -> list[str]:
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("events_1766892339.json", 1_766_892_339_000),
        ("events_1766892339123.json", 1_766_892_339_123),
        ("events_1766892339123_0123456789ab.json", 1_766_892_339_123),
        ("1766892339-part2.ndjson", 1_766_892_339_000),
        ("fetch.1766892339.json", 1_766_892_339_000),
        ("events_0000000001_1766892339.json", 1_766_892_339_000),
        ("events_17668923391.json", None),  # 11 digits
        ("events_176689233.json", None),
        ("events_1104537599.json", None),  # 2004
        ("events_4102444800.json", None),  # 2100
        ("events_20251228.json", None),
        ("events.json.1766892339", None),  # a suffix is no stem
        ("events.json", None),
        ("", None),
    ],
)
def test_epoch_in_a_file_name(name: str, expected: int | None):
    assert epoch_ms_in_name(name) == expected


@given(
    st.integers(1_104_537_600, 4_102_444_799), st.text("0123456789abcdef", min_size=12, max_size=12)
)
def test_our_own_names_give_their_epoch_back(seconds: int, digest: str):
    assert epoch_ms_in_name(f"events_{seconds}007_{digest}.json") == seconds * 1000 + 7


def test_lines_are_landed_under_epoch_and_digest(tmp_path: Path):
    data = b'{"a": 1}\n{"b": 2}\n'
    digest = hashlib.sha256(data).hexdigest()
    landed = write_day(tmp_path, DAY, [b'{"a": 1}', b'{"b": 2}\n'], EPOCH_MS)
    path = tmp_path / "2025-12-28" / f"events_{EPOCH_MS}_{digest[:12]}.json"
    assert landed == LandedFile(path, DAY, EPOCH_MS, 2, len(data), digest)
    assert path.read_bytes() == data
    assert everything_in(tmp_path) == ["2025-12-28", f"2025-12-28/{path.name}"]


@given(st.lists(st.binary(min_size=1).filter(lambda b: b"\n" not in b), min_size=1))
def test_every_line_is_kept(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]):
    landed = write_day(tmp_path_factory.mktemp("landing"), DAY, lines, EPOCH_MS)
    assert isinstance(landed, LandedFile)
    assert landed.path.read_bytes() == b"\n".join(lines)
    assert landed.line_count == len(lines)


def test_the_same_bytes_are_not_landed_again(tmp_path: Path):
    first = write_day(tmp_path, DAY, [b"x\n"], EPOCH_MS)
    assert isinstance(first, LandedFile)
    before = first.path.stat()
    again = write_day(tmp_path, DAY, [b"x\n"], EPOCH_MS + 5)
    assert again == AlreadyLanded(first.path, first.digest)
    assert list_landed(tmp_path, DAY) == [first.path]
    assert first.path.stat() == before


def test_the_same_bytes_under_another_collectors_name_are_recognised(tmp_path: Path):
    theirs = tmp_path / "2025-12-28" / "events_1766892339.json"
    theirs.parent.mkdir()
    theirs.write_bytes(b"x\n")
    (theirs.parent / "same_size.json").write_bytes(b"y\n")
    again = write_day(tmp_path, DAY, [b"x\n"], EPOCH_MS)
    assert isinstance(again, AlreadyLanded)
    assert again.path == theirs


def test_days_and_files_are_listed_in_order(tmp_path: Path):
    for name in (
        "2025-01-02",
        "2024-12-31",
        "20250103",
        "2025-W01-1",
        "inbox",
        "2025-13-01",
        "empty",
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.json").touch()
        (tmp_path / name / "a.json").touch()
        (tmp_path / name / ".c.json").touch()
        (tmp_path / name / "d.json.tmp").touch()
        (tmp_path / name / "e.json").mkdir()
    (tmp_path / "2025-01-09").mkdir()
    (tmp_path / "2025-01-08").touch()
    assert list_days(tmp_path) == [dt.date(2024, 12, 31), dt.date(2025, 1, 2)]
    assert [p.name for p in list_landed(tmp_path, dt.date(2025, 1, 2))] == ["a.json", "b.json"]
    assert list_landed(tmp_path, dt.date(2025, 1, 3)) == []
    assert list_days(tmp_path / "not yet") == []


def test_a_root_that_is_a_file_is_one_clear_line(tmp_path: Path):
    (tmp_path / "landing").touch()
    with pytest.raises(LandingError, match=r"cannot create .*landing.*check the path"):
        write_day(tmp_path / "landing", DAY, [b"x"], EPOCH_MS)
    with pytest.raises(LandingError, match="cannot list"):
        list_days(tmp_path / "landing")


def test_an_impossible_epoch_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="2005 to 2099"):
        write_day(tmp_path, DAY, [b"x"], 1_766_892_339)
    assert everything_in(tmp_path) == []


def test_nothing_is_left_when_the_lines_fail(tmp_path: Path):
    def lines() -> Iterator[bytes]:
        yield b"x" * (9 << 20)  # enough to be on the disk before the failure
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_day(tmp_path, DAY, lines(), EPOCH_MS)
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("method", ["replace", "open"])
def test_nothing_is_left_when_the_disk_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
):
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, method, fail)
        with pytest.raises(LandingError, match=r"No space left on device: free disk space") as info:
            write_day(tmp_path, DAY, [b"x\n"], EPOCH_MS)
    assert "\n" not in str(info.value)
    assert str(tmp_path) in str(info.value)
    assert everything_in(tmp_path) == []


def test_a_full_disk_for_real(tmp_path: Path):
    """A process that may write no file above 1 MB, as a full disk would have it."""
    code = f"""
import datetime as dt, pathlib, resource
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.files import write_day
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    day = dt.date(2025, 12, 28)
    write_day(pathlib.Path({str(tmp_path)!r}), day, [b"x" * (3 << 20)], {EPOCH_MS})
except LandingError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "File too large: free disk space" in done.stdout
    assert everything_in(tmp_path) == []


def test_a_kill_in_the_middle_leaves_nothing_a_reader_sees(tmp_path: Path):
    code = f"""
import datetime as dt, os, pathlib, signal
from kpop_assets.landing.files import write_day
def lines():
    yield b"x" * (9 << 20)
    os.kill(os.getpid(), signal.SIGKILL)
write_day(pathlib.Path({str(tmp_path)!r}), dt.date(2025, 12, 28), lines(), {EPOCH_MS})
"""
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9
    assert list_days(tmp_path) == []
    assert all(p.name.startswith(".") for p in (tmp_path / "2025-12-28").iterdir())
    assert isinstance(write_day(tmp_path, DAY, [b"x"], EPOCH_MS), LandedFile)
    assert list_days(tmp_path) == [DAY]


def test_what_a_killed_writer_left_is_swept_a_day_later(tmp_path: Path):
    write_day(tmp_path, DAY, [b"x"], EPOCH_MS)
    (landed,) = list_landed(tmp_path, DAY)
    old, running = landed.with_name(".events_1_a.part"), landed.with_name(".events_1_b.part")
    for path, age in ((old, 25 * 3600), (running, 60), (landed, 25 * 3600)):
        path.touch()
        changed = path.stat().st_mtime - age
        os.utime(path, (changed, changed))
    write_day(tmp_path, DAY, [b"y"], EPOCH_MS)
    assert not old.exists()
    assert running.exists() and landed.exists()
    with pytest.raises(ValueError, match="only hidden"):
        sweep_leftovers(tmp_path, "*.json")


def test_a_staged_file_counts_lines_over_flushes(tmp_path: Path):
    staged = StagedFile(tmp_path / ".x.part")
    for block in (b"a\nb", b"", b"c\n", b"d"):
        staged.add(block)
        staged.flush()
    assert staged.path.read_bytes() == b"a\nb\nc\nd"
    assert staged.line_count == 4
    staged.discard()
    staged.discard()
    assert everything_in(tmp_path) == []
