"""Acts are found by what people type: either script, members, first consonants, any writing."""

from __future__ import annotations

import pytest

from app.queries.act_search import search_of
from kpop_assets.catalog.catalog import load_catalog

SEARCH = search_of(load_catalog())


@pytest.mark.parametrize(
    ("query", "artist"),
    [
        ("IVE", "IVE"),
        ("ive", "IVE"),
        ("  iVe ", "IVE"),
        ("아이브", "IVE"),
        ("アイヴ", "IVE"),
        ("ㅇㅇㅂ", "IVE"),
        ("아이ㅂ", "IVE"),
        ("소녀시대", "Girls' Generation"),
        ("ㅅㄴㅅㄷ", "Girls' Generation"),
        ("girls generation", "Girls' Generation"),
        ("GIRLSGENER", "Girls' Generation"),
        ("snsd", "Girls' Generation"),
        ("장원영", "JANG WONYOUNG"),
        ("won-young", "JANG WONYOUNG"),
        # A syllable whose end is not typed yet.
        ("방타", "BTS"),
        ("army", "BTS"),
        ("f(X)", "f(x)"),
        ("gidle", "i-dle"),
    ],
)
def test_the_first_that_is_found(query: str, artist: str):
    assert SEARCH.find(query)[0].artist == artist


def test_a_member_is_found_and_its_group():
    found = [act.artist for act in SEARCH.find("장원영")]
    assert found.index("JANG WONYOUNG") < found.index("IVE")


@pytest.mark.parametrize("query", ["", "  ", "!?", "zzzzqqq", "ㅋㅋㅋㅋㅋㅋㅋ"])
def test_nothing_is_found_for_nothing(query: str):
    assert SEARCH.find(query) == []


@pytest.mark.parametrize(
    ("name", "artist"),
    [
        ("IVE", "IVE"),
        ("ive", "IVE"),
        ("소녀시대", "Girls' Generation"),
        ("le sserafim", "LE SSERAFIM"),
        # Of a part of a name, several are meant.
        ("르세", None),
        ("nobody at all", None),
    ],
)
def test_a_name_means_one_act_or_none(name: str, artist: str | None):
    assert SEARCH.resolve(name) == artist


def test_every_act_is_meant_by_its_own_name_and_found_by_each():
    for act in load_catalog():
        assert SEARCH.resolve(act.artist) == act.artist
        for name in act.names:
            assert act.artist in {found.artist for found in SEARCH.find(name)}, name


@pytest.mark.parametrize(
    ("query", "artist"), [("blakpink", "BLACKPINK"), ("NewJeens", "NewJeans"), ("아이부", "IVE")]
)
def test_names_spelled_alike(query: str, artist: str):
    assert artist in SEARCH.find_near(query)
