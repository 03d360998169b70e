"""What is looked for in a title: every spelling of every act as rows of one small table.

Here belongs how names of the catalogue become spellings: joined forms of soloist and group, pairs
of scripts, hashtags. What a spelling in a title is worth is decided in ``titles``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Literal, NamedTuple

from kpop_assets.catalog.catalog import Artist, Catalog
from kpop_assets.catalog.names import is_hangul, normalise

# Initials and single syllables (V, RM, I.M, 비, 진) stand in too many titles for a music word to
# decide: the longest word of the name must have this many letters.
MIN_KOREAN_FOR_MUSIC = 2
MIN_LATIN_FOR_MUSIC = 3
MIN_LATIN_HASHTAG = 8
MIN_KOREAN_HASHTAG = 4

NAMESAKES = {"LISA": ("LiSA",)}
"""Spellings of other people that differ from an act's by nothing but case: not the act's."""

WRITTEN_SO = {"ROSÉ": ("ROSÉ",), "i-dle": ("(여자)아이들",)}
"""Everyday words that are the act's where they are written so: rosé is a wine."""

Role = Literal["name", "vague", "cue"]


class Spelling(NamedTuple):
    """One way to write an act.

    Attributes:
        spelling: In normal form.
        act_number: Index of the act in the catalogue.
        role: ``name`` decides alone, ``vague`` needs a second cue, ``cue`` is one.
        takes_music: A vague spelling for which a word of music can be the cue.
        takes_particle: Whether a Korean particle may follow within the last word.
    """

    spelling: str
    act_number: int
    role: Role
    takes_music: bool
    takes_particle: bool


@lru_cache(maxsize=2)
def title_spellings(catalog: Catalog) -> tuple[Spelling, ...]:
    """Every spelling that counts in a title, each act and spelling once.

    Args:
        catalog: The acts.

    Returns:
        Rows sorted by act and spelling.
    """
    rows: dict[tuple[int, str], Spelling] = {}
    for number, act in enumerate(catalog):
        for role, spellings in _by_role(act, catalog).items():
            for text in spellings:
                rows.setdefault((number, text), _spelling(text, number, role, catalog))
    return tuple(sorted(rows.values(), key=lambda row: (row.act_number, row.spelling)))


def vague_names(act: Artist) -> set[str]:
    """Those of its names, in normal form, that are everyday words."""
    return {normalise(name) for name in act.ambiguous}


def clear_names(act: Artist) -> set[str]:
    """Its other names, in normal form."""
    return {normalise(name) for name in act.names} - vague_names(act)


def pairs(act: Artist) -> set[str]:
    """The same act written twice side by side in two scripts: "HIGHLIGHT (하이라이트)"."""
    names = [normalise(name) for name in act.names]
    korean = [name for name in names if is_hangul(name)]
    latin = [name for name in names if not is_hangul(name)]
    return {f"{a} {b}" for x, y in product(korean, latin) for a, b in ((x, y), (y, x))}


def _by_role(act: Artist, catalog: Catalog) -> dict[Role, set[str]]:
    vague, clear = vague_names(act), clear_names(act)
    taken = clear | vague
    for names in (clear, vague):
        forms = {form for name in names if (form := _hashtag(name)) and form not in taken}
        names |= {form for form in forms if catalog.owner(form) is None}
    group = catalog[act.group] if act.group else None
    return {
        "name": clear | pairs(act) | (_joined(act, group) if group else set()),
        "vague": vague,
        "cue": {normalise(cue) for cue in act.cues},
    }


def _spelling(text: str, number: int, role: Role, catalog: Catalog) -> Spelling:
    # A music word does not tell which of two acts a shared name means, unless one owns it.
    owned = catalog.owner(text) in (None, catalog.acts[number])
    enough = MIN_KOREAN_FOR_MUSIC if is_hangul(text) else MIN_LATIN_FOR_MUSIC
    music = role == "vague" and max(map(len, text.split())) >= enough and owned
    # 비는, 진이, 키도: with one syllable the particle makes a common word.
    return Spelling(text, number, role, music, is_hangul(text) and len(text) > 1)


def _hashtag(name: str) -> str | None:
    """A name of several words written as one (#StrayKids), when long enough to be no other word."""
    short = name.replace(" ", "")
    letters = MIN_KOREAN_HASHTAG if is_hangul(short) else MIN_LATIN_HASHTAG
    return short if " " in name and len(short) >= letters else None


def _joined(act: Artist, group: Artist) -> set[str]:
    """A member next to the group's name: the title is about the member."""
    own = _distinct(act.names)
    plain = _distinct(group.names)
    canonical = _distinct(name for name in (group.artist, group.name_ko) if name)
    side_by_side = [f"{a} {b}" for a, b in product(canonical, canonical) if a != b]
    vague = vague_names(act)
    forms: set[str] = set()
    for member, band in product(own, [*plain, *side_by_side]):
        # "BTS (방탄소년단) JIMIN" reads BTS JIMIN; "i-dle(아이들) 미연" the group.
        if band in side_by_side and is_hangul(member) != is_hangul(band.split()[0]):
            continue
        of_band = f"{band}의" if is_hangul(band) else f"{band} s"
        forms |= {f"{band} {member}", f"{of_band} {member}"}
        # An unambiguous member in front is first by position and needs no joined form.
        if member in vague:
            forms |= {f"{member} {band}", f"{member} of {band}", f"{member} from {band}"}
    return {form for form in forms if len(set(form.split())) > 1}


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_nonempty(normalise(name) for name in names)))


def _nonempty(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if name)
