"""The tables about tracks of the domain `recommend`: what is known of a track.

Belongs here: contracts of tracks, works and their clusters. Does not belong here: lines as they
were landed (tracks.py), or who plays what.
"""

from __future__ import annotations

from kpop_assets.contracts import recommend_rules as rules
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

WORK_ID = Column("work_id", "string", "The smallest id of the tracks of the work.")
WORK_TITLE = Column("work_title", "string", "Title without words for a version and without guests.")
VERSION_KINDS = Column(
    "version_kinds",
    "string",
    "What the title says of the version, a JSON array in order; [] is the plain song.",
)
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
        WORK_TITLE,
        VERSION_KINDS,
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

WORKS = Table(
    RECOMMEND,
    "works",
    "One track that was told of by a training day, and the work that it is a version of: same act, "
    f"same song by its title, lengths within {rules.WORK_SPAN_MS // 1000} seconds; or the same "
    "ISRC.",
    ("ingest_date", "track_id"),
    (
        INGEST_DATE,
        TRACK_ID,
        WORK_ID,
        ARTIST,
        ARTIST_NAME,
        TITLE,
        WORK_TITLE,
        VERSION_KINDS,
        DURATION_MS,
        Column("version_count", "long", "Tracks of the work, this one too.", "tracks"),
        Column(
            "is_shown",
            "boolean",
            "Whether the work is shown by this track: the plain song before versions, then the "
            "earliest release, then by id.",
        ),
        Column("told_date", "date", "Last day by then on which it was told of."),
    ),
    rhythm="weekly",
    look_back_days=rules.TRACKS_LOOK_BACK_DAYS,
)

_CENTRE_UNITS = dict.fromkeys(rules.CLUSTER_FEATURES, "0-1") | {"tempo": "beats/minute"}

TRACK_CLUSTERS = Table(
    RECOMMEND,
    "track_clusters",
    "One track with audio features that models may learn from, by a training day, and the cluster "
    "of tracks that sound alike which it is in.",
    ("ingest_date", "track_id"),
    (
        INGEST_DATE,
        TRACK_ID,
        Column("cluster", "int", "Number of the cluster on that day."),
        Column("cluster_name", "string", "What its centre is against all tracks, in words."),
        Column(
            "centre_distance",
            "double",
            "From the track to the centre, over features in standard deviations.",
            "sigmas",
        ),
        *(
            Column(
                f"centre_{name}",
                "double",
                f"Mean {name} of the cluster; null where too few tracks say it.",
                _CENTRE_UNITS[name],
                True,
            )
            for name in rules.CLUSTER_FEATURES
        ),
    ),
    rhythm="weekly",
    look_back_days=rules.TRACKS_LOOK_BACK_DAYS,
)
