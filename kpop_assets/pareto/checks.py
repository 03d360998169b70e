"""What must hold of the choice among candidates.

Belongs here: checks of single days. Does not belong here: what every contract implies
(graph/checks.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg

from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import result
from kpop_assets.lake.frames import read_pandas
from kpop_assets.lake.tables import Tables


def one_best(tables: Tables, table: Table, start: dt.date, end: dt.date) -> dg.AssetCheckResult:
    """Each training day with scores has exactly one best candidate."""
    rows = read_pandas(tables, table, start, end)
    bests = rows.groupby("ingest_date")["is_best"].sum()
    return result(table, "one_best", bests.eq(1).all(), best_counts=bests.tolist())
