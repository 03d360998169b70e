"""Korean nouns of texts: what is asked of kiwipiepy, and the words that it is taught.

Belongs here: loading it, its dictionary from the catalogue, and how its pieces become words. Does
not belong here: names of credited acts, hashtags and English words (word_reader.py).
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.lexicon import clear_names
from kpop_assets.catalog.names import is_hangul, normalise

if TYPE_CHECKING:
    from kiwipiepy import Kiwi, Token

# Its analysis of one text has no use for more; of many, threads share one model of 300 MB, where a
# process of its own would load another for each.
_MOST_THREADS = 4
_NOUNS = ("NNG", "NNP")
# What makes another noun of one: 역대 + 급, 한국 + 인. Plural, style and address say nothing new.
_JOINING_SUFFIX = "XSN"
_IDLE_SUFFIXES = frozenset(("들", "적", "님", "씨", "짜리", "쯤", "째", "끼리", "네", "여", "경"))
# More nouns without a blank between them are a sentence that nobody spaced.
_MOST_PIECES = 3
_LONGEST_WORD = 10
# Shorter members' names are everyday words.
_LEAST_NAME_LETTERS, _LEAST_MEMBER_LETTERS = 2, 3


class Morphology:
    """Nouns of texts, with the names of one catalogue kept whole."""

    def __init__(self, catalog: Catalog) -> None:
        # Takes a second and 300 MB: who reads no words loads nothing.
        from kiwipiepy import Kiwi

        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        # The dictionary of typing errors and that of names of several words are left out: they
        # take as long again to load, and 190 MB.
        self._kiwi: Kiwi = Kiwi(num_workers=threads, load_multi_dict=False, load_typo_dict=False)
        for name in sorted(dictionary_of(catalog)):
            self._kiwi.add_user_word(name, "NNP")

    def nouns(self, texts: Sequence[str]) -> list[list[str]]:
        """Nouns of each text in order, of more than one letter; neighbours without a blank as one.

        Args:
            texts: any texts.
        """
        return [[*_words(tokens)] for tokens in self._kiwi.tokenize(list(texts))]


@lru_cache(maxsize=1)
def morphology_of(catalog: Catalog) -> Morphology:
    """The morphology of a catalogue, loaded once."""
    return Morphology(catalog)


def dictionary_of(catalog: Catalog) -> set[str]:
    """Korean names of acts and members that are no everyday words."""
    names = {name for act in catalog for name in clear_names(act)}
    members = {normalise(cue) for act in catalog for cue in act.cues}
    return {name for name in names if _is_long(name, _LEAST_NAME_LETTERS)} | {
        name for name in members if _is_long(name, _LEAST_MEMBER_LETTERS)
    }


def _is_long(name: str, letters: int) -> bool:
    return len(name) >= letters and " " not in name and is_hangul(name)


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    pieces: list[Token] = []
    for token in tokens:
        is_next = not pieces or pieces[-1].end == token.start
        is_suffix = token.tag == _JOINING_SUFFIX and token.form not in _IDLE_SUFFIXES
        if (token.tag in _NOUNS and is_next) or (is_suffix and pieces and is_next):
            pieces.append(token)
            continue
        yield from _joined(pieces, _closing(pieces, token))
        pieces = [token] if token.tag in _NOUNS else []
    yield from _joined(pieces)


def _closing(pieces: Sequence[Token], token: Token) -> str:
    """The particle in the last letter of a name taken for two nouns: 전광 + 후 + ㄴ is 전광훈."""
    is_cut = len(pieces) > 1 and len(pieces[-1].form) == 1 and token.start < pieces[-1].end
    return token.form if is_cut and len(token.form) == 1 else ""


def _joined(pieces: Sequence[Token], closing: str = "") -> Iterator[str]:
    whole = unicodedata.normalize("NFC", "".join(piece.form for piece in pieces) + closing)
    if len(pieces) <= _MOST_PIECES and len(whole) <= _LONGEST_WORD:
        parts = [whole]
    else:
        parts = [piece.form for piece in pieces if piece.tag in _NOUNS]
    yield from (part for part in parts if len(part) > 1)
