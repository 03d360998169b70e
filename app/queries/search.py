"""What a search finds beside acts: titles of videos and tracks, and when an act was last seen.

Belongs here: reading titles and looking into them. Does not belong here: finding acts
(queries/act_search.py).
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from app.snapshot import Snapshot, reads
from kpop_assets.catalog.catalog import OTHER
from kpop_assets.contracts.bronze import VIDEOS
from kpop_assets.contracts.silver import ARTIST_DAILY
from kpop_assets.days import day_end

LOOK_BACK = dt.timedelta(days=180)
_NO_LETTER = r"[^\p{L}\p{N}]"


@reads(VIDEOS)
def list_titles(snapshot: Snapshot, day: dt.date) -> pl.DataFrame:
    """video_id, text, artist, source, letters: videos that were new in the days up to one.

    The newest first, each with its last title; those of no act are left out.
    """
    if snapshot.version(VIDEOS) is None:
        schema = dict.fromkeys(("video_id", "text", "artist", "source", "letters"), pl.String)
        return pl.DataFrame(schema=schema)
    end = day_end(day)
    columns = ["ingest_date", "video_id", "text", "artist", "source"]
    rows = snapshot.read(VIDEOS, end - LOOK_BACK, end, columns, pl.col("artist") != OTHER)
    return (
        rows.sort("ingest_date", "video_id", descending=[True, False])
        .unique("video_id", keep="first", maintain_order=True)
        .drop("ingest_date")
        .with_columns(snapshot.present_name(), only_letters(pl.col("text")).alias("letters"))
    )


def find_in_titles(titles: pl.DataFrame, query: str, count: int) -> pl.DataFrame:
    """The newest titles that hold every word of a query, whatever its case and punctuation."""
    words = pl.DataFrame({"word": query.split()}, schema={"word": pl.String})
    letters = words.select(only_letters(pl.col("word"))).to_series().to_list()
    found = titles
    for word in filter(None, letters):
        found = found.filter(pl.col("letters").str.contains(word, literal=True))
    return found.head(count) if any(letters) else titles.clear()


def only_letters(text: pl.Expr) -> pl.Expr:
    """A text's letters and digits, small: what is left of two writings of one title."""
    return text.str.to_lowercase().str.replace_all(_NO_LETTER, "")


@reads(ARTIST_DAILY)
def find_last_seen(snapshot: Snapshot, artist: str, day: dt.date) -> dt.date | None:
    """The newest day up to one on which a video of an act was seen."""
    if snapshot.version(ARTIST_DAILY) is None:
        return None
    of_artist = snapshot.is_artist(artist)
    rows = snapshot.read(ARTIST_DAILY, None, day_end(day), ["ingest_date"], of_artist)
    last: dt.date | None = rows.get_column("ingest_date").max()  # type: ignore[assignment]
    return last
