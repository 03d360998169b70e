"""Buttons that work in the browser alone, and what it has to be told of a page.

Belongs here: handing words and language to `tools.js`. Does not belong here: what that does.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from app.address import kept
from app.frame import language, word

FOLDER = Path(__file__).parent
# Hidden until they have their words: a button without a name is none.
_BUTTON = '<button type="button" hidden></button>'
HTML = f'<div class="tools">{_BUTTON}{_BUTTON}</div>'
WORDS = ("copy", "copied", "print")


def draw_tools(path: str) -> None:
    """Draw "copy link" and "print"; the page says its language from here on.

    Args:
        path: the page's own, which is empty for the first.
    """
    words = {name: word(f"tools.{name}") for name in WORDS}
    with kept("print", False) as key:
        _component()(
            key="tools",
            data={"lang": language(), "path": path, "printing": st.session_state[key], **words},
            on_printed_change=lambda: st.session_state.update({key: True}),
        )


def is_printing() -> bool:
    """Whether the page is drawn for paper: tables whole, and as text."""
    return st.query_params.get("print") == "1"


@lru_cache(maxsize=1)
def _component() -> Any:
    """The component, made known to Streamlit once."""
    css, js = _read("tools.css"), _read("tools.js")
    return st.components.v2.component("kpop_tools", html=HTML, css=css, js=js)


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
