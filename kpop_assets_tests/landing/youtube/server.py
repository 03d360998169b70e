"""A YouTube Data API on loopback: the real wire format over an invented world, with faults.

Belongs here: HTTP, the five methods that collecting uses, quotas, error bodies, ways to fail. Does
not belong here: the world (world.py). Knows nothing of the product's code: where both are wrong
about YouTube, both had to be wrong in the same way by themselves.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import gzip
import hashlib
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from kpop_assets_tests.landing.youtube.world import (
    FakeChannel,
    FakeVideo,
    World,
    iso_duration,
    make_world,
    snippet,
    stamp,
    statistics,
)

__all__ = ["FakeChannel", "FakeVideo", "FakeYouTube", "Fault", "Request", "World", "make_world"]

KEY = "AIzaTEST-key_of_the_fake_YouTube_0123456"
LIMITS = {"search": 100, "batch_stats": 10_000, "reads": 10_000}
MOST_SEARCH_RESULTS = 500
MOST_UPLOADS = 20_000


@dataclass(frozen=True)
class Fault:
    """One way to fail.

    Kinds: http_500, http_503, http_429 (with `retry_after` where given), quota_exceeded,
    quota_exceeded_429 (the newer form), daily_limit_exceeded, rate_limit, user_rate_limit,
    key_invalid, access_not_configured, ip_blocked, suspended (repeats the key), slow (`seconds`,
    then the answer), cut_before, cut_body, truncated_json, html, redirect, empty_page.
    """

    kind: str
    retry_after: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Request:
    """One request as it came, and what it got (status 0: no answer)."""

    number: int
    bucket: str
    day: dt.date
    target: str
    parameters: Mapping[str, list[str]]
    headers: Mapping[str, str]
    fault: str | None
    status: int


class ProblemError(Exception):
    def __init__(self, status: int, reason: str, message: str, newer: dict | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.message, self.newer = status, reason, message, newer

    def body(self) -> dict:
        entry = {"message": self.message, "domain": "youtube", "reason": self.reason}
        error: dict = {"code": self.status, "message": self.message, "errors": [entry]}
        if self.newer:
            error |= {
                "status": "PERMISSION_DENIED" if self.status == 403 else "INVALID_ARGUMENT",
                "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", **self.newer}],
            }
        return {"error": error}


def _fault_problem(kind: str, key: str) -> ProblemError | None:
    per_day = {"metadata": {"quota_unit": "1/d/{project}", "quota_limit": "PerDayPerProject"}}
    exceeded = (
        'The request cannot be completed because you have exceeded your <a href="/q">quota</a>.'
    )
    unknown = "API key not valid. Please pass a valid API key."
    return {
        "http_500": ProblemError(500, "backendError", "Backend Error"),
        "http_503": ProblemError(503, "backendError", "The service is currently unavailable."),
        "http_429": ProblemError(429, "tooManyRequests", "Slow down."),
        "quota_exceeded": ProblemError(403, "quotaExceeded", exceeded),
        "quota_exceeded_429": ProblemError(
            429,
            "rateLimitExceeded",
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per day'.",
            {"reason": "RATE_LIMIT_EXCEEDED", **per_day},
        ),
        "daily_limit_exceeded": ProblemError(403, "dailyLimitExceeded", "Daily Limit Exceeded."),
        "rate_limit": ProblemError(403, "rateLimitExceeded", "Rate Limit Exceeded"),
        "user_rate_limit": ProblemError(403, "userRateLimitExceeded", "User Rate Limit Exceeded"),
        "key_invalid": ProblemError(400, "badRequest", unknown, {"reason": "API_KEY_INVALID"}),
        "access_not_configured": ProblemError(
            403,
            "accessNotConfigured",
            "YouTube Data API v3 has not been used in project 1 before or it is disabled.",
            {"reason": "SERVICE_DISABLED"},
        ),
        "ip_blocked": ProblemError(
            403, "forbidden", "Not this IP address.", {"reason": "API_KEY_IP_ADDRESS_BLOCKED"}
        ),
        "suspended": ProblemError(
            403,
            "forbidden",
            f"Permission denied: Consumer 'api_key:{key}' has been suspended.",
            {"reason": "CONSUMER_SUSPENDED", "metadata": {"consumer": f"api_key:{key}"}},
        ),
    }.get(kind)


class _Answer(NamedTuple):
    status: int
    body: bytes
    content_type: str
    headers: dict[str, str]


class FakeYouTube:
    """The server; use it as a context manager.

    Args:
        world: what exists.
        now: the simulated clock (aware).
        fault: what goes wrong with the n-th request (from 1); None where nothing does.
        key: the only key that is accepted.
        limits: quota of each bucket a Pacific day; calls over it are refused and counted.
    """

    def __init__(
        self,
        world: World,
        now: Callable[[], dt.datetime],
        fault: Callable[[int], Fault | None] = lambda number: None,
        key: str = KEY,
        limits: Mapping[str, int] = LIMITS,
    ) -> None:
        self.world, self.now, self.fault, self.key = world, now, fault, key
        self.limits = dict(limits)
        self.requests: list[Request] = []
        self.calls: Counter[tuple[dt.date, str]] = Counter()
        self._lock = threading.Lock()
        self._count = 0
        self._closing = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.youtube = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def endpoint(self) -> str:
        """Address for the client."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/"

    def __enter__(self) -> FakeYouTube:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def calls_by_bucket(self, day: dt.date | None = None) -> dict[str, int]:
        """Requests that came, on one Pacific day or in all."""
        with self._lock:
            found: Counter[str] = Counter()
            for (each, bucket), count in self.calls.items():
                if day in (None, each):
                    found[bucket] += count
        return dict(found)

    def take(self, bucket: str) -> tuple[int, dt.date, int]:
        """Count a request: its number, Pacific day, and place in the day's bucket."""
        day = self.now().astimezone(ZoneInfo("America/Los_Angeles")).date()
        with self._lock:
            self._count += 1
            self.calls[day, bucket] += 1
            return self._count, day, self.calls[day, bucket]

    def note(self, request: Request) -> None:
        """Keep what came."""
        with self._lock:
            self.requests.append(request)

    def wait(self, seconds: float) -> None:
        """Be slow, but not when closing."""
        self._closing.wait(seconds)

    def answer(self, path: str, parameters: dict[str, list[str]], fault: Fault | None) -> dict:
        """The body of a good answer, or a `ProblemError`."""
        method = METHODS.get(path)
        if method is None:
            raise ProblemError(404, "notFound", "Not Found")
        return method(_Call(self.world, self.now(), parameters, fault))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    youtube: FakeYouTube

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has gone away is part of the tests, and no news."""


BUCKETS = {"/youtube/v3/search": "search", "/youtube/v3/videos:batchGetStats": "batch_stats"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        youtube = self.server.youtube
        address = urlsplit(self.path)
        parameters = parse_qs(address.query, keep_blank_values=True)
        bucket = BUCKETS.get(address.path, "reads")
        number, day, place = youtube.take(bucket)
        fault = youtube.fault(number)
        answer = self._answer(address.path, parameters, fault, place > youtube.limits[bucket])
        kind = fault.kind if fault else None
        status = 0 if kind in ("cut_before", "cut_body") else answer.status
        headers = {name.lower(): value for name, value in self.headers.items()}
        youtube.note(Request(number, bucket, day, self.path, parameters, headers, kind, status))
        if fault and kind == "slow":
            youtube.wait(fault.seconds)
        if kind == "cut_before":
            self._cut()
        else:
            self._send(answer, is_cut=kind == "cut_body")

    def _answer(
        self, path: str, parameters: dict[str, list[str]], fault: Fault | None, is_over: bool
    ) -> _Answer:
        youtube = self.server.youtube
        more = {"Retry-After": fault.retry_after} if fault and fault.retry_after else {}
        kind = fault.kind if fault else ""
        try:
            if problem := _fault_problem(kind, youtube.key):
                raise problem
            self._check_key(parameters)
            if is_over:
                raise ProblemError(403, "quotaExceeded", "The quota is exceeded.")
            body = youtube.answer(path, parameters, fault)
        except ProblemError as problem:
            return _Answer(problem.status, _json(problem.body()), "application/json", more)
        if kind == "redirect":
            return _Answer(302, b"", "text/html", {"Location": "/elsewhere"})
        if kind == "html":
            return _Answer(200, b"<!DOCTYPE html><p>Sign in to this network", "text/html", more)
        data = _json(body)
        etag = f'"{hashlib.sha256(data).hexdigest()[:24]}"'
        if self.headers.get("If-None-Match") == etag:
            return _Answer(304, b"", "application/json", {"ETag": etag})
        if kind == "truncated_json":
            data = data[: len(data) // 2]
        return _Answer(200, data, "application/json", {"ETag": etag})

    def _check_key(self, parameters: dict[str, list[str]]) -> None:
        given = self.headers.get("X-Goog-Api-Key") or parameters.get("key", [""])[0]
        if not given:
            raise ProblemError(403, "forbidden", "Method doesn't allow unregistered callers.")
        if given != self.server.youtube.key:
            problem = _fault_problem("key_invalid", "")
            assert problem is not None
            raise problem

    def _send(self, answer: _Answer, is_cut: bool) -> None:
        body = answer.body
        self.send_response(answer.status)
        self.send_header("Content-Type", f"{answer.content_type}; charset=UTF-8")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        if is_cut:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True


def _json(body: dict) -> bytes:
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


@dataclass(frozen=True)
class _Call:
    """One request, its parameters as they came."""

    world: World
    at: dt.datetime
    parameters: dict[str, list[str]]
    fault: Fault | None

    def text(self, name: str) -> str | None:
        values = self.parameters.get(name)
        return values[-1] if values else None

    def needed(self, name: str) -> list[str]:
        """A list parameter: repeated, with commas, or both."""
        words = [w for value in self.parameters.get(name, []) for w in value.split(",") if w]
        if not words:
            raise ProblemError(400, "missingRequiredParameter", f"No {name} parameter.")
        return words

    def parts(self, *known: str) -> set[str]:
        asked = set(self.needed("part"))
        if unknown := sorted(asked - set(known)):
            raise ProblemError(400, "unknownPart", f"Unknown part: {unknown[0]}")
        return asked | {"id"}

    def ids(self) -> list[str]:
        ids = list(dict.fromkeys(self.needed("id")))
        if len(ids) > 50:
            raise ProblemError(400, "invalidFilters", "The request specifies too many ids.")
        return ids

    def size(self) -> int:
        text = self.text("maxResults") or "5"
        if not text.isdecimal() or not 0 <= int(text) <= 50:
            raise ProblemError(400, "invalidParameter", f"Invalid value {text!r} of maxResults.")
        return int(text)

    def instant(self, name: str) -> dt.datetime | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
        except ValueError:
            raise ProblemError(400, "invalidParameter", f"Invalid value of {name}.") from None

    def page(self, kind: str, items: list[dict]) -> dict:
        """A page of all items, with the tokens of those around it."""
        size, start = self.size(), self._offset()
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


def _search(call: _Call) -> dict:
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


def _channels(call: _Call) -> dict:
    call.parts("id", "snippet", "contentDetails", "statistics")
    items = [
        {
            "kind": "youtube#channel",
            "etag": each,
            "id": each,
            "contentDetails": {
                "relatedPlaylists": {"likes": "", "uploads": call.world.channel[each].uploads}
            },
        }
        for each in call.ids()
        if each in call.world.channel
    ]
    body = call.page("youtube#channelListResponse", items)
    if not items:  # the API leaves the list out
        del body["items"]
    return body


def _playlist_items(call: _Call) -> dict:
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


def _living(call: _Call) -> list[FakeVideo]:
    found = (call.world.video.get(each) for each in call.ids())
    return [video for video in found if video is not None and video.exists(call.at)]


def _videos(call: _Call) -> dict:
    parts = call.parts("id", "snippet", "statistics", "contentDetails", "status")
    items = []
    for video in _living(call):
        full = {
            "snippet": snippet(video, call.world.channel[video.channel_id]),
            "contentDetails": {"duration": iso_duration(video), "definition": "hd"},
            "statistics": {**statistics(video, call.at), "favoriteCount": "0"},
        }
        shown = {name: part for name, part in full.items() if name in parts}
        items.append({"kind": "youtube#video", "etag": video.id, "id": video.id, **shown})
    info = {"totalResults": len(items), "resultsPerPage": len(items)}
    kind = "youtube#videoListResponse"
    return {"kind": kind, "etag": "videos", "items": items, "pageInfo": info}


def _batch_get_stats(call: _Call) -> dict:
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


METHODS: dict[str, Callable[[_Call], dict]] = {
    "/youtube/v3/search": _search,
    "/youtube/v3/channels": _channels,
    "/youtube/v3/playlistItems": _playlist_items,
    "/youtube/v3/videos": _videos,
    "/youtube/v3/videos:batchGetStats": _batch_get_stats,
}
