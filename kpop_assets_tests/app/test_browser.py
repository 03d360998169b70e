"""The viewer in a real browser: every page, a click on a row, language, theme, hostile texts.

Chromium is Debian's (`apt-get install chromium`); without it these tests are skipped, in CI they
fail.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import polars as pl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from app.main import PAGES
from app.messages.catalogue import plain
from bench.viewer import serve
from kpop_assets_tests.app.conftest import END, kpop
from kpop_assets_tests.app.hostile import ACTS, BROKEN_LINE, TITLES, VIDEO_IDS, write_lines

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NAMES = [name for pages in PAGES.values() for name in pages]
# Without these, Chromium itself calls its maker's hosts.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Streamlit's page asks for these below the page's own path first and then finds the root.
STREAMLIT_PROBES = ("/_stcore/health", "/_stcore/host-config")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("KPOP_REQUIRE_BROWSER"),
    reason="Chromium is not installed: apt-get install chromium",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", *QUIET]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def viewer(full_home: Path) -> Iterator[str]:
    with serve(full_home) as (address, _):
        yield address


OpenAt = Callable[[str], Page]


@pytest.fixture
def open_at(browser: Browser) -> Iterator[OpenAt]:
    """Opens an address; at the end, no page may have failed in any way."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 1000}, locale="en-US", accept_downloads=True
    )
    troubles: list[str] = []

    def open_it(address: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"error {error}"))
        page.on("dialog", lambda dialog: troubles.append(f"dialog {dialog.message}"))
        page.on("requestfailed", lambda request: troubles.append(f"failed {request.url}"))
        page.on("console", lambda said: _note(troubles, said.type, said.text, said.location))
        page.goto(address)
        settle(page)
        return page

    yield open_it
    context.close()
    assert troubles == []


def _note(troubles: list[str], kind: str, text: str, location: dict[str, object]) -> None:
    if kind == "error" and not str(location.get("url", "")).endswith(STREAMLIT_PROBES):
        troubles.append(f"console {text} {location}")


def link(name: str) -> str:
    """A page's path: the first page is the root."""
    return "" if name == NAMES[0] else name


def settle(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator("h1")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )
    page.wait_for_timeout(300)


def test_every_page_by_the_menu_without_an_error(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")
    for name in NAMES:
        title = plain("en", f"{name}.title")
        page.get_by_test_id("stSidebarNavLink").filter(has_text=title).first.click()
        expect(page.locator("h1")).to_have_text(title, timeout=30_000)
        settle(page)
        expect(page.get_by_text(plain("en", "frame.simulated"))).to_be_visible()
        assert page.locator(".stException").count() == 0, name


@pytest.mark.parametrize("name", ["ranking", "artist", "next_viral", "method"])
def test_a_page_by_its_link_in_korean(name: str, viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/{link(name)}?lang=ko")
    expect(page.locator("h1")).to_have_text(plain("ko", f"{name}.title"))
    assert page.locator(".stException").count() == 0


def test_the_first_page_has_a_path_of_its_own(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/{NAMES[0]}?lang=ko&day={END - dt.timedelta(days=3)}")
    expect(page.locator("h1")).to_have_text(plain("ko", f"{NAMES[0]}.title"))
    asked = {"lang": ["ko"], "day": [(END - dt.timedelta(days=3)).isoformat()]}
    assert parse_qs(urlparse(page.url).query) == asked
    assert page.get_by_role("dialog").count() == 0
    marked = page.locator("[data-testid=stSidebarNavLink][aria-current=page]")
    expect(marked).to_contain_text(plain("ko", f"{NAMES[0]}.title"))


def test_a_click_on_a_row_opens_the_artist(viewer: str, full_home: Path, open_at: OpenAt):
    features = pl.read_delta(str(full_home / "lake" / "gold" / "artist_features"))
    ranked = features.filter(pl.col("ingest_date") == END).sort("rank", "artist")
    page = open_at(f"{viewer}/?lang=en")
    table = page.get_by_test_id("stDataFrame").first
    # Drawn on a canvas, heading and rows 35 pixels each: the third row, in the artist's column.
    table.click(position={"x": 200, "y": 35 * 3 + 15})
    expect(page.locator("h1")).to_have_text("Artist", timeout=30_000)
    settle(page)
    artist = ranked.item(2, "artist")
    assert parse_qs(urlparse(page.url).query)["artist"] == [artist]
    score = page.get_by_test_id("stMetric").filter(has_text=plain("en", "column.total_engagement"))
    expect(score).to_contain_text(f"{ranked.item(2, 'total_engagement'):,}")


def test_language_is_switched_and_kept_from_page_to_page(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")
    page.get_by_role("radio", name="한국어").click()
    expect(page.locator("h1")).to_have_text("순위", timeout=30_000)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="추세").click()
    expect(page.locator("h1")).to_have_text("추세", timeout=30_000)
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
    page = open_at(f"{viewer}/?lang=en")
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


@pytest.mark.parametrize("name", [name for name in NAMES if name != "artist"])
def test_nothing_hostile_acts(name: str, hostile_viewer: str, open_at: OpenAt):
    page = open_at(f"{hostile_viewer}/{link(name)}?lang=en")
    unfold(page)
    assert_nothing_acted(page)


@pytest.mark.parametrize("artist", TITLES)
def test_a_hostile_title_is_text(artist: str, hostile_viewer: str, open_at: OpenAt):
    page = open_at(f"{hostile_viewer}/artist?artist={artist}&lang=en")
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
    page.get_by_role("tab", name=plain("en", "health.quarantine")).click()
    # One of each day.
    expect(cells(page, BROKEN_LINE)).to_have_count(2, timeout=30_000)
    assert_nothing_acted(page)
