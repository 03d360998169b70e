"""Imports the public trending data set's CSV (`KR_youtube_trending_data.csv`).

Belongs here: its column names and oddities. `trending_date` is a day at 00:00 UTC, which is 09:00
in Seoul of the same day, and is taken as the observation time. `[None]` stands for no tags.
Counts are 0 where likes or comments are switched off; they are left out then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kpop_assets.landing.folders import EVENTS
from kpop_assets.landing.sources.base import (
    Repairs,
    RowPlacer,
    SourceRecord,
    csv_header,
    csv_rows,
    instant_or_raw,
    parse_instant,
    without_empty,
)

SOURCE = "youtube_trending_kr"
_REGION = "KR"
_COLUMNS = frozenset(
    {
        "video_id",
        "title",
        "publishedAt",
        "channelId",
        "channelTitle",
        "categoryId",
        "trending_date",
        "tags",
        "view_count",
        "likes",
        "comment_count",
        "comments_disabled",
        "ratings_disabled",
        "description",
    }
)
_INTEGER = re.compile(r"-?[0-9]{1,18}")


class YoutubeTrending:
    """Reads `youtube-trending` files."""

    kind = EVENTS

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the CSV files in a folder that have a trending date."""
        return [p for p in sorted(folder.glob("*.csv")) if "trending_date" in csv_header(p)]

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per row; a row without a usable date goes with the row before it."""
        placer = RowPlacer(path, repairs)
        for row in csv_rows(path, _COLUMNS, repairs):
            day, epoch_ms = placer.place(parse_instant(row.get("trending_date")))
            yield SourceRecord(day, epoch_ms, _to_record(row, repairs))


def _to_record(row: dict[str, str], repairs: Repairs) -> dict[str, object]:
    published_at = instant_or_raw(row.get("publishedAt"))
    return without_empty(
        {
            "video_id": row.get("video_id"),
            "text": row.get("title"),
            "ts": published_at,
            "source": SOURCE,
            "author_id": row.get("channelId"),
            "author_name": row.get("channelTitle"),
            "observed_at": instant_or_raw(row.get("trending_date")),
            "published_at": published_at,
            "view_count": _integer_or_raw(row.get("view_count")),
            "like_count": _unless_off(row, "likes", "ratings_disabled", repairs),
            "comment_count": _unless_off(row, "comment_count", "comments_disabled", repairs),
            "description": row.get("description"),
            "tags": _tags(row.get("tags"), repairs),
            "category_id": row.get("categoryId"),
            "region": _REGION,
        }
    )


def _integer_or_raw(text: str | None) -> int | str | None:
    return int(text) if text is not None and _INTEGER.fullmatch(text) else text


def _unless_off(row: dict[str, str], column: str, switch: str, repairs: Repairs) -> object:
    if row.get(switch, "").lower() == "true":
        repairs[f"{column}_hidden_by_{switch}"] += 1
        return None
    return _integer_or_raw(row.get(column))


def _tags(text: str | None, repairs: Repairs) -> list[str] | None:
    if text == "[None]":
        repairs["tags_none"] += 1
        return None
    return text.split("|") if text else None
