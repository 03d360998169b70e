"""Home in a real browser: the answer is seen at once, on every size and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.messages.catalogue import plain
from app.watchlist import Watchlist
from bench.viewer import serve
from kpop_assets.contracts.bronze import EVENTS
from kpop_assets.settings import Settings
from kpop_assets_tests.app.chromium import OpenAt, needs_chromium, settle
from kpop_assets_tests.app.hostile import TITLES, VIDEO_IDS
from kpop_assets_tests.app.kit import DAY, days_ago, write_rows
from kpop_assets_tests.app.viral_lake import REASONS, viral_forecast, write_forecasts

pytestmark = needs_chromium

ARTISTS = tuple(TITLES)
SIZES = ((1440, 900), (1024, 768), (390, 844))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A forecast of acts whose driving videos have hostile titles, on real observations."""
    folder = tmp_path_factory.mktemp("home")
    rows = [
        viral_forecast(
            artist,
            place,
            driving_video_title=TITLES[artist],
            driving_video_id=VIDEO_IDS[artist],
            **REASONS,
        )
        for place, artist in enumerate(ARTISTS, start=1)
    ]
    write_forecasts(folder, rows)
    write_rows(folder, EVENTS, [{"ingest_date": DAY, "source": "youtube"}])
    return folder


@pytest.fixture(scope="module")
def viewer(home: Path) -> Iterator[str]:
    with serve(home) as (address, _):
        yield address


def drawn(page: Page) -> Page:
    expect(page.locator(".board table")).to_have_count(2, timeout=30_000)
    return page


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_answer_is_seen_without_scrolling(lang: str, viewer: str, open_at: OpenAt):
    page = drawn(open_at(f"{viewer}/?lang={lang}"))
    expect(page.locator("h1")).to_have_text(plain(lang, "home.title"))
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)
        answer = page.get_by_test_id("stMarkdown").filter(has_text=days_ago(-7).isoformat()).first
        card = page.locator(".board.is-few .is-chance").first
        for place in (answer, card):
            box = place.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height, (width, box)
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    page.set_viewport_size({"width": 1400, "height": 1000})


def test_a_star_on_a_card_is_on_every_board_and_on_the_watchlist(
    viewer: str, home: Path, open_at: OpenAt
):
    page = drawn(open_at(f"{viewer}/?lang=en"))
    name = f"{plain('en', 'rows.watch')}: {ARTISTS[0]}"
    page.locator(".board.is-few").get_by_role("button", name=name).click()
    stars = page.get_by_role("button", name=name)
    expect(stars).to_have_count(2)
    for place in range(2):
        expect(stars.nth(place)).to_have_attribute("aria-pressed", "true", timeout=30_000)
    settle(page)
    watchlist = Watchlist(Settings(home=home).viewer)
    assert watchlist.read() == (ARTISTS[0],)
    page.reload()
    drawn(page)
    settle(page)
    page.goto(f"{viewer}/watchlist?lang=en")
    expect(page.locator(".board tbody th a")).to_have_text([ARTISTS[0]], timeout=30_000)
    settle(page)
    watchlist.toggle(ARTISTS[0])


def test_hostile_titles_are_texts_that_lead_to_their_source(viewer: str, open_at: OpenAt):
    page = drawn(open_at(f"{viewer}/?lang=en"))
    ten = page.locator(".board:not(.is-few)").first
    for artist, title in TITLES.items():
        link = ten.locator("tbody tr").filter(has_text=artist).first.locator("td a")
        assert link.inner_text() == title
        assert str(link.get_attribute("href")).endswith(VIDEO_IDS[artist])
    assert page.evaluate("window.acted") is None
    assert page.locator("h1").count() == 1
    assert page.locator(".board img").count() == 0
