"""Recommenders: which one answers and why, what each is worth and for whom; ratings stand apart.

Belongs here: the decision as sentences, and the tabs. Does not belong here: a figure's computation
(kpop_assets/recommend/), or what is read (queries/recommend/recommenders.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import choose_tab, kept
from app.board.board import show_board
from app.cache import ask
from app.charts.recommend.intervals import draw_intervals
from app.frame import View, t, word
from app.messages.catalogue import load_messages
from app.notices import PageEnd
from app.queries.recommend import recommenders as queries
from app.queries.trust.tracking import is_tracking_open, mlflow_address
from app.views.recommend.works_shown import asked_day

BOARD = (
    *("recommender", "ndcg_10", "recall_20", "hit_10", "coverage", "novelty", "rising_share"),
    "answer_ms",
)
FIGURES = (
    *("recommender", "mlflow_run_id", "is_on_front", "front_reason", "ndcg_10", "ndcg_10_low"),
    *("ndcg_10_high", "recall_10", "recall_20", "map_10", "hit_10", "coverage", "novelty"),
    *("intra_list_diversity", "gini", "rising_share", "answer_ms", "memory_mb", "fit_seconds"),
    *("may_answer", "setting"),
)


def show(view: View) -> None:
    """Draw the page."""
    trainings = ask(view.snapshot, queries.list_recommender_trainings, asked_day(view))
    training = _choose(trainings)
    row = trainings.row(by_predicate=pl.col("ingest_date") == training, named=True)
    _say_training(row)
    _say_decision(ask(view.snapshot, queries.find_recommender_decision, training))
    tabs = {"rankings": _rankings, "groups": _groups, "ratings": _ratings}
    tabs[choose_tab({name: word(f"recommenders.tab_{name}") for name in tabs})](view, training)


def _choose(trainings: pl.DataFrame) -> dt.date:
    """The training that is looked at; of one that was refused since, the reason is said."""
    newest = trainings.row(0, named=True)
    done = trainings.filter(pl.col("refusal").is_null()).get_column("ingest_date").to_list()
    about = {"day": newest["ingest_date"].isoformat(), "reason": newest["refusal"] or ""}
    if not done:
        raise PageEnd("recommenders.refused_all", **about)
    if newest["refusal"] is not None:
        st.warning(t("recommenders.refused", **about), icon=":material/block:")
    with kept("training", done[0], done) as key:
        chosen: dt.date = st.selectbox(
            t("recommenders.training"), done, format_func=dt.date.isoformat, width=260, key=key
        )
    return chosen


def _say_training(row: dict[str, Any]) -> None:
    counts = (
        *("listener_count", "played_work_count", "work_count", "play_count", "test_week_count"),
        *("test_listener_count", "relevant_count", "unknown_play_count"),
    )
    said = {name: tables.number("count", row[name]) for name in counts}
    said |= {name: str(row[name] or "–") for name in ("first_play_date", "last_play_date")}
    said["left_out"] = tables.number("pct", row["left_out_pct"])
    st.markdown(t("recommenders.lead", **said))
    st.caption(t("recommenders.left_out", **said))


def _say_decision(row: dict[str, Any] | None) -> None:
    if row is None:
        return
    said = {name: row[name] or "" for name in ("model", "challenger", "incumbent")}
    for name in ("challenger_ndcg_10", "incumbent_ndcg_10"):
        said[name] = tables.number("precise", row[name])
    if row["incumbent"] is None:
        key = "first"
    elif row["challenger"] == row["incumbent"]:
        key = "again"
    elif row["incumbent_ndcg_10"] is None:
        key = "gone"
    else:
        key = "won" if row["is_new"] else "lost"
    st.markdown(t(f"recommenders.{key}", **said))


def _rankings(view: View, training: dt.date) -> None:
    st.caption(t("recommenders.about_rankings"))
    compared = ask(view.snapshot, queries.compare_recommenders, training)
    if compared.is_empty():
        raise PageEnd("recommenders.no_ranking", day=training.isoformat())
    shown = _described(compared).with_columns(
        pl.Series("ndcg_10_note", [_interval(row) for row in compared.iter_rows(named=True)])
    )
    show_board(
        view,
        shown,
        f"recommenders_{training}",
        [name for name in BOARD if shown.get_column(name).count()],
        caption=word("recommenders.board_of", day=training.isoformat()),
        saved=compared.drop("better_in"),
        key="recommender",
        head="recommender",
    )
    by_front = {True: word("recommenders.on_front"), False: word("recommenders.off_front")}
    points = compared.with_columns(
        pl.when("is_on_front").then(pl.lit("front")).otherwise(pl.lit("others")).alias("part")
    )
    _draw(
        points,
        {"front": by_front[True], "others": by_front[False]},
        t("recommenders.chart", day=training.isoformat()),
        f"recommenders_chart_{training}",
    )
    _all_figures(compared, training)


def _all_figures(compared: pl.DataFrame, training: dt.date) -> None:
    with st.expander(word("recommenders.figures"), icon=":material/table:"):
        is_open = is_tracking_open()
        pages = [mlflow_address(run_id) for run_id in compared.get_column("mlflow_run_id")]
        reasons = [_why(row) for row in compared.iter_rows(named=True)]
        told = compared.with_columns(
            pl.Series("mlflow_run_id", pages, pl.String),
            pl.Series("front_reason", reasons, pl.String),
        ).select(FIGURES)
        shown = told if is_open else told.drop("mlflow_run_id")
        tables.show_table(shown, f"recommender_figures_{training}")
        st.caption(t("model_choice.tracking_open" if is_open else "model_choice.tracking_closed"))


def _why(row: dict[str, Any]) -> str:
    if row["is_on_front"]:
        return word("recommenders.undominated")
    if row["dominated_by"] is None:
        return word("recommenders.not_compared")
    figures = ", ".join(tables.heading(name) for name in row["better_in"])
    return word("recommenders.dominated_by", winner=row["dominated_by"], figures=figures)


def _groups(view: View, training: dt.date) -> None:
    st.caption(t("recommenders.about_groups"))
    rows = ask(view.snapshot, queries.read_groups, training)
    weeks = rows.get_column("test_date").unique().sort(descending=True).to_list()
    if not weeks:
        raise PageEnd("recommenders.no_ranking", day=training.isoformat())
    with kept("week", weeks[0], weeks) as key:
        week = st.selectbox(
            t("recommenders.week"), weeks, format_func=dt.date.isoformat, width=260, key=key
        )
    own = rows.filter(pl.col("test_date") == week)
    everybody = own.filter(pl.col("listener_group") == queries.EVERYBODY)
    order = everybody.sort("ndcg_10", "recommender", descending=[True, False])
    told = order.select("recommender").join(
        own.filter(pl.col("listener_group") != queries.EVERYBODY).rename(
            {"listener_group": "part"}
        ),
        on="recommender",
        maintain_order="left",
    )
    counts = dict(told.select("part", "listener_count").unique().sort("part").iter_rows())
    names = {
        group: word(
            "recommenders.group_of",
            group=word(f"recommenders.group_{group}"),
            count=tables.number("count", counts[group]),
        )
        for group in queries.LISTENER_GROUPS
        if group in counts
    }
    _draw(
        told,
        names,
        t("recommenders.groups_chart", week=week.isoformat()),
        f"recommender_groups_{week}",
    )


def _ratings(view: View, training: dt.date) -> None:
    st.caption(t("recommenders.about_ratings"))
    rated = ask(view.snapshot, queries.compare_raters, training)
    if rated.is_empty():
        raise PageEnd("recommenders.no_rating", day=training.isoformat())
    shown = _described(rated)
    show_board(
        view,
        shown,
        f"raters_{training}",
        ("recommender", "rmse", "mae", "rating_count", "ndcg_10"),
        caption=word("recommenders.raters_of", day=training.isoformat()),
        saved=rated,
        key="recommender",
        head="recommender",
    )


def _draw(points: pl.DataFrame, names: dict[str, str], caption: str, name: str) -> None:
    columns = ("recommender", "ndcg_10", "ndcg_10_low", "ndcg_10_high", "listener_count")
    titles = {one: tables.heading(one) for one in (*columns, "listener_group")}
    told = points.select(*columns, "part")
    below = told.with_columns(pl.col("part").replace(names)).rename({"part": "listener_group"})
    is_by_group = "front" not in names
    tables.show_chart(
        draw_intervals(told, titles, names),
        caption,
        below if is_by_group else below.drop("listener_group"),
        name,
    )


def _described(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what each recommender is, below its name."""
    said = [_say_model(row) for row in rows.iter_rows(named=True)]
    return rows.with_columns(pl.Series("recommender_note", said, pl.String))


def _say_model(row: dict[str, Any]) -> str | None:
    key = f"recommenders.model_{row['recommender']}"
    told = [word(key)] if key in load_messages() else []
    if row.get("is_baseline"):
        told.append(word("recommenders.baseline"))
    if row.get("is_best"):
        told.append(word("recommenders.best"))
    elif row.get("is_on_front"):
        told.append(word("recommenders.on_front"))
    return " · ".join(told) or None


def _interval(row: dict[str, Any]) -> str:
    low, high = (tables.number("precise", row[f"ndcg_10_{end}"]) for end in ("low", "high"))
    return f"{low} – {high}"


if __name__ == "__main__":
    frame.run_page(show)
