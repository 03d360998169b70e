"""The words of a video: names, hashtags, English words and Korean nouns of its texts.

Belongs here: what a word is, and of which kind. Does not belong here: which parts of a description
count (boilerplate.py), names of acts (names_said.py), or Korean grammar (morphology.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.finder import Found, finder_of
from kpop_assets.catalog.names import is_hangul, plain_letters
from kpop_assets.lens.morphology import morphology_of
from kpop_assets.lens.names_said import ActNames
from kpop_assets.lens.song_titles import take_song
from kpop_assets.lens.stop_words import load_stop_words

_HASHTAG = re.compile(r"#([^\W_](?:\w*[^\W_])?)")
# No part of a word with other letters or digits: gia đình, mp3.
_ENGLISH = re.compile(r"(?<![^\W_])[A-Za-z]{3,}(?![^\W_])")
# A tag of two or three words is one: "Bang Ye Dam", "fried chicken".
_PHRASE = re.compile(r"^[ ,]*([A-Za-z]+(?: [A-Za-z]+){1,2})[ ,]*$", re.MULTILINE)
_TAGS = "\n\x1f\n"
_HANGUL = re.compile("[가-힣]")
_OF_ENGLISH = re.compile(r"[A-Za-z0-9@]+")
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


class WordReader:
    """Reads words; names of one catalogue are kept whole.

    Args:
        catalog: the acts.
    """

    def __init__(self, catalog: Catalog) -> None:
        # Once: to look them up hashes every act.
        self._catalog = catalog
        self._acts = ActNames(catalog)
        self._finder = finder_of(catalog)
        self._nouns = partial(morphology_of, catalog)

    def read(self, videos: Sequence[VideoTexts]) -> list[tuple[Word, ...]]:
        """Words of each video with their kinds, each once, of several kinds the first.

        Args:
            videos: texts of distinct videos.
        """
        named = self._finder.find_all(["\n".join((v.title, v.about, *v.tags)) for v in videos])
        taken = [self._take_marked(*both) for both in zip(videos, named, strict=True)]
        korean = [i for i, (left, _) in enumerate(taken) if _HANGUL.search(left)]
        # Pieces of other letters only take its time.
        asked = [_OF_ENGLISH.sub(" , ", taken[i][0]) for i in korean]
        told = self._nouns().nouns(asked) if korean else []
        nouns = dict(zip(korean, told, strict=True))
        both = (
            dict.fromkeys(nouns.get(i, ()), "noun") | found for i, (_, found) in enumerate(taken)
        )
        return [
            _told(_without_parts(words, video), self._idle(words, video))
            for words, video in zip(both, videos, strict=True)
        ]

    def _take_marked(self, video: VideoTexts, named: Found) -> tuple[str, dict[str, str]]:
        """The texts without names, hashtags and English words, and those by kind."""
        title = plain_letters(video.title)
        tags = plain_letters("\n".join(video.tags))
        rest = f"{plain_letters(video.about)}{_TAGS}{tags}"
        found: dict[str, str] = {}
        if video.credited:
            credited = partial(self._acts.take, credited=video.credited)
            is_music = self._finder.find(title).has_music
            songs = take_song(title, video.evidence, is_music, credited)
            title, rest = songs.left, _without(rest, songs.names)
            _add(found, sorted(songs.names), "name")
        acts = self._acts.take(
            f"{title}\n{rest}", dict.fromkeys((*video.credited, *self._sure(named)))
        )
        _add(found, sorted(acts.names), "name")
        _add(found, map(str.lower, _HASHTAG.findall(acts.left)), "hashtag")
        told, _, tags = _HASHTAG.sub(" , ", acts.left).partition(_TAGS)
        _add(found, map(_phrase, _PHRASE.findall(tags)), "hashtag")
        left = f"{told}\n{_PHRASE.sub('', tags)}"
        _add(found, map(str.lower, _ENGLISH.findall(left)), "english")
        return left, found

    def _idle(self, found: dict[str, str], video: VideoTexts) -> frozenset[str]:
        """The stop words of a video: what songs are called says something beside music alone."""
        stop = load_stop_words()
        if video.credited or stop.songs.isdisjoint(found):
            return stop.words
        is_music = self._finder.find(plain_letters(video.title)).has_music
        return stop.words if is_music else stop.words | stop.songs

    def _sure(self, named: Found) -> Iterator[str]:
        """Acts by names that are no everyday words, whether bronze credits them or not."""
        sure = (hit.row.act_number for hit in named.hits if hit.row.role == "name")
        return (self._catalog.acts[number].artist for number in sure)


def _without(text: str, songs: Iterable[str]) -> str:
    """A text without the songs that the title names."""
    for song in songs:
        text = re.sub(rf"(?<!\w){re.escape(song)}(?!\w)", " , ", text, flags=re.IGNORECASE)
    return text


def _phrase(tag: str) -> str:
    """A tag without what every video is: "Not Shy MV"."""
    words = tag.lower().split()
    while words and words[-1] in load_stop_words().after_titles:
        words.pop()
    return " ".join(words)


def _add(found: dict[str, str], words: Iterable[str], kind: str) -> None:
    for word in words:
        found.setdefault(word, kind)


def _without_parts(found: dict[str, str], video: VideoTexts) -> dict[str, str]:
    """Without the pieces of names, and of tags in the title of an act's video, that are whole too.

    One song else counts as not shy, as shy, and as notshy.
    """
    title = plain_letters(video.title).lower() if video.credited else ""
    wholes = [
        word.lower()
        for word, kind in found.items()
        if " " in word and (kind == "name" or word in title)
    ]
    pieces = {piece for whole in wholes for piece in (*whole.split(), whole.replace(" ", ""))}
    return {word: kind for word, kind in found.items() if kind == "name" or word not in pieces}


def _told(found: dict[str, str], idle: frozenset[str]) -> tuple[Word, ...]:
    """What is worth telling: names, and other words that are no stop words."""
    order = {"name": 0, "hashtag": 1, "noun": 2, "english": 3}
    words = sorted(found.items(), key=lambda item: (order[item[1]], item[0]))
    return tuple(
        (word, kind)
        for word, kind in words
        if kind == "name"
        or (len(word) > 1 and not word.isdigit() and not _says_nothing(word, idle))
    )


def _says_nothing(word: str, idle: frozenset[str]) -> bool:
    """Whether a word is made of stop words alone: a tag of some, or two of Hangul as one."""
    return idle.issuperset(word.split()) or (
        is_hangul(word) and any({word[:i], word[i:]} <= idle for i in range(2, len(word) - 1))
    )
