"""Lines of descriptions that say nothing of their video are left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.contracts import rules
from kpop_assets.lens.boilerplate import own_texts

THANKS = "늘 봐 주셔서 고맙습니다 우리 가족"


def test_a_line_that_two_videos_of_a_channel_share_goes_and_their_own_stay():
    texts = own_texts([("a", f"비빔밥 만들기\n{THANKS}"), ("a", f"김치찌개\n{THANKS} ")])
    assert texts == ["비빔밥 만들기", "김치찌개"]


def test_numbers_blanks_and_case_make_no_other_line():
    texts = own_texts([("a", "Part 1 of  the tour\nx y"), ("a", "part 22 of the tour\nz y")])
    assert texts == ["x y", "z y"]


def test_channels_may_say_the_same_until_many_do():
    few = [(f"c{i}", THANKS) for i in range(rules.BOILERPLATE_LEAST_VIDEOS - 1)]
    assert own_texts(few) == [THANKS] * len(few)
    many = [*few, ("another", THANKS)]
    assert own_texts(many) == [""] * len(many)


def test_videos_without_a_channel_are_not_one_channel():
    assert own_texts([(None, THANKS), (None, THANKS)]) == [THANKS, THANKS]


def test_a_line_that_one_video_has_twice_is_its_own():
    assert own_texts([("a", "비빔밥\n비빔밥")]) == ["비빔밥\n비빔밥"]


def test_addresses_requests_and_rights_go_wherever_they_stand():
    lines = [
        "https://example.org/x",
        "비즈니스 문의 : someone@example.org",
        "구독과 좋아요 부탁드려요",
        "Subscribe to my channel",
        "© 2020 All rights reserved",
        "Provided to YouTube by Somebody",
        "Instagram: somebody",
        "♬ - - -",
    ]
    assert own_texts([("a", "\n".join([*lines, "제주도 여행 첫날"]))]) == ["제주도 여행 첫날"]


def test_a_video_without_a_description_has_no_text():
    assert own_texts([("a", None), ("a", "")]) == ["", ""]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.text(max_size=40)), max_size=8))
def test_what_stays_is_a_part_of_the_description_and_order_is_kept(
    described: list[tuple[str | None, str]],
):
    texts = own_texts(described)
    assert len(texts) == len(described)
    for (_, whole), text in zip(described, texts, strict=True):
        assert len(text) <= rules.DESCRIPTION_LETTERS
        assert {*text.split("\n")} - {""} <= {
            line[: rules.DESCRIPTION_LETTERS] for line in whole.replace("\r", "\n").split("\n")
        } or len(text) == rules.DESCRIPTION_LETTERS
