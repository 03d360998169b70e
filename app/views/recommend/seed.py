"""Seed: find a work while you type, see what is near it, and where it lies among all works.

Belongs here: the search, the work's headline, its board and its map. Does not belong here: which
works are near (kpop_assets/recommend/works/similar.py), or what is read
(queries/recommend/works.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.board.board import show_board
from app.cache import ask
from app.charts.recommend.work_map import MapNames, draw_work_map
from app.frame import View, t, word
from app.messages.catalogue import escape
from app.naming import download_name
from app.notices import PageEnd
from app.pages import address_of, go_to
from app.queries.recommend.works import KnownWorks, open_works
from app.sound_words import say_direction, say_sound
from app.views.lens.choices import choose_option
from app.views.recommend.works_shown import asked_day, heard_at, whose, with_work_cells
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.recommend_rules import FEATURES, MOST_OF_AN_ACT

SHOWN = 10
MOST_FOUND = 8
# Dots that a phone draws at once; more are a blot.
MOST_DOTS = 1_200
# As many as stand in a row.
FIGURES = tuple(name for name in FEATURES if name not in ("loudness", "liveness"))
COLUMNS = (
    *("rank", "work", "act", "nearness", "near_sound", "near_words", "cluster_name"),
    *("popularity", "plays_28d"),
)


def show(view: View) -> None:
    """Draw the page."""
    known = ask(view.snapshot, open_works, asked_day(view))
    works = known.catalog
    count = tables.number("count", works.works.height)
    st.markdown(t("seed.lead", count=count, day=works.day.isoformat()))
    st.caption(t("seed.sources", sources=", ".join(map(frame.source_name, known.sources))))
    asked = st.query_params.get("work")
    _find(known, asked)
    row = known.row_of(asked)
    seed = works.works.row(row, named=True)
    _headline(known, seed)
    near = _near(known, row)
    _board(view, known, seed, near)
    _map(known, seed, near)


@st.fragment
def _find(known: KnownWorks, asked: str | None) -> None:
    """Draw the box and what fits while somebody types; it is empty again at another work."""
    typed = st.text_input(
        t("seed.find"),
        type="search",
        live=True,
        placeholder=word("seed.placeholder"),
        icon=":material/music_note:",
        max_chars=100,
        key=f"seed_find_{asked or ''}",
    )
    query = (typed or "").strip()
    if not query:
        return
    found = known.find(query, MOST_FOUND)
    with st.container(border=True, key="seed_found", gap="xsmall"):
        if found.is_empty():
            st.caption(t("seed.nothing", query=query))
        for row in found.iter_rows(named=True):
            # A link of Streamlit's to the page that is open leaves the address as it was.
            if st.button(
                f"**{escape(row['title'])}** {escape(whose(row))}",
                type="tertiary",
                icon=":material/music_note:",
                key=f"seed_{row['work_id']}",
            ):
                go_to("seed", work=row["work_id"])


def _headline(known: KnownWorks, seed: dict[str, Any]) -> None:
    st.header(escape(f"{whose(seed)} – {seed['title']}"), anchor=False)
    links = []
    if seed["artist"] != OTHER:
        name = t("seed.of_act", artist=whose(seed))
        links.append(f"[{name}]({address_of('artist', artist=seed['artist'])})")
    if address := heard_at(seed["track_id"]):
        links.append(f"[{t('seed.listen')}]({address})")
    if sound := _sound_of(known, seed["work_id"]):
        links.append(t("seed.sounds", sound=sound))
    if links:
        st.markdown(" · ".join(links))
    told = [name for name in FIGURES if seed[name] is not None]
    for place, name in zip(st.columns(len(told)) if told else (), told, strict=True):
        place.metric(tables.heading(name), tables.figure(name, seed[name]))
    if not told:
        st.caption(t("seed.no_sound"))
    _versions(known, seed)


def _sound_of(known: KnownWorks, work_id: str) -> str | None:
    placed = known.map.works.filter(pl.col("work_id") == work_id) if known.map else pl.DataFrame()
    name = placed.item(0, "cluster_name") if placed.height else None
    return name and say_sound(name)


def _versions(known: KnownWorks, seed: dict[str, Any]) -> None:
    if seed["version_count"] < 2:
        return
    names = known.catalog.names.filter(pl.col("work_id") == seed["work_id"])
    titles = names.get_column("title").unique(maintain_order=True).to_list()
    said = ", ".join(titles)
    st.caption(t("seed.versions", count=seed["version_count"], titles=said))


def _near(known: KnownWorks, row: int) -> pl.DataFrame:
    """What is near, with its place and its cluster."""
    limits = {"few": word("seed.few"), "all": word("seed.all")}
    limit = choose_option("acts", t("seed.limit"), limits)
    most = MOST_OF_AN_ACT if limit == "few" else known.catalog.works.height
    near = known.catalog.near(row, SHOWN, most).with_row_index("rank", 1)
    near = near.rename({"sound": "near_sound", "words": "near_words"})
    if known.map is None:
        return near.with_columns(pl.lit(None, pl.String).alias("cluster_name"))
    clusters = known.map.works.select("work_id", "cluster_name")
    return near.join(clusters, on="work_id", how="left", maintain_order="left")


def _board(view: View, known: KnownWorks, seed: dict[str, Any], near: pl.DataFrame) -> None:
    title = f"{whose(seed)} – {seed['title']}"
    if near.is_empty():
        raise PageEnd("seed.alone", work=title)
    st.caption(t("seed.near_about"))
    shown = with_work_cells(near)
    show_board(
        view,
        shown,
        download_name("near", seed["work_id"], known.catalog.day),
        [name for name in COLUMNS if shown.get_column(name).count()],
        caption=word("seed.near_of", work=title),
        saved=near,
        key="work_id",
        head="work",
    )


def _map(known: KnownWorks, seed: dict[str, Any], near: pl.DataFrame) -> None:
    st.subheader(t("seed.map"))
    placed = known.map
    if placed is None:
        raise PageEnd("seed.no_map", day=known.catalog.day.isoformat())
    told = known.findable.select("work_id", "title", "artist", "artist_name")
    order = told.join(placed.works, on="work_id", maintain_order="left").join(
        near.select("work_id", "rank"), on="work_id", how="left", maintain_order="left"
    )
    is_seed = pl.col("work_id") == seed["work_id"]
    drawn = pl.concat(
        [
            order.filter(is_seed).with_columns(part=pl.lit("seed")),
            order.filter(pl.col("rank").is_not_null()).with_columns(part=pl.lit("near")),
            order.filter(~is_seed & pl.col("rank").is_null())
            .head(MOST_DOTS)
            .with_columns(part=pl.lit("others")),
        ]
    )
    shown = _said(drawn)
    ends = [
        word(
            "seed.axis",
            low=say_direction(features, is_far=False),
            high=say_direction(features, is_far=True),
        )
        for features in placed.directions
    ]
    names = MapNames(
        parts={part: word(f"seed.part_{part}") for part in ("seed", "near", "others")},
        axes=(ends[0], ends[1]),
        titles={name: tables.heading(name) for name in ("work", "act", "cluster_name")},
    )
    is_near = pl.col("cluster").is_in(drawn.filter(pl.col("part") != "others")["cluster"].implode())
    sounds = [say_sound(name) for name in placed.centres["cluster_name"]]
    centres = placed.centres.with_columns(
        pl.Series("cluster_name", sounds, pl.String), is_near.alias("is_near")
    )
    tables.show_chart(
        draw_work_map(shown, centres, names),
        t(
            "seed.map_caption",
            kept=tables.number("share", placed.kept_share),
            count=tables.number("count", shown.height),
            whole=tables.number("count", placed.works.height),
        ),
        centres.select("cluster_name", "work_count"),
        download_name("clusters", known.catalog.day),
    )
    if not shown.filter(pl.col("part") == "seed").height:
        st.caption(t("seed.not_on_map"))


def _said(drawn: pl.DataFrame) -> pl.DataFrame:
    acts = [whose(row) for row in drawn.iter_rows(named=True)]
    sounds = [name and say_sound(name) for name in drawn["cluster_name"]]
    return drawn.select(
        *("work_id", "part", "rank", "across", "up"),
        pl.col("title").alias("work"),
        pl.Series("act", acts, pl.String),
        pl.Series("cluster_name", sounds, pl.String),
    )


if __name__ == "__main__":
    frame.run_page(show)
