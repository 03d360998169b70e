"""Monitor: how answers are given, how fast, what is clicked, and whether inputs moved.

Belongs here: the verdict as sentences, and the tabs. Does not belong here: what is read
(queries/service/answers.py), or the metrics of a server that runs (monitoring/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import choose_tab, kept
from app.cache import ask
from app.charts import common as charts
from app.frame import View, t, word
from app.messages.catalogue import load_messages
from app.notices import PageEnd
from app.queries.service import answers as queries
from app.queries.service import policies
from app.queries.trust.data_health import Sentence
from kpop_assets.contracts.recommend_service import EVERYTHING
from kpop_assets.days import seoul_now

_SPEEDS = ("response_ms_p50", "response_ms_p95", "response_ms_p99")
_OF_VARIANT = ("ingest_date", "experiment", "variant")
_CLICKS = ("clicked_pct", "skipped_pct")
_LISTENING = ("taken_pct", "finished_pct")
_POLICY_FIGURES = (
    *("policy", "estimate_verdict", "gain_reward", "gain_low", "gain_high", "shown_reward"),
    *("dr_reward", "effective_count", "most_weight"),
)
_FORMS = {"pct": "pct", "low": "pct", "high": "pct", "from_pct": "pct", "to_pct": "pct"}
_FORMS |= {"ms": "tenths"}


def show(view: View, now: dt.datetime | None = None) -> None:
    """Draw the page; `now` is the clock's time if not given."""
    days = ask(view.snapshot, queries.read_answer_days, view.chosen)
    last: dt.date = days.item(-1, "ingest_date")
    drift = ask(view.snapshot, queries.read_drift, last)
    _say(queries.judge_service(days, drift, seoul_now(now).date()))
    _figures(queries.of_all(days))
    draw: dict[str, Callable[[], None]] = {
        "traffic": lambda: _traffic(days),
        "speed": lambda: _speed(days),
        "clicks": lambda: _clicks(days),
        "listening": lambda: _listening(ask(view.snapshot, queries.read_outcome_days, last)),
        "inputs": lambda: _inputs(drift),
        "slot": lambda: _slot(ask(view.snapshot, policies.read_policies, view.chosen)),
    }
    draw[choose_tab({name: word(f"monitor.tab_{name}") for name in draw})]()


def _say(sentences: list[Sentence]) -> None:
    unknown = []
    for sentence in sentences:
        values = {name: _written(name, value) for name, value in sentence.values.items()}
        said = t(sentence.key, **values)
        if sentence.is_unknown:
            unknown.append(said)
        elif sentence.is_good:
            st.success(said, icon=":material/check_circle:")
        else:
            st.warning(said, icon=":material/warning:")
    if unknown:
        st.info(" ".join(unknown), icon=":material/help:")


def _written(name: str, value: Any) -> str:
    if name == "input":
        return _input(value)
    if name == "inputs":
        return ", ".join(_input(one) for one in value)
    if name == "parts":
        return ", ".join(word(key, day=day) for key, day in value.items())
    if name == "value":
        return _value(value)
    return tables.number(_FORMS[name], value) if name in _FORMS else str(value)


def _input(name: str) -> str:
    key = f"monitor.input_{name}"
    return word(key) if key in load_messages() else name


def _value(name: str | None) -> str:
    return word("monitor.unknown") if name == "unknown" else name or "–"


def _figures(days: pl.DataFrame) -> None:
    last = days.row(-1, named=True)
    before = days.row(-2, named=True) if days.height > 1 else {}
    shown = ("answer_count", "response_ms_p50", "response_ms_p99", "cached_pct", "clicked_pct")
    for place, name in zip(st.columns(len(shown)), shown, strict=True):
        change = None
        if name == "answer_count" and before:
            change = last[name] - before[name]
        tables.show_figure(place, tables.heading(name), tables.figure(name, last[name]), change)
    st.caption(t("monitor.of_day", day=last["ingest_date"]))


def _traffic(days: pl.DataFrame) -> None:
    names = ("ingest_date", "answer_count", "answered_listener_count", "fallback_pct", "cached_pct")
    whole = queries.of_all(days).select(names)
    chart = charts.bars(whole, "ingest_date", "answer_count", _titles(names))
    tables.show_chart(chart, t("monitor.traffic_caption"), whole, "monitor_traffic")
    rates = _long(whole, ("cached_pct", "fallback_pct"), "monitor_share")
    if rates.height:
        chart = _lines(rates, "monitor_share", "pct")
        tables.show_chart(chart, t("monitor.rates_caption"), rates, "monitor_rates")


def _speed(days: pl.DataFrame) -> None:
    speeds = _long(queries.of_all(days), _SPEEDS, "monitor_ms")
    if speeds.is_empty():
        raise PageEnd("monitor.no_times")
    caption = t("monitor.speed_caption", limit=tables.number("count", queries.SLOW_MS))
    tables.show_chart(_lines(speeds, "monitor_ms", "tenths"), caption, speeds, "monitor_speed")
    _by_variant(days, (*_OF_VARIANT, "answer_count", *_SPEEDS), "monitor_speed_variants")


def _clicks(days: pl.DataFrame) -> None:
    told = _long(queries.of_all(days), _CLICKS, "monitor_share")
    if told.is_empty():
        raise PageEnd("monitor.no_clicks")
    chart = _lines(told, "monitor_share", "pct")
    tables.show_chart(chart, t("monitor.clicks_caption"), told, "monitor_clicks")
    counts = ("shown_count", "clicked_count", *_CLICKS)
    _variant_lines(days, "clicked_pct", counts, "clicks")
    names = (*_OF_VARIANT, *counts, "liked_count", "disliked_count")
    _by_variant(days, names, "monitor_clicks_variants")


