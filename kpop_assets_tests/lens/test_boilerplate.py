"""Lines of descriptions that say nothing of their video are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts import word_rules
from kpop_assets.days import days_between
from kpop_assets.lens import boilerplate
from kpop_assets.lens.boilerplate import LINE_COLUMNS, lines_before, said_lines

FIRST = dt.date(2026, 11, 1)
Described = tuple[str | None, str, str | None]
THANKS = "늘 봐 주셔서 고맙습니다 우리 가족"


def rows_of(described: list[Described]) -> pl.DataFrame:
    schema = dict.fromkeys(LINE_COLUMNS, pl.String)
    return pl.DataFrame(described, schema=schema, orient="row")


def own_texts(descriptions: list[tuple[str | None, str | None]]) -> list[str]:
    """Of videos of one day, with none before."""
    numbered = [(channel, f"v{i}", text) for i, (channel, text) in enumerate(descriptions)]
    return boilerplate.own_texts(rows_of(numbered))


def test_a_line_that_two_videos_of_a_channel_share_goes_and_their_own_stay():
    texts = own_texts([("a", f"비빔밥 만들기\n{THANKS}"), ("a", f"김치찌개\n{THANKS} ")])
    assert texts == ["비빔밥 만들기", "김치찌개"]


def test_numbers_blanks_and_case_make_no_other_line():
    texts = own_texts([("a", "Part 1 of  the tour\nx y"), ("a", "part 22 of the tour\nz y")])
    assert texts == ["x y", "z y"]


def test_channels_may_say_the_same_until_many_do():
    few = [(f"c{i}", THANKS) for i in range(word_rules.BOILERPLATE_LEAST_VIDEOS - 1)]
    assert own_texts(few) == [THANKS] * len(few)
    many = [*few, ("another", THANKS)]
    assert own_texts(many) == [""] * len(many)


@pytest.mark.parametrize(
    ("channel", "video", "text"),
    [
        ("a", "old", "비빔밥"),
        ("a", "new", f"비빔밥\n{THANKS}"),
        ("b", "old", f"비빔밥\n{THANKS}"),
        (None, "old", f"비빔밥\n{THANKS}"),
    ],
)
def test_a_line_of_a_channel_of_one_video_a_day_goes_where_another_of_days_before_has_it(
    channel: str | None, video: str, text: str
):
    before = rows_of([(channel, video, f"김치찌개 1\n{THANKS}")])
    nothing = said_lines(rows_of([]))
    today = rows_of([("a", "new", f"비빔밥\n{THANKS}")])
    for earlier in ([before, before], [rows_of([]), before]):
        found = boilerplate.own_texts(today, [*map(said_lines, earlier), nothing])
        assert found == [text]


def test_what_another_video_said_earlier_in_a_day_before_counts_too():
    before = said_lines(rows_of([("a", "old", THANKS), ("a", "old", "김치찌개")]))
    assert boilerplate.own_texts(rows_of([("a", "new", THANKS)]), [before]) == [""]


_SAID = st.tuples(
    st.sampled_from(["a", "b", None]), st.sampled_from("vwx"), st.sampled_from("가나다")
)


@settings(deadline=None)
@given(
    st.lists(_SAID, max_size=3, unique_by=lambda row: row[1]),
    st.lists(st.lists(_SAID, max_size=3), max_size=3),
)
def test_a_line_stays_where_no_other_video_of_its_channel_has_it(
    today: list[Described], earlier: list[list[Described]]
):
    seen = {*today, *(row for day in earlier for row in day)}
    videos = [{v for a, v, t in seen if (a, t) == (row[0], row[2])} for row in today]
    expected = [
        "" if row[0] and len(of) > 1 else row[2] for row, of in zip(today, videos, strict=True)
    ]
    said = [said_lines(rows_of(day)) for day in earlier]
    assert boilerplate.own_texts(rows_of(today), said) == expected
    assert boilerplate.own_texts(rows_of(today), said[::-1]) == expected


@pytest.mark.parametrize("order", [range(4), [3, 2, 1, 0], [2, 0, 3, 1]])
def test_a_day_alone_and_days_in_any_order_have_the_same_days_before(order: Sequence[int]):
    look_back = word_rules.BOILERPLATE_LOOK_BACK_DAYS
    days = days_between(FIRST, FIRST + dt.timedelta(days=look_back + 4))
    of_day = {day: rows_of([("a", f"v{day}", THANKS)]) for day in days}
    in_turn = lines_before(of_day.__getitem__)
    for number in order:
        day = days[look_back + number]
        expected = [said_lines(of_day[old]) for old in days[number : look_back + number]]
        for found in (in_turn(day), lines_before(of_day.__getitem__)(day)):
            assert pl.concat(found).equals(pl.concat(expected))


def test_days_in_turn_read_each_day_once():
    read: list[dt.date] = []

    def read_day(day: dt.date) -> pl.DataFrame:
        read.append(day)
        return rows_of([])

    before = lines_before(read_day)
    for day in days_between(FIRST, FIRST + dt.timedelta(days=9)):
        before(day)
    assert len(read) == len({*read}) == word_rules.BOILERPLATE_LOOK_BACK_DAYS + 8


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
        assert len(text) <= word_rules.DESCRIPTION_LETTERS
        assert {*text.split("\n")} - {""} <= {
            line[: word_rules.DESCRIPTION_LETTERS] for line in whole.replace("\r", "\n").split("\n")
        } or len(text) == word_rules.DESCRIPTION_LETTERS
