"""What came of each experiment, by its newest day.

Belongs here: reading the results without an engine. Does not belong here: what is worked out
(experiments/) or shown (cli/, the viewer).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from kpop_assets.contracts.experiments import EXPERIMENT_RESULTS
from kpop_assets.days import day_end
from kpop_assets.experiments.plan_faults import CONTROL
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader


def read_findings(lake: LakeReader, day: dt.date | None = None) -> pl.DataFrame:
    """Rows of each experiment on its newest day, up to a day where one is named.

    Returns:
        The contract's columns; the experiment that ends last first, its primary metric first.

    Raises:
        MissingTableError: the table is not written, or no experiment ran by then.
    """
    rows = lake.rows(EXPERIMENT_RESULTS, None, day_end(day) if day else None)
    if rows.is_empty():
        raise MissingTableError(
            "no experiment has a result yet",
            "put a plan into KPOP_HOME/experiments/ (docs/experiments.md) and run its days",
        )
    newest = rows.filter(pl.col("ingest_date") == pl.col("ingest_date").max().over("experiment"))
    return newest.sort(
        *("end_date", "experiment", "is_primary", "metric"),
        pl.col("variant") != CONTROL,
        "variant",
        descending=[True, False, True, False, False, False],
    )
