"""A store whose data folder was moved: its addresses are brought to where it stands.

Belongs here: the one place that knows MLflow's tables; MLflow itself cannot be told of a move.
Does not belong here: anything else of the store (tracking.py).

Whoever forecasts finds models by the data folder alone (model_store.py). These addresses are for
MLflow, which would go on writing models to the old place.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

# Where MLflow 3.17 keeps addresses below an experiment's; the test of this module meets its tables.
_ADDRESSES = {
    "experiments": "artifact_location",
    "runs": "artifact_uri",
    "logged_models": "artifact_location",
}


def follow_move(database: Path, before: str, now: str) -> None:
    """Replace the beginning of every address, in one transaction.

    Args:
        database: MLflow's SQLite file.
        before: address of the folder of models, as the store knows it.
        now: where that folder is.

    Raises:
        sqlite3.Error: the file is locked for long, or its disk is full.
    """
    with closing(sqlite3.connect(database, timeout=30)) as store, store:
        for table, column in _ADDRESSES.items():
            store.execute(
                f"UPDATE {table} SET {column} = ? || substr({column}, ?)"  # noqa: S608 - names of this module
                f" WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                (now, len(before) + 1, before, len(before) + 1, f"{before}/"),
            )
