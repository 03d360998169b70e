"""Method: how every figure comes about, and what it cannot say.

Belongs here: choosing a topic and drawing it. Does not belong here: the texts
(messages/method.*.md) or their numbers (queries/trust/method.py).
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from app import frame, tables
from app.address import kept
from app.frame import t, word
from app.queries.trust import method

COLUMNS = "columns"
EVERYTHING = "everything"
ROWS_SHOWN = 20


def show(view: frame.View) -> None:
    """Draw the page: it needs no table."""
    sections = method.load_sections(frame.language(), view.snapshot.catalog)
    titles = {name: title for name, (title, _) in sections.items()}
    titles |= {name: word(f"method.{key}") for name, key in _OTHERS.items()}
    topic = _choose(titles)
    if topic == COLUMNS:
        _columns(titles[COLUMNS])
    for name in sections if topic == EVERYTHING else (topic,):
        if name in sections:
            _section(*sections[name])


def _choose(titles: dict[str, str]) -> str:
    """The chosen topic; the address names it by its id, so that it holds in both languages."""
    names = list(titles)
    with kept("topic", names[0], names, always=True) as key:
        topic: str | None = st.pills(
            t("method.topics"),
            names,
            format_func=titles.__getitem__,
            required=True,
            label_visibility="collapsed",
            key=key,
        )
    return topic or names[0]


_OTHERS = {COLUMNS: "columns_title", EVERYTHING: "everything"}


def _section(title: str, text: str) -> None:
    # Both are the product's own words, formulas and tables included.
    st.subheader(title, anchor=False)
    st.markdown(text)


def _columns(title: str) -> None:
    st.subheader(title, anchor=False)
    st.markdown(t("method.columns_lead"))
    names = method.list_tables().get_column("table_name").to_list()
    with kept("table", None, names) as key:
        chosen: str | None = st.selectbox(
            t("method.which"), names, index=None, placeholder=word("method.all"), key=key
        )
    shown = method.list_columns()
    about = method.list_tables()
    if chosen:
        is_chosen = pl.col("table_name") == chosen
        shown, about = shown.filter(is_chosen).drop("table_name"), about.filter(is_chosen)
    end = (chosen or "all").replace("/", "_")
    tables.show_table(about, f"method_tables_{end}")
    tables.show_table(
        shown,
        f"method_columns_{end}",
        height=38 + 35 * min(len(shown), ROWS_SHOWN),
    )


if __name__ == "__main__":
    frame.run_page(show)
