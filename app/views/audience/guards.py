"""Guards: which reviews count less, of what, and why.

Belongs here: the sentences, the chart of reasons and the table of bursts. Does not belong here:
what is read (queries/audience/guards.py), or how a review is weighed (kpop_assets/audience/).
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import carried
from app.cache import ask
from app.charts.audience.counts import draw_counts
from app.frame import View, t, word
from app.pages import file_of
from app.queries.audience import guards as queries
from app.views.audience.chosen_subject import TITLE, subject_label
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.days import SEOUL

_FIGURES = (
    *("reviewed", "artist", "pole", "guard_reasons", "review_count", "weight_sum"),
    *("weighted_rating", "plain_weighted_rating", "net_sentiment", "plain_net_sentiment"),
    *("began_at", "ended_at"),
)
# Those that lost most have a paragraph each; the table has all.
_TOLD = 5


def show(view: View) -> None:
    """Draw the page."""
    st.markdown(t("guards.lead"))
    last = ask(view.snapshot, queries.find_last_day, view.chosen)
    span = {
        "first": (last - dt.timedelta(days=queries.DAYS - 1)).isoformat(),
        "last": last.isoformat(),
    }
    found = ask(view.snapshot, queries.list_named_campaigns, view.chosen)
    st.subheader(t("guards.bursts"))
    if found.is_empty():
        st.info(t("guards.no_campaign", **span), icon=":material/check_circle:")
    else:
        _say_campaigns(found)
    st.subheader(t("guards.reasons"))
    _say_reasons(view, span)


def _say_campaigns(found: pl.DataFrame) -> None:
    if found["is_simulated"].any():
        st.caption(t("guards.simulated"))
    named = _in_words(found)
    for row in named.head(_TOLD).iter_rows(named=True):
        _tell(row)
    tables.show_table(named.select(_FIGURES), "guards_bursts", saved=found.drop("subject_name"))
    st.caption(t("guards.about_bursts"))


def _tell(row: dict[str, Any]) -> None:
    """A campaign in a paragraph: what, when, how it shows, and what the scores are without."""
    began, ended = (row[name].astimezone(SEOUL) for name in ("began_at", "ended_at"))
    is_of_a_day = began.date() == ended.date()
    told = [
        t(
            "guards.campaign",
            reviewed=row["reviewed"],
            count=tables.number("count", row["review_count"]),
            pole=row["pole"],
            began=f"{began:%Y-%m-%d %H:%M}",
            ended=f"{ended:%H:%M}" if is_of_a_day else f"{ended:%Y-%m-%d %H:%M}",
            weight=tables.figure("weight_sum", row["weight_sum"]),
            reasons=row["guard_reasons"],
        )
    ]
    told += [
        t(
            f"guards.effect_{measure}",
            value=tables.figure(measure, row[measure]),
            plain=tables.figure(f"plain_{measure}", row[f"plain_{measure}"]),
        )
        for measure in ("weighted_rating", "net_sentiment")
        if row[measure] is not None
    ]
    st.markdown(" ".join(told))
    subject = f"{row['subject_kind']}:{row['subject']}"
    asked = {"artist": row["artist"], "subject": subject}
    if row["subject_kind"] == TITLE:
        asked = {"of": "titles", "title": subject}
    if None not in asked.values():
        query = {**carried(), **asked}
        label = word("guards.to_voices", reviewed=row["reviewed"])
        icon = ":material/forum:"
        st.page_link(file_of("voices"), label=label, icon=icon, query_params=query)


def _say_reasons(view: View, span: dict[str, str]) -> None:
    counts = ask(view.snapshot, queries.count_guard_reasons, view.chosen)
    if counts.is_empty():
        st.info(t("guards.all_count", **span), icon=":material/check_circle:")
        return
    named = counts.with_columns(
        pl.Series("reason", [word(f"guards.reason_{one}") for one in counts["reason"]])
    )
    titles = {name: tables.heading(name) for name in named.columns}
    chart = draw_counts(named, "reason", "review_count", titles)
    tables.show_chart(chart, t("guards.reasons_caption", **span), named, "guards_reasons")


def _in_words(found: pl.DataFrame) -> pl.DataFrame:
    """Subjects, opinions and reasons as a visitor reads them."""
    reasons = [
        ", ".join(word(f"guards.short_{one}") for one in json.loads(told))
        for told in found["guard_reasons"]
    ]
    subjects = found.select("subject_kind", "subject", "subject_name").iter_rows()
    reviewed = [subject_label(*subject) for subject in subjects]
    acts = [None if one == OTHER else one for one in found["artist"]]
    return found.with_columns(
        pl.Series("guard_reasons", reasons, pl.String),
        pl.Series("artist", acts, pl.String),
        pl.Series("reviewed", reviewed, pl.String),
        pl.Series("pole", [word(f"guards.pole_{one}") for one in found["pole"]], pl.String),
    )


if __name__ == "__main__":
    frame.run_page(show)
