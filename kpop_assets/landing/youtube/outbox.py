"""Landing what a collection has read.

Belongs here: freezing records into batches and landing each as a file. Does not belong here: how
records came into the store (store.py) or how a landing file is written (landing/files.py).

The bytes of a frozen batch never change: the file of a batch that was landed and not marked,
because the process was killed in between, is recognised when the batch is landed again.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kpop_assets.landing.files import LandedFile, write_day
from kpop_assets.landing.youtube.schema import Database
from kpop_assets.landing.youtube.subscribers import Subscribers

_WAITING = "FROM record WHERE batch = ? AND day = ? AND line IS NOT NULL"


def land_records(database: Database, landing: Path) -> list[LandedFile]:
    """Land every record that is not landed yet: one file for each batch and Seoul day.

    Raises:
        LandingError: a file cannot be written; its records stay for the next time.
    """
    _freeze(database)
    landed = []
    for row in database.rows(
        "SELECT batch, day, max(observed_ms) AS newest FROM record"
        " WHERE line IS NOT NULL GROUP BY batch, day ORDER BY batch, day"
    ):
        key = (row["batch"], row["day"])
        lines = database.rows(f"SELECT line {_WAITING} ORDER BY video_id, observed_ms", *key)
        day = dt.date.fromisoformat(row["day"])
        file = write_day(landing, day, (line[0] for line in lines), row["newest"])
        with database.transaction() as store:
            store.execute("UPDATE record SET line = NULL WHERE batch = ? AND day = ?", key)
        landed += [file] if isinstance(file, LandedFile) else []
    return landed


def _freeze(database: Database) -> None:
    """Make one batch of the records that are in none, with what is known of their channels."""
    with database.transaction() as store:
        Subscribers(database).write_counts()
        batch = 1 + database.number("SELECT max(batch) FROM record")
        store.execute("UPDATE record SET batch = ? WHERE batch IS NULL", (batch,))
