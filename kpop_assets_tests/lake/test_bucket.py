"""A lake in an S3 bucket, against moto's server over real HTTP.

moto asks for no credentials and is one process; wrong credentials, several machines and Spark are
tried against a real server by `python -m drills.object_store`.
"""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from deltalake import write_deltalake
from pyspark.sql import SparkSession

from app.notices import PageEnd
from app.snapshot import Snapshot
from kpop_assets.lake import staging
from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.foreign import bucket_error
from kpop_assets.lake.lake import ContractError, Lake
from kpop_assets.lake.log import newest_version
from kpop_assets.lake.place import Bucket, list_files, list_folders
from kpop_assets.settings import Settings, SettingsError, load_settings
from kpop_assets_tests.lake.kit import MARKS, day, marks, read_marks

needs_moto = pytest.mark.skipif(
    importlib.util.find_spec("moto") is None, reason="moto is not installed: an S3 server"
)
BUCKET = "kpop-test"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with an empty bucket."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (tmp_path_factory.mktemp("moto") / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    request = urllib.request.Request(f"{url}/{BUCKET}", method="PUT")
    urllib.request.urlopen(request, timeout=10).close()
    yield url
    server.terminate()
    server.wait()


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A prefix of the test's own."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    return Bucket(f"s3://{BUCKET}/{tmp_path.name}", tmp_path / "lake")


@pytest.fixture
def lake(bucket: Bucket, spark: SparkSession) -> Lake:
    """An empty lake in the bucket."""
    return Lake(bucket, lambda: spark)


@needs_moto
def test_days_are_replaced_and_read_like_in_a_folder(lake: Lake, spark: SparkSession):
    lake.replace_range(MARKS, day(1), day(3), marks(spark, [(1, "a", 1), (2, "b", 2)]))
    for _ in range(2):
        lake.replace_range(MARKS, day(2), day(3), marks(spark, [(2, "c", 3)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "c", 3)]
    assert lake.row_count(MARKS) == 2
    assert lake.newest_rows(MARKS) == [{"ingest_date": day(2), "name": "c", "mark_count": 3}]
    with pytest.raises(ContractError, match="outside the range"):
        lake.replace_range(MARKS, day(2), day(3), marks(spark, [(3, "d", 4)]))
    assert read_marks(lake) == [(1, "a", 1), (2, "c", 3)]
    # Locks are files of this machine; everything else is in the bucket.
    assert {path.name for path in lake.machine.iterdir()} == {".locks"}


@needs_moto
def test_a_clean_up_takes_what_earlier_versions_alone_name(lake: Lake, spark: SparkSession):
    for count in range(3):
        lake.replace_range(MARKS, day(1), day(2), marks(spark, [(1, "a", count)]))
    log = lake.location(MARKS) / "_delta_log"
    before = len(list_files(log))
    cleaned = lake.clean(MARKS, keep_hours=0)
    assert cleaned.data_files == 2
    assert cleaned.log_files >= before
    assert cleaned.size_bytes > 0
    assert f"{0:020}.json" not in {file.name for file in list_files(log)}
    assert read_marks(lake) == [(1, "a", 2)]
    assert lake.clean(MARKS, keep_hours=0).data_files == 0


@needs_moto
def test_staged_rows_are_in_the_bucket_and_go(
    lake: Lake, spark: SparkSession, monkeypatch: pytest.MonkeyPatch
):
    machine = lake.location(MARKS).machine  # type: ignore[union-attr]
    with lake.staged(marks(spark, [(1, "a", 1)])) as staged:
        assert staged.count() == 1
        assert len(list_folders(lake.root / ".staged")) == 1
        assert lake.sweep_staged() == 0
        monkeypatch.setattr(staging, "STAGED_SECONDS", -60)
        assert lake.sweep_staged() == 1
        assert list_folders(lake.root / ".staged") == {}
    assert not (machine / ".staged").exists()


@needs_moto
def test_the_viewer_sees_a_new_version(lake: Lake):
    folder = lake.location(MARKS)
    assert newest_version(folder) is None
    rows = MARKS.arrow_schema().empty_table()
    for number in range(2):
        write_deltalake(str(folder), rows, mode="append")
        assert newest_version(folder).number == number  # type: ignore[union-attr]


@needs_moto
def test_the_viewer_reads_rows_of_a_bucket(lake: Lake, spark: SparkSession):
    lake.replace_range(MARKS, day(1), day(3), marks(spark, [(1, "a", 1), (2, "b", 2)]))
    viewer = Snapshot(Settings(home=lake.machine.parent, lake_url=str(lake.root)))
    assert viewer.read(MARKS, day(2), columns=["name"])["name"].to_list() == ["b"]
    assert viewer.rows_by_day(MARKS) == {day(1): 1, day(2): 1}


@needs_moto
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9", "nobody answers"),
        ("AWS_ALLOW_HTTP", "false", "AWS_ALLOW_HTTP=true"),
        ("", "s3://no-such-bucket/x", "no such bucket"),
    ],
)
def test_a_bucket_that_cannot_be_had_is_one_line_at_once(
    bucket: Bucket,
    spark: SparkSession,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    says: str,
):
    if name:
        monkeypatch.setenv(name, value)
    place = bucket if name else Bucket(value, bucket.machine)
    lake, rows = Lake(place, lambda: spark), marks(spark, [(1, "a", 1)])
    started = time.monotonic()
    for ask in (
        lambda: lake.exists(MARKS),
        lambda: lake.read(MARKS, day(1), day(2)),
        lambda: lake.replace_range(MARKS, day(1), day(2), rows),
        lambda: lake.staged(rows).__enter__(),
    ):
        with pytest.raises(LakeError, match=says) as caught:
            ask()
        assert len(str(caught.value).splitlines()) == 1
    viewer = Snapshot(Settings(home=bucket.machine.parent, lake_url=place.url))
    with pytest.raises(PageEnd, match=r"notice\.no_bucket"):
        viewer.version(MARKS)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("403 Forbidden\n <Error><Code>SignatureDoesNotMatch</Code>", "AWS_SECRET_ACCESS_KEY"),
        ("403 Forbidden\n <Error><Code>InvalidAccessKeyId</Code>", "AWS_ACCESS_KEY_ID"),
        ("Error performing PUT http://169.254.169.254/latest/api/token", "no credentials"),
        ("Generic\n \x1b[31m↳\x1b[0m odd\n  \x1b[31m↳\x1b[0m thing", "Generic odd thing"),
    ],
)
def test_what_a_client_says_in_many_lines_is_one(said: str, meaning: str):
    text = str(bucket_error("s3://b/p", OSError(said)))
    assert text.startswith("s3://b/p")
    assert meaning in text
    assert "\n" not in text
    assert "\x1b" not in text


def test_the_settings_name_a_bucket_or_a_folder(tmp_path: Path):
    home = {"KPOP_HOME": str(tmp_path)}
    assert load_settings(home).lake == tmp_path / "lake"
    remote: Settings = load_settings(home | {"KPOP_LAKE_URL": "s3://some-bucket/a/b/"})
    assert remote.lake == Bucket("s3://some-bucket/a/b", tmp_path / "lake")
    assert remote.s3_region == "us-east-1"
    for wrong in ("bucket", "s3://", "s3://a b", "s3://UP/x", "s3://abc/../x", "/folder", "s3:x"):
        with pytest.raises(SettingsError, match="KPOP_LAKE_URL"):
            load_settings(home | {"KPOP_LAKE_URL": wrong})
