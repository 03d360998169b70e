"""What a process loads: what it needs. Each name here takes longer to load than a day to fill."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FITS = ("mlflow", "sklearn", "scipy", "lightgbm", "skops")
DRAWS_OR_ASKS = ("streamlit", "httpx")
GRAPH = ("dagster", "sqlalchemy", "alembic")
ENGINE = ("pyspark", "pysail", "pandas", "numpy", "pyarrow", "polars", "deltalake")
RUN = """
import datetime as dt
from kpop_assets.operate.runner import materialize
from kpop_assets.settings import load_settings

day = dt.date(2026, 3, 2)
demo = {"source": "demo", "events_per_day": 20}
assert any(materialize(load_settings(), day, day, (), demo).rows.values())
"""


def loaded(code: str, home: Path, names: tuple[str, ...]) -> str:
    """Those of `names` that a process has loaded after `code`."""
    told = f"import sys\n{code}\nprint([name for name in {names} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", told],
        cwd=ROOT,
        env={**os.environ, "KPOP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("kpop_assets.cli.main", (*FITS, *DRAWS_OR_ASKS, *GRAPH, *ENGINE)),
        ("kpop_assets.definitions", (*FITS, *DRAWS_OR_ASKS)),
        ("bench.pipe_engine", (*FITS, *DRAWS_OR_ASKS, *GRAPH)),
    ],
)
def test_importing_loads_nothing_beyond_its_needs(
    module: str, names: tuple[str, ...], tmp_path: Path
):
    assert loaded(f"import {module}", tmp_path, names) == "[]"


def test_a_read_of_a_table_loads_no_engine_graph_or_pandas(tmp_path: Path):
    read = """
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.lake.rows import empty
assert empty(ARTIST_FEATURES).is_empty()
import kpop_assets.insights.ranking, kpop_assets.insights.outlook, kpop_assets.operate.export"""
    assert loaded(read, tmp_path, (*FITS, *DRAWS_OR_ASKS, *GRAPH, "pyspark", "pandas")) == "[]"


def test_a_run_of_days_without_files_on_a_fresh_home_loads_neither_engine_nor_graph(tmp_path: Path):
    run = """
from kpop_assets.cli.main import app
app(["run", "2026-03-02", "2026-03-02"], standalone_mode=False)"""
    assert loaded(run, tmp_path / "home", (*FITS, *DRAWS_OR_ASKS, *GRAPH, "pyspark")) == "[]"
    assert not (tmp_path / "home").exists()


def test_a_run_without_training_loads_nothing_that_fits_draws_or_asks(tmp_path: Path):
    assert loaded(RUN, tmp_path, (*FITS, *DRAWS_OR_ASKS)) == "[]"
