"""The lists of the audience's words, as their files write them.

Belongs here: reading `aspect_words.toml`, `opinion_words.toml` and `kpop_speech.toml`, and that the
last two are one. Does not belong here: the lists themselves, or what follows from a word
(aspects/clause_aspects.py, clause_signs.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from kpop_assets.audience.words.phrases import PhraseFinder
from kpop_assets.code_digest import digest_code

ListName = Literal["music", "film"]
LISTS: tuple[ListName, ...] = get_args(ListName)
_ASPECTS = Path(__file__).with_name("aspect_words.toml")
_OPINIONS = Path(__file__).with_name("opinion_words.toml")
_SAYINGS = Path(__file__).with_name("kpop_speech.toml")
# All that makes a score of the lists; a test follows the imports of speech_lexicon.py.
_RULES = (
    "phrases",
    "word_lists",
    "denials",
    "clause_signs",
    "speech_lexicon",
    "plain_texts",
)
_SAYING_GROUPS = {
    2: "strong_praise",
    1: "praise",
    0: "nothing",
    -1: "complaint",
    -2: "strong_complaint",
}


@dataclass(frozen=True)
class Saying:
    """How fans say something.

    Attributes:
        form: as the list writes it, in plain form (plain_texts.py).
        sign: -2 to 2; 0 is no mood, though it looks like one.
        note: what it means.
    """

    form: str
    sign: int
    note: str


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


def load_sayings() -> tuple[Saying, ...]:
    """The sayings of the package's file."""
    told = tomllib.loads(_SAYINGS.read_text(encoding="utf-8"))
    return tuple(Saying(**one) for one in told["speech"])


def opinion_phrases() -> list[tuple[str, str]]:
    """Each phrase of praise or complaint and the name of its group, sayings among them.

    Whoever tells praise from complaint reads this one list, so that no word has two signs.
    """
    listed = tomllib.loads(_OPINIONS.read_text(encoding="utf-8"))
    plain = [(phrase, name) for name, phrases in listed.items() for phrase in phrases.split()]
    said = [(one.form.replace(" ", "_"), _SAYING_GROUPS[one.sign]) for one in load_sayings()]
    return plain + said


@lru_cache(maxsize=1)
def opinion_finder() -> PhraseFinder:
    """Phrases that praise or complain; each means the name of its group."""
    return PhraseFinder(opinion_phrases())


@lru_cache(maxsize=1)
def opinions_digest() -> str:
    """A hash of praise and complaint: of equal ones equal scores come."""
    return digest_code(opinion_files())


def opinion_files() -> list[Path]:
    """The lists of praise and complaint, and all modules of this folder that make a score."""
    return [_OPINIONS, _SAYINGS, *_files_of(_RULES)]


def word_files() -> list[Path]:
    """All lists, and the rules that read them: of equal ones equal answers come."""
    return [_ASPECTS, *opinion_files(), *_files_of(["clauses"])]


def _files_of(modules: Iterable[str]) -> list[Path]:
    return [_ASPECTS.with_name(f"{name}.py") for name in modules]
