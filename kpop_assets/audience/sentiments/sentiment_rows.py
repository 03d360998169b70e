"""What sentiment is learnt from: texts with a rating, each with what it says of the mood.

Belongs here: how a rating becomes a share of positive and a weight, what is left out. Does not
belong here: reading reviews (sentiment_steps.py), or scales of ratings (voices/rating_scales.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpop_assets.audience.words.plain_texts import plain_text
from kpop_assets.contracts import audience_rules as rules

RATED_COLUMNS = ("text", "subject", "rating_100")


@dataclass(frozen=True, eq=False)
class RatedTexts:
    """Texts with a rating, arrays of one length.

    Attributes:
        texts: in plain form, no two alike.
        subjects: what each is about, as numbers: texts about one thing stay on one side of a fold.
        rating: 0 to 100.
        share: how positive a text of this rating is taken to be, 0 to 1.
        weight: how much it counts: both ends as much as each other, what lies between less.
    """

    texts: list[str]
    subjects: NDArray[np.int64]
    rating: NDArray[np.float64]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]

    @property
    def is_positive(self) -> NDArray[np.bool_]:
        """Rated at the upper end."""
        return self.rating >= rules.POSITIVE_FROM_RATING

    @property
    def is_negative(self) -> NDArray[np.bool_]:
        """Rated at the lower end."""
        return self.rating <= rules.NEGATIVE_TO_RATING

    @property
    def is_end(self) -> NDArray[np.bool_]:
        """Rated at either end; what lies between is neutral."""
        return self.is_positive | self.is_negative

    def take(self, places: NDArray[np.int64]) -> RatedTexts:
        """Some of the rows, weighed by themselves."""
        texts = [self.texts[place] for place in places]
        return rated_texts(texts, self.subjects[places], self.rating[places])


def rated_texts(
    texts: list[str], subjects: NDArray[np.int64], rating: NDArray[np.float64]
) -> RatedTexts:
    """Rows of plain texts, with shares and weights by their ratings."""
    ratings, shares = np.array(rules.POSITIVE_SHARES).T
    share = np.interp(rating, ratings, shares)
    is_positive = rating >= rules.POSITIVE_FROM_RATING
    is_negative = rating <= rules.NEGATIVE_TO_RATING
    ends = max(int(is_positive.sum() + is_negative.sum()), 1)
    weight = np.full(len(texts), rules.BETWEEN_WEIGHT)
    for is_one in (is_positive, is_negative):
        weight[is_one] = ends / 2 / max(int(is_one.sum()), 1)
    return RatedTexts(texts, subjects, rating, share, weight)


def read_rated(voices: pl.DataFrame, lang: str) -> RatedTexts:
    """Rated texts of one language, each text once: the mean of its ratings.

    Of copies the subject that sorts first stands for all.

    Args:
        voices: rows of `audience/voices` with `RATED_COLUMNS`, `lang` and `voice_kind`.
        lang: `ko` or `en`.
    """
    is_rated = (pl.col("lang") == lang) & (pl.col("voice_kind") == "text")
    rows = voices.filter(is_rated & pl.col("rating_100").is_not_null()).select(RATED_COLUMNS)
    plain = [plain_text(text) for text in rows["text"]]
    once = (
        rows.with_columns(text=pl.Series(plain, dtype=pl.String))
        .filter(pl.col("text") != "")
        .group_by("text")
        .agg(pl.col("subject").min(), rating=pl.col("rating_100").mean())
        .sort("text")
    )
    subjects = once["subject"].rank("dense").cast(pl.Int64).to_numpy()
    return rated_texts(once["text"].to_list(), subjects, once["rating"].to_numpy())
