"""Near-duplicate texts: who wrote nearly the same."""

import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.audience.guards.near_texts import near_copies
from kpop_assets.contracts.guard_rules import LEAST_COPY_LETTERS

BOUGHT = "이번 앨범은 정말 실망입니다 돈이 아깝네요 절대 사지 마세요"


def copies(texts: list[str | None], authors: list[str | None] | None = None) -> list[int]:
    authors = authors or [f"u{number}" for number in range(len(texts))]
    found = near_copies(pl.Series(texts, dtype=pl.String), pl.Series(authors, dtype=pl.String))
    return found.to_list()


def test_signs_blanks_and_a_changed_word_hide_no_copy() -> None:
    texts = [
        BOUGHT,
        f"{BOUGHT}!!! ♥",
        BOUGHT.replace(" ", ""),
        BOUGHT.replace("정말", "진짜"),
        "가사가 마음에 남아서 퇴근길마다 듣고 있어요 다음 무대도 기대됩니다",
    ]
    assert copies(texts) == [4, 4, 4, 4, 1]


def test_what_many_say_in_few_letters_is_no_copy() -> None:
    short = "가" * (LEAST_COPY_LETTERS - 1)
    assert copies([short] * 5) == [1] * 5
    assert copies([short + "가"] * 5) == [5] * 5


def test_an_author_who_repeats_themselves_is_one() -> None:
    assert copies([BOUGHT] * 4, ["a", "a", "a", "b"]) == [2] * 4
    assert copies([BOUGHT] * 3, [None, None, "a"]) == [3] * 3


def test_no_text_is_no_copy_of_none() -> None:
    assert copies([None, None, "", "!!!"]) == [1, 1, 1, 1]
    assert copies([]) == []


SAID = ["노래", "무대", "춤", "가사", "목소리", "영상", "의상", "좋다", "별로", "최고"]
WORDS = st.lists(st.sampled_from(SAID), max_size=12)


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS.map(" ".join), max_size=25), st.randoms(use_true_random=False))
def test_copies_do_not_depend_on_the_order_of_texts(texts: list[str], order: random.Random) -> None:
    places = list(range(len(texts)))
    order.shuffle(places)
    found = copies([texts[place] for place in places])
    expected = copies(texts)
    assert found == [expected[place] for place in places]


def test_similarity_is_that_of_shared_runs_of_letters() -> None:
    """Jaccard by sets: far below the limit never, well above it always."""
    base = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"
    found = {}
    for kept in range(4, len(base) + 1):
        other = base[:kept] + "".join(chr(0xB000 + kept * 40 + n) for n in range(len(base) - kept))
        one, two = ({text[n : n + 3] for n in range(len(text) - 2)} for text in (base, other))
        found[len(one & two) / len(one | two)] = copies([base, other])[0] == 2
    assert all(is_near for share, is_near in found.items() if share >= 0.65)
    assert not any(is_near for share, is_near in found.items() if share <= 0.25)


@pytest.mark.realdata
def test_reviews_of_films_are_seldom_copies(real_data: Path) -> None:
    reviews = pl.read_csv(real_data / "reviews_ko" / "naver_reviews_dev.csv.gz")
    found = near_copies(reviews["review"], reviews["review_id"].cast(pl.String))
    assert float((found >= 3).mean() or 0) < 0.01
    # One text of twelve accounts that gave 1 and told others to.
    raid = reviews.filter((found >= 10) & reviews["review"].fill_null("").str.contains("2점부터"))
    assert raid["rating"].n_unique() <= 2
