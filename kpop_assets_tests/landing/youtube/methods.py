"""The six methods of the fake YouTube: parameters as they came, answers in the API's form.

Belongs here: what each method answers about a world. Does not belong here: HTTP, keys and quotas
(server.py), or what exists (world.py).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from kpop_assets_tests.landing.youtube.problems import Fault, ProblemError
from kpop_assets_tests.landing.youtube.world import (
    FakeVideo,
    World,
    iso_duration,
    snippet,
    stamp,
    statistics,
    subscriber_statistics,
    thread,
)

MOST_SEARCH_RESULTS = 500
MOST_UPLOADS = 20_000


@dataclass(frozen=True)
class Call:
    """One request, its parameters as they came."""

    world: World
    at: dt.datetime
    parameters: dict[str, list[str]]
    fault: Fault | None

    def text(self, name: str) -> str | None:
        """A parameter; the last one where it is repeated."""
        values = self.parameters.get(name)
        return values[-1] if values else None

    def needed(self, name: str) -> list[str]:
        """A list parameter: repeated, with commas, or both."""
        words = [w for value in self.parameters.get(name, []) for w in value.split(",") if w]
        if not words:
            raise ProblemError(400, "missingRequiredParameter", f"No {name} parameter.")
        return words

    def parts(self, *known: str) -> set[str]:
        """What `part` asks for, of what the method has."""
        asked = set(self.needed("part"))
        if unknown := sorted(asked - set(known)):
            raise ProblemError(400, "unknownPart", f"Unknown part: {unknown[0]}")
        return asked | {"id"}

    def ids(self) -> list[str]:
        """What `id` asks for, each once, no more than the API takes."""
        ids = list(dict.fromkeys(self.needed("id")))
        if len(ids) > 50:
            raise ProblemError(400, "invalidFilters", "The request specifies too many ids.")
        return ids

    def size(self, most: int) -> int:
        """Results of a page."""
        text = self.text("maxResults") or "5"
        if not text.isdecimal() or not 0 <= int(text) <= most:
            raise ProblemError(400, "invalidParameter", f"Invalid value {text!r} of maxResults.")
        return int(text)

    def instant(self, name: str) -> dt.datetime | None:
        """A parameter that is a time."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
        except ValueError:
            raise ProblemError(400, "invalidParameter", f"Invalid value of {name}.") from None

    def page(self, kind: str, items: list[dict], most: int = 50) -> dict:
        """A page of all items, with the tokens of those around it."""
        size, start = self.size(most), self._offset()
        shown = items[start : start + size]
        after = start + size
        if self.fault and self.fault.kind == "empty_page" and shown:
            shown, after = [], start
        return {
            "kind": kind,
            "etag": "page",
            **({"nextPageToken": _token(after)} if after < len(items) else {}),
            **({"prevPageToken": _token(max(0, start - size))} if start else {}),
            "pageInfo": {"totalResults": len(items), "resultsPerPage": size},
            "items": shown,
        }

    def _offset(self) -> int:
        token = self.text("pageToken")
        if token is None:
            return 0
        try:
            return int(base64.urlsafe_b64decode(token).removeprefix(b"at:"))
        except (binascii.Error, ValueError):
            raise ProblemError(400, "invalidPageToken", "The page token is not valid.") from None


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"at:{offset:06}".encode()).decode()


def _search(call: Call) -> dict:
    call.parts("snippet", "id")
    if call.text("type") != "video":
        raise ProblemError(400, "invalidParameter", "This server only finds videos.")
    times = call.instant("publishedAfter"), call.instant("publishedBefore")
    found = call.world.found(call.text("q") or "", *times, call.at)
    order = call.text("order") or "relevance"
    if order not in ("date", "relevance", "viewCount"):
        raise ProblemError(400, "invalidParameter", "Invalid value of order.")
    if order != "date":
        found.sort(key=lambda v: v.counts(call.at)["viewCount"], reverse=True)
    items = [
        {
            "kind": "youtube#searchResult",
            "etag": video.id,
            "id": {"kind": "youtube#video", "videoId": video.id},
            "snippet": snippet(video, call.world.channel[video.channel_id], is_search=True),
        }
        for video in found[:MOST_SEARCH_RESULTS]
    ]
    region = call.text("regionCode") or "US"
    return call.page("youtube#searchListResponse", items) | {"regionCode": region}


def _channels(call: Call) -> dict:
    call.parts("id", "snippet", "contentDetails", "statistics")
    items = [
        {
            "kind": "youtube#channel",
            "etag": each,
            "id": each,
            "contentDetails": {
                "relatedPlaylists": {"likes": "", "uploads": call.world.channel[each].uploads}
            },
            "statistics": subscriber_statistics(call.world.channel[each]),
        }
        for each in call.ids()
        if each in call.world.channel
    ]
    body = call.page("youtube#channelListResponse", items)
    if not items:  # the API leaves the list out
        del body["items"]
    return body


