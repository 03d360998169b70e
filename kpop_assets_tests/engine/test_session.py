"""From settings to a session: what each engine needs, and one line where it is missing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.engine.cluster import driver_conf, read_conf_file, write_package
from kpop_assets.engine.jars import jars_conf
from kpop_assets.engine.jvm import is_running
from kpop_assets.engine.session import Engine, EngineError, open_session
from kpop_assets.settings import ENGINES, Settings, SettingsError, load_settings


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Java, whatever this one has."""
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "java" else which(name))


def message_of(settings: Settings) -> str:
    """The one line with which the engine of `settings` does not start."""
    with pytest.raises(EngineError) as caught:
        open_session(settings)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.mark.both_engines
def test_a_session_is_opened_once_and_counts_in_utc_with_strict_casts(
    spark: SparkSession, settings: Settings, engine: str
):
    assert Engine(settings).session() is spark
    assert spark.conf.get("spark.sql.session.timeZone") == "UTC"
    assert spark.conf.get("spark.sql.ansi.enabled") == "true"
    epoch = spark.sql("SELECT unix_timestamp(TIMESTAMP'2026-03-02 00:00:00') AS epoch").first()
    assert epoch.epoch == 1_772_409_600
    is_remote = type(spark).__module__.startswith("pyspark.sql.connect")
    assert is_remote == (engine == "sail")


@pytest.mark.both_engines
def test_a_bad_cast_is_an_error_and_not_null(spark: SparkSession):
    for broken in (F.lit("x").cast("bigint"), F.lit(2**40).cast("int")):
        with pytest.raises(Exception, match=r"(?i)cast"):
            spark.range(1).select(broken.alias("value")).collect()


@pytest.mark.usefixtures("no_java")
def test_spark_without_java_says_what_to_install_or_set(tmp_path: Path):
    message = message_of(Settings(tmp_path, engine="spark", spark_master="local[7]"))
    assert message == "engine spark needs Java 17: install it, or set KPOP_ENGINE=sail"


def test_a_jar_folder_without_jars_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    (tmp_path / "notes.txt").write_text("no jar")
    for folder in (tmp_path, tmp_path / "missing"):
        settings = Settings(
            tmp_path, engine="spark", spark_master="local[7]", spark_jars=str(folder)
        )
        message = message_of(settings)
        assert f"KPOP_SPARK_JARS={folder} holds no jar" in message


DELTA, STORAGE = "delta-spark_4.2_2.13-4.4.0.jar", "delta-storage-4.4.0.jar"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([DELTA], f"lacks {STORAGE}: docs/clusters.md"),
        ([STORAGE, "hadoop-aws-3.5.0.jar"], f"lacks {DELTA}: docs/clusters.md"),
        (["delta-spark_4.2_2.12-4.4.0.jar", STORAGE], "holds delta-spark_4.2_2.12-4.4.0.jar, of"),
        (["delta-spark_4.0_2.13-4.4.0.jar", DELTA, STORAGE], "delta-spark_4.0_2.13-4.4.0.jar, of"),
        (["delta-spark_2.13-3.3.0.jar", DELTA, STORAGE], "delta-spark_2.13-3.3.0.jar, of another"),
        ([DELTA, "io.delta_delta-storage-4.3.0.jar"], "delta-storage-4.3.0.jar, of another Delta"),
    ],
)
def test_a_jar_folder_that_does_not_fit_is_one_line_with_the_names(
    tmp_path: Path, names: list[str], said: str
):
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(EngineError) as caught:
        jars_conf(str(tmp_path), {})
    assert said in str(caught.value)
    assert DELTA in str(caught.value) or STORAGE in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("prefix", ["", "io.delta_"])
