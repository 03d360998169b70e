"""From settings to a session: what each engine needs, and one line where it is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from kpop_assets.resources.spark import EngineError, EngineResource, open_session
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
    assert EngineResource.of(settings).spark_session is spark
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


def test_the_resource_carries_the_settings_and_starts_nothing(tmp_path: Path):
    settings = Settings(tmp_path, "connect", "local[3]", "sc://nowhere:1", "jars")
    assert EngineResource.of(settings).settings == settings


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
