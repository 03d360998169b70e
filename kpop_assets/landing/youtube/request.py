"""What a collection is asked for, and what that makes it want.

Belongs here: the request, the catalogue's channels and queries, the work of a plan, the windows of
time of searches; all pure. Does not belong here: what of it fits into the quota (calls.py),
fetching it (collector.py), or the schedule (wiring/).
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.days import SEOUL
from kpop_assets.landing.choices import MOST_ITEMS
from kpop_assets.landing.reservoir import DEFAULT_SAMPLE_SIZE
from kpop_assets.landing.youtube.calls import CallPlan, SearchWish, Wanted
from kpop_assets.landing.youtube.errors import YouTubeError
from kpop_assets.landing.youtube.known import Known
from kpop_assets.landing.youtube.quota import PAGE_SIZE
from kpop_assets.landing.youtube.rounds import LOOKUP, REFRESH, SEARCH, UPLOAD, Work
from kpop_assets.net.attempt import one_line

_DAY_MS = 86_400_000
# The newest page, and one more of what lies behind it: old uploads are read bit by bit.
UPLOAD_PAGES = 2
# When the graph collects, in Seoul; the searches of a day are shared out among these rounds.
ROUND_HOURS = (9, 15)
# A search ends at about 500 results: from here on older ones are asked for by a window of time.
WINDOW_RESULTS = 400
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Ask:
    """What is asked for.

    Attributes:
        queries: free queries; none means the whole plan of the day.
        max_items: results of a query that are paid for, at most.
        reservoir_k: results of a query whose details are read: a fair sample of this size.
        region: country code of searches.
        language: language code of searches.
        refresh_days: videos seen in so many days are refreshed.
        upload_pages: pages of a channel's uploads in a round, at most.
        seed: of the samples.
    """

    queries: tuple[str, ...] = ()
    max_items: int = PAGE_SIZE
    reservoir_k: int = DEFAULT_SAMPLE_SIZE
    region: str = "KR"
    language: str = "ko"
    refresh_days: int = 30
    upload_pages: int = UPLOAD_PAGES
    seed: int = 7

    def __post_init__(self) -> None:
        """Refuse what YouTube would refuse, or answer with anything, after it is paid.

        Raises:
            YouTubeError: a query is blank, a code has not the form of one, too many results.
        """
        if not all(query.strip() for query in self.queries):
            raise YouTubeError("--query is blank", "name what to search for, or leave it out")
        if not re.fullmatch("([A-Za-z]{2})?", self.region):
            raise YouTubeError(
                f"--region-code {one_line(self.region)}", "a country has two letters, such as KR"
            )
        # YouTube tells the two scripts of Chinese apart; empty is any language.
        if not re.fullmatch("([A-Za-z]{2,3}|zh-Han[st])?", self.language):
            raise YouTubeError(
                f"--relevance-language {one_line(self.language)}",
                "a language has two or three letters, such as ko",
            )
        if self.max_items > MOST_ITEMS:
            raise YouTubeError(f"--max-items {self.max_items}", f"{MOST_ITEMS:,} is the most")

    def key(self) -> str:
        """The request as a text: the same request goes on with a collection that stopped."""
        return json.dumps(asdict(self), sort_keys=True)


@dataclass(frozen=True)
class Scope:
    """What the plan of the day covers: channel ids, and queries in order of interest."""

    channels: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()


def catalog_scope(catalog: Catalog) -> Scope:
    """All channels of the catalogue, and a query for each act, the newest debut first.

    Rookies are what the product looks for; the query of an act whose name is an everyday word
    says what it is about.
    """
    acts = sorted(catalog, key=lambda act: (bool(act.channels), -(act.debut_year or 0), act.artist))
    channels = dict.fromkeys(channel for act in acts for channel in act.channels)
    queries = (f"{a.artist} kpop" if a.is_ambiguous(a.artist) else a.artist for a in acts)
    return Scope(tuple(channels), tuple(dict.fromkeys(queries)))


def want(ask: Ask, scope: Scope, known: Known, now_ms: int, channels_to_count: int = 0) -> Wanted:
    """Everything that a request would fetch with an endless quota."""
    details = [pending.video_id for pending in known.pending()]
    pages = math.ceil(ask.max_items / PAGE_SIZE)
    if ask.queries:
        wishes = [SearchWish(query, None, pages) for query in ask.queries]
        return Wanted(details=details, searches=wishes)
    playlists, searched = known.playlists(now_ms), known.searched()
    resting = known.resting(now_ms)
    channels = tuple(channel for channel in scope.channels if channel not in resting)
    return Wanted(
        videos=known.candidates(now_ms - ask.refresh_days * _DAY_MS),
        details=details,
        channels=channels,
        without_playlist=frozenset(channels) - playlists.keys(),
        upload_pages=ask.upload_pages,
        searches=[SearchWish(query, searched.get(query), pages) for query in scope.queries],
        channels_to_count=channels_to_count,
    )


def works_of(plan: CallPlan, ask: Ask, known: Known) -> list[Work]:
    """The plan as work items, the most urgent first; found videos need none."""
    works = [
        Work(kind, f"{number}", {"ids": ids})
        for kind, batches in ((REFRESH, plan.refresh), (LOOKUP, plan.lookups))
        for number, ids in enumerate(batches)
    ]
    works += [Work(UPLOAD, channel, {}, pages) for channel, pages in plan.uploads]
    searched = {} if ask.queries else known.searched()
    works += [
        Work(SEARCH, query, _search_params(ask, query, searched.get(query)), pages)
        for query, pages in plan.searches
    ]
    return works


def _search_params(ask: Ask, query: str, searched_at: int | None) -> dict[str, Any]:
    """A free query samples all there is; an artist's looks at what came since the last time."""
    return {
        "region": ask.region,
        "language": ask.language,
        # A day more, because search finds a video some hours after it was published.
        "after": None if searched_at is None else searched_at - _DAY_MS,
        "before": None,
        "window_found": 0,
        "oldest": None,
        "max_items": ask.max_items,
        "reservoir_k": ask.reservoir_k,
        "seed": ask.seed ^ zlib.crc32(query.encode()),
        "is_again": bool(ask.queries),
    }


