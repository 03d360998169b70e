"""Works that nobody made, as many as are asked for: ids, titles and acts of made-up words.

Belongs here: names as those of a large catalogue are spread, in Latin letters and in Hangul. Does
not belong here: who listens to them (serving_world.py), or clocks. Words are syllables by chance,
as frequent as words are (the n-th one in n); acts of the catalogue have a part of the works, so
that they are found by their own names.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.catalog.acts import OTHER
from kpop_assets.catalog.catalog import load_catalog

_WORDS, _HANGUL_SHARE = 60_000, 0.3
_SYLLABLES = [
    first + vowel
    for first in (
        "b",
        "ch",
        "d",
        "f",
        "g",
        "h",
        "j",
        "k",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "w",
    )
    for vowel in ("a", "e", "i", "o", "u", "ay", "ee", "oo", "an", "el", "in", "or")
]
_HANGUL = [chr(code) for code in range(0xAC00, 0xD7A4, 37)]
_LENGTH_SHARES, _TITLE_SHARES = (0.1, 0.5, 0.3, 0.1), (0.2, 0.35, 0.25, 0.15, 0.05)
_NAME_SHARES = (0.35, 0.55, 0.1)
_KNOWN_SHARE, _WORKS_PER_ACT = 0.1, 12


def make_works(count: int, seed: int = 11) -> pl.DataFrame:
    """`work_id`, `artist`, `artist_name`, `title`: a row a work; a few acts have most of them."""
    rng = np.random.default_rng(seed)
    words = _words(rng)
    act_count = max(1, count // _WORKS_PER_ACT)
    shown = _phrases(rng, words, act_count, _NAME_SHARES)
    known = [act.artist for act in load_catalog()]
    whose = (act_count * rng.random(count) ** 2).astype(np.int64)
    of_known = rng.random(count) < _KNOWN_SHARE
    acts = [
        known[number % len(known)] if k else None for number, k in zip(whose, of_known, strict=True)
    ]
    return pl.DataFrame(
        {
            "work_id": [f"made-up-{row:08}" for row in range(count)],
            "artist": [act or OTHER for act in acts],
            "artist_name": [act or shown[n] for act, n in zip(acts, whose, strict=True)],
            "title": _phrases(rng, words, count, _TITLE_SHARES),
        }
    )


def _words(rng: np.random.Generator) -> list[str]:
    lengths = 1 + rng.choice(len(_LENGTH_SHARES), _WORDS, p=_LENGTH_SHARES)
    is_hangul = rng.random(_WORDS) < _HANGUL_SHARE
    found = dict.fromkeys(
        "".join(rng.choice(_HANGUL if hangul else _SYLLABLES, length))
        for length, hangul in zip(lengths, is_hangul, strict=True)
    )
    return [word.capitalize() for word in found]


def _phrases(
    rng: np.random.Generator, words: list[str], count: int, shares: tuple[float, ...]
) -> list[str]:
    lengths = rng.choice(np.arange(1, len(shares) + 1), count, p=shares)
    chances = 1 / np.arange(1, len(words) + 1)
    drawn = _drawn(rng, chances, int(lengths.sum()))
    ends = np.cumsum(lengths)
    spelled = [words[number] for number in drawn.tolist()]
    places = zip((ends - lengths).tolist(), ends.tolist(), strict=True)
    return [" ".join(spelled[start:end]) for start, end in places]


def _drawn(rng: np.random.Generator, chances: NDArray, count: int) -> NDArray[np.int64]:
    """Numbers by their chances; `choice` takes a second a million."""
    limits = np.cumsum(chances) / chances.sum()
    return np.minimum(np.searchsorted(limits, rng.random(count)), len(chances) - 1)
