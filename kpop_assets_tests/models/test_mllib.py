"""Spark MLlib's candidates: distributions over all tiers on Spark, one clear line elsewhere."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from kpop_assets.models.candidates import candidates
from kpop_assets.models.dataset import TIERS
from kpop_assets.models.mllib import MllibForecaster

FEATURES = ("nowcast_1d", "growth_rate_7d", "momentum")
pytestmark = pytest.mark.both_engines


def rows(count: int = 120) -> pd.DataFrame:
    """A column that tells the tier, one with gaps, and one that is null throughout."""
    place = np.linspace(0, 1, count)
    growth = np.where(np.arange(count) % 3 == 0, np.nan, place * 1e6)
    return pd.DataFrame({"nowcast_1d": place, "growth_rate_7d": growth, "momentum": np.nan})


def tiers(data: pd.DataFrame, lowest: int = 4) -> np.ndarray:
    place = data["nowcast_1d"].to_numpy()
    found = 4 - (place[:, None] >= [0.4, 0.75, 0.9]).sum(axis=1)
    return np.minimum(found, lowest)


@pytest.mark.parametrize("lowest", [4, 3])
def test_probabilities_are_over_all_tiers_also_with_nulls_and_an_absent_tier(
    spark: SparkSession, engine: str, lowest: int
):
    data = rows()
    forecaster = MllibForecaster("logistic_regression", FEATURES, TIERS)
    if engine != "spark":
        with pytest.raises(RuntimeError, match="set KPOP_ENGINE=spark"):
            forecaster.fit(data, tiers(data))
        return
    forecaster.fit(data, tiers(data, lowest))
    chances = forecaster.predict_proba(data)
    assert chances.shape == (len(data), 4)
    assert np.allclose(chances.sum(axis=1), 1)
    assert np.allclose(chances[:, lowest:], 0)
    assert np.mean(chances.argmax(axis=1) + 1 == tiers(data, lowest)) > 0.8
    # Rows come back in the order asked, however Spark has spread them.
    assert np.array_equal(forecaster.predict_proba(data[::-1]), chances[::-1])
    # What stands in the table of scores as the model's size is that of what Spark saves.
    files = forecaster.__getstate__()["model_"]
    assert any(name.endswith(".parquet") for name in files)
    assert len(pickle.dumps(forecaster)) > sum(map(len, files.values()))


def test_they_compete_on_spark_alone_and_are_never_champion():
    assert [c for c in candidates("sail") if not c.is_portable] == []
    known = {c.name for c in candidates("sail")}
    added = [c for c in candidates("spark") if c.name not in known]
    assert {c.family for c in added} == {"mllib_logistic_regression", "mllib_random_forest"}
    assert not any(c.is_portable for c in added)
