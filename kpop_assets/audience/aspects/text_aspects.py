"""Aspects of whole texts: clauses cut, judged and given to an act.

Belongs here: the order of those steps, what one clause takes from its neighbour, and that a text
without a word of any aspect costs no more than the search for one. Does not belong here: a step
itself (words/clauses.py, clause_aspects.py, clause_acts.py), or a table (aspect_rows.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kpop_assets.audience.aspects.clause_acts import ActsNamed, act_of
from kpop_assets.audience.aspects.clause_aspects import (
    JudgedAspect,
    SentimentOf,
    judge_clauses,
    names_aspects,
)
from kpop_assets.audience.words.clauses import split_clauses
from kpop_assets.audience.words.word_lists import LISTS, ListName


class VoiceText(NamedTuple):
    """A text, the list that is read for it, and its act as the catalogue has it, or `OTHER`."""

    text: str
    listed: ListName
    artist: str


class ClauseAspect(NamedTuple):
    """One aspect of one clause.

    Attributes:
        clause: its number in the text, from 0.
        clause_text: the clause as it was written.
        aspect: one of `audience_rules.ASPECTS`.
        sentiment: -1 (complaint) to 1 (praise).
        artist: whom it is about.
    """

    clause: int
    clause_text: str
    aspect: str
    sentiment: float
    artist: str


def find_aspects(
    voices: Sequence[VoiceText], acts: ActsNamed, sentiment_of: SentimentOf | None = None
) -> list[list[ClauseAspect]]:
    """The aspects of each text, in the order of its clauses.

    Args:
        voices: texts, each about one thing.
        acts: finds whom a clause is about.
        sentiment_of: a trained model's P(positive) - P(negative) of texts.
    """
    found: list[list[ClauseAspect]] = [[] for _ in voices]
    for listed in LISTS:
        chosen = [place for place, voice in enumerate(voices) if voice.listed == listed]
        texts = [voices[place].text for place in chosen]
        is_worth = names_aspects(texts, listed)
        worth = [place for place, worth in zip(chosen, is_worth, strict=True) if worth]
        clauses = [split_clauses(voices[place].text) for place in worth]
        judged = judge_clauses(clauses, listed, sentiment_of)
        artists = [voices[place].artist for place in worth]
        rows = _with_acts(clauses, judged, artists, acts)
        for place, own in zip(worth, rows, strict=True):
            found[place] = own
    return found


def _with_acts(
    clauses: Sequence[Sequence[str]],
    judged: Sequence[Sequence[Sequence[JudgedAspect]]],
    artists: Sequence[str],
    acts: ActsNamed,
) -> list[list[ClauseAspect]]:
    flat = [clause for of in clauses for clause in of]
    subjects = [artist for of, artist in zip(clauses, artists, strict=True) for _ in of]
    named = acts.in_clauses(flat, subjects)
    rows, start = [], 0
    for of, judgements, artist in zip(clauses, judged, artists, strict=True):
        own: list[ClauseAspect] = []
        before = artist
        for number, clause in enumerate(of):
            names = named[start + number]
            for aspect, sentiment, place in judgements[number]:
                act = act_of(names, place, before)
                own.append(ClauseAspect(number, clause, aspect, sentiment, act))
            before = act_of(names, 1.0, before)
        rows.append(own)
        start += len(of)
    return rows
