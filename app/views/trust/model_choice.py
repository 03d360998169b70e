"""Model choice: what competed in a training, which are worth keeping, and which one forecasts.

Belongs here: the decision as sentences, the two charts and the table. Does not belong here:
comparing candidates (queries/model_choice.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.trust.model_choice import STATES, front_scatter
from app.frame import t, word
from app.notices import PageEnd
from app.queries import model_choice
from app.queries.trust.tracking import is_tracking_open, run_page
from kpop_assets.contracts.rules import CHAMPION_DAYS

COLUMNS = (
    "candidate",
    "mlflow_run_id",
    "is_on_front",
    "is_best",
    "front_reason",
    "accuracy",
    "f1",
    "rps",
    "rps_skill",
    "ece",
    "rise_auc",
    "rise_average_precision",
    "latency_ms",
    "feat_count",
)


def show(view: frame.View) -> None:
    """Draw the page."""
    trainings = _trainings(view)
    training = st.selectbox(
        t("model_choice.training"), trainings, format_func=dt.date.isoformat, width=260
    )
    compared = ask(view.snapshot, model_choice.compare_candidates, training)
    try:
        _say_decision(view, training)
    except PageEnd as notice:
        frame.tell(notice)
    rows = _explain(compared)
    _draw(rows, training)
    st.subheader(t("model_choice.candidates", count=rows.height))
    counts = {name: f"{rows.item(0, name):,}" for name in ("train_count", "test_count")}
    st.caption(t("model_choice.counts", **counts))
    is_open = is_tracking_open()
    pages = [run_page(run_id) for run_id in rows.get_column("mlflow_run_id")]
    linked = rows.with_columns(pl.Series("mlflow_run_id", pages, pl.String)).select(COLUMNS)
    tables.show_table(
        linked if is_open else linked.drop("mlflow_run_id"),
        f"candidates_{training}",
        height=min(38 + 35 * rows.height, 740),
        saved=rows.drop("better_in"),
    )
    st.caption(t("model_choice.tracking_open" if is_open else "model_choice.tracking_closed"))


def _trainings(view: frame.View) -> tuple[dt.date, ...]:
    """Days that can be chosen; says why the newest training was refused if it was."""
    newest = ask(view.snapshot, model_choice.newest_training, view.day)
    refused = bool(newest and newest["refusal"])
    about = (
        {"day": newest["ingest_date"].isoformat(), "reason": newest["refusal"]} if newest else {}
    )
    trainings: tuple[dt.date, ...] = ()
    try:
        trainings = ask(view.snapshot, model_choice.list_trainings, view.day)
    except PageEnd:
        if not refused:
            raise
    if not trainings:
        raise PageEnd("model_choice.refused_all" if refused else "model_choice.none", **about)
    if refused:
        st.warning(t("model_choice.refused", **about), icon=":material/block:")
    return trainings


def _say_decision(view: frame.View, training: dt.date) -> None:
    """Who forecasts on the day, and what this training decided."""
    day = view.day.isoformat()
    reigning = ask(view.snapshot, model_choice.find_champion, view.day)
    if reigning is None:
        st.markdown(t("model_choice.no_champion", day=day, days=CHAMPION_DAYS))
    else:
        name, trained = reigning["candidate"], reigning["trained_date"].isoformat()
        st.markdown(t("model_choice.champion", day=day, name=name, trained=trained))
    row = ask(view.snapshot, model_choice.find_champion, training)
    if row is None or row["ingest_date"] != training:
        return
    names = {"challenger": row["challenger"], "incumbent": row["incumbent"] or ""}
    verdict = "won" if row["is_new"] else "lost"
    if row["contest_count"] and row["challenger_rps"] is not None:
        figures = {name: f"{row[name]:.4f}" for name in ("challenger_rps", "incumbent_rps")}
        count = f"{row['contest_count']:,}"
        st.markdown(t(f"model_choice.{verdict}", count=count, **names, **figures))
    else:
        st.markdown(t(f"model_choice.{verdict}_unopposed", reason=row["decision"], **names))


def _explain(compared: pl.DataFrame) -> pl.DataFrame:
    """The candidates with state and front_reason, the sentence why each is where it is."""

    def reason(row: dict[str, Any]) -> str:
        if row["is_on_front"]:
            return word("model_choice.undominated")
        figures = ", ".join(tables.heading(name) for name in row["better_in"] or ())
        return word("model_choice.dominated_by", winner=row["dominated_by"] or "?", figures=figures)

    state = (
        pl.when("is_best")
        .then(pl.lit("chosen"))
        .when("is_on_front")
        .then(pl.lit("on_front"))
        .otherwise(pl.lit("dominated"))
    )
    reasons = [reason(row) for row in compared.iter_rows(named=True)]
    return compared.with_columns(state.alias("state"), pl.Series("front_reason", reasons))


def _draw(rows: pl.DataFrame, training: dt.date) -> None:
    names = {name: word(f"model_choice.{name}") for name in (*STATES, "baseline", "model")}
    places = st.columns(2, gap="medium")
    pairs = (("latency_ms", "accuracy"), ("feat_count", "f1"))
    for place, (cost, gain) in zip(places, pairs, strict=True):
        columns = ["candidate", gain, cost, "is_on_front", "is_baseline", "front_reason"]
        titles = {name: tables.heading(name) for name in columns}
        with place:
            chart = front_scatter(rows, cost, gain, titles, names)
            caption = t(f"model_choice.chart_{gain}")
            tables.show_chart(chart, caption, rows.select(columns), f"{gain}_{training}")


if __name__ == "__main__":
    frame.run_page(show)
