"""A training of sentiment as a step of the graph: read, train or keep, write.

Belongs here: which voices are read, in which order things are written, and when a training stands.
Does not belong here: which day is trained on (sentiment_assets.py), or a fit
(sentiment_training.py). Whatever fits is imported through this module, so only by who trains.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from kpop_assets.audience.sentiments.moods import MOOD_LANGUAGES
from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily, sentiment_families
from kpop_assets.audience.sentiments.sentiment_front import stand_sentiment
from kpop_assets.audience.sentiments.sentiment_kept import answer_with, has_model, write_model
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts, read_rated
from kpop_assets.audience.sentiments.sentiment_tracking import keep_sentiment_runs
from kpop_assets.audience.sentiments.sentiment_training import (
    JudgedSentiment,
    sentiment_refusal,
    train_sentiment,
)
from kpop_assets.audience.voices.known_words import standing_words
from kpop_assets.audience.words import plain_texts
from kpop_assets.code_digest import digest_code
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_sentiments import SENTIMENT_SCORES, SENTIMENT_TRAININGS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.ml.digest import spelled
from kpop_assets.ml.tracking import Tracking

VOICE_COLUMNS = (
    *("ingest_date", "review_id", "text", "subject", "rating_100", "lang", "voice_kind"),
    "is_simulated",
)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class SentimentHome:
    """Where a training keeps what it makes.

    Attributes:
        artifacts: folder of the home's artifacts.
        tracking: MLflow's store.
        transformer: folder of a checkpoint that competes; None for none.
    """

    artifacts: Path
    tracking: Tracking
    transformer: Path | None


def carry_out_sentiment(step: Step, home: SentimentHome, day: dt.date) -> Rows:
    """Train each language on a day, or keep what stands; returns the rows of all families."""
    seen = step.frame(VOICES, day, rules.RATED_LOOK_BACK_DAYS, VOICE_COLUMNS)
    voices = standing_words(seen).tail(rules.MOST_RATED_TEXTS)
    before = _rows_of(step, day)
    trainings, scores = list[dict[str, Any]](), list[dict[str, Any]]()
    for lang in MOOD_LANGUAGES:
        rows = read_rated(voices, lang)
        training = _training_row(rows, lang, bool(voices["is_simulated"].any()))
        families = sentiment_families(lang, home.transformer)
        recipe = _recipe(rows, families)
        kept = [one for one in before if one["lang"] == lang and one["recipe_digest"] == recipe]
        if training["refusal"] is None and kept and has_model(home.artifacts, _version(kept)):
            trainings.append(kept[0])
            scores += [one for one in _rows_of(step, day, SENTIMENT_SCORES) if one["lang"] == lang]
            continue
        if training["refusal"] is None:
            found, said = _train(home, rows, families, lang, day)
            scores += found
            training |= {"recipe_digest": recipe, **said}
        trainings.append(training)
    # The training's own row is written last, so that none stands for what is there in part.
    _write(step, day, SENTIMENT_SCORES, scores)
    _write(step, day, SENTIMENT_TRAININGS, trainings)
    return scores


def _train(
    home: SentimentHome,
    rows: RatedTexts,
    families: Sequence[SentimentFamily],
    lang: str,
    day: dt.date,
) -> tuple[Rows, dict[str, Any]]:
    judged = {one.family.name: one for one in train_sentiment(rows, families, lang)}
    scores = [sentiment_score_row(lang, one) for one in judged.values()]
    standings, best = stand_sentiment([{**row, "name": row["mood_family"]} for row in scores])
    reasons = {one.name: one for one in standings}
    scores = [
        {
            **row,
            "is_on_front": reasons[row["mood_family"]].is_on_front,
            "is_answering": row["mood_family"] == best,
            "reason": reasons[row["mood_family"]].reason,
        }
        for row in scores
    ]
    model = judged[best].model
    write_model(home.artifacts, model)
    answer_with(home.artifacts, lang, model, day)
    scores = keep_sentiment_runs(home.tracking, day, scores)
    return scores, {"mood_family": best, "model_version": model.version}


def sentiment_score_row(lang: str, judged: JudgedSentiment) -> dict[str, Any]:
    """A family's figures as its row has them, but for its standing and run."""
    return {
        "lang": lang,
        "mood_family": judged.family.name,
        "is_baseline": judged.family.is_baseline,
        "may_be_kept": judged.family.may_answer,
        "end_accuracy": judged.figures.accuracy,
        "end_accuracy_low": judged.accuracy_low,
        "end_accuracy_high": judged.accuracy_high,
        "end_f1": judged.figures.f1,
        "end_ece": judged.figures.ece,
        "mood_f1": judged.figures.mood_f1,
        "neutral_recall": judged.figures.neutral_recall,
        "end_text_count": judged.figures.test_count,
        "latency_ms": judged.latency_ms,
        "size_mb": sum(part.size_bytes for part in judged.model.parts) / 1e6,
        "fit_seconds": math.ceil(judged.fit_seconds),
    }


def _training_row(rows: RatedTexts, lang: str, is_simulated: bool) -> dict[str, Any]:
    return {
        "lang": lang,
        "refusal": sentiment_refusal(rows),
        "text_count": len(rows.texts),
        "negative_count": int(rows.is_negative.sum()),
        "positive_count": int(rows.is_positive.sum()),
        "subject_count": len(set(rows.subjects.tolist())),
        "is_simulated": is_simulated,
        "mood_family": None,
        "model_version": None,
        "recipe_digest": None,
    }


def _recipe(rows: RatedTexts, families: Sequence[SentimentFamily]) -> str:
    """A hash of texts, ratings, families, and the code and lists that read texts."""
    whole = hashlib.sha256("\0".join(rows.texts).encode())
    whole.update(rows.rating.tobytes() + rows.subjects.tobytes())
    whole.update(spelled(list(families)).encode())
    rooms = [Path(__file__).parent, Path(plain_texts.__file__).parent]
    files = [file for room in rooms for kind in ("*.py", "*.toml") for file in room.glob(kind)]
    whole.update(digest_code(files).encode())
    return whole.hexdigest()[:16]


def _version(kept: Sequence[Mapping[str, Any]]) -> str:
    return str(kept[0]["model_version"])


def _rows_of(step: Step, day: dt.date, table: Any = SENTIMENT_TRAININGS) -> Rows:
    return step.arrow(table, day, day_end(day)).to_pylist() if step.exists(table) else []


def _write(step: Step, day: dt.date, table: Any, rows: Rows) -> None:
    told = [
        {name: row.get(name) for name in table.column_names} | {"ingest_date": day} for row in rows
    ]
    made = pl.DataFrame(pa.Table.from_pylist(told, table.arrow_schema()))
    step.fill(table, lambda _: made.drop("ingest_date"), day)