def _listening(days: pl.DataFrame) -> None:
    names = ("ingest_date", "shown_work_count", "taken_work_count", "taken_pct")
    told = queries.of_all(days).drop_nulls("taken_pct").select(names)
    if told.is_empty():
        raise PageEnd("monitor.no_listening")
    chart = charts.lines(told, "ingest_date", "taken_pct", _titles(names), form="pct")
    tables.show_chart(chart, t("monitor.listening_caption"), told, "monitor_listening")
    counts = ("shown_work_count", "taken_work_count", "finished_work_count", *_LISTENING)
    _variant_lines(days, "finished_pct", counts, "listening")
    _by_variant(days, (*_OF_VARIANT, *counts), "monitor_listening_variants")


def _variant_lines(days: pl.DataFrame, figure: str, counts: tuple[str, ...], tab: str) -> None:
    """A line for all answers, and one for each variant of the experiment that is chosen."""
    names = queries.of_variants(days)["experiment"].unique().sort().to_list()
    chosen = EVERYTHING
    if names:
        with kept("experiment", names[0], names) as key:
            chosen = st.selectbox(t("monitor.experiment"), names, width=260, key=key)
    own = days.filter(
        pl.col("experiment").is_in([EVERYTHING, chosen]), pl.col(figure).is_not_null()
    ).with_columns(pl.col("variant").replace(EVERYTHING, word("monitor.everything")))
    titles = _titles(("ingest_date", "variant", figure))
    chart = charts.lines(own, "ingest_date", figure, titles, series="variant", form="pct")
    shown = own.select("ingest_date", "variant", *counts)
    tables.show_chart(chart, t(f"monitor.{tab}_variants_caption"), shown, f"monitor_variant_{tab}")


def _by_variant(days: pl.DataFrame, names: tuple[str, ...], key: str) -> None:
    newest = days.filter(pl.col("ingest_date") == pl.col("ingest_date").max())
    whole = word("monitor.everything")
    named = newest.with_columns(pl.col("experiment", "variant").replace(EVERYTHING, whole))
    st.subheader(t("monitor.by_variant"))
    tables.show_table(named.select(names), key, saved=days.select(names))


def _inputs(drift: pl.DataFrame) -> None:
    if drift.is_empty():
        raise PageEnd("monitor.no_inputs")
    last = drift["ingest_date"].max()
    newest = drift.filter(pl.col("ingest_date") == last)
    shown = newest.with_columns(
        pl.Series("input_name", [_input(name) for name in newest["input_name"]], pl.String),
        pl.Series("moved_value", [_value(name) for name in newest["moved_value"]], pl.String),
    )
    st.caption(t("monitor.inputs_caption", day=last))
    tables.show_table(shown.drop("ingest_date", "past_day_count"), "monitor_inputs", saved=drift)
    moved = drift.filter(pl.col("stability_index").is_not_null()).reverse()
    if moved.is_empty():
        return
    # What moved furthest lately is looked at first.
    names = moved.reverse()["input_name"].unique(maintain_order=True).to_list()
    with kept("input", names[0], names) as key:
        chosen = st.selectbox(t("monitor.input"), names, format_func=_input, width=260, key=key)
    own = moved.filter(pl.col("input_name") == chosen)
    wide = own.select("ingest_date", "stability_index", "stability_limit")
    long = _long(wide, ("stability_index", "stability_limit"), "monitor_index")
    chart = _lines(long, "monitor_index", "number")
    tables.show_chart(
        chart, t("monitor.drift_caption", input=_input(chosen)), wide, "monitor_drift"
    )


def _slot(estimates: pl.DataFrame) -> None:
    verdicts = [word(f"monitor.slot_{v.replace(' ', '_')}") for v in estimates["estimate_verdict"]]
    named = estimates.with_columns(
        pl.Series("policy", [word(f"monitor.policy_{name}") for name in estimates["policy"]]),
        pl.Series("estimate_verdict", verdicts),
    )
    last = named["ingest_date"].max()
    newest = named.filter(pl.col("ingest_date") == last).select(_POLICY_FIGURES)
    st.caption(t("monitor.slot_caption", day=last))
    tables.show_table(newest, "monitor_slot", saved=estimates)
    titles = _titles(("ingest_date", "policy", "gain_reward"))
    gains = named.select(*titles, "gain_low", "gain_high", "estimate_verdict")
    chart = charts.lines(gains, "ingest_date", "gain_reward", titles, series="policy", form="share")
    tables.show_chart(chart, t("monitor.gain_caption"), gains, "monitor_gains")


def _long(rows: pl.DataFrame, names: tuple[str, ...], value: str) -> pl.DataFrame:
    """Columns below each other by what they are called, without what is not known."""
    titles = _titles(names)
    return (
        rows.unpivot(on=names, index="ingest_date", variable_name="monitor_line", value_name=value)
        .drop_nulls(value)
        .with_columns(pl.col("monitor_line").replace(titles))
    )


def _lines(rows: pl.DataFrame, value: str, form: str) -> Any:
    titles = _titles(("ingest_date", "monitor_line", value))
    return charts.lines(rows, "ingest_date", value, titles, series="monitor_line", form=form)


def _titles(names: tuple[str, ...]) -> dict[str, str]:
    return {name: tables.heading(name) for name in names}


if __name__ == "__main__":
    frame.run_page(show)
