"""A frame as a file: CSV for spreadsheets, Parquet for programs.

Belongs here: the two forms. Does not belong here: the viewer's buttons (downloads.py), or what the
API says beside them (serving/).
"""

from __future__ import annotations

import io

import polars as pl

# Spreadsheets run a cell that begins with one of these.
_FORMULA = r"^[=+\-@\t\r]"


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
