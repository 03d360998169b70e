"""What `kpop fetch` and the landing asset do: a collection from YouTube with the given settings.

Belongs here: building the collector from settings, and what bronze says was seen before. Does not
belong here: collecting itself (landing/youtube/), arguments (cli/) or what is printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from kpop_assets.catalog.catalog import load_catalog, overlay_path
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.days import seoul_day, seoul_now
from kpop_assets.lake.reader import LakeReader
from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.collector import Collector
from kpop_assets.landing.youtube.comment_plan import pick_videos
from kpop_assets.landing.youtube.comment_report import CommentReport
from kpop_assets.landing.youtube.comments import CommentCollector
from kpop_assets.landing.youtube.quota import open_ledger
from kpop_assets.landing.youtube.request import Ask, Scope, catalog_scope
from kpop_assets.landing.youtube.rounds import CollectionReport
from kpop_assets.net.ledger import utc_now
from kpop_assets.settings import Settings

_VIDEO_ID = r"^[0-9A-Za-z_-]{11}$"
# Every collector of YouTube's videos names itself so; simulated lines and tracks do not.
_SOURCE_PREFIX = "youtube"
_COLUMNS = (
    "source",
    "video_id",
    "text",
    "author_id",
    "author_name",
    "category_id",
    "duration_seconds",
    "scheduled_at",
    "began_at",
    "lang",
    "region",
    "query",
    "view_count",
    "observed_at",
    "published_at",
)
_INSTANTS = ("observed_at", "published_at", "scheduled_at", "started_at")


def fetch(
    settings: Settings,
    ask: Ask,
    scope: Scope | None = None,
    now: Callable[[], dt.datetime] = utc_now,
) -> CollectionReport:
    """Collect from YouTube what is asked for, as far as today's quota goes.

    Args:
        settings: key, quota share and folders.
        ask: what to collect.
        scope: channels and queries of the plan of the day; default: the catalogue's.
        now: the clock (aware).

    Raises:
        YouTubeError: the key is missing or refused, or a collection is running.
        NetError: YouTube cannot be reached or fails, or the ledger cannot be used.
        LandingError: the landing file cannot be written.
    """
    ledger = open_ledger(settings.collection_store, settings.quota_share, now)
    client = YouTubeClient(settings.youtube_key, ledger, settings.youtube_endpoint)
    reader = LakeReader(settings.lake)
    return Collector(
        client,
        ledger,
        settings.collection_store,
        settings.landing,
        scope or catalog_scope(load_catalog(overlay=overlay_path(settings.home))),
        lambda since_ms: seen_in_bronze(reader, since_ms),
        now,
    ).run(ask)


def fetch_comments(settings: Settings, now: Callable[[], dt.datetime] = utc_now) -> CommentReport:
    """Collect comments under the videos of the day's plan, as far as today's quota goes.

    Args:
        settings: key, quota share and folders.
        now: the clock (aware).

    Raises:
        YouTubeError, NetError, LandingError: as for `fetch`.
    """
    ledger = open_ledger(settings.collection_store, settings.quota_share, now)
    client = YouTubeClient(settings.youtube_key, ledger, settings.youtube_endpoint)
    picked = pick_videos(LakeReader(settings.lake), seoul_now(now()).date())
    return CommentCollector(client, settings.collection_store, settings.landing, now).run(picked)


def seen_in_bronze(reader: LakeReader, since_ms: int) -> Iterable[Mapping[str, Any]]:
    """The last observation of each YouTube video that bronze has seen since an instant."""
    if not reader.exists(EVENTS):
        return
    rows = reader.arrow(EVENTS, seoul_day(since_ms), dt.date.max, _COLUMNS)
    # A row as Python objects takes a kilobyte: only the last one of a video becomes that.
    yield from (
        pl.DataFrame(rows)
        .rename({"began_at": "started_at"})
        .with_columns(pl.col(*_INSTANTS).dt.epoch("ms"))
        .filter(
            pl.col("source").str.starts_with(_SOURCE_PREFIX)
            & pl.col("video_id").str.contains(_VIDEO_ID)
            & (pl.col("observed_at") >= since_ms)
        )
        .sort("observed_at", maintain_order=True)
        .unique("video_id", keep="last", maintain_order=True)
        .iter_rows(named=True)
    )
