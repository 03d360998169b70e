"""The viewer in a real browser: every page, a click on a row, language, theme, downloads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import polars as pl
import pytest
from playwright.sync_api import expect

from app.messages.catalogue import plain
from app.pages import PAGES, START
from bench.viewer import menu_link
from kpop_assets_tests.app.chromium import OpenAt, link, needs_chromium, settle
from kpop_assets_tests.demo import END

pytestmark = needs_chromium


def test_every_page_by_the_menu_without_an_error(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")
    for name in PAGES:
        title = plain("en", f"{name}.title")
        menu_link(page, name).click()
        expect(page.locator("h1")).to_have_text(title, timeout=30_000)
        settle(page)
        expect(page.get_by_text(plain("en", "frame.simulated"))).to_be_visible()
        assert page.locator(".stException").count() == 0, name


@pytest.mark.parametrize("name", ["board", "artist", "home", "method"])
def test_a_page_by_its_link_in_korean(name: str, viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/{link(name)}?lang=ko")
    expect(page.locator("h1")).to_have_text(plain("ko", f"{name}.title"))
    assert page.locator(".stException").count() == 0


def test_the_first_page_has_a_path_of_its_own(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/{START}?lang=ko&day={END - dt.timedelta(days=3)}")
    expect(page.locator("h1")).to_have_text(plain("ko", f"{START}.title"))
    asked = {"lang": ["ko"], "day": [(END - dt.timedelta(days=3)).isoformat()]}
    assert parse_qs(urlparse(page.url).query) == asked
    assert page.get_by_role("dialog").count() == 0
    marked = page.locator("[data-testid=stPageLink-NavLink][aria-current=page]")
    expect(marked).to_contain_text(plain("ko", f"{START}.title"))


def test_a_click_on_an_artist_opens_its_page(viewer: str, full_home: Path, open_at: OpenAt):
    features = pl.read_delta(str(full_home / "lake" / "gold" / "artist_features"))
    ranked = features.filter(pl.col("ingest_date") == END).sort("rank", "artist")
    page = open_at(f"{viewer}/board?lang=en")
    page.locator(".board tbody th a").nth(2).click()
    expect(page.locator("h1")).to_have_text("Artist", timeout=30_000)
    settle(page)
    assert parse_qs(urlparse(page.url).query)["artist"] == [ranked.item(2, "artist")]


def test_language_is_switched_and_kept_from_page_to_page(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")
    page.get_by_role("radio", name="한국어").click()
    expect(page.locator("h1")).to_have_text(plain("ko", "home.title"), timeout=30_000)
    title = plain("ko", "board.title")
    menu_link(page, "board", "ko").click()
    expect(page.locator("h1")).to_have_text(title, timeout=30_000)
    settle(page)
    assert "lang=ko" in page.url


def test_theme_is_switched(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")

    def background() -> str:
        found: str = page.get_by_test_id("stApp").evaluate(
            "element => getComputedStyle(element).backgroundColor"
        )
        return found

    assert background() == "rgb(255, 255, 255)"
    page.get_by_test_id("stMainMenu").click()
    page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    settle(page)
    assert background() == "rgb(17, 22, 29)"


def test_downloads_hold_the_table(viewer: str, open_at: OpenAt, tmp_path: Path):
    page = open_at(f"{viewer}/board?lang=en")
    frames = {}
    for kind in ("CSV", "Parquet"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind).first.click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        read = pl.read_csv if kind == "CSV" else pl.read_parquet
        frames[kind] = read(path)
    assert frames["CSV"].height == frames["Parquet"].height > 20
    assert frames["CSV"]["total_engagement"].to_list() == (
        frames["Parquet"]["total_engagement"].to_list()
    )