def _playlist_items(call: Call) -> dict:
    call.parts("id", "snippet", "contentDetails", "status")
    playlist = call.needed("playlistId")[0]
    if playlist not in call.world.uploads:
        raise ProblemError(
            404,
            "playlistNotFound",
            "The playlist identified with the request's <code>playlistId</code> parameter "
            "cannot be found.",
        )
    videos = [video for video in call.world.uploads[playlist] if video.exists(call.at)]
    items = [
        {
            "kind": "youtube#playlistItem",
            "etag": video.id,
            "id": f"item-{video.id}",
            "snippet": {
                "publishedAt": stamp(video.published_at),
                "channelId": video.channel_id,
                "title": video.title,
                "description": video.description,
                "channelTitle": call.world.channel[video.channel_id].title,
                "playlistId": playlist,
                "position": position,
                "resourceId": {"kind": "youtube#video", "videoId": video.id},
            },
            "contentDetails": {
                "videoId": video.id,
                "videoPublishedAt": stamp(video.published_at),
            },
        }
        for position, video in enumerate(videos[:MOST_UPLOADS])
    ]
    return call.page("youtube#playlistItemListResponse", items)


def _living(call: Call) -> list[FakeVideo]:
    found = (call.world.video.get(each) for each in call.ids())
    return [video for video in found if video is not None and video.exists(call.at)]


def _videos(call: Call) -> dict:
    parts = call.parts(
        "id", "snippet", "statistics", "contentDetails", "status", "liveStreamingDetails"
    )
    items = []
    for video in _living(call):
        full = {
            "snippet": snippet(video, call.world.channel[video.channel_id]),
            "contentDetails": {"duration": iso_duration(video), "definition": "hd"},
            "statistics": {**statistics(video, call.at), "favoriteCount": "0"},
        }
        if video.is_live:
            full["liveStreamingDetails"] = {"actualStartTime": stamp(video.published_at)}
        shown = {name: part for name, part in full.items() if name in parts}
        items.append({"kind": "youtube#video", "etag": video.id, "id": video.id, **shown})
    info = {"totalResults": len(items), "resultsPerPage": len(items)}
    kind = "youtube#videoListResponse"
    return {"kind": kind, "etag": "videos", "items": items, "pageInfo": info}


def _batch_get_stats(call: Call) -> dict:
    parts = call.parts("id", "snippet", "statistics", "contentDetails")
    items = []
    for video in _living(call):
        length = 0 if video.is_live else video.duration_seconds
        full = {
            "snippet": {"publishTime": stamp(video.published_at)},
            "contentDetails": {"duration": f"{length}s"},
            "statistics": statistics(video, call.at),
        }
        shown = {name: part for name, part in full.items() if name in parts}
        items.append({"kind": "youtube#videoStats", "etag": video.id, "id": video.id, **shown})
    return {"kind": "youtube#batchGetStatsResponse", "etag": "stats", "items": items}


def _comment_threads(call: Call) -> dict:
    call.parts("id", "snippet", "replies")
    video = call.world.video.get(call.needed("videoId")[0])
    if video is None or not video.exists(call.at):
        raise ProblemError(
            404,
            "videoNotFound",
            "The video identified by the <code>videoId</code> parameter could not be found.",
        )
    if video.id in call.world.closed:
        raise ProblemError(403, "commentsDisabled", "The video has disabled comments.")
    order = call.text("order") or "time"
    if order not in ("time", "relevance"):
        raise ProblemError(400, "invalidParameter", "Invalid value of order.")
    said = [c for c in call.world.comments if c.video_id == video.id and c.published_at <= call.at]
    said.sort(key=lambda c: c.published_at if order == "time" else c.likes, reverse=True)
    items = [thread(comment, video.channel_id) for comment in said]
    body = call.page("youtube#commentThreadListResponse", items, most=100)
    # This list does not say how many there are in all.
    body["pageInfo"] = {"totalResults": len(body["items"]), "resultsPerPage": call.size(100)}
    return body


METHODS: dict[str, Callable[[Call], dict]] = {
    "/youtube/v3/search": _search,
    "/youtube/v3/channels": _channels,
    "/youtube/v3/playlistItems": _playlist_items,
    "/youtube/v3/videos": _videos,
    "/youtube/v3/videos:batchGetStats": _batch_get_stats,
    "/youtube/v3/commentThreads": _comment_threads,
}
