"""The breakouts and rookies of a day, and what a manager asks next about each.

Belongs here: reading for `insights/`, and what the lists are joined with. Does not belong here: who
breaks out (insights/breakouts.py) or is a rookie (insights/rookies.py).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import polars as pl

from app.notices import PageEnd
from app.queries.artists.trends import classify_artists
from app.queries.catalog import list_acts
from app.queries.releases import list_releases
from app.queries.videos import find_driving_videos
from app.snapshot import Snapshot, reads
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.contracts.pareto import NEXT_VIRAL
from kpop_assets.contracts.silver import VIDEO_DAILY, VIDEO_FIRSTS
from kpop_assets.days import day_end
from kpop_assets.insights.breakouts import BREAKOUT_COLUMNS, BreakoutConfig, find_breakouts
from kpop_assets.insights.rookies import find_rookies

_COMPUTED = ("first_seen_date", "days_in_data")
_READ = ("ingest_date", *(name for name in BREAKOUT_COLUMNS if name not in _COMPUTED))
_ROOKIE = (
    *("ingest_date", "artist", "rank", "tier", "total_engagement", "market_share"),
    *("growth_rate_7d", "growth_rate_30d"),
)
# Not lower than any growth or momentum can be.
_NO_THRESHOLD = -math.inf


@reads(ARTIST_FEATURES)
def list_rookies(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """What `find_rookies` returns of a day.

    Raises:
        PageEnd: no act of the day is one.
    """
    features = snapshot.read(ARTIST_FEATURES, day, day_end(day), _ROOKIE)
    found = find_rookies(
        features.with_columns(snapshot.present_name()), list_acts(snapshot.catalog), day
    )
    if found.is_empty():
        raise PageEnd("breakouts.no_rookie", day=day.isoformat())
    return found


@reads(ARTIST_FEATURES)
def list_breakouts(snapshot: Snapshot, day: dt.date, config: BreakoutConfig) -> pl.DataFrame:
    """What `find_breakouts` returns.

    Raises:
        PageEnd: nobody passes; it names the one threshold to lower, and to what.
    """
    features = snapshot.read(ARTIST_FEATURES, None, day_end(day), _READ)
    found = find_breakouts(features, day, config)
    if found.is_empty():
        raise _advise(features.filter(pl.col("ingest_date") == day), day, config)
    return found


@reads(NEXT_VIRAL, ARTIST_INPUTS, VIDEO_FIRSTS, VIDEO_DAILY, EVENTS)
def list_details(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """artist, agency, debut_year, driving_video_id, driving_video_title, driving_video_gain.

    And trend_class, days_since_release, where releases are known, and p_viral and p_rise, where
    anything was forecast.
    """
    details = (
        list_acts(snapshot.catalog)
        .select("artist", "agency", "debut_year")
        .join(find_driving_videos(snapshot, day), on="artist", how="full", coalesce=True)
        .join(classify_artists(snapshot, day).select("artist", "trend_class"), "artist", "left")
    )
    if snapshot.version(VIDEO_FIRSTS) is not None:
        latest = list_releases(snapshot, day).group_by("artist").agg(pl.col("release_date").max())
        since = (pl.lit(day) - pl.col("release_date")).dt.total_days().alias("days_since_release")
        details = details.join(latest.select("artist", since), on="artist", how="left")
    if snapshot.version(NEXT_VIRAL) is None:
        return details
    forecast = snapshot.read(NEXT_VIRAL, day, day_end(day), ["artist", "p_viral", "p_rise"])
    if forecast.is_empty():
        return details
    return details.join(forecast, on="artist", how="full", coalesce=True)


def _advise(now: pl.DataFrame, day: dt.date, config: BreakoutConfig) -> PageEnd:
    """Which threshold, lowered alone and by as little as possible, lets an artist pass."""
    if now.get_column("momentum").count() == 0:
        return PageEnd("breakouts.no_momentum", day=day.isoformat())
    without = {
        "momentum_over": replace(config, momentum_over=_NO_THRESHOLD),
        "growth_over": replace(config, growth_over=_NO_THRESHOLD),
        "tier_from": replace(config, tier_from=1),
    }
    columns = {"momentum_over": "momentum", "growth_over": "growth_rate_7d", "tier_from": "tier"}
    for name, looser in without.items():
        nearest = find_breakouts(now, day, looser).get_column(columns[name]).max()
        if isinstance(nearest, int | float):
            value = nearest if name == "tier_from" else _below(nearest)
            return PageEnd(f"breakouts.lower_{name}", day=day.isoformat(), value=value)
    return PageEnd("breakouts.lower_several", day=day.isoformat())


def _below(value: float) -> int:
    """The next whole number under a value: thresholds are to be exceeded."""
    return math.ceil(value) - 1
