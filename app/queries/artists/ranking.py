"""The ranking of a day with what a visitor compares it to.

Belongs here: rank, its change, the 28 days behind it, cohort and driving video. Does not belong
here: filters and formats (views/artists/ranking.py), how features are computed (gold/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from app.queries.catalog import list_acts
from app.queries.gaps import list_seen_days
from app.queries.videos import find_driving_videos
from app.snapshot import Snapshot, reads
from kpop_assets.contracts import rules
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES, SHARES_BY_EVIDENCE
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.days import day_end
from kpop_assets.insights.families import sum_families
from kpop_assets.insights.fresh_days import first_day_read, spread_gains

SPARK_DAYS = 28
WEEK = dt.timedelta(days=rules.WEEK_DAYS)


@reads(ARTIST_FEATURES, ARTIST_DAILY, VIDEO_DAILY, EVENTS)
def list_ranking(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """Every ranked artist of a day, by rank.

    Returns:
        The columns of `gold/artist_features` but the day, and kind, agency, generation (null
        for an artist that left the catalogue), rank_change (places won since 7 days before),
        daily_28d (points a day of 28 days, null without new data), cohort_ratio (the score over the
        mean of the ranked artists of the same generation and kind), driving_video_id,
        driving_video_title, driving_video_gain (7 days), sure_share (percent of the engagement
        that does not rest on everyday words in titles).
    """
    now = snapshot.read(ARTIST_FEATURES, day, day_end(day)).drop("ingest_date")
    before = snapshot.read(
        ARTIST_FEATURES, day - WEEK, day_end(day - WEEK), columns=["artist", "rank"]
    )
    now, before = (rows.with_columns(snapshot.present_name()) for rows in (now, before))
    change = (pl.col("rank_before") - pl.col("rank")).alias("rank_change")
    mean = pl.col("total_engagement").mean().over("generation", "kind")
    return (
        now.join(before.rename({"rank": "rank_before"}), on="artist", how="left")
        .join(list_acts(snapshot.catalog).drop("name_ko", "debut_year"), on="artist", how="left")
        .join(_daily(snapshot, now.select("artist"), day), on="artist", how="left")
        .join(find_driving_videos(snapshot, day), on="artist", how="left")
        .with_columns(
            change,
            (100 - pl.col("vague_name_share")).alias("sure_share"),
            pl.when(mean > 0).then(pl.col("total_engagement") / mean).alias("cohort_ratio"),
        )
        .drop("rank_before")
        .sort("rank", "artist")
    )


@reads(ARTIST_FEATURES)
def list_families(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """What `sum_families` returns of a day, members as one text."""
    columns = ["artist", "total_engagement", "total_videos"]
    features = snapshot.read(ARTIST_FEATURES, day, day_end(day), columns).to_dicts()
    families = pl.DataFrame(sum_families(snapshot.catalog, features))
    return families.with_columns(pl.col("members").list.join(", "))


def write_shares(row: Mapping[str, Any]) -> dict[str, str]:
    """The shares by evidence of a row as a sentence has them; empty where nobody knows them."""
    shares = {column.name: row[column.name] for column in SHARES_BY_EVIDENCE}
    return {} if None in shares.values() else {n: f"{v:.0f}%" for n, v in shares.items()}


def _daily(snapshot: Snapshot, artists: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """artist, daily_28d: points a day on each day, null where a day says nothing new."""
    end = day_end(day)
    start = end - dt.timedelta(days=SPARK_DAYS)
    days = list_seen_days(snapshot, day)
    columns = ["ingest_date", "artist", "engagement", "event_count"]
    daily = snapshot.read(ARTIST_DAILY, first_day_read(days, start), end, columns)
    named = daily.with_columns(snapshot.present_name()).join(artists, on="artist", how="semi")
    return (
        spread_gains(named, days, (start, end), ["engagement"], everyone=artists)
        .group_by("artist", maintain_order=True)
        .agg(pl.col("engagement").alias("daily_28d"))
    )
