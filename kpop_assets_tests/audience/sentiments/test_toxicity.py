"""Learning what is toxic from a file of labelled comments."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kpop_assets.audience.sentiments.moods import KNOWN_MOOD_COLUMNS, MoodModels, MoodReader
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader
from kpop_assets.audience.sentiments.toxicity import (
    ToxicityError,
    keep_toxicity,
    quote_figures,
    read_labelled_comments,
    toxicity_families,
    train_toxicity,
)
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.lake.rows import empty

# As many columns as the words of this file fill.
SMALL = LetterReader(LetterGrams(1, 3, 14))
WORDS = {
    "hate": "저런 족속은 사라져라",
    "offensive": "정말 한심한 사람",
    "none": "노래가 참 좋네요",
}


def labelled(path: Path, each: int) -> Path:
    lines = [
        f"{word} {n}\tFalse\tnone\t{label}" for label, word in WORDS.items() for n in range(each)
    ]
    path.write_text("comments\tcontain_gender_bias\tbias\thate\n" + "\n".join(lines) + "\n")
    return path


def test_comments_are_read_once_each_with_their_label_as_a_step(tmp_path: Path):
    path = labelled(tmp_path / "train.tsv", 60)
    path.write_text(
        path.read_text() + '노래가 참 좋네요 0\tFalse\tnone\tnone\n"따옴표\tFalse\tnone\thate\n'
    )
    rows = read_labelled_comments(path)
    assert len(rows.texts) == 181
    assert sorted(np.unique(rows.rating)) == [0.0, 50.0, 100.0]


@pytest.mark.parametrize(
    "content",
    ["", "comments\tother\na\tb\n", "comments\thate\na\tawful\n", "comments\thate\na\thate\n"],
)
def test_a_file_of_another_form_is_refused_in_one_line(content: str, tmp_path: Path):
    path = tmp_path / "train.tsv"
    path.write_text(content)
    with pytest.raises(ToxicityError) as refused:
        read_labelled_comments(path)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(ToxicityError):
        read_labelled_comments(tmp_path / "none.tsv")


def test_what_was_learnt_keeps_toxic_texts_from_being_quoted(tmp_path: Path):
    rows = read_labelled_comments(labelled(tmp_path / "train.tsv", 80))
    best, judged = train_toxicity(rows, toxicity_families(SMALL))
    assert {one.family.name for one in judged} == {"naive_bayes", "logistic", "weighed", "joined"}
    figures = quote_figures(best, rows)
    assert figures.macro_f1 > 0.9
    assert figures.precision > 0.9
    assert figures.recall > 0.9
    assert figures.quoted_hate_share < 0.05
    version = keep_toxicity(tmp_path, best, dt.date(2026, 3, 7))

    nothing = empty(SENTIMENTS).select(KNOWN_MOOD_COLUMNS)
    texts = [WORDS["hate"], WORDS["none"]]
    found = (
        MoodReader(MoodModels(tmp_path), nothing)
        .read_day(
            pl.DataFrame(
                {
                    "review_id": ["a", "b"],
                    "text": texts,
                    "text_hash": texts,
                    "lang": ["ko", "ko"],
                    "voice_kind": ["text", "text"],
                }
            )
        )
        .sort("review_id")
    )
    assert found["is_quotable"].to_list() == [False, True]
    assert found["p_toxic"][0] > 0.5 > found["p_toxic"][1]
    assert found["toxicity_version"].str.ends_with(version).all()
