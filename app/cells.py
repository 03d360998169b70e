"""Cells of a table: by what a column holds, how they are written, sorted and linked.

Belongs here: what `st.dataframe` is given of a frame. Does not belong here: the table around them
(tables.py), or how a number is written (numbers.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from app import numbers
from app.frame import language, shows_simulated
from app.messages.catalogue import load_messages
from app.names import act_names
from kpop_assets.days import TIME_ZONE

_YOUTUBE_ID = r"^[\w-]{11}$"
_BY_TYPE: tuple[tuple[Callable[[pl.DataType], bool], str], ...] = (
    (lambda kind: kind == pl.Date, "date"),
    (lambda kind: kind == pl.Datetime, "time"),
    (lambda kind: kind == pl.Boolean, "flag"),
    (lambda kind: kind.is_integer(), "count"),
    (lambda kind: kind.is_float(), "number"),
    (lambda kind: kind == pl.List, "line"),
)
# Forms whose sign has a colour, readable on either theme's ground.
_COLOURED = ("growth", "places", "effect")
_COLOURS = {"light": ("#00724C", "#B3261E"), "dark": ("#4CC38A", "#FF8A80")}


def theme() -> str:
    """`light` or `dark`, as the visitor sees it."""
    return st.context.theme.type or "light"


def cell_form(name: str, kind: pl.DataType) -> str:
    """How cells of a column are written: `as` of the catalogue, or by their type."""
    said = load_messages()[f"column.{name}"].get("as")
    return said or next((form for fits, form in _BY_TYPE if fits(kind)), "text")


def prepared(frame: pl.DataFrame) -> tuple[Any, dict[str, Any]]:
    """The frame as it is drawn, with the text of each number, and a configuration by column.

    A cell keeps its number, by which it is sorted; only what is read is text of our own, since
    Streamlit's formats follow the browser's language and not the visitor's choice.
    """
    shown, config, forms = [], {}, {}
    for name, kind in frame.schema.items():
        entry = load_messages()[f"column.{name}"]
        form = cell_form(name, kind)
        if form == "watch" and (
            shows_simulated() or not frame.get_column(name).str.contains(_YOUTUBE_ID).any()
        ):
            continue
        shown.append(_VALUES.get(form, lambda column: column)(pl.col(name)).alias(name))
        forms[name] = form
        config[name] = _column(form, entry[language()], entry.get(f"help_{language()}"))
    drawn = _with_links(frame.select(shown), forms)
    return _with_texts(drawn, frame, forms), config


def _with_links(drawn: pl.DataFrame, forms: dict[str, str]) -> pl.DataFrame:
    """Artists as addresses of their pages, with the language and the day of this page."""
    kept = {name: st.query_params[name] for name in ("lang", "day") if name in st.query_params}
    kept["lang"] = language()
    links = [
        pl.Series(
            name,
            [
                None if artist is None else "artist?" + urlencode({"artist": artist, **kept})
                for artist in drawn.get_column(name)
            ],
            pl.String,
        )
        for name, form in forms.items()
        if form == "artist"
    ]
    return drawn.with_columns(links)


def _with_texts(drawn: pl.DataFrame, frame: pl.DataFrame, forms: dict[str, str]) -> Any:
    """A Styler of pandas: the numbers, and beside each the text and colour that are shown."""
    texts: dict[str, Callable[[Any], str]] = {
        name: partial(numbers.write, form, language=language())
        for name, form in forms.items()
        if form in numbers.FORMS and form != "chance"
    }
    for name, form in forms.items():
        if form == "artist":
            called = frame.get_column(name).replace(act_names())
            named = dict(zip(drawn.get_column(name), called, strict=True))
            texts[name] = named.__getitem__
    styled = drawn.to_pandas().style.format(texts, na_rep=numbers.MISSING)
    coloured = [name for name, form in forms.items() if form in _COLOURED]
    up, down = _COLOURS[theme()]
    return styled.map(
        lambda value: f"color: {up}" if value > 0 else f"color: {down}" if value < 0 else "",
        subset=coloured,
    )


_VALUES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    # Streamlit's own percent leaves out zeros, so that 1% stands above 35.9%.
    "chance": lambda column: column * 100,
    "watch": lambda column: (
        pl.when(column.str.contains(_YOUTUBE_ID))
        .then("https://www.youtube.com/watch?v=" + column)
        .otherwise(None)
    ),
}


def _column(form: str, label: str, help_text: str | None) -> Any:
    kinds = st.column_config
    if form in ("date", "time"):
        shown = "YYYY-MM-DD" if form == "date" else "YYYY-MM-DD HH:mm"
        kind = partial(kinds.DatetimeColumn, timezone=TIME_ZONE)
        return (kinds.DateColumn if form == "date" else kind)(label, help=help_text, format=shown)
    if form == "chance":
        return kinds.ProgressColumn(
            label, help=help_text, format="%.1f%%", min_value=0, max_value=100
        )
    plain_kinds: dict[str, Callable[..., Any]] = {
        "line": partial(kinds.LineChartColumn, y_min=0),
        "artist": kinds.LinkColumn,
        "watch": partial(kinds.LinkColumn, display_text=":material/play_circle:"),
        "run": partial(kinds.LinkColumn, display_text=":material/open_in_new:"),
        "flag": kinds.CheckboxColumn,
        "text": kinds.TextColumn,
    }
    return plain_kinds.get(form, kinds.NumberColumn)(label, help=help_text)
