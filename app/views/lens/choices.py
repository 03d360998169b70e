"""Choices that pages of the lens share.

Belongs here: whose videos are looked at, and buttons of which one is pressed. Does not belong here:
what a choice changes.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app.address import kept
from app.frame import t, word
from kpop_assets.insights.video_lists import SCOPES


def choose_scope() -> str:
    """Whether videos of acts alone are looked at, or all that were taken in."""
    names = {scope: word(f"lens.scope_{scope}") for scope in SCOPES}
    return choose_option("scope", t("lens.scope"), names)


def choose_option(name: str, label: str, options: Mapping[str, str]) -> str:
    """Buttons of which one is pressed, the first unless the address says otherwise.

    Args:
        name: what the address calls the choice.
        label: what stands above it.
        options: what each is called.
    """
    names = list(options)
    with kept(name, names[0], names) as key:
        chosen: str | None = st.segmented_control(
            label, names, format_func=options.__getitem__, required=True, key=key
        )
    return chosen or names[0]
