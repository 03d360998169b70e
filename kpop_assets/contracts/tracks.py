"""The kind `tracks`: one track as a source lists it, and the table of such lines.

Belongs here: what makes such a line usable and what its columns mean. Does not belong here: whose
track it is, or which versions are one work (recommend_tracks.py).

Whose words a column is, is said by `source`: what Spotify's API said (`SPOTIFY_API_SOURCE`) is
shown and joined by, and no model may learn from it (its developer policy, III.14).
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import LANDING_FILE, OBSERVED_AT
from kpop_assets.contracts.recommend_rules import FEATURE_LIMITS, FEATURES, MOST_DURATION_MS
from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

# The `source` of what Spotify's Web API said.
SPOTIFY_API_SOURCE = "spotify_api"
# The `source` of public tables of tracks with audio features.
TRACK_TABLE_SOURCE = "spotify_tracks"

_FEATURE_MEANINGS = {
    "danceability": ("How well it can be danced to.", "0-1"),
    "energy": ("How intense it is.", "0-1"),
    "valence": ("How glad it sounds.", "0-1"),
    "tempo": ("Beats a minute.", "beats/minute"),
    "loudness": ("Mean loudness.", "dB"),
    "speechiness": ("How much of it is spoken.", "0-1"),
    "acousticness": ("How sure it is acoustic.", "0-1"),
    "instrumentalness": ("How sure nobody sings.", "0-1"),
    "liveness": ("How sure an audience is heard.", "0-1"),
}
TRACK_ID = Column("track_id", "string", "Id of the track; Spotify's where the source has it.")
TITLE = Column("title", "string", "Title as the source writes it.")
ARTIST_NAME = Column("artist_name", "string", "The act that the source credits first.")
ALBUM_NAME = Column("album_name", "string", "Release that it is on.", nullable=True)
ALBUM_TYPE = Column("album_type", "string", "album, single or compilation.", nullable=True)
ISRC = Column("isrc", "string", "International code of the recording.", nullable=True)
DURATION_MS = Column("duration_ms", "long", "Length of the recording.", "milliseconds", True)
POPULARITY = Column("popularity", "long", "Popularity as the source gives it.", "0-100", True)
GENRE = Column("genre", "string", "Genre that the source puts it under.", nullable=True)
KEY = Column("musical_key", "long", "Pitch class, 0 is C; null where none is heard.", nullable=True)
MODE = Column("mode", "long", "1 is major, 0 minor.", nullable=True)
TIME_SIGNATURE = Column("time_signature", "long", "Beats in a bar.", "beats", True)
MEASURED = (
    *(
        Column(name, "double", _FEATURE_MEANINGS[name][0], _FEATURE_MEANINGS[name][1], True)
        for name in FEATURES
    ),
    KEY,
    MODE,
    TIME_SIGNATURE,
)
TRACK_SOURCE = Column("source", "string", "Collector or importer; `demo` is simulated data.")

TRACKS = Table(
    "bronze",
    "tracks",
    "One track as one source lists it on a day: a landing line, parsed and typed. Of lines with "
    "the same (track_id, source) the first by file and line is kept.",
    ("ingest_date", "track_id", "source"),
    (
        INGEST_DATE,
        TRACK_ID,
        TRACK_SOURCE,
        OBSERVED_AT.computed(),
        TITLE,
        ARTIST_NAME,
        Column("credited_names", "string", "All acts credited, a JSON array.", nullable=True),
        Column("credited_ids", "string", "Their ids, a JSON array.", nullable=True),
        ALBUM_NAME,
        Column("album_id", "string", "Id of the release.", nullable=True),
        ALBUM_TYPE,
        Column("released", "string", "When it came out: year, month or day.", nullable=True),
        GENRE,
        ISRC,
        DURATION_MS,
        POPULARITY,
        *MEASURED,
        Column("query", "string", "Search query that found it.", nullable=True),
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
    ),
    rhythm="occasional",
)

TRACK_LINES = Record(
    fields=(
        Field("track_id", "text", required=True),
        Field("source", "text", required=True),
        Field("title", "text", required=True),
        Field("artist_name", "text", required=True),
        Field("observed_at", "instant"),
        Field("credited_names", "json_strings"),
        Field("credited_ids", "json_strings"),
        Field("album_name", "text"),
        Field("album_id", "text"),
        Field("album_type", "text"),
        Field("release_date", "text", column="released"),
        Field("genre", "text"),
        Field("isrc", "text"),
        Field("query", "text"),
        Field("duration_ms", "whole", limits=(1, MOST_DURATION_MS), is_side=True),
        Field("popularity", "whole", limits=(0, 100), is_side=True),
        Field("musical_key", "whole", limits=(0, 11), is_side=True),
        Field("mode", "whole", limits=(0, 1), is_side=True),
        Field("time_signature", "whole", limits=(1, 15), is_side=True),
        *(Field(name, "real", limits=limits) for name, limits in FEATURE_LIMITS.items()),
    ),
    observed="observed_at",
    rows=TRACKS,
    quarantine=quarantine_of(TRACKS),
    files=files_of(TRACKS),
)
