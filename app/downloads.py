"""A frame as a file: CSV for spreadsheets, Parquet for programs.

Belongs here: the two forms and their buttons. Does not belong here: how a table is drawn
(tables.py).
"""

from __future__ import annotations

import io

import polars as pl
import streamlit as st

from app.frame import word

# Spreadsheets run a cell that begins with one of these.
_FORMULA = r"^[=+\-@\t\r]"


def offer_downloads(frame: pl.DataFrame, name: str) -> None:
    """Buttons that save a frame; a file is only made when somebody asks for it."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        for kind, convert in {"csv": to_csv, "parquet": to_parquet}.items():
            st.download_button(
                word(f"frame.{kind}"),
                data=lambda convert=convert: convert(frame),  # type: ignore[misc]
                file_name=f"{name}.{kind}",
                mime="text/csv" if kind == "csv" else "application/vnd.apache.parquet",
                icon=":material/download:",
                key=f"{name}_{kind}",
                on_click="ignore",
                type="tertiary",
            )


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
