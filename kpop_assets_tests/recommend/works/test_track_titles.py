"""Titles of tracks: the song, the version, the guests, as real ones are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.recommend.works.track_titles import KINDS, read_title

SAME_SONG = {
    "SWIMMING (Inst.)": ("swimming", ["instrumental"]),
    "Dreams Come True - Instrumental": ("dreamscometrue", ["instrumental"]),
    "봄날 (반주)": ("봄날", ["instrumental"]),
    "GANGNAM STYLE Inst.": ("gangnamstyle", ["instrumental"]),
    "Fancy Shoes (Remastered ver.)": ("fancyshoes", ["remaster"]),
    "Wish - 2023 Remastered": ("wish", ["remaster"]),
    "TT -Japanese ver.-": ("tt", ["japanese"]),
    "Apple -JP ver.-": ("apple", ["japanese"]),
    "SMILEY-Japanese Ver.- (feat.ちゃんみな)": ("smiley", ["japanese"]),
    "We Fresh (Japanese version)": ("wefresh", ["japanese"]),
    "Blood Sweat & Tears - Japanese Ver.": ("bloodsweattears", ["japanese"]),
    "WISH - Korean Ver.": ("wish", ["korean"]),
    "IF YOU - KR Ver.": ("ifyou", ["korean"]),
    "EMPIRE (Korean)": ("empire", ["korean"]),
    "100 FACTS (COOL Eng. Ver.)": ("100facts", ["english"]),
    "Chasing That Feeling (English Ver. – Digital Only)": ("chasingthatfeeling", ["english"]),
    "All I Wanna Do (feat. Hoody & 로꼬 Loco) [Korean Version]": ("alliwannado", ["korean"]),
    "(Bonus Track) Voice Mail (Korean Version)": ("voicemail", ["korean"]),
    "Rendez-Vous - Live": ("rendezvous", ["live"]),
    "Lullaby - 2024 Concert Ver.": ("lullaby", ["live"]),
    "WHISTLE - Acoustic Ver.": ("whistle", ["acoustic"]),
    "Purple Moon - Piano Ver.": ("purplemoon", ["piano"]),
    "Paint Me (Orchestra ver.)": ("paintme", ["orchestra"]),
    "Love Is Not Over (Full Length Edition)": ("loveisnotover", ["edit"]),
    "Cupid - Twin Ver.": ("cupid", ["other"]),
    "Month Of June (ENG) (OST Ver.)": ("monthofjune", ["english", "other"]),
    "Round 2 - Bonus Track": ("round2", []),
    "ON (Feat. Sia)": ("on", []),
    "ON feat. Sia": ("on", []),
    "HONEY BEE (Prod. by Keun Tae Park)": ("honeybee", []),
}
OTHER_SONGS = {
    "Live My Life": "livemylife",
    "Mixed Up": "mixedup",
    "Mixtape : Gone Days": "mixtapegonedays",
    "Alive": "alive",
    "English": "english",
    "Mirror": "mirror",
    "Version": "version",
    "Love 119": "love119",
    "Over": "over",
    "Make A Wish (Birthday Song)": "makeawishbirthdaysong",
    "Tiki-Taka(99%)": "tikitaka99",
    "People Pt.2 (feat. IU)": "peoplept2",
    "I do me - HWASA Solo": "idomehwasasolo",
    "X & Y - Z": "xyz",
}


@pytest.mark.parametrize("title", SAME_SONG)
def test_a_version_of_a_song_is_called_as_the_song(title: str):
    key, kinds = SAME_SONG[title]
    read = read_title(title)
    assert (read.keys[0], list(read.kinds)) == (key, kinds)


@pytest.mark.parametrize("title", OTHER_SONGS)
def test_a_song_whose_title_sounds_like_a_version_is_left_as_it_is(title: str):
    read = read_title(title)
    assert (read.keys, read.kinds) == ((OTHER_SONGS[title],), ())


def test_a_remix_is_another_arrangement_and_keeps_its_name():
    read = read_title("MIC Drop (Steve Aoki Remix) [Full Length Edition]")
    assert (read.work_title, read.kinds) == ("MIC Drop (Steve Aoki Remix)", ("edit", "remix"))
    assert read_title("MIC Drop (feat. Desiigner) [Steve Aoki Remix]").keys == read.keys
    assert read.keys != read_title("MIC Drop").keys


def test_a_title_in_two_scripts_is_the_song_under_either():
    assert read_title("괴도 (Danger)").keys == ("괴도danger", "괴도", "danger")
    assert read_title("Into the New World / 다시 만난 세계").keys[1:] == (
        "intothenewworld",
        "다시만난세계",
    )
    # Two names in one script: a nickname or a part of the title.
    assert read_title("RBB (Really Bad Boy)").keys == ("rbbreallybadboy",)


@pytest.mark.parametrize("title", ["(Inst.)", "♡", "- x - = +", "Live", "[Remix]", "...", "ㅋㅋ"])
def test_a_title_of_nothing_but_a_version_or_signs_still_has_a_name(title: str):
    read = read_title(title)
    assert read.work_title and all(read.keys)


def test_full_width_and_other_brackets_are_brackets():
    assert read_title("［Dystopia］（Inst.）").kinds == ("instrumental",)
    assert read_title("Song 【Japanese Ver.】").keys == ("song",)


@given(st.text(max_size=60))
def test_any_title_has_a_name_and_known_kinds_in_order(title: str):
    read = read_title(title)
    assert read.keys
    assert list(read.kinds) == [kind for kind in KINDS if kind in read.kinds]


@given(
    st.sampled_from(sorted(OTHER_SONGS)),
    st.sampled_from(["{} (Inst.)", "{} - Live", "{} [Remastered]"]),
)
def test_words_for_a_version_change_no_name(title: str, form: str):
    assert read_title(form.format(title)).keys == read_title(title).keys
