"""Words of a video: what is kept whole, what is left out, and that each counts once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.lens.names_said import ActNames
from kpop_assets.lens.stop_words import load_stop_words
from kpop_assets.lens.word_reader import VideoTexts, Word, WordReader

CATALOG = load_catalog()
READER = WordReader(CATALOG)
ACTS = ActNames(CATALOG)


def words(title: str, *credited: str, **more: object) -> dict[str, str]:
    (found,) = READER.read([VideoTexts(title, credited=credited, **more)])  # type: ignore[arg-type]
    return dict(found)


def test_an_act_is_one_word_in_every_spelling_with_and_without_particle():
    for title in ("아이브의 컴백", "IVE comeback", "#아이브 컴백", "[IVE] 컴백", "ive 컴백"):
        assert words(title, "IVE")["IVE"] == "name", title
    assert not {"아이브", "ive"} & words("아이브의 컴백 (IVE)", "IVE").keys()


def test_a_name_within_another_word_is_no_name():
    assert "IVE" not in words("Live stage drive", "IVE")
    assert "IVE" not in words("아이브이로그", "IVE")


def test_signs_between_the_words_of_a_longer_name_make_no_other_name():
    for title in ("N.Flying", "N Flying", "n-flying", "엔플라잉"):
        assert ACTS.take(title, ["N.Flying"]).names == {"N.Flying"}, title
    assert ACTS.take("&TEAM, Dal★shabet", ["&TEAM", "Dal★shabet"]).names == {"&TEAM", "Dal★shabet"}
    assert ACTS.take("I'm here, team", ["I.M", "&TEAM"]).names == frozenset()


def test_a_name_of_nobody_who_is_credited_is_an_ordinary_word():
    assert words("winner takes the trophy") == {"winner": "english", "trophy": "english"}


def test_a_member_and_the_group_of_an_act_are_names():
    assert ACTS.take("[방탄소년단] 지민 직캠", ["Jimin"]).names == {"BTS", "Jimin"}
    assert ACTS.take("&TEAM 의주 직캠", ["&TEAM"]).names == {"&TEAM", "의주"}
    assert ACTS.take("조 vlog", ["&TEAM"]).names == frozenset()


def test_quotes_are_songs_in_titles_of_acts_about_music_alone():
    assert words("아이브 'REBEL HEART' MV", "IVE")["rebel heart"] == "name"
    assert "rebel heart" not in words("아이브 'REBEL HEART' 먹방", "IVE")
    assert "rebel heart" not in words("'REBEL HEART' MV")


def test_a_song_that_the_title_names_is_whole_in_the_other_texts_too():
    found = words("ITZY “Not Shy” M/V", "ITZY", about="I'm Not Shy at all", tags=("Not Shy",))
    assert found == {"ITZY": "name", "not shy": "name"}


def test_a_song_counts_once_whole_and_not_by_its_pieces_or_written_as_one():
    tags = ("ITZY", "Not Shy", "ITZY not shy", "shy")
    once = {"ITZY": "name", "not shy": "hashtag"}
    assert words("ITZY Not Shy @ PREMIERE", "ITZY", tags=tags) == once | {"premiere": "english"}
    assert words("Not Shy", "ITZY", tags=tags, evidence="clear_name") == once
    found = words("ITZY 'Not Shy' MV #NotShy", "ITZY", about="so shy", tags=tags)
    assert found == {"ITZY": "name", "not shy": "name"}


def test_pieces_of_a_tag_that_no_act_has_in_its_title_are_words_of_their_own():
    found = words("shy cats", tags=("not shy",))
    assert found == {"not shy": "hashtag", "cats": "english", "shy": "english"}
    assert words("ITZY cats", "ITZY", tags=("not shy", "shy")).keys() >= {"shy", "not shy"}


def test_a_label_calls_its_song_by_the_whole_title():
    found = words("ILLIT - Cherish (My Love)", "ILLIT", evidence="label")
    assert found == {"ILLIT": "name", "cherish": "name"}


def test_nouns_of_more_than_one_letter_and_nothing_else_of_korean():
    assert words("손흥민이 월드컵에서 골을 넣었습니다") == {"손흥민": "noun", "월드컵": "noun"}


def test_a_suffix_that_makes_a_noun_joins_and_one_that_says_nothing_does_not():
    assert words("강아지들 중고차 한국인") == {
        "강아지": "noun", "중고차": "noun", "한국인": "noun"
    }  # fmt: skip


def test_english_words_of_three_letters_and_more_in_small_letters():
    assert words("BMW and Audi in a GT race, mp3 gia đình") == {
        "audi": "english", "bmw": "english", "gia": "english", "race": "english"
    }  # fmt: skip


def test_a_word_in_every_text_of_a_video_counts_once_of_its_first_kind():
    found = words("먹방 먹방 #먹방", about="먹방", tags=("먹방", "MUKBANG", "mukbang"))
    assert found == {"먹방": "hashtag", "mukbang": "english"}


def test_a_tag_of_some_words_is_one_word_without_what_every_video_is():
    found = words("x", tags=("Fried Chicken", "Not Shy MV", "official video", "one two three four"))
    assert found == {"fried chicken": "hashtag", "not shy": "hashtag"}


def test_an_act_that_nobody_credits_is_a_name_where_its_name_is_no_everyday_word():
    assert words("vlog", tags=("BLACKPINK", "블랙핑크")) == {"BLACKPINK": "name", "vlog": "english"}


def test_stop_words_of_both_languages_are_left_out_as_words_and_as_hashtags():
    title = "Official MV teaser 구독 좋아요 video 영상 #shorts #fyp 채널 channel subscribe like"
    assert words(title) == {}
    idle = load_stop_words().words
    assert idle == {word.lower() for word in idle}


@pytest.mark.parametrize("song", ["golden", "money", "seven", "stay", "비밀"])
def test_what_is_a_song_of_acts_too_is_a_word_of_videos_of_acts_and_music_alone(song: str):
    assert song in words(f"{song} ,", "IVE")
    assert song in words(f"{song} lyrics")
    assert words(f"{song} 강아지") == {"강아지": "noun"}
    assert song not in load_stop_words().words


def test_a_noun_made_of_two_stop_words_says_as_little_as_they_do():
    assert words("남자가수 노래모음 #여자가수 남자고등학교") == {"남자고등학교": "noun"}


def test_a_name_that_ends_like_a_particle_is_whole():
    assert "전광훈" in words("전광훈 목사")


def test_a_stop_word_that_an_act_is_called_too_is_an_everyday_word_and_its_name_where_credited():
    idle = load_stop_words().words
    called = {(act.artist, name) for act in CATALOG for name in act.names}
    shared = {(act, name) for act, name in called if name.lower() in idle}
    assert shared <= {(act.artist, name) for act in CATALOG for name in act.ambiguous}
    for act, name in shared:
        assert words(f"{name} 직캠", act)[act] == "name"


def test_a_stop_word_that_a_member_or_a_song_of_an_act_is_called_too_is_one_where_credited():
    idle = load_stop_words().words
    shared = [(act.artist, cue) for act in CATALOG for cue in act.cues if cue.lower() in idle]
    assert shared
    for act, cue in shared:
        assert "name" in words(f"{cue} 직캠", act).values()


def test_letters_drawn_otherwise_are_the_same_word():
    assert words("𝐁𝐌𝐖 ＢＭＷ") == {"bmw": "english"}


def test_a_lost_letter_or_no_text_at_all_stops_nothing():
    assert words("���") == {}
    assert words("") == {}
    assert words("ㅋㅋㅋ 🔥🔥 !!!") == {}


TEXTS = st.text(alphabet="가나다 abcIVE#'_2아이브직캠,.\n", max_size=30)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_words_of_a_video_do_not_depend_on_its_company(titles: list[str]):
    videos = [VideoTexts(title, credited=("IVE",)) for title in titles]
    together = READER.read(videos)
    alone = [READER.read([video])[0] for video in videos]
    assert together == alone
    assert [*reversed(READER.read([*reversed(videos)]))] == together
    for found in together:
        said = [word for word, _ in found]
        assert len(said) == len(set(said))
        assert not any(is_idle(word) for word in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=15), max_size=3))
def test_any_text_at_all_has_words_of_a_kind_and_none_is_empty(
    title: str, about: str, tags: list[str]
):
    for word, kind in words(title, "IVE", about=about, tags=tuple(tags)).items():
        assert word.strip()
        assert kind in {"name", "hashtag", "noun", "english"}


def is_idle(word: Word) -> bool:
    return word[1] != "name" and word[0] in load_stop_words().words
