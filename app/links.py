"""Where a video or track stands at its source, its picture there, and articles about a thing.

Belongs here: addresses made from ids, and which ids are real. Does not belong here: whether
pictures are switched on (settings), or how a link is drawn.

A simulated id, and one made of a label's hash because the chart names no track, lead nowhere: such
a title is no link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_YOUTUBE = re.compile(r"[\w-]{11}", re.ASCII)
# `spotify:ID`, with the country in between where it is not the first one; a hash is shorter.
_SPOTIFY = re.compile(r"spotify:(?:[a-z]{2}:)?([0-9A-Za-z]{22})")


def source_link(video_id: str | None, is_simulated: bool) -> str | None:
    """The address of a video or track, or None for an id that opens nothing."""
    if is_simulated or video_id is None:
        return None
    if _YOUTUBE.fullmatch(video_id):
        return f"https://www.youtube.com/watch?v={video_id}"
    if track := _SPOTIFY.fullmatch(video_id):
        return f"https://open.spotify.com/track/{track[1]}"
    return None


def thumbnail(video_id: str | None, is_simulated: bool) -> str | None:
    """The address of a video's picture at YouTube; tracks have none without asking Spotify."""
    if is_simulated or video_id is None or not _YOUTUBE.fullmatch(video_id):
        return None
    return f"https://i.ytimg.com/vi/{video_id}/mqdefault.jpg"


def article_link(known: Mapping[str, Any], language: str) -> str | None:
    """The Wikipedia article of a row of `lens/entities`: in a language, or in the other one."""
    for code in sorted(("en", "ko"), key=lambda code: code != language):
        if title := known.get(f"wikipedia_{code}"):
            return f"https://{code}.wikipedia.org/wiki/{quote(title.replace(' ', '_'), safe='')}"
    return None
