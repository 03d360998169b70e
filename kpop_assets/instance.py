"""The Dagster instance of the data folder: runs, schedules and logs of this product alone.

Belongs here: its folder, its configuration, and runs that were lost with their process. Does not
belong here: what is run (runner.py) or when (automation.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from kpop_assets.automation import ENGINE_POOL
from kpop_assets.settings import Settings, load_settings


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance below `settings.home`, configured by the project's `dagster.yaml`."""
    home = prepare_dagster_home(settings)
    os.environ["DAGSTER_HOME"] = str(home)
    with dg.DagsterInstance.get() as instance:
        # Dagster learns of a pool only after the first runs that need it, and starts those at once.
        instance.event_log_storage.initialize_concurrency_limit_to_default(ENGINE_POOL)
        fail_lost_runs(instance)
        yield instance


def prepare_dagster_home(settings: Settings) -> Path:
    """Create the instance's folder and bring its `dagster.yaml` up to date."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    source = Path(__file__).parents[1] / "dagster.yaml"
    (home / "dagster.yaml").write_bytes(source.read_bytes())
    return home


def fail_lost_runs(instance: dg.DagsterInstance) -> None:
    """Mark every started run as failed whose process is gone.

    Such a run would hold the engine's pool, and all others would wait for it: Dagster notices
    only the end of processes that a code server of its own has started and outlives.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])):
        logs = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        figures = [log.get_dagster_event().engine_event_data.metadata for log in logs]
        pids = {int(str(found["pid"].value)) for found in figures if "pid" in found}
        if pids and not any(_is_alive(pid) for pid in pids):
            instance.report_run_failed(run, "The process of this run is gone.")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # A killed process keeps its id until its parent, or init, has asked how it ended.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


if __name__ == "__main__":
    # For `make dev`: `dagster` itself wants the folder and its configuration to be there.
    with open_instance(load_settings()):
        pass
