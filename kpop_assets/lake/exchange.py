"""Rows in parts: as many as there is work for.

Belongs here: how many parts that are, by engine. Does not belong here: by which columns rows are
handed out, which whoever needs them together says.
"""

from __future__ import annotations

import os

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.connect.session import SparkSession as ConnectSession


def part_count(session: SparkSession) -> int | None:
    """How many parts keep all cores busy; null where the engine plans that as it runs.

    Sail works on all parts of a step at once, and each takes its memory: more than there are cores
    are nothing but dearer.
    """
    return os.cpu_count() or 1 if isinstance(session, ConnectSession) else None


def hand_out(rows: DataFrame, *columns: str) -> DataFrame:
    """The rows, those of equal values together in one part.

    Without a number Sail makes as many parts as its input has files: the windows of 30 days took it
    twice the CPU in 60 parts that they take in two, and 400 MB more.
    """
    count = part_count(rows.sparkSession)
    return rows.repartition(count, *columns) if count else rows.repartition(*columns)
