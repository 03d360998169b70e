"""VADER's word list for English: the floor that anything learnt has to beat.

Belongs here: the one place that speaks to `vaderSentiment`. Does not belong here: our own list of
sayings (speech_lexicon.py).

Hutto and Gilbert (2014), VADER: a parsimonious rule-based model for sentiment analysis of social
media text, ICWSM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from kpop_assets.audience.sentiment_readers import TextReader
from kpop_assets.audience.sentiment_rows import RatedTexts


@dataclass(frozen=True)
class VaderReader:
    """VADER's compound score of each text, -1 to 1."""

    def read(self, texts: Sequence[str]) -> np.ndarray:
        """A number for each text."""
        analyzer = _analyzer()
        return np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


@dataclass(frozen=True)
class VaderPart:
    """The compound score, of which nothing is learnt."""

    size_bytes: int = 0

    @property
    def reader(self) -> TextReader:
        """VADER itself."""
        return VaderReader()

    def fit(self, read: Any, rows: RatedTexts) -> VaderPart:
        """Itself."""
        return self

    def score_read(self, read: Any) -> np.ndarray:
        """What was read."""
        return read


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    # It reads 426 kB of words; who has no English text needs none of them.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
