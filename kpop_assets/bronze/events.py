"""Parsed lines become events, duplicates or quarantined lines, and every one is accounted for.

Belongs here: which of several equal events is kept, and the account of a file's lines. Does not
belong here: what makes a line usable (parse.py).
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812

from kpop_assets.bronze.lines import LandingFile
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.matcher import tag_artists
from kpop_assets.contracts.bronze import EVENTS, FILES, QUARANTINE

KEY = ["ingest_date", "video_id", "observed_at"]
PLACE = ["ingest_date", "landing_file", "line_number"]


def select_events(parsed: DataFrame, catalog: Catalog) -> DataFrame:
    """Usable lines, the first of each (video_id, observed_at) by file and line, with artist."""
    usable = parsed.where(F.col("reason").isNull())
    return tag_artists(drop_repeats(usable), catalog).select(EVENTS.column_names)


def drop_repeats(events: DataFrame) -> DataFrame:
    """Of events with the same key, keep the first by file name and line number."""
    return events.join(_repeats(events), PLACE, "left_anti")


def select_quarantine(parsed: DataFrame) -> DataFrame:
    """Lines that cannot be used, as they came, with the reason."""
    return parsed.where(F.col("reason").isNotNull()).select(QUARANTINE.column_names)


def account_for_files(parsed: DataFrame, files: list[LandingFile]) -> DataFrame:
    """One row per landing file: its lines, and how many ended as what. Empty files count too."""
    rows = [(file.day, file.path.name, file.size_bytes) for file in files]
    known = parsed.sparkSession.createDataFrame(
        rows, "ingest_date date, landing_file string, size_bytes bigint"
    )
    usable = parsed.where(F.col("reason").isNull())
    by_file = ["ingest_date", "landing_file"]
    lines = parsed.groupBy(*by_file).agg(
        F.count("*").alias("line_count"), F.count("reason").alias("quarantine_count")
    )
    repeats = _repeats(usable).groupBy(*by_file).agg(F.count("*").alias("duplicate_count"))
    counted = known.join(lines, by_file, "left").join(repeats, by_file, "left").na.fill(0)
    events = F.col("line_count") - F.col("duplicate_count") - F.col("quarantine_count")
    return counted.withColumn("event_count", events).select(FILES.column_names)


def _repeats(events: DataFrame) -> DataFrame:
    """Places of all events but the first of each key, found on narrow rows.

    A window over whole rows gave the same and took twice as long: it sorted every column.
    """
    place = F.struct("landing_file", "line_number")
    keys = events.groupBy(*KEY).agg(
        F.count("*").alias("n"), F.min(place).alias("first"), F.collect_list(place).alias("places")
    )
    return (
        keys.where(F.col("n") > 1)
        .select("ingest_date", "first", F.explode("places").alias("place"))
        .where(F.col("place") != F.col("first"))
        .select("ingest_date", "place.landing_file", "place.line_number")
    )
