"""What most pages draw with, loaded while the visitor looks at the first one.

Belongs here: which modules those are, and loading them once a server. Does not belong here: what is
drawn with them, or models, which one page alone needs.

Altair and pandas take half a second, which the first chart or table would wait for.
"""

from __future__ import annotations

import importlib
import threading

import streamlit as st

_THREAD = "load-ahead"
MODULES = ("altair", "pandas.io.formats.style")


@st.cache_resource(show_spinner=False)
def load_ahead() -> threading.Thread:
    """Begin to load them, in the background, at the first call in a server."""
    thread = threading.Thread(target=_load, name=_THREAD, daemon=True)
    thread.start()
    return thread


def await_loaded() -> None:
    """Wait until what is being loaded is there.

    Altair asks for pandas wherever that is loaded, also by half (altair 6.3).
    """
    for thread in threading.enumerate():
        if thread.name == _THREAD:
            thread.join()


def _load() -> None:
    for name in MODULES:
        importlib.import_module(name)
