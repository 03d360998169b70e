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
from app.queries.audience.verdicts import AspectVerdicts, judge_aspects


def show_in_short(aspects: pl.DataFrame) -> None:
    """Lines of what stands out; that nothing does is a line, too."""
    if aspects.is_empty():
        return
    st.subheader(t("voices.in_short"))
    found = judge_aspects(aspects)
    lines = [
        t(f"voices.short_{name}", aspects=_listed(named))
        for name, named in vars(found).items()
        if named
    ]
    lines += _next_lines(found)
    st.markdown("\n".join(f"- {line}" for line in lines or [t("voices.short_nothing")]))
    st.caption(t("voices.short_about"))


def _next_lines(found: AspectVerdicts) -> list[str]:
    """What to read first, and what to show more of."""
    # What is disliked goes ahead of what others do better.
    lines = [
        t("voices.next_mend", aspect=word(f"voices.aspect_{aspect}"))
        for aspect in [*found.disliked, *found.behind][:1]
    ]
    return lines + [
        t("voices.next_show", aspect=word(f"voices.aspect_{aspect}"))
        for aspect in [*(one for one in found.liked if one in found.ahead), *found.liked][:1]
    ]


def _listed(named: Mapping[str, float]) -> str:
    return ", ".join(
        f"{word(f'voices.aspect_{aspect}')} ({tables.number('sentiment', value)})"
        for aspect, value in named.items()
    )
