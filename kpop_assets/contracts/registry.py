"""Every table of the lake and kind of landing line, and the questions asked of all of them.

Belongs here: which contracts there are, in the order they are filled, and the questions about
tables that more than one room asks. Does not belong here: a fact about a table, which stands in
its contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from kpop_assets.contracts import (
    audience_aspects,
    audience_scores,
    audience_sentiments,
    audience_voices,
    bronze,
    catalog,
    events,
    experiments,
    exposures,
    feedback,
    gold,
    lens_forecasts,
    lens_outliers,
    lens_signals,
    lens_videos,
    lens_words,
    live,
    live_plays,
    models,
    pareto,
    plays,
    recommend_listening,
    recommend_models,
    recommend_outcomes,
    recommend_plays,
    recommend_service,
    recommend_tracks,
    recommendations,
    retention,
    reviews,
    rising_slot,
    silver,
    tracks,
    viral,
)
from kpop_assets.contracts.record import Record
from kpop_assets.contracts.table import Rhythm, Table

_MODULES = (
    *(bronze, events, tracks, plays, recommendations, feedback, exposures, reviews),
    *(silver, catalog, gold),
    *(lens_videos, lens_outliers, lens_forecasts, lens_words, lens_signals),
    *(audience_voices, audience_sentiments, audience_aspects, audience_scores),
    *(models, viral, pareto, recommend_tracks, recommend_plays, recommend_listening),
    *(recommend_models, recommend_outcomes, recommend_service),
    *(rising_slot, experiments, retention, live, live_plays),
)


def _tables_in(module: ModuleType) -> Iterator[Table]:
    for found in vars(module).values():
        if isinstance(found, Table):
            yield found
        elif isinstance(found, Record):
            yield from found.tables


# A module may import another's contract, which then stands in both: the first is its own.
ALL_TABLES: tuple[Table, ...] = tuple(
    dict.fromkeys(table for module in _MODULES for table in _tables_in(module))
)
# A new kind is a module with its record; its quarantine and its account follow.
RECORDS: tuple[Record, ...] = tuple(
    found for module in _MODULES for found in vars(module).values() if isinstance(found, Record)
)
# Those that the graph fills by ingest date, and can fill again for ever.
TABLES = tuple(table for table in ALL_TABLES if table.rhythm != "live")
# Those that `kpop stream` keeps, of the last days alone.
LIVE_TABLES = tuple(table for table in ALL_TABLES if table.rhythm == "live")


def tables_of_rhythm(*rhythms: Rhythm) -> tuple[Table, ...]:
    """The tables that get rows in one of these rhythms."""
    return tuple(table for table in ALL_TABLES if table.rhythm in rhythms)


def table_at(path: str) -> Table | None:
    """The table `<layer>/<name>`; None where no contract has that path."""
    return next((table for table in ALL_TABLES if table.path == path), None)
