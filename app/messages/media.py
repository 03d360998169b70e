"""What the data counts, in words: views of videos, streams of tracks, or both.

Belongs here: the words that differ by medium, and putting them into a text. Does not belong here:
a message (its `*.toml` file), or which medium a page's data is (frame.py).

Messages are written for videos. Of tracks, every message says the same in the words below; one
that would read oddly says it itself, as `en_track`, `ko_track`, `en_mixed` or `ko_mixed`. Korean
words end as those they stand for, so that particles fit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MEDIA = ("video", "track", "mixed")
# Names of sources, what is only said of videos, text about ids and filters, and the star, which
# watches acts.
_KEPT = (
    *("frame.source_", "method.", "duplicates.", "rows.watch", "rows.no_links"),
    *("release_timing.kind", "release_timing.lead"),
)

_Words = tuple[tuple[re.Pattern[str], str], ...]


def _words(*pairs: tuple[str, str]) -> _Words:
    return tuple((re.compile(pattern), word) for pattern, word in pairs)


_WORDS: dict[tuple[str, str], _Words] = {
    ("en", "track"): _words(
        (r"\bvideos\b", "tracks"),
        (r"\bVideos\b", "Tracks"),
        (r"\bvideo\b", "track"),
        (r"\bVideo\b", "Track"),
        (r"\bviews\b", "streams"),
        (r"\bViews\b", "Streams"),
        (r"\bview\b", "stream"),
        (r"\bviewed\b", "streamed"),
        (r"^Watch$", "Listen"),
    ),
    ("en", "mixed"): _words(
        (r"\bvideos\b", "videos and tracks"),
        (r"\bVideos\b", "Videos and tracks"),
        (r"\bvideo\b", "video or track"),
        (r"\bVideo\b", "Video or track"),
        (r"\bviews\b", "views and streams"),
        (r"\bViews\b", "Views and streams"),
        (r"\bview\b", "view or stream"),
        (r"\bviewed\b", "played"),
        (r"^Watch$", "Open"),
    ),
    ("ko", "track"): _words(
        (r"영상\((\{\w+\})편\)", r"곡(\1곡)"),
        (r"영상", "곡"),
        (r"조회(?=수| 수| 증가)", "재생"),
        (r"^보기$", "듣기"),
    ),
    ("ko", "mixed"): _words(
        (r"영상\((\{\w+\})편\)", r"영상·곡(\1개)"),
        (r"영상", "영상·곡"),
        (r"조회(?=수| 수| 증가)", "조회·재생"),
        (r"^보기$", "열기"),
    ),
}


def reworded(key: str, texts: Mapping[str, str], medium: str) -> dict[str, str]:
    """The texts of a message in the words of a medium.

    Args:
        key: of the message.
        texts: by language, and for columns `help_en`, `help_ko` and `as`.
        medium: one of `MEDIA`.
    """
    own = {kind: texts.get(f"{kind}_{medium}") for kind in texts}
    return {
        kind: own[kind] or _reword(key, kind, text, medium)
        for kind, text in texts.items()
        if kind.rpartition("_")[2] not in MEDIA
    }


def _reword(key: str, kind: str, text: str, medium: str) -> str:
    language = kind.removeprefix("help_")
    if key.startswith(_KEPT):
        return text
    for pattern, word in _WORDS.get((language, medium), ()):
        text = pattern.sub(word, text)
    return text
