"""A table on a page: headings in the visitor's language, formats by what a column holds.

Belongs here: how any frame or headline figure is shown. Does not belong here: which rows and
columns (views/), how a number is written (numbers.py), or saving (downloads.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import numbers
from app.cells import prepared, theme
from app.downloads import offer_downloads
from app.frame import language, t, word
from app.messages.catalogue import load_messages, unescape
from app.paper import write_table
from app.tools.page_tools import is_printing

_INK = {"light": "#565E68", "dark": "#A9B2BD"}


def show_table(
    frame: pl.DataFrame,
    name: str,
    *,
    height: int | None = None,
    saved: pl.DataFrame | None = None,
) -> None:
    """Draw a frame with buttons to download it.

    Args:
        frame: the rows; headings and formats come from the catalogue's column names.
        name: of the downloaded files, and of the widgets: unique on a page.
        height: in pixels; None fits up to ten rows.
        saved: what the downloads hold, if that is more than is shown.
    """
    if frame.is_empty():
        st.caption(t("frame.no_rows"))
        return
    if is_printing():
        st.html(write_table(frame))
        return
    shown, config = prepared(frame)
    options: dict[str, Any] = {"height": height} if height else {}
    st.dataframe(
        shown,
        hide_index=True,
        column_config=config,
        placeholder=numbers.MISSING,
        key=f"{name}_rows",
        alt=word("frame.table_of", columns=", ".join(map(heading, frame.columns[:4]))),
        **options,
    )
    offer_downloads(frame if saved is None else saved, name)


def show_chart(chart: Any, caption: str, frame: pl.DataFrame, name: str) -> None:
    """Draw a chart with its caption and, folded, the table under it.

    Args:
        chart: an Altair chart.
        caption: what it shows, as Markdown (`t`).
        frame: the rows that it was drawn from.
        name: of the downloaded files: unique on a page.
    """
    st.altair_chart(
        _dressed(chart),
        width="stretch",
        key=f"{name}_chart",
        alt=unescape(caption),
    )
    st.caption(caption)
    if is_printing():
        return
    with st.expander(word("frame.table"), icon=":material/table:"):
        show_table(frame, name)


def _dressed(chart: Any) -> Any:
    """The chart with the language of its axes (charts/common.py) and words that can be read.

    Streamlit's own grey of labels has 3.7:1 on white; 4.5:1 is needed.
    """
    # Who draws a chart has loaded it; pages without one need not.
    import altair as alt

    ink = _INK[theme()]
    words = {"labelColor": ink, "titleColor": ink}
    config = {"axis": words, "legend": words, "header": words, "text": {"color": ink}}
    params = [alt.param(name="language", value=language()), alt.param(name="ink", value=ink)]
    # Room for the title of an axis on the left and half a date on the right.
    padding = {"left": 8, "right": 30, "top": 8, "bottom": 20}
    return chart.add_params(*params).properties(config=config, padding=padding)


def heading(column: str) -> str:
    """A column's name in the visitor's language."""
    return word(f"column.{column}")


def figure(column: str, value: float | None) -> str:
    """A value as tables write it in this column: for headline figures and sentences."""
    entry = load_messages()[f"column.{column}"]
    return numbers.write(entry.get("as", "count"), value, language())


def form_of(column: str) -> str:
    """How numbers of a column are written, for charts too: `as` of the catalogue, or compact."""
    return load_messages()[f"column.{column}"].get("as", "compact")


def number(form: str, value: float | None) -> str:
    """A value in a form of numbers.py, in the visitor's language."""
    return numbers.write(form, value, language())


def show_figure(
    place: Any,
    label: str,
    value: str,
    change: float | None = None,
    form: str = "count",
    **options: Any,
) -> None:
    """A headline figure; arrow and colour of its change come from the number.

    Args:
        place: where it is drawn.
        label: what it is.
        value: as written.
        change: what it won or lost; None or 0 draws nothing.
        form: how the change is written.
        options: of `st.metric`.
    """
    if change:
        options["delta"] = number(form, abs(change) if form == "count" else change)
        options["delta_arrow"] = "up" if change > 0 else "down"
        options["delta_color"] = "green" if change > 0 else "red"
    place.metric(label, value, **options)


def input_name(name: str) -> str:
    """What an input of a model is called; one of another version may have no name but its own."""
    return heading(name) if f"column.{name}" in load_messages() else name
