"""Words and lines that say nothing of what people talk about, as the data file lists them.

Belongs here: reading `stop_words.toml`. Does not belong here: the lists, or how words are found
(word_reader.py).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("stop_words.toml")


@dataclass(frozen=True)
class StopWords:
    """What is left out.

    Attributes:
        words: in small letters.
        songs: what well-known songs are called, and what else says as little as those.
        after_titles: what stands behind a song's or a tag's own words, and is no part of them.
        lines: patterns of what marks a line of a description that is not about its video, in
            small letters or capitals.
    """

    words: frozenset[str]
    songs: frozenset[str]
    after_titles: frozenset[str]
    lines: tuple[str, ...]


@lru_cache(maxsize=1)
def load_stop_words() -> StopWords:
    """The lists of the package's file."""
    found = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    lines = tuple(found.pop("lines"))
    music = frozenset(found.pop("music").split())
    songs = frozenset(found.pop("songs").split())
    words = frozenset(word for listed in found.values() for word in listed.split())
    return StopWords(words, songs, music, lines)
