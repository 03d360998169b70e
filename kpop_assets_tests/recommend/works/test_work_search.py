"""Works by beginnings, first consonants, names in either script and slips; known ones first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.recommend.matrices.bundle_parts import BundleError
from kpop_assets.recommend.works.typed_letters import typed_keys
from kpop_assets.recommend.works.work_search import WorkSearch
from kpop_assets.recommend.works.work_search_words import slip_marks
from kpop_assets.recommend.works.work_search_write import names_by_artist, write_work_search

# Act in the catalogue, act as shown, title, popularity.
WORKS = [
    ("NewJeans", "NewJeans", "Hype Boy", 9),
    ("NewJeans", "NewJeans", "Ditto", 8),
    ("OTHER", "Somebody", "New Jeans", 1),
    ("IVE", "IVE", "LOVE DIVE", 7),
    ("IU", "IU", "Blueming", 6),
    ("IU", "IU", "밤편지 (Through the Night)", 5),
    ("Red Velvet", "Red Velvet", "Psycho", 4),
    ("OTHER", "Nobody", "Psychopath", 10),
    ("Girls' Generation", "소녀시대", "다시 만난 세계", 3),
    ("Stray Kids", "Stray Kids", "Next Level", 2),
    ("OTHER", "Somebody", "Love", 0),
    ("OTHER", "Nobody", "Love", 1),
    ("ROSÉ", "ROSÉ", "Gone", 1),
]
FRAME = pl.DataFrame(
    {
        "work_id": [f"w{number:02}" for number in range(len(WORKS))],
        "artist": [work[0] for work in WORKS],
        "artist_name": [work[1] for work in WORKS],
        "title": [work[2] for work in WORKS],
    }
)
NAMES = pl.concat(
    [
        FRAME.select(pl.col("work_id").alias("track_id"), "work_id", "artist_name", "title"),
        pl.DataFrame(
            {
                "track_id": ["t1", "t2"],
                "work_id": ["w00", "nothing"],
                "artist_name": ["NewJeans", "Gone"],
                "title": ["Hype Boy (Instrumental)", "Elsewhere"],
            }
        ),
    ]
)
POPULARITY = np.array([work[3] for work in WORKS])


def write(path: Path) -> Path:
    names = names_by_artist(load_catalog())
    write_work_search(path, FRAME, NAMES, POPULARITY, names)
    return path


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkSearch]:
    found = WorkSearch(write(tmp_path_factory.mktemp("search") / "search.sqlite"))
    yield found
    found.close()


@pytest.mark.parametrize(
    ("query", "titles", "fit"),
    [
        ("hype boy", ["Hype Boy"], "whole"),
        ("HYPEBOY", ["Hype Boy"], "whole"),
        ("hyp", ["Hype Boy"], "begins"),
        ("boy hype", ["Hype Boy"], "words"),
        ("instrumental", ["Hype Boy"], "words"),
        # Acts by name, in either script, by first consonants and half a syllable.
        ("newjeans", ["Hype Boy", "Ditto", "New Jeans"], "whole"),
        ("뉴진스", ["Hype Boy", "Ditto"], "whole"),
        ("뉴지", ["Hype Boy", "Ditto"], "begins"),
        ("뉴진ㅅ", ["Hype Boy", "Ditto"], "begins"),
        ("ㄴㅈㅅ", ["Hype Boy", "Ditto"], "firsts"),
        ("뉴ㅈㅅ", ["Hype Boy", "Ditto"], "firsts"),
        ("아이유", ["Blueming", "밤편지 (Through the Night)"], "whole"),
        ("소녀시대", ["다시 만난 세계"], "whole"),
        ("snsd", ["다시 만난 세계"], "whole"),
        ("rose", ["Gone"], "whole"),
        # Titles in Hangul: words, first consonants of each word and of all.
        ("만난", ["다시 만난 세계"], "words"),
        ("ㄷㅅㅁㄴㅅㄱ", ["다시 만난 세계"], "firsts"),
        ("ㄷㅅ ㅅㄱ", ["다시 만난 세계"], "firsts"),
        ("밤편지", ["밤편지 (Through the Night)"], "words"),
        # An act and a title, with a dash and without, in any order.
        ("IU - blueming", ["Blueming"], "whole"),
        ("iu - blu", ["Blueming"], "begins"),
        ("아이유 블루밍", [], None),
        ("newjeans hypeboy", ["Hype Boy"], "whole"),
        ("ditto 뉴진스", ["Ditto"], "whole"),
        # Slips: one in a short word, two in a long one; also in one word of several.
        ("hyep boy", ["Hype Boy"], "near"),
        ("pyscho", ["Psycho"], "near"),
        ("red velvt", ["Psycho"], "near"),
        ("straykdis", ["Next Level"], "near"),
        ("bluemign", ["Blueming"], "near"),
        ("소녀시데", ["다시 만난 세계"], "near"),
        ("zzzz", [], None),
        ("", [], None),
        (" - ", [], None),
        ("!?", [], None),
    ],
)
def test_what_is_found(search: WorkSearch, query: str, titles: list[str], fit: str | None):
    found = search.find(query, 10)
    assert [work.title for work in found][: len(titles)] == titles
    assert len(found) >= len(titles)
    if fit is None:
        assert not found
    else:
        assert found[0].fit == fit


def test_those_that_fit_alike_come_by_popularity_and_closer_ones_before_better_known(
    search: WorkSearch,
):
    assert [(one.artist_name, one.title) for one in search.find("love", 3)] == [
        ("Nobody", "Love"),
        ("Somebody", "Love"),
        ("IVE", "LOVE DIVE"),
    ]
    # Psychopath is better known, and only begins so.
    assert [one.title for one in search.find("psycho", 2)] == ["Psycho", "Psychopath"]


def test_the_act_before_a_dash_is_looked_for_among_acts(search: WorkSearch):
    assert search.find("somebody - love", 1)[0].artist_name == "Somebody"
    # Without the dash, the better known of those that hold both words.
    assert search.find("nobody - lov", 1)[0].artist_name == "Nobody"


@pytest.mark.parametrize(
    "query",
    ['"', "love OR dive", 'love" OR "dive', "NEAR(love dive)", "title:love", "love*", "(", "^love"],
)
def test_what_means_something_to_full_text_search_is_words_here(search: WorkSearch, query: str):
    plain = " ".join(re.findall(r"[a-z]+", query.lower()))
    assert search.find(query, 5) == search.find(plain, 5)


def test_no_more_are_given_than_are_asked_for_and_each_once(search: WorkSearch):
    found = search.find("o", 3)
    assert len(found) <= 3
    every = [one.item for one in search.find("n", 50)]
    assert len(every) == len(set(every))


def test_items_are_those_of_the_works_whatever_their_place(search: WorkSearch):
    for one in search.find("love", 5):
        assert FRAME["work_id"][one.item] == one.work_id
    assert len(search) == len(WORKS)


def test_the_same_works_give_the_same_file(tmp_path: Path):
    one, two = write(tmp_path / "one"), write(tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()


@given(st.sampled_from([w for work in WORKS for w in work[2].lower().split()]), st.data())
@settings(max_examples=60, deadline=None)
def test_every_beginning_of_every_word_of_a_title_finds_it(
    search: WorkSearch, word: str, data: st.DataObject
):
    typed = word[: data.draw(st.integers(1, len(word)))].strip("()")
    titles = [one.title.lower() for one in search.find(typed, 50)] if typed else [word]
    assert any(word in title for title in titles)


@given(st.text("abcdeㅏㄴㅣ", min_size=4, max_size=14), st.data())
@settings(deadline=None)
def test_two_words_a_slip_apart_have_a_mark_in_common(word: str, data: st.DataObject):
    at = data.draw(st.integers(0, len(word) - 1))
    other = data.draw(st.sampled_from("abcdeㅏㄴㅣz"))
    slipped = [
        word[:at] + word[at + 1 :],
        word[:at] + other + word[at:],
        word[:at] + other + word[at + 1 :],
        word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :],
    ]
    for one in slipped:
        if len(one) >= 4:
            assert slip_marks(word) & slip_marks(one)


def test_a_word_of_hangul_is_a_few_keys_off_not_a_syllable(search: WorkSearch):
    assert typed_keys("소녀시데")[:-1] + "ㅐ" == typed_keys("소녀시대")
    assert search.find("소녀시데", 1)[0].artist == "Girls' Generation"


def test_a_file_that_is_none_is_told_with_the_way_out(tmp_path: Path):
    path = tmp_path / "search.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(BundleError, match="cannot be read"):
        WorkSearch(path)
    with pytest.raises(BundleError):
        WorkSearch(tmp_path / "none")
