"""A training of sentiment as a step: its tables, what is kept, what answers, what is refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kpop_assets.audience.sentiments import sentiment_front
from kpop_assets.audience.sentiments import sentiment_steps as steps
from kpop_assets.audience.sentiments.sentiment_families import SentimentFamily
from kpop_assets.audience.sentiments.sentiment_kept import answering_model
from kpop_assets.audience.sentiments.sentiment_linear import fit_logistic, fit_naive_bayes
from kpop_assets.audience.sentiments.sentiment_parts import ColumnRecipe, SpeechPart
from kpop_assets.audience.sentiments.sentiment_readers import LetterReader
from kpop_assets.audience.voices.known_words import standing_words
from kpop_assets.audience.words.letter_grams import LetterGrams
from kpop_assets.contracts import audience_rules as rules
from kpop_assets.contracts.audience_sentiments import SENTIMENT_SCORES, SENTIMENT_TRAININGS
from kpop_assets.contracts.audience_voices import VOICES
from kpop_assets.contracts.table import Table
from kpop_assets.days import day_end
from kpop_assets.graph.step import Step
from kpop_assets.lake.lake import Lake
from kpop_assets.models.experiment import open_tracking
from kpop_assets_tests.audience.sentiment_world import simulated_ratings
from kpop_assets_tests.scouting.kit import write_table

# MLflow 3.17.2 declares its tables in a way that SQLAlchemy 2.1 gives up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning"
)
DAY = dt.date(2026, 3, 7)
LETTERS = LetterReader(LetterGrams(1, 3, 14))
FAMILIES = (
    SentimentFamily("speech", (SpeechPart(),), is_baseline=True),
    SentimentFamily("naive_bayes", (ColumnRecipe(LETTERS, fit_naive_bayes),)),
    SentimentFamily("logistic", (ColumnRecipe(LETTERS, fit_logistic),), may_answer=False),
)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three families and a hundred texts of each: what is kept does not depend on how many."""
    monkeypatch.setattr(steps, "sentiment_families", lambda lang, transformer: FAMILIES)
    monkeypatch.setattr(rules, "LEAST_RATED_TEXTS", 100)
    # However slow the machine is just now, it excludes no family.
    monkeypatch.setattr(sentiment_front, "MOST_SENTIMENT_MS", 1e9)


def write(lake: Lake, count: int, day: dt.date = DAY) -> None:
    rated = simulated_ratings(count)
    blank = dict.fromkeys(VOICES.column_names)
    noon = dt.datetime.combine(day, dt.time(3), dt.UTC)
    rows = [
        blank
        | {
            "ingest_date": day,
            "review_id": f"demo:{number}",
            "source": "demo",
            "is_simulated": True,
            "subject_kind": "title",
            "subject": f"film {rated.subjects[number]}",
            "artist": "OTHER",
            "author_kind": "user",
            "text": text,
            "text_hash": f"hash of {text}",
            "lang": "ko",
            "voice_kind": "text",
            "change": "new",
            "is_repeat": False,
            "is_flood": False,
            "rating_100": rated.rating[number],
            "observed_at": noon,
            "created_at": noon,
        }
        for number, text in enumerate(rated.texts)
    ]
    write_table(Path(str(lake.location(VOICES))).parents[1], VOICES, rows)


def train(lake: Lake, home: Path, day: dt.date = DAY) -> Step:
    tables = (SENTIMENT_SCORES, SENTIMENT_TRAININGS)
    step = Step(lake, tables, {VOICES: rules.RATED_LOOK_BACK_DAYS}, day, day_end(day))
    there = steps.SentimentHome(home / "artifacts", open_tracking(home), None)
    steps.carry_out_sentiment(step, there, day)
    return step


def rows_of(lake: Lake, table: Table, day: dt.date = DAY) -> list[dict[str, Any]]:
    return lake.arrow(table, day, day_end(day)).to_pylist()


def test_a_training_fills_its_tables_and_its_best_answers(lake: Lake, tmp_path: Path):
    write(lake, 900)
    train(lake, tmp_path)
    korean, english = sorted(rows_of(lake, SENTIMENT_TRAININGS), key=lambda row: row["lang"])[::-1]
    scores = rows_of(lake, SENTIMENT_SCORES)
    assert english["refusal"].startswith("0 texts with a good rating")
    assert korean["refusal"] is None and korean["is_simulated"]
    assert korean["text_count"] == 900
    # The most accurate cannot be kept: it is on the front, and another answers.
    assert {row["mood_family"]: row["is_answering"] for row in scores} == {
        "speech": False,
        "naive_bayes": True,
        "logistic": False,
    }
    assert len({row["run_id"] for row in scores}) == 3
    model = answering_model(tmp_path / "artifacts", "ko")
    assert model is not None
    assert model.version == korean["model_version"]
    assert model.moods(["최고의 무대", "돈이 아깝다"]).argmax(axis=1).tolist() == [2, 0]
    assert answering_model(tmp_path / "artifacts", "en") is None


def test_the_same_is_kept_and_a_lost_model_is_made_again(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write(lake, 900)
    train(lake, tmp_path)
    first = rows_of(lake, SENTIMENT_TRAININGS), rows_of(lake, SENTIMENT_SCORES)
    with monkeypatch.context() as patched:
        patched.setattr(steps, "train_sentiment", None)
        train(lake, tmp_path)
    assert (rows_of(lake, SENTIMENT_TRAININGS), rows_of(lake, SENTIMENT_SCORES)) == first
    for path in (tmp_path / "artifacts").rglob("arrays.npz"):
        path.unlink()
    (tmp_path / "artifacts" / "audience" / "sentiment" / "answers.json").unlink()
    train(lake, tmp_path)
    model = answering_model(tmp_path / "artifacts", "ko")
    assert model is not None
    assert model.version == max(row["model_version"] or "" for row in first[0])


def test_too_few_ratings_are_refused_and_nothing_answers(lake: Lake, tmp_path: Path):
    write(lake, 120)
    train(lake, tmp_path)
    refusals = {row["lang"]: row["refusal"] for row in rows_of(lake, SENTIMENT_TRAININGS)}
    assert refusals["ko"].endswith("a training needs 100 of each")
    assert rows_of(lake, SENTIMENT_SCORES) == []
    assert answering_model(tmp_path / "artifacts", "ko") is None


def test_a_review_is_learnt_as_it_stands_and_none_that_is_gone():
    rows = pl.DataFrame(
        {
            "ingest_date": [DAY, DAY - dt.timedelta(days=1), DAY, DAY - dt.timedelta(days=2)],
            "review_id": ["a", "a", "b", "b"],
            "text": ["now", "before", None, "gone"],
            "voice_kind": ["text", "text", "deleted", "text"],
        }
    )
    assert standing_words(rows)["text"].to_list() == ["now"]
