"""Texts of a page that a reader does not see whole, as a real browser lays them out.

Belongs here: measuring. Does not belong here: which pages and widths (test_looks.py).
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

# What scrolls or is hidden on purpose, each with its reason.
ON_PURPOSE = {
    '[data-testid="stDataFrame"]': "a table is wider than a phone and scrolls",
    '[data-testid="stTabs"] [role="tablist"]': "tabs scroll sideways",
    "table caption, .unseen, .is-cards thead": "read aloud, not seen",
    "input, textarea": "what is typed scrolls in its box",
    '[data-testid="stCode"], pre, .katex-display': "commands and formulas are one line, and scroll",
    "details:not([open]) *, [hidden] *": "folded",
    '[data-testid="stSkipToContent"]': "seen by the keyboard alone",
}

_FIND = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def find_cut_texts(page: Page, width: int) -> list[str]:
    """What is cut at a width of the window, as the page is now."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = []
    # Charts and tables follow the window a moment later; what is cut stays so.
    for milliseconds in (400, 1_000, 2_000):
        page.wait_for_timeout(milliseconds)
        found = page.evaluate(_FIND, ", ".join(ON_PURPOSE))
        if not found:
            break
    return [f"{width} px: {text}" for text in found]
