"""How a work sounds, in the reader's language.

Belongs here: words of clusters and directions, which tables have in English. Does not belong here:
which works sound alike (kpop_assets/recommend/works/track_clusters.py).
"""

from __future__ import annotations

import re

from app.frame import word

# `WORDS` of kpop_assets/recommend/works/track_clusters.py, as tables have them.
_SOUNDS = ("slow", "fast", "dark", "bright", "flowing", "danceable", "calm", "energetic")
_ENDS = {
    "tempo": ("slow", "fast"),
    "valence": ("dark", "bright"),
    "danceability": ("flowing", "danceable"),
    "energy": ("calm", "energetic"),
}
_NUMBER = re.compile(r"^(.*?)(?: (\d+))?$")


def say_sound(cluster_name: str) -> str:
    """The name of a cluster; words that nobody knows stay as they are."""
    found = _NUMBER.match(cluster_name)
    told, number = (found[1], found[2]) if found else (cluster_name, None)
    said = ", ".join(map(_say, told.split(", ")))
    return f"{said} {number}" if number else said


def say_direction(features: tuple[str, ...], *, is_far: bool) -> str:
    """What works at an end of an axis are like.

    Args:
        features: what grows along the axis; what shrinks has `-` before its name.
        is_far: at the end with the greater numbers, else at the other one.
    """
    ends = (_ENDS[name.removeprefix("-")][is_far != name.startswith("-")] for name in features)
    return ", ".join(map(_say, ends))


def _say(sound: str) -> str:
    bare = sound.removeprefix("very ")
    if bare == "middling":
        return word("recommend.sound_middling")
    if bare not in _SOUNDS:
        return sound
    said = word(f"recommend.sound_{bare}")
    return said if bare == sound else word("recommend.sound_very", sound=said)
