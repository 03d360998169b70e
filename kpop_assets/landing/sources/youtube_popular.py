"""Imports snapshots of YouTube's most popular videos (`KR-<date>.json`, all categories, one a day).

Belongs here: what this format calls things and what is odd in it. Records that stand in several
categories stay several records with one observation time: the next layer counts duplicates.

Odd in it: like and comment counts are 0 where they are hidden (no video that popular has none);
titles can hold U+FFFD, damaged before they got here; the `date` need not be the Seoul day of
the `timestamp`, which alone decides the ingest date.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from kpop_assets.days import day_start_ms
from kpop_assets.landing.errors import LandingError, landing_errors
from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.sources.base import (
    Repairs,
    SourceRecord,
    file_day,
    ingest_day,
    instant_or_raw,
    parse_instant,
    without_empty,
)

SOURCE = "youtube_popular_kr"


class YoutubePopular:
    """Reads `youtube-popular` files."""

    kind = EVENTS

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the snapshots in a folder: `KR-*.json` and those of other regions."""
        return sorted(folder.glob("[A-Z][A-Z]-*.json"))

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per listing of a video in a category."""
        snapshot = _load(path)
        observed_at = parse_instant(snapshot["timestamp"])
        day, epoch_ms = ingest_day(observed_at), observed_at
        if day is None or epoch_ms is None:
            repairs["timestamp_unusable_day_from_date"] += 1
            day, epoch_ms = _place_by_date(snapshot, path)
        elif snapshot.get("date") != day.isoformat():
            repairs["date_is_not_the_seoul_day_of_timestamp"] += 1
        for category, listing in snapshot["categories"].items():
            for item in listing:
                record = _to_record(item, category, snapshot, repairs)
                yield SourceRecord(day, epoch_ms, record)


def _load(path: Path) -> dict:
    """Read a snapshot and make sure it is one."""
    try:
        with landing_errors("read", path):
            text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
        snapshot = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LandingError(
            f"cannot read {path} as JSON: {error}", "get the file again or leave it out"
        ) from error
    categories = snapshot.get("categories") if isinstance(snapshot, dict) else None
    if not isinstance(categories, dict) or not all(
        isinstance(v, list) for v in categories.values()
    ):
        raise _not_a_snapshot(path, "categories")
    if "timestamp" not in snapshot:
        raise _not_a_snapshot(path, "timestamp")
    return snapshot


def _not_a_snapshot(path: Path, key: str) -> LandingError:
    return LandingError(
        f"cannot read {path}: it has no usable {key}, so it is no youtube-popular snapshot",
        "check the format named",
    )


def _place_by_date(snapshot: dict, path: Path) -> tuple[dt.date, int]:
    """The day the snapshot names, from its first minute; else the file's own."""
    try:
        epoch_ms = day_start_ms(dt.date.fromisoformat(snapshot["date"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return file_day(path)
    day = ingest_day(epoch_ms)
    return (day, epoch_ms) if day else file_day(path)


def _to_record(item: object, category: str, snapshot: dict, repairs: Repairs) -> object:
    """Name the values as landing does; an item which is no object goes on as it came."""
    if not isinstance(item, dict):
        return item
    published_at = instant_or_raw(item.get("publishedAt"))
    title = item.get("title")
    if isinstance(title, str) and "\ufffd" in title:
        repairs["title_damaged_at_source_kept"] += 1
    region = snapshot.get("region")
    return without_empty(
        {
            "video_id": item.get("videoId"),
            "text": title,
            "ts": published_at,
            "source": SOURCE,
            "author_id": item.get("channelId"),
            "author_name": item.get("channelName"),
            "observed_at": instant_or_raw(snapshot["timestamp"]),
            "published_at": published_at,
            "view_count": item.get("viewCount"),
            "like_count": _unless_hidden(item, "likeCount", repairs),
            "comment_count": _unless_hidden(item, "commentCount", repairs),
            "category_id": item.get("categoryKey", category),
            "region": region.upper() if isinstance(region, str) else region,
        }
    )


def _unless_hidden(item: dict, key: str, repairs: Repairs) -> object:
    count = item.get(key)
    if count == 0 and not isinstance(count, bool):
        repairs[f"{key}_0_is_hidden"] += 1
        return None
    return count
