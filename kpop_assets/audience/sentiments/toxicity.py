"""Chances that a comment is offensive or hateful: what is learnt of comments labelled for it.

Belongs here: reading such a file, the families that compete, and which is kept. Does not belong
here: the list of abuse (words/abuse.py), or a comment's mood (moods.py).

The file is the one of Moon, Cho and Lee (2020), BEEP! Korean corpus of online news comments for
toxic speech detection, SocialNLP (CC BY-SA 4.0), or any of its form: columns `comments` and `hate`
(none, offensive, hate), with tabs between. It is no part of the product, as what it says is abuse.

Hate, offence and neither are three steps of one scale, as bad, middling and good ratings are: so
models, folds and figures of sentiment serve, hate being its lower end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily
from kpop_assets.audience.sentiments.sentiment_kept import TOXICITY, answer_with, write_model
from kpop_assets.audience.sentiments.sentiment_linear import (
    fit_logistic,
    fit_naive_bayes,
    fit_weighed,
)
from kpop_assets.audience.sentiments.sentiment_parts import ColumnRecipe
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader, TextReader
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, rated_texts
from kpop_assets.audience.sentiments.sentiment_training import JudgedSentiment, train_sentiment
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets.audience.words.plain_texts import plain_text
from kpop_assets.contracts.audience_rules import MOST_TOXIC_CHANCE
from kpop_assets.errors import KpopError

_LABELS = {"hate": 0.0, "offensive": 50.0, "none": 100.0}
_LEAST_OF_EACH = 50
_SPACED = LetterReader(LetterGrams(1, 5, 20))


class ToxicityError(KpopError):
    """A file of labelled comments cannot be learnt from."""


@dataclass(frozen=True)
class QuoteFigures:
    """How well what is toxic is kept from being quoted, by cross-validation.

    Attributes:
        macro_f1: of none, offensive and hate.
        precision: of comments that are not quoted, share that was labelled offensive or hateful.
        recall: of comments so labelled, share that is not quoted.
        hate_recall: the same of the hateful alone.
        quoted_hate_share: of comments that are quoted, share that was labelled hateful.
        comment_count: labelled comments.
    """

    macro_f1: float
    precision: float
    recall: float
    hate_recall: float
    quoted_hate_share: float
    comment_count: int


def toxicity_families(reader: TextReader = _SPACED) -> Sequence[SentimentFamily]:
    """The candidates: letters alone, as the list of abuse is looked at beside them."""
    fits = {"naive_bayes": fit_naive_bayes, "logistic": fit_logistic, "weighed": fit_weighed}
    families = [SentimentFamily(name, (ColumnRecipe(reader, fit),)) for name, fit in fits.items()]
    return [*families, SentimentFamily("joined", tuple(one.parts[0] for one in families))]


def read_labelled_comments(path: Path) -> RatedTexts:
    """The comments of a file, each once; its label on a scale from hate, 0, to none, 100.

    Raises:
        ToxicityError: it cannot be read, lacks a column, or has too few of a label.
    """
    way_out = "name a file with tabs and the columns comments and hate (none, offensive, hate)"
    try:
        rows = pl.read_csv(path, separator="\t", quote_char=None, infer_schema=False)
        told = rows.select(text="comments", rating=pl.col("hate").replace_strict(_LABELS))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise ToxicityError(f"{path} has no labelled comments", way_out) from error
    plain = told.with_columns(text=pl.Series([plain_text(text or "") for text in told["text"]]))
    once = plain.filter(pl.col("text") != "").unique("text", keep="first", maintain_order=True)
    for name, rating in _LABELS.items():
        if (once["rating"] == rating).sum() < _LEAST_OF_EACH:
            raise ToxicityError(f"{path} has fewer than {_LEAST_OF_EACH} labelled {name}", way_out)
    return rated_texts(once["text"].to_list(), np.arange(len(once)), once["rating"].to_numpy())


def train_toxicity(
    rows: RatedTexts, families: Sequence[SentimentFamily]
) -> tuple[JudgedSentiment, list[JudgedSentiment]]:
    """The family of the best macro F1 by cross-validation, and all of them."""
    judged = list(train_sentiment(rows, families, "ko"))
    return max(judged, key=lambda one: one.figures.mood_f1 or 0.0), judged


def quote_figures(judged: JudgedSentiment, rows: RatedTexts) -> QuoteFigures:
    """What the limit of `MOST_TOXIC_CHANCE` keeps back, on comments that were not learnt from."""
    toxic, hateful = rows.rating < _LABELS["none"], rows.rating == _LABELS["hate"]
    kept_back = judged.chances[:, :2].sum(axis=1) >= MOST_TOXIC_CHANCE
    return QuoteFigures(
        macro_f1=judged.figures.mood_f1 or 0.0,
        precision=float(toxic[kept_back].mean()) if kept_back.any() else 0.0,
        recall=float(kept_back[toxic].mean()),
        hate_recall=float(kept_back[hateful].mean()),
        quoted_hate_share=float(hateful[~kept_back].mean()) if not kept_back.all() else 0.0,
        comment_count=len(rows.texts),
    )


def keep_toxicity(artifacts: Path, best: JudgedSentiment, trained: dt.date) -> str:
    """Let a family say how toxic comments are from now on; returns its version."""
    model = replace(best.model, family=f"{TOXICITY}_{best.family.name}")
    write_model(artifacts, model)
    answer_with(artifacts, TOXICITY, model, trained)
    return model.version
