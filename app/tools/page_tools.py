"""Buttons that work in the browser alone, and what it has to be told of a page.

Belongs here: handing words and language to `tools.js`. Does not belong here: what that does.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from app.frame import language, word

FOLDER = Path(__file__).parent
HTML = '<div class="tools"><button type="button"></button><button type="button"></button></div>'
WORDS = ("copy", "copied", "print")


def draw_tools(path: str) -> None:
    """Draw "copy link" and "print"; the page says its language from here on.

    Args:
        path: the page's own, which is empty for the first.
    """
    words = {name: word(f"tools.{name}") for name in WORDS}
    _component()(key="tools", data={"lang": language(), "path": path, **words})


@lru_cache(maxsize=1)
def _component() -> Any:
    """The component, made known to Streamlit once."""
    css, js = ((FOLDER / f"tools.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    return st.components.v2.component("kpop_tools", html=HTML, css=css, js=js)
