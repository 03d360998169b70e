"""The watchlist: kept whole, shared in an address, and never overwritten where it is damaged."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.watchlist import FILE, Watchlist, WatchlistError, from_address, to_address


def test_a_star_puts_an_act_on_the_list_and_takes_it_off(tmp_path: Path):
    watchlist = Watchlist(tmp_path / "viewer")
    assert watchlist.read() == ()
    assert not watchlist.folder.exists(), "looking writes nothing"
    for artist in ("IVE", "BTS", "(G)I-DLE"):
        watchlist.toggle(artist)
    assert Watchlist(tmp_path / "viewer").read() == ("IVE", "BTS", "(G)I-DLE")
    watchlist.toggle("BTS")
    assert watchlist.read() == ("IVE", "(G)I-DLE")


def test_a_shared_list_is_added_to_the_own_one(tmp_path: Path):
    watchlist = Watchlist(tmp_path)
    watchlist.toggle("IVE")
    watchlist.adopt(["BTS", "IVE", "aespa"])
    assert watchlist.read() == ("IVE", "BTS", "aespa")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"artists": "IVE"}', '{"artists": [1]}', '{"other": []}', "\xff"]
)
def test_a_damaged_file_says_so_and_stays_as_it_is(tmp_path: Path, content: str):
    (tmp_path / FILE).write_bytes(content.encode("latin-1"))
    watchlist = Watchlist(tmp_path)
    for use in (watchlist.read, lambda: watchlist.toggle("IVE"), lambda: watchlist.adopt(["IVE"])):
        with pytest.raises(WatchlistError, match=FILE):
            use()
    assert (tmp_path / FILE).read_bytes() == content.encode("latin-1")


def test_stars_that_are_pressed_at_once_are_all_kept(tmp_path: Path):
    artists = [f"act {number}" for number in range(12)]
    threads = [
        threading.Thread(target=Watchlist(tmp_path).toggle, args=(artist,)) for artist in artists
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(Watchlist(tmp_path).read()) == sorted(artists)


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path):
    (tmp_path / "viewer").write_text("no folder")
    with pytest.raises(WatchlistError, match="cannot be kept"):
        Watchlist(tmp_path / "viewer").toggle("IVE")


names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(names, unique=True, max_size=20))
def test_an_address_holds_any_list(artists: list[str]):
    assert from_address(to_address(artists)) == tuple(artists)


def test_an_address_by_hand_may_have_blanks_and_repetitions():
    assert from_address(" IVE, BTS,IVE,, ,") == ("IVE", "BTS")
    assert from_address("") == ()
