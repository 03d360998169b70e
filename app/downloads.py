"""Buttons that save a frame as a file.

Belongs here: what is offered. Does not belong here: the forms of files (file_forms.py), or how a
table is drawn (tables.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app.file_forms import to_csv, to_parquet
from app.frame import word


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
