"""Parsed lines become events, duplicates or quarantined lines, and every one is accounted for.

Belongs here: which of several equal events is kept, and the account of a file's lines. Does not
belong here: what makes a line usable (parse.py).
"""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.matcher import tag_artists
from kpop_assets.contracts.bronze import EVENTS, FILES, QUARANTINE
from kpop_assets.landing.found import LandingFile

KEY = ["ingest_date", "video_id", "observed_at"]
PLACE = ["ingest_date", "landing_file", "line_number"]


def select_events(parsed: DataFrame, catalog: Catalog) -> DataFrame:
    """Usable lines, the first of each (video_id, observed_at) by file and line, with artist."""
    usable = parsed.where(F.col("reason").isNull())
    return tag_artists(drop_repeats(usable), catalog).select(EVENTS.column_names)


def drop_repeats(events: DataFrame) -> DataFrame:
    """Of events with the same key, keep the first by file name and line number."""
    # Sail builds its hash table of the left side: with the few repeats there it took 500 MB less
    # per million events than an anti join with the events there.
    repeats = _repeats(events).withColumn("is_repeat", F.lit(True))
    kept = repeats.join(events, PLACE, "right").where(F.col("is_repeat").isNull())
    return kept.select(events.columns)


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
    """Places of all events but the first of each key.

    Repeats are few, so only events whose key occurs twice are put in order: sorting all of them,
    or taking the least struct of a group, took several times as long.
    """
    key = F.xxhash64(*KEY).alias("key")
    narrow = events.select(*KEY, "landing_file", "line_number", key)
    again = narrow.groupBy("key").agg(F.count("*").alias("n")).where(F.col("n") > 1)
    order = Window.partitionBy(*KEY).orderBy("landing_file", "line_number")
    return (
        narrow.join(again, "key", "left_semi")
        .withColumn("place", F.row_number().over(order))
        .where(F.col("place") > 1)
        .select(PLACE)
    )