def test_jars_of_a_folder_or_coordinates_stand_beside_the_users_own(tmp_path: Path, prefix: str):
    jars = [tmp_path / f"{prefix}{name}" for name in (DELTA, STORAGE)]
    for jar in jars:
        jar.touch()
    theirs = {"spark.jars": "/a.jar", "spark.jars.packages": "g:a:1"}
    assert jars_conf(str(tmp_path), theirs) == {"spark.jars": f"/a.jar,{jars[0]},{jars[1]}"}
    coordinates = "io.delta:delta-spark_4.2_2.13:4.4.0"
    assert jars_conf("", theirs) == {"spark.jars.packages": f"g:a:1,{coordinates}"}
    assert jars_conf("", {}) == {"spark.jars.packages": coordinates}


@pytest.mark.spark_only
@pytest.mark.timeout(200)
def test_spark_starts_from_a_folder_of_jars_and_without_jars_says_so_in_one_line(
    spark: SparkSession, tmp_path: Path
):
    """In processes of their own: no cache and no registry for either."""
    jars = tmp_path / "jars"
    jars.mkdir()
    fetched = [Path(urlsplit(jar).path) for jar in spark.conf.get("spark.jars").split(",")]
    for jar in fetched:
        if jar.name.removeprefix("io.delta_") in (DELTA, STORAGE):
            shutil.copy(jar, jars)
    settings = tmp_path / "ivysettings.xml"
    settings.write_text(
        '<ivysettings><settings defaultResolver="none"/><resolvers><ibiblio name="none" '
        'm2compatible="true" root="http://127.0.0.1:1/"/></resolvers></ivysettings>'
    )
    conf = tmp_path / "spark.conf"
    conf.write_text(
        f"spark.jars.ivy {tmp_path / 'ivy'}\nspark.jars.ivySettings={settings}\n"
        "# small\nspark.driver.memory 1g\n"
    )
    code = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from delta import DeltaTable
from kpop_assets.lake.errors import EngineError
from kpop_assets.engine.cluster import driver_conf, read_conf_file, write_package
from kpop_assets.engine.jars import jars_conf
from kpop_assets.engine.jvm import is_running
from kpop_assets.engine.session import open_session
from kpop_assets.settings import Settings
try:
    spark = open_session(Settings(Path("x"), "spark", "local[1]", "", sys.argv[1], {str(conf)!r}))
    print("Delta:", DeltaTable.isDeltaTable(spark, "/nowhere"))
except EngineError as error:
    print(error)
"""
    said = [
        subprocess.run(
            [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True
        ).stdout
        for folder in (str(jars), "")
    ]
    assert said[0] == "Delta: False\n"
    assert "io.delta:delta-spark_4.2_2.13:4.4.0 cannot be had: no registry answers" in said[1]
    assert len(said[1].splitlines()) == 1
    assert not list((tmp_path / "ivy").rglob("*.jar"))


def test_settings_of_a_file_are_read_as_spark_does(tmp_path: Path):
    file = tmp_path / "spark.conf"
    file.write_text(
        "# a comment\n\nspark.executor.memory 2g\n  spark.a=b=c\nspark.b\t d e \nspark.c = f\n"
    )
    assert read_conf_file(str(file)) == {
        "spark.executor.memory": "2g",
        "spark.a": "b=c",
        "spark.b": "d e",
        "spark.c": "f",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"executor.memory 2g", "line 2 is no setting: write `spark.name value`"),
        (b"spark.hadoop.fs.s3a.secret.key=", "line 2 is no setting"),
        (b"spark.master yarn", "line 2 sets spark.master: set KPOP_SPARK_MASTER"),
        (b"spark.sql.session.timeZone=Asia/Seoul", "sets spark.sql.session.timeZone: remove it"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_bad_file_of_settings_is_one_line(
    tmp_path: Path, line: bytes, said: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    file = tmp_path / "spark.conf"
    file.write_bytes(b"# settings\n" + line + b"\n")
    message = message_of(
        Settings(tmp_path, engine="spark", spark_master="local[7]", spark_conf=str(file))
    )
    assert f"KPOP_SPARK_CONF={file}" in message
    assert said in message


def test_a_driver_is_on_loopback_or_where_it_reaches_the_master():
    loopback = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    assert driver_conf("local[*]") == driver_conf("local") == loopback
    assert driver_conf("yarn") == driver_conf("k8s://https://host:6443") == {}
    with socket.create_server(("127.0.0.1", 0)) as master:
        port = master.getsockname()[1]
        assert driver_conf(f"spark://127.0.0.1:1,127.0.0.1:{port}") == loopback
    with pytest.raises(EngineError, match="no Spark master answers at 127"):
        driver_conf("spark://127.0.0.1:1")


def test_whether_spark_runs_is_asked_of_every_thread(spark: SparkSession, engine: str):
    """By a name that PySpark keeps to itself: where it is gone, this fails."""
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(is_running).result() == is_running() == (engine == "spark")


# A Spark that its master or a long sleep of the machine stopped, then one whose JVM was killed. The
# two private names that jvm.py needs are met on the way.
STOPPED = """
import os, signal, subprocess, sys
from pathlib import Path
from kpop_assets.engine.session import open_session
from kpop_assets.lake.errors import EngineError
from kpop_assets.settings import Settings
settings = Settings(Path(sys.argv[1]), "spark", "local[1]")
first = open_session(settings)
assert open_session(settings) is first
first.sparkContext._jsc.sc().stop()
second = open_session(settings)
print(second is first, second.range(3).count(), second.conf.get("spark.sql.ansi.enabled"))
children = subprocess.check_output(["pgrep", "-P", str(os.getpid()), "java"], text=True).split()
print(len(children))
os.kill(int(children[0]), signal.SIGKILL)
os.waitpid(int(children[0]), 0)
try:
    open_session(settings)
