"""The viewer: `make app`, or `streamlit run app/main.py`.

Belongs here: which pages there are and in which groups. Does not belong here: what they show.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import frame
from app.notices import PageEnd
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
START = "ranking"
FOLDER = Path(__file__).parent / "views"


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_icon="📈", layout="wide", initial_sidebar_state=230)
    page = _find_page()
    try:
        view = frame.open_view()
    except SettingsError as error:
        frame.tell(PageEnd("notice.wrong_setting", reason=str(error)))
        return
    # Streamlit keeps room for a toolbar above the title that this viewer does not have.
    st.html("<style>.stMainBlockContainer {padding-top: 3rem; padding-bottom: 3rem}</style>")
    st.title(page.title)
    frame.mark_simulated(view)
    page.run()
    st.caption(frame.t("frame.ours"))


def _find_page() -> st.Page:
    """Draw the menu; the page that the address names."""
    groups = {
        frame.word(group): [_page(name, icon) for name, icon in pages.items()]
        for group, pages in PAGES.items()
    }
    # Streamlit serves the first page at the root alone; its own path leads there.
    start = next(page for pages in groups.values() for page in pages if not page.url_path)
    by_name = st.Page(lambda: None, title=start.title, url_path=START, visibility="hidden")
    page = st.navigation({**groups, "": [by_name]}, expanded=True)
    if page.url_path == START:
        # Before any widget: what one is bound to could not be handed on.
        st.switch_page(start, query_params=st.query_params.to_dict())
    return page


def _page(name: str, icon: str) -> st.Page:
    return st.Page(
        FOLDER / f"{name}.py",
        title=frame.word(f"{name}.title"),
        icon=f":material/{icon}:",
        # The first page's is the root whatever stands here, but has to differ from its own path.
        url_path="start" if name == START else name,
        default=name == START,
    )


if __name__ == "__main__":
    main()
