"""Stars, alerts, sharing and the feed in a real browser, with titles that try to act."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from app.messages.catalogue import plain
from app.watchlist import Watchlist
from bench.viewer import serve
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.contracts.silver import ARTIST_DAILY, VIDEO_DAILY
from kpop_assets.settings import Settings
from kpop_assets_tests.app.chromium import OpenAt, needs_chromium, settle
from kpop_assets_tests.app.hostile import TITLES, VIDEO_IDS
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows

pytestmark = needs_chromium

ARTISTS = tuple(TITLES)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Acts whose driving videos have hostile titles; the first of them moved up."""
    folder = tmp_path_factory.mktemp("watch")
    for age in (1, 0):
        day = {"ingest_date": days_ago(age)}
        for place, artist in enumerate(ARTISTS, start=1):
            row = {**day, "artist": artist, "video_id": VIDEO_IDS[artist]}
            points = {"engagement": 1000 * place, "total_engagement": 1000 * (9 - place)}
            tier = 3 if age and place == 1 else 2
            growth = {"growth_rate_7d": 10.0 * (place - 3), "rank": place, "tier": tier}
            write_rows(folder, ARTIST_FEATURES, [{**row, **points, **growth}])
            write_rows(folder, ARTIST_DAILY, [{**row, **points}])
            write_rows(folder, VIDEO_DAILY, [{**row, **points}])
            write_rows(folder, EVENTS, [{**row, "source": "youtube", "text": TITLES[artist]}])
    return folder


@pytest.fixture
def watchlist(home: Path) -> Iterator[Watchlist]:
    """The list that the viewer keeps; nothing is left of a test."""
    kept = Watchlist(Settings(home=home).viewer)
    yield kept
    for path in kept.folder.glob("*"):
        path.unlink()


@pytest.fixture(scope="module")
def viewer(home: Path) -> Iterator[str]:
    with serve(home) as (address, _):
        yield address


def star(page: Page, artist: str) -> Locator:
    return page.get_by_role("button", name=f"{plain('en', 'rows.watch')}: {artist}")


def expect_order(page: Page, artists: Sequence[str]) -> None:
    expect(page.locator(".board tbody th a")).to_have_text(list(artists), timeout=30_000)


def test_a_shared_list_is_offered_and_taken_only_by_a_click(
    viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    page = open_at(f"{viewer}/watchlist?lang=en&watch={ARTISTS[0]},{ARTISTS[2]},<b>x")
    offer = plain("en", "watchlist.shared", artists=f"{ARTISTS[0]}, {ARTISTS[2]}")
    expect(page.get_by_text(offer)).to_be_visible()
    assert watchlist.read() == ()
    page.get_by_role("button", name=plain("en", "watchlist.adopt")).click()
    expect(page.locator(".board tbody tr")).to_have_count(2, timeout=30_000)
    settle(page)
    assert watchlist.read() == (ARTISTS[0], ARTISTS[2])
    shared = parse_qs(urlparse(page.url).query)["watch"]
    assert shared == [f"{ARTISTS[0]},{ARTISTS[2]}"]


def test_a_star_is_kept_over_a_reload_and_can_be_taken_back(
    viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    watchlist.adopt(ARTISTS[:3])
    page = open_at(f"{viewer}/watchlist?lang=en")
    expect(star(page, ARTISTS[1])).to_have_attribute("aria-pressed", "true")
    star(page, ARTISTS[1]).click()
    expect(page.locator(".board tbody tr")).to_have_count(2, timeout=30_000)
    assert watchlist.read() == (ARTISTS[0], ARTISTS[2])
    settle(page)
    page.reload()
    settle(page)
    expect_order(page, [ARTISTS[0], ARTISTS[2]])


def test_headings_sort_by_click_and_by_key_and_say_how(
    viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    watchlist.adopt(ARTISTS)
    page = open_at(f"{viewer}/watchlist?lang=en")
    expect_order(page, ARTISTS)
    label = plain("en", "column.growth_rate_7d")
    heading = page.get_by_role("columnheader", name=label)
    heading.get_by_role("button").click()
    expect_order(page, ARTISTS[::-1])
    assert heading.get_attribute("aria-sort") == "descending"
    heading.get_by_role("button").press("Enter")
    expect_order(page, ARTISTS)
    assert heading.get_attribute("aria-sort") == "ascending"
    # What a visitor sorted stays so when a star draws the page anew.
    page.get_by_role("columnheader", name="Artist").get_by_role("button").click()
    ordered = sorted(ARTISTS, key=str.casefold)
    expect_order(page, ordered)
    star(page, ordered[-1]).click()
    expect_order(page, ordered[:-1])


def test_the_artist_alone_is_a_link_and_keeps_language_and_day(
    viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    watchlist.adopt(ARTISTS)
    page = open_at(f"{viewer}/watchlist?lang=ko&day={days_ago(1)}")
    page.locator(".board tbody td").nth(1).click()
    assert urlparse(page.url).path == "/watchlist"
    page.locator(".board tbody th a").nth(2).click()
    page.wait_for_url("**/artist?**", timeout=30_000)
    settle(page)
    asked = parse_qs(urlparse(page.url).query)
    assert (asked["artist"], asked["lang"]) == ([ARTISTS[2]], ["ko"])
    assert asked["day"] == [days_ago(1).isoformat()]


def test_titles_are_text_and_lead_to_their_source(
    viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    watchlist.adopt(ARTISTS)
    page = open_at(f"{viewer}/watchlist?lang=en")
    for artist, title in TITLES.items():
        row = page.locator(".board tbody tr").filter(has_text=artist).first
        link = row.locator("td a")
        assert link.inner_text() == title
        assert link.get_attribute("href") == (
            f"https://www.youtube.com/watch?v={VIDEO_IDS[artist]}"
        )
        assert link.get_attribute("rel") == "noopener noreferrer"
    assert page.evaluate("window.acted") is None
    assert page.locator(".board img").count() == 0
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_on_a_phone_rows_are_cards_and_nothing_is_wider_than_the_screen(
    lang: str, viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    watchlist.adopt(ARTISTS)
    page = open_at(f"{viewer}/watchlist?lang={lang}")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".board.is-cards")).to_be_visible()
    assert page.locator(".board tbody tr").first.evaluate("e => getComputedStyle(e).display") == (
        "flex"
    )
    cut = page.locator(".board, .board tr, .board a, .board .text").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).length"
    )
    assert cut == 0
    choice = page.locator(".board select")
    choice.select_option("growth_rate_7d")
    assert page.locator(".board tbody th a").count() == len(ARTISTS)


def test_alerts_say_what_happened_and_the_feed_says_it_too(
    viewer: str, open_at: OpenAt, watchlist: Watchlist
):
    watchlist.toggle(ARTISTS[0])
    page = open_at(f"{viewer}/watchlist?lang=en")
    said = f"{ARTISTS[0]} moved up from tier 3 to 2"
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name=plain("en", "watchlist.show_feeds")).click()
    addresses = page.get_by_test_id("stCode")
    expect(addresses).to_have_count(3, timeout=30_000)
    (address,) = [text for text in addresses.all_inner_texts() if ".json" in text]
    with urllib.request.urlopen(address.strip()) as answer:
        feed = json.load(answer)
    assert [item["content_text"] for item in feed["items"]] == [said]
    assert feed["items"][0]["date_published"].startswith(DAY.isoformat())
