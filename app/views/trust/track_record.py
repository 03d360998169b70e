"""Track record: how far the forecasts can be trusted, by what became of them.

Belongs here: the tabs. Does not belong here: what a tab shows (viral_record.py, tier_record.py).
"""

from __future__ import annotations

from app import frame
from app.address import choose_tab
from app.frame import word
from app.views.trust import tier_record, viral_record

TABS = {"viral": viral_record.show, "tiers": tier_record.show}


def show(view: frame.View) -> None:
    """Draw the page."""
    TABS[choose_tab({name: word(f"track_record.tab_{name}") for name in TABS})](view)


if __name__ == "__main__":
    frame.run_page(show)
