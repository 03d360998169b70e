"""The videos behind a list of artists.

Belongs here: joining them to what a page lists. Does not belong here: which videos those are
(queries/videos.py).
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from app import frame
from app.cache import ask
from app.notices import PageEnd


def with_videos(
    view: frame.View,
    rows: pl.DataFrame,
    query: Callable[..., pl.DataFrame],
    *args: object,
) -> pl.DataFrame:
    """The rows with a video of each artist; without, and a sentence, if none can be read.

    Args:
        view: what the page shows.
        rows: rows with an artist each.
        query: which videos, as of a day: one row an artist at most.
        args: what the query asks for besides.
    """
    try:
        videos = ask(view.snapshot, query, view.day, *args)
    except PageEnd as notice:
        frame.tell(notice)
        return rows
    return rows.join(videos, on="artist", how="left", maintain_order="left")
