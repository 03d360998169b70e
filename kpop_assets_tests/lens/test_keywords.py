"""Counting words in scopes, and the three rankings, against plain Python."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpop_assets.contracts import word_rules
from kpop_assets.contracts.lens_words import KEYWORDS, WORD_COUNTS
from kpop_assets.days import days_between
from kpop_assets.lake.rows import empty
from kpop_assets.lens.keywords import UsualDay, WordHistory, as_usual_day, rank_words
from kpop_assets.lens.word_counts import count_words

DAY = dt.date(2026, 11, 20)
KEYS = ("scope", "word", "video_count", "channel_count", "views_gained")
Row = tuple[str, str, str, str | None, int]


def day_words(*rows: Row) -> pl.DataFrame:
    """(video, word, artist, channel, gain)."""
    names = ("video_id", "word", "artist", "author_id", "views_gained")
    types = [pl.String] * 4 + [pl.Int64]
    frame = pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")
    return frame.with_columns(pl.lit("noun").alias("kind"))


def counts(*rows: Row) -> pl.DataFrame:
    return count_words(day_words(*rows))


def before(*days: pl.DataFrame) -> list[UsualDay]:
    return [as_usual_day(day) for day in days]


def test_a_word_counts_in_everything_among_acts_and_for_its_act():
    found = counts(
        ("v1", "먹방", "IVE", "a", 5),
        ("v2", "먹방", "IVE", "a", 7),
        ("v3", "먹방", "OTHER", None, -2),
        ("v4", "여행", "OTHER", None, 9),
    )
    assert found.select(KEYS).rows() == [
        ("IVE", "먹방", 2, 1, 12),
        ("acts", "먹방", 2, 1, 12),
        ("everything", "먹방", 3, 2, 10),
        ("everything", "여행", 1, 1, 9),
    ]
    whole = found.filter(pl.col("scope") == "everything")
    assert {*whole.select("scope_video_count", "scope_word_count").rows()} == {(4, 4)}


def test_a_word_has_the_kind_that_most_of_its_videos_give_it():
    words = day_words(*(((f"v{i}", "먹방", "OTHER", None, 0)) for i in range(3)))
    kinds = pl.Series("kind", ["noun", "hashtag", "noun"])
    assert count_words(words.with_columns(kinds)).get_column("kind").to_list() == ["noun"]
    even = day_words(*(((f"v{i}", "먹방", "OTHER", None, 0)) for i in range(2)))
    kinds = pl.Series("kind", ["noun", "hashtag"])
    assert count_words(even.with_columns(kinds)).get_column("kind").to_list() == ["hashtag"]


def test_a_day_without_words_has_neither_counts_nor_keywords():
    none = counts()
    assert none.schema == empty(WORD_COUNTS).drop("ingest_date").schema
    ranked = rank_words(none, before())
    assert ranked.is_empty()
    assert ranked.schema == empty(KEYWORDS).drop("ingest_date").schema


def spread(word: str, videos: int, gain: int, artist: str = "OTHER") -> list[Row]:
    return [(f"{word}{i}", word, artist, f"channel {i}", gain) for i in range(videos)]


def ranked(rows: pl.DataFrame, scope: str, ranking: str) -> list[str]:
    chosen = rows.filter(pl.col("scope") == scope, pl.col("ranking") == ranking)
    assert chosen.get_column("rank").to_list() == list(range(1, chosen.height + 1))
    return chosen.get_column("word").to_list()


def test_rankings_are_by_videos_by_gain_and_by_rise():
    old = counts(*spread("늘", 40, 1), *spread("가끔", 3, 1))
    new = counts(*spread("늘", 40, 1), *spread("가끔", 15, 1), *spread("크게", 3, 900))
    found = rank_words(new, before(old, old))
    assert ranked(found, "everything", "frequency") == ["늘", "가끔", "크게"]
    assert ranked(found, "everything", "gain") == ["크게", "늘", "가끔"]
    assert ranked(found, "everything", "rise") == ["가끔", "크게"]
    assert found.get_column("usual_day_count").unique().to_list() == [2]


def test_without_days_before_nothing_rises_and_nothing_is_usual():
    found = rank_words(counts(*spread("늘", 4, 1)), before())
    assert ranked(found, "everything", "rise") == []
    assert found.get_column("rise_z").null_count() == found.height
    assert found.get_column("usual_video_share").null_count() == found.height
    assert found.get_column("usual_day_count").unique().to_list() == [0]


def test_a_word_of_one_channel_and_the_acts_own_name_are_no_keywords():
    rows = [(f"v{i}", word, "IVE", "own", 1) for i in range(3) for word in ("IVE", "무대")]
    found = rank_words(counts(*rows), before())
    assert ranked(found, "everything", "frequency") == ranked(found, "acts", "frequency") == []
    assert ranked(found, "IVE", "frequency") == ["무대"]


def test_two_videos_are_enough_for_acts_and_one_act_and_too_few_for_everything():
    found = rank_words(counts(*spread("무대", 2, 1, "IVE"), *spread("먹방", 2, 1)), before())
    assert ranked(found, "everything", "frequency") == []
    for scope in ("acts", "IVE"):
        assert ranked(found, scope, "frequency") == ranked(found, scope, "gain") == ["무대"]


def test_ties_go_by_videos_then_gain_then_the_word():
    rows = [*spread("다", 3, 1), *spread("가", 3, 1), *spread("나", 3, 2)]
    assert ranked(rank_words(counts(*rows), before()), "everything", "frequency") == [
        "나", "가", "다"
    ]  # fmt: skip


def test_no_more_words_than_are_kept():
    rows = [row for i in range(word_rules.KEYWORDS_KEPT + 5) for row in spread(f"말{i:02}", 3, 1)]
    found = rank_words(counts(*rows), before())
    assert len(ranked(found, "everything", "frequency")) == word_rules.KEYWORDS_KEPT


def z_of(y_i: int, n_i: int, y_j: int, n_j: int) -> float:
    """Monroe et al. 2008 in plain Python; the prior weighs as much as the day."""
    a = n_i * (y_i + y_j) / (n_i + n_j)
    delta = math.log((y_i + a) / (2 * n_i - y_i - a)) - math.log((y_j + a) / (n_j + n_i - y_j - a))
    return delta / math.sqrt(1 / (y_i + a) + 1 / (y_j + a))


COUNTS = st.dictionaries(st.sampled_from("가나다라"), st.integers(3, 30), min_size=2)


@settings(deadline=None, max_examples=50)
@given(COUNTS, COUNTS, st.integers(1, 3))
def test_the_rise_is_that_of_plain_python(new: dict[str, int], old: dict[str, int], days: int):
    rows_of = [
        [row for word, n in each.items() for row in spread(word, n, 1)] for each in (new, old)
    ]
    found = rank_words(counts(*rows_of[0]), before(*[counts(*rows_of[1])] * days))
    rises = found.filter(pl.col("scope") == "everything", pl.col("ranking") == "frequency")
    assert {*rises.get_column("word")} == {*new}
    usual = Counter(old)
    for word, rise, share in rises.select("word", "rise_z", "usual_video_share").rows():
        y_j, n_j = days * usual[word], days * usual.total()
        assert rise == pytest.approx(z_of(new[word], sum(new.values()), y_j, n_j), abs=1e-9)
        assert share == pytest.approx(100 * y_j / n_j)


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(12)), st.integers(2, 1000))
def test_neither_order_nor_scale_of_views_changes_a_rank(order: list[int], times: int):
    rows = [*spread("가", 5, 3), *spread("나", 4, 9), *spread("다", 3, 5)]
    plain = rank_words(counts(*rows), before())
    mixed = rank_words(counts(*(rows[i] for i in order)), before())
    assert mixed.equals(plain)
    scaled = rank_words(counts(*((*row[:4], row[4] * times) for row in rows)), before())
    same = ("scope", "ranking", "rank", "word", "video_count")
    assert scaled.select(same).equals(plain.select(same))


def test_twice_the_evidence_rises_more_and_a_usual_word_does_not():
    old = counts(*spread("늘", 20, 1), *spread("가끔", 4, 1))

    def rise(n: int) -> float:
        found = rank_words(counts(*spread("늘", 20, 1), *spread("가끔", n, 1)), before(old, old))
        row = found.filter(pl.col("word") == "가끔", pl.col("ranking") == "frequency")
        return float(row.item(0, "rise_z"))

    assert rise(16) > rise(8) > rise(4) == pytest.approx(0, abs=1e-9)


def test_a_word_that_stood_in_one_video_a_day_before_was_said_and_a_day_of_such_words_counts():
    single = counts(("v1", "이광수", "IVE", "a", 1), ("v2", "여행", "IVE", "b", 1))
    found = rank_words(counts(*spread("이광수", 3, 1, "IVE")), before(single, single))
    columns = ("scope", "ranking", "usual_video_share", "usual_day_count")
    assert {*found.select(columns).rows()} == {
        (scope, ranking, 50.0, 2)
        for scope in ("everything", "acts", "IVE")
        for ranking in ("frequency", "gain", "rise")
    }
    assert found.get_column("rise_z").unique().to_list() == [
        pytest.approx(z_of(y_i=3, n_i=3, y_j=2, n_j=4))
    ]


def test_a_word_of_one_video_is_no_keyword_of_anybody():
    found = rank_words(counts(("v1", "무대", "IVE", "a", 1), ("v2", "먹방", "IVE", "b", 1)), [])
    assert found.is_empty()


def test_each_day_is_read_once_and_none_older_than_a_month_counts():
    asked: list[dt.date] = []

    def read(day: dt.date) -> pl.DataFrame:
        asked.append(day)
        return counts(*spread("늘", 3, 1))

    history = WordHistory(read)
    ranks = [history.rank_day(DAY + dt.timedelta(days=i)) for i in range(3)]
    first = DAY - dt.timedelta(days=word_rules.KEYWORD_USUAL_DAYS)
    assert asked == days_between(first, DAY + dt.timedelta(days=3))
    usual = [rank.get_column("usual_day_count").unique().to_list() for rank in ranks]
    assert usual == [[word_rules.KEYWORD_USUAL_DAYS]] * 3
