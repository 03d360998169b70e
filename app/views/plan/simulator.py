"""Simulator: what the day's model would say if an artist's inputs were different.

Belongs here: the boxes, the two forecasts, and the word of caution. Does not belong here: ranges
and starts (queries/plan/simulator.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.cache import ask
from app.charts.plan.simulator import paired_bars
from app.frame import t, word
from app.naming import download_name
from app.notices import PageEnd
from app.picker import pick_artist
from app.queries.model_choice import find_champion
from app.queries.plan import simulator
from kpop_assets.contracts.rules import CHAMPION_DAYS, TIERS
from kpop_assets.ml.model_store import LoadedModel, TrackingError
from kpop_assets.models.stored import model_store

Inputs = dict[str, float | None]
RANGES = ("trained_min", "trained_p01", "trained_p99", "trained_max")
BOXES_ABREAST = 3
_RESETS = "simulator_resets"


def show(view: frame.View) -> None:
    """Draw the page."""
    champion = ask(view.snapshot, find_champion, view.day)
    if champion is None:
        raise PageEnd("model_choice.no_champion", day=view.day, days=CHAMPION_DAYS)
    rows = ask(view.snapshot, simulator.list_inputs, view.day)
    model = _load(view.snapshot.settings.home, champion["model_uri"])
    _say_model(model, champion, view.day)
    ranges = ask(view.snapshot, simulator.measure_ranges, champion["trained_date"], model.features)
    artist = _choose_start(rows)
    start = simulator.start_from(rows, artist)
    who = artist or "medians"
    typing, telling = st.columns([3, 2], gap="large")
    with typing:
        changed = _type_inputs(start, ranges, f"{view.day}_{champion['model_uri']}_{artist}")
    with telling:
        name = download_name("simulator_tiers", who, view.day)
        _forecast(model, start, changed, name, is_artist=artist is not None)
    _caution(ranges, changed, download_name("simulator_outside", who, view.day))


def _load(home: Path, model_uri: str) -> LoadedModel:
    try:
        with st.spinner(word("simulator.loading")):
            return _load_once(home, model_uri)
    except TrackingError as error:
        raise PageEnd("simulator.lost_model", uri=model_uri) from error


@st.cache_resource(max_entries=4, show_spinner=False)
def _load_once(home: Path, model_uri: str) -> LoadedModel:
    return model_store(home).find(model_uri).load()


def _say_model(model: LoadedModel, champion: dict[str, Any], day: dt.date) -> None:
    unknown = [name for name in model.features if name not in simulator.COLUMNS]
    if unknown:
        raise PageEnd("simulator.other_inputs", names=", ".join(unknown))
    st.markdown(
        t(
            "simulator.lead",
            name=champion["candidate"],
            trained=champion["trained_date"].isoformat(),
            count=len(model.features),
            day=day.isoformat(),
        )
    )


def _choose_start(rows: pl.DataFrame) -> str | None:
    """The artist to start from; None is the medians of the day."""
    places = st.columns([3, 2, 3], vertical_alignment="bottom")
    artists = rows.get_column("artist").to_list()
    # The first that can rise says more than the leader.
    below = rows.filter(pl.col("tier") > 1).get_column("artist")
    artist = pick_artist(
        places[0],
        t("simulator.start"),
        artists,
        "artist",
        below[0] if len(below) else artists[0],
        nobody=word("simulator.medians"),
    )
    if places[1].button(t("simulator.reset"), icon=":material/restart_alt:"):
        # Boxes with a new name begin anew.
        st.session_state[_RESETS] = st.session_state.get(_RESETS, 0) + 1
    return artist


def _type_inputs(start: Inputs, ranges: pl.DataFrame, name: str) -> Inputs:
    """A box for each input; those of another start are other boxes, with its values."""
    name = f"simulator_{name}_{st.session_state.get(_RESETS, 0)}"
    typed: Inputs = {}
    places = st.columns(BOXES_ABREAST)
    for number, row in enumerate(ranges.iter_rows(named=True)):
        if number % BOXES_ABREAST == 0:
            places = st.columns(BOXES_ABREAST)
        feature = row["input"]
        with places[number % BOXES_ABREAST]:
            typed[feature] = _box(feature, start[feature], row, f"{name}_{feature}")
    return typed


def _box(feature: str, value: float | None, row: dict[str, Any], key: str) -> float | None:
    box = simulator.shape_box(feature, row["trained_p01"], row["trained_p99"])
    kind = int if box.is_whole else float
    low, high = (None if bound is None else kind(bound) for bound in (box.low, box.high))
    unit = " (%)" if simulator.COLUMNS[feature].unit == "%" else ""
    about = word("simulator.no_range")
    if row["trained_min"] is not None:
        bounds = {"low": _number(row["trained_min"]), "high": _number(row["trained_max"])}
        about = word("simulator.range", **bounds)
    return st.number_input(
        tables.input_name(feature) + unit,
        value=None if value is None else kind(value),
        min_value=low,
        max_value=high,
        step=kind(box.step),
        format="%d" if box.is_whole else f"%.{box.decimals}f",
        placeholder=word("simulator.unknown"),
        help=" ".join(filter(None, (_help(feature), about))),
        key=key,
    )


def _help(feature: str) -> str | None:
    entry = tables.load_messages().get(f"column.{feature}", {})
    return entry.get(f"help_{frame.language()}")


def _forecast(
    model: LoadedModel, start: Inputs, changed: Inputs, name: str, *, is_artist: bool
) -> None:
    """The two forecasts: P(rise) where a current tier is known, and the bars."""
    missing = simulator.list_missing(changed)
    if missing:
        names = ", ".join(tables.input_name(name) for name in missing)
        frame.tell(PageEnd("simulator.empty_inputs", names=names))
        return
    before, after = _predict(model, {name: start[name] for name in changed}, changed)
    is_known = is_artist or "tier" in changed
    tiers = [case.get("tier", start["tier"]) if is_known else None for case in (start, changed)]
    rises = [simulator.rise(p, tier) for p, tier in zip((before, after), tiers, strict=True)]
    if rises[0] is None or rises[1] is None:
        st.caption(t("simulator.no_tier"))
    else:
        places = st.columns(2)
        help_text = t("simulator.top_tier") if 1 in tiers else None
        shown = [tables.number("share", rise) for rise in rises]
        places[0].metric(t("simulator.rise_start"), shown[0], help=help_text)
        change = round(rises[1] - rises[0], 3)
        tables.show_figure(places[1], t("simulator.rise_changed"), shown[1], change, "effect")
    table = pl.DataFrame({"tier": TIERS, "p_start": before, "p_changed": after})
    titles = {name: tables.heading(name) for name in (*table.columns, "probability")}
    tables.show_chart(paired_bars(table, titles), t("simulator.chart"), table, name)


def _predict(model: LoadedModel, *cases: Inputs) -> list[list[float]]:
    # A Pandas frame is what the models were fitted on.
    rows = pl.DataFrame(list(cases), dict.fromkeys(cases[0], pl.Float64), strict=False)
    return [list(map(float, row)) for row in model.predict(rows.to_pandas())]


def _caution(ranges: pl.DataFrame, changed: Inputs, name: str) -> None:
    """Which inputs the model has hardly or never seen."""
    st.subheader(t("simulator.limits"))
    st.caption(t("simulator.caution"))
    found = simulator.find_outside(ranges, changed)
    if found.is_empty():
        st.markdown(t("simulator.inside"))
        return
    outside = found.get_column("is_outside").sum()
    if outside:
        st.warning(t("simulator.outside", count=outside), icon=":material/warning:")
    named = found.with_columns(pl.col("input").replace_strict(_names(found)).alias("input"))
    shown = named.with_columns(
        pl.col(column).map_elements(_number, pl.String) for column in ("input_value", *RANGES)
    )
    tables.show_table(shown, name, saved=found)


def _names(found: pl.DataFrame) -> dict[str, str]:
    return {name: tables.input_name(name) for name in found.get_column("input")}


def _number(value: float) -> str:
    """A number of any size to read."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


if __name__ == "__main__":
    frame.run_page(show)