def to_ms(instant: dt.datetime) -> int:
    """An aware time as epoch milliseconds."""
    return (instant - _EPOCH) // dt.timedelta(milliseconds=1)


def to_instant(epoch_ms: int | None) -> dt.datetime | None:
    """Epoch milliseconds as a time (UTC)."""
    return None if epoch_ms is None else _EPOCH + dt.timedelta(milliseconds=epoch_ms)


def next_window(
    params: dict[str, Any], hits: Iterable[Mapping[str, object]], token: str | None
) -> dict[str, Any]:
    """The parameters of the next call: an older window where this one is read to its limit."""
    times = [t for hit in hits if isinstance(t := hit.get("published_at"), int)]
    oldest = min(
        [*times, *([params["oldest"]] if params["oldest"] is not None else [])], default=None
    )
    found = params["window_found"] + len(times)
    if token is not None or found < WINDOW_RESULTS or oldest is None:
        return params | {"window_found": found, "oldest": oldest}
    # `before` excludes its own second, in which another video may stand.
    before = oldest + 1000
    is_older = params["before"] is None or before < params["before"]
    return params | {
        "window_found": 0,
        "oldest": None,
        "before": before if is_older else params["before"],
    }


def rounds_until(now: dt.datetime, reset: dt.datetime) -> int:
    """This round and the scheduled ones that follow before a reset (aware times)."""
    first = now.astimezone(SEOUL).replace(minute=0, second=0, microsecond=0)
    hours = (first + dt.timedelta(hours=i) for i in range(1, 27))
    return 1 + sum(hour.hour in ROUND_HOURS for hour in hours if hour < reset)
