"""The answer as it stands in gold: a day's artists by rank.

Belongs here: reading one day of the ranking without an engine. Does not belong here: how it is
shown (cli/, the viewer) or computed (gold/).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from kpop_assets.contracts.bronze import EVENTS, SIMULATED_SOURCE
from kpop_assets.contracts.gold import ARTIST_FEATURES
from kpop_assets.days import day_end
from kpop_assets.lake.errors import MissingTableError
from kpop_assets.lake.reader import LakeReader


@dataclass(frozen=True)
class Ranking:
    """One day's rows of `gold/artist_features` by rank, and whether any of it is simulated."""

    day: dt.date
    rows: list[dict[str, Any]]
    is_simulated: bool


def read_ranking(lake: LakeReader, day: dt.date | None) -> Ranking:
    """The ranking of `day`, or of the newest day that has one.

    Raises:
        MissingTableError: gold is not written, or has no row of that day.
    """
    if day is None:
        rows = lake.newest_rows(ARTIST_FEATURES)
    else:
        rows = lake.arrow(ARTIST_FEATURES, day, day_end(day)).to_pylist()
    if not rows:
        asked = f"of {day} " if day else ""
        raise MissingTableError(
            f"table {ARTIST_FEATURES.path} has no ranking {asked}yet",
            "run a day that has landing files with `kpop run DAY DAY`, or `kpop demo` for "
            "simulated ones",
        )
    found = rows[0]["ingest_date"]
    sources = lake.arrow(EVENTS, found, day_end(found), ["source"]).column("source").unique()
    ordered = sorted(rows, key=lambda row: (row["rank"], row["artist"]))
    return Ranking(found, ordered, SIMULATED_SOURCE in sources.to_pylist())
