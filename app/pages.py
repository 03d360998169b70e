"""The pages, by the groups of the menu, and how one leads to another.

Belongs here: names, icons, addresses, and where old addresses lead. Does not belong here: drawing
the menu (main.py), or what a page shows (views/).
"""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import urlencode

import streamlit as st

from app.address import carried

START, START_ICON = "home", "rocket_launch"
# Group -> page -> icon. A page's name is its address and its file's, in the folder of its group.
GROUPS: dict[str, dict[str, str]] = {
    "artists": {
        "board": "leaderboard",
        "artist": "person",
        "compare": "compare_arrows",
        "breakouts": "new_releases",
        "watchlist": "star",
    },
    "lens": {
        "videos": "smart_display",
        "outliers": "troubleshoot",
        "growth": "query_stats",
        "radar": "radar",
    },
    "audience": {
        "voices": "forum",
        "aspects": "stacked_bar_chart",
        "guards": "shield",
        "mood_models": "psychology",
    },
    "recommend": {
        "seed": "queue_music",
        "listener": "headphones",
        "shared": "group",
        "recommenders": "model_training",
    },
    "plan": {
        "release_timing": "event",
        "content_strategy": "lightbulb",
        "simulator": "tune",
    },
    "service": {
        "monitor": "monitoring",
        "experiments": "science",
    },
    "trust": {
        "track_record": "fact_check",
        "model_choice": "scatter_plot",
        "data_health": "monitor_heart",
        "method": "menu_book",
    },
}
PAGES = (START, *(name for pages in GROUPS.values() for name in pages))
# Addresses of former pages: the page that has their content now, and what its address is given.
FORMER: dict[str, tuple[str, dict[str, str]]] = {
    "ranking": ("board", {"tab": "ranking"}),
    "trends": ("board", {"tab": "growth"}),
    "tiers": ("board", {"tab": "tiers"}),
    "rookies": ("breakouts", {}),
    "next_viral": (START, {}),
    "pareto": ("model_choice", {}),
    "health": ("data_health", {}),
    "duplicates": ("data_health", {"tab": "duplicates"}),
}


def file_of(name: str) -> str:
    """A page's file, as seen from `app/`."""
    group = next((group for group, pages in GROUPS.items() if name in pages), None)
    return f"views/{group}/{name}.py" if group else f"views/{name}.py"


def go_to(name: str, **query: str) -> NoReturn:
    """Leave for another page; `query` is what its address asks for."""
    st.switch_page(file_of(name), query_params={**carried(), **query})


def address_of(name: str, **query: str) -> str:
    """Another page's address, relative to this one's."""
    path = "/" if name == START else name
    return f"{path}?{urlencode({**carried(), **query})}"
