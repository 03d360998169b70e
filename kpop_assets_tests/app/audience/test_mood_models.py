"""The page Sentiment models: which family answers, what each was worth, what was refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.messages.catalogue import LANGUAGES, plain
from app.notices import PageEnd
from app.queries.audience import mood_models
from app.snapshot import Snapshot
from kpop_assets.contracts.audience_sentiments import SENTIMENT_SCORES, SENTIMENT_TRAININGS
from kpop_assets.settings import Settings
from kpop_assets_tests.app.conftest import OpenPage
from kpop_assets_tests.app.kit import DAY, days_ago, read_cells, write_rows


def scored(family: str, accuracy: float, **more: Any) -> dict[str, Any]:
    return {
        **{"ingest_date": DAY, "lang": "ko", "mood_family": family, "end_accuracy": accuracy},
        **{"is_answering": family == "nb_svm", "is_on_front": True},
        **more,
    }


def write_models(home: Path) -> Snapshot:
    """A training of Korean after an older one, and one of English that was refused."""
    trained = {"lang": "ko", "mood_family": "nb_svm", "text_count": 9_000, "subject_count": 300}
    trainings = [
        {**trained, "ingest_date": days_ago(7), "mood_family": "naive_bayes"},
        {**trained, "ingest_date": DAY},
        {
            **{"ingest_date": DAY, "lang": "en", "refusal": "too few rated texts"},
            **{"positive_count": 1_239, "negative_count": 59},
        },
    ]
    write_rows(home, SENTIMENT_TRAININGS, trainings)
    rows = [scored("naive_bayes", 0.84), scored("nb_svm", 0.88)]
    rows += [scored("naive_bayes", 0.99, ingest_date=days_ago(7))]
    return write_rows(home, SENTIMENT_SCORES, rows)


def test_the_newest_training_of_each_language_is_told_best_family_first(tmp_path: Path):
    lake = write_models(tmp_path)
    assert mood_models.compare_mood_models(lake, None)["mood_family"].to_list() == [
        "nb_svm",
        "naive_bayes",
    ]
    assert mood_models.list_mood_trainings(lake, None)["lang"].to_list() == ["en", "ko"]
    before = mood_models.compare_mood_models(lake, days_ago(1))
    assert before["end_accuracy"].to_list() == [0.99]


def test_before_any_training_the_page_says_what_answers(tmp_path: Path):
    with pytest.raises(PageEnd) as told:
        mood_models.compare_mood_models(Snapshot(Settings(home=tmp_path)), None)
    assert told.value.key == "mood_models.none"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_families_and_refusals(tmp_path: Path, open_page: OpenPage, lang: str):
    write_models(tmp_path)
    page = open_page(tmp_path, "mood_models", lang)
    assert not page.exception
    assert read_cells(page.dataframe[0], "mood_family") == ["nb_svm", "naive_bayes"]
    said = [box.value.replace("\\", "") for box in page.info]
    language = plain(lang, "mood_models.lang_en")
    assert any(language in text and "1,239" in text and "59" in text for text in said)
    assert "too few rated texts" not in str(said)
