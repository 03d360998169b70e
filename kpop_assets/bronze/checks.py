"""What must hold between the tables that a kind of landing line ends in.

Belongs here: the account of lines, day by day. Does not belong here: what every contract implies
(graph/checks.py).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg
from pyspark.sql import functions as F

from kpop_assets.contracts.record import Record
from kpop_assets.contracts.table import Table
from kpop_assets.graph.checks import Check, by_day, check_equal_by_day
from kpop_assets.lake.tables import Tables


def accounting_of(record: Record) -> Check:
    """Lines of the files against rows that stand in the tables, duplicates as counted."""

    def accounting(
        tables: Tables, table: Table, start: dt.date, end: dt.date
    ) -> dg.AssetCheckResult:
        rows, quarantine, files = (tables.read(one, start, end) for one in record.tables)
        ended = (
            rows.select("ingest_date", F.lit(1).alias("n"))
            .unionAll(quarantine.select("ingest_date", F.lit(1).alias("n")))
            .unionAll(files.select("ingest_date", F.col("duplicate_count").alias("n")))
        )
        lines_in = by_day(files.where("line_count > 0"), F.sum("line_count"))
        lines_out = by_day(ended.where("n > 0"), F.sum("n"))
        return check_equal_by_day(table, "accounting", lines_in, lines_out)

    return accounting
