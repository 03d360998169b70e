"""What systems, databases and engines say, as our own errors: each is made to say it."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.errors import KpopError, from_mark
from kpop_assets.lake.errors import ContractError, DamagedTableError, InUseError, LakeError
from kpop_assets.lake.foreign import disk_error, translated
from kpop_assets.lake.lake import Lake
from kpop_assets.landing.errors import LandingError
from kpop_assets_tests.lake.kit import MARKS, data_files, day, marks


def full(path: Path) -> None:
    store = sqlite3.connect(path)
    store.execute("CREATE TABLE t (x)")
    store.execute("PRAGMA max_page_count = 3")
    store.execute("INSERT INTO t VALUES (zeroblob(1000000))")


def read_only(path: Path) -> None:
    sqlite3.connect(path).execute("CREATE TABLE t (x)").connection.commit()
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    store.execute("INSERT INTO t VALUES (1)")


def failing(_: Path) -> None:
    error = sqlite3.OperationalError("in other words")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    raise error


def no_table(path: Path) -> None:
    sqlite3.connect(path).execute("SELECT * FROM t")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (full, "no space left on /home: free some and run again"),
        (read_only, "/home is not writable: check its owner and permissions"),
        (failing, "/home is full or fails: free some space, check the disk, and run again"),
        (no_table, None),
    ],
)
def test_sqlites_code_says_what_to_do(tmp_path: Path, act: Callable[[Path], None], said: str):
    with pytest.raises(sqlite3.Error) as caught:
        act(tmp_path / "store.db")
    found = disk_error(caught.value, "/home")
    assert (found and str(found)) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "no space left on /d/a: free some and run again"),
        (errno.EDQUOT, "no space left on /d/a: free some and run again"),
        (errno.EROFS, "/d/a is not writable: check its owner and permissions"),
        (errno.EACCES, "/d/a is not writable: check its owner and permissions"),
        (errno.ENOENT, None),
    ],
)
def test_the_systems_code_says_what_to_do_in_any_language(code: int, said: str | None):
    found = disk_error(OSError(code, "Kein Platz", "/d/a"), "/home")
    assert (found and str(found)) == said


def test_an_error_is_known_by_what_it_follows_from():
    outer = RuntimeError("a wrapper")
    outer.__cause__ = OSError(errno.ENOSPC, "full", "/d/a")
    assert str(translated(outer)).startswith("no space left on /d/a")
    outer.__cause__ = InUseError("the table is being written", "wait")
    assert translated(outer) is outer.__cause__
    assert translated(ValueError("a defect")) is None


def test_what_is_denied_is_not_tried_again():
    for error in (
        PermissionError(errno.EACCES, "Permission denied", "/d/a"),
        RuntimeError("Generic LocalFileSystem error: Permission denied (os error 13)"),
        RuntimeError("java.io.FileNotFoundException: /d/a/part.parquet (Permission denied)"),
        RuntimeError("PermissionError: [Errno 13] Permission denied: '/d/a'"),
    ):
        found = translated(error, "/d/a")
        assert found and (found.what, found.may_pass) == ("/d/a is not writable", False), error
    found = translated(OSError(errno.ENOSPC, "full", "/d/a"))
    assert found and found.may_pass


def test_who_loses_against_another_machine_runs_again(tmp_path: Path):
    write_deltalake(tmp_path, pa.table({"a": [1, 2]}))
    late = DeltaTable(tmp_path)
    DeltaTable(tmp_path).delete("a = 1")
    with pytest.raises(CommitFailedError) as caught:
        late.delete("a = 1")
    java = (
        "io.delta.exceptions.ConcurrentAppendException: [DELTA_CONCURRENT_APPEND] files were added",
        "io.delta.exceptions.ConcurrentDeleteReadException: a file was deleted",
        "org.apache.spark.sql.delta.ConcurrentWriteException: a concurrent write",
    )
    for error in (
        caught.value,
        CommitFailedError("in other words"),
        # As Sail passes it on.
        RuntimeError(f"external error: {caught.value}"),
        *map(RuntimeError, java),
    ):
        found = translated(error)
        assert found and str(found) == "another machine wrote it meanwhile: run again", error
        assert found.may_pass


@pytest.mark.parametrize(
    "text",
    [
        "NullPointerException at java.util.concurrent.ConcurrentHashMap.computeIfAbsent",
        "java.util.ConcurrentModificationException",
        "Concurrent requests exceed the limit",
        "MyConcurrentAppendExceptions",
        "git@github.com: Permission denied (publickey).",
        "403 Permission denied on resource project",
    ],
)
def test_words_that_resemble_a_conflict_or_a_refusal_are_a_defect(text: str):
    assert translated(RuntimeError(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "invalid argument: session 321d5d73-f7fd-4256-91e2-59fda18e290a is not running",
        "[INVALID_HANDLE.SESSION_CLOSED] The handle 321d5d73 is invalid. Session was closed.",
        "[INVALID_HANDLE.SESSION_NOT_FOUND] The handle 321d5d73 is invalid. Session not found.",
        "Received incorrect server side session identifier for request. Please create a new one",
    ],
)
def test_a_session_that_the_engine_ended_is_named_and_tried_again(text: str):
    found = translated(RuntimeError(text))
    assert str(found) == "the engine ended the session while it was idle: run again"
    assert found and found.may_pass


# As a disk that is full: what an engine writes may have no more than so many bytes.
WRITES_LARGE = """
import resource, signal, sys
from pathlib import Path
from kpop_assets.engine.session import open_session
from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.lake import Lake
from kpop_assets.settings import Settings
home = Path(sys.argv[1])
session = open_session(Settings(home=home))
rows = session.range(1_000_000)
rows.count()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
try:
    Lake(home / "lake", lambda: session).staged(rows).__enter__()
