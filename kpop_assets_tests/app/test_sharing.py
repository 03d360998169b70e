"""Pages can be found, shared, copied and printed: in a real browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from app.messages.catalogue import plain
from bench.viewer import menu_link
from kpop_assets.contracts.rules import TIERS
from kpop_assets_tests.app.chromium import OpenAt, needs_chromium, settle

pytestmark = needs_chromium
ARTIST = "GOT7"


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def acts(page: Page) -> list[str]:
    """Who stands on the page's first board."""
    rows = page.locator("table").first.locator("tbody tr")
    expect(rows.first).to_be_visible(timeout=30_000)
    return [name.split("\n")[0] for name in rows.locator("a").all_inner_texts()]


@pytest.mark.parametrize(
    ("lang", "typed", "name"),
    [("en", "got7", ARTIST), ("en", "갓세븐", ARTIST), ("ko", "ㄱㅅㅂ", "갓세븐")],
)
def test_the_search_leads_to_an_act(lang: str, typed: str, name: str, viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang={lang}")
    page.get_by_label(plain(lang, "search.label"), exact=True).fill(typed)
    results = page.locator(".st-key-search_results")
    results.get_by_role("link").filter(has_text=name).first.click()
    expect(page.locator("h1")).to_have_text(plain(lang, "artist.title"), timeout=30_000)
    settle(page)
    assert query(page)["artist"] == [ARTIST]
    expect(results).to_have_count(0)


def test_the_search_on_an_acts_page_takes_the_address_along(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/artist?lang=en&artist=EXO")
    page.get_by_label(plain("en", "search.label"), exact=True).fill("got7")
    page.locator(".st-key-search_results").get_by_role("button").first.click()
    page.wait_for_url("**artist=GOT7**", timeout=30_000)
    settle(page)
    box = page.get_by_role("combobox", name=plain("en", "artist.choose"))
    expect(box).to_have_value("GOT7")
    page.go_back()
    expect(box).to_have_value("EXO", timeout=30_000)


def test_the_search_finds_titles(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/method?lang=en")
    page.get_by_label(plain("en", "search.label"), exact=True).fill("got7 official mv")
    results = page.locator(".st-key-search_results")
    expect(results.get_by_role("link").first).to_contain_text("Official MV", timeout=30_000)


def test_the_box_of_acts_takes_what_is_typed(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/artist?lang=ko&artist=EXO")
    box = page.get_by_role("combobox", name=plain("ko", "artist.choose"))
    box.fill("ㄱㅅㅂ")
    box.press("Enter")
    page.wait_for_url("**artist=GOT7**", timeout=30_000)
    assert query(page)["artist"] == ["GOT7"]


def test_a_filtered_view_is_shared_and_back_restores(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")
    menu_link(page, "board").click()
    expect(page.locator("h1")).to_have_text("Board", timeout=30_000)
    settle(page)
    everybody = acts(page)
    page.get_by_role("button", name=plain("en", "ranking.filters")).click()
    page.get_by_role("combobox", name=plain("en", "ranking.tier")).click()
    page.get_by_role("option", name="2").click()
    page.wait_for_url("**tier=2**", timeout=30_000)
    settle(page)
    page.keyboard.press("Escape")
    filtered = acts(page)
    assert 0 < len(filtered) < len(everybody)
    shared = open_at(page.url)
    assert acts(shared) == filtered
    page.get_by_role("tab", name=plain("en", "board.tab_tiers")).click()
    page.wait_for_url("**tab=tiers**", timeout=30_000)
    settle(page)
    page.go_back()
    settle(page)
    assert query(page) == {"lang": ["en"], "tier": ["2"]}
    assert acts(page) == filtered
    page.go_back()
    settle(page)
    assert query(page) == {"lang": ["en"]}
    assert acts(page) == everybody
    page.go_back()
    expect(page.locator("h1")).to_have_text(plain("en", "home.title"), timeout=30_000)


def test_the_link_is_copied(viewer: str, browser: Browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{viewer}/board?lang=en&tab=growth")
    settle(page)
    page.get_by_role("button", name=plain("en", "tools.copy")).click()
    expect(page.get_by_role("button", name=plain("en", "tools.copied"))).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    context.close()


def test_an_artist_is_printed_on_one_page(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/artist?lang=en&artist={ARTIST}")
    page.evaluate("window.printed = 0; window.print = () => { window.printed += 1; }")
    page.get_by_role("button", name=plain("en", "tools.print")).click()
    page.wait_for_function("window.printed === 1", timeout=30_000)
    settle(page)
    page.emulate_media(media="print")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_role("button", name=plain("en", "tools.print"))).to_be_hidden()
    expect(page.get_by_role("heading", name=ARTIST, exact=True)).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", printed) == [b"1"]


def test_a_table_is_printed_whole(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/board?lang=en&tab=tiers")
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name=plain("en", "tools.print")).click()
    table = page.locator("table.paper").first
    expect(table).to_be_visible(timeout=30_000)
    assert table.locator("th").count() == 6
    assert table.locator("tbody tr").count() == len(TIERS)
    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")


def test_the_page_says_its_language(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=ko")
    page.wait_for_function("document.documentElement.lang === 'ko'", timeout=30_000)
    page.get_by_role("radio", name="English").click()
    page.wait_for_function("document.documentElement.lang === 'en'", timeout=30_000)
    assert page.evaluate("document.documentElement.lang") == "en"
