"""Voices: what people say of an act or of one thing that it made.

Belongs here: cards, charts and quotations. Does not belong here: what is read (queries/audience/),
which subject is chosen (chosen_subject.py), or several acts side by side (aspects.py).
"""

from __future__ import annotations

import json
import math
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import carried
from app.cache import ask
from app.charts.audience.moods import draw_aspect_bars, draw_mood_days
from app.frame import View, t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.numbers import MISSING
from app.pages import file_of
from app.queries.audience import quotes, scores
from app.queries.releases import list_releases
from app.tools.page_tools import is_printing
from app.views.audience.chosen_subject import Chosen, choose_subject
from app.views.audience.in_short import show_in_short
from app.views.audience.quoted import show_quotes, show_withheld

# The cards, in this order: a score, and whose reviews it is of.
CARDS = (
    ("net_sentiment", "all"),
    ("weighted_rating", "all"),
    ("tomatometer", "user"),
    ("tomatometer", "critic"),
    ("metascore", "critic"),
)
_FORMS = {"tomatometer": "pct", "metascore": "count", "net_sentiment": "sentiment"}
# Why a review says nothing to a score, where a reader would ask: that a fan is no critic is clear.
_LEFT_OUT = ("no_rating", "no_opinion")
DAYS = 182


def show(view: View) -> None:
    """Draw the page."""
    chosen = choose_subject(view)
    if is_printing():
        # On a screen the boxes say it.
        st.header(escape(" · ".join(chosen.names)), anchor=False)
    show_voices(view, chosen)


def show_voices(view: View, chosen: Chosen) -> None:
    """Cards, days, aspects and quotations of one subject; an artist's page draws them too."""
    subject = chosen.kind, chosen.subject
    last, rows = ask(view.snapshot, scores.read_said_scores, view.chosen, *subject)
    if rows.is_empty():
        raise PageEnd("voices.nobody", artist=chosen.names[0], day=last.isoformat())
    _cards(rows)
    st.caption(t("voices.about", day=last.isoformat()))
    _lead_to_guards(rows)
    aspects = rows.filter((pl.col("aspect") != scores.ALL) & pl.col("score_value").is_not_null())
    show_in_short(aspects)
    name = download_name("voices", chosen.artist or chosen.kind, chosen.subject, last)
    days = ask(view.snapshot, scores.read_sentiment_days, last, DAYS, *subject)
    _days(view, days, chosen.artist, name)
    _aspects(aspects, name)
    quoted = ask(view.snapshot, quotes.read_quotes, last, *subject)
    st.subheader(t("voices.praise"))
    show_quotes(quoted.praise)
    st.subheader(t("voices.complaints"))
    show_quotes(quoted.complaints)
    show_withheld(quoted.withheld)


def _cards(rows: pl.DataFrame) -> None:
    whole = rows.filter(pl.col("aspect") == scores.ALL)
    found = {(row["measure"], row["said_by"]): row for row in whole.iter_rows(named=True)}
    for place, card in zip(st.columns(len(CARDS)), CARDS, strict=True):
        measure, said_by = card
        label = word(f"voices.card_{measure}_{said_by}")
        row = found.get(card)
        if row is None or row["score_value"] is None:
            place.metric(label, MISSING, help=t(f"voices.help_{measure}"))
            place.caption(t("voices.no_score"))
            continue
        place.metric(label, _written(measure, row["score_value"]), help=_help(row))
        place.caption("  \n".join(_about_card(row)))


def _help(row: dict[str, Any]) -> str:
    """What a score is, and which reviews say nothing to it, as Markdown."""
    said = [t(f"voices.help_{row['measure']}")]
    if row["prior_count"] is not None:
        mean = tables.number("number", row["prior_mean"])
        count = tables.number("count", row["prior_count"])
        said.append(t("voices.prior", mean=mean, count=count))
    counts = json.loads(row["left_out"])
    said += [
        t(f"voices.left_{reason}", count=tables.figure("review_count", counts[reason]))
        for reason in _LEFT_OUT
        if counts.get(reason)
    ]
    return " ".join(said)


def _about_card(row: dict[str, Any]) -> list[str]:
    """Verdict, interval, count, acts alike, and what it would be without guards, as Markdown."""
    measure = row["measure"]
    value, plain = (_written(measure, row[one]) for one in ("score_value", "plain_score_value"))
    lines = [t(f"voices.verdict_{row['score_verdict']}")] if row["score_verdict"] else []
    if row["low"] is not None:
        ends = {end: _written(measure, row[end]) for end in ("low", "high")}
        lines.append(t("voices.interval", **ends))
    lines.append(t("voices.count", count=tables.figure("review_count", row["review_count"])))
    if row["cohort_value"] is not None:
        lines.append(t("voices.cohort", value=_written(measure, row["cohort_value"])))
    # Of a weighted rating the mean of all is without guards, too: none of its own need count less.
    if plain != value:
        lines.append(t("voices.unguarded", value=plain))
    return lines


def _written(measure: str, value: float | None) -> str:
    # As its colour is told: a half is rounded up.
    whole = math.floor(value + 0.5) if measure == "metascore" and value is not None else value
    return tables.number(_FORMS.get(measure, "number"), whole)


def _lead_to_guards(rows: pl.DataFrame) -> None:
    whole = rows.filter(pl.col("aspect") == scores.ALL)
    fewer = max(whole["down_weighted_count"], default=0)
    if fewer:
        label = word("voices.to_guards", count=tables.figure("review_count", fewer))
        icon = ":material/shield:"
        st.page_link(file_of("guards"), label=label, icon=icon, query_params=carried())


def _days(view: View, days: pl.DataFrame, artist: str | None, name: str) -> None:
    st.subheader(t("voices.days"))
    if days.is_empty():
        st.info(t("voices.no_days"))
        return
    try:
        releases = ask(view.snapshot, list_releases, view.day)
        within = pl.col("release_date").is_between(days["ingest_date"][0], days["ingest_date"][-1])
        dates = releases.filter((pl.col("artist") == artist) & within)["release_date"].to_list()
    except PageEnd:
        # Without videos there is nothing to mark; what people say stands all the same.
        dates = []
    titles = {one: tables.heading(one) for one in (*days.columns, "release_date")}
    titles["release"] = word("voices.release")
    caption = [t("voices.days_caption")]
    if artist is not None and dates:
        caption.append(t("voices.days_releases", artist=act_name(artist)))
    tables.show_chart(draw_mood_days(days, dates, titles), " ".join(caption), days, f"{name}_days")


def _aspects(found: pl.DataFrame, name: str) -> None:
    st.subheader(t("voices.aspects"))
    if found.is_empty():
        st.info(t("voices.no_aspect"))
        return
    shown = named_aspects(found.sort("review_count", "aspect", descending=[True, False])).select(
        *("aspect_name", "score_value", "low", "high", "review_count", "cohort_value")
    )
    titles = {one: tables.heading(one) for one in shown.columns}
    chart = draw_aspect_bars(shown, titles)
    caption = [t("voices.aspects_caption")]
    if shown["cohort_value"].count():
        caption.append(t("voices.aspects_others"))
    tables.show_chart(chart, " ".join(caption), shown, f"{name}_aspects")


def named_aspects(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with aspect_name, the aspect in the reader's language."""
    names = [word(f"voices.aspect_{one}") for one in rows["aspect"]]
    return rows.with_columns(pl.Series("aspect_name", names, pl.String))


if __name__ == "__main__":
    frame.run_page(show)
