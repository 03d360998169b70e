"""What a visitor chose, kept in the page's address: it can be shared, and Back restores it.

Belongs here: choices in and out of the address, by names that are the same in every language. Does
not belong here: which choices a page offers.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

_WRITTEN = "_address_written"


def choose_tab(labels: Mapping[str, str]) -> str:
    """Draw tabs; the one that is open, which is the first unless the address says otherwise.

    Args:
        labels: in the visitor's language, by the names that the address has.
    """
    first = next(iter(labels))
    # Labels are what Streamlit keeps of tabs, and they change with the language.
    key = "tab_" + "_".join(labels.values())
    asked = _asked("tab")
    if asked is not None or key not in st.session_state:
        st.session_state[key] = labels.get(st.query_params.get("tab", ""), labels[first])
    st.tabs(list(labels.values()), key=key, on_change="rerun")
    chosen = next(name for name, label in labels.items() if label == st.session_state[key])
    _write("tab", None if chosen == first else chosen)
    return chosen


def _asked(name: str) -> str | None:
    """What the address asks for, where it says something else than the viewer wrote last."""
    written = st.session_state.setdefault(_WRITTEN, {})
    now = st.query_params.get(name)
    return (now or "") if now != written.get(name) else None


def _write(name: str, text: str | None) -> None:
    st.session_state[_WRITTEN][name] = text
    if text is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = text
