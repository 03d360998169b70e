"""Lines about tracks, of what Spotify's Web API says.

Belongs here: which of its fields becomes what. Does not belong here: asking (collection.py). Any
field may be absent, and then is: applications in development mode get no popularity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kpop_assets.contracts.recommend_rules import BEAT_FEATURES, FEATURES
from kpop_assets.contracts.tracks import SPOTIFY_API_SOURCE
from kpop_assets.landing.sources.base import without_empty

Line = dict[str, object]


def track_line(
    item: object, observed_ms: int, query: str = "", album: object = None
) -> Line | None:
    """The line of a track as an answer has it; None where it is none.

    Args:
        item: the track, whole or without its album.
        observed_ms: when it was said.
        query: the search that found it.
        album: the album that it was listed under.
    """
    track = _fields(item)
    names = [name for artist in _items(track, "artists") if (name := _text(artist, "name"))]
    if not (_text(track, "id") and _text(track, "name") and names):
        return None
    release = _fields(track.get("album")) or _fields(album)
    return without_empty(
        {
            "track_id": _text(track, "id"),
            "source": SPOTIFY_API_SOURCE,
            "title": _text(track, "name"),
            "artist_name": names[0],
            "observed_at": observed_ms,
            "credited_names": names,
            "credited_ids": [
                own for artist in _items(track, "artists") if (own := _text(artist, "id"))
            ],
            "album_name": _text(release, "name"),
            "album_id": _text(release, "id"),
            "album_type": _text(release, "album_type"),
            "release_date": _text(release, "release_date"),
            "isrc": _text(_fields(track.get("external_ids")), "isrc"),
            "duration_ms": _whole(track.get("duration_ms")),
            "popularity": _whole(track.get("popularity")),
            "query": query,
        }
    )


def feature_fields(item: object) -> Line:
    """Audio features as an answer has them, without those that were not measured."""
    told = _fields(item)
    found = {name: _number(told.get(name)) for name in FEATURES}
    if not found["tempo"]:
        found |= dict.fromkeys(BEAT_FEATURES)
    key, beats = _whole(told.get("key")), _whole(told.get("time_signature"))
    return without_empty(
        {
            **found,
            "musical_key": None if key == -1 else key,
            "mode": _whole(told.get("mode")),
            "time_signature": beats or None,
        }
    )


def joined_lines(lines: Iterable[Line]) -> dict[str, Line]:
    """Each track once; what a line lacks is that of a later one."""
    found: dict[str, Line] = {}
    for line in lines:
        its_id = str(line["track_id"])
        found[its_id] = {**line, **found.get(its_id, {})}
    return found


def _fields(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = fields.get(name)
    return [_fields(each) for each in listed] if isinstance(listed, list) else []


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]  # is one


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
