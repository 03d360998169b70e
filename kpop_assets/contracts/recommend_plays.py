"""The tables about plays of the domain `recommend`: who played how much in which hour.

Belongs here: contracts of what plays are counted into, and of the account of those that are not.
Does not belong here: plays as they were landed (plays.py), or tracks (recommend_tracks.py).
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts.play_rules import (
    CLOCK_AHEAD_SECONDS,
    LATE_PLAY_SECONDS,
    PLAY_WINDOW_SECONDS,
    TRACK_KNOWN_DAYS,
)
from kpop_assets.contracts.plays import USER_ID
from kpop_assets.contracts.recommend_tracks import RECOMMEND
from kpop_assets.contracts.table import INGEST_DATE, Column, Table

_plays = partial(Column, type="long", unit="plays")

PLAYS_HOURLY = Table(
    RECOMMEND,
    "plays_hourly",
    f"One listener in one window of {PLAY_WINDOW_SECONDS // 3600} hour over played_at, of plays "
    "that count (recommend/play_days says which do not).",
    ("ingest_date", "user_id", "hour"),
    (
        INGEST_DATE,
        USER_ID,
        Column("hour", "int", "Hour of the day in Seoul, 0 to 23."),
        Column("hour_start_at", "timestamp", "First instant of the hour.", "UTC"),
        _plays("play_count", description="Plays that began in the hour."),
    ),
    rhythm="occasional",
)

PLAY_DAYS = Table(
    RECOMMEND,
    "play_days",
    "The account of one day's plays: row_count = counted_count + total_row_count + "
    "ahead_play_count + repeat_count + bot_play_count. Of reasons not to count a play the first in "
    "this order holds.",
    ("ingest_date",),
    (
        INGEST_DATE,
        _plays("row_count", description="Rows of bronze/plays."),
        _plays("counted_count", description="Plays in recommend/plays_hourly."),
        _plays("total_row_count", description="Totals, of whose plays no times are known."),
        _plays(
            "ahead_play_count",
            description=f"Plays over {CLOCK_AHEAD_SECONDS // 60} minutes ahead of their delivery.",
        ),
        _plays("repeat_count", description="Plays whose event_id the listener had that day."),
        _plays("bot_play_count", description="Plays of listeners who are bots that day."),
        Column(
            "bot_count",
            "long",
            "Listeners with more seconds played than there are: in an hour or on the day, without "
            "the longest play.",
            "listeners",
        ),
        _plays(
            "late_play_count",
            description=f"Counted plays delivered over {LATE_PLAY_SECONDS // 60} minutes after "
            "they began.",
        ),
        _plays(
            "unknown_track_count",
            description="Counted plays of tracks that recommend/tracks had not told of in the "
            f"{TRACK_KNOWN_DAYS} days before.",
        ),
        Column("user_count", "long", "Listeners of counted plays.", "listeners"),
        Column("track_count", "long", "Tracks of counted plays.", "tracks"),
    ),
    rhythm="occasional",
    look_back_days=TRACK_KNOWN_DAYS,
)
