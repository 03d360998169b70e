"""The viewer: `make app`, which runs server.py around it.

Belongs here: finding the page that was asked for, and drawing it. Does not belong here: which pages
there are (pages.py), or what they show.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import frame
from app.load_ahead import await_loaded, load_ahead
from app.menu import draw_menu
from app.notices import PageEnd
from app.pages import FORMER, PAGES, START, file_of
from app.search_box import draw_search
from app.tools.page_tools import draw_tools, is_printing
from kpop_assets.settings import SettingsError

FOLDER = Path(__file__).parent


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_icon="📈", layout="wide", initial_sidebar_state=230)
    frame.heed_language()
    page = _find_page()
    menu = st.sidebar.container()
    try:
        view = frame.open_view()
    except SettingsError as error:
        frame.tell(PageEnd("notice.wrong_setting", reason=str(error)))
        return
    finally:
        # Above language and day, and after them: links take both along.
        with menu:
            draw_menu(page.url_path or START)
    st.html(FOLDER / "looks.css")
    st.html(FOLDER / "tools" / "page.css")
    with st.container(horizontal=True, key="top"):
        draw_search(view, page.url_path)
        draw_tools(page.url_path)
    if is_printing():
        st.html(FOLDER / "tools" / "paper.css")
    st.title(page.title)
    frame.say_origin(view)
    frame.mark_simulated(view)
    await_loaded()
    page.run()
    st.caption(frame.t("frame.ours"))
    load_ahead()


def _find_page() -> st.Page:
    """The page that the address names."""
    pages = [_page(name) for name in PAGES]
    # Streamlit serves the first page at the root alone; its own path leads there.
    moved = {START: (START, {}), **FORMER}
    title = frame.word(f"{START}.title")
    former = [st.Page(lambda: None, title=title, url_path=name) for name in moved]
    page = st.navigation([*pages, *former], position="hidden")
    if page in former:
        # Before any widget: what one is bound to could not be handed on.
        name, query = moved[page.url_path]
        st.switch_page(FOLDER / file_of(name), query_params={**st.query_params.to_dict(), **query})
    return page


def _page(name: str) -> st.Page:
    return st.Page(
        FOLDER / file_of(name),
        title=frame.word(f"{name}.title"),
        # The first page's is the root whatever stands here, but has to differ from its own path.
        url_path="start" if name == START else name,
        default=name == START,
    )


if __name__ == "__main__":
    main()
