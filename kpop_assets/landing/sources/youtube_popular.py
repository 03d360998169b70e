"""Imports lists of YouTube's most popular videos as JSON: snapshots, and the API's own answers.

Belongs here: what these call things and what is odd in them. Records that stand in several
categories stay several records with one observation time: the next layer counts duplicates.

A snapshot (`KR-<date>.json`, all categories, one a day) says its time, region and lists. Odd in it:
like and comment counts are 0 where they are hidden (no video that popular has none); titles can
hold U+FFFD, damaged before they got here; the `date` need not be the Seoul day of the `timestamp`,
which alone decides the ingest date.

The API's answer to `videos.list` (`items`), or an array of such items, says neither time nor
region: both stand in the file's name. A day there counts as 12:00 in Seoul.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kpop_assets.days import day_start_ms
from kpop_assets.landing.errors import LandingError
from kpop_assets.landing.folders import EVENTS, epoch_ms_in_name
from kpop_assets.landing.sources.base import (
    SET_ASIDE,
    Repairs,
    SourceRecord,
    file_day,
    in_order,
    ingest_day,
    refuse_unknown_json,
    without_empty,
)
from kpop_assets.landing.sources.readings import counter, youtube_id
from kpop_assets.landing.sources.regions import region_in_name, region_of
from kpop_assets.landing.sources.text import (
    code_page_of,
    encoding_of,
    suffix_of,
    unpacked,
)
from kpop_assets.landing.sources.times import day_in_name, noon_ms, read_instant, read_time
from kpop_assets.landing.youtube.records import from_video

SOURCE = "youtube_popular"

_OF_REGION = re.compile(r"[A-Z]{2}-")
_UTF8 = ("utf-8", "utf-8-sig")


class _Listing(NamedTuple):
    """One list of a snapshot: its category, and the items as they stand there."""

    category: str
    items: list


class YoutubePopular:
    """Reads `youtube-popular` files."""

    kind = EVENTS
    looks_for = "REGION-DAY.json with `categories`, or with `items` of videos.list"

    def for_import(self, landing_root: Path, sources: Sequence[Path] = ()) -> YoutubePopular:
        """Nothing that was landed before matters to it."""
        return self

    def sources_in(self, folder: Path) -> list[Path]:
        """Return the snapshots in a folder: `KR-*.json`, and others with a time in their names."""
        return [
            path
            for path in sorted(folder.iterdir())
            if path.name[0] != "."
            and path.is_file()
            and suffix_of(path) == ".json"
            and _is_snapshot_name(path.name)
        ]

    def read(self, path: Path, repairs: Repairs) -> Iterator[SourceRecord]:
        """Yield one record per listing of a video in a category."""
        snapshot, listings = _load(path, repairs)
        observed_at = _observed_at(snapshot, path)
        day, epoch_ms = ingest_day(observed_at), observed_at
        if day is None or not isinstance(epoch_ms, int):
            repairs["timestamp_unusable_day_from_date"] += 1
            day, epoch_ms = _place_by_date(snapshot, path)
        elif snapshot.get("date") not in (None, day.isoformat()):
            repairs["date_is_not_the_seoul_day_of_timestamp"] += 1
        region = _region(snapshot, path)
        top = {
            "source": f"{SOURCE}_{region.lower()}" if isinstance(region, str) else SOURCE,
            "observed_at": observed_at,
            "region": region,
        }
        for listing in listings:
            if not listing.items:
                repairs["list_without_videos"] += 1
            for item in listing.items:
                yield SourceRecord(day, epoch_ms, _to_record(item, listing.category, top, repairs))


def _is_snapshot_name(name: str) -> bool:
    # `KR_category_id.json` lies beside the trending data set and lists no video.
    has_time = day_in_name(name) is not None or epoch_ms_in_name(name) is not None
    return has_time or _OF_REGION.match(name) is not None


def _load(path: Path, repairs: Repairs) -> tuple[Mapping, list[_Listing]]:
    """Read a file and make sure that it has lists of videos."""
    with unpacked(path) as file:
        data = file.read()
    encoding = encoding_of(data)
    if encoding not in _UTF8:
        repairs[f"file_read_as_{encoding.replace('-', '_')}"] += 1
    page = code_page_of(data) if encoding == "utf-8" else None
    try:
        try:
            text = data.decode(page or encoding, "surrogateescape" if not page else "strict")
        except UnicodeDecodeError:
            page, text = None, data.decode("utf-8", "surrogateescape")
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse_unknown_json(path, error) from error
    if page:
        repairs[f"file_read_as_{page}"] += 1
    return _listings(content, path)


def _listings(content: object, path: Path) -> tuple[Mapping, list[_Listing]]:
    snapshot: Mapping = content if isinstance(content, dict) else {}
    categories = snapshot.get("categories")
    if isinstance(categories, dict) and all(isinstance(v, list) for v in categories.values()):
        if "timestamp" not in snapshot and _day_of(snapshot, path) is None:
            raise _not_a_snapshot(path, "timestamp", snapshot)
        return snapshot, [_Listing(name, items) for name, items in categories.items()]
    items = content if isinstance(content, list) else snapshot.get("items")
    if isinstance(items, list) and any(_is_video(item) for item in items):
        return snapshot, [_Listing("all", items)]
    raise _not_a_snapshot(path, "categories", snapshot)


def _is_video(item: object) -> bool:
    return isinstance(item, dict) and ("videoId" in item or ("snippet" in item and "id" in item))


def _not_a_snapshot(path: Path, key: str, snapshot: Mapping) -> LandingError:
    seen = f"an object with {', '.join(map(str, list(snapshot)[:6]))}" if snapshot else "no object"
    return LandingError(
        f"cannot read {path}: it has no usable {key}, so it is no youtube-popular snapshot "
        f"(seen: {seen})",
        "known are a snapshot (timestamp, region, categories) and the API's answer to videos.list "
        "(items); check the format named",
    )


def _observed_at(snapshot: Mapping, path: Path) -> object:
    """Epoch milliseconds; the timestamp as it came where it is none."""
    if "timestamp" not in snapshot:
        epoch_ms = epoch_ms_in_name(path.name)
        if epoch_ms is None:
            epoch_ms = noon_ms(_day_of(snapshot, path))
        return file_day(path)[1] if epoch_ms is None else epoch_ms
    instant = read_instant(snapshot["timestamp"])
    return snapshot["timestamp"] if instant is None else instant


def _day_of(snapshot: Mapping, path: Path) -> dt.date | None:
    """The day that a snapshot without a time names, else its name."""
    found = read_time(snapshot.get("date"))
    return found if type(found) is dt.date else day_in_name(path.name)


def _place_by_date(snapshot: Mapping, path: Path) -> tuple[dt.date, int]:
    """The day the snapshot names, from its first minute; else the file's own."""
    named = read_time(snapshot.get("date"))
    if type(named) is not dt.date:
        return file_day(path)
    start = day_start_ms(named)
    day = ingest_day(start)
    return (day, start) if day else file_day(path)


