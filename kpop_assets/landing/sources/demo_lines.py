"""Writes simulated observations as NDJSON lines, and breaks a few of them on purpose.

Belongs here: the text of a line. Which videos are observed is decided in `demo.py`.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from kpop_assets.contracts.bronze import SIMULATED_SOURCE
from kpop_assets.landing.sources.demo_acts import (
    CATEGORIES,
    DEMO_ACTS,
    EPISODES,
    OTHER,
    OTHER_CATEGORY,
    SONGS,
    title_table,
)
from kpop_assets.landing.sources.demo_videos import CHANNELS, Videos

_ALPHABET = np.frombuffer(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", dtype=np.uint8
)
_LINE = (
    '{"video_id": "%s", %s, "ts": %d, "published_at": %d, "observed_at": %d, %s, '
    '"view_count": %d, "like_count": %d%s, "duration_seconds": %d%s, '
    '"region": "KR", "query": "kpop", "source": "' + SIMULATED_SOURCE + '"}\n'
)
_CHANNEL_WORDS = ("stage archive", "덕질일기", "fancam room", "춤추는 하루", "reaction desk")


def format_lines(videos: Videos, observed_ms: np.ndarray, views: np.ndarray) -> list[bytes]:
    """Format one line per video, each with its line end."""
    heads, authors = _head_table(), _author_table()
    songs = np.where(videos.act == OTHER, EPISODES[videos.song], SONGS[videos.song])
    texts = [h % s for h, s in zip(heads[videos.act, videos.pattern], songs, strict=True)]
    comments = [
        f', "comment_count": {count}' if has else ""
        for count, has in zip(
            (views * videos.comment_share).astype(np.int64).tolist(),
            videos.has_comments.tolist(),
            strict=True,
        )
    ]
    published = videos.published_ms.tolist()
    rows = zip(
        video_ids(videos.id_bits),
        texts,
        published,
        published,
        observed_ms.tolist(),
        authors[videos.act, videos.channel],
        views.tolist(),
        (views * videos.like_share).astype(np.int64).tolist(),
        comments,
        videos.duration_seconds.tolist(),
        _subscriber_table()[videos.act, videos.channel],
        strict=True,
    )
    return [(_LINE % row).encode() for row in rows]


def video_ids(bits: np.ndarray) -> list[str]:
    """Write 64 bits as the 11 characters of a YouTube-like id."""
    shifts = np.arange(58, -3, -6)
    sextets = [bits >> np.uint64(s) if s >= 0 else bits << np.uint64(-s) for s in shifts]
    digits = np.stack([s & np.uint64(63) for s in sextets], axis=1).astype(np.intp)
    return _ALPHABET[digits].view("S11").ravel().astype("U11").tolist()


def break_line(line: bytes, kind: int) -> bytes:
    """Break a good line in one of nine ways that real files have shown; `kind` is any number."""
    instant = rb'(?<="%s": )\d+'
    text = rb'(?<="text": ")'
    ways: tuple[tuple[bytes, bytes], ...] = (
        (rb"(?s)(.{40,}?), \"author_id.*\n", rb"\1\n"),  # cut in the middle
        (instant % b"ts", b'"yesterday"'),
        (instant % b"view_count", b'"many"'),
        (rb'"video_id": "[^"]*", ', b""),
        (rb'"text": "(\\.|[^"\\])*", ', b""),
        (instant % b"ts", b"86400000"),  # 1970
        (instant % b"ts", b"4102444800000"),  # 2100
        (instant % b"observed_at", b"86400000"),
        (text, b"\xff\xfe"),  # no UTF-8
    )
    pattern, replacement = ways[kind % len(ways)]
    return re.sub(pattern, replacement, line, count=1)


@cache
def _head_table() -> np.ndarray:
    """Text, language and category of every (act, pattern), with `%s` for the song."""
    titles = title_table()
    heads = np.empty(titles.shape, dtype=object)
    for (act, pattern), title in np.ndenumerate(titles):
        lang = "ko" if re.search("[가-힣]", title) else "en"
        category = OTHER_CATEGORY if act == OTHER else CATEGORIES[pattern]
        heads[act, pattern] = f'"text": "{title}", "lang": "{lang}", "category_id": "{category}"'
    return heads


@cache
def _author_table() -> np.ndarray:
    """Channel id and name of every (act, channel): fans, then the act's own, then its Topic."""
    authors = np.empty((OTHER + 1, CHANNELS + 2), dtype=object)
    for act, channel in np.ndindex(authors.shape):
        name = f"{_CHANNEL_WORDS[channel % len(_CHANNEL_WORDS)]} {act * CHANNELS + channel}"
        if act < OTHER and channel >= CHANNELS:
            kind = "official (simulated)" if channel == CHANNELS else "- Topic"
            name = f"{DEMO_ACTS[act].name} {kind}"
        authors[act, channel] = (
            f'"author_id": "UCdemo-simulated-{act:03d}{channel:04d}", "author_name": "{name}"'
        )
    return authors


@cache
def _subscriber_table() -> np.ndarray:
    """Subscribers of every (act, channel), the same on every day; a few fan channels hide them.

    Drawn by themselves, not from the acts' attention; to three digits, as YouTube tells them.
    """
    rng = np.random.default_rng([12])
    counts = 10 ** rng.uniform(2.0, 5.3, (OTHER + 1, CHANNELS + 2))
    counts[:, CHANNELS:] = 10 ** rng.uniform(5.0, 7.5, (OTHER + 1, 2))
    unit = 10 ** (np.floor(np.log10(counts)) - 2)
    shown = (np.floor(counts / unit) * unit).astype(np.int64)
    is_hidden = rng.random(shown.shape) < 0.02
    is_hidden[:, CHANNELS:] = False
    table = np.empty(shown.shape, dtype=object)
    for place, count in np.ndenumerate(shown):
        table[place] = "" if is_hidden[place] else f', "author_subscriber_count": {count}'
    return table
