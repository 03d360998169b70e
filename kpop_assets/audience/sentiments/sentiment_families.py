"""The families of sentiment models that compete, each by the parts it is made of.

Belongs here: the registry. Does not belong here: fits (sentiment_linear.py and the others), or
which of them answers (sentiment_front.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.audience.sentiments.sentiment_linear import (
    fit_logistic,
    fit_naive_bayes,
    fit_svm,
    fit_weighed,
)
from kpop_assets.audience.sentiments.sentiment_networks import NetworkRecipe, has_torch
from kpop_assets.audience.sentiments.sentiment_parts import ColumnRecipe, PartRecipe, SpeechPart
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader, MorphemeReader
from kpop_assets.audience.sentiments.sentiment_transformer import TransformerRecipe
from kpop_assets.audience.sentiments.sentiment_vader import VaderPart
from kpop_assets.audience.words.letter_grams import LetterGrams

_SPACED = LetterReader(LetterGrams(1, 5, 21))
_UNSPACED = LetterReader(LetterGrams(1, 5, 21, is_spaced=False))
_MARKED = LetterReader(LetterGrams(1, 5, 21), is_marked=True)


@dataclass(frozen=True)
class SentimentFamily:
    """One candidate.

    Attributes:
        name: unique.
        parts: what it is made of.
        is_baseline: whether it is there to be beaten.
        may_answer: whether it can be kept and answers without PyTorch and kiwi: others show what
            these would gain.
    """

    name: str
    parts: tuple[PartRecipe, ...]
    is_baseline: bool = False
    may_answer: bool = True


def sentiment_families(lang: str, transformer: Path | None = None) -> Sequence[SentimentFamily]:
    """The candidates for a language, simplest first.

    Args:
        lang: `ko` or `en`.
        transformer: folder of a checkpoint in transformers' format; None leaves that one out.
    """
    speech, weighed = SpeechPart(), ColumnRecipe(_SPACED, fit_weighed)
    unspaced, marked = ColumnRecipe(_UNSPACED, fit_weighed), ColumnRecipe(_MARKED, fit_weighed)
    morphemes = ColumnRecipe(MorphemeReader(), fit_logistic)
    logistic, svm = ColumnRecipe(_SPACED, fit_logistic), ColumnRecipe(_SPACED, fit_svm)
    bayes = ColumnRecipe(_SPACED, fit_naive_bayes)
    joined = (weighed, unspaced, marked, bayes, svm)
    families = [
        SentimentFamily("speech", (speech,), is_baseline=True),
        SentimentFamily("naive_bayes", (bayes,)),
        SentimentFamily("svm", (svm,)),
        SentimentFamily("logistic", (logistic,)),
        SentimentFamily("weighed", (weighed,)),
        # What negation and sayings gain is the difference to the one before them.
        SentimentFamily("weighed_marked", (marked,)),
        SentimentFamily("weighed_speech", (weighed, speech)),
        SentimentFamily("joined", joined),
    ]
    if lang == "ko":
        families += [
            SentimentFamily("morphemes", (logistic, morphemes), may_answer=False),
            SentimentFamily("joined_morphemes", (*joined, morphemes), may_answer=False),
        ]
    else:
        families.insert(0, SentimentFamily("vader", (VaderPart(),), is_baseline=True))
    if has_torch():
        families += [
            SentimentFamily(kind, (NetworkRecipe(kind),), may_answer=False)
            for kind in ("cnn", "gru")
        ]
        if transformer is not None:
            recipe = TransformerRecipe(transformer)
            families.append(SentimentFamily("transformer", (recipe,), may_answer=False))
    return families
