"""The kind `feedback`: what a listener said or did about one work, and the table of such lines.

Belongs here: what makes such a line usable and what its columns mean. Does not belong here: plays
(plays.py), or what is made of both.
"""

from __future__ import annotations

from dataclasses import replace

from kpop_assets.contracts.bronze import LANDING_FILE
from kpop_assets.contracts.play_rules import CLOCK_AHEAD_SECONDS
from kpop_assets.contracts.recommend_tracks import WORK_ID
from kpop_assets.contracts.recommendations import ANSWER_SOURCE, MAYBE_USER_ID, REQUEST_ID
from kpop_assets.contracts.record import Field, Record, files_of, quarantine_of
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.contracts.tracks import TRACK_ID

ACTIONS = ("click", "skip", "like", "dislike", "hide", "save")
# What is said of a work, by the actions that say it.
SAYING = {
    "click": ("click",),
    "skip": ("skip",),
    "like": ("like", "save"),
    "dislike": ("dislike", "hide"),
}
# No page is longer.
MOST_POSITION = 1000

FEEDBACK = Table(
    "bronze",
    "feedback",
    "One thing that a listener did about one work or track: a landing line, parsed and typed. Of "
    "lines with the same (event_id, acted_at) the first by file and line is kept.",
    ("ingest_date", "event_id", "acted_at"),
    (
        INGEST_DATE,
        Column("event_id", "string", "Id that the client gave what was done."),
        Column("acted_at", "timestamp", "When it was done.", "UTC"),
        Column("action", "string", f"What was done: {', '.join(ACTIONS)}."),
        MAYBE_USER_ID,
        replace(REQUEST_ID, nullable=True),
        replace(WORK_ID, nullable=True),
        replace(TRACK_ID, nullable=True),
        Column("position", "long", "Place on the page that was shown, from 1.", nullable=True),
        Column(
            "received_at",
            "timestamp",
            "When it was delivered, where the collector says so; over "
            f"{CLOCK_AHEAD_SECONDS // 60} minutes before acted_at the client's clock is ahead.",
            "UTC",
            nullable=True,
        ),
        ANSWER_SOURCE,
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

FEEDBACK_LINES = Record(
    fields=(
        Field("event_id", "text", required=True),
        Field("acted_at", "instant", required=True),
        Field("action", "text", required=True, choices=ACTIONS),
        Field("user_id", "text", is_person=True),
        Field("request_id", "text"),
        Field("work_id", "text"),
        Field("track_id", "text"),
        Field("position", "whole", limits=(1, MOST_POSITION), is_side=True),
        Field("received_at", "instant"),
        Field("source", "text"),
        Field("delivery", "text"),
    ),
    observed="acted_at",
    rows=FEEDBACK,
    quarantine=quarantine_of(FEEDBACK),
    files=files_of(FEEDBACK),
)
