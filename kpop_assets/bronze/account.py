"""Parsed lines become rows, duplicates or quarantined lines, and every one is accounted for.

Belongs here: which of several equal lines is kept, and the account of a file's lines, for any
kind. Does not belong here: what makes a line usable (parse.py).
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from kpop_assets.contracts.record import Record
from kpop_assets.landing.found import LandingFile

PLACE = ["ingest_date", "landing_file", "line_number"]
_OF_VALUES = ("hidden_count", "unusable_count")


def select_rows(parsed: DataFrame, record: Record) -> DataFrame:
    """Usable lines, one of each key: see `_repeats`."""
    rows = parsed.where(F.col("reason").isNull())
    # Sail builds its hash table of the left side: with the few repeats there it took 500 MB less
    # per million events than an anti join with the events there.
    repeats = _repeats(rows, record).withColumn("is_repeat", F.lit(True))
    kept = repeats.join(rows, PLACE, "right").where(F.col("is_repeat").isNull())
    return kept.select(record.rows.column_names)


def select_quarantine(parsed: DataFrame, record: Record) -> DataFrame:
    """Lines that cannot be used, as they came, with the reason."""
    return parsed.where(F.col("reason").isNotNull()).select(record.quarantine.column_names)


def account_for_files(parsed: DataFrame, files: list[LandingFile], record: Record) -> DataFrame:
    """One row per landing file: its lines, and how many ended as what. Empty files count too."""
    rows = [(file.day, file.path.name, file.size_bytes) for file in files]
    known = parsed.sparkSession.createDataFrame(
        rows, "ingest_date date, landing_file string, size_bytes bigint"
    )
    usable = parsed.where(F.col("reason").isNull())
    by_file = ["ingest_date", "landing_file"]
    lines = parsed.groupBy(*by_file).agg(
        F.count("*").alias("line_count"),
        F.count("reason").alias("quarantine_count"),
        *(F.sum(F.when(F.col("reason").isNull(), F.col(name))).alias(name) for name in _OF_VALUES),
    )
    repeats = (
        _repeats(usable, record)
        .groupBy(*by_file)
        .agg(F.count("*").alias("duplicate_count"), F.sum("differs").alias("differing_count"))
    )
    counted = known.join(lines, by_file, "left").join(repeats, by_file, "left").na.fill(0)
    kept = F.col("line_count") - F.col("duplicate_count") - F.col("quarantine_count")
    return counted.withColumn("event_count", kept).select(record.files.column_names)


def _repeats(rows: DataFrame, record: Record) -> DataFrame:
    """Places of all rows but one of each key, and whether they differ from it (`differs`, 0 or 1).

    That one has the greatest value of what decides (`Record.greatest`): within a snapshot the
    higher counter is the later. Among equal ones it is the first by file name and line number; of
    a kind whose words are edited (`Record.latest`) the one with the latest time, then the last
    line, and what says anything else differs.

    Repeats are few, so only rows whose key occurs twice are put in order: sorting all of them,
    or taking the least struct of a group, took several times as long.
    """
    names = list(record.rows.primary_key)
    key = F.xxhash64(*names).alias("key")
    narrow = rows.select(*names, "landing_file", "line_number", key, *_deciding(record))
    again = narrow.groupBy("key").agg(F.count("*").alias("n")).where(F.col("n") > 1)
    of_key = Window.partitionBy(*names)
    order = of_key.orderBy(F.desc_nulls_last("greatest"), *_ties(record))
    of_kept = F.first("said").over(order) if record.latest else F.max("greatest").over(of_key)
    differs = ~F.col("said" if record.latest else "greatest").eqNullSafe(of_kept)
    return (
        narrow.join(again, "key", "left_semi")
        .withColumn("place", F.row_number().over(order))
        .withColumn("differs", F.when(differs, 1).otherwise(0))
        .where(F.col("place") > 1)
        .select(*PLACE, "differs")
    )


def _deciding(record: Record) -> list[Column]:
    """What is asked of a row to put those of one key in order, and to tell whether they differ."""
    column = next((f.column_name for f in record.fields if f.name == record.greatest), None)
    greatest = (F.col(column) if column else F.lit(None).cast("bigint")).alias("greatest")
    if not record.latest:
        return [greatest]
    times = [F.col(f.column_name) for f in record.fields if f.name in record.latest]
    # Nulls leave no trace in a hash: without a sign a text that moves to the next column is equal.
    said = [
        F.coalesce(F.col(field.column_name).cast("string"), F.lit("\0"))
        for field in record.fields
        if field.type != "instant" and not field.is_side
    ]
    latest = F.greatest(*times) if len(times) > 1 else times[0]
    return [greatest, latest.alias("latest"), F.xxhash64(*said).alias("said")]


def _ties(record: Record) -> list[Column]:
    """In which order rows stand that are equal by what decides."""
    if not record.latest:
        return [F.asc("landing_file"), F.asc("line_number")]
    return [F.desc_nulls_last("latest"), F.desc("landing_file"), F.desc("line_number")]
