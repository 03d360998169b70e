"""How near works are by sound and by words, against plain arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from kpop_assets.catalog.catalog import load_catalog
from kpop_assets.contracts.recommend_rules import FEATURES, SOUND_WEIGHT, WORDS_WEIGHT
from kpop_assets.recommend.works.contents import Contents, describe_contents, nearness_of

WORDS = {"artist": "TWICE", "artist_name": "TWICE", "work_title": "Song", "may_learn_text": True}


def contents(*works: dict[str, Any]) -> Contents:
    types = dict.fromkeys(FEATURES, pl.Float64)
    rows = [dict.fromkeys(FEATURES) | WORDS | work for work in works]
    return describe_contents(pl.DataFrame(rows, schema_overrides=types), load_catalog())


def near(one: Contents, row: int, other: int) -> tuple[float, float]:
    sound, words = one.nearness(row, np.array([other]))
    return float(sound[0]), float(words[0])


def test_sound_is_the_cosine_of_features_in_standard_deviations():
    values = np.random.default_rng(3).random((20, len(FEATURES)))
    found = contents(*(dict(zip(FEATURES, row, strict=True)) for row in values.tolist()))
    z = (values - values.mean(axis=0)) / values.std(axis=0)
    for a, b in [(0, 1), (4, 9), (7, 7)]:
        cosine = z[a] @ z[b] / np.sqrt((z[a] @ z[a]) * (z[b] @ z[b]))
        assert near(found, a, b)[0] == pytest.approx(cosine, abs=1e-6)


def test_a_missing_feature_stands_at_the_mean_and_none_at_all_is_no_sound():
    full = {"energy": 0.9, "tempo": 150.0}
    found = contents(full, {"energy": 0.1, "tempo": 90.0}, {"energy": 0.9}, {})
    assert near(found, 0, 2)[0] == pytest.approx(np.sqrt(0.5), abs=0.2)
    assert near(found, 0, 1)[0] == pytest.approx(-1, abs=0.1)
    assert not found.sound[3].any()
    assert near(found, 0, 3)[0] == 0


def test_a_feature_that_never_differs_says_nothing():
    found = contents({"energy": 0.5, "tempo": 90.0}, {"energy": 0.5, "tempo": 150.0})
    assert np.isfinite(found.vectors).all()
    assert near(found, 0, 1)[0] == pytest.approx(-1)


def test_words_are_act_label_generation_and_title():
    found = contents(
        {"work_title": "Fancy"},
        {"work_title": "Cheer Up"},
        {"work_title": "Psycho", "artist": "Red Velvet", "artist_name": "Red Velvet"},
        {"work_title": "Wannabe", "artist": "ITZY", "artist_name": "ITZY"},
        {"work_title": "Fancy", "artist": "OTHER", "artist_name": "Nobody"},
        {"work_title": "Elsewhere", "artist": "OTHER", "artist_name": "Somebody"},
    )
    of_act, of_generation, of_label, of_title, nothing = (
        near(found, 0, row)[1] for row in (1, 2, 3, 4, 5)
    )
    assert of_act > of_label > nothing == 0
    assert of_generation > 0 and of_title > 0
    # Who it is by says more than a word in common.
    assert of_act > of_title


def test_words_that_models_may_not_learn_from_are_not_read():
    api = {"artist": "OTHER", "artist_name": "Seori", "may_learn_text": False}
    found = contents({"artist": "OTHER", "artist_name": "Seori"}, api, {"work_title": "Else"})
    assert near(found, 0, 1)[1] == 0
    assert not found.words[1].toarray().any()


def test_the_vectors_of_the_index_are_about_as_near_as_the_works():
    rng = np.random.default_rng(5)
    acts = [act.artist for act in load_catalog()][:40]
    works = [
        {
            **dict(zip(FEATURES, row, strict=True)),
            "artist": acts[i % 40],
            "artist_name": acts[i % 40],
            "work_title": f"Song {i}",
        }
        for i, row in enumerate(rng.random((300, len(FEATURES))).tolist())
    ]
    found = contents(*works)
    rows = np.arange(300)
    exact = nearness_of(*found.nearness(0, rows))
    about = found.vectors @ found.vectors[0]
    assert np.abs(exact - about).mean() < 0.06
    assert exact[0] == pytest.approx(SOUND_WEIGHT + WORDS_WEIGHT, abs=1e-6)


def test_where_no_word_and_no_sound_may_be_learned_nothing_is_near():
    hidden = {"artist": "OTHER", "may_learn_text": False}
    found = contents({**hidden, "artist_name": "One"}, {**hidden, "artist_name": "Two"})
    assert near(found, 0, 1) == (0.0, 0.0)
    assert found.vectors.shape == (2, contents({}, {}).vectors.shape[1])