except EngineError as error:
    print(error.may_pass, error)
"""


@pytest.mark.spark_only
@pytest.mark.timeout(120)
def test_a_spark_that_was_stopped_is_started_anew_and_a_dead_jvm_is_one_line(tmp_path: Path):
    words = [sys.executable, "-c", STOPPED, str(tmp_path)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    *said, gone = ran.stdout.splitlines() or [ran.stderr]
    assert said == ["False 3 true", "1"], ran.stderr
    assert gone.startswith("False the JVM of Spark has ended")


def test_the_package_that_is_shipped_works_without_the_repository(tmp_path: Path):
    """What executors import, from the archive alone and in another folder."""
    archive = write_package(tmp_path)
    code = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, {str(archive)!r})
from kpop_assets.bronze import bloom, line_frame
print(line_frame.__file__, bloom.__file__, sep="\\n")
"""
    run = subprocess.run(
        [sys.executable, "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == [
        f"{archive}/kpop_assets/bronze/{n}.py" for n in ("line_frame", "bloom")
    ]


@pytest.mark.timeout(30)
def test_a_server_that_does_not_answer_is_one_line_with_its_address_and_no_token(tmp_path: Path):
    # A port that nobody listens on: PySpark by itself would try for ten minutes.
    url = "sc://127.0.0.1:1/;token=secret"
    message = message_of(Settings(tmp_path, engine="connect", connect_url=url))
    assert "127.0.0.1:1" in message
    assert "secret" not in message


def test_the_environment_is_read_with_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert settings == Settings(home=tmp_path / "data", engine="sail", spark_master="local[*]")
    assert load_settings({"KPOP_ENGINE": "", "KPOP_HOME": "", "KPOP_SPARK_MASTER": ""}) == settings
    for name in ENGINES:
        url = "sc://host:15002"
        assert load_settings({"KPOP_ENGINE": name, "KPOP_CONNECT_URL": url}).engine == name


@pytest.mark.parametrize("name", ["Sail", "duckdb", " sail", "spark "])
def test_an_unknown_engine_is_named_with_those_there_are(name: str):
    with pytest.raises(SettingsError, match="use one of sail, spark, connect") as caught:
        load_settings({"KPOP_ENGINE": name})
    assert repr(name) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("url", ["", "http://host:15002", "host:15002"])
def test_connect_without_an_address_says_what_to_set(url: str):
    with pytest.raises(SettingsError, match="KPOP_CONNECT_URL=sc://host:port"):
        load_settings({"KPOP_ENGINE": "connect", "KPOP_CONNECT_URL": url})
