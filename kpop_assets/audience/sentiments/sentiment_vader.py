"""VADER's word list for English: the floor that anything learnt has to beat.

Belongs here: the one place that speaks to `vaderSentiment`. Does not belong here: our own lists
(words/speech_lexicon.py). Beside them VADER reads what they do not know: to it "insane vocals" and
"she killed it" complain, and one word has one sign.

Hutto and Gilbert (2014), VADER: a parsimonious rule-based model for sentiment analysis of social
media text, ICWSM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from kpop_assets.audience.sentiments.sentiment_readers import TextReader
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts
from kpop_assets.audience.words.speech_lexicon import without_known


@dataclass(frozen=True)
class VaderReader:
    """VADER's compound score of each text, -1 to 1.

    Attributes:
        is_beside: reads what our own lists do not know.
    """

    is_beside: bool = False

    def read(self, texts: Sequence[str]) -> np.ndarray:
        """A number for each text."""
        analyzer = _analyzer()
        if self.is_beside:
            texts = without_known(texts)
        return np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


@dataclass(frozen=True)
class VaderPart:
    """The compound score, of which nothing is learnt.

    Attributes:
        is_beside: of what our own lists do not know.
    """

    is_beside: bool = False
    size_bytes: int = 0

    @property
    def reader(self) -> TextReader:
        """VADER itself."""
        return VaderReader(self.is_beside)

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
