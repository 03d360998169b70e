"""Pages of the group Recommend with content in a real browser: everybody can read and use them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from app.messages.catalogue import plain
from bench.viewer import serve
from kpop_assets_tests.app.chromium import OpenAt, Theme, needs_chromium, settle, watched
from kpop_assets_tests.app.cut_texts import find_cut_texts
from kpop_assets_tests.app.recommend.recommend_lake import SONGS, track_id, write_songs
from kpop_assets_tests.app.recommend.test_listener import serve_bundle
from kpop_assets_tests.app.recommend.test_shared import write_shared
from kpop_assets_tests.app.recommend.training_lake import write_trainings

pytestmark = needs_chromium

WIDTHS = (1440, 1024, 768, 390)
GRAVE = ("serious", "critical")
PAGES = ("seed", "listener?from=nothing", "recommenders", "recommenders?tab=groups", "shared")


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("recommend")
    write_songs(home)
    serve_bundle(home)
    write_trainings(home)
    write_shared(home)
    with serve(home) as (address, _):
        yield address


@pytest.mark.parametrize(("theme", "lang"), [("light", "en"), ("dark", "ko")])
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_a_full_page(
    name: str, theme: Theme, lang: str, viewer: str, browser: Browser
):
    with watched(browser, theme) as open_it:
        sign = "&" if "?" in name else "?"
        page = open_it(f"{viewer}/{name}{sign}lang={lang}")
        drawn = page.locator(".board, [data-testid=stVegaLiteChart]").first
        expect(drawn).to_be_visible(timeout=30_000)
        grave = [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in Axe().run(page).response["violations"]
            for node in violation["nodes"]
            if violation["impact"] in GRAVE
        ]
        cut = [text for width in WIDTHS for text in find_cut_texts(page, width)]
    assert (cut, grave) == ([], [])


def test_typing_finds_a_song_and_a_click_shows_what_is_near_it(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/seed?lang=en")
    box = page.get_by_role("searchbox", name=plain("en", "seed.find"))
    box.press_sequentially("next lev")
    page.get_by_role("button", name=SONGS["d"][2]).click()
    expect(page.get_by_role("heading", level=2, name=SONGS["d"][2])).to_be_visible()
    settle(page)
    assert f"work={track_id('d')}" in page.url and "lang=en" in page.url
    # A title may say anything, and is only ever text.
    page.locator(".board a", has_text=SONGS["a"][2]).first.click()
    expect(page.get_by_role("heading", level=2, name=SONGS["a"][2])).to_be_visible()
    settle(page)
    assert page.locator("h1").count() == 1 and page.locator("b", has_text="x").count() == 0
