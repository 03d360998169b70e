"""What is known of each track on a day: one row of what its sources said.

Belongs here: `recommend/tracks`, a pure function of a day's lines. Does not belong here: which
tracks are one work (works.py), or how a title is read (track_titles.py).

Of several sources of a track the words (title, act, release, genre, length) are those of one, and
so are the audio features: first those that models may learn from, then by name. Popularity and
ISRC are joined in from whoever says any.
"""

from __future__ import annotations

import json

import polars as pl

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.labels import SPOTIFY_SOURCE
from kpop_assets.catalog.matcher import matcher_of
from kpop_assets.contracts.recommend_tracks import TRACKS_TOLD
from kpop_assets.contracts.tracks import MEASURED, SPOTIFY_API_SOURCE
from kpop_assets.recommend.works.track_titles import read_title

_WORDS = ("title", "artist_name", "album_name", "album_type", "released", "genre", "duration_ms")
_MEASURED = tuple(column.name for column in MEASURED)
LINE_COLUMNS = ("track_id", "source", *_WORDS, "isrc", "popularity", *_MEASURED)
# Spotify says 0000 where it does not know.
_YEAR = r"(?:1[89]|2\d)\d{2}"
# Which parts of a day a text names: a year, a month, or all of it.
_PRECISION = {4: "year", 7: "month", 10: "day"}


def tell_tracks(lines: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """The rows of `recommend/tracks` of one day but for its date.

    Args:
        lines: `bronze/tracks` of the day, `LINE_COLUMNS`.
        catalog: who is an act.
    """
    is_forbidden = pl.col("source") == SPOTIFY_API_SOURCE
    by_rank = lines.sort("track_id", is_forbidden, "source")
    said = by_rank.group_by("track_id", maintain_order=True)
    words = said.first().select("track_id", "source", *_WORDS)
    parts = (
        words,
        _first_said(by_rank, _MEASURED, "features_source"),
        _first_said(by_rank, ("popularity",), "popularity_source"),
        _first_said(by_rank, ("isrc",), "isrc_source"),
    )
    rows = parts[0]
    for part in parts[1:]:
        rows = rows.join(part, "track_id", "left", maintain_order="left")
    return (
        rows.with_columns(_released(), **_whose(rows, catalog), **_titles(rows))
        .with_columns(
            (pl.col("features_source").fill_null(SPOTIFY_API_SOURCE) != SPOTIFY_API_SOURCE).alias(
                "may_learn"
            ),
            (pl.col("source") != SPOTIFY_API_SOURCE).alias("may_learn_text"),
            pl.when(pl.col("release_date").is_not_null())
            .then(pl.col("released").str.len_chars().replace_strict(_PRECISION, default=None))
            .alias("release_precision"),
        )
        .select([name for name in TRACKS_TOLD.column_names if name != "ingest_date"])
    )


def _first_said(by_rank: pl.DataFrame, columns: tuple[str, ...], whose: str) -> pl.DataFrame:
    """These columns of the first source of each track that says any, and which that is."""
    said = by_rank.filter(pl.any_horizontal(pl.col(columns).is_not_null()))
    first = said.group_by("track_id", maintain_order=True).first()
    return first.select("track_id", *columns, pl.col("source").alias(whose))


def _whose(rows: pl.DataFrame, catalog: Catalog) -> dict[str, pl.Series]:
    """The act of each track: the label decides, as it does for a chart's row."""
    titles, labels = rows["title"].to_list(), rows["artist_name"].to_list()
    asked = [
        (title, label, None, SPOTIFY_SOURCE) for title, label in zip(titles, labels, strict=True)
    ]
    found = matcher_of(catalog).match_all(asked) if asked else []
    return {"artist": pl.Series([match.artist for match in found], dtype=pl.String)}


def _titles(rows: pl.DataFrame) -> dict[str, pl.Series]:
    read = [read_title(title) for title in rows["title"].to_list()]
    kinds = [json.dumps(title.kinds) for title in read]
    return {
        "work_title": pl.Series([title.work_title for title in read], dtype=pl.String),
        "version_kinds": pl.Series(kinds, dtype=pl.String),
    }


def _released() -> pl.Expr:
    """The day that a text names, or the first of its month or year."""
    text = pl.col("released")
    full = (
        pl.when(text.str.contains(rf"^{_YEAR}$"))
        .then(text + "-01-01")
        .when(text.str.contains(rf"^{_YEAR}-\d{{2}}$"))
        .then(text + "-01")
        .when(text.str.contains(rf"^{_YEAR}-\d{{2}}-\d{{2}}$"))
        .then(text)
    )
    return full.str.to_date("%Y-%m-%d", strict=False).alias("release_date")
