"""For a listener: what to hear next from songs, artists or sounds that one likes, or from plays.

Belongs here: choices, the page and its reasons. Does not belong here: which works suit whom
(kpop_assets/recommend/service/answer.py), or whom an id means (served.py).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.board.board import show_board
from app.frame import View, t, word
from app.listening_words import say_parts, say_why, say_work
from app.notices import PageEnd
from app.picker import pick_artists
from app.sound_words import say_sound
from app.views.lens.choices import choose_option
from app.views.recommend.served import heard_by, open_served, some_listeners
from app.views.recommend.works_shown import with_work_cells
from kpop_assets.days import seoul_now
from kpop_assets.recommend.bundle.served_bundle import Bundle
from kpop_assets.recommend.learners.hour_popularity import HOURS
from kpop_assets.recommend.service.answer import (
    ListeningAnswer,
    ListeningWish,
    onboarding,
    recommend,
)

STARTS = ("songs", "acts", "sounds", "plays", "nothing")
LANGUAGES = ("ko", "ja", "en")
COLUMNS = ("rank", "work", "act", "why")
SHOWN = 10


def show(view: View) -> None:
    """Draw the page."""
    bundle = open_served(view.snapshot.settings.home)
    day = bundle.training_day.isoformat()
    counts = {
        "listeners": tables.number("count", len(bundle.arrays["listener_ids"])),
        "works": tables.number("count", bundle.works.height),
    }
    st.markdown(t("listener.lead", day=day, model=bundle.manifest.model, **counts))
    if bundle.manifest.is_simulated and not frame.shows_simulated():
        st.warning(t("frame.simulated"), icon=":material/science:")
    names = {name: word(f"listener.from_{name}") for name in STARTS}
    start = choose_option("from", t("listener.from"), names)
    wish = _WISHES[start](view, bundle)
    if wish is None:
        st.info(t(f"listener.choose_{start}"), icon=":material/touch_app:")
        return
    _page(view, recommend(bundle, replace(wish, with_parts=True)), start)


def _songs(view: View, bundle: Bundle) -> ListeningWish | None:
    """A dozen known works that are unlike each other, of which one chooses."""
    offered = {str(work.work_id): work for work in onboarding(bundle)}
    with kept("songs", [], list(offered)) as key:
        chosen: list[str] = st.pills(
            t("listener.songs"),
            list(offered),
            selection_mode="multi",
            format_func=lambda one: say_work(offered[one]),
            key=key,
        )
    return ListeningWish(seeds=[offered[one].item for one in chosen]) if chosen else None


def _acts(view: View, bundle: Bundle) -> ListeningWish | None:
    known = {act.artist for act in view.snapshot.catalog}
    offered = sorted(known.intersection(bundle.act_names), key=str.casefold)
    if not offered:
        raise PageEnd("listener.no_act")
    label = t("listener.acts")
    chosen = pick_artists(st.container(), label, offered, "acts", [], filter_mode="fuzzy")
    return ListeningWish(acts=chosen) if chosen else None


def _sounds(view: View, bundle: Bundle) -> ListeningWish | None:
    found = bundle.works.select("cluster", "cluster_name").drop_nulls().unique().sort("cluster")
    if found.is_empty():
        raise PageEnd("listener.no_cluster")
    names = {int(cluster): say_sound(name) for cluster, name in found.iter_rows()}
    with kept("sounds", [], [str(cluster) for cluster in names]) as key:
        chosen: list[str] = st.pills(
            t("listener.sounds"),
            [str(cluster) for cluster in names],
            selection_mode="multi",
            format_func=lambda one: names[int(one)],
            key=key,
        )
    return ListeningWish(clusters=[int(one) for one in chosen]) if chosen else None


def _plays(view: View, bundle: Bundle) -> ListeningWish | None:
    """A listener by an id, which goes neither into the address nor onto the disk."""
    st.caption(t("listener.about_plays"))
    given = st.text_input(t("listener.id"), max_chars=200, autocomplete="off", key="listener_id")
    if bundle.manifest.is_simulated:
        some = some_listeners(bundle)
        said = {
            one: word("listener.some", place=place, count=tables.number("count", count))
            for place, (one, count) in enumerate(some.items(), 1)
        }
        picked: str | None = st.selectbox(
            t("listener.some_of"),
            list(said),
            index=None,
            format_func=said.__getitem__,
            placeholder=word("listener.nobody"),
            width=360,
            key="listener_some",
        )
        given = given or picked or ""
    given = given.strip()
    if not given:
        return None
    heard = heard_by(bundle, view.snapshot.settings, given)
    if heard is None:
        st.info(t("listener.unknown"), icon=":material/info:")
    return ListeningWish(heard=heard, hour=seoul_now().hour)


def _nothing(view: View, bundle: Bundle) -> ListeningWish:
    """What is popular at an hour, in a language."""
    places = st.columns(2)
    hours = [str(hour) for hour in range(HOURS)]
    with kept("hour", str(seoul_now().hour), hours) as key:
        hour: str = places[0].selectbox(
            t("listener.hour"), hours, format_func=lambda one: f"{int(one):02}:00", key=key
        )
    languages = ("any", *LANGUAGES)
    with kept("sung", languages[0], languages) as key:
        language: str = places[1].selectbox(
            t("listener.sung"),
            languages,
            format_func=lambda one: word(f"listener.sung_{one}"),
            key=key,
        )
    return ListeningWish(hour=int(hour), language=None if language == "any" else language)


_WISHES = {
    "songs": _songs,
    "acts": _acts,
    "sounds": _sounds,
    "plays": _plays,
    "nothing": _nothing,
}


def _page(view: View, answer: ListeningAnswer, start: str) -> None:
    if not answer.rows:
        raise PageEnd("listener.nothing_left")
    if answer.basis == "history":
        st.caption(t("listener.last", works=", ".join(map(say_work, answer.seeds))))
    st.caption(t("listener.rules"))
    rows = _rows(answer)
    show_board(
        view,
        with_work_cells(rows),
        f"listen_{start}",
        COLUMNS,
        caption=word("listener.page"),
        saved=rows.drop("why_note"),
        key="work_id",
        head="work",
    )


def _rows(answer: ListeningAnswer) -> pl.DataFrame:
    told = [
        {
            **{"rank": place, "work_id": row.work.work_id, "track_id": row.work.work_id},
            **{"title": row.work.title, "artist": row.work.artist},
            **{"artist_name": row.work.artist_name, "why": say_why(row)},
            **{"why_note": say_parts(row), "fit": row.score},
            **{f"below_{name}": share for name, share in row.parts.items()},
        }
        for place, row in enumerate(answer.rows, 1)
    ]
    return pl.DataFrame(told, infer_schema_length=None)


if __name__ == "__main__":
    frame.run_page(show)
