"""The reads of the YouTube Data API that collecting needs.

Belongs here: methods, their parameters, and what of an answer is handed on. Does not belong here:
retries, payment and pauses (net/), what a refusal means (errors.py), what to ask for and when
(calls.py, collector.py).
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kpop_assets.landing.youtube.errors import (
    MALFORMED_KEY,
    MISSING_KEY,
    KeyRefusedError,
    YouTubeError,
    judge,
)
from kpop_assets.landing.youtube.items import named_ids, part, usable
from kpop_assets.landing.youtube.quota import PAGE_SIZE, Quota
from kpop_assets.landing.youtube.records import subscriber_count
from kpop_assets.net.attempt import TIMEOUT_SECONDS, Http, HttpRequest
from kpop_assets.net.breaker import Breaker
from kpop_assets.net.caller import Caller, RetryRule
from kpop_assets.net.ledger import QuotaLedger
from kpop_assets.net.redaction import Secrets

ADDRESS = "https://youtube.googleapis.com/"
RETRY = RetryRule()
# Comments come as people wrote them, and as many as a page takes.
_COMMENTS = {"part": "snippet", "maxResults": "100", "textFormat": "plainText"}


@dataclass(frozen=True)
class Page:
    """One page of a list; it may be empty and still have a next one.

    Attributes:
        items: the resources, as the API gives them; each has what its kind must have (items.py).
        next_token: what asks for the next page; None on the last.
        named: ids of resources, also of those that were left out.
    """

    items: tuple[dict[str, Any], ...]
    next_token: str | None
    named: frozenset[str] = frozenset()


class YouTubeClient:
    """Reads of the YouTube Data API v3, for one thread.

    Every method raises:
        KeyRefusedError: YouTube does not accept the key.
        QuotaSpentError: no quota is left today; before an attempt it means that nothing was sent.
        UnavailableError: five attempts failed, or the last calls did and calls are paused.
        RefusedError: YouTube refuses this request for itself.
        StateError: the ledger's file cannot be used.

    Args:
        key: the API key; it is in no address, log or error.
        ledger: pays for every attempt before it is sent (`quota.open_ledger`).
        endpoint: address to use instead of YouTube's.
        sleep: pauses between attempts (seconds).
        seed: of the jitter.
        clock: seconds of a clock that processes share, for the breaker; default: the ledger's.
        timeout_seconds: for how long a connection may stay silent.

    Raises:
        KeyRefusedError: there is no key, or it cannot be one.
        YouTubeError: the endpoint is no http address.
        NetError: the environment names a proxy that cannot be used.
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
        _check(key, endpoint)
        # Items that were left out of answers, by method: odd ones (items.py).
        self.odd: Counter[str] = Counter()
        self._address = f"{(endpoint or ADDRESS).rstrip('/')}/youtube/v3/"
        self._caller = Caller(
            "YouTube",
            Http(
                "kpop-assets",
                {"x-goog-api-key": key},
                Secrets(key),
                timeout_seconds=timeout_seconds,
            ),
            judge,
            Breaker(ledger.path, "YouTube", clock=clock or (lambda: ledger.now().timestamp())),
            ledger=ledger,
            retry=RETRY,
            sleep=sleep,
            seed=seed,
        )

    def search(
        self,
        query: str,
        *,
        region: str,
        language: str,
        after: dt.datetime | None = None,
        before: dt.datetime | None = None,
        token: str | None = None,
    ) -> Page:
        """A page of videos found, newest first; 1 call of 100 a day.

        Args:
            query: what to search for.
            region: country code; empty for any.
            language: language code results should be relevant to; empty for any.
            after: published at or after (aware).
            before: published before (aware).
            token: the next page's token.
        """
        return self._list(
            Quota.SEARCH,
            "search",
            part="snippet",
            type="video",
            maxResults=str(PAGE_SIZE),
            q=query,
            regionCode=region,
            relevanceLanguage=language,
            publishedAfter=_rfc3339(after),
            publishedBefore=_rfc3339(before),
            order="date",
            pageToken=token,
        )

    def uploads_playlists(self, channel_ids: Sequence[str]) -> dict[str, str]:
        """The playlist of all uploads by channel id, for up to 50 channels; 1 unit.

        Channels that YouTube does not know, or that show none, are left out.
        """
        answer = self._by_ids(
            Quota.READS,
            "channels",
            channel_ids,
            part="contentDetails",
            maxResults=str(PAGE_SIZE),
        )
        lists = {
            item["id"]: part(part(item, "contentDetails"), "relatedPlaylists").get("uploads")
            for item in answer.items
        }
        return {
            channel: found for channel, found in lists.items() if isinstance(found, str) and found
        }

    def subscriber_counts(
        self, channel_ids: Sequence[str]
    ) -> tuple[dict[str, int], frozenset[str]]:
        """Subscribers by channel id, and the ids that were named, for up to 50 channels; 1 unit.

        YouTube rounds them down to three digits. A channel that hides them is named alone.
        """
        answer = self._by_ids(
            Quota.READS, "channels", channel_ids, part="statistics", maxResults=str(PAGE_SIZE)
        )
        counts = {item["id"]: subscriber_count(item) for item in answer.items}
        return {i: n for i, n in counts.items() if n is not None}, answer.named

    def playlist_page(self, playlist_id: str, token: str | None = None) -> Page:
        """A page of a playlist, newest uploads first (snippet, contentDetails); 1 unit."""
        return self._list(
            Quota.READS,
            "playlistItems",
            part="snippet,contentDetails",
            playlistId=playlist_id,
            maxResults=str(PAGE_SIZE),
            pageToken=token,
        )

    def videos(self, ids: Sequence[str]) -> Page:
        """Up to 50 videos with snippet, statistics and contentDetails; 1 unit.

        Videos that are gone or private are not among them.
        """
        parts = "snippet,statistics,contentDetails,liveStreamingDetails"
        return self._by_ids(Quota.READS, "videos", ids, part=parts)

    def batch_stats(self, ids: Sequence[str]) -> Page:
        """Statistics of up to 50 videos; 1 unit of the bucket for statistics.

        Videos that are gone or private are not among them.
        """
        parts = "id,snippet,contentDetails,statistics"
        return self._by_ids(Quota.STATS, "videos:batchGetStats", ids, part=parts)

    def comment_page(self, video_id: str, order: str, token: str | None = None) -> Page:
        """A page of first comments under a video, by `relevance` or `time`; 1 unit."""
        asked = {"videoId": video_id, "order": order, "pageToken": token}
        return self._list(Quota.READS, "commentThreads", **_COMMENTS, **asked)

    def _by_ids(self, bucket: Quota, method: str, ids: Sequence[str], **parameters: str) -> Page:
        if len(ids) > PAGE_SIZE:
            raise ValueError(f"{len(ids)} ids in one call; {PAGE_SIZE} is the most")
        if not ids:
            return Page((), None)
        # One parameter with commas: the form that YouTube documents for each of these methods.
        return self._list(bucket, method, id=",".join(ids), **parameters)

    def _list(self, bucket: Quota, method: str, **parameters: str | None) -> Page:
        """The answer of a list method; parameters that are None or empty are left out."""
        asked = {name: value for name, value in parameters.items() if value}
        answer = self._caller.call(HttpRequest(self._address + method, asked), bucket).data()
        items = answer.get("items") or ()
        found = usable(method, items, self.odd)
        return Page(tuple(found), answer.get("nextPageToken") or None, named_ids(items))


def _check(key: str, endpoint: str) -> None:
    if not key:
        raise KeyRefusedError(*MISSING_KEY)
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise KeyRefusedError(*MALFORMED_KEY)
    if endpoint and not re.match(r"https?://[^/]", endpoint):
        raise YouTubeError(
            "KPOP_YOUTUBE_ENDPOINT is no http address",
            "use one like https://host/, or leave it empty for YouTube's own",
        )


def _rfc3339(instant: dt.datetime | None) -> str | None:
    if instant is None:
        return None
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no time zone")
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
