"""Compare by aspect: what people like and dislike of several acts, side by side.

Belongs here: choices, chart and table. Does not belong here: what is read
(queries/audience/scores.py), or one act (voices.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.audience.moods import draw_acts_by_aspect
from app.frame import View, t, word
from app.names import named
from app.naming import download_name
from app.notices import PageEnd
from app.picker import pick_artists
from app.queries.audience import scores
from app.views.audience.voices import named_aspects
from kpop_assets.contracts import rules

_COLUMNS = ("artist", "aspect_name", "score_value", "low", "high", "review_count", "cohort_value")


def show(view: View) -> None:
    """Draw the page."""
    acts = ask(view.snapshot, scores.list_reviewed_acts, view.chosen)
    artists = pick_artists(
        st.container(),
        t("aspects.of"),
        acts,
        "artists",
        list(acts[: rules.FEWEST_COMPARED]),
        max_selections=rules.MOST_COMPARED,
        placeholder=word("compare.artists_placeholder"),
        select_all=False,
    )
    if not artists:
        raise PageEnd("aspects.choose")
    last, found = ask(view.snapshot, scores.compare_aspects, view.chosen, tuple(artists))
    said = found.drop_nulls("score_value")
    if said.is_empty():
        raise PageEnd("aspects.nothing", day=last.isoformat())
    spoken = pl.col("review_count").sum().over("aspect")
    said = said.sort(spoken, "aspect", "artist", descending=[True, False, False])
    shown = named_aspects(said).select(_COLUMNS)
    titles = {name: tables.heading(name) for name in shown.columns}
    chart = draw_acts_by_aspect(named(shown), titles)
    caption = t("aspects.caption", day=last.isoformat())
    tables.show_chart(chart, caption, shown, download_name("aspects", *artists, last))


if __name__ == "__main__":
    frame.run_page(show)
