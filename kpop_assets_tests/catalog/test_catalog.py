"""The data file keeps its schema, and a broken file is refused with one clear line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kpop_assets.catalog import catalog
from kpop_assets.catalog.catalog import (
    CHANNEL_ID,
    GENDERS,
    KINDS,
    Artist,
    Catalog,
    CatalogError,
    load_catalog,
)
from kpop_assets.catalog.names import is_hangul, normalise

MUST_HAVE = """
Seo Taiji and Boys|H.O.T|S.E.S.|Fin.K.L|Sechs Kies|g.o.d|Shinhwa|BoA|TVXQ!|SUPER JUNIOR|BIGBANG
Girls' Generation|KARA|SHINee|2NE1|2PM|f(x)|T-ARA|INFINITE|Highlight|Apink|EXO|BTS|Red Velvet|GOT7
MAMAMOO|SEVENTEEN|MONSTA X|TWICE|DAY6|BLACKPINK|NCT|NCT 127|NCT DREAM|WayV|NCT WISH|Wanna One
Stray Kids|ATEEZ|i-dle|TXT|ITZY|ENHYPEN|aespa|IVE|LE SSERAFIM|NewJeans|NMIXX|ILLIT|RIIZE|TWS
BABYMONSTER|ZEROBASEONE|BOYNEXTDOOR|PLAVE|KiiiKiii|Hearts2Hearts|CORTIS|ALLDAY PROJECT|KATSEYE
IU|Jimin|Jung Kook|JENNIE|ROSÉ|Taeyeon|G-DRAGON|ZICO|Psy|AKMU|Lim Young Woong|EXO-CBX|BSS|MISAMO
Girls' Generation-TTS|Red Velvet - IRENE & SEULGI|tripleS Hatchi|VIVIZ|GFRIEND
"""


def act(**changes: Any) -> dict[str, Any]:
    """A valid line of the file, with some fields changed."""
    line = {
        "artist": "Alpha Band",
        "name_ko": "알파밴드",
        "kind": "group",
        "group": None,
        "gender": "mixed",
        "agency": "Alpha Records",
        "debut_year": 2020,
        "generation": 4,
        "aliases": [],
        "ambiguous": [],
        "cues": [],
        "channels": [],
    }
    return line | changes


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "acts.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


OTHER_ACT: dict[str, Any] = {"artist": "Beta", "name_ko": None}
CHANNEL = "UC" + "a" * 22
BROKEN = {
    "not JSON": (["{"], "line 1, ?: not JSON"),
    "not an object": (["[]"], "line 1, ?: not a JSON object"),
    "field missing": ([{"artist": "Gamma"}], "line 1, Gamma: fields missing or unknown: agency"),
    "field unknown": ([act(colour="red")], "line 1, Alpha Band: fields missing or unknown: colour"),
    "wrong type": ([act(debut_year="2020")], "debut_year has the wrong type: '2020'"),
    "wrong element": ([act(aliases=[1])], "aliases has the wrong type"),
    "kind": ([act(kind="duo")], "unknown kind 'duo'"),
    "gender": ([act(gender="?")], "unknown gender '?'"),
    "generation": ([act(generation=5)], "generation 5 does not fit debut_year 2020"),
    "sub_unit alone": ([act(kind="sub_unit")], "a sub_unit needs its group"),
    "own group": ([act(group="Alpha Band")], "is its own group"),
    "no letters": ([act(aliases=["!!"])], "no letter or digit in '!!'"),
    "ambiguous": ([act(ambiguous=["Gamma"])], "ambiguous entry 'Gamma' is not one of its names"),
    "channel": ([act(channels=["UC1"])], "malformed channel id 'UC1'"),
    "duplicate": ([act(), act()], "line 2, Alpha Band: duplicate artist"),
    "reserved": ([act(artist="OTHER")], "line 1, OTHER: duplicate artist"),
    "unknown group": ([act(group="Gamma")], "unknown group 'Gamma'"),
    "alias": (
        [act(), act(**OTHER_ACT, aliases=["ALPHA-BAND"], ambiguous=["ALPHA-BAND"])],
        "line 2, Beta: alias 'ALPHA-BAND' is claimed by Alpha Band too",
    ),
    "channel twice": (
        [act(channels=[CHANNEL]), act(**OTHER_ACT, channels=[CHANNEL])],
        f"line 2, Beta: channel {CHANNEL} is claimed by Alpha Band too",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused(tmp_path: Path, case: str) -> None:
    lines, message = BROKEN[case]
    with pytest.raises(CatalogError) as error:
        load_catalog(write(tmp_path, *lines))
    assert str(error.value).startswith("acts.jsonl, line ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_shared_ambiguous_name_belongs_to_the_act_it_is_the_main_name_of(tmp_path: Path) -> None:
    first = act(aliases=["Beta"], ambiguous=["Beta"])
    second = act(**OTHER_ACT, ambiguous=["Beta"])
    catalog = load_catalog(write(tmp_path, first, second))
    owner = catalog.find("BETA!")
    assert owner is not None
    assert owner.artist == "Beta"


def test_lookup_by_name(catalog: Catalog) -> None:
    for name in ("newjeans", "뉴진스", "New-Jeans", "ＮＪＺ"):
        owner = catalog.find(name)
        assert owner is not None
        assert owner.artist == "NewJeans"
    assert catalog.find("nobody at all") is None
    assert catalog["BTS"].name_ko == "방탄소년단"


def test_size_and_spread(catalog: Catalog) -> None:
    generations = Counter(artist.generation for artist in catalog)
    kinds = Counter(artist.kind for artist in catalog)
    assert len(catalog) >= 500
    assert min(generations[number] for number in range(1, 6)) >= 50
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= 40
    assert {artist.gender for artist in catalog if artist.gender} == set(GENDERS)


def test_every_act_can_be_written(catalog: Catalog) -> None:
    for artist in catalog:
        assert artist.agency is None or artist.agency.strip() == artist.agency != ""
        assert artist.debut_year is None or 1950 < artist.debut_year < 2030
        assert artist.name_ko is None or any(
            is_hangul(w) for w in normalise(artist.name_ko).split()
        )
        assert any(not is_hangul(normalise(name)) for name in artist.names), artist.artist
        assert all(CHANNEL_ID.match(channel) for channel in artist.channels)
        assert len({normalise(name) for name in artist.names}) == len(artist.names), artist.artist
    korean = sum(artist.name_ko is not None for artist in catalog)
    assert korean > 0.95 * len(catalog)


def test_sub_units_and_members_point_at_their_group(catalog: Catalog) -> None:
    for artist in catalog:
        if artist.group is not None:
            assert artist.kind in ("sub_unit", "solo"), artist.artist
            assert catalog[artist.group].kind != "solo", artist.artist


def test_the_great_names_are_there(catalog: Catalog) -> None:
    names = {artist.artist for artist in catalog}
    wanted = {name for line in MUST_HAVE.split("\n") for name in line.split("|") if name}
    assert len(wanted) > 60
    assert wanted - names == set()


def test_the_file_is_sorted() -> None:
    path = Path(catalog.__file__).with_name("artists.jsonl")
    lines = path.read_text(encoding="utf-8").splitlines()
    names = [json.loads(line)["artist"] for line in lines]
    assert names == sorted(names)


def test_what_is_kept_by_catalogue_is_found_without_a_walk_over_the_acts(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A matcher is looked up for every title: a walk took more than half of the time."""
    same, fewer = Catalog(catalog.acts), Catalog(catalog.acts[1:])
    monkeypatch.setattr(Artist, "__hash__", lambda act: pytest.fail("an act was looked at"))
    assert hash(catalog) == hash(same) and catalog == same
    assert catalog != fewer and hash(catalog) != hash(fewer)