except LakeError as error:
    print(error.what, error.way_out, error.may_pass, sep="|")
"""


def test_sail_on_a_full_disk_is_told_with_the_way_out(tmp_path: Path):
    ran = subprocess.run(
        [sys.executable, "-c", WRITES_LARGE, str(tmp_path)], capture_output=True, text=True
    )
    what, way_out, may_pass = ran.stdout.strip().split("|")
    assert what.startswith("staged rows was not written: no space left on ")
    assert (way_out, may_pass) == ("free some and run again", "True"), ran.stderr


@pytest.mark.both_engines
def test_a_damaged_file_is_named_by_every_engine(lake: Lake, spark: SparkSession):
    lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", 1)]))
    for path in lake.location(MARKS).rglob("ingest_date=*/*.parquet"):
        path.write_bytes(b"no Parquet" * (path.stat().st_size // 10 + 1))
    with pytest.raises(DamagedTableError, match="is damaged") as caught:
        try:
            lake.read(MARKS, day(1), day(2)).collect()
        except Exception as error:
            found = translated(error)
            assert found is not None, error
            raise found from error
    assert not caught.value.may_pass
    assert data_files(lake.location(MARKS))


@pytest.mark.both_engines
def test_an_own_error_comes_through_an_engine_as_it_was(spark: SparkSession):
    sent = ContractError("a row: lies 'outside'\n\"of\" the range, in 한국어", "mend: it")
    frame = spark.range(1).select(F.raise_error(F.lit(sent.mark())))
    with pytest.raises(Exception, match="kpop-error") as caught:
        frame.collect()
    found = translated(caught.value)
    assert type(found) is ContractError
    assert (found.what, found.way_out, found.may_pass) == (sent.what, sent.way_out, False)


def test_a_mark_keeps_class_words_and_whether_another_try_is_worth_it():
    for error in (LandingError("x", "y"), LakeError("x", may_pass=False), KpopError("x")):
        found = from_mark(f"many words {error.mark()} and more")
        assert type(found) is type(error)
        assert (found.what, found.way_out) == (error.what, error.way_out)
        assert found.may_pass == error.may_pass
    assert from_mark("no mark") is None
