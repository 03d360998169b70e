"""Moods of voices: each text worked out once a model, and only words in two languages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from kpop_assets.audience.sentiments.moods import KNOWN_MOOD_COLUMNS, MoodModels, MoodReader
from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily
from kpop_assets.audience.sentiments.sentiment_kept import answer_with, write_model
from kpop_assets.audience.sentiments.sentiment_linear import fit_logistic
from kpop_assets.audience.sentiments.sentiment_parts import ColumnRecipe
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader
from kpop_assets.audience.sentiments.sentiment_training import train_sentiment
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets.contracts.audience_sentiments import SENTIMENTS
from kpop_assets.lake.rows import empty
from kpop_assets_tests.audience.sentiment_world import simulated_ratings

NOTHING = empty(SENTIMENTS).select(KNOWN_MOOD_COLUMNS)


def voices(*texts: str, lang: str = "ko", kind: str = "text", first: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "review_id": [f"demo:{first + number}" for number in range(len(texts))],
            "text": list(texts),
            "text_hash": [f"hash of {text}" for text in texts],
            "lang": [lang] * len(texts),
            "voice_kind": [kind] * len(texts),
        }
    )


def train(home: Path) -> None:
    letters = ColumnRecipe(LetterReader(LetterGrams(1, 3, 14)), fit_logistic)
    (judged,) = train_sentiment(
        simulated_ratings(300), [SentimentFamily("letters", (letters,))], "ko"
    )
    write_model(home, judged.model)
    answer_with(home, "ko", judged.model, dt.date(2026, 3, 7))


def test_rows_are_those_of_the_contract_and_equal_texts_are_worked_out_once(tmp_path: Path):
    reader = MoodReader(MoodModels(tmp_path), NOTHING)
    day = pl.concat([voices("좋다", "최악", "좋다"), voices("great", lang="en", first=3)])
    rows = reader.read_day(day)
    assert set(rows.columns) == {*SENTIMENTS.column_names} - {"ingest_date"}
    assert sorted(rows["review_id"]) == ["demo:0", "demo:1", "demo:2", "demo:3"]
    assert reader.worked_out_count == 3
    same = rows.filter(pl.col("text_hash") == "hash of 좋다").drop("review_id")
    assert len(same) == 2
    assert len(same.unique()) == 1


def test_only_new_texts_are_worked_out_on_the_next_day_and_when_a_day_is_run_again(tmp_path: Path):
    reader = MoodReader(MoodModels(tmp_path), NOTHING)
    first = reader.read_day(voices("좋다", "최악"))
    reader.read_day(voices("좋다", "새로운 말"))
    assert reader.worked_out_count == 3
    again = MoodReader(MoodModels(tmp_path), first.select(KNOWN_MOOD_COLUMNS))
    assert again.read_day(voices("좋다", "최악")).sort("review_id").equals(first.sort("review_id"))
    assert again.worked_out_count == 0


def test_another_model_works_everything_out_anew(tmp_path: Path):
    before = MoodReader(MoodModels(tmp_path), NOTHING).read_day(
        voices("최고의 무대", "지루한 무대")
    )
    assert before["model_version"].str.starts_with("floor-ko-").all()
    train(tmp_path)
    reader = MoodReader(MoodModels(tmp_path), before.select(KNOWN_MOOD_COLUMNS))
    rows = reader.read_day(voices("최고의 무대", "지루한 무대"))
    assert reader.worked_out_count == 2
    assert len(rows) == 2
    assert rows["model_version"].str.starts_with("letters-ko-").all()


@pytest.mark.parametrize(
    ("lang", "kind"),
    [("ja", "other_language"), ("none", "emoji_only"), ("ko", "laughter"), ("ko", "deleted")],
)
def test_what_has_no_words_in_korean_or_english_has_no_mood(lang: str, kind: str, tmp_path: Path):
    reader = MoodReader(MoodModels(tmp_path), NOTHING)
    assert reader.read_day(voices("ㅋㅋ", lang=lang, kind=kind)).is_empty()


def test_without_a_model_of_toxicity_the_list_alone_keeps_texts_from_being_quoted(tmp_path: Path):
    rows = MoodReader(MoodModels(tmp_path), NOTHING).read_day(voices("좋은 노래", "씨발"))
    assert dict(zip(rows["text_hash"], rows["is_quotable"], strict=True)) == {
        "hash of 좋은 노래": True,
        "hash of 씨발": False,
    }
    assert rows["p_toxic"].null_count() == 2
    assert rows["toxicity_version"].str.starts_with("list-").all()
