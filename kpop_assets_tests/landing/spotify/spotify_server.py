"""Spotify's Web API on loopback, in its own forms: in extended quota, and in development mode.

Belongs here: what it answers about a small world, as its documentation has it. Does not belong
here: HTTP itself (the kit of net/), or faults, which tests put in front.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kpop_assets_tests.net.kit import Got, Reply

APPLICATION = "an-id:a-secret-of-the-tests"
JSON = {"Content-Type": "application/json"}
ALBUMS = {"alb1": ("FANCY YOU", "album", 12), "alb2": ("FANCY (Single)", "single", 1)}
FOUND_BY_GENRE = 63


@dataclass
class FakeSpotify:
    """Spotify; `reply` answers a request of the kit's service.

    Attributes:
        is_extended: whether the application has extended quota; else development mode.
        fault: what is answered in place of an answer; None where nothing is wrong.
        asked: requests by path.
    """

    is_extended: bool = True
    fault: Callable[[str], Reply | None] = lambda path: None
    asked: Counter[str] = field(default_factory=Counter)
    tokens: list[str] = field(default_factory=list)

    def reply(self, got: Got) -> Reply:
        """The answer, or what goes wrong."""
        parts = urlsplit(got.target)
        path = parts.path.removeprefix("/things/spotify/").removeprefix("v1/").rstrip("/")
        self.asked[path] += 1
        if fault := self.fault(path):
            return fault
        if path == "api/token":
            return self._token(got)
        if got.headers.get("authorization") not in {f"Bearer {t}" for t in self.tokens}:
            return refused(401, "Invalid access token")
        params = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return self._answer(path, params)

    def _token(self, got: Got) -> Reply:
        basic = base64.b64encode(APPLICATION.encode()).decode()
        if got.headers.get("authorization") != f"Basic {basic}":
            return Reply(400, json.dumps({"error": "invalid_client"}).encode(), JSON)
        assert got.method == "POST" and got.body == b"grant_type=client_credentials"
        self.tokens.append(f"token-{len(self.tokens)}-of-the-tests")
        body = {"access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": 3600}
        return told(body)

    def _answer(self, path: str, params: dict[str, str]) -> Reply:
        limit, offset = int(params.get("limit", 10)), int(params.get("offset", 0))
        if limit > (50 if self.is_extended else 10):
            return refused(400, "Invalid limit")
        if path == "search" and params["type"] == "track":
            items = [self.track(f"{params['q']}-{i}") for i in range(FOUND_BY_GENRE)]
            return told({"tracks": page(items, limit, offset)})
        if path == "search":
            (name,) = re.findall(r'artist:"(.+)"', params["q"])
            items = [{"id": "x", "name": f"{name} Tribute"}, {"id": "tw", "name": name.title()}]
            return told({"artists": page(items if name == "TWICE" else [], limit, offset)})
        if path == "artists/tw/albums":
            items = [
                {"id": own, "name": name, "album_type": kind, "release_date": "2019-04-22"}
                for own, (name, kind, _) in ALBUMS.items()
            ]
            return told(page(items, limit, offset))
        if found := re.fullmatch(r"albums/(\w+)/tracks", path):
            count = ALBUMS[found[1]][2]
            items = [self.track(f"{found[1]}-{i}", is_whole=False) for i in range(count)]
            return told(page(items, limit, offset))
        if not self.is_extended:
            return refused(403, "Forbidden")
        if path == "artists/tw/top-tracks":
            return told({"tracks": [self.track("alb1-0")]})
        if path == "audio-features":
            ids = params["ids"].split(",")
            return told({"audio_features": [features(own) for own in ids]})
        return refused(404, "Not found")

    def track(self, own_id: str, is_whole: bool = True) -> dict[str, Any]:
        """A track, whole or as an album lists it."""
        own = re.sub(r"\W", "", own_id)
        found: dict[str, Any] = {
            "id": own,
            "name": f"Song {own}",
            "artists": [{"id": "tw", "name": "TWICE"}, {"id": "g", "name": "Guest"}],
            "duration_ms": 214_000,
        }
        if is_whole:
            found["album"] = {"id": "a", "name": "Album", "release_date": "2019"}
            found["external_ids"] = {"isrc": "KRA301900086"}
            # Development mode has no popularity.
            found |= {"popularity": 70} if self.is_extended else {}
        return found


def features(own_id: str) -> dict[str, Any] | None:
    """Features of a track; of some there are none, and of some no beat was found."""
    if own_id.endswith("3"):
        return None
    has_beat = not own_id.endswith("4")
    return {
        "id": own_id,
        "energy": 0.9,
        "danceability": 0.7 if has_beat else 0.0,
        "tempo": 132.0 if has_beat else 0.0,
        "loudness": -4,
        "key": -1,
        "mode": 1,
        "time_signature": 4,
    }


def page(items: list[dict[str, Any]], limit: int, offset: int) -> dict[str, Any]:
    more = offset + limit < len(items)
    shown = items[offset : offset + limit]
    return {"items": shown, "total": len(items), "next": "elsewhere" if more else None}


def told(body: object) -> Reply:
    return Reply(200, json.dumps(body).encode(), JSON)


def refused(status: int, message: str) -> Reply:
    return Reply(
        status, json.dumps({"error": {"status": status, "message": message}}).encode(), JSON
    )
