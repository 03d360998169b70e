"""The fake server itself: its answers have the form that YouTube's discovery document gives."""

from __future__ import annotations

import datetime as dt
import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from googleapiclient.discovery_cache import get_static_doc

from kpop_assets_tests.landing.youtube.server import (
    KEY,
    METHODS,
    FakeYouTube,
    Fault,
    World,
    make_world,
)
from kpop_assets_tests.landing.youtube.world import FakeComment

NOW = dt.datetime(2026, 11, 21, 7, 30, tzinfo=dt.UTC)
DOCUMENT = json.loads(get_static_doc("youtube", "v3"))
JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def small_world() -> World:
    world = make_world(NOW, channels=2, videos_each=4)
    first, second, *rest = world.videos
    hidden = replace(first, hidden=frozenset({"likeCount", "commentCount"}), is_live=True)
    gone = replace(second, gone_at=NOW - dt.timedelta(hours=1))
    said = FakeComment("Ugx1", rest[0].id, "UCwho", "좋다 <3", NOW - dt.timedelta(hours=2), likes=3)
    return World(world.channels, [hidden, gone, *rest], [said], frozenset({rest[1].id}))


@pytest.fixture
def server() -> Iterator[FakeYouTube]:
    with FakeYouTube(small_world(), lambda: NOW) as server:
        yield server


def ask(server: FakeYouTube, path: str, headers: dict | None = None, **parameters: Any):
    address = urlsplit(server.endpoint)
    assert address.hostname
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=5)
    query = urlencode(parameters, doseq=True)
    given = {"X-Goog-Api-Key": KEY} if headers is None else headers
    try:
        connection.request("GET", f"/youtube/v3/{path}?{query}", headers=given)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def body_of(server: FakeYouTube, path: str, **parameters: Any) -> dict:
    status, _, data = ask(server, path, **parameters)
    assert status == 200, data
    return json.loads(data)


def check_form(value: Any, schema: dict, place: str) -> None:
    """Every field exists in the schema and has its type."""
    if "$ref" in schema:
        schema = DOCUMENT["schemas"][schema["$ref"]]
    assert isinstance(value, JSON_TYPES[schema["type"]]), place
    if schema["type"] == "array":
        for each in value:
            check_form(each, schema["items"], place)
    if schema["type"] == "object" and "properties" in schema:
        for name, inner in value.items():
            assert name in schema["properties"], f"{place}.{name}"
            check_form(inner, schema["properties"][name], f"{place}.{name}")


def requests_of(world: World) -> dict[str, dict[str, Any]]:
    ids = ",".join(world.video)
    return {
        "search": {"part": "snippet", "type": "video", "q": "artist", "maxResults": 3},
        "channels": {"part": "contentDetails", "id": ",".join(world.channel)},
        "playlistItems": {
            "part": "snippet,contentDetails",
            "playlistId": next(iter(world.uploads)),
        },
        "videos": {
            "part": "snippet,statistics,contentDetails,liveStreamingDetails",
            "id": ids,
        },
        "videos:batchGetStats": {"part": "id,snippet,contentDetails,statistics", "id": ids},
        "commentThreads": {"part": "snippet", "videoId": world.videos[2].id, "maxResults": 100},
    }


@pytest.mark.parametrize(
    ("path", "resource", "method"),
    [
        ("search", "search", "list"),
        ("channels", "channels", "list"),
        ("playlistItems", "playlistItems", "list"),
        ("videos", "videos", "list"),
        ("videos:batchGetStats", "videos", "batchGetStats"),
        ("commentThreads", "commentThreads", "list"),
    ],
)
def test_answers_have_the_form_of_the_discovery_document(
    server: FakeYouTube, path: str, resource: str, method: str
):
    described = DOCUMENT["resources"][resource]["methods"][method]
    body = body_of(server, path, **requests_of(server.world)[path])
    check_form(body, described["response"], path)
    schema = DOCUMENT["schemas"][described["response"]["$ref"]]
    assert body["kind"] == schema["properties"]["kind"]["default"]
    assert described["path"] == f"youtube/v3/{path}"
    assert body["items"]
    assert "/" + described["path"] in METHODS


def test_hidden_live_and_gone(server: FakeYouTube):
    live, gone, *_ = server.world.videos
    for path in ("videos", "videos:batchGetStats"):
        items = body_of(server, path, part="statistics,contentDetails", id=[live.id, gone.id])
        (item,) = items["items"]
        assert set(item["statistics"]) - {"favoriteCount"} == {"viewCount"}
        assert item["contentDetails"]["duration"] in ("P0D", "0s")


