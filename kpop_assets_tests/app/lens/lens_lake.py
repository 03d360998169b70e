"""Small lakes of the lens: some videos of acts and of nobody on one day, as their tables have them.

Belongs here: such rows. Does not belong here: what pages make of them.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from app.snapshot import Snapshot
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.lens_outliers import VIDEO_OUTLIERS
from kpop_assets.contracts.lens_videos import VIDEO_LISTS, VIDEO_METRICS, VIDEO_SCORES
from kpop_assets.lens import lists, scores
from kpop_assets_tests.app.kit import DAY, write_rows

NOON = dt.datetime.combine(DAY, dt.time(3), dt.UTC)
# By id: act, views, views an hour, gain of a day, engagement in per cent, age in hours.
VIDEOS = {
    "aaaaaaaaaaa": ("IVE", 9_000_000, 60_000.0, 1_440_000.0, 4.0, 30.0),
    "bbbbbbbbbbb": ("BTS", 400_000, 700.0, 21_600.0, 12.0, 400.0),
    "ccccccccccc": (OTHER, 50_000_000, 200_000.0, 4_800_000.0, 1.0, 100.0),
    "ddddddddddd": ("IVE", 30_000, 3_000.0, None, 6.0, 10.0),
}
# How far each stands out, and why.
DISTANCES = {
    "aaaaaaaaaaa": (2.5, "views_per_hour"),
    "bbbbbbbbbbb": (1.5, "combination"),
    "ccccccccccc": (3.0, "combination"),
    "ddddddddddd": (0.0, None),
}
TITLES = {name: f"{act} <b>{name[0]}</b>" for name, (act, *_) in VIDEOS.items()}


def ranked(home: Path, *artists: str) -> Snapshot:
    """What every page needs beside: a ranking, and real observations."""
    rows = [
        {"ingest_date": DAY, "artist": artist, "rank": place, "tier": 1}
        for place, artist in enumerate(artists or ("IVE", "BTS"), start=1)
    ]
    write_rows(home, ARTIST_FEATURES, rows)
    seen = [
        {"ingest_date": DAY, "observed_at": NOON, "source": "youtube", "text": TITLES[name]}
        | {"video_id": name, "artist": artist, "view_count": views}
        for name, (artist, views, *_) in VIDEOS.items()
    ]
    return write_rows(home, EVENTS, seen)


def metrics_row(name: str, **more: Any) -> dict[str, Any]:
    """A row of `lens/video_metrics`."""
    artist, views, rate, gain, engagement, age = VIDEOS[name]
    return {
        **{"ingest_date": DAY, "video_id": name, "artist": artist, "view_count": views},
        **{"views_per_hour": rate, "views_per_hour_basis": "pair" if gain else "lifetime"},
        **{"gain_24h": gain, "engagement_rate_pct": engagement, "age_hours": age},
        **{"age_band": "1-3d", "observed_at": NOON, "launched_at": NOON - dt.timedelta(hours=age)},
        **{"pair_hours": 24.0 if gain else None, "video_format": "video"},
        **more,
    }


def write_videos(home: Path, **more: Any) -> Snapshot:
    """A lake with metrics, outliers, scores and lists of `VIDEOS`, as the lens computes them."""
    ranked(home)
    rows = [metrics_row(name, **more) for name in VIDEOS]
    write_rows(home, VIDEO_METRICS, rows)
    distances = [
        {"ingest_date": DAY, "video_id": name, "artist": VIDEOS[name][0], "age_band": "1-3d"}
        | {"outlier_score": score, "raw_outlier_score": 2 * score, "reason": reason}
        | {"is_outlier": score > 2, "is_raw_outlier": score > 1, "is_above": True}
        | {"z_views_per_hour": 1.0, "z_engagement": None}
        for name, (score, reason) in DISTANCES.items()
    ]
    write_rows(home, VIDEO_OUTLIERS, distances)
    unknown = pl.lit(None, pl.Float64).alias("views_per_subscriber")
    measured = pl.DataFrame(rows).with_columns(unknown)
    outliers = pl.DataFrame(distances).select(scores.OUTLIER_COLUMNS)
    scored = scores.score_videos(measured.select(scores.METRIC_COLUMNS), outliers)
    dated = scored.with_columns(ingest_date=pl.lit(DAY))
    write_rows(home, VIDEO_SCORES, dated.select(VIDEO_SCORES.column_names).to_dicts())
    listed = lists.list_videos(
        measured.select(lists.METRIC_COLUMNS), scored.select(lists.SCORE_COLUMNS)
    ).with_columns(ingest_date=pl.lit(DAY))
    return write_rows(home, VIDEO_LISTS, listed.select(VIDEO_LISTS.column_names).to_dicts())
