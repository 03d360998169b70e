"""Models in files: whole or not at all, told by their version, the newest training's answering."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily
from kpop_assets.audience.sentiments.sentiment_kept import (
    SentimentModelError,
    answer_with,
    answering_model,
    has_model,
    read_model,
    write_model,
)
from kpop_assets.audience.sentiments.sentiment_linear import ColumnWeights, fit_logistic
from kpop_assets.audience.sentiments.sentiment_model import SentimentModel, untrained_model
from kpop_assets.audience.sentiments.sentiment_parts import (
    ColumnPart,
    ColumnRecipe,
    SpeechPart,
    part_arrays,
    part_of_arrays,
)
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader, MorphemeReader
from kpop_assets.audience.sentiments.sentiment_training import train_sentiment
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets_tests.audience.sentiment_world import simulated_ratings

DAY = dt.date(2026, 3, 7)
TEXTS = ["최고의 무대", "안 좋다", "", "mid"]


@pytest.fixture(scope="module")
def model() -> SentimentModel:
    grams = LetterGrams(1, 3, 14, is_spaced=False)
    parts = (
        ColumnRecipe(LetterReader(grams, is_marked=True), fit_logistic),
        SpeechPart(),
    )
    (judged,) = train_sentiment(simulated_ratings(300), [SentimentFamily("all", parts)], "ko")
    return judged.model


def test_what_is_read_back_says_the_same_to_the_last_bit(model: SentimentModel, tmp_path: Path):
    size = write_model(tmp_path, model)
    read = read_model(tmp_path, model.version)
    assert np.array_equal(read.moods(TEXTS), model.moods(TEXTS))
    assert write_model(tmp_path, model) == size > 0


def test_a_part_of_morphemes_is_kept_as_one_of_letters_is():
    weights = np.zeros(1 << 10, dtype=np.float32)
    weights[[3, 700]] = 0.5, -0.25
    part = ColumnPart(MorphemeReader(10), ColumnWeights(weights, weights * weights, 0.125))
    again = part_of_arrays(*part_arrays(part))
    assert isinstance(again, ColumnPart)
    assert again.reader == part.reader
    assert np.array_equal(again.weights.weights, weights)
    assert np.array_equal(again.weights.scales, weights * weights)
    assert again.weights.intercept == 0.125


def test_a_changed_byte_is_found_and_nothing_of_it_is_run(model: SentimentModel, tmp_path: Path):
    write_model(tmp_path, model)
    (about,) = tmp_path.rglob("model.json")
    told = json.loads(about.read_text())
    about.write_text(json.dumps(told | {"family": "another"}))
    with pytest.raises(SentimentModelError) as refused:
        read_model(tmp_path, model.version)
    assert "kpop train sentiment" in refused.value.way_out
    (arrays,) = tmp_path.rglob("arrays.npz")
    about.write_text(json.dumps(told))
    assert has_model(tmp_path, model.version)
    arrays.write_bytes(arrays.read_bytes()[:-100])
    assert not has_model(tmp_path, model.version)
    assert not has_model(tmp_path, "nothing-ko-0")


def test_a_training_of_an_earlier_day_does_not_take_the_place_of_a_later_one(
    model: SentimentModel, tmp_path: Path
):
    assert answering_model(tmp_path, "ko") is None
    write_model(tmp_path, model)
    assert answer_with(tmp_path, "ko", model, DAY)
    other = SentimentModel("other", "ko", model.parts, model.chances)
    write_model(tmp_path, other)
    assert not answer_with(tmp_path, "ko", other, DAY - dt.timedelta(days=7))
    found = answering_model(tmp_path, "ko")
    assert found is not None
    assert found.version == model.version
    assert answer_with(tmp_path, "ko", other, DAY)
    assert answering_model(tmp_path, "en") is None


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_a_training_the_floor_answers_and_says_that_it_is_one(lang: str):
    floor = untrained_model(lang)
    assert floor.version.startswith(f"floor-{lang}-")
    good, bad = floor.moods(
        {"ko": ["완벽한 무대", "최악이다"], "en": ["great song", "it is mid"]}[lang]
    )
    assert good.argmax() == 2
    assert bad.argmax() == 0
    assert floor.moods(["2026"])[0].argmax() == 1
