"""The board in the browser: components of our own, without an iframe or a build step.

Belongs here: mounting them, and what comes back. Does not belong here: what they say (cells.py,
weeks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent


def draw_board(data: dict[str, Any], key: str, on_star: Callable[[], None]) -> str | None:
    """Draw the board.

    Args:
        data: what board.js draws.
        key: unique on a page.
        on_star: called before the page is drawn anew, when a star was pressed; `pressed` says
            which.

    Returns:
        The act whose page was asked for, or None.
    """
    result = _component("board")(
        key=key, data=data, on_starred_change=on_star, on_opened_change=lambda: None
    )
    return result.opened


def pressed(key: str) -> str:
    """The act whose star was pressed on the board of this key."""
    return str(st.session_state[key]["starred"])


def draw_weeks(data: dict[str, Any]) -> None:
    """Draw what weeks.js draws."""
    _component("weeks")(data=data)


@cache
def _component(name: str) -> Callable[..., Any]:
    css, js = ((_FOLDER / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    html = f'<div class="{name}"></div>'
    return st.components.v2.component(f"kpop_{name}", html=html, css=css, js=js)
