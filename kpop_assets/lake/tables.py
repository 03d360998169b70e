"""What transforms and checks may ask of tables, whoever answers: the lake, or one step of a run.

Belongs here: the protocol. Does not belong here: who answers (lake.py, graph/step.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.contracts.table import Table
from kpop_assets.lake.place import Place


class Tables(Protocol):
    """Tables by day, read with an engine or without; `Lake` says what each method does."""

    @property
    def spark(self) -> SparkSession:
        """The engine's session."""

    def exists(self, table: Table) -> bool:
        """Whether the table has been created."""

    def read(self, table: Table, start: dt.date, end: dt.date) -> DataFrame:
        """Rows of the days [start, end)."""

    def stream(self, table: Table, start: dt.date, end: dt.date) -> DataFrame:
        """The same rows as a stream."""

    def arrow(
        self, table: Table, start: dt.date, end: dt.date, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """The same rows, read without the engine."""

    def newest_rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of the newest day that has any."""

    def scratch(self) -> AbstractContextManager[Place]:
        """A folder beside the tables, inside the block."""

    def staged(self, rows: DataFrame) -> AbstractContextManager[DataFrame]:
        """A frame that is computed once and read many times, inside the block."""
