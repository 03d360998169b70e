"""What of the wanted calls fits into what is left of each bucket, and what is left out.

Belongs here: the order of priority and the arithmetic of calls, pure. Does not belong here: what
is wanted (request.py), what is left (quota.py), or making a call (collector.py).

Refresh has a bucket of its own, and so have searches; all other calls share the reads. There the
details of what was found already come first, since finding them was paid for, then subscribers of
the channels of known videos, then uploads, then searches. Each page that can find videos reserves
the read for their details with it: a page holds at most 50 videos, and a call for details takes 50.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kpop_assets.landing.youtube.quota import PAGE_SIZE, Quota

# Channels that the first answer does not name are asked for once more.
CALLS_PER_LOOKUP = 2
# A video gains most of its views in its first week.
YOUNG_DAYS = 7
_YOUNG_WEIGHT = 8.0
_DAY_MS = 86_400_000

Batches = tuple[tuple[str, ...], ...]
Pages = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class RefreshCandidate:
    """A known video whose statistics can be refreshed.

    Attributes:
        video_id: its id.
        published_at: epoch ms; None where it is not known.
        observed_at: when its counters were last seen, epoch ms.
        pace: views gained a day between its last two observations; 0 where that is not known.
    """

    video_id: str
    published_at: int | None
    observed_at: int
    pace: float = 0.0

    def urgency(self, now_ms: int) -> float:
        """How much is missed by waiting: time since the last look, weighted by youth and speed.

        The time waited grows without end, so that no slow video is put off for ever.
        """
        waited_days = max(now_ms - self.observed_at, 0) / _DAY_MS
        born = self.published_at if self.published_at is not None else 0
        weight = _YOUNG_WEIGHT if now_ms - born < YOUNG_DAYS * _DAY_MS else 1.0
        return waited_days * weight * math.sqrt(1 + max(self.pace, 0.0) / 1000)


@dataclass(frozen=True)
class SearchWish:
    """A query that should be searched for.

    Attributes:
        query: its words.
        searched_at: when it was last searched for, epoch ms; None is never.
        pages: how many pages of 50 results are wanted.
    """

    query: str
    searched_at: int | None = None
    pages: int = 1


@dataclass(frozen=True)
class Wanted:
    """Everything that a collection would do with an endless quota.

    Attributes:
        videos: known videos to refresh.
        details: ids that were found and whose details are not known yet.
        channels: channels whose uploads are looked at, most wanted first.
        without_playlist: those of them whose playlist id has to be asked for first.
        upload_pages: pages of each channel's uploads, at most.
        searches: queries; of those not searched for equally long the first comes first.
        channels_to_count: channels whose subscribers will be asked for at the end.
    """

    videos: Sequence[RefreshCandidate] = ()
    details: Sequence[str] = ()
    channels: Sequence[str] = ()
    without_playlist: frozenset[str] = frozenset()
    upload_pages: int = 1
    searches: Sequence[SearchWish] = ()
    channels_to_count: int = 0


@dataclass(frozen=True)
class CallPlan:
    """The calls that fit.

    Attributes:
        refresh: batches of video ids, the most urgent first.
        details: batches of found ids.
        lookups: batches of channel ids whose playlist is asked for.
        uploads: channel ids with how many pages of their uploads may be read.
        searches: queries with how many pages may be read.
        reserved: reads kept for the details of what uploads and searches find.
        left_out: what did not fit, by kind: `videos to refresh`, `details`, `upload pages`,
            `search pages`; kinds of which nothing is left out are absent.
    """

    refresh: Batches = ()
    details: Batches = ()
    lookups: Batches = ()
    uploads: Pages = ()
    searches: Pages = ()
    reserved: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)


def make_plan(wanted: Wanted, left: Mapping[Quota, int], now_ms: int) -> CallPlan:
    """Fit what is wanted into the calls that are left; nothing is planned twice.

    Args:
        wanted: what an endless quota would be used for.
        left: calls left by bucket.
        now_ms: the instant of planning, epoch ms.
    """
    videos = {video.video_id: video for video in wanted.videos}
    urgent = sorted(videos.values(), key=lambda v: (-v.urgency(now_ms), v.video_id))
    refresh = _batches((v.video_id for v in urgent), left[Quota.STATS])
    found = tuple(dict.fromkeys(wanted.details))
    reads = _Purse(left[Quota.READS])
    details = _batches(found, reads.left)
    reads.pay(len(details))
    reads.pay(min(reads.left, math.ceil(wanted.channels_to_count / PAGE_SIZE)))
    channels = tuple(dict.fromkeys(wanted.channels))
    lookups, uploads = _plan_uploads(wanted, channels, reads)
    wishes = _distinct(wanted.searches)
    searches = _plan_searches(wishes, left[Quota.SEARCH], reads)
    left_out = {
        "videos to refresh": len(videos) - sum(map(len, refresh)),
        "details": len(found) - sum(map(len, details)),
        "upload pages": len(channels) * wanted.upload_pages - sum(n for _, n in uploads),
        "search pages": sum(wish.pages for wish in wishes) - sum(n for _, n in searches),
    }
    return CallPlan(
        refresh,
        details,
        lookups,
        uploads,
        searches,
        sum(n for _, n in uploads) + sum(n for _, n in searches),
        {kind: count for kind, count in left_out.items() if count},
    )


class _Purse:
    """Calls of one bucket that are not planned yet."""

    def __init__(self, left: int) -> None:
        self.left = max(left, 0)

    def pay(self, calls: int) -> bool:
        """Take calls if there are as many."""
        if calls > self.left:
            return False
        self.left -= calls
        return True


def _batches(ids: Iterable[str], calls: int) -> Batches:
    """The first ids in batches of 50, no more batches than calls."""
    every = tuple(ids)[: max(calls, 0) * PAGE_SIZE]
    return tuple(every[i : i + PAGE_SIZE] for i in range(0, len(every), PAGE_SIZE))


def _plan_uploads(wanted: Wanted, channels: Sequence[str], reads: _Purse) -> tuple[Batches, Pages]:
    """A first page for every channel before a second for any."""
    pages: dict[str, int] = {}
    lookups: list[str] = []
    for channel in channels if wanted.upload_pages > 0 else ():
        is_unknown = channel in wanted.without_playlist
        is_first = is_unknown and len(lookups) % PAGE_SIZE == 0
        if reads.pay(2 + is_first * CALLS_PER_LOOKUP):
            pages[channel] = 1
            lookups += [channel] if is_unknown else []
    for number in range(2, wanted.upload_pages + 1):
        for channel in pages:
            if reads.pay(2):
                pages[channel] = number
    return _batches(lookups, len(lookups)), tuple(pages.items())


def _distinct(wishes: Sequence[SearchWish]) -> list[SearchWish]:
    """Each query once, the longest not searched for first."""
    first: dict[str, SearchWish] = {}
    for wish in wishes:
        if wish.pages > 0:
            first.setdefault(wish.query, wish)
    return sorted(first.values(), key=lambda w: -1 if w.searched_at is None else w.searched_at)


def _plan_searches(wishes: Sequence[SearchWish], calls: int, reads: _Purse) -> Pages:
    """A first page for every query before a second for any; each with a read for its details."""
    searches = _Purse(calls)
    pages: dict[str, int] = {}
    for number in range(1, max((wish.pages for wish in wishes), default=0) + 1):
        for wish in wishes:
            if wish.pages < number:
                continue
            if not (searches.left and reads.left):
                return tuple(pages.items())
            searches.pay(1)
            reads.pay(1)
            pages[wish.query] = number
    return tuple(pages.items())
