"""The registry of lists: from it follow routes, OpenAPI, and what tests hold.

Belongs here: the order in which addresses are tried. Does not belong here: an entry.
"""

from __future__ import annotations

from serving.lists.artist_lists import ARTIST_LISTS
from serving.lists.audience_lists import AUDIENCE_LISTS
from serving.lists.entries import ListEntry
from serving.lists.forecast_lists import FORECAST_LISTS
from serving.lists.lens_lists import LENS_LISTS
from serving.lists.plan_lists import PLAN_LISTS
from serving.lists.recommend_lists import RECOMMEND_LISTS
from serving.lists.service_lists import SERVICE_LISTS
from serving.lists.trust_lists import TRUST_LISTS


def _by_words(entry: ListEntry) -> list[tuple[bool, str]]:
    """A word before what may be any: `/v1/forecasts/scores` is no video."""
    return [(part.startswith("{"), part) for part in entry.path.split("/")]


LISTS: tuple[ListEntry, ...] = tuple(
    sorted(
        (
            *ARTIST_LISTS,
            *AUDIENCE_LISTS,
            *FORECAST_LISTS,
            *LENS_LISTS,
            *PLAN_LISTS,
            *RECOMMEND_LISTS,
            *SERVICE_LISTS,
            *TRUST_LISTS,
        ),
        key=_by_words,
    )
)
