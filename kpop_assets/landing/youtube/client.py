"""The reads of the YouTube Data API that collecting needs.

Belongs here: methods, their parameters, and what of an answer is handed on. Does not belong here:
retries, payment and failures (calls.py), what to ask for and when (plan.py, collector.py).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kpop_assets.landing.youtube.calls import TIMEOUT_SECONDS, Caller
from kpop_assets.landing.youtube.quota import Bucket, QuotaLedger

# Items of a page, and ids of a call, at most.
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """One page of a list; it may be empty and still have a next one.

    Attributes:
        items: the resources, as the API gives them.
        next_token: what asks for the next page; None on the last.
    """

    items: tuple[dict[str, Any], ...]
    next_token: str | None


class YouTubeClient:
    """Reads of the YouTube Data API v3, for one thread.

    Every method raises:
        KeyRefusedError: YouTube does not accept the key.
        QuotaSpentError: no quota is left today; before a try it means that nothing was sent.
        UnavailableError: five tries failed, or the last calls did and calls are paused.
        RefusedError: YouTube refuses this request for itself.

    Args:
        key: the API key; it is in no address, log or error.
        ledger: pays for every try before it is sent.
        endpoint: address to use instead of YouTube's.
        sleep: pauses between tries (seconds).
        seed: of the jitter.
        clock: seconds of a clock that processes share, for the breaker; default: the ledger's.
        timeout_seconds: for how long a connection may stay silent.

    Raises:
        KeyRefusedError: there is no key, or it cannot be one.
        YouTubeError: the endpoint is no http address.
    """

    def __init__(
        self,
        key: str,
        ledger: QuotaLedger,
        endpoint: str = "",
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
        *,
        clock: Callable[[], float] | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._caller = Caller(key, ledger, endpoint, sleep, seed, clock, timeout_seconds)
        self._api = self._caller.api

    def search(
        self,
        query: str,
        *,
        region: str,
        language: str,
        after: dt.datetime | None = None,
        before: dt.datetime | None = None,
        order: str = "date",
        token: str | None = None,
    ) -> Page:
        """A page of videos found, 1 call of 100 a day.

        Args:
            query: what to search for.
            region: country code; empty for any.
            language: language code results should be relevant to; empty for any.
            after: published at or after (aware).
            before: published before (aware).
            order: `date`, `relevance`, `viewCount`, …
            token: the next page's token.
        """
        answer = self._caller.call(
            Bucket.SEARCH,
            self._api.search().list,
            part="snippet",
            type="video",
            maxResults=PAGE_SIZE,
            q=query,
            regionCode=region or None,
            relevanceLanguage=language or None,
            publishedAfter=_rfc3339(after),
            publishedBefore=_rfc3339(before),
            order=order,
            pageToken=token,
        )
        return _page(answer)

    def uploads_playlists(self, channel_ids: Sequence[str]) -> dict[str, str]:
        """The playlist of all uploads by channel id, for up to 50 channels; 1 unit.

        Channels that YouTube does not know, or that show none, are left out.
        """
        answer = self._by_ids(
            Bucket.READS,
            self._api.channels().list,
            channel_ids,
            part="contentDetails",
            maxResults=PAGE_SIZE,
        )
        found = {}
        for item in answer:
            lists = _dict(_dict(item.get("contentDetails")).get("relatedPlaylists"))
            if item.get("id") and lists.get("uploads"):
                found[str(item["id"])] = str(lists["uploads"])
        return found

    def playlist_page(self, playlist_id: str, token: str | None = None) -> Page:
        """A page of a playlist, newest uploads first (snippet, contentDetails); 1 unit."""
        answer = self._caller.call(
            Bucket.READS,
            self._api.playlistItems().list,
            part="snippet,contentDetails",
            playlistId=playlist_id,
            maxResults=PAGE_SIZE,
            pageToken=token,
        )
        return _page(answer)

    def videos(self, ids: Sequence[str]) -> tuple[dict[str, Any], ...]:
        """Up to 50 videos with snippet, statistics and contentDetails; 1 unit.

        Videos that are gone or private are left out.
        """
        parts = "snippet,statistics,contentDetails"
        return self._by_ids(Bucket.READS, self._api.videos().list, ids, part=parts)

    def batch_stats(self, ids: Sequence[str]) -> tuple[dict[str, Any], ...]:
        """Statistics of up to 50 videos; 1 unit of the bucket for statistics.

        Videos that are gone or private are left out.
        """
        parts = "id,snippet,contentDetails,statistics"
        return self._by_ids(Bucket.STATS, self._api.videos().batchGetStats, ids, part=parts)

    def _by_ids(
        self, bucket: Bucket, method: Callable[..., Any], ids: Sequence[str], **parameters: Any
    ) -> tuple[dict[str, Any], ...]:
        if len(ids) > PAGE_SIZE:
            raise ValueError(f"{len(ids)} ids in one call; {PAGE_SIZE} is the most")
        if not ids:
            return ()
        # One parameter with commas: the form that YouTube documents for each of these methods.
        return _page(self._caller.call(bucket, method, id=",".join(ids), **parameters)).items


def _page(answer: dict[str, Any]) -> Page:
    return Page(tuple(answer.get("items", ())), answer.get("nextPageToken") or None)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rfc3339(instant: dt.datetime | None) -> str | None:
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
