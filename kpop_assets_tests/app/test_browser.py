"""The viewer in a real browser: every page, a click on a row, language, theme, a download.

Chromium is Debian's (`apt-get install chromium`); without it these tests are skipped, in CI they
fail.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.main import PAGES
from app.messages.catalogue import plain
from kpop_assets_tests.app.conftest import END, MAIN, kpop
from kpop_assets_tests.app.hostile import write_lines

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


@contextmanager
def serve(home: Path) -> Iterator[str]:
    """The viewer on a data folder; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(MAIN)]
    options = ["--server.headless", "true", "--server.port", str(port)]
    server = subprocess.Popen(
        [*command, *options],
        cwd=MAIN.parents[1],
        env={**os.environ, "KPOP_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health").read()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", *QUIET]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def viewer(full_home: Path) -> Iterator[str]:
    with serve(full_home) as address:
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


@pytest.mark.parametrize("name", NAMES)
def test_every_page_by_its_link_in_korean(name: str, viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/{link(name)}?lang=ko")
    expect(page.locator("h1")).to_have_text(plain("ko", f"{name}.title"))
    assert page.locator(".stException").count() == 0


def test_a_click_on_a_row_opens_the_artist(viewer: str, open_at: OpenAt):
    page = open_at(f"{viewer}/?lang=en")
    table = page.get_by_test_id("stDataFrame").first
    # Drawn on a canvas: the third row, in the artist's column.
    table.click(position={"x": 200, "y": 35 * 3 + 15})
    expect(page.locator("h1")).to_have_text("Artist", timeout=30_000)
    settle(page)
    chosen = page.get_by_test_id("stSelectbox").first.locator("input")
    assert "artist=" in page.url
    assert chosen.count() == 1


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


def test_nothing_in_titles_or_names_acts(hostile_home: Path, open_at: OpenAt):
    with serve(hostile_home) as address:
        for name in NAMES:
            page = open_at(f"{address}/{link(name)}?lang=en&artist=TWICE")
            assert page.locator(".stException").count() == 0, name
            # Folded tables are drawn when they are opened, those in hidden tabs too.
            page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
            settle(page)
            assert page.evaluate("window.acted") is None, name
            assert page.locator("h1").count() == 1, name
            assert page.locator("img[src='x'], [href*='evil.example']").count() == 0, name
            assert page.locator("[href^='javascript:']").count() == 0, name
            page.close()
