"""The viewer: `make app`, or `streamlit run app/main.py`.

Belongs here: drawing the menu and the page that was asked for. Does not belong here: which pages
there are (pages.py), or what they show.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import frame
from app.notices import PageEnd
from app.pages import FORMER, GROUPS, START, file_of
from kpop_assets.settings import SettingsError

FOLDER = Path(__file__).parent


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
    start = _page(START, "rocket_launch")
    groups = {
        frame.word(f"frame.group_{group}"): [_page(name, icon) for name, icon in pages.items()]
        for group, pages in GROUPS.items()
    }
    # Streamlit serves the first page at the root alone; its own path leads there.
    moved = {START: (START, {}), **FORMER}
    hidden = [
        st.Page(lambda: None, title=start.title, url_path=name, visibility="hidden")
        for name in moved
    ]
    page = st.navigation({"": [start, *hidden], **groups}, expanded=True)
    if page in hidden:
        # Before any widget: what one is bound to could not be handed on.
        name, query = moved[page.url_path]
        st.switch_page(FOLDER / file_of(name), query_params={**st.query_params.to_dict(), **query})
    return page


def _page(name: str, icon: str) -> st.Page:
    return st.Page(
        FOLDER / file_of(name),
        title=frame.word(f"{name}.title"),
        icon=f":material/{icon}:",
        # The first page's is the root whatever stands here, but has to differ from its own path.
        url_path="start" if name == START else name,
        default=name == START,
    )


if __name__ == "__main__":
    main()
