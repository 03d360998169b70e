"""Board: every artist of a day, by rank, by growth and by tier.

Belongs here: the tabs. Does not belong here: what a tab shows (ranking.py, trends.py, tiers.py).
"""

from __future__ import annotations

from app import frame
from app.address import choose_tab
from app.frame import word
from app.views.artists import ranking, tiers, trends

TABS = {"ranking": ranking.show, "growth": trends.show, "tiers": tiers.show}


def show(view: frame.View) -> None:
    """Draw the page."""
    TABS[choose_tab({name: word(f"board.tab_{name}") for name in TABS})](view)


if __name__ == "__main__":
    frame.run_page(show)
