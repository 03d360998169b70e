"""Home: who goes viral next, in ten seconds.

Belongs here: the order of what is said, and its sentences. Does not belong here: a figure's
computation (queries/home.py), reasons in words (reasons.py), or the board (board/).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, numbers
from app.alerts import say_alert
from app.board.board import show_board, watched
from app.cache import ask
from app.frame import language, t, word
from app.messages.catalogue import escape
from app.names import act_name
from app.notices import PageEnd
from app.pages import file_of
from app.queries.alerts import list_changes
from app.queries.artists.ranking import list_ranking
from app.queries.home import AlikeForecasts, ViralForecast, read_kept, read_viral_forecast
from app.queries.lens.facts import read_lens_facts
from app.reasons import say_lens_facts, say_reasons
from app.watchlist import Watchlist
from kpop_assets.contracts import rules

CARDS = 3
# Names in a line; the rest are a number.
NAMED = 6
CARD_COLUMNS = ("viral_rank", "artist", "p_viral", "trend_growth", "reasons")
TEN_COLUMNS = (
    "viral_rank",
    "artist",
    "p_viral",
    "total_engagement",
    "trend_growth",
    "days_since_new",
    "driving_video_title",
)
NEAR_COLUMNS = ("artist", "p_rise", "next_tier", "line_gap", "trend_growth")
RANKING_COLUMNS = ("rank", "artist", "total_engagement", "growth_rate_7d", "driving_video_title")
MOST_RANKED = 20


def show(view: frame.View) -> None:
    """Draw the page."""
    try:
        forecast = ask(view.snapshot, read_viral_forecast, view.day)
    except PageEnd as notice:
        frame.tell(notice)
        _ranking(view)
        return
    _headline(view, forecast)
    _cards(view, forecast)
    _ten(view, forecast)
    _changes(view)
    _near(view, forecast)
    _sources(forecast)


def _headline(view: frame.View, forecast: ViralForecast) -> None:
    first = forecast.acts.row(0, named=True)
    reasons = say_reasons(first, language())
    sentence = t(
        "home.headline" if reasons.drivers else "home.headline_none",
        artist=act_name(first["artist"]),
        date=forecast.target.isoformat(),
        chance=_chance(first["p_viral"]),
        reason=(reasons.drivers or (word("reasons.nothing"),))[0],
    )
    kept = ask(view.snapshot, read_kept, view.day, first["p_viral"])
    st.markdown(f"{sentence} {_kept(kept)}")


def _kept(kept: AlikeForecasts) -> str:
    edges = {"low": _chance(kept.low).rstrip("%"), "high": _chance(kept.high)}
    if not kept.checked:
        return t("home.not_kept", **edges)
    return t("home.kept", checked=f"{kept.checked:,}", came=f"{kept.came:,}", **edges)


def _cards(view: frame.View, forecast: ViralForecast) -> None:
    first = forecast.acts.head(CARDS)
    facts = ask(view.snapshot, read_lens_facts, view.day)
    said = [
        [*say_reasons(row, language()).all, *say_lens_facts(facts.get(row["artist"]), language())]
        for row in first.iter_rows(named=True)
    ]
    rows = first.with_columns(
        pl.Series("reasons", said, pl.List(pl.String)), pl.col("driving_video_id").alias("image_id")
    )
    show_board(view, rows, "home_cards", CARD_COLUMNS, caption=word("home.cards"), as_cards=True)


def _ten(view: frame.View, forecast: ViralForecast) -> None:
    caption = word("home.ten", date=forecast.target.isoformat())
    st.subheader(escape(caption))
    ten = forecast.acts.filter(pl.col("viral_rank") <= rules.TOP_RISERS)
    saved = forecast.acts.drop("daily_28d")
    show_board(view, ten, f"home_{forecast.day}", TEN_COLUMNS, caption=caption, saved=saved)


def _near(view: frame.View, forecast: ViralForecast) -> None:
    if forecast.near.is_empty():
        return
    st.subheader(t("home.near"))
    st.caption(t("home.near_lead", date=forecast.target.isoformat()))
    caption = word("home.near")
    show_board(view, forecast.near, f"home_near_{forecast.day}", NEAR_COLUMNS, caption=caption)


def _changes(view: frame.View) -> None:
    st.subheader(t("home.changed"))
    changes = ask(view.snapshot, list_changes, view.day)
    mine = watched(Watchlist(view.snapshot.settings.viewer))
    lines = [_watched_line(changes, mine)]
    for kind in ("spike", "tier_up", "tier_down"):
        artists = changes.filter(pl.col("kind") == kind).get_column("artist").to_list()
        if artists:
            name = word(f"alerts.kind_{kind}")
            lines.append(t("home.changed_kind", kind=name, artists=_names(artists)))
    if changes.is_empty():
        lines.append(t("home.changed_none", day=view.day.isoformat()))
    st.markdown("\n".join(f"- {line}" for line in lines))


def _watched_line(changes: pl.DataFrame, mine: frozenset[str]) -> str:
    if not mine:
        return t("home.watched_none")
    said = [
        say_alert(row, language(), act_name)
        for row in changes.filter(pl.col("artist").is_in(sorted(mine))).iter_rows(named=True)
    ]
    if not said:
        return t("home.watched_still", count=len(mine))
    return t("home.changed_watched", changes="; ".join(said))


def _names(artists: list[str]) -> str:
    names = ", ".join(map(act_name, artists[:NAMED]))
    left = len(artists) - NAMED
    return word("home.more", names=names, count=left) if left > 0 else names


def _sources(forecast: ViralForecast) -> None:
    first = forecast.acts.row(0, named=True)
    made = t(
        "home.made",
        day=forecast.day.isoformat(),
        model=forecast.candidate,
        trained=first["viral_trained_date"],
    )
    st.caption(made)
    st.page_link(
        file_of("track_record"), label=word("home.to_record"), icon=":material/fact_check:"
    )


def _ranking(view: frame.View) -> None:
    ranked = ask(view.snapshot, list_ranking, view.day)
    rows = ranked.head(MOST_RANKED)
    caption = word("home.ranking")
    st.subheader(escape(caption))
    name = f"home_ranking_{view.day}"
    show_board(view, rows, name, RANKING_COLUMNS, caption=caption, saved=ranked.drop("daily_28d"))


def _chance(part: float) -> str:
    """A chance in a sentence, where digits behind the point say nothing."""
    return numbers.write("count", part * 100, language()) + "%"


if __name__ == "__main__":
    frame.run_page(show)
