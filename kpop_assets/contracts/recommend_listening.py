"""The tables of the domain `recommend` that say who listens to what, and what holds listeners.

Belongs here: contracts of counted plays by listener, track, work and act. Does not belong here:
hours and the account of plays (recommend_plays.py), or tracks (recommend_tracks.py).
"""

from __future__ import annotations

from functools import partial

from kpop_assets.contracts import recommend_rules as rules
from kpop_assets.contracts.bronze import ARTIST
from kpop_assets.contracts.play_rules import COMPLETED_PCT, TRACK_KNOWN_DAYS
from kpop_assets.contracts.plays import USER_ID
from kpop_assets.contracts.recommend_tracks import RECOMMEND, WORK_ID, WORK_TITLE
from kpop_assets.contracts.table import INGEST_DATE, Column, Table
from kpop_assets.contracts.tracks import ARTIST_NAME, TRACK_ID

_plays = partial(Column, type="long", unit="plays")

PLAYED_MS = Column(
    "played_ms",
    "long",
    "How long it was played; null where nobody said.",
    "milliseconds",
    nullable=True,
)
KNOWN_LENGTH_COUNT = _plays(
    "known_length_count",
    description="Counted plays that say how long they lasted, of a track whose length "
    f"recommend/tracks told in the {TRACK_KNOWN_DAYS} days before.",
)
COMPLETED_COUNT = _plays(
    "completed_count",
    description=f"Those of known_length_count that lasted at least {COMPLETED_PCT} % of it.",
)
LISTENER_COUNT = Column("listener_count", "long", "Listeners of counted plays.", "listeners")

LISTENER_TRACKS = Table(
    RECOMMEND,
    "listener_tracks",
    "One listener and one track on a day: plays that count (recommend/play_days says which do "
    "not), and totals of plays whose times nobody knows.",
    ("ingest_date", "user_id", "track_id"),
    (
        INGEST_DATE,
        USER_ID,
        TRACK_ID,
        _plays("play_count", description="Counted plays; 0 where there is a total alone."),
        _plays(
            "total_play_count",
            description="Plays up to then of which no times are known; null for none.",
            nullable=True,
        ),
        PLAYED_MS,
        KNOWN_LENGTH_COUNT,
        COMPLETED_COUNT,
        Column("rating", "double", "How the listener liked it, the day's last.", "0-5", True),
        Column("last_played_at", "timestamp", "When the last of these began.", "UTC"),
    ),
    rhythm="occasional",
    look_back_days=TRACK_KNOWN_DAYS,
)

TRACK_PLAYS = Table(
    RECOMMEND,
    "track_plays",
    "One track with counted plays on a day, over all listeners; who they are stands nowhere.",
    ("ingest_date", "track_id"),
    (
        INGEST_DATE,
        TRACK_ID,
        _plays("play_count", description="Counted plays of the track."),
        LISTENER_COUNT,
        PLAYED_MS,
        KNOWN_LENGTH_COUNT,
        COMPLETED_COUNT,
    ),
    rhythm="occasional",
)

_listeners = partial(Column, type="long", unit="listeners")
_percent = partial(Column, type="double", unit="%")
_WINDOW = f"the {rules.AUDIENCE_DAYS} days up to the training day"

WORK_AUDIENCE = Table(
    RECOMMEND,
    "work_audience",
    f"One work with counted plays in {_WINDOW}, its versions together: who plays it, who comes "
    "back to it, and how often it is heard to the end.",
    ("ingest_date", "work_id"),
    (
        INGEST_DATE,
        WORK_ID,
        ARTIST,
        ARTIST_NAME,
        WORK_TITLE,
        _plays("plays_28d", description="Counted plays."),
        _listeners("listeners_28d", description="Listeners of these."),
        _listeners(
            "returning_listeners_28d",
            description=f"Those who played it on {rules.LEAST_PLAY_DAYS} days or more.",
        ),
        _percent("returning_pct", description="They as a share of its listeners."),
        _percent(
            "completed_pct",
            description=f"Plays that lasted at least {COMPLETED_PCT} % of the track, of those with "
            "a known length; null without any.",
            nullable=True,
        ),
        _plays("plays_7d", description="Counted plays of the last 7 of the days."),
    ),
    rhythm="weekly",
    look_back_days=rules.WORKS_KNOWN_DAYS,
)

SHARED_LISTENERS = Table(
    RECOMMEND,
    "shared_listeners",
    f"Two acts and the listeners they share in {_WINDOW}, each pair in both directions: who "
    f"listens to an act played it on {rules.LEAST_PLAY_DAYS} days or more. Pairs with fewer than "
    f"{rules.LEAST_SHARED_LISTENERS} shared listeners are left out.",
    ("ingest_date", "artist", "other_artist"),
    (
        INGEST_DATE,
        ARTIST,
        Column("other_artist", "string", "The other act, by its name in the catalogue."),
        _listeners("act_listener_count", description="Listeners of the act."),
        _listeners("other_listener_count", description="Listeners of the other act."),
        _listeners("shared_listener_count", description="Listeners of both."),
        _percent("shared_pct", description="They as a share of the act's listeners."),
        Column(
            "lift",
            "double",
            "shared_pct over the other act's share of all listeners of acts: 1 is chance, for "
            "people who listen equally much; who listens much raises every lift a little.",
            "times",
        ),
    ),
    rhythm="weekly",
    look_back_days=rules.WORKS_KNOWN_DAYS,
)
