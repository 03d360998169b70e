"""Model choice: what competed in a training, which are worth keeping, and which one forecasts.

Belongs here: the decision and its cost as sentences, and the table. Does not belong here: comparing
candidates (queries/model_choice.py), or what decided (queries/trust/decisions.py).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.frame import t, word
from app.notices import PageEnd
from app.queries import model_choice
from app.queries.trust.decisions import ROLES, weigh_choice, why_not_trained, why_unopposed
from app.queries.trust.tracking import is_tracking_open, mlflow_address
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


COUNTS = ("train_count", "test_count")
WEIGHED = ("candidate", "rps", "accuracy", "f1", "latency_ms", "feat_count")


def show(view: frame.View) -> None:
    """Draw the page."""
    trainings = _trainings(view)
    with kept("training", trainings[0], trainings) as key:
        training = st.selectbox(
            t("model_choice.training"),
            trainings,
            format_func=dt.date.isoformat,
            width=260,
            key=key,
        )
    compared = ask(view.snapshot, model_choice.compare_candidates, training)
    metric = tables.heading(view.snapshot.settings.champion_metric)
    try:
        _say_decision(view, training, metric)
    except PageEnd as notice:
        frame.tell(notice)
    st.subheader(t("model_choice.cost"))
    _weigh(compared, metric, training)
    st.subheader(t("model_choice.candidates", count=compared.height))
    _list_candidates(_explain(compared), training)


def _list_candidates(rows: pl.DataFrame, training: dt.date) -> None:
    counts = {name: tables.number("count", rows.item(0, name)) for name in COUNTS}
    st.caption(t("model_choice.counts", **counts))
    is_open = is_tracking_open()
    pages = [mlflow_address(run_id) for run_id in rows.get_column("mlflow_run_id")]
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
    about = {}
    if newest and refused:
        reason, values = why_not_trained(newest)
        about["day"] = newest["ingest_date"].isoformat()
        about["reason"] = word(f"model_choice.why_{reason}", **values)
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


def _say_decision(view: frame.View, training: dt.date, metric: str) -> None:
    """Who forecasts on the day, by what, and what this training decided."""
    day = view.day.isoformat()
    reigning = ask(view.snapshot, model_choice.find_champion, view.day)
    if reigning is None:
        st.markdown(t("model_choice.no_champion", day=day, days=CHAMPION_DAYS))
    else:
        name, trained = reigning["candidate"], reigning["trained_date"].isoformat()
        st.markdown(t("model_choice.champion", day=day, name=name, trained=trained))
        if viral := reigning.get("viral_candidate"):
            st.markdown(t("model_choice.viral", name=viral))
    st.markdown(t("model_choice.decides", metric=metric))
    if decision := ask(view.snapshot, model_choice.find_decision, training):
        st.markdown(_verdict(*decision))


def _verdict(champion: dict[str, Any], before: dict[str, Any] | None) -> str:
    names = {"challenger": champion["challenger"], "incumbent": champion["incumbent"] or ""}
    verdict = "won" if champion["is_new"] else "lost"
    if not champion["contest_count"] or champion["challenger_rps"] is None:
        reason, values = why_unopposed(champion, before)
        said = word(f"model_choice.why_{reason}", **values)
        return t(f"model_choice.{verdict}_unopposed", reason=said, **names)
    figures = {
        name: tables.number("precise", champion[name])
        for name in ("challenger_rps", "incumbent_rps")
    }
    count = tables.number("count", champion["contest_count"])
    return t(f"model_choice.{verdict}", count=count, **names, **figures)


def _weigh(compared: pl.DataFrame, metric: str, training: dt.date) -> None:
    """What the chosen model costs against the best by RPS, the leanest and the fastest."""
    weighed = weigh_choice(compared)
    rows = {role: row for row in weighed.iter_rows(named=True) for role in row["roles"]}
    chosen, best = rows.get("chosen"), rows.get("best_score")
    if chosen is None or best is None:
        return
    said = {**_figures(chosen, ""), **_figures(best, "best_")}
    said |= {"name": chosen["candidate"], "best": best["candidate"]}
    if chosen["candidate"] == best["candidate"]:
        st.markdown(t("model_choice.costs_nothing", **said))
    else:
        gain = tables.number("share", 1 - best["rps"] / chosen["rps"] if chosen["rps"] else None)
        text = t("model_choice.costs_score", metric=metric, gain=gain, **said)
        st.markdown(text if best["is_portable"] else f"{text} {t('model_choice.needs_spark')}")
    names = {role: word(f"model_choice.role_{role}") for role in ROLES}
    roles = [", ".join(map(names.__getitem__, held)) for held in weighed.get_column("roles")]
    shown = weighed.with_columns(pl.Series("role", roles, pl.String)).select("role", *WEIGHED)
    tables.show_table(shown, f"choice_{training}")


def _figures(row: dict[str, Any], prefix: str) -> dict[str, str]:
    """What a model gives and costs, as a sentence has it."""
    written = {"rps": "precise", "ms": "number", "inputs": "count"}
    values = {"rps": row["rps"], "ms": row["latency_ms"], "inputs": row["feat_count"]}
    return {
        f"{prefix}{name}": tables.number(written[name], value) for name, value in values.items()
    }


def _explain(compared: pl.DataFrame) -> pl.DataFrame:
    """The candidates with front_reason, the sentence why each is where it is."""

    def reason(row: dict[str, Any]) -> str:
        if row["is_on_front"]:
            return word("model_choice.undominated")
        if row["dominated_by"] is None:
            return word("model_choice.earlier_rule")
        figures = ", ".join(tables.heading(name) for name in row["better_in"])
        return word("model_choice.dominated_by", winner=row["dominated_by"], figures=figures)

    reasons = [reason(row) for row in compared.iter_rows(named=True)]
    return compared.with_columns(pl.Series("front_reason", reasons, pl.String))


if __name__ == "__main__":
    frame.run_page(show)
