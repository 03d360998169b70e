"""What is typed as questions to the full-text search, from the closest fit to the loosest.

Belongs here: which words have to stand where. Does not belong here: asking (work_search.py), or the
words of a work (work_search_words.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kpop_assets.recommend.works.typed_letters import (
    firsts_of,
    is_of_firsts,
    typed_keys,
    typed_words,
)
from kpop_assets.recommend.works.work_search_words import FIRSTS_MARK

# How closely a work fits, from its whole title or act to a word that is spelled much like it.
Fit = Literal["whole", "words", "begins", "firsts", "near"]
Columns = Literal["title", "act", "title act"]
_DASH = " - "
# Which words of works, or which whole names of theirs, begin so; none where FTS5 is to look itself.
Begun = Callable[[str, bool], Sequence[str]]
# Beyond, words that were typed are passed over.
_MOST_WORDS = 12


@dataclass(frozen=True)
class TypedWord:
    """A word of a query.

    Attributes:
        text: in normal form.
        columns: where it has to stand.
    """

    text: str
    columns: Columns

    @property
    def keys(self) -> str:
        """As works have it."""
        return typed_keys(self.text)


@dataclass(frozen=True)
class WorkQuery:
    """What was typed.

    Attributes:
        words: in order.
        act: how many of them name the act before a dash; 0 where there is none.
    """

    words: tuple[TypedWord, ...]
    act: int = 0

    def whole(self, begun: Begun | None = None) -> str:
        """Works whose title or act it is, or both, one after the other; or whose begins so."""
        keys = [word.keys for word in self.words]
        if self.act:
            return _both("".join(keys[: self.act]), "".join(keys[self.act :]), begun)
        splits = [("".join(keys[:at]), "".join(keys[at:])) for at in range(1, len(keys))]
        either = [
            *(_both(act, title, begun) for act, title in splits),
            *(_both(act, title, None) for title, act in splits),
        ]
        return _any([_stands_whole("".join(keys), "whole_title whole_act", begun), *either])

    def written(self, begun: Begun | None = None) -> str:
        """Works that have all the words, or words that begin so; two may be one there."""
        apart = [[word] for word in self.words]
        joined = [
            [*apart[:at], [one, two], *apart[at + 2 :]]
            for at, (one, two) in enumerate(zip(self.words, self.words[1:], strict=False))
            if one.columns == two.columns
        ]
        return _any(
            _all(
                _stands("".join(word.keys for word in group), group[0].columns, begun)
                for group in groups
            )
            for groups in [apart, *joined]
        )

    def firsts(self, begun: Begun) -> str | None:
        """Works with words of these first consonants; None where none was typed."""
        if not any(is_of_firsts(word.text) for word in self.words):
            return None
        return _all(
            _stands(FIRSTS_MARK + firsts_of(word.text), "firsts", begun)
            if is_of_firsts(word.text)
            else _stands(word.keys, word.columns, begun)
            for word in self.words
        )

    def near(self, alike: Mapping[str, Iterable[str]], begun: Begun) -> str:
        """Works that have each word, as its beginning or as one that is spelled much like it."""
        return _all(
            _any(
                [
                    _stands(word.keys, word.columns, begun),
                    *(_stands(other, word.columns) for other in alike.get(word.keys, ())),
                ]
            )
            for word in self.words
        )


def read_queries(text: str) -> list[WorkQuery]:
    """How a query may be meant, the likeliest first; nothing where no letter was typed."""
    act, dash, title = text.partition(_DASH)
    of_act, of_title = typed_words(act), typed_words(title)
    found = []
    if dash and of_act and of_title:
        words = (*_words(of_act, "act"), *_words(of_title, "title"))
        found.append(WorkQuery(words[:_MOST_WORDS], len(of_act)))
    plain = typed_words(text)[:_MOST_WORDS]
    return [*found, WorkQuery(tuple(_words(plain, "title act")))] if plain else []


def _words(words: Iterable[str], columns: Columns) -> list[TypedWord]:
    return [TypedWord(word, columns) for word in words]


def _stands(word: str, columns: str, begun: Begun | None = None) -> str:
    """A word, or what begins so; a name that is one word stands whole, too."""
    if begun is None:
        whole = " ".join(f"whole_{column}" for column in columns.split())
        return _in_columns(f"{columns} {whole}", [word])
    return _in_columns(columns, begun(word, False), word)


def _stands_whole(word: str, columns: str, begun: Begun | None) -> str:
    return _in_columns(columns, [word] if begun is None else begun(word, True), word)


def _in_columns(columns: str, words: Sequence[str], begin: str = "") -> str:
    # Letters and digits alone are left of what was typed: nothing in it can end the quotes.
    listed = _any(f'"{word}"' for word in words) if words else f'"{begin}" *'
    return f"({{{columns}}} : {listed})"


def _both(act: str, title: str, begun: Begun | None) -> str:
    return _all([_in_columns("whole_act", [act]), _stands_whole(title, "whole_title", begun)])


def _all(parts: Iterable[str]) -> str:
    return f"({' AND '.join(parts)})"


def _any(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"
