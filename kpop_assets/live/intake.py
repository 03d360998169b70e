"""From landing files to `live/events`: the stream's first half.

Belongs here: which files a micro-batch holds, and their events. Does not belong here: what a line
means (bronze/) or what a window sums (open_windows.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from kpop_assets.bronze.account import select_rows
from kpop_assets.bronze.events import parse_events
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.contracts.live import LIVE_EVENTS
from kpop_assets.days import day_end
from kpop_assets.lake.lake import Lake
from kpop_assets.lake.place import for_engine
from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.found import LandingFile, find_files

_DAY = "/([0-9]{4}-[0-9]{2}-[0-9]{2})/[^/]+$"
# What the format has; the content is never asked for, and so not read.
_FILE = "path string, modificationTime timestamp, length bigint, content binary"
# Older than any landing file: Spark would pass over files that are a week older than the newest.
_ANY_AGE = "36500d"


def stream_paths(spark: SparkSession, landing: Path, since: dt.date) -> DataFrame:
    """Paths of landing files from the day `since` on, each once, as a stream."""
    files = (
        spark.readStream.format("binaryFile")
        .schema(_FILE)
        .option("pathGlobFilter", "*.json")
        .option("maxFileAge", _ANY_AGE)
        # The inbox and other kinds are folders of landing too, but no days.
        .load(f"{for_engine(landing.absolute())}/[0-9]*-*-*")
    )
    day = F.try_to_date(F.regexp_extract("path", _DAY, 1))
    return files.select("path").where(day >= F.lit(since))


def take_in(lake: Lake, landing: Path, paths: Iterable[str], catalog: Catalog) -> int:
    """Add the usable events of landing files to `live/events`; those that are there stay.

    Returns:
        How many files there were.

    Raises:
        LandingError: a file cannot be read.
        LakeError: the table cannot be written.
    """
    files = files_of_paths(landing, paths)
    with lake.staged(parse_events(lake.spark, files, catalog)) as parsed:
        events = select_rows(parsed, EVENT_LINES).select(LIVE_EVENTS.column_names)
        lake.merge(LIVE_EVENTS, events, updates=False)
    return len(files)


def files_of_paths(landing: Path, paths: Iterable[str], kind: str = EVENTS) -> list[LandingFile]:
    """The same files as bronze finds them: a copy's lines have the time of the file it copies."""
    wanted = {(Path(path).parent.name, Path(path).name) for path in paths}
    days = sorted({dt.date.fromisoformat(day) for day, _ in wanted})
    found = [file for day in days for file in find_files(landing, day, day_end(day), kind)]
    return [file for file in found if (file.day.isoformat(), file.path.name) in wanted]
