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
from typing import NamedTuple

from kpop_assets.contracts.live import LIVE_DAYS, LIVE_EVENTS, LIVE_WINDOWS
from kpop_assets.contracts.live_plays import LIVE_PLAYS, LIVE_PLAYS_HOURLY
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


class Stream(NamedTuple):
    """A stream, and the tables that go with its checkpoints.

    Attributes:
        name: what its folder and its lock are called by.
        tables: in the order in which rows come to them.
    """

    name: str
    tables: tuple[Table, ...]


VIDEO_STREAM = Stream("", (LIVE_EVENTS, LIVE_WINDOWS, LIVE_DAYS))
PLAY_STREAM = Stream("-plays", (LIVE_PLAYS, LIVE_PLAYS_HOURLY))


def checkpoint_of(lake: Lake, table: Table, of: Stream = VIDEO_STREAM, source: str = "") -> str:
    """Where Spark keeps how far the query that fills `table` has come, from one source."""
    folder = lake.root / f"{_FOLDER}{of.name}" / _marker(lake, of).read_text()
    return for_engine(folder / f"{table.name}{source}")


def is_whole(lake: Lake, of: Stream = VIDEO_STREAM) -> bool:
    """Whether checkpoints and tables belong together: one without the other would lose rows."""
    return _marker(lake, of).exists() and all(map(lake.exists, of.tables))


def reset(lake: Lake, of: Stream = VIDEO_STREAM) -> None:
    """Drop the checkpoints and empty the live tables; the next start begins anew.

    Killed in between, it leaves no checkpoint in use, and then the next start begins with this.

    Raises:
        LakeError: a table cannot be written.
    """
    marker, folder = _marker(lake, of), lake.root / f"{_FOLDER}{of.name}"
    marker.unlink(missing_ok=True)
    for name in list_folders(folder):
        remove_folder(folder / name)
    for table in of.tables:
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
    for table in filter(lake.exists, VIDEO_STREAM.tables):
        clear_before(lake, table, day)
    if _marker(lake, VIDEO_STREAM).exists() and not lake.row_count(LIVE_EVENTS):
        with suppress(InUseError), alone(lake):
            reset(lake)


def alone(lake: Lake, of: Stream = VIDEO_STREAM) -> AbstractContextManager[None]:
    """Hold the stream's lock; InUseError if another process does."""
    return locked(lake.machine / ".locks", f"live/stream{of.name}", 0)


def clear_before(lake: Lake, table: Table, day: dt.date) -> None:
    """Remove the rows of the days before `day`, if there are any."""
    if any(file["ingest_date"] < day and file["row_count"] for file in lake.file_statistics(table)):
        nothing = lake.spark.createDataFrame([], spark_schema(table))
        lake.replace_range(table, EVER[0], day, nothing)


def _marker(lake: Lake, of: Stream) -> Path:
    return lake.machine / f".live-checkpoints{of.name}"
