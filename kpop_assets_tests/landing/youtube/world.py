"""An invented YouTube: channels and videos whose counters grow with simulated time.

Belongs here: what exists and what it says at an instant, in the API's resource forms. Does not
belong here: HTTP (server.py). Knows nothing of the product's code.
"""

from __future__ import annotations

import datetime as dt
import html
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class FakeVideo:
    """A video; `hidden` names counters that its channel does not show."""

    id: str
    channel_id: str
    title: str
    published_at: dt.datetime
    description: str = ""
    tags: tuple[str, ...] = ()
    category_id: str = "10"
    duration_seconds: int = 200
    language: str = "ko"
    is_live: bool = False
    hidden: frozenset[str] = frozenset()
    most_views: int = 1_000_000
    grows_days: float = 10.0
    gone_at: dt.datetime | None = None

    def counts(self, at: dt.datetime) -> dict[str, int]:
        """Counters at an instant: they only grow."""
        age = max(0.0, (at - self.published_at).total_seconds() / DAY_SECONDS)
        views = int(self.most_views * (1 - math.exp(-age / self.grows_days)))
        return {"viewCount": views, "likeCount": views // 20, "commentCount": views // 200}

    def exists(self, at: dt.datetime) -> bool:
        """Whether it can be seen at an instant."""
        return self.published_at <= at and (self.gone_at is None or at < self.gone_at)


@dataclass(frozen=True)
class FakeComment:
    """A comment that begins a thread under a video."""

    id: str
    video_id: str
    author_id: str
    text: str
    published_at: dt.datetime
    likes: int = 0
    edited_at: dt.datetime | None = None


@dataclass(frozen=True)
class FakeChannel:
    """A channel; the playlist of its uploads is named after it, as on YouTube."""

    id: str
    title: str
    subscribers: int | None = 1_230_000

    @property
    def uploads(self) -> str:
        """Id of the playlist."""
        return "UU" + self.id.removeprefix("UC")


@dataclass
class World:
    """Everything there is; under videos in `closed` nobody can comment."""

    channels: Sequence[FakeChannel] = ()
    videos: Sequence[FakeVideo] = ()
    comments: Sequence[FakeComment] = ()
    closed: frozenset[str] = frozenset()
    channel: dict[str, FakeChannel] = field(init=False)
    video: dict[str, FakeVideo] = field(init=False)
    uploads: dict[str, list[FakeVideo]] = field(init=False)

    def __post_init__(self) -> None:
        self.channel = {channel.id: channel for channel in self.channels}
        self.video = {video.id: video for video in self.videos}
        self.uploads = {channel.uploads: [] for channel in self.channels}
        for video in sorted(self.videos, key=lambda v: v.published_at, reverse=True):
            self.uploads[self.channel[video.channel_id].uploads].append(video)

    def found(
        self, words: str, after: dt.datetime | None, before: dt.datetime | None, at: dt.datetime
    ) -> list[FakeVideo]:
        """Videos whose title, description or channel has all the words, newest first."""
        wanted = words.casefold().split()
        hits = []
        for video in self.videos:
            names = f"{video.title} {video.description} {self.channel[video.channel_id].title}"
            is_in_time = (after is None or video.published_at >= after) and (
                before is None or video.published_at < before
            )
            text = names.casefold()
            if is_in_time and video.exists(at) and all(word in text for word in wanted):
                hits.append(video)
        return sorted(hits, key=lambda v: (v.published_at, v.id), reverse=True)


def make_world(
    until: dt.datetime, channels: int = 3, videos_each: int = 60, seed: int = 0, days: int = 90
) -> World:
    """Channels named `Artist 000` … with videos published over the `days` before `until`."""
    draw = random.Random(seed)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    def name(length: int) -> str:
        return "".join(draw.choices(letters, k=length))

    made = [FakeChannel("UC" + name(22), f"Artist {i:03}") for i in range(channels)]
    videos = [
        FakeVideo(
            id=name(11),
            channel_id=channel.id,
            title=f"{channel.title} 'Song {i}' M/V & more",
            published_at=(until - dt.timedelta(seconds=draw.randrange(days * DAY_SECONDS))).replace(
                microsecond=0
            ),
            description=f"{channel.title} <official> video {i}",
            tags=(channel.title, "kpop"),
            duration_seconds=draw.randrange(15, 600),
            most_views=int(draw.lognormvariate(12, 2)) + 10,
            grows_days=draw.uniform(1, 30),
        )
        for channel in made
        for i in range(videos_each)
    ]
    return World(made, videos)


def snippet(video: FakeVideo, channel: FakeChannel, is_search: bool = False) -> dict:
    """The snippet of a video; that of a search result has its entities escaped and says less."""
    found: dict = {
        "publishedAt": stamp(video.published_at),
        "channelId": channel.id,
        "title": video.title,
        "description": video.description,
        "thumbnails": {},
        "channelTitle": channel.title,
        "liveBroadcastContent": "live" if video.is_live else "none",
    }
    if is_search:
        for key in ("title", "description", "channelTitle"):
            found[key] = html.escape(found[key]).replace("&#x27;", "&#39;")
        return found
    found |= {"categoryId": video.category_id, "defaultAudioLanguage": video.language}
    return {**found, "tags": list(video.tags)} if video.tags else found


def statistics(video: FakeVideo, at: dt.datetime) -> dict[str, str]:
    """Counters as texts; a hidden one is missing."""
    counts = video.counts(at)
    return {name: str(n) for name, n in counts.items() if name not in video.hidden}


def subscriber_statistics(channel: FakeChannel) -> dict[str, object]:
    """The statistics of a channel; hidden subscribers are told as 0, with a mark."""
    shown = channel.subscribers is not None
    counts = {"viewCount": "1", "subscriberCount": str(channel.subscribers or 0), "videoCount": "1"}
    return {**counts, "hiddenSubscriberCount": not shown}


def thread(comment: FakeComment, channel_id: str) -> dict:
    """A comment thread without replies."""
    said = {
        "kind": "youtube#comment",
        "etag": comment.id,
        "id": comment.id,
        "snippet": {
            "channelId": channel_id,
            "videoId": comment.video_id,
            "textDisplay": comment.text,
            "textOriginal": comment.text,
            "authorDisplayName": f"@{comment.author_id}",
            "authorProfileImageUrl": "",
            "authorChannelUrl": f"http://www.youtube.com/{comment.author_id}",
            "authorChannelId": {"value": comment.author_id},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": comment.likes,
            "publishedAt": stamp(comment.published_at),
            "updatedAt": stamp(comment.edited_at or comment.published_at),
        },
    }
    return {
        "kind": "youtube#commentThread",
        "etag": comment.id,
        "id": comment.id,
        "snippet": {
            "channelId": channel_id,
            "videoId": comment.video_id,
            "topLevelComment": said,
            "canReply": True,
            "totalReplyCount": 0,
            "isPublic": True,
        },
    }


def iso_duration(video: FakeVideo) -> str:
    """As `videos.list` writes a length."""
    if video.is_live:
        return "P0D"
    minutes, seconds = divmod(video.duration_seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    date = f"{days}D" if days else ""
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return f"P{date}T" + "".join(f"{n}{unit}" for n, unit in parts if n)


def stamp(at: dt.datetime) -> str:
    """As YouTube writes an instant."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
