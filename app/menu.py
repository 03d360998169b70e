"""The menu of pages of the sidebar: groups, of which the open page's is unfolded.

Belongs here: drawing links. Does not belong here: which pages there are (pages.py). Streamlit's own
menu would drop language and day from the address, and put them there a step later: Back would then
have to be pressed twice.
"""

from __future__ import annotations

import streamlit as st

from app.address import carried
from app.frame import word
from app.pages import GROUPS, START, START_ICON, file_of


def draw_menu(opened: str) -> None:
    """Draw the links.

    Args:
        opened: name of the page that is open.
    """
    _link(START, START_ICON)
    for group, pages in GROUPS.items():
        is_open = opened in pages
        label = word(f"frame.group_{group}")
        # Another key is another element: a group unfolds when its page is opened from elsewhere.
        with st.expander(label, expanded=is_open, type="compact", key=f"menu_{group}_{is_open}"):
            for name, icon in pages.items():
                _link(name, icon)


def _link(name: str, icon: str) -> None:
    st.page_link(
        file_of(name),
        label=word(f"{name}.title"),
        icon=f":material/{icon}:",
        query_params=carried(),
        width="stretch",
    )
