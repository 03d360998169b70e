"""The stream's checkpoints, and the tables that go with them.

Belongs here: where they are, whether they still belong together, and the one function that resets
them. Does not belong here: what is streamed (stream.py).

A small file of this machine names the folder of checkpoints that is in use. It is written last and
removed first, so that there is never a checkpoint in use whose tables were not emptied for it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from kpop_assets.contracts.live import LIVE_EVENTS
from kpop_assets.contracts.registry import LIVE_TABLES
from kpop_assets.contracts.table import Table
from kpop_assets.days import FIRST_DAY
from kpop_assets.lake.errors import InUseError
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.lock import locked
from kpop_assets.lake.place import for_engine, list_folders, remove_folder
from kpop_assets.lake.schemas import spark_schema

# No ingest date lies before the first partition, none after what a line may claim.
EVER = (FIRST_DAY, dt.date(2100, 1, 1))
_FOLDER = ".checkpoints"


def checkpoint_of(lake: Lake, table: Table) -> str:
    """Where Spark keeps how far the query that fills `table` has come."""
    return for_engine(lake.root / _FOLDER / _marker(lake).read_text() / table.name)


def is_whole(lake: Lake) -> bool:
    """Whether checkpoints and tables belong together: one without the other would lose rows."""
    return _marker(lake).exists() and all(map(lake.exists, LIVE_TABLES))


def reset(lake: Lake) -> None:
    """Drop the checkpoints and empty the live tables; the next start begins anew.

    Killed in between, it leaves no checkpoint in use, and then the next start begins with this.

    Raises:
        LakeError: a table cannot be written.
    """
    marker = _marker(lake)
    marker.unlink(missing_ok=True)
    for name in list_folders(lake.root / _FOLDER):
        remove_folder(lake.root / _FOLDER / name)
    for table in LIVE_TABLES:
        lake.ensure(table)
        clear_before(lake, table, EVER[1])
    marker.parent.mkdir(parents=True, exist_ok=True)
    written = marker.with_suffix(".part")
    written.write_text(uuid.uuid4().hex)
    written.replace(marker)


def forget(lake: Lake, day: dt.date) -> None:
    """Remove what the stream keeps of the days before `day`; with its state, if that is all.

    The state holds ids of videos and channels of windows that are open. A stream that runs keeps
    its own: it removes old days, and Spark old state.

    Raises:
        LakeError: a table cannot be written.
    """
    for table in filter(lake.exists, LIVE_TABLES):
        clear_before(lake, table, day)
    if _marker(lake).exists() and not lake.row_count(LIVE_EVENTS):
        with suppress(InUseError), alone(lake):
            reset(lake)


def alone(lake: Lake) -> AbstractContextManager[None]:
    """Hold the stream's lock; InUseError if another process does."""
    return locked(lake.machine / ".locks", "live/stream", 0)


def clear_before(lake: Lake, table: Table, day: dt.date) -> None:
    """Remove the rows of the days before `day`, if there are any."""
    if any(file["ingest_date"] < day and file["row_count"] for file in lake.file_statistics(table)):
        nothing = lake.spark.createDataFrame([], spark_schema(table))
        lake.replace_range(table, EVER[0], day, nothing)


def _marker(lake: Lake) -> Path:
    return lake.machine / ".live-checkpoints"
