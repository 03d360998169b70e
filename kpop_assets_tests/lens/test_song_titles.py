"""Which song a title is about, by quotes, dashes, labels and brackets."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.lens.names_said import ActNames
from kpop_assets.lens.song_titles import plain_song, take_song

IVE = partial(ActNames(load_catalog()).take, credited=("IVE",))


def songs(title: str, evidence: str = "clear_name", is_music: bool = True) -> set[str]:
    return {*take_song(title, evidence, is_music, IVE).names}


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("IVE 아이브 'REBEL HEART' MV", {"rebel heart"}),
        ("아이브 “EASY” 안무 영상", {"easy"}),
        ("IVE 『해야 (HEYA)』 Teaser", {"해야"}),
        ("No quotes MV", set()),
        ("IVE 'one two three four five six seven' MV", set()),
        ("It's a dog's life MV", set()),
        ("아이브 'Magnetic (Inst.)' MV 'MAGNETIC ver.2'", {"magnetic"}),
        ("IVE - After LIKE (lyrics)", {"after like"}),
        ("IVE (아이브) – I AM Official MV", {"i am"}),
        ("[MV] IVE(아이브) _ Kitsch", {"kitsch"}),
        ("Love is true - IVE [Han/Rom/Eng]", {"love is true"}),
        ("IVE the 1st tour - day 2 behind the scenes MV", set()),
        ("IVE - MV", set()),
        ("Somebody - Song MV", set()),
    ],
)
def test_a_song_stands_in_quotes_or_beside_the_act(title: str, found: set[str]):
    assert songs(title) == found


def test_a_title_that_is_not_about_music_names_no_song():
    assert (
        songs("IVE - After LIKE", is_music=False) == songs("IVE 'hello'", is_music=False) == set()
    )


def test_a_label_and_an_own_channel_with_a_song_in_two_languages_call_it_by_the_title():
    assert songs("ILLIT - Magnetic (feat. X)", "label", False) == {"magnetic"}
    assert songs("밤양갱", "label", False) == {"밤양갱"}
    assert songs("(Intro)", "label", False) == set()
    assert songs("기도 (A Prayer)", "channel_id", False) == {"기도"}
    assert songs("기도 (A Prayer)", "clear_name", False) == set()
    assert songs("How we made it", "channel_id", False) == set()


@given(st.text(alphabet="IVE아이브 '“”-–(['/ab7", max_size=40), st.booleans())
def test_a_song_of_any_title_is_plain_and_not_empty(title: str, is_label: bool):
    taken = take_song(title, "label" if is_label else "clear_name", True, IVE)
    for song in taken.names:
        assert song == plain_song(song) != ""
