"""Outliers: which videos, and whose, are out of the ordinary on a day.

Belongs here: the three tabs and their choices. Does not belong here: the rules (kpop_assets/lens/),
or what is read (queries/lens/outliers.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import choose_tab
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.notices import PageEnd
from app.queries.lens import outliers
from app.views.lens.choices import choose_option, choose_scope

# More than a person reads; the downloads have all.
MOST_SHOWN = 100
VIDEO_COLUMNS = (
    *("video_title", "artist", "outlier_score", "views_per_hour", "engagement_rate_pct"),
    "view_count",
)
CHANNEL_COLUMNS = (
    *("video_title", "author_name", "artist", "usual_ratio", "view_count", "views_per_hour"),
    *("channel_median_views", "channel_video_count"),
)
ACT_COLUMNS = (
    *("artist", "gain_ratio", "gain_sigmas", "views_gained", "usual_views_gained"),
    *("outlier_video_count", "best_views_per_hour"),
)


def show(view: frame.View) -> None:
    """Draw the page."""
    tabs = {"videos": _show_videos, "channels": _show_channels, "acts": _show_acts}
    tabs[choose_tab({name: word(f"outliers.tab_{name}") for name in tabs})](view)


def _show_videos(view: frame.View) -> None:
    with st.container(horizontal=True, gap="medium"):
        scope = choose_scope()
        rules = {rule: word(f"outliers.rule_{rule}") for rule in outliers.RULES}
        rule = choose_option("rule", t("outliers.rule"), rules)
    rates = ask(view.snapshot, outliers.measure_rates, view.day, scope)
    st.markdown(t("outliers.rates", **_write_rates(rates)))
    found = ask(view.snapshot, outliers.list_outliers, view.day, scope, rule)
    if found.is_empty():
        raise PageEnd("outliers.none", day=view.day.isoformat())
    caption = word("outliers.videos_of", day=view.day.isoformat())
    show_board(
        view,
        with_reasons(found.head(MOST_SHOWN)),
        f"outliers_{view.day}",
        VIDEO_COLUMNS,
        caption=caption,
        saved=found,
        key="video_id",
        head="video_title",
    )


def with_reasons(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of `list_outliers` with each reason as a second line, and a link to its growth."""
    reasons = {name: word(f"outliers.reason_{name}") for name in found["reason"].drop_nulls()}
    said = pl.col("reason").replace(reasons).alias("outlier_score_note")
    return found.with_columns(said, to_growth="video_id")


def _write_rates(rates: dict[str, tuple[int, int]]) -> dict[str, str]:
    written = {"count": tables.number("count", rates["age"][1])}
    for rule, (found, whole) in rates.items():
        written[rule] = tables.number("count", found)
        written[f"{rule}_share"] = tables.number("share", found / whole if whole else None)
    return written


def _show_channels(view: frame.View) -> None:
    with st.container(horizontal=True, gap="medium"):
        scope = choose_scope()
        measures = {name: word(f"outliers.usual_{name}") for name in outliers.MEASURES}
        measure = choose_option("usual", t("outliers.usual"), measures)
    st.markdown(t(f"outliers.channels_{measure}"))
    found = ask(view.snapshot, outliers.list_channel_outliers, view.day, scope, measure)
    if found.is_empty():
        raise PageEnd("outliers.no_channel", day=view.day.isoformat())
    said = [
        word(
            "outliers.reason_channel_rate" if row["is_of_rate"] else "outliers.reason_channel",
            ratio=_ratio(row["usual_ratio"]),
        )
        for row in found.iter_rows(named=True)
    ]
    rows = found.with_columns(pl.Series("video_title_note", said), to_growth="video_id")
    show_board(
        view,
        rows.head(MOST_SHOWN),
        f"outliers_channels_{view.day}",
        CHANNEL_COLUMNS,
        caption=word("outliers.channels_of", day=view.day.isoformat()),
        saved=found,
        key="video_id",
        head="video_title",
    )


def _show_acts(view: frame.View) -> None:
    st.markdown(t("outliers.acts_lead", day=view.day.isoformat()))
    found = ask(view.snapshot, outliers.list_act_outliers, view.day)
    mark = pl.when("is_outlier").then(pl.lit(word("outliers.act_is_outlier")))
    show_board(
        view,
        found.with_columns(mark.alias("note")),
        f"outliers_acts_{view.day}",
        ACT_COLUMNS,
        caption=word("outliers.acts_of", day=view.day.isoformat()),
        saved=found,
    )


def _ratio(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


if __name__ == "__main__":
    frame.run_page(show)
