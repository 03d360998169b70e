"""What people like and dislike in a few lines, and where to look next.

Belongs here: those sentences. Does not belong here: which aspects stand out
(queries/audience/verdicts.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import streamlit as st

from app import tables
from app.frame import t, word
from app.queries.audience.verdicts import judge_aspects


def show_in_short(aspects: pl.DataFrame) -> None:
    """Lines of what stands out; that nothing does is a line, too."""
    if aspects.is_empty():
        return
    st.subheader(t("voices.in_short"))
    found = judge_aspects(aspects)
    groups = {name: getattr(found, name) for name in ("liked", "disliked", "ahead", "behind")}
    lines = [
        t(f"voices.short_{name}", aspects=_listed(named)) for name, named in groups.items() if named
    ]
    nexts = {"next_mend": found.to_mend, "next_show": found.to_show}
    lines += [
        t(f"voices.{name}", aspect=word(f"voices.aspect_{aspect}"))
        for name, aspect in nexts.items()
        if aspect
    ]
    st.markdown("\n".join(f"- {line}" for line in lines or [t("voices.short_nothing")]))
    st.caption(t("voices.short_about"))


def _listed(named: Mapping[str, float]) -> str:
    return ", ".join(
        f"{word(f'voices.aspect_{aspect}')} ({tables.number('sentiment', value)})"
        for aspect, value in named.items()
    )
