"""The mood of each voice of a day, and whether it may be quoted: each text worked out once.

Belongs here: which texts are new, and rows of `audience/sentiments`. Does not belong here: a model
(sentiment_model.py), or which words are not to be quoted (words/quotable.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from kpop_assets.audience.sentiments.sentiment_kept import TOXICITY, answering_model
from kpop_assets.audience.sentiments.sentiment_model import SentimentModel, untrained_model
from kpop_assets.audience.words.quotable import is_fit_to_quote, quote_digest
from kpop_assets.contracts.audience_rules import MOST_TOXIC_CHANCE

MOOD_LANGUAGES = ("ko", "en")
# The set of comments that toxicity is learnt of is Korean.
_TOXIC_LANGUAGE = "ko"
MOOD_VOICE_COLUMNS = ("review_id", "text", "text_hash", "lang", "voice_kind")
MOOD_CHANCES = ("p_negative", "p_neutral", "p_positive")
_OF_TEXT = (*MOOD_CHANCES, "model_version", "p_toxic", "is_quotable", "toxicity_version")
# What a row of before has to agree in to stand for a text.
_SAME = ("text_hash", "lang", "model_version", "toxicity_version")
KNOWN_MOOD_COLUMNS = ("text_hash", "lang", *_OF_TEXT)


@dataclass(frozen=True)
class MoodModels:
    """The models that answer in a home, each read when it is first needed.

    Attributes:
        artifacts: the home's folder of artifacts.
    """

    artifacts: Path

    def model(self, lang: str) -> SentimentModel:
        """Of a language: what was trained, else the floor.

        Raises:
            SentimentModelError: the one that is named is gone or damaged.
        """
        return self._models[lang]

    def toxicity_version(self, lang: str) -> str:
        """The rules of what is quoted, and the model that is asked of a language."""
        model = self.toxicity(lang)
        listed = f"list-{quote_digest()}"
        return listed if model is None else f"{listed}+{model.version}"

    def toxicity(self, lang: str) -> SentimentModel | None:
        """What says how toxic a text of a language is, where anything was trained."""
        return self._toxicity if lang == _TOXIC_LANGUAGE else None

    @cached_property
    def _models(self) -> dict[str, SentimentModel]:
        named = {lang: answering_model(self.artifacts, lang) for lang in MOOD_LANGUAGES}
        return {lang: model or untrained_model(lang) for lang, model in named.items()}

    @cached_property
    def _toxicity(self) -> SentimentModel | None:
        return answering_model(self.artifacts, TOXICITY)


class MoodReader:
    """Moods of voices, day by day: what was worked out for one day stands for the next.

    Attributes:
        worked_out_count: texts that were worked out so far.
    """

    def __init__(self, models: MoodModels, known: pl.DataFrame) -> None:
        self.worked_out_count = 0
        self._models = models
        self._known = known.select(KNOWN_MOOD_COLUMNS).unique(_SAME)
        self._versions = pl.DataFrame(
            {
                "lang": list(MOOD_LANGUAGES),
                "model_version": [models.model(lang).version for lang in MOOD_LANGUAGES],
                "toxicity_version": [models.toxicity_version(lang) for lang in MOOD_LANGUAGES],
            }
        )

    def read_day(self, voices: pl.DataFrame) -> pl.DataFrame:
        """Rows of `audience/sentiments` but for their day.

        Args:
            voices: a day of `audience/voices`, `MOOD_VOICE_COLUMNS`.
        """
        is_read = (pl.col("voice_kind") == "text") & pl.col("lang").is_in(MOOD_LANGUAGES)
        rows = voices.filter(is_read & pl.col("text_hash").is_not_null())
        texts = rows.unique(["text_hash", "lang"]).sort("lang", "text_hash")
        asked = texts.join(self._versions, "lang")
        fresh = asked.join(self._known, _SAME, "anti")
        worked = [_worked_out(some, self._models) for some in fresh.partition_by("lang")]
        self.worked_out_count += len(fresh)
        self._known = pl.concat([self._known, *worked])
        said = self._known.join(
            self._versions, ["lang", "model_version", "toxicity_version"], "semi"
        )
        return rows.select("review_id", "text_hash", "lang").join(said, ["text_hash", "lang"])


def _worked_out(texts: pl.DataFrame, models: MoodModels) -> pl.DataFrame:
    """`KNOWN_MOOD_COLUMNS` of texts of one language."""
    lang, written = texts["lang"][0], texts["text"].to_list()
    moods = models.model(lang).moods(written)
    toxicity = models.toxicity(lang)
    toxic = None if toxicity is None else toxic_chance(toxicity, written)
    clean = np.array([is_fit_to_quote(text) for text in written])
    quotable = clean if toxic is None else clean & (toxic < MOST_TOXIC_CHANCE)
    return texts.with_columns(
        *(pl.Series(name, moods[:, place]) for place, name in enumerate(MOOD_CHANCES)),
        pl.Series("p_toxic", [None] * len(written) if toxic is None else toxic, pl.Float64),
        pl.Series("is_quotable", quotable),
    ).select(KNOWN_MOOD_COLUMNS)


def toxic_chance(model: SentimentModel, texts: list[str]) -> np.ndarray:
    """P(offensive or hateful) of texts."""
    return model.moods(texts)[:, :2].sum(axis=1)
