"""The Dagster instance of the data folder: runs, schedules and logs of this product alone.

Belongs here: its folder and its configuration. Does not belong here: what is run (plan.py) or when
(wiring/schedules.py), and whether its process is still there (lost_runs.py).
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import sqlalchemy
from dagster_shared.check import CheckError
from filelock import FileLock
from sqlalchemy.exc import SQLAlchemyError

from kpop_assets.errors import KpopError
from kpop_assets.graph.policies import ENGINE_POOL
from kpop_assets.lake.foreign import first_line
from kpop_assets.lake.plain import plain_path
from kpop_assets.operate.event_log import BATCH_SIZE, BATCH_SIZE_VARIABLE
from kpop_assets.operate.lost_runs import fail_lost_runs, held_space
from kpop_assets.settings import Settings, SettingsError

CONNECT_SECONDS = 5
# Where Dagster itself puts its SQLite files, so that instances of before are read on.
_SQLITE = """
event_log_storage:
  # Writes the days of a range in one go: docs/backfill.md.
  module: kpop_assets.operate.event_log
  class: BatchedEventLog
  config:
    base_dir: {folder}
"""
# The address holds a password: it stays in the environment.
_POSTGRES = """
storage:
  postgres:
    postgres_url:
      env: KPOP_DAGSTER_DB
"""


class InstanceError(KpopError):
    """An instance that is there cannot be opened or read."""


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance below `settings.home`, configured by the project's `dagster.yaml`.

    Raises:
        SettingsError: `KPOP_DAGSTER_DB` names a server that cannot be used.
    """
    if settings.dagster_db:
        _check_database(settings.dagster_db)
    home = prepare_dagster_home(settings)
    # Dagster writes SQLite's addresses by hand, in which `?` and `%` mean something else.
    os.environ["DAGSTER_HOME"] = str(plain_path(home))
    os.environ.setdefault(BATCH_SIZE_VARIABLE, str(BATCH_SIZE))
    # Two processes that make the instance's databases at once break each other's.
    with FileLock(home / "opening.lock"):
        instance = dg.DagsterInstance.get()
        # Dagster learns of a pool only after the first runs that need it, and starts those at once.
        # To PostgreSQL it cannot be told twice: the second time breaks the transaction.
        known = {limit.name for limit in instance.event_log_storage.get_pool_limits()}
        if ENGINE_POOL not in known:
            instance.event_log_storage.initialize_concurrency_limit_to_default(ENGINE_POOL)
        fail_lost_runs(instance, home)
    with instance, held_space(home):
        yield instance


@contextmanager
def open_existing(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance as it stands: nothing is prepared, and no lost run is ended.

    Raises:
        InstanceError: it cannot be opened, or what is asked of it inside cannot be read.
    """
    home = settings.dagster_home
    place = str(plain_path(home))
    with _instance_errors(home), dg.DagsterInstance.from_config(place) as instance:
        yield instance


@contextmanager
def _instance_errors(home: Path) -> Iterator[None]:
    try:
        yield
    # Dagster reports a class that it cannot import as a failed check of its own.
    except (dg.DagsterError, CheckError, SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise InstanceError(
            f"the instance cannot be opened: {first_line(error)}",
            f"move {home} away: it holds runs and logs, no data",
        ) from error


def prepare_dagster_home(settings: Settings) -> Path:
    """Create the instance's folder and bring its `dagster.yaml` up to date.

    Raises:
        SettingsError: `KPOP_HOME` is no folder and cannot become one.
        OSError: the disk is full or not writable.
    """
    home = settings.dagster_home
    try:
        home.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        what = f"KPOP_HOME={settings.home} cannot be a folder: {error.strerror}"
        raise SettingsError(what, "name another") from error
    (home / "dagster.yaml").write_text(_configuration(settings), encoding="utf-8")
    return home


def is_up_to_date(settings: Settings) -> bool:
    """Whether the `dagster.yaml` that is there says what this version would write.

    Raises:
        InstanceError: it cannot be read.
    """
    with _instance_errors(settings.dagster_home):
        file = settings.dagster_home / "dagster.yaml"
        text = file.read_text(encoding="utf-8", errors="replace")
    return text == _configuration(settings)


def _configuration(settings: Settings) -> str:
    """The project's `dagster.yaml`, and where the instance of these settings keeps its records."""
    source = Path(__file__).parents[2] / "dagster.yaml"
    # A plain name needs no quoting in YAML.
    folder = plain_path(settings.dagster_home) / "history" / "runs"
    storage = _POSTGRES if settings.dagster_db else _SQLITE.format(folder=folder)
    return source.read_text(encoding="utf-8") + storage


def _check_database(url: str) -> None:
    """Raise SettingsError unless the server answers; the line never holds the address."""
    if importlib.util.find_spec("dagster_postgres") is None:
        raise SettingsError(
            "KPOP_DAGSTER_DB needs a package", "pip install 'kpop-assets[postgres]'"
        )
    try:
        limit = {"connect_timeout": CONNECT_SECONDS}
        engine = sqlalchemy.create_engine(url, connect_args=limit, poolclass=sqlalchemy.NullPool)
        engine.connect().close()
    except (SQLAlchemyError, ValueError) as error:
        reason = str(getattr(error, "orig", "") or "the address cannot be read").strip()
        raise SettingsError(
            f"KPOP_DAGSTER_DB: no connection ({reason.splitlines()[0]})",
            "start the server, correct the address, or unset it for SQLite",
        ) from error
