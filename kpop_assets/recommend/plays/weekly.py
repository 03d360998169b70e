"""Filling training days of a step's table, and no other.

Belongs here: that a day which was decided stands. Does not belong here: which days are trained on
(graph/policies.py), or what is made of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import polars as pl

from kpop_assets.contracts.table import Table
from kpop_assets.graph.step import Step


def fill_decided(
    step: Step,
    table: Table,
    days: Sequence[dt.date],
    rows_of: Callable[[dt.date], pl.DataFrame],
) -> None:
    """Replace these days of a table that the step fills; the others stand as they are.

    Args:
        step: the step.
        table: the table.
        days: the training days.
        rows_of: gives the contract's columns of a day but for its date, in any order.
    """
    for day in days:
        step.fill(table, rows_of, day)
    if not days and step.exists(table):
        step.keep(table, step.start)
    elif not days:
        step.replace(table, [], step.start)
