"""What acts are called in the reader's language.

Belongs here: a name for showing. Does not belong here: finding an act by what somebody
typed. Addresses, queries and downloads keep the canonical name.
"""

from __future__ import annotations

import polars as pl

from app.frame import language, shown_view


def act_name(artist: str) -> str:
    """An act's name in the reader's language; one that the catalogue lacks is its own name."""
    return act_names().get(artist, artist)


def act_names() -> dict[str, str]:
    """Names in the reader's language by canonical name, of the acts that are called otherwise."""
    if language() != "ko":
        return {}
    return {act.artist: act.name_ko for act in shown_view().snapshot.catalog if act.name_ko}


def named(rows: pl.DataFrame, column: str = "artist") -> pl.DataFrame:
    """The rows with an act's name in the reader's language in place of its canonical one."""
    return rows.with_columns(pl.col(column).replace(act_names()))
