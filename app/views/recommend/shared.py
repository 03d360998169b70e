"""What listeners share: whoever plays an act also plays which others, more often than by chance.

Belongs here: choices, boards and the chart. Does not belong here: a figure's computation
(kpop_assets/recommend/), or what is read (queries/recommend/audiences.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.board.board import show_board
from app.cache import ask
from app.charts.recommend.lifts import draw_lifts
from app.frame import View, t, word
from app.names import act_name
from app.naming import download_name
from app.notices import PageEnd
from app.picker import meant_by, pick_artist
from app.queries.recommend import audiences
from app.views.lens.choices import choose_option
from app.views.recommend.works_shown import asked_day

MOST_ROWS, MOST_BARS = 15, 12
COLUMNS = ("other_act", "lift", "shared_pct", "shared_listener_count", "other_listener_count")
PAIR_COLUMNS = ("artist", "pair_act", "lift", "shared_pct", "shared_listener_count")


def show(view: View) -> None:
    """Draw the page."""
    day, pairs = ask(view.snapshot, audiences.read_shared, asked_day(view))
    st.markdown(t("shared.lead", day=day.isoformat()))
    acts = audiences.list_sharing(pairs)
    places = st.columns([2, 3], vertical_alignment="bottom")
    asked = st.query_params.get("artist")
    default = None if asked and meant_by(asked) not in acts else acts[0]
    label = t("shared.of")
    artist = pick_artist(places[0], label, acts, "artist", default, placeholder=asked)
    with places[1]:
        orders = {name: word(f"shared.by_{name}") for name in audiences.ORDERS}
        order = choose_option("order", t("shared.order"), orders)
    if artist is None:
        raise PageEnd("shared.unknown", artist=asked or "", day=day.isoformat())
    own = audiences.shared_with(pairs, artist, order)
    st.subheader(t("shared.also", artist=act_name(artist)))
    count = tables.number("count", own.item(0, "act_listener_count"))
    st.caption(t("shared.about", artist=act_name(artist), count=count))
    name = download_name("listeners_of", artist, day)
    show_shared(view, own, artist, name)
    titles = {one: tables.heading(one) for one in (*COLUMNS, "artist")}
    bars = with_others(own).head(MOST_BARS)
    tables.show_chart(
        draw_lifts(bars, titles),
        t("shared.chart", artist=act_name(artist)),
        bars.select(COLUMNS),
        f"{name}_chart",
    )
    st.subheader(t("shared.pairs"))
    _pairs(view, audiences.strongest_pairs(pairs, order, MOST_ROWS), f"shared_pairs_{day}")


def show_shared(view: View, own: pl.DataFrame, artist: str, name: str) -> None:
    """Draw the board of acts that listeners of an act play too."""
    show_board(
        view,
        with_others(own.head(MOST_ROWS)),
        name,
        COLUMNS,
        caption=word("shared.also", artist=act_name(artist)),
        saved=own,
        key="other_artist",
        head="other_act",
    )


def with_others(own: pl.DataFrame) -> pl.DataFrame:
    """Rows of pairs as the board and the chart draw the other act: its name leads to its page."""
    names = [act_name(other) for other in own["other_artist"]]
    return own.with_columns(
        pl.Series("other_act", names, pl.String), pl.col("other_artist").alias("artist")
    )


def _pairs(view: View, pairs: pl.DataFrame, name: str) -> None:
    others = [act_name(other) for other in pairs["other_artist"]]
    keys = pl.format("{} {}", "artist", "other_artist").alias("pair")
    show_board(
        view,
        pairs.with_columns(pl.Series("pair_act", others, pl.String), keys),
        name,
        PAIR_COLUMNS,
        caption=word("shared.pairs"),
        saved=pairs,
        key="pair",
    )


if __name__ == "__main__":
    frame.run_page(show)
