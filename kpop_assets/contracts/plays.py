"""The kind `plays`: one listener played one track, and the table of such lines.

Belongs here: what makes such a line usable and what its columns mean. Does not belong here: what
is made of plays, or how a listener's id is hidden (landing/persons.py).

The ingest date is the day of the play itself: whenever a delivery comes, and however often, the
play stands on one day. So the same play is one row, and an hour of a listener is whole on one day.
"""

from __future__ import annotations

from kpop_assets.contracts.bronze import LANDING_FILE
from kpop_assets.contracts.play_rules import CLOCK_AHEAD_SECONDS, MOST_PLAYED_MS, MOST_RATING
from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.contracts.tracks import TRACK_ID

USER_ID = Column(
    "user_id", "string", "Keyed hash of who listened; who it is stands nowhere.", is_person=True
)

PLAYS = Table(
    "bronze",
    "plays",
    "One play of one track by one listener: a landing line, parsed and typed. Of lines with the "
    "same (user_id, track_id, played_at) the first by file and line is kept.",
    ("ingest_date", "user_id", "track_id", "played_at"),
    (
        INGEST_DATE,
        USER_ID,
        TRACK_ID,
        Column(
            "played_at",
            "timestamp",
            "When the play began; of a total of plays, when it was counted.",
            "UTC",
        ),
        Column(
            "received_at",
            "timestamp",
            "When it was delivered, where the collector says so; over "
            f"{CLOCK_AHEAD_SECONDS // 60} minutes before played_at the listener's clock is ahead.",
            "UTC",
            nullable=True,
        ),
        Column("played_ms", "long", "How long it was played.", "milliseconds", nullable=True),
        Column(
            "total_play_count",
            "long",
            "Plays up to played_at of which no times are known; null for a single play.",
            "plays",
            nullable=True,
        ),
        Column("rating", "double", "How the listener liked it.", "0-5", nullable=True),
        Column("context", "string", "Where it was played: a playlist, a search.", nullable=True),
        Column("source", "string", "Collector or importer; `demo` is simulated data.", "", True),
        Column("event_id", "string", "Id that the player gave the play.", nullable=True),
        Column(
            "delivery",
            "string",
            "Topic, partition and offset by which it came; null where it came in a file.",
            nullable=True,
        ),
        LANDING_FILE,
        Column("line_number", "int", "Line in the file, from 1."),
    ),
    rhythm="occasional",
)

PLAY_LINES = Record(
    fields=(
        Field("user_id", "text", required=True, is_person=True),
        Field("track_id", "text", required=True),
        Field("played_at", "instant", required=True),
        Field("received_at", "instant"),
        Field("played_ms", "whole", limits=(0, MOST_PLAYED_MS), is_side=True),
        # Without it a total would be taken for one play.
        Field("total_play_count", "whole"),
        Field("rating", "real", limits=(0, MOST_RATING)),
        Field("context", "text"),
        Field("source", "text"),
        Field("event_id", "text"),
        Field("delivery", "text"),
    ),
    observed="played_at",
    rows=PLAYS,
    quarantine=quarantine_of(PLAYS),
    files=files_of(PLAYS),
)
