"""Experiments: what each says and what to do next, then its figures.

Belongs here: the verdict as sentences, the table and the chart. Does not belong here: how a result
is worked out (kpop_assets/experiments/), or what is read (queries/service/experiments.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.cache import ask
from app.charts.service.effects import effect_bands
from app.frame import View, t, word
from app.messages.catalogue import load_messages
from app.queries.service import experiments as queries
from kpop_assets.days import seoul_now
from kpop_assets.experiments.usual_settings import (
    VariantSettings,
    as_line,
    usable_usual,
    usual_file,
    variant_settings,
    with_built_in,
)
from kpop_assets.insights.experiment_words import without_waiting

_FIGURES = (
    *(
        "metric",
        "variant",
        "verdict",
        "settings",
        "effect_pct",
        "effect_low_pct",
        "effect_high_pct",
    ),
    *("unit_count", "mean", "p_value_holm", "any_day_p_value_holm", "power_pct", "needed_days"),
)
_LINES = ("effect_pct", "effect_low_pct", "effect_high_pct", "any_day_low_pct", "any_day_high_pct")
# Sentences after which something has to be done.
_BAD = ("experiments.guardrail", "experiments.worse", "experiments.broken")
_FORMS = {
    **dict.fromkeys(("effect_pct", "effect_low_pct", "effect_high_pct"), "growth"),
    **{"least_effect_pct": "pct", "power_pct": "pct", "needed_days": "count"},
}


def show(view: View, now: dt.datetime | None = None) -> None:
    """Draw the page; `now` is the clock's time if not given."""
    results = ask(view.snapshot, queries.list_results, view.chosen)
    names = results["experiment"].unique(maintain_order=True).to_list()
    with kept("experiment", names[0], names) as key:
        chosen = st.selectbox(t("experiments.experiment"), names, width=360, key=key)
    rows = results.filter(pl.col("experiment") == chosen)
    first = rows.row(0, named=True)
    st.subheader(t("experiments.question", question=first["question"]))
    home = view.snapshot.settings.home
    settings = variant_settings(home, chosen)
    for sentence in queries.judge_experiment(rows, seoul_now(now).date(), settings):
        text = t(sentence.key, **{n: _written(n, v) for n, v in sentence.values.items()})
        if sentence.is_good:
            st.success(text, icon=":material/check_circle:")
            if sentence.lines:
                st.code("\n".join(sentence.lines), language="toml")
        elif sentence.key.startswith(_BAD):
            st.warning(text, icon=":material/warning:")
        else:
            st.info(text, icon=":material/info:")
    _say_plan(rows, first)
    _table(rows, settings)
    _say_usual(home)
    _chart(view, chosen)


def _written(name: str, value: Any) -> str:
    if name == "metric":
        return _metric(value)
    return tables.number(_FORMS[name], value) if name in _FORMS else str(value)


def _metric(name: str) -> str:
    key = f"experiments.metric_{name}"
    return word(key) if key in load_messages() else name


def _say_plan(rows: pl.DataFrame, first: dict[str, Any]) -> None:
    units = rows.filter("is_primary").select(pl.col("unit_count").sum()).item()
    said = {name: first[name] for name in ("start_date", "end_date")}
    said["day"] = first["ingest_date"]
    said["units"] = tables.number("count", units)
    said["least"] = tables.number("pct", first["least_effect_pct"])
    st.caption(t(f"experiments.plan_{first['decides']}", **said))


def _say_usual(home: Path) -> None:
    usual, fault = usable_usual(usual_file(home))
    if fault is not None:
        st.warning(t("experiments.usual_broken", reason=str(fault)), icon=":material/warning:")
        return
    lines = ", ".join(as_line(*each) for each in with_built_in(usual).items())
    # No caption: code in its grey is too faint to read.
    st.markdown(t("experiments.usual", lines=lines))


def _settings_of(variant: str, settings: Mapping[str, VariantSettings]) -> str | None:
    found = settings.get(variant)
    if found is None:
        return None
    return ", ".join(found.told) or word("experiments.usual_settings")


def _table(rows: pl.DataFrame, settings: Mapping[str, VariantSettings]) -> None:
    verdicts = [
        "" if name is None else word(f"experiments.verdict_{name.replace(' ', '_')}")
        for name in rows["verdict"]
    ]
    shown = without_waiting(rows).with_columns(
        pl.Series("metric", [_metric(name) for name in rows["metric"]], pl.String),
        pl.Series("verdict", verdicts, pl.String),
        pl.Series("settings", [_settings_of(one, settings) for one in rows["variant"]], pl.String),
    )
    tables.show_table(shown.select(_FIGURES), "experiment_results", saved=rows)
    st.caption(t("experiments.table_caption"))


def _chart(view: View, chosen: str) -> None:
    days = ask(view.snapshot, queries.follow_experiment, chosen, view.chosen)
    told = days.filter("is_primary", pl.col("effect_pct").is_not_null())
    if told.is_empty():
        return
    variants = told["variant"].unique().sort().to_list()
    with kept("variant", variants[0], variants) as key:
        variant = st.selectbox(t("experiments.variant"), variants, width=260, key=key)
    own = told.filter(pl.col("variant") == variant)
    titles = {name: tables.heading(name) for name in (*_LINES, "ingest_date")}
    chart = effect_bands(own, titles)
    caption = t("experiments.chart_caption", variant=variant, metric=_metric(own.item(0, "metric")))
    tables.show_chart(chart, caption, own.drop("is_primary", "metric"), "experiment_days")


if __name__ == "__main__":
    frame.run_page(show)
