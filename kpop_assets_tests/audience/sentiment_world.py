"""Rated texts of a made-up world, whose mood is in their words: SIMULATED."""

from __future__ import annotations

import numpy as np

from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, rated_texts

_GOOD = ("최고의 무대", "노래가 좋다", "완벽한 라이브", "감동이다", "또 보고 싶다")
_BAD = ("지루한 무대", "노래가 별로", "실망스러운 라이브", "돈이 아깝다", "다시는 안 본다")
_SO_SO = ("그냥 볼만한", "나쁘지 않은", "무난한 편")


def simulated_ratings(count: int, subjects: int = 30, seed: int = 1) -> RatedTexts:
    """Texts of three moods, each beginning with its subject's own word and ending by chance."""
    generator = np.random.default_rng(seed)
    about = generator.integers(subjects, size=count)
    rating = generator.choice([0.0, 11.1, 55.6, 66.7, 88.9, 100.0], count)
    said = [_text(generator, subject, one) for subject, one in zip(about, rating, strict=True)]
    return rated_texts(said, about, rating)


def _text(generator: np.random.Generator, subject: int, rating: float) -> str:
    words = _BAD if rating < 34 else _GOOD if rating > 88 else _SO_SO
    return f"작품{subject} {generator.choice(words)} {generator.integers(10**6)}"
