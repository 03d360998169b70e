"""A model of sentiment that answers: parts, chances, and a version by what it says.

Belongs here: the model as one thing, and what answers where none was trained. Does not belong here:
files (sentiment_kept.py), or which model answers (sentiment_front.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_calibration import MoodChances
from kpop_assets.audience.sentiments.sentiment_parts import (
    FittedPart,
    SpeechPart,
    part_arrays,
    score_parts,
)
from kpop_assets.audience.sentiments.sentiment_vader import VaderPart
from kpop_assets.audience.words.plain_texts import plain_text
from kpop_assets.audience.words.word_lists import opinions_digest

Floats = NDArray[np.float64]
# Texts that are read at once: their columns take 100 MB.
_AT_ONCE = 10_000
_DIGITS = 12

# A text without any saying is half neutral and leans to no side: set by hand, for reviews are all
# rated. How fast sayings turn it is fitted on reviews of films (decision 0039), alike to
# both sides; one plain saying is called.
_FLOOR = np.array([[-0.7, -0.7, 0.0], [0.0, 0.0, -2.5], [-0.7, 0.7, 0.0]])
_SPEECH_CHANCES = MoodChances(np.array([1.0]), 0.0, _FLOOR)
_ENGLISH_CHANCES = MoodChances(np.array([3.0, 1.0]), 0.0, _FLOOR)


@dataclass(frozen=True, eq=False)
class SentimentModel:
    """What says of texts how likely they are negative, neutral, positive.

    Attributes:
        family: name in the registry of families.
        lang: of the texts that it reads.
        parts: what scores them.
        chances: what makes chances of the scores.
    """

    family: str
    lang: str
    parts: tuple[FittedPart, ...]
    chances: MoodChances

    def moods(self, texts: Sequence[str]) -> Floats:
        """P(negative), P(neutral), P(positive) of texts as people wrote them, shape (n, 3)."""
        found = [
            self.chances.chances(score_parts(self.parts, [plain_text(text) for text in some]))
            for some in _portions(texts)
        ]
        return np.concatenate(found) if found else np.zeros((0, 3))

    @cached_property
    def arrays(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """All that is kept of it: settings, and arrays by name.

        Raises:
            TypeError: a part cannot be kept.
        """
        told, arrays = list[dict[str, Any]](), dict[str, NDArray[Any]]()
        for place, part in enumerate(self.parts):
            settings, found = part_arrays(part)
            told.append(settings)
            arrays |= {f"{place}_{name}": value for name, value in found.items()}
        chances = {
            "part_weights": self.chances.part_weights.tolist(),
            "shift": self.chances.shift,
            "coefficients": self.chances.coefficients.tolist(),
        }
        about = {"family": self.family, "lang": self.lang, "parts": told, "chances": chances}
        return about, arrays

    @cached_property
    def version(self) -> str:
        """Family, language and a hash of all that it is: equal versions say the same of a text."""
        about, arrays = self.arrays
        whole = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
        for name in sorted(arrays):
            whole.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
        for part in self.parts:
            whole.update(_rests_on(part).encode())
        return f"{self.family}-{self.lang}-{whole.hexdigest()[:_DIGITS]}"


def untrained_model(lang: str) -> SentimentModel:
    """What answers for a language of which nothing was learnt: the lists, and VADER for English."""
    if lang == "en":
        return SentimentModel(
            "floor", lang, (VaderPart(is_beside=True), SpeechPart()), _ENGLISH_CHANCES
        )
    return SentimentModel("floor", lang, (SpeechPart(),), _SPEECH_CHANCES)


def _rests_on(part: FittedPart) -> str:
    """What a part reads beside its own arrays."""
    if isinstance(part, SpeechPart):
        return opinions_digest()
    return metadata.version("vaderSentiment") if isinstance(part, VaderPart) else ""


def _portions(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
