"""Rows of `audience/aspects`: each text judged once, whatever was known before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from kpop_assets.audience.aspects.aspect_rows import (
    ASPECT_VOICE_COLUMNS,
    KNOWN_ASPECT_COLUMNS,
    AspectReader,
    ClauseModel,
    clause_models,
)
from kpop_assets.audience.sentiments.moods import MoodModels
from kpop_assets.contracts.audience_aspects import ASPECTS
from kpop_assets.lake.rows import empty
from kpop_assets_tests.audience.kit import ACTS

NOTHING = empty(ASPECTS).select(KNOWN_ASPECT_COLUMNS)
_VOICE = {"subject_kind": "video", "artist": "IVE", "lang": "ko", "voice_kind": "text"}


def voices(*rows: Mapping[str, Any]) -> pl.DataFrame:
    given = [
        {"review_id": f"r{n}", **_VOICE, "text_hash": str(row["text"]), **row}
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(given).select(ASPECT_VOICE_COLUMNS)


def always(value: float, version: str) -> ClauseModel:
    def sentiment_of(texts: Sequence[str]) -> list[float]:
        return [value] * len(texts)

    return ClauseModel(sentiment_of, version)


def test_rows_are_those_of_the_contract_and_only_of_words_in_two_languages():
    rows = AspectReader(ACTS, NOTHING).of_day(
        voices(
            {"text": "노래는 좋은데 안무는 별로다"},
            {"text": "노래 좋다", "voice_kind": "laughter"},
            {"text": "노래 좋다", "lang": "ja"},
            {"text": "the song is great", "lang": "en"},
            {"text": "사랑해"},
        )
    )
    assert rows.schema == empty(ASPECTS).drop("ingest_date").schema
    assert rows.select("review_id", "clause", "aspect").rows() == [
        ("r0", 0, "song"),
        ("r0", 1, "dance"),
        ("r3", 0, "song"),
    ]


def test_equal_texts_are_judged_once_and_have_equal_rows():
    reader = AspectReader(ACTS, NOTHING)
    day = voices(
        {"text": "노래 좋다"}, {"text": "노래 좋다"}, {"text": "노래 좋다", "artist": "aespa"}
    )
    rows = reader.of_day(day)
    assert rows["artist"].to_list() == ["IVE", "IVE", "aespa"]
    assert reader.worked_out_count == 2
    assert reader.of_day(day).equals(rows)
    assert reader.worked_out_count == 2


def test_what_the_table_has_is_not_judged_again_and_says_the_same():
    day = voices({"text": "노래는 좋은데 안무는 별로다"}, {"text": "랩 별로"}, {"text": "랩 별로"})
    first = AspectReader(ACTS, NOTHING).of_day(day)
    # The same review was received on two days.
    known = pl.concat([first, first]).select(KNOWN_ASPECT_COLUMNS)
    again = AspectReader(ACTS, known)
    assert again.of_day(day).equals(first)
    assert again.worked_out_count == 0


def test_another_model_judges_anew():
    day = voices({"text": "노래 들었다"})
    good = AspectReader(ACTS, NOTHING, {"ko": always(1.0, "a")}).of_day(day)
    assert good["sentiment"].to_list() == [1.0]
    reader = AspectReader(ACTS, good.select(KNOWN_ASPECT_COLUMNS), {"ko": always(-1.0, "b")})
    assert reader.of_day(day)["sentiment"].to_list() == [-1.0]
    assert reader.worked_out_count == 1


def test_the_models_of_moods_that_answer_judge_clauses(tmp_path: Path):
    models = clause_models(MoodModels(tmp_path))
    good, bad, neither = models["ko"].sentiment_of(["폼 미쳤다", "노잼 최악", "봤다"])
    assert good > 0.1 > neither > bad
    day = voices({"text": "노래 좋다"}, {"text": "the song is great", "lang": "en"})
    rows = AspectReader(ACTS, NOTHING, models).of_day(day)
    assert [models[lang].version in rows["words_version"][n] for n, lang in enumerate(models)] == [
        True,
        True,
    ]


def test_a_day_without_voices_has_no_rows():
    rows = AspectReader(ACTS, NOTHING).of_day(voices({"text": "x"}).clear())
    assert rows.is_empty()
    assert rows.columns == empty(ASPECTS).drop("ingest_date").columns
