"""The viewer: `make app`, or `streamlit run app/main.py`.

Belongs here: which pages there are and in which groups. Does not belong here: what they show.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import frame
from app.notices import Notice
from kpop_assets.settings import SettingsError

# Groups of pages: name of the file below views/ and icon. The first page is the start.
PAGES = {
    "frame.group_now": {
        "ranking": "leaderboard",
        "artist": "person",
        "tiers": "stacked_bar_chart",
        "trends": "trending_up",
    },
    "frame.group_next": {
        "next_viral": "rocket_launch",
        "simulator": "tune",
        "pareto": "scatter_plot",
    },
    "frame.group_plan": {
        "compare": "compare_arrows",
        "rookies": "new_releases",
        "release_timing": "event",
        "content_strategy": "lightbulb",
    },
    "frame.group_trust": {
        "duplicates": "filter_alt",
        "health": "monitor_heart",
        "method": "menu_book",
    },
}
FOLDER = Path(__file__).parent / "views"


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_icon="📈", layout="wide", initial_sidebar_state=230)
    try:
        view = frame.open_view()
    except SettingsError as error:
        frame.tell(Notice("notice.wrong_setting", reason=str(error)))
        return
    groups = {
        frame.word(group): [
            st.Page(
                FOLDER / f"{name}.py",
                title=frame.word(f"{name}.title"),
                icon=f":material/{icon}:",
                url_path=name,
                default=name == "ranking",
            )
            for name, icon in pages.items()
        ]
        for group, pages in PAGES.items()
    }
    page = st.navigation(groups, expanded=True)
    # Streamlit keeps room for a toolbar above the title that this viewer does not have.
    st.html("<style>.stMainBlockContainer {padding-top: 3rem; padding-bottom: 3rem}</style>")
    st.title(page.title)
    frame.mark_simulated(view)
    page.run()
    st.caption(frame.t("frame.ours"))


if __name__ == "__main__":
    main()
