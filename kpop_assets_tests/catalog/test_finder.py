"""The automaton finds what comparing every spelling word by word would find."""

from __future__ import annotations

import random

from kpop_assets.catalog.catalog import Catalog
from kpop_assets.catalog.cues import WORDS_OF_KPOP, WORDS_OF_MUSIC
from kpop_assets.catalog.finder import Finder
from kpop_assets.catalog.lexicon import Spelling, title_spellings
from kpop_assets.catalog.names import PARTICLES, normalise

Place = tuple[int, str, int]
FILLERS = (
    "live",
    "exclusive",
    "하이브",
    "#shorts",
    "of",
    "의",
    "ㅋㅋ",
    "'",
    "(",
    "🔥",
    "�",
    "vs",
    "the",
)
TAILS = ("는", "이", "의", "에게", "하는", "들", "s", "ㅋㅋ", "쿍")


def slow(line: str, rows: tuple[Spelling, ...]) -> set[Place]:
    """Word, spelling and act of every spelling that stands in a normal form."""
    words = line.split()
    found = set()
    for row in rows:
        name = row.spelling.split()
        for place in range(len(words) - len(name) + 1):
            last = words[place + len(name) - 1]
            tail = last.removeprefix(name[-1]) if last.startswith(name[-1]) else "?"
            ends = not tail or (row.takes_particle and tail in PARTICLES)
            if words[place : place + len(name) - 1] == name[:-1] and ends:
                found.add((place, row.spelling, row.act_number))
    return found


def test_the_automaton_finds_every_spelling_and_no_other(catalog: Catalog) -> None:
    rng = random.Random(20261128)
    rows = title_spellings(catalog)
    names = [name for act in catalog for name in (*act.names, *act.cues)]
    finder = Finder(catalog)
    for _ in range(40):
        parts = [
            rng.choice(names) + (rng.choice(TAILS) if rng.random() < 0.3 else "")
            if rng.random() < 0.6
            else rng.choice(FILLERS)
            for _ in range(rng.randint(1, 6))
        ]
        title = rng.choice(("", " ", " ", "-")).join(parts)
        line = normalise(title)
        if any(f" {word} " in f" {line} " for word in (*WORDS_OF_KPOP, *WORDS_OF_MUSIC)):
            continue
        hits = finder.find(title).hits
        found = {
            (len(f" {line} "[: hit.start].split()), hit.row.spelling, hit.row.act_number)
            for hit in hits
        }
        assert found == slow(line, rows), title


def test_a_name_inside_a_word_of_music_is_none(catalog: Catalog) -> None:
    finder = Finder(catalog)
    assert "v" in {hit.row.spelling for hit in finder.find("V LIVE").hits}
    assert not finder.find("M/V").hits
    assert finder.find("M/V").has_kpop
    assert finder.find("뮤직비디오는").has_music
    assert not finder.find("뮤직비디오그래프").has_music
