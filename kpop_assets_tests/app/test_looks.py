"""Every page can be read: nothing is cut at any width, and axe-core finds nothing serious.

On every page and tab, in both languages, each in one of the themes, in a real browser.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.pages import PAGES
from kpop_assets_tests.app.chromium import Theme, link, needs_chromium, settle, watched
from kpop_assets_tests.app.cut_texts import find_cut_texts

pytestmark = needs_chromium

# A large screen, a small one, a tablet, a phone.
WIDTHS = (1440, 1024, 768, 390)
LANGUAGE_OF_THEME: dict[Theme, str] = {"light": "en", "dark": "ko"}
GRAVE = ("serious", "critical")


def each_tab(page: Page) -> Iterator[str]:
    """Opens one tab of a page after the other; a page without any is one."""
    tabs = page.get_by_test_id("stMain").get_by_role("tab")
    for number in range(max(1, tabs.count())):
        if number:
            tabs.nth(number).click()
            settle(page)
            # What was there before fades.
            expect(page.locator("[data-stale=true]")).to_have_count(0)
            page.wait_for_timeout(300)
        yield tabs.nth(number).inner_text() if tabs.count() else ""


@pytest.mark.parametrize("theme", LANGUAGE_OF_THEME)
@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_it(name: str, theme: Theme, viewer: str, browser: Browser):
    cut, grave = [], []
    with watched(browser, theme) as open_it:
        page = open_it(f"{viewer}/{link(name)}?lang={LANGUAGE_OF_THEME[theme]}")
        for tab in each_tab(page):
            grave += [
                f"{tab} {violation['id']}: {node['html'][:200]} {node['failureSummary']}"
                for violation in Axe().run(page).response["violations"]
                for node in violation["nodes"]
                if violation["impact"] in GRAVE
            ]
            cut += [f"{tab} {text}" for width in WIDTHS for text in find_cut_texts(page, width)]
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    assert (cut, grave) == ([], [])


def test_a_cut_text_is_found(browser: Browser):
    """What the other tests rest on: a word that its box hides, and one beyond the edge."""
    page = browser.new_page()
    page.set_content(
        "<div data-testid=stMain style='overflow: hidden'>"
        "<p style='width: 400px; overflow: hidden'>IVE</p>"
        "<p style='width: 40px; overflow: hidden; white-space: nowrap'>SUPER JUNIOR</p>"
        "<p style='margin-left: 600px; width: 300px'>beyond</p></div>"
    )
    assert find_cut_texts(page, 768) == [
        "768 px: cut: SUPER JUNIOR",
        "768 px: beyond the edge: beyond",
        "768 px: the page scrolls sideways",
    ]
    page.close()
