"""What happened to acts: spikes, changes of tier, round numbers passed, videos that stand out.

Belongs here: finding them in the tables, newest first. Does not belong here: what a spike or a
milestone is (kpop_assets/insights/), their words (alerts.py beside this folder), or who watches.

The notices of `make dev` tell of the same spikes (wiring/watch.py); here they are found anew from
the tables, so that the viewer needs no Dagster and a day that was run again is told as it is now.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.queries.videos import find_titles, read_video_days
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import lens_rules, rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.milestones import find_milestones
from kpop_assets.insights.outlier_news import (
    NEWS_COLUMNS,
    OUTLIER_QUIET_DAYS,
    find_outlier_news,
)
from kpop_assets.lens.spikes import find_spikes

# For how long an alert is worth a line.
ALERT_DAYS = 28
# A day before the first is looked at to know what changed on it; collectors pause for some.
_BEFORE_DAYS = 7
SCHEMA = {
    "event_date": pl.Date,
    "kind": pl.String,
    "artist": pl.String,
    # Times the usual day of a spike; the tier; the number that was passed; an outlier's score.
    "value": pl.Float64,
    # The usual day of a spike; the tier before.
    "before": pl.Float64,
    "video_id": pl.String,
    "video_title": pl.String,
    # Of an outlier, as `lens/video_outliers` has it.
    "reason": pl.String,
}


@reads(ARTIST_FEATURES, ARTIST_DAILY, VIDEO_DAILY, EVENTS, VIDEO_OUTLIERS)
def list_alerts(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Alerts of the `ALERT_DAYS` days that end on a day: the columns of `SCHEMA`, newest first."""
    start = day_end(day) - dt.timedelta(days=ALERT_DAYS)
    found = [
        _spikes(snapshot, start, day),
        _tier_changes(snapshot, start, day),
        _milestones(snapshot, start, day),
        _outliers(snapshot, start, day),
    ]
    return pl.concat([_filled(rows) for rows in found]).sort(
        "event_date", "kind", "value", "artist", descending=[True, False, True, False]
    )


@reads(ARTIST_FEATURES, ARTIST_DAILY)
def list_changes(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Spikes and changes of tier of one day, in the columns of `SCHEMA`."""
    found = [_spikes(snapshot, day, day), _tier_changes(snapshot, day, day)]
    return pl.concat([_filled(rows) for rows in found]).sort(
        "kind", "value", "artist", descending=[False, True, False]
    )


def _spikes(snapshot: Snapshot, start: dt.date, day: dt.date) -> pl.DataFrame:
    if snapshot.version(ARTIST_DAILY) is None:
        return pl.DataFrame()
    # The oldest alert, the events that could reach into it, and their history.
    first = start - dt.timedelta(days=2 * lens_rules.REACH_DAYS)
    columns = ["ingest_date", "artist", "engagement", "held_count"]
    daily = snapshot.read(ARTIST_DAILY, first, day_end(day), columns)
    return (
        find_spikes(daily.with_columns(snapshot.present_name()))
        .filter(pl.col("event_date") >= start)
        .select(
            "event_date",
            pl.lit("spike").alias("kind"),
            "artist",
            pl.col("ratio").alias("value"),
            pl.col("usual_pace").alias("before"),
        )
    )


def _tier_changes(snapshot: Snapshot, start: dt.date, day: dt.date) -> pl.DataFrame:
    if snapshot.version(ARTIST_FEATURES) is None:
        return pl.DataFrame()
    first = start - dt.timedelta(days=_BEFORE_DAYS)
    columns = ["ingest_date", "artist", "tier"]
    tiers = snapshot.read(ARTIST_FEATURES, first, day_end(day), columns)
    is_better = pl.col("tier") < pl.col("before")
    return (
        tiers.with_columns(snapshot.present_name())
        .sort("artist", "ingest_date")
        .with_columns(pl.col("tier").shift(1).over("artist").alias("before"))
        .filter(pl.col("ingest_date") >= start, pl.col("tier") != pl.col("before"))
        .select(
            pl.col("ingest_date").alias("event_date"),
            pl.when(is_better).then(pl.lit("tier_up")).otherwise(pl.lit("tier_down")).alias("kind"),
            "artist",
            pl.col("tier").alias("value"),
            "before",
        )
    )


def _milestones(snapshot: Snapshot, start: dt.date, day: dt.date) -> pl.DataFrame:
    first = start - dt.timedelta(days=rules.WEEK_DAYS)
    columns = ["ingest_date", "artist", "video_id", "view_count"]
    rows = read_video_days(snapshot, first, day_end(day), columns, pl.lit(value=True))
    found = find_milestones(rows).filter(pl.col("event_date") >= start)
    passed = found.join(_highest_before(snapshot, found, first), on="video_id", how="left").filter(
        pl.col("milestone") > pl.col("highest").fill_null(0)
    )
    titles = find_titles(snapshot, passed.get_column("video_id"), start, day_end(day))
    return (
        passed.with_columns(snapshot.present_name())
        .join(titles, on="video_id", how="left")
        .select(
            "event_date",
            pl.lit("milestone").alias("kind"),
            "artist",
            pl.col("milestone").alias("value"),
            "video_id",
            pl.col("text").alias("video_title"),
        )
    )


def _outliers(snapshot: Snapshot, start: dt.date, day: dt.date) -> pl.DataFrame:
    """Videos of acts on the day on which they came to stand out."""
    if snapshot.version(VIDEO_OUTLIERS) is None:
        return pl.DataFrame()
    first = start - dt.timedelta(days=OUTLIER_QUIET_DAYS)
    rows = snapshot.read(VIDEO_OUTLIERS, first, day_end(day), NEWS_COLUMNS, pl.col("is_outlier"))
    found = find_outlier_news(rows).filter(pl.col("event_date") >= start)
    titles = find_titles(snapshot, found.get_column("video_id"), start, day_end(day))
    return (
        found.with_columns(snapshot.present_name())
        .join(titles, on="video_id", how="left")
        .select(
            "event_date",
            pl.lit("outlier").alias("kind"),
            "artist",
            pl.col("outlier_score").alias("value"),
            "video_id",
            pl.col("text").alias("video_title"),
            "reason",
        )
    )


def _highest_before(snapshot: Snapshot, found: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """video_id, highest: how high the videos found ever stood before a day, however long ago."""
    if found.is_empty():
        return pl.DataFrame(schema={"video_id": pl.String, "highest": pl.Int64})
    among = pl.col("video_id").is_in(found.get_column("video_id").implode())
    rows = read_video_days(snapshot, None, day, ["video_id", "view_count"], among)
    return rows.group_by("video_id").agg(pl.col("view_count").max().alias("highest"))


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    columns = [
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in SCHEMA.items()
    ]
    return rows.select(columns) if rows.columns else pl.DataFrame(schema=SCHEMA)