def _region(snapshot: Mapping, path: Path) -> object:
    region = snapshot.get("region", snapshot.get("regionCode"))
    return region_of(region) or region or region_in_name(path)


def _to_record(item: object, category: str, top: dict[str, object], repairs: Repairs) -> object:
    """Name the values as landing does; an item which is no object goes on as it came."""
    if not isinstance(item, dict):
        repairs[f"item_is_no_object_{SET_ASIDE}"] += 1
        return item
    record = _of_answer(item, top) if "snippet" in item else _of_snapshot(item, category)
    title, video_id = record.get("text"), record.pop("video_id", None)
    if isinstance(title, str) and "\ufffd" in title:
        repairs["title_damaged_at_source_kept"] += 1
    if youtube_id(video_id) is None:
        repairs[f"video_id_is_no_id_{SET_ASIDE}"] += 1
        record["video_id_as_it_came"] = video_id
    elif ingest_day(top["observed_at"]) is None:
        repairs[f"timestamp_unusable_{SET_ASIDE}"] += 1
    record["view_count"] = counter(record.get("view_count"), "viewCount", repairs)
    for name, told in (("like_count", "likeCount"), ("comment_count", "commentCount")):
        record[name] = _unless_hidden(record.get(name), told, repairs)
    return in_order(without_empty({"video_id": youtube_id(video_id), **record, **top}))


def _of_snapshot(item: dict, category: str) -> dict[str, object]:
    published = read_instant(item.get("publishedAt"))
    published_at = item.get("publishedAt") if published is None else published
    return {
        "video_id": item.get("videoId"),
        "text": item.get("title"),
        "ts": published_at,
        "author_id": item.get("channelId"),
        "author_name": item.get("channelName", item.get("channelTitle")),
        "published_at": published_at,
        "view_count": item.get("viewCount"),
        "like_count": item.get("likeCount"),
        "comment_count": item.get("commentCount"),
        "category_id": item.get("categoryKey", category),
    }


def _of_answer(item: dict, top: dict[str, object]) -> dict[str, object]:
    """An item of the API, as it would have been collected; its time and source are the file's."""
    record = from_video(item, 0)
    return {name: value for name, value in record.items() if name not in top}


def _unless_hidden(value: object, name: str, repairs: Repairs) -> object:
    if value in (0, "0") and not isinstance(value, bool):
        repairs[f"{name}_0_is_hidden"] += 1
        return None
    return counter(value, name, repairs)
