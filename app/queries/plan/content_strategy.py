"""What acts did and how it went within their tier, and an act beside its tier.

Belongs here: reading for `insights/content_strategy.py`, and what kinds of video gained. Does not
belong here: levers, halves and intervals themselves.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.notices import PageEnd
from app.queries.releases import read_first_weeks
from app.queries.videos import read_video_days
from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.insights.content_strategy import LEVERS, compare_levers, describe_acts

# As `video_format` of `silver/video_daily` has them.
KINDS = ("video", "short", "live", "premiere", "unknown")
_FEATURES = ("artist", "tier", "rank", "growth_rate_30d")


@reads(ARTIST_FEATURES)
def list_tiered(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """artist, tier of every ranked artist of a day, by rank."""
    now = snapshot.read(ARTIST_FEATURES, day, day_end(day), ["artist", "tier", "rank"])
    return now.sort("rank", "artist").select("artist", "tier")


@reads(ARTIST_FEATURES, VIDEO_FIRSTS)
def list_acts_done(snapshot: Snapshot, day: dt.date, days: int) -> pl.DataFrame:
    """What `describe_acts` returns.

    Raises:
        PageEnd: no video of the days is known to lie on an act's own channel.
    """
    firsts = read_first_weeks(snapshot, day)
    features = snapshot.read(ARTIST_FEATURES, day, day_end(day), _FEATURES)
    named = features.sort("rank").with_columns(snapshot.present_name())
    acts = describe_acts(firsts, named, day, days)
    if not acts.get_column("new_videos_28d").sum():
        raise PageEnd("content_strategy.no_own_channel")
    return acts


@reads(ARTIST_FEATURES, VIDEO_FIRSTS)
def list_effects(snapshot: Snapshot, day: dt.date, days: int, outcome: str) -> pl.DataFrame:
    """What `compare_levers` returns of the acts of a day.

    Raises:
        PageEnd: as `list_acts_done`.
    """
    return compare_levers(list_acts_done(snapshot, day, days), outcome)


def beside_tier(acts: pl.DataFrame, artist: str) -> pl.DataFrame:
    """lever, artist_value, tier_median, known_count of an act and the others of its tier."""
    own = acts.filter(pl.col("artist") == artist)
    peers = acts.filter(pl.col("tier") == own.item(0, "tier"), pl.col("artist") != artist)
    rows = [
        (name, own.item(0, name), peers.get_column(name).median(), peers.get_column(name).count())
        for name in LEVERS
    ]
    schema = {"lever": pl.String, "artist_value": pl.Float64, "tier_median": pl.Float64}
    return pl.DataFrame(rows, {**schema, "known_count": pl.Int64}, orient="row")


@reads(VIDEO_DAILY)
def split_kinds(
    snapshot: Snapshot, start: dt.date, end: dt.date, artist: str | None = None
) -> pl.DataFrame:
    """What each kind of video gained over [start, end), of an artist or of all.

    Returns:
        video_format (of `KINDS`, in that order; rows of before it was told are `unknown`),
        video_count, views_gained, engagement, engagement_share (percent of all kinds; null where
        they gained nothing together). The sums of all rows are the artist's.
    """
    whose = pl.col("artist") != OTHER if artist is None else pl.col("artist") == artist
    columns = ["video_id", "video_format", "views_gained", "engagement"]
    whole = pl.col("engagement").sum()
    share = pl.when(whole > 0).then(pl.col("engagement") / whole * 100)
    return (
        read_video_days(snapshot, start, end, columns, whose)
        .with_columns(pl.col("video_format").fill_null("unknown"))
        .group_by("video_format")
        .agg(
            pl.col("video_id").n_unique().cast(pl.Int64).alias("video_count"),
            pl.col("views_gained", "engagement").sum(),
        )
        .with_columns(share.alias("engagement_share"))
        .sort(pl.col("video_format").cast(pl.Enum(KINDS)))
    )
