"""Which tracks are one work: the same song in several releases and versions.

Belongs here: the rule, and what was last known of each track by a day. Does not belong here: how a
title is read (track_titles.py), or whose a track is (told_tracks.py).

Tracks are one work where they have the act and a name of the song in common and their lengths lie
within `recommend_rules.WORK_SPAN_MS` of the shortest; and where they have one ISRC, the code of a
recording. A track without a length is one with others by ISRC alone. What every release has
("Intro") is one song on one release only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.names import normalise
from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.recommend_tracks import WORKS
from kpop_assets.recommend.works.track_titles import read_title

TOLD_COLUMNS = (
    *("ingest_date", "track_id", "artist", "artist_name", "title", "work_title", "version_kinds"),
    *("album_name", "release_date", "isrc", "duration_ms", "may_learn_text"),
)
_EVERYWHERE = {
    *("intro", "introduction", "outro", "interlude", "prologue", "epilogue", "prelude", "overture"),
    *("skit", "opening", "ending", "intermission"),
    *("인트로", "아웃트로", "인터루드", "프롤로그", "에필로그"),
}
_ISRC = r"^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$"

Labels = npt.NDArray[np.int64]


def last_told(told: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """What was last told of each track by a day; an ISRC that was ever told stays.

    Words that models may learn from come before those that they may not, whoever told last.

    Args:
        told: `recommend/tracks` of the day and all before, `TOLD_COLUMNS`.
        day: the day.
    """
    known = told.filter(pl.col("ingest_date") <= day)
    each = known.sort("track_id", "may_learn_text", "ingest_date").group_by(
        "track_id", maintain_order=True
    )
    codes = pl.col("isrc").sort_by("ingest_date").drop_nulls().last()
    return each.agg(
        pl.all().exclude("isrc", "ingest_date", "may_learn_text").last(),
        codes,
        pl.col("ingest_date").max().alias("told_date"),
    )


def find_works(tracks: pl.DataFrame) -> pl.DataFrame:
    """The rows of `recommend/works` of one day but for its date.

    Args:
        tracks: each track once, as `last_told` has them.
    """
    rows = tracks.sort("track_id")
    same_song = _within_span(_by_names(rows), rows["duration_ms"].to_list())
    is_code = pl.col("isrc").str.replace_all("-", "").str.to_uppercase()
    codes = rows.select(pl.when(is_code.str.contains(_ISRC)).then(is_code))["isrc"].to_list()
    work = pl.Series("work", _joined(len(rows), [same_song.tolist(), codes]), pl.Int64)
    # The plain song, the earliest one, stands for all.
    shown_first = (
        pl.col("version_kinds").str.count_matches('"'),
        pl.col("release_date").fill_null(dt.date.max),
        pl.col("track_id"),
    )
    return rows.with_columns(
        pl.col("track_id").first().over(work).alias("work_id"),
        pl.len().over(work).cast(pl.Int64).alias("version_count"),
        (pl.col("track_id") == pl.col("track_id").sort_by(*shown_first).first().over(work)).alias(
            "is_shown"
        ),
    ).select([name for name in WORKS.column_names if name != "ingest_date"])


def _by_names(rows: pl.DataFrame) -> Labels:
    """A number for the songs of an act that have any name in common."""
    acts = [
        f"{OTHER} {normalise(name) or name}" if artist == OTHER else artist
        for artist, name in rows.select("artist", "artist_name").iter_rows()
    ]
    titles, albums = rows["title"].to_list(), rows["album_name"].to_list()
    names: list[list[str | None]] = []
    for row, (act, title, album) in enumerate(zip(acts, titles, albums, strict=True)):
        keys = read_title(title).keys
        place = (album or row) if _EVERYWHERE.intersection(keys) else ""
        names.append([f"{act}\n{key}\n{place}" for key in keys])
    most = max(map(len, names), default=0)
    columns = [[keys[i] if i < len(keys) else None for keys in names] for i in range(most)]
    return _joined(len(rows), columns)


def _joined(count: int, columns: Sequence[Sequence[object]]) -> Labels:
    """A number for rows that are linked by any value in any column; None links nothing."""
    values: dict[object, int] = {}
    pairs = [
        (row, values.setdefault(value, count + len(values)))
        for column in columns
        for row, value in enumerate(column)
        if value is not None
    ]
    size = count + len(values)
    rows, nodes = np.array(pairs, np.int64).reshape(-1, 2).T
    links = coo_matrix((np.ones(len(rows), np.int8), (rows, nodes)), shape=(size, size))
    return connected_components(links, directed=False)[1][:count].astype(np.int64)


def _within_span(songs: Labels, lengths: Sequence[int | None]) -> Labels:
    """A number for rows of one song whose lengths lie within the span, from the shortest on."""
    found = np.empty(len(songs), np.int64)
    by_length = sorted(
        range(len(songs)), key=lambda row: (songs[row], lengths[row] is None, lengths[row] or 0)
    )
    number, song, shortest = -1, -1, None
    for row in by_length:
        length = lengths[row]
        is_within = shortest is not None and length is not None
        if song != songs[row] or not is_within or length - shortest > rules.WORK_SPAN_MS:  # type: ignore[operator]  # both known
            number, song, shortest = number + 1, int(songs[row]), length
        found[row] = number
    return found
