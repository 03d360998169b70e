"""The tables about tracks of the domain `recommend`: what is known of a track.

Belongs here: contracts of tracks, works and their clusters. Does not belong here: lines as they
were landed (tracks.py), or who plays what.
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import ARTIST
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.contracts.tracks import (
    ALBUM_NAME,
    ALBUM_TYPE,
    ARTIST_NAME,
    DURATION_MS,
    GENRE,
    ISRC,
    MEASURED,
    POPULARITY,
    SPOTIFY_API_SOURCE,
    TITLE,
    TRACK_ID,
    TRACK_SOURCE,
)

# The layer of all contracts of the domain.
RECOMMEND = "recommend"

_WHOSE = "Source of {}; null where nobody said any."

TRACKS_TOLD = Table(
    RECOMMEND,
    "tracks",
    "One track as it was told on a day, whoever told it: of several sources each column is that of "
    f"the first that says anything, those that models may learn from before {SPOTIFY_API_SOURCE}. "
    "`source` is that of title, act, release and length.",
    ("ingest_date", "track_id"),
    (
        INGEST_DATE,
        TRACK_ID,
        ARTIST,
        ARTIST_NAME,
        TITLE,
        Column("work_title", "string", "Title without words for a version and without guests."),
        Column(
            "version_kinds",
            "string",
            "What the title says of the version, a JSON array in order; [] is the plain song.",
        ),
        ALBUM_NAME,
        ALBUM_TYPE,
        Column(
            "release_date",
            "date",
            "When it came out; the first day of a month or year of which no more is known.",
            nullable=True,
        ),
        Column("release_precision", "string", "day, month or year.", nullable=True),
        GENRE,
        ISRC,
        DURATION_MS,
        POPULARITY,
        *MEASURED,
        TRACK_SOURCE,
        Column("features_source", "string", _WHOSE.format("the audio features"), nullable=True),
        Column("popularity_source", "string", _WHOSE.format("the popularity"), nullable=True),
        Column("isrc_source", "string", _WHOSE.format("the ISRC"), nullable=True),
        Column(
            "may_learn",
            "boolean",
            "Whether models may learn from its audio features: there are some, and "
            f"{SPOTIFY_API_SOURCE} did not say them.",
        ),
        Column(
            "may_learn_text",
            "boolean",
            "The same of title, act, release and length.",
        ),
    ),
    rhythm="occasional",
)
