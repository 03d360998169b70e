"""The two lists of the audience's words, as their files write them.

Belongs here: reading `aspect_words.toml` and `opinion_words.toml`. Does not belong here: the lists
themselves, or what follows from a word (clause_aspects.py, clause_signs.py).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from kpop_assets.audience.phrases import PhraseFinder
from kpop_assets.code_digest import digest_code

ListName = Literal["music", "film"]
LISTS: tuple[ListName, ...] = get_args(ListName)
_ASPECTS = Path(__file__).with_name("aspect_words.toml")
_OPINIONS = Path(__file__).with_name("opinion_words.toml")


def list_of(subject_kind: str) -> ListName:
    """The list that is read for a kind of subject: films for titles, music for all else."""
    return "film" if subject_kind == "title" else "music"


@lru_cache(maxsize=2)
def aspect_finder(listed: ListName) -> PhraseFinder:
    """Phrases that name an aspect; each means `<aspect> <named, judged, alone or never>`.

    Args:
        listed: which list, as `list_of` says.
    """
    aspects = tomllib.loads(_ASPECTS.read_text(encoding="utf-8"))[listed]
    return PhraseFinder(
        (phrase, f"{aspect} {how}")
        for aspect, words in aspects.items()
        for how, phrases in words.items()
        for phrase in phrases.split()
    )


def naming_words(listed: ListName) -> dict[str, list[str]]:
    """Single words that name each aspect, as a text has them."""
    aspects = tomllib.loads(_ASPECTS.read_text(encoding="utf-8"))[listed]
    return {
        aspect: [word.strip("^$*") for word in words["named"].split() if "_" not in word]
        for aspect, words in aspects.items()
    }


@lru_cache(maxsize=1)
def opinion_finder() -> PhraseFinder:
    """Phrases that praise or complain; each means the name of its list."""
    listed = tomllib.loads(_OPINIONS.read_text(encoding="utf-8"))
    return PhraseFinder(
        (phrase, name) for name, phrases in listed.items() for phrase in phrases.split()
    )


@lru_cache(maxsize=1)
def words_digest() -> str:
    """A hash of the lists and of the rules that read them: of equal ones equal answers come."""
    rules = ("clauses", "phrases", "clause_signs", "clause_aspects", "clause_acts", "text_aspects")
    return digest_code([_ASPECTS, _OPINIONS, *(_ASPECTS.with_name(f"{name}.py") for name in rules)])
