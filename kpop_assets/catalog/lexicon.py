"""What the matcher looks up: every spelling of every act as rows of one small table.

Here belongs how names of the catalogue become spellings: joined forms of soloist and group, pairs
of scripts, decomposed Hangul. Pure Python; the engine's side is in ``matcher``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from kpop_assets.catalog.catalog import Artist, Catalog
from kpop_assets.catalog.names import decomposed, is_hangul, normalise

# What a title says about music and hardly about anything else. "teaser", "stage" and "live" alone
# are left out: films, games and matches have them too; so is 아이돌, a hashtag under anything.
_MUSIC_WORDS = """
    직캠, 팬캠, fancam, 컴백, comeback, m v, mv, music video, 뮤직비디오, 뮤비, kpop, k pop,
    케이팝, 뮤직뱅크, 뮤뱅, music bank, musicbank, 인기가요, inkigayo, 엠카운트다운, 엠카,
    m countdown, mcountdown, 음악중심, 음중, music core, 더쇼, 쇼챔피언, 쇼챔, show champion,
    가요대전, 가요대축제, 가요대제전, 마마 어워즈, mama awards, 골든디스크, melon music,
    불후의 명곡, 유희열의 스케치북, 더 시즌즈, dance practice, choreography, 안무 영상,
    안무영상, 안무연습, performance video, lyric video, color coded lyrics, official audio,
    track video, 릴레이댄스, relay dance, studio choom, 스튜디오 춤, it s live, 잇츠라이브,
    킬링보이스, 딩고뮤직, dingo music, 미니앨범, 정규앨범
"""
MUSIC_WORDS = tuple(word.strip() for word in _MUSIC_WORDS.split(","))

# Initials and single syllables (V, RM, I.M, 비, 진) stand in too many titles for a music word to
# decide: the longest word of the name must have this many letters.
MIN_KOREAN_FOR_MUSIC = 2
MIN_LATIN_FOR_MUSIC = 3
MIN_LATIN_HASHTAG = 8
MIN_KOREAN_HASHTAG = 4


class Spelling(NamedTuple):
    """One way to write an act.

    Attributes:
        spelling: In normal form.
        act_number: Index of the act in the catalogue.
        role: ``name`` decides alone, ``vague`` needs a second cue, ``cue`` is one.
        takes_music: A vague spelling for which a music word is cue enough.
        takes_particle: Whether a Korean particle may follow within the last word.
        authors: For a vague spelling, parts of an author's name that are a second cue.
    """

    spelling: str
    act_number: int
    role: str
    takes_music: bool
    takes_particle: bool
    authors: tuple[str, ...]


@lru_cache(maxsize=2)
def title_spellings(catalog: Catalog) -> tuple[Spelling, ...]:
    """Every spelling that counts in a title, each act and spelling once.

    Args:
        catalog: The acts.

    Returns:
        Rows sorted by act and spelling; Hangul also in its decomposed form.
    """
    rows: dict[tuple[int, str], Spelling] = {}
    for number, act in enumerate(catalog):
        for role, spellings in _by_role(act, catalog).items():
            for text in spellings:
                for form in {text, decomposed(text)}:
                    row = _spelling(form, text, number, role, catalog)
                    rows.setdefault((number, form), row)
    return tuple(sorted(rows.values(), key=lambda row: (row.act_number, row.spelling)))


def credit_spellings(catalog: Catalog) -> dict[str, str]:
    """What a label may call an act: its names, and two of them side by side.

    Args:
        catalog: The acts.

    Returns:
        Canonical name by normalised credit; a name that two acts share belongs to its owner.
    """
    credits: dict[str, str] = {}
    for act in catalog:
        for spelling in _pairs(act):
            credits.setdefault(spelling, act.artist)
    for act in catalog:
        for name in act.names:
            owner = catalog.find(name)
            if owner is not None:
                credits[normalise(name)] = owner.artist
    for act in catalog:
        # "TEN (NCT)" is credited as TEN.
        if act.artist.endswith(")") and (short := normalise(act.artist.partition(" (")[0])):
            credits.setdefault(short, act.artist)
    return {text: artist for key, artist in credits.items() for text in {key, decomposed(key)}}


def _author_parts(act: Artist) -> tuple[str, ...]:
    """Parts of a normalised author's name between "| " and " |".

    An unambiguous name counts anywhere, an everyday word only when it is the whole name.
    """
    vague = {normalise(name) for name in act.names if act.is_ambiguous(name)}
    clear = {normalise(name) for name in act.names} - vague
    return tuple(sorted({f" {name} " for name in clear} | {f"| {name} |" for name in vague}))


def _by_role(act: Artist, catalog: Catalog) -> dict[str, set[str]]:
    vague = {normalise(name) for name in act.names if act.is_ambiguous(name)}
    clear = {normalise(name) for name in act.names} - vague
    taken = clear | vague
    for names in (clear, vague):
        forms = {form for name in names if (form := _hashtag(name)) and form not in taken}
        names |= {form for form in forms if catalog.owner(form) is None}
    group = catalog[act.group] if act.group else None
    return {
        "name": clear | _pairs(act) | (_joined(act, group) if group else set()),
        "vague": vague,
        "cue": {normalise(cue) for cue in act.cues},
    }


def _spelling(form: str, text: str, number: int, role: str, catalog: Catalog) -> Spelling:
    # A music word does not tell which of two acts a shared name means, unless one owns it.
    owned = catalog.owner(text) in (None, catalog.acts[number])
    enough = MIN_KOREAN_FOR_MUSIC if is_hangul(text) else MIN_LATIN_FOR_MUSIC
    music = role == "vague" and max(map(len, text.split())) >= enough and owned
    # 비는, 진이, 키도: with one syllable the particle makes a common word.
    authors = _author_parts(catalog.acts[number]) if role == "vague" else ()
    return Spelling(form, number, role, music, is_hangul(text) and len(text) > 1, authors)


def _hashtag(name: str) -> str | None:
    """A name of several words written as one (#StrayKids), when long enough to be no other word."""
    short = name.replace(" ", "")
    letters = MIN_KOREAN_HASHTAG if is_hangul(short) else MIN_LATIN_HASHTAG
    return short if " " in name and len(short) >= letters else None


def _pairs(act: Artist) -> set[str]:
    """The same act written twice side by side in two scripts: "HIGHLIGHT (하이라이트)"."""
    names = [normalise(name) for name in act.names]
    korean = [name for name in names if is_hangul(name)]
    latin = [name for name in names if not is_hangul(name)]
    return {f"{a} {b}" for x, y in product(korean, latin) for a, b in ((x, y), (y, x))}


def _joined(act: Artist, group: Artist) -> set[str]:
    """A member next to the group's name: the title is about the member."""
    own = _distinct(act.names)
    plain = _distinct(group.names)
    canonical = _distinct(name for name in (group.artist, group.name_ko) if name)
    side_by_side = [f"{a} {b}" for a, b in product(canonical, canonical) if a != b]
    vague = {normalise(name) for name in act.ambiguous}
    forms: set[str] = set()
    for member, band in product(own, [*plain, *side_by_side]):
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
