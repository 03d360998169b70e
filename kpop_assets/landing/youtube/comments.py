"""Comments under the videos of a plan: asked for page by page, landed as reviews.

Belongs here: the order of the calls, what an answer says of a comment, which comments are gone.
Does not belong here: which videos (comment_plan.py), what is remembered (comment_store.py), or how
an author is hidden (landing/door.py).

Of each video one page by relevance is read, for what most people see, and pages by time, for what
is new. Closed comments and a video that is gone are answers: the video rests for a week. A comment
is gone where the list by time is read past the time at which it was written, and lacks it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpop_assets.contracts.audience_rules import COMMENT_TIME_PAGES
from kpop_assets.contracts.bronze import YOUTUBE_SOURCE
from kpop_assets.contracts.reviews import REVIEW_LINES
from kpop_assets.days import seoul_day
from kpop_assets.landing.door import door_of
from kpop_assets.landing.files import LandedFile, write_day
from kpop_assets.landing.sources.base import (
    Repairs,
    instant_or_raw,
    json_line,
    without_empty,
)
from kpop_assets.landing.youtube.client import YouTubeClient
from kpop_assets.landing.youtube.comment_report import CommentReport
from kpop_assets.landing.youtube.comment_store import DISABLED, GONE, READ
from kpop_assets.landing.youtube.errors import RefusedError
from kpop_assets.landing.youtube.items import part
from kpop_assets.landing.youtube.request import to_ms
from kpop_assets.landing.youtube.schema import collecting_alone
from kpop_assets.landing.youtube.store import Store
from kpop_assets.net.errors import QuotaSpentError
from kpop_assets.net.ledger import utc_now

# YouTube's word for an answer that ends a video, and the state that it leaves.
_ANSWERS = {"commentsDisabled": DISABLED, "videoNotFound": GONE}
# A list that names none of so many may be a fault.
_MANY = 10

Line = dict[str, object]


@dataclass
class _Reading:
    """What was read of videos and is not landed yet."""

    lines: list[Line] = field(default_factory=list)
    videos: dict[str, tuple[dict[str, int], list[str]]] = field(default_factory=dict)


class CommentCollector:
    """Collects comments on the collector's store, one run at a time.

    Args:
        client: the API.
        store: the store's file, which the collector of videos uses too.
        landing: the landing folder.
        now: the clock (aware).
    """

    def __init__(
        self,
        client: YouTubeClient,
        store: Path,
        landing: Path,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._client, self._path, self._landing, self._now = client, store, landing, now

    def run(self, picked: Sequence[str]) -> CommentReport:
        """Ask for comments under these videos, as far as the quota goes.

        What was read is landed however the run ends; killed before that, the next one asks again.

        Raises:
            CollectionBusyError: another collection is running.
            KeyRefusedError, UnavailableError: no call can work, or YouTube fails.
            LandingError: the file cannot be written.
            YouTubeError: the store cannot be used.
        """
        report, reading = CommentReport(picked=len(picked)), _Reading()
        with collecting_alone(self._path), Store(self._path) as store:
            try:
                self._read_all(store, picked, report, reading)
            finally:
                report.odd = self._client.odd["commentThreads"]
                self._land(store, reading, report)
        return report

    def _read_all(
        self, store: Store, picked: Sequence[str], report: CommentReport, reading: _Reading
    ) -> None:
        for video in store.comments.due(picked, self._now_ms()):
            report.asked += 1
            try:
                self._read(video, store.comments.known(video), report, reading)
            except QuotaSpentError as error:
                report.asked -= 1
                report.stopped = str(error)
                return
            except RefusedError as error:
                self._note(store, video, error, report)

    def _read(
        self, video: str, known: Mapping[str, int], report: CommentReport, reading: _Reading
    ) -> None:
        """Read what a video has, whole or not at all."""
        page = self._client.comment_page(video, "relevance")
        items = {item["id"]: item for item in page.items}
        by_time: dict[str, Any] = {}
        token, is_first = None, True
        for _ in range(COMMENT_TIME_PAGES):
            if not (is_first or token):
                break
            page = self._client.comment_page(video, "time", token)
            by_time |= {item["id"]: item for item in page.items}
            token, is_first = page.next_token, False
        at = self._now_ms()
        lines = [comment_line(item, video, at) for item in (items | by_time).values()]
        seen = {str(line["review_id"]): _written(line, at) for line in lines}
        floor = min(
            (_written(comment_line(i, video, at), at) for i in by_time.values()), default=at
        )
        gone = gone_comments(known, seen, -1 if token is None else floor)
        reading.lines += [*lines, *(_gone_line(one, video, known[one], at) for one in gone)]
        reading.videos[video] = seen, gone
        report.found += len(lines)
        report.gone += len(gone)

    def _note(self, store: Store, video: str, error: RefusedError, report: CommentReport) -> None:
        state = _ANSWERS.get(error.reason)
        if state is None:
            report.refused.append(str(error))
        counts = Counter([state])
        report.disabled += counts[DISABLED]
        report.missing += counts[GONE]
        with store.database.transaction():
            store.comments.keep(video, state or READ, self._now_ms())

    def _land(self, store: Store, reading: _Reading, report: CommentReport) -> None:
        """Land the lines, authors hidden, and then note what was read."""
        at = self._now_ms()
        if reading.lines:
            door, repairs = door_of(REVIEW_LINES, self._landing), Repairs()
            pass_door = door.line if door else lambda given, _: json_line(given)
            made = (pass_door(line, repairs) for line in reading.lines)
            landed = write_day(self._landing, seoul_day(at), made, at, REVIEW_LINES.kind)
            report.landed = landed if isinstance(landed, LandedFile) else None
        with store.database.transaction():
            for video, (seen, gone) in reading.videos.items():
                store.comments.add(video, seen, gone, at)
                store.comments.keep(video, READ, at)

    def _now_ms(self) -> int:
        return to_ms(self._now())


def comment_line(item: Mapping[str, Any], video: str, observed_at_ms: int) -> Line:
    """The landing line of a comment thread's first comment; its author is not hidden yet.

    Args:
        item: resource of `commentThreads.list`.
        video: id of the video under which it stands.
        observed_at_ms: when it was answered (epoch ms).
    """
    snippet = part(part(part(item, "snippet"), "topLevelComment"), "snippet")
    return without_empty(
        {
            "review_id": item.get("id"),
            "source": YOUTUBE_SOURCE,
            "subject_kind": "video",
            "subject": video,
            "author_id": part(snippet, "authorChannelId").get("value"),
            "text": snippet.get("textDisplay"),
            "likes": snippet.get("likeCount"),
            "created_at": instant_or_raw(snippet.get("publishedAt")),
            "updated_at": instant_or_raw(snippet.get("updatedAt")),
            "observed_at": observed_at_ms,
        }
    )


def gone_comments(known: Mapping[str, int], listed: Mapping[str, int], floor: int) -> list[str]:
    """Comments that were known, and that a list lacks which reaches past them.

    Args:
        known: when each was written (epoch ms), by id.
        listed: the same of those that are listed now.
        floor: when the oldest of the list by time was written; below it the list says nothing.
    """
    if not listed and len(known) >= _MANY:
        return []
    return sorted(one for one, at in known.items() if at > floor and one not in listed)


def _written(line: Line, default: int) -> int:
    at = line.get("created_at")
    return at if isinstance(at, int) else default


def _gone_line(comment: str, video: str, written_ms: int, at: int) -> Line:
    return {
        "review_id": comment,
        "source": YOUTUBE_SOURCE,
        "subject_kind": "video",
        "subject": video,
        "created_at": written_ms,
        "deleted_at": at,
        "observed_at": at,
    }
