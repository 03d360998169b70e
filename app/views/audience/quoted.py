"""What people said, word for word: as plain text, with what it praises or blames.

Belongs here: how a quotation is written. Does not belong here: which ones are chosen
(queries/audience/quotes.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app import frame, tables
from app.frame import t
from app.links import source_link
from app.messages.catalogue import escape
from kpop_assets.audience.voices.withheld import Withheld

# Letters of the text on each side of the clause; a whole review may be a page long.
_AROUND = 70
# Letters beside the clause from which on it is a part: laughs are none.
_LEAST_MORE = 6


def show_quotes(found: pl.DataFrame) -> None:
    """A list of quotations; each leads to the video that it is about."""
    if found.is_empty():
        st.caption(t("voices.no_quote"))
        return
    st.markdown("\n".join(f"- {_quote(row)}" for row in found.iter_rows(named=True)))


def show_withheld(counted: Withheld) -> None:
    """How many comments are counted and never quoted, where there are any."""
    if counted.withheld_count:
        count, total = (tables.number("count", one) for one in counted)
        st.caption(t("voices.withheld", count=count, total=total))


def _quote(row: dict[str, Any]) -> str:
    said = mark_clause(row["text"], row["clause_text"])
    parts = [f"“{said}”", t(f"voices.aspect_{row['aspect']}")]
    if row["likes"]:
        parts.append(t("voices.likes", count=tables.number("count", row["likes"])))
    is_video = row["subject_kind"] == "video"
    address = source_link(row["subject"], frame.shows_simulated()) if is_video else None
    if address:
        parts.append(f"[{t('voices.to_video')}]({address})")
    return " · ".join(parts)


def mark_clause(text: str, clause: str) -> str:
    """A text as Markdown in which it is only text, shortened around its clause, that in bold.

    Where the clause is all there is to read, nothing is bold; nor where it begins or ends with a
    sign, beside which Markdown would show its own.
    """
    before, found, after = text.partition(clause)
    if not found:
        return escape(clause)
    has_more = sum(letter.isalnum() for letter in before + after) >= _LEAST_MORE
    is_plain = clause[:1].isalnum() and clause[-1:].isalnum()
    said = f"**{escape(clause)}**" if has_more and is_plain else escape(clause)
    start = f"…{before[-_AROUND:]}" if len(before) > _AROUND else before
    end = f"{after[:_AROUND]}…" if len(after) > _AROUND else after
    # Escaping takes blanks off the ends.
    left, right = " " * start[-1:].isspace(), " " * end[:1].isspace()
    return f"{escape(start)}{left}{said}{right}{escape(end)}"
