"""A table on a page: headings in the visitor's language, formats by what a column holds, downloads.

Belongs here: how any frame is shown and saved. Does not belong here: which rows and columns.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app.frame import language, shows_simulated, t, word
from app.messages.catalogue import load_messages
from app.names import act_names
from kpop_assets.contracts.rules import TIERS
from kpop_assets.days import TIME_ZONE

MEDALS = {tier: f"{tier} {'🥇🥈🥉'[tier - 1 : tier]}".strip() for tier in TIERS}
# The page of an MLflow run by its id alone, as `make tracking` serves it.
RUN_PAGE = "http://127.0.0.1:5000/#/runs/"
# Percentage points, for printf.
POINTS = {"en": "pp", "ko": "%%p"}
_YOUTUBE_ID = r"^[\w-]{11}$"
# Spreadsheets run a cell that begins with one of these.
_FORMULA = r"^[=+\-@\t\r]"
_BY_TYPE: tuple[tuple[Callable[[pl.DataType], bool], str], ...] = (
    (lambda kind: kind == pl.Date, "date"),
    (lambda kind: kind == pl.Datetime, "time"),
    (lambda kind: kind == pl.Boolean, "flag"),
    (lambda kind: kind.is_integer(), "count"),
    (lambda kind: kind.is_float(), "number"),
    (lambda kind: kind == pl.List, "line"),
)


def show_table(
    frame: pl.DataFrame,
    name: str,
    *,
    selectable: bool = False,
    height: int | None = None,
    saved: pl.DataFrame | None = None,
) -> int | None:
    """Draw a frame with buttons to download it.

    Args:
        frame: the rows; headings and formats come from the catalogue's column names.
        name: of the downloaded files, and of the widgets: unique on a page.
        selectable: whether a row can be chosen.
        height: in pixels; None fits up to ten rows.
        saved: what the downloads hold, if that is more than is shown.

    Returns:
        Index of the chosen row, or None.
    """
    if frame.is_empty():
        st.caption(t("frame.no_rows"))
        return None
    shown, config = prepared(frame)
    options: dict[str, Any] = {"height": height} if height else {}
    if selectable:
        # A click anywhere in a row; row selection would need the box in front of it.
        options |= {"on_select": "rerun", "selection_mode": "single-cell"}
    event = st.dataframe(
        shown, hide_index=True, column_config=config, placeholder="–", key=f"{name}_rows", **options
    )
    _downloads(frame if saved is None else saved, name)
    cells: Sequence[tuple[int, str]] = event["selection"]["cells"] if selectable else ()
    return cells[0][0] if cells else None


def show_chart(chart: Any, caption: str, frame: pl.DataFrame, name: str) -> None:
    """Draw a chart with its caption and, folded, the table under it.

    Args:
        chart: an Altair chart.
        caption: what it shows, as Markdown (`t`).
        frame: the rows that it was drawn from.
        name: of the downloaded files: unique on a page.
    """
    st.altair_chart(chart, width="stretch", key=f"{name}_chart")
    st.caption(caption)
    with st.expander(word("frame.table"), icon=":material/table:"):
        show_table(frame, name)


def heading(column: str) -> str:
    """A column's name in the visitor's language."""
    return word(f"column.{column}")


def input_name(name: str) -> str:
    """What an input of a model is called; one of another version may have no name but its own."""
    return heading(name) if f"column.{name}" in load_messages() else name


def to_csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV: exact values, but text that a spreadsheet would run gets an apostrophe."""
    texts = pl.col(pl.String).str.replace(_FORMULA, "'$0")
    lists = pl.selectors.by_dtype(pl.List).cast(pl.List(pl.String)).list.join(" ")
    # The mark in front makes Excel read Korean as UTF-8.
    return b"\xef\xbb\xbf" + frame.with_columns(texts, lists).write_csv().encode()


def to_parquet(frame: pl.DataFrame) -> bytes:
    """A frame as Parquet."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _downloads(frame: pl.DataFrame, name: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        for kind, convert in {"csv": to_csv, "parquet": to_parquet}.items():
            st.download_button(
                word(f"frame.{kind}"),
                # Only made when somebody asks for it.
                data=lambda convert=convert: convert(frame),  # type: ignore[misc]
                file_name=f"{name}.{kind}",
                mime="text/csv" if kind == "csv" else "application/vnd.apache.parquet",
                icon=":material/download:",
                key=f"{name}_{kind}",
                on_click="ignore",
                type="tertiary",
            )


def prepared(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Any]]:
    """The frame as it is drawn, and a column configuration for each column."""
    shown, config = [], {}
    for name, kind in frame.schema.items():
        entry = load_messages()[f"column.{name}"]
        form = entry.get("as") or next((form for fits, form in _BY_TYPE if fits(kind)), "text")
        if form == "watch" and (
            shows_simulated() or not frame.get_column(name).str.contains(_YOUTUBE_ID).any()
        ):
            continue
        values = _VALUES.get(form, lambda column: column)(pl.col(name))
        if name == "artist":
            values = values.replace(act_names())
        shown.append(values.alias(name))
        label, help_text = entry[language()], entry.get(f"help_{language()}")
        config[name] = _column(form, label, help_text, frame.get_column(name))
    return frame.select(shown), config


_VALUES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    # Written by `%.1f%%`: Streamlit's own percent leaves out zeros, so that 1% stands above 35.9%.
    "share": lambda column: column * 100,
    "chance": lambda column: column * 100,
    "effect": lambda column: column * 100,
    "tier": lambda column: column.replace_strict(MEDALS, default=None, return_dtype=pl.String),
    "watch": lambda column: (
        pl.when(column.str.contains(_YOUTUBE_ID))
        .then("https://www.youtube.com/watch?v=" + column)
        .otherwise(None)
    ),
    "run": lambda column: (
        pl.when(column.str.contains(r"^[0-9a-f]{32}$"))
        .then(pl.lit(RUN_PAGE) + column)
        .otherwise(None)
    ),
}


def _column(form: str, label: str, help_text: str | None, values: pl.Series) -> Any:
    kinds = st.column_config
    numbers = {
        "count": "localized",
        "compact": "compact",
        "number": "%.2f",
        "precise": "%.4f",
        "pct": "%.1f%%",
        "share": "%.1f%%",
        "points": f"%.1f {POINTS[language()]}",
        "effect": f"%+.1f {POINTS[language()]}",
        "times": "%.1f×",
        "signed": "%+d",
        "bytes": "bytes",
    }
    if form in numbers:
        return kinds.NumberColumn(label, help=help_text, format=numbers[form])
    if form == "bar":
        largest = values.max()
        top = float(largest) if isinstance(largest, int | float) and largest > 0 else 1.0
        return kinds.ProgressColumn(
            label, help=help_text, format="compact", min_value=0, max_value=top
        )
    if form == "chance":
        return kinds.ProgressColumn(
            label, help=help_text, format="%.1f%%", min_value=0, max_value=100
        )
    if form == "line":
        return kinds.LineChartColumn(label, help=help_text, y_min=0)
    if form == "time":
        return kinds.DatetimeColumn(
            label, help=help_text, format="YYYY-MM-DD HH:mm", timezone=TIME_ZONE
        )
    if form == "watch":
        return kinds.LinkColumn(label, help=help_text, display_text=":material/play_circle:")
    if form == "run":
        return kinds.LinkColumn(label, help=help_text, display_text=":material/open_in_new:")
    if form == "date":
        return kinds.DateColumn(label, help=help_text, format="YYYY-MM-DD")
    if form == "flag":
        return kinds.CheckboxColumn(label, help=help_text)
    return kinds.TextColumn(label, help=help_text)
