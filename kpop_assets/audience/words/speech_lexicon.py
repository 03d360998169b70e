"""The mood of a text by the lists of sayings and words: a feature of learnt models, and the floor.

Belongs here: the sum of what a text has of the lists. Does not belong here: the lists
(word_lists.py), what is denied (denials.py), or chances (sentiments/sentiment_calibration.py).

The same words are read by the same rules as for what clauses say of their aspects, so that a
saying that praises there is no complaint here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.words.clause_signs import known_spans, opinions_of
from kpop_assets.audience.words.phrases import phrase_text

# A word of no list.
_KNOWN = "x"
# Denial does not reach beyond these; a question keeps its mark, for it denies nothing.
_SENTENCE = re.compile(r"[^.!?~…;。！？]*[.!?~…;。！？]*")


def speech_scores(texts: Sequence[str]) -> NDArray[np.float64]:
    """The sum of weights of each text, over the root of how many there are; 0 without any.

    Args:
        texts: in plain form (plain_texts.py).
    """
    sentences = [[*_sentences(text)] for text in texts]
    found = iter(opinions_of([one for some in sentences for one in some], "text"))
    return np.array(
        [_score([one.weight for _ in some for one in next(found)]) for some in sentences],
        dtype=np.float64,
    )


def without_known(texts: Sequence[str]) -> list[str]:
    """Texts with a sign for what the lists know: what is left for a list of somebody else.

    Args:
        texts: in plain form (plain_texts.py).
    """
    plain = [phrase_text(text) for text in texts]
    return [_without(text, spans) for text, spans in zip(plain, known_spans(plain), strict=True)]


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, behind = list[str](), 0
    for start, end in spans:
        parts += [text[behind : max(start, behind)], _KNOWN]
        behind = end
    return "".join([*parts, text[behind:]])


def _score(weights: Sequence[float]) -> float:
    # One thing said twice is said a little more.
    return sum(weights) / len(weights) ** 0.5 if weights else 0.0


def _sentences(text: str) -> Iterator[str]:
    return filter(None, _SENTENCE.findall(phrase_text(text)))
