"""The live tables of plays: what `kpop stream plays` keeps of the last days, hour by hour.

Belongs here: contracts of that stream's tables. Does not belong here: tables of the graph
(plays.py, recommend_plays.py), or the stream of videos (live.py).
"""

from __future__ import annotations

from dataclasses import replace

from kpop_assets.contracts import rules
from kpop_assets.contracts.plays import PLAYS
from kpop_assets.contracts.recommend_plays import PLAYS_HOURLY

# A message stands in no file.
_OF_FILES = ("landing_file", "line_number")

LIVE_PLAYS = replace(
    PLAYS,
    layer="live",
    description="One play of one track by one listener, as the stream took it in; the last "
    f"{rules.LIVE_DAYS} days.",
    columns=tuple(column for column in PLAYS.columns if column.name not in _OF_FILES),
    rhythm="live",
)

LIVE_PLAYS_HOURLY = replace(
    PLAYS_HOURLY,
    layer="live",
    description="One listener in one hour, of plays that count, while it fills; computed as "
    "recommend/plays_hourly is.",
    rhythm="live",
)
