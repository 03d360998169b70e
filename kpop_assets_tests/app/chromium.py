"""A real browser on the viewer: Debian's Chromium (`apt-get install chromium`).

Belongs here: opening addresses, and holding that no page failed in any way. Does not belong here:
what a page shows. Without Chromium the tests that need it are skipped; in CI they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.pages import START

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Without these, Chromium itself calls its maker's hosts.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Streamlit's page asks for these below the page's own path first and then finds the root.
HAS_OUR_LOOKS = """() => [...document.querySelectorAll("style")].some(
    (style) => style.textContent.includes(".stMainBlockContainer { padding-top"))"""
STREAMLIT_PROBES = ("/_stcore/health", "/_stcore/host-config")

OpenAt = Callable[[str], Page]
Theme = Literal["light", "dark"]

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("KPOP_REQUIRE_BROWSER"),
    reason="Chromium is not installed: apt-get install chromium",
)


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser, for as long as a block runs."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", *QUIET]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@contextmanager
def watched(browser: Browser, theme: Theme = "light") -> Iterator[OpenAt]:
    """Opens an address; at the end, no page may have failed in any way."""
    context = browser.new_context(
        color_scheme=theme,
        viewport={"width": 1400, "height": 1000},
        locale="en-US",
        accept_downloads=True,
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
    return "" if name == START else name


def settle(page: Page) -> None:
    """Wait until the page has been drawn."""
    expect(page.locator("h1")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30_000
    )
    # Looks of ours come as an element like any other.
    page.wait_for_function(HAS_OUR_LOOKS, timeout=30_000)
    page.wait_for_timeout(300)
    # A page that wrote to its address runs once more, and what it had fades meanwhile.
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=30_000)
