"""Collecting from Spotify through its real client, against a server on loopback, in both modes."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.contracts.tracks import SPOTIFY_API_SOURCE, TRACK_LINES
from kpop_assets.landing.folders import list_days, list_landed
from kpop_assets.landing.spotify.spotify_fetch import fetch_tracks
from kpop_assets.landing.spotify.spotify_report import SpotifyError, SpotifyReport
from kpop_assets.landing.usable import problem_of
from kpop_assets.settings import Settings
from kpop_assets_tests.landing.spotify.spotify_server import APPLICATION, FakeSpotify, refused
from kpop_assets_tests.net.kit import Reply, Service, serving

NOW = 1_772_420_400.0  # 2026-03-02 12:00 in Seoul


class World:
    """A home, a server, and a clock that pauses move."""

    def __init__(self, home: Path, service: Service) -> None:
        self.spotify, self.seconds, self.slept = FakeSpotify(), NOW, list[float]()
        self.service = service
        service.reply = lambda got: self.spotify.reply(got)
        own_id, _, secret = APPLICATION.partition(":")
        self.settings = Settings(
            home, spotify_id=own_id, spotify_secret=secret, outside_endpoint=service.url
        )

    def clock(self) -> float:
        """Seconds, moved by pauses and tests."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """A pause, which takes no time."""
        self.slept.append(seconds)
        self.seconds += seconds

    def fetch(self, *queries: str, most: int = 1_000) -> SpotifyReport:
        """Collect, of what was asked before forgotten."""
        self.spotify.asked.clear()
        return fetch_tracks(self.settings, queries, most, self.clock, self.sleep)

    def lines(self) -> dict[str, dict[str, Any]]:
        """What was landed, each line one that can be used."""
        landing = self.settings.landing
        files = [
            f for day in list_days(landing, "tracks") for f in list_landed(landing, day, "tracks")
        ]
        found = [json.loads(line) for file in files for line in file.read_bytes().splitlines()]
        assert all(problem_of(line, TRACK_LINES) == "" for line in found)
        return {line["track_id"]: line for line in found}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    from kpop_assets.landing.spotify import spotify_fetch

    acts = spotify_fetch.load_catalog()
    few = replace(acts, acts=tuple(a for a in acts if a.artist in ("TWICE", "IU")))
    monkeypatch.setattr(spotify_fetch, "load_catalog", lambda overlay: few)
    with serving() as service:
        yield World(tmp_path, service)


def test_in_extended_quota_all_that_there_is_is_told(world: World):
    report = world.fetch()
    assert report.found == {"search": 63, "release": 13, "top": 1}
    assert (report.acts, report.unknown_acts, report.withheld, report.stopped) == (2, 1, [], "")
    lines = world.lines()
    assert len(lines) == 63 + 13
    assert {line["source"] for line in lines.values()} == {SPOTIFY_API_SOURCE}
    top = lines["alb10"]
    # The release says the album, the list of top tracks popularity and the code.
    assert (top["album_name"], top["album_type"]) == ("FANCY YOU", "album")
    assert (top["popularity"], top["isrc"], top["energy"]) == (70, "KRA301900086", 0.9)
    assert (top["artist_name"], top["credited_names"]) == ("TWICE", ["TWICE", "Guest"])
    assert "popularity" not in lines["alb11"]
    # What was not measured is left out, and never 0.
    assert "energy" not in lines["alb13"]
    assert {"tempo", "danceability", "musical_key"}.isdisjoint(lines["alb14"])
    assert world.spotify.asked["search"] == 2 + 2
    assert report.with_features == sum("energy" in line for line in lines.values())


def test_in_development_mode_what_is_closed_is_asked_once_and_remembered(world: World):
    world.spotify.is_extended = False
    report = world.fetch()
    assert report.found == {"search": 63, "release": 13}
    assert report.withheld == ["large_pages", "top_tracks", "audio_features"]
    assert not report.refused and not report.stopped
    assert not any("energy" in line or "popularity" in line for line in world.lines().values())
    # A page of 50, which is refused, then seven of ten; and each act.
    assert world.spotify.asked["search"] == 1 + 7 + 2
    closed = ("artists/tw/top-tracks", "audio-features")
    assert [world.spotify.asked[path] for path in closed] == [1, 1]
    world.seconds += 86_400
    world.fetch()
    assert [world.spotify.asked[path] for path in closed] == [0, 0]
    # Ids of acts that were found are remembered; IU is looked for again.
    assert world.spotify.asked["search"] == 7 + 1


def test_a_mode_that_was_changed_is_noticed_after_some_weeks(world: World):
    world.spotify.is_extended = False
    world.fetch()
    world.spotify.is_extended = True
    world.seconds += 31 * 86_400
    report = world.fetch()
    assert (report.withheld, report.found["top"]) == ([], 1)


def test_another_application_is_asked_for_itself(world: World, monkeypatch: pytest.MonkeyPatch):
    world.spotify.is_extended = False
    world.fetch()
    world.spotify.is_extended = True
    from kpop_assets_tests.landing.spotify import spotify_server

    monkeypatch.setattr(spotify_server, "APPLICATION", "another:secret-of-the-tests")
    world.settings = replace(
        world.settings, spotify_id="another", spotify_secret="secret-of-the-tests"
    )
    assert world.fetch().withheld == []


def test_who_is_asked_to_wait_waits_so_long(world: World):
    once = iter([Reply(429, b"{}", {"Retry-After": "17"})])
    world.spotify.fault = lambda path: next(once, None) if path == "search" else None
    report = world.fetch("fancy")
    assert 17 in world.slept and report.found["search"] == 63


def test_who_is_asked_to_wait_too_long_stops_and_lands_what_it_has(world: World):
    late = Reply(429, b"{}", {"Retry-After": "86000"})
    world.spotify.fault = lambda path: late if path.startswith("albums/alb2") else None
    report = world.fetch()
    assert "spotify cannot be reached or fails" in report.stopped
    assert len(world.lines()) == 63 + 12 and report.landed is not None
    assert max(world.slept) < 100
    # The act that it stopped at is the next.
    world.spotify.fault = lambda path: None
    world.seconds += 86_400
    assert world.fetch().found["release"] == 13


@pytest.mark.parametrize("way", ["cut", "close", "nonsense"])
def test_an_answer_that_breaks_off_is_asked_for_again(world: World, way: str):
    body = json.dumps({"tracks": {"items": []}}).encode()
    twice = iter([Reply(200, body, way=way)] * 2)
    world.spotify.fault = lambda path: next(twice, None) if path == "search" else None
    assert world.fetch("fancy").found["search"] == 63
    assert world.spotify.asked["search"] == 2 + 2


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"[]", b""])
def test_an_answer_of_something_between_is_none(world: World, body: bytes):
    world.spotify.fault = lambda path: Reply(200, body) if path == "search" else None
    report = world.fetch("fancy")
    assert "the answer is not Spotify's" in report.stopped
    assert report.landed is None and world.lines() == {}


@pytest.mark.parametrize(
    "body", [{"tracks": {"items": [], "next": None}}, {"tracks": None}, {}, {"tracks": {}}]
)
def test_nothing_found_is_no_trouble(world: World, body: dict[str, Any]):
    told = Reply(200, json.dumps(body).encode())
    world.spotify.fault = lambda path: told if path == "search" else None
    report = world.fetch("fancy")
    assert not report.found and not report.stopped and report.landed is None


def test_entries_that_are_no_track_are_counted(world: World):
    whole = world.spotify.track("a")
    items = [whole, None, {}, {**whole, "id": None}, {**whole, "artists": None}, "x"]
    told = Reply(200, json.dumps({"tracks": {"items": items, "next": None}}).encode())
    world.spotify.fault = lambda path: told if path == "search" else None
    report = world.fetch("fancy")
    assert (report.found["search"], report.odd) == (1, 3)


def test_a_request_that_is_refused_for_itself_stops_no_other(world: World):
    gone = refused(404, "Not found")
    world.spotify.fault = lambda path: gone if path.startswith("albums/alb1") else None
    report = world.fetch()
    assert report.refused == {"release (HTTP 404)": 1}
    assert report.found["release"] == 1


def test_top_tracks_that_are_refused_stop_nothing_and_all_else_is_landed(world: World):
    gone = refused(404, "Not found")
    world.spotify.fault = lambda path: gone if path == "artists/tw/top-tracks" else None
    report = world.fetch()
    assert report.refused == {"top tracks (HTTP 404)": 1}
    assert report.landed is not None and len(world.lines()) == 63 + 13


def test_a_page_that_is_small_by_itself_says_nothing_of_large_ones(world: World):
    world.spotify.is_extended = False
    assert world.fetch("fancy", most=10).found["search"] == 10
    report = world.fetch("fancy", most=20)
    assert (report.found["search"], report.refused) == (20, {})
    assert report.withheld == ["large_pages", "audio_features"]


def test_an_application_that_lost_its_quota_is_noticed_at_the_first_refusal(world: World):
    assert world.fetch().withheld == []
    world.spotify.is_extended = False
    report = world.fetch()
    assert (report.found["search"], report.found["release"]) == (63, 13)
    assert report.withheld == ["large_pages", "top_tracks", "audio_features"]
    assert not report.refused


def test_a_request_that_is_refused_by_any_page_says_nothing_of_large_ones(world: World):
    wrong = refused(400, "Invalid query")
    world.spotify.fault = lambda path: wrong if path == "search" else None
    for _ in range(2):
        report = world.fetch("fancy")
        assert (report.refused, report.withheld) == ({"search (HTTP 400)": 1}, [])
        assert world.spotify.asked["search"] == 2


def test_no_more_results_than_are_asked_for(world: World):
    assert world.fetch("fancy", most=20).found["search"] == 20
    assert world.spotify.asked["search"] == 1


def test_without_an_application_or_with_a_wrong_one_it_says_what_to_do(world: World):
    world.settings = replace(world.settings, spotify_secret="wrong")
    with pytest.raises(SpotifyError, match=r"refuses the application \(invalid_client\).*SECRET"):
        world.fetch()
    world.settings = replace(world.settings, spotify_secret="")
    with pytest.raises(SpotifyError, match="KPOP_SPOTIFY_ID"):
        world.fetch()
    assert list(world.settings.home.glob("landing/**/*.json")) == []


def test_the_secret_and_the_token_show_nowhere(world: World, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        world.spotify.fault = lambda path: (
            Reply(500, b"a-secret-of-the-tests token-0-of-the-tests") if "albums" in path else None
        )
        report = world.fetch()
    assert report.stopped
    said = f"{report}{caplog.text}{world.settings!r}"
    files = b"".join(p.read_bytes() for p in world.settings.home.rglob("*") if p.is_file())
    for word in ("a-secret-of-the-tests", "token-0-of-the-tests"):
        assert word not in said and word.encode() not in files
