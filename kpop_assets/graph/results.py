"""The result of one table that was written: checks of the days, and what there is to look at.

Belongs here: putting the two together. Does not belong here: a check (checks.py), or the figures
shown (figures.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import dagster as dg

from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import check_contract
from kpop_assets.graph.figures import run_metadata
from kpop_assets.lake.lake import Lake, Written


def outcome(
    lake: Lake,
    table: Table,
    written: Written,
    days: tuple[dt.date, dt.date],
    order_by: str,
    more_checks: Sequence[dg.AssetCheckResult] = (),
    **figures: Any,
) -> dg.MaterializeResult:
    """The result of one table: checks of the written days, and metadata to look at and plot."""
    return dg.MaterializeResult(
        asset_key=table.path.split("/"),
        metadata=run_metadata(lake, table, written, days, order_by, **figures),
        check_results=[*check_contract(lake, table, *days), *more_checks],
    )
