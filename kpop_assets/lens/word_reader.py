"""The words of a video: names, hashtags, English words and Korean nouns of its texts.

Belongs here: what a word is, and of which kind. Does not belong here: which parts of a description
count (boilerplate.py), names of acts (names_said.py), or Korean grammar (morphology.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.finder import finder_of
from kpop_assets.catalog.names import plain_letters
from kpop_assets.lens.morphology import morphology_of
from kpop_assets.lens.names_said import song_of_label, take_acts, take_songs
from kpop_assets.lens.stop_words import load_stop_words

_HASHTAG = re.compile(r"#([^\W_](?:\w*[^\W_])?)")
# No part of a word with other letters or digits: gia đình, mp3.
_ENGLISH = re.compile(r"(?<![^\W_])[A-Za-z]{3,}(?:'[a-z]+)?(?![^\W_])")
_HANGUL = re.compile("[가-힣]")
_OF_ENGLISH = re.compile(r"[A-Za-z0-9@]+")
_LABEL = "label"
Word = tuple[str, str]


class VideoTexts(NamedTuple):
    """What is known of a video in words.

    Attributes:
        title: as it came.
        about: its own part of its description.
        tags: as they came, one after the other.
        credited: canonical names of the acts that bronze credits.
        evidence: how its artist is known.
    """

    title: str
    about: str = ""
    tags: tuple[str, ...] = ()
    credited: tuple[str, ...] = ()
    evidence: str | None = None


def read_words(videos: Sequence[VideoTexts], catalog: Catalog) -> list[tuple[Word, ...]]:
    """Words of each video with their kinds, each once, of several kinds the first.

    Args:
        videos: texts of distinct videos.
        catalog: the acts; its names are kept whole.
    """
    taken = [_take_marked(video, catalog) for video in videos]
    korean = [i for i, (left, _) in enumerate(taken) if _HANGUL.search(left)]
    # Pieces of other letters only take its time.
    asked = [_OF_ENGLISH.sub(" , ", taken[i][0]) for i in korean]
    nouns = dict(zip(korean, morphology_of(catalog).nouns(asked), strict=True)) if korean else {}
    return [_told(found, nouns.get(i, ())) for i, (_, found) in enumerate(taken)]


def _take_marked(video: VideoTexts, catalog: Catalog) -> tuple[str, dict[str, str]]:
    """The texts without names, hashtags and English words, and those by kind."""
    title = plain_letters(video.title)
    found: dict[str, str] = {}
    if video.credited:
        title = _take_song(title, video, catalog, found)
    text = "\n".join((title, plain_letters(video.about), plain_letters(", ".join(video.tags))))
    acts = take_acts(text, video.credited, catalog)
    _add(found, sorted(acts.names), "name")
    left = acts.left
    _add(found, map(str.lower, _HASHTAG.findall(left)), "hashtag")
    left = _HASHTAG.sub(" , ", left)
    _add(found, map(str.lower, _ENGLISH.findall(left)), "english")
    return left, found


def _take_song(title: str, video: VideoTexts, catalog: Catalog, found: dict[str, str]) -> str:
    if video.evidence == _LABEL:
        song = song_of_label(title)
        _add(found, [song] if song else [], "name")
        return title.split(" - ", 1)[0] if song and " - " in title else "" if song else title
    if finder_of(catalog).find(title).has_music:
        songs = take_songs(title)
        _add(found, sorted(songs.names), "name")
        return songs.left
    return title


def _add(found: dict[str, str], words: Iterable[str], kind: str) -> None:
    for word in words:
        found.setdefault(word, kind)


def _told(found: dict[str, str], nouns: Sequence[str]) -> tuple[Word, ...]:
    """What is worth telling: names, and other words that are no stop words."""
    idle = load_stop_words().words
    korean = dict.fromkeys(nouns, "noun")
    order = {"name": 0, "hashtag": 1, "noun": 2, "english": 3}
    words = sorted((korean | found).items(), key=lambda item: (order[item[1]], item[0]))
    return tuple(
        (word, kind)
        for word, kind in words
        if kind == "name" or (word not in idle and len(word) > 1 and not word.isdigit())
    )
