"""Hostile texts in a real browser: whatever a line says, a page shows it and nothing acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Locator, Page, expect

from app.messages.catalogue import plain
from app.pages import PAGES
from bench.viewer import serve
from kpop_assets_tests.app.chromium import OpenAt, link, needs_chromium, settle
from kpop_assets_tests.app.hostile import ACTS, BROKEN_LINE, TITLES, VIDEO_IDS, write_lines
from kpop_assets_tests.demo import END, kpop

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("hostile")
    lines = write_lines(tmp_path_factory.mktemp("lines"), END)
    kpop(home, "import", "landing", str(lines))
    kpop(home, "run", (END - dt.timedelta(days=1)).isoformat(), END.isoformat())
    return home


@pytest.fixture(scope="module")
def hostile_viewer(hostile_home: Path) -> Iterator[str]:
    with serve(hostile_home) as (address, _):
        yield address


def unfold(page: Page) -> None:
    """Open the tables under charts, those in hidden tabs too: they are drawn when opened."""
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    settle(page)


def cells(page: Page, text: str) -> Locator:
    """Cells of tables with a text: canvases carry them as elements for screen readers."""
    return page.get_by_test_id("stDataFrame").locator("td").filter(has_text=text)


def assert_nothing_acted(page: Page) -> None:
    assert page.locator(".stException").count() == 0
    assert page.evaluate("window.acted") is None
    assert page.locator("h1").count() == 1
    assert page.locator("img[src='x'], img[src*='127.0.0.1:1/']").count() == 0
    assert page.locator("[href*='evil.example'], [href^='javascript:']").count() == 0
    assert page.locator("script").filter(has_text="acted").count() == 0


def test_hostile_lines_reach_the_pages(hostile_home: Path):
    bronze = hostile_home / "lake" / "bronze"
    events = pl.read_delta(str(bronze / "events")).select("artist", "text", "author_name").unique()
    assert sorted(events.rows()) == sorted((a, title, ACTS) for a, title in TITLES.items())
    lines = pl.read_delta(str(bronze / "quarantine")).get_column("line").to_list()
    assert lines == [BROKEN_LINE] * 2


@pytest.mark.parametrize("name", [name for name in PAGES if name != "artist"])
def test_nothing_hostile_acts(name: str, hostile_viewer: str, open_at: OpenAt):
    page = open_at(f"{hostile_viewer}/{link(name)}?lang=en")
    unfold(page)
    assert_nothing_acted(page)


@pytest.mark.parametrize("artist", TITLES)
def test_a_hostile_title_is_text(artist: str, hostile_viewer: str, open_at: OpenAt):
    overview = open_at(f"{hostile_viewer}/artist?artist={artist}&lang=en")
    assert_nothing_acted(overview)
    page = open_at(f"{hostile_viewer}/artist?artist={artist}&tab=videos&lang=en")
    unfold(page)
    expect(cells(page, TITLES[artist]).first).to_be_attached(timeout=30_000)
    assert_nothing_acted(page)


def test_a_hostile_channel_is_text(hostile_viewer: str, open_at: OpenAt):
    page = open_at(f"{hostile_viewer}/duplicates?lang=en")
    box = page.get_by_label(plain("en", "duplicates.id"))
    box.fill(VIDEO_IDS["BLACKPINK"])
    box.press("Enter")
    expect(cells(page, TITLES["BLACKPINK"]).first).to_be_attached(timeout=30_000)
    channel = page.get_by_test_id("stDataFrame").locator("td").get_by_text(ACTS, exact=True)
    # One for each of the two days.
    expect(channel).to_have_count(2)
    assert_nothing_acted(page)
    box.fill(ACTS)
    box.press("Enter")
    expect(channel).to_have_count(0, timeout=30_000)
    assert_nothing_acted(page)


def test_a_hostile_line_in_quarantine_is_text(hostile_viewer: str, open_at: OpenAt):
    page = open_at(f"{hostile_viewer}/health?lang=en")
    page.get_by_role("tab", name=plain("en", "data_health.tab_quarantine")).click()
    # One of each day.
    expect(cells(page, BROKEN_LINE)).to_have_count(2, timeout=30_000)
    assert_nothing_acted(page)
