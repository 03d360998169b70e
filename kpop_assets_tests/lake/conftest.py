"""A lake with rows that tests share."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from kpop_assets.lake.lake import Lake
from kpop_assets_tests.lake.kit import MARKS, day, marks


@pytest.fixture(scope="module")
def filled(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with days 1 to 3 of `MARKS`; tests that share it leave it as it is."""
    lake = Lake(tmp_path_factory.mktemp("filled"), lambda: spark, lock_seconds=5)
    rows = marks(spark, [(1, "a", 1), (2, "b", None), (2, "c", 3), (3, "d", 4)])
    lake.replace_range(MARKS, day(1), day(4), rows, run_id="run-7")
    return lake