def test_pages_hold_everything_once(server: FakeYouTube):
    seen, token = [], {}
    while True:
        asked = {"part": "snippet", "type": "video", "q": "artist", "maxResults": 3, **token}
        body = body_of(server, "search", **asked)
        seen += [item["id"]["videoId"] for item in body["items"]]
        if "nextPageToken" not in body:
            break
        token = {"pageToken": body["nextPageToken"]}
    assert sorted(seen) == sorted(v.id for v in server.world.videos if v.gone_at is None)


def test_search_slices_by_publishing(server: FakeYouTube):
    times = sorted(v.published_at for v in server.world.videos if v.gone_at is None)
    edge = times[3].strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = {"part": "snippet", "type": "video", "q": "artist", "maxResults": 50}
    before = body_of(server, "search", **asked, publishedBefore=edge)["items"]
    after = body_of(server, "search", **asked, publishedAfter=edge)["items"]
    assert (len(before), len(after)) == (3, 4)


def test_an_etag_that_matches_gets_no_body(server: FakeYouTube):
    asked = requests_of(server.world)["videos"]
    _, headers, _ = ask(server, "videos", **asked)
    again = {"X-Goog-Api-Key": KEY, "If-None-Match": headers["ETag"]}
    status, _, data = ask(server, "videos", headers=again, **asked)
    assert (status, data) == (304, b"")


@pytest.mark.parametrize(
    ("path", "change", "status", "reason"),
    [
        ("search", {"maxResults": 51}, 400, "invalidParameter"),
        ("search", {"publishedAfter": "yesterday"}, 400, "invalidParameter"),
        ("search", {"pageToken": "x"}, 400, "invalidPageToken"),
        ("videos", {"id": ""}, 400, "missingRequiredParameter"),
        ("videos", {"id": ",".join(map(str, range(51)))}, 400, "invalidFilters"),
        ("videos", {"part": "nonsense"}, 400, "unknownPart"),
        ("playlistItems", {"playlistId": "UU"}, 404, "playlistNotFound"),
        ("commentThreads", {"maxResults": 101}, 400, "invalidParameter"),
        ("commentThreads", {"order": "likes"}, 400, "invalidParameter"),
        ("commentThreads", {"videoId": "nothing0000"}, 404, "videoNotFound"),
        ("nothing", {}, 404, "notFound"),
    ],
)
def test_what_the_api_refuses(
    server: FakeYouTube, path: str, change: dict, status: int, reason: str
):
    got, _, data = ask(server, path, **{**requests_of(server.world).get(path, {}), **change})
    error = json.loads(data)["error"]
    assert (got, error["code"], error["errors"][0]["reason"]) == (status, status, reason)


def test_calls_are_counted_by_bucket_and_pacific_day_and_refused_over_the_limit():
    clock = [NOW]
    with FakeYouTube(small_world(), lambda: clock[0], limits={"search": 1, "reads": 9}) as server:
        search = requests_of(server.world)["search"]
        statuses = [ask(server, "search", **search)[0] for _ in range(2)]
        clock[0] += dt.timedelta(hours=1)  # past midnight Pacific
        statuses.append(ask(server, "search", **search)[0])
        assert statuses == [200, 403, 200]
        assert server.calls_by_bucket(dt.date(2026, 11, 20)) == {"search": 2}
        assert server.calls_by_bucket(dt.date(2026, 11, 21)) == {"search": 1}
        assert [request.status for request in server.requests] == statuses


def test_without_a_key_and_with_one_in_the_address(server: FakeYouTube):
    asked = requests_of(server.world)["channels"]
    assert ask(server, "channels", headers={}, **asked)[0] == 403
    assert ask(server, "channels", headers={}, key="wrong", **asked)[0] == 400
    assert ask(server, "channels", headers={}, key=KEY, **asked)[0] == 200


@pytest.mark.parametrize("kind", ["cut_before", "cut_body"])
def test_cut_answers_are_cut(kind: str):
    with FakeYouTube(small_world(), lambda: NOW, lambda number: Fault(kind)) as server:
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            ask(server, "videos", **requests_of(server.world)["videos"])
        assert server.requests[0].status == 0
        assert server.calls_by_bucket() == {"reads": 1}


def test_counters_only_grow():
    world = make_world(NOW)
    later = [NOW + dt.timedelta(hours=hours) for hours in range(0, 240, 7)]
    for video in world.videos:
        views = [video.counts(at)["viewCount"] for at in later]
        assert views == sorted(views)
        assert 0 <= views[0] <= video.most_views


def test_closed_comments_are_refused_with_their_reason(server: FakeYouTube):
    [closed] = server.world.closed
    status, _, data = ask(server, "commentThreads", part="snippet", videoId=closed)
    assert (status, json.loads(data)["error"]["errors"][0]["reason"]) == (403, "commentsDisabled")
