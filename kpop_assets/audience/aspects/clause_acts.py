"""Whom a clause is about, where a text names more than one act.

Belongs here: the act nearest to a word of a clause, and what holds where the clause names none.
Does not belong here: which names count (catalog/titles.py), or aspects (clause_aspects.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.finder import Found, Hit, finder_of
from kpop_assets.catalog.senses import NO_CONTEXT, Context
from kpop_assets.catalog.titles import weigh

# Whoever stands before these is what somebody else is held against.
_HELD_AGAINST_BEHIND = ("보다", "처럼", "만큼", " 같은 ", " 같이 ", " 뺨치")
_HELD_AGAINST_BEFORE = (" than", " like", " vs")


class NamedAct(NamedTuple):
    """An act that a clause names, and how far into the clause: 0 is its beginning, 1 its end."""

    artist: str
    place: float


class ActsNamed:
    """Finds whom clauses are about.

    Args:
        catalog: the acts.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._finder = finder_of(catalog)
        self._numbers = {act.artist: number for number, act in enumerate(catalog)}
        self._context = lru_cache(1024)(self._make_context)

    def in_clauses(self, clauses: Sequence[str], subjects: Sequence[str]) -> list[list[NamedAct]]:
        """The acts that each clause names; one held against another (보다, than) is left out.

        Of the family of the clause's own subject (a group, its units and members) each is the
        subject: under a group's video "지수 춤선" is said of the group.

        Args:
            clauses: as they were written.
            subjects: of each clause the catalogue's act that the whole text is about, or `OTHER`.
        """
        return [
            [*self._named(found, clause, subject)] if found.has_names else []
            for found, clause, subject in zip(
                self._finder.find_all(clauses), clauses, subjects, strict=True
            )
        ]

    def _named(self, found: Found, clause: str, subject: str) -> list[NamedAct]:
        context = self._context(subject)
        named: dict[str, float] = {}
        for hit in weigh(found, clause, context, self._catalog).hits:
            if not _is_held_against(hit, found.line):
                is_own = hit.row.act_number in context.acts
                artist = subject if is_own else self._catalog.acts[hit.row.act_number].artist
                named.setdefault(artist, hit.start / len(found.line))
        return [NamedAct(artist, place) for artist, place in named.items()]

    def _make_context(self, subject: str) -> Context:
        own = self._numbers.get(subject)
        if own is None:
            return NO_CONTEXT
        group = self._catalog.acts[own].group
        family = {
            number
            for number, act in enumerate(self._catalog)
            if number == own or act.group == subject or (group and act.artist == group)
        }
        return replace(NO_CONTEXT, acts=frozenset(family))


def act_of(named: Sequence[NamedAct], place: float, before: str) -> str:
    """The act nearest to a place of a clause.

    Args:
        named: the acts of the clause.
        place: how far into the clause, 0 to 1.
        before: whom the clause before was about, which goes on where this one names nobody.
    """
    if not named:
        return before
    return min(named, key=lambda act: abs(act.place - place)).artist


def _is_held_against(hit: Hit, line: str) -> bool:
    behind, ahead = line[hit.end :], line[: hit.start]
    return behind.startswith(_HELD_AGAINST_BEHIND) or ahead.endswith(_HELD_AGAINST_BEFORE)
