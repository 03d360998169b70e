"""Dagster's runs and events in PostgreSQL: what is written down, refused, and kept."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml

from drills.postgres import find_binaries, running_postgres
from kpop_assets.operate.instance import open_instance, prepare_dagster_home
from kpop_assets.settings import Settings, SettingsError, load_settings
from kpop_assets_tests.operate.test_event_log import DAYS, KEYS, fill

SECRET = "postgresql+psycopg2://kpop:s3cret@127.0.0.1:1/dagster"
HAS_PACKAGE = importlib.util.find_spec("dagster_postgres") is not None
needs_package = pytest.mark.skipif(not HAS_PACKAGE, reason="extra `postgres` is not installed")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that what the product sets is taken back.
    monkeypatch.setenv("DAGSTER_HOME", "")


def test_the_address_is_never_shown_nor_written_down(settings: Settings):
    secret = replace(settings, dagster_db=SECRET)
    assert "s3cret" not in repr(secret)
    text = (prepare_dagster_home(secret) / "dagster.yaml").read_text()
    assert "s3cret" not in text
    assert yaml.safe_load(text)["storage"] == {
        "postgres": {"postgres_url": {"env": "KPOP_DAGSTER_DB"}}
    }


def test_without_an_address_it_is_sqlite_in_the_data_folder(settings: Settings):
    text = (prepare_dagster_home(settings) / "dagster.yaml").read_text()
    log = yaml.safe_load(text)["event_log_storage"]
    assert log["class"] == "BatchedEventLog"
    assert log["config"]["base_dir"] == str(settings.dagster_home / "history" / "runs")


@pytest.mark.parametrize("url", ["postgresql://kpop:s3cret@host/db", "sqlite:///s3cret"])
def test_another_kind_of_address_is_refused_without_showing_it(url: str):
    with pytest.raises(SettingsError, match=r"postgresql\+psycopg2://") as caught:
        load_settings({"KPOP_DAGSTER_DB": url})
    assert "s3cret" not in str(caught.value)


def test_a_missing_package_is_one_line(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with (
        pytest.raises(SettingsError, match=r"pip install 'kpop-assets\[postgres\]'"),
        open_instance(replace(settings, dagster_db=SECRET)),
    ):
        pass
    assert not settings.dagster_home.exists()


@needs_package
def test_a_server_that_does_not_answer_is_one_line(settings: Settings):
    with (
        pytest.raises(SettingsError, match="no connection") as caught,
        open_instance(replace(settings, dagster_db=SECRET)),
    ):
        pass
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def address() -> Iterator[str]:
    if find_binaries() is None:
        pytest.skip("PostgreSQL's server is not installed")
    with running_postgres(is_durable=False) as url:
        yield url


@needs_package
def test_a_real_server_keeps_the_days_of_a_range(
    settings: Settings, address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KPOP_DAGSTER_DB", address)
    there = replace(settings, dagster_db=address)
    with open_instance(there) as instance:
        fill(instance)
    with open_instance(there) as instance:
        assert [run.is_success for run in instance.get_runs()] == [True]
        assert instance.get_materialized_partitions(KEYS[0]) == set(DAYS)
    assert not list(settings.dagster_home.rglob("*.db"))
