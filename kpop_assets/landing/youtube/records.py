"""Resources of the YouTube Data API as landing records.

Belongs here: what the API calls things, and what is odd in it. Does not belong here: when
something is collected, or files (collector.py).

Odd in it: counters are texts; a hidden counter is missing; titles and channels found by search are
HTML, but a video's own texts are not (`?id=7&region=2` is an address); a live stream or a premiere
has the length `P0D`. What cannot be read goes on as it came, so that the next layer sets it aside
with a reason.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.contracts.bronze import YOUTUBE_SOURCE
from kpop_assets.landing.sources.base import instant_or_raw, without_empty
from kpop_assets.landing.youtube.items import part

# A length as `videos.list` gives it, and as `batchGetStats` does (google.protobuf.Duration).
_ISO_LENGTH = re.compile(
    r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?", re.ASCII
)
_PROTO_LENGTH = re.compile(r"(\d+)(?:\.\d+)?s", re.ASCII)
_UNIT_SECONDS = (604_800, 86_400, 3_600, 60, 1)
# Longer texts of digits are damage, and Python refuses to read the longest.
_MOST_DIGITS = 18


@dataclass(frozen=True)
class KnownVideo:
    """What stays with a video while its counters change.

    Attributes:
        video_id: YouTube's id.
        text: title.
        published_at: publish time (epoch ms).
        author_id: channel id.
        author_name: channel name.
        category_id: YouTube's category.
        duration_seconds: length; None for what was live when last seen in full.
        scheduled_at: when a stream or premiere was announced to begin (epoch ms).
        started_at: when it began (epoch ms).
        lang: language as the uploader states it.
        region: region it was found for.
        query: search query that found it.
    """

    video_id: str
    text: str
    published_at: int
    author_id: str | None = None
    author_name: str | None = None
    category_id: str | None = None
    duration_seconds: int | None = None
    scheduled_at: int | None = None
    started_at: int | None = None
    lang: str | None = None
    region: str | None = None
    query: str | None = None


def from_video(
    item: Mapping[str, Any],
    observed_at_ms: int,
    query: str | None = None,
    region: str | None = None,
) -> dict[str, object]:
    """Return the landing record of a video resource.

    Args:
        item: resource of `videos.list` with snippet, statistics, contentDetails and
            liveStreamingDetails, or a search result; parts that are missing stay missing.
        observed_at_ms: when it was answered (epoch ms).
        query: search query that found it.
        region: region it was found for.
    """
    snippet = part(item, "snippet")
    # Only a search result's id is an object.
    is_html = isinstance(item.get("id"), Mapping)
    published_at = instant_or_raw(snippet.get("publishedAt"))
    return without_empty(
        {
            "video_id": _video_id(item.get("id")),
            "text": _plain(snippet.get("title"), is_html),
            "ts": published_at,
            "source": YOUTUBE_SOURCE,
            "author_id": snippet.get("channelId"),
            "author_name": _plain(snippet.get("channelTitle"), is_html),
            "observed_at": observed_at_ms,
            "published_at": published_at,
            **_counters(item),
            "description": snippet.get("description"),
            "tags": snippet.get("tags") or None,
            "category_id": snippet.get("categoryId"),
            "duration_seconds": duration_seconds(part(item, "contentDetails").get("duration")),
            **_beginning(item),
            "lang": snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage"),
            "region": region,
            "query": query,
        }
    )


def from_stats(
    item: Mapping[str, Any], known: KnownVideo, observed_at_ms: int
) -> dict[str, object]:
    """Return the landing record of a VideoStat resource of `videos.batchGetStats`.

    Args:
        item: the resource; its `publishTime` and `duration` go before what is known.
        known: the rest, from when the video was seen in full.
        observed_at_ms: when it was answered (epoch ms).
    """
    published = part(item, "snippet").get("publishTime")
    published_at = known.published_at if published is None else instant_or_raw(published)
    length = duration_seconds(part(item, "contentDetails").get("duration"))
    return without_empty(
        {
            "video_id": known.video_id,
            "text": known.text,
            "ts": published_at,
            "source": YOUTUBE_SOURCE,
            "author_id": known.author_id,
            "author_name": known.author_name,
            "observed_at": observed_at_ms,
            "published_at": published_at,
            **_counters(item),
            "category_id": known.category_id,
            "duration_seconds": known.duration_seconds if length is None else length,
            "scheduled_at": known.scheduled_at,
            "started_at": known.started_at,
            "lang": known.lang,
            "region": known.region,
            "query": known.query,
        }
    )


def duration_seconds(length: object) -> object:
    """Return a length in whole seconds: `PT4M13S` or `253s`; None where it is 0 or missing.

    A live stream says 0: it has no length yet. A text that is no length is handed back.
    """
    if not isinstance(length, str):
        return length
    if proto := _PROTO_LENGTH.fullmatch(length[: 2 * _MOST_DIGITS]):
        return int(proto[1]) or None
    found = _ISO_LENGTH.fullmatch(length)
    if not found or not any(found.groups()):
        return length or None
    if any(len(number or "") > _MOST_DIGITS for number in found.groups()):
        return length
    units = zip(found.groups(), _UNIT_SECONDS, strict=True)
    return sum(int(number or 0) * seconds for number, seconds in units) or None


def subscriber_count(item: Mapping[str, Any]) -> int | None:
    """Subscribers of a channel resource; None where they are hidden or no number."""
    statistics = part(item, "statistics")
    count = _count(statistics.get("subscriberCount"))
    if not isinstance(count, int) or isinstance(count, bool):
        return None
    return None if statistics.get("hiddenSubscriberCount") else count


def _video_id(value: object) -> object:
    """A search result's id is an object."""
    return value.get("videoId") if isinstance(value, Mapping) else value


def _beginning(item: Mapping[str, Any]) -> dict[str, object]:
    """When a stream or a premiere was to begin and began; no other video has the part."""
    details = part(item, "liveStreamingDetails")
    names = {"scheduled_at": "scheduledStartTime", "started_at": "actualStartTime"}
    return {ours: instant_or_raw(details.get(theirs)) for ours, theirs in names.items()}


def _counters(item: Mapping[str, Any]) -> dict[str, object]:
    statistics = part(item, "statistics")
    names = {"view_count": "viewCount", "like_count": "likeCount", "comment_count": "commentCount"}
    return {ours: _count(statistics.get(theirs)) for ours, theirs in names.items()}


def _count(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value) if len(value) <= _MOST_DIGITS else value
    return value


def _plain(text: object, is_html: bool) -> object:
    return html.unescape(text) if is_html and isinstance(text, str) else text
