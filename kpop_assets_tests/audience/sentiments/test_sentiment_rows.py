"""Ratings as what is learnt: shares, weights, each text once."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kpop_assets.audience.sentiments.sentiment_rows import rated_texts, read_rated


def voices(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    told = [
        {"text": text, "subject": subject, "rating_100": rating, "lang": "ko", "voice_kind": "text"}
        for text, subject, rating in rows
    ]
    return pl.DataFrame(told)


def test_a_text_counts_once_by_the_mean_of_its_ratings_and_none_without():
    rows = read_rated(
        voices(
            ("굿", "가", 100.0), ("굿!!!!!", "나", 0.0), ("굿!!!", "다", 80.0), ("음", "가", None)
        ),
        "ko",
    )
    assert rows.texts == ["굿", "굿!!!"]
    assert rows.rating.tolist() == [100.0, 40.0]


def test_other_languages_and_kinds_are_left_out():
    told = voices(("좋다", "가", 100.0), ("good", "가", 100.0), ("ㅋㅋ", "가", 100.0)).with_columns(
        lang=pl.Series(["ko", "en", "ko"]), voice_kind=pl.Series(["text", "text", "laughter"])
    )
    assert read_rated(told, "ko").texts == ["좋다"]
    assert read_rated(told, "en").texts == ["good"]


def test_both_ends_weigh_alike_whatever_their_numbers():
    rows = rated_texts(["a", "b", "c", "d", "e"], np.arange(5), np.array([0, 100, 100, 100, 60.0]))
    assert rows.weight[rows.is_negative].sum() == rows.weight[rows.is_positive].sum() == 2.0
    assert rows.is_end.tolist() == [True, True, True, True, False]
    assert rows.weight[4] == 0.5


@pytest.mark.parametrize("scale", [10, 5])
def test_shares_rise_with_the_rating(scale: int):
    rating = np.linspace(0, 100, scale)
    share = rated_texts(["x"] * scale, np.arange(scale), rating).share
    assert (np.diff(share) > 0).all()
    assert share[0] < 0.1 < 0.9 < share[-1]


def test_of_ten_four_is_bad_and_nine_is_good():
    rating = (np.arange(1, 11) - 1) / 9 * 100
    rows = rated_texts(["x"] * 10, np.arange(10), rating)
    assert (np.flatnonzero(rows.is_negative) + 1).tolist() == [1, 2, 3, 4]
    assert (np.flatnonzero(rows.is_positive) + 1).tolist() == [9, 10]
