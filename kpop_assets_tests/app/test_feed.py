"""The feed over real HTTP: three forms that parse, a token that must fit, answers kept by ETag."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import stat
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qs, urlparse
from xml.etree import ElementTree as ET

import pytest

from app.feed import Entry, Feed, to_atom, to_csv_feed, to_json_feed
from app.feed_token import FILE, feed_token, is_feed_token
from app.watchlist import Watchlist
from bench.viewer import serve
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.settings import Settings
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]> <script>window.acted=1</script> & \x00\x0b=1+1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two acts that changed tier, on real observations."""
    folder = tmp_path_factory.mktemp("feed")
    rows = [
        {"ingest_date": days_ago(age), "artist": artist, "tier": tier}
        for artist, tiers in (("IVE", (3, 2)), ("BTS", (1, 2)))
        for age, tier in zip((1, 0), tiers, strict=True)
    ]
    write_rows(folder, ARTIST_FEATURES, rows)
    write_rows(folder, EVENTS, [{"ingest_date": DAY, "source": "youtube"}])
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    with serve(home) as (address, _):
        yield address


def get(address: str, **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def address_of(server: str, home: Path, form: str) -> str:
    return f"{server}/feed/{feed_token(Settings(home=home).viewer)}.{form}"


def test_atom_has_what_its_standard_asks_for(server: str, home: Path):
    status, headers, body = get(address_of(server, home, "atom"))
    assert status == 200
    assert headers["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{ATOM}{name}")) == 1, name
    (own,) = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == address_of(server, home, "atom")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for entry in entries:
        assert entry.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
        assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")).tzinfo
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert urlparse(link.get("href")).path == "/artist"
    said = {entry.findtext(f"{ATOM}title") for entry in entries}
    assert said == {"IVE moved up from tier 3 to 2", "BTS moved down from tier 1 to 2"}


def test_json_and_csv_say_the_same(server: str, home: Path):
    body = get(address_of(server, home, "json"))[2]
    feed = json.loads(body)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == address_of(server, home, "json")
    rows = list(
        csv.DictReader(io.StringIO(get(address_of(server, home, "csv"))[2].decode("utf-8-sig")))
    )
    assert {(item["id"], item["content_text"]) for item in feed["items"]} == {
        (row["id"], row["text"]) for row in rows
    }
    assert {row["day"] for row in rows} == {DAY.isoformat()}


def test_the_language_is_that_of_the_address_and_ids_are_not(server: str, home: Path):
    english = json.loads(get(address_of(server, home, "json"))[2])["items"]
    korean = json.loads(get(address_of(server, home, "json") + "?lang=ko")[2])["items"]
    assert [item["id"] for item in korean] == [item["id"] for item in english]
    assert any("아이브" in item["title"] for item in korean)
    assert parse_qs(urlparse(korean[0]["url"]).query)["lang"] == ["ko"]


@pytest.mark.parametrize("name", ["wrong.atom", ".atom", "{token}", "{token}.html", "{token}x.csv"])
def test_without_the_token_there_is_nothing(name: str, server: str, home: Path):
    token = feed_token(Settings(home=home).viewer)
    assert get(f"{server}/feed/{name.format(token=token)}")[0] == 404


def test_an_answer_that_is_known_is_not_sent_again_until_something_changes(server: str, home: Path):
    address = address_of(server, home, "atom")
    tag = get(address)[1]["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        status, headers, body = get(address, **{"If-None-Match": known})
        assert (status, headers["ETag"], body) == (304, tag, b"")
    watchlist = Watchlist(Settings(home=home).viewer)
    watchlist.toggle("IVE")
    try:
        status, headers, body = get(address, **{"If-None-Match": tag})
        assert status == 200
        assert headers["ETag"] != tag
        assert [e.findtext(f"{ATOM}title") for e in ET.fromstring(body).iter(f"{ATOM}entry")] == [
            "IVE moved up from tier 3 to 2"
        ]
    finally:
        watchlist.toggle("IVE")


def test_a_damaged_watchlist_is_said_and_no_secret(server: str, home: Path):
    path = Settings(home=home).viewer / "watchlist.json"
    before = path.read_bytes() if path.exists() else None
    path.write_text("{")
    try:
        status, _, body = get(address_of(server, home, "atom"))
        assert status == 503
        assert b"watchlist" in body
        assert feed_token(path.parent).encode() not in body
    finally:
        path.unlink() if before is None else path.write_bytes(before)


def test_pages_are_served_beside_the_feed(server: str):
    status, headers, _ = get(server)
    assert status == 200
    assert headers["Content-Type"].startswith("text/html")


def test_a_token_is_of_one_folder_and_its_owners_alone(tmp_path: Path):
    first, second = (feed_token(tmp_path / name) for name in ("a", "b"))
    assert first != second
    assert feed_token(tmp_path / "a") == first
    assert stat.S_IMODE((tmp_path / "a" / FILE).stat().st_mode) == 0o600
    assert is_feed_token(tmp_path / "a", first)
    assert not is_feed_token(tmp_path / "a", second)
    assert not is_feed_token(tmp_path / "a", "한글")
    assert not is_feed_token(tmp_path / "none", "")


def test_all_who_ask_at_once_get_one_token(tmp_path: Path):
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(feed_token(tmp_path / "viewer")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


def test_a_hostile_title_is_text_in_every_form():
    entry = Entry("key", DAY, "milestone", "=IVE", HOSTILE, "http://127.0.0.1/artist?artist=a&b")
    feed = Feed("title", "http://127.0.0.1/", "http://127.0.0.1/feed/x", (entry,), DAY)
    root = ET.fromstring(to_atom(feed))
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == HOSTILE.replace("\x00\x0b", "")
    assert json.loads(to_json_feed(feed))["items"][0]["content_text"] == HOSTILE
    (row,) = csv.DictReader(io.StringIO(to_csv_feed(feed).decode("utf-8-sig")))
    assert row["artist"] == "'=IVE"
    assert row["text"] == HOSTILE
