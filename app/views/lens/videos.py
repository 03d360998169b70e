"""Videos: which of a day move, by a score whose parts and weights are seen, in six lists.

Belongs here: choices and the board. Does not belong here: which videos make a list
(kpop_assets/lens/), or what is read (queries/lens/videos.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.board.board import show_board
from app.cache import ask
from app.frame import t, word
from app.notices import PageEnd
from app.queries.lens.videos import Weights, list_day_videos
from app.views.lens.choices import choose_option, choose_scope
from kpop_assets.contracts import lens_rules
from kpop_assets.contracts.lens_videos import PARTS

COLUMNS = (
    *("rank", "video_title", "artist", "video_score", "views_per_hour", "gain_24h"),
    *("engagement_rate_pct", "views_per_subscriber", "view_count"),
)
# Sliders say per cent; those of a row stand side by side.
USUAL = {name: round(100 * weight) for name, weight in lens_rules.SCORE_WEIGHTS.items()}
ABREAST = 4
NOTED_FORMATS = ("short", "live", "premiere")


def show(view: frame.View) -> None:
    """Draw the page."""
    st.markdown(t("videos.lead", day=view.day.isoformat()))
    with st.container(horizontal=True, gap="medium"):
        names = {name: word(f"videos.list_{name}") for name in lens_rules.LIST_LENGTHS}
        name = choose_option("list", t("videos.list"), names)
        scope = choose_scope()
    weights = _choose_weights()
    st.caption(t(f"videos.about_{name}"))
    found = ask(view.snapshot, list_day_videos, view.day, name, scope, weights)
    if found.is_empty():
        raise PageEnd("videos.none", day=view.day.isoformat())
    rows = _noted(found).with_columns(to_growth="video_id")
    known = [column for column in COLUMNS if rows.get_column(column).count()]
    caption = word("videos.list_of", day=view.day.isoformat(), list=word(f"videos.list_{name}"))
    show_board(
        view,
        rows,
        f"videos_{name}_{scope}_{view.day}",
        known,
        caption=caption,
        saved=found,
        key="video_id",
        head="video_title",
    )


def _choose_weights() -> Weights | None:
    """Weights of the visitor's own; None where they are the usual ones."""
    chosen: dict[str, int] = {}
    with st.expander(word("videos.weights"), icon=":material/tune:"):
        st.caption(t("videos.weights_lead"))
        names = list(PARTS)
        for start in range(0, len(names), ABREAST):
            for place, name in zip(
                st.columns(ABREAST), names[start : start + ABREAST], strict=False
            ):
                with kept(f"w_{name}", USUAL[name], low=0, high=100) as key:
                    chosen[name] = place.slider(
                        word(f"rows.part_{name}"), 0, 100, format="%d%%", key=key
                    )
    if chosen == USUAL:
        return None
    total = sum(chosen.values())
    if not total:
        raise PageEnd("videos.weights_none")
    said = ", ".join(
        f"{word(f'rows.part_{name}')} {tables.number('share', weight / total)}"
        for name, weight in chosen.items()
        if weight
    )
    st.caption(t("videos.weights_yours", weights=said))
    return tuple((name, weight / total) for name, weight in chosen.items())


def _noted(found: pl.DataFrame) -> pl.DataFrame:
    """The rows with second lines: kind and odd likes of a video, how its rate is known."""
    formats = {name: word(f"lens.format_{name}") for name in NOTED_FORMATS}
    kind = pl.col("video_format").replace_strict(formats, default=None, return_dtype=pl.String)
    odd = pl.when("has_odd_likes").then(pl.lit(word("lens.odd_likes")))
    said = pl.concat_list(kind, odd).list.drop_nulls().list.join(" · ")
    places = [
        None if score is None else word("videos.percentile", value=tables.number("tenths", score))
        for score in found.get_column("percentile_score")
    ]
    ages = [
        None if age is None else tables.figure("age_hours", age)
        for age in found.get_column("age_hours")
    ]
    return found.rename({"score": "video_score"}).with_columns(
        pl.when(said != "").then(said).alias("video_title_note"),
        pl.when(pl.col("views_per_hour_basis") == "lifetime")
        .then(pl.lit(word("lens.lifetime")))
        .alias("views_per_hour_note"),
        pl.Series("video_score_note", places, pl.String),
        pl.Series("view_count_note", ages, pl.String),
    )


if __name__ == "__main__":
    frame.run_page(show)
