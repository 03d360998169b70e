"""Spark MLlib's logistic regression and random forest, behind the interface of all candidates.

Belongs here: the pipeline inside Spark, and pandas in and out of it. Does not belong here: when
they compete (candidates.py). They need a session of the engine `spark`, which is found when they
are fitted or asked. So they are there to compare with: scored like all others, but not kept, and
never champion (docs/decisions/0015-learning.md).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpop_assets.ml.baselines import ClassForecaster
from kpop_assets.models.shaping import HEAVY_TAILED

SEED = 42
MLLIB_KINDS = ("logistic_regression", "random_forest")


class MllibForecaster(ClassForecaster):
    """A classifier of Spark MLlib over columns of a DataFrame.

    Args:
        kind: `logistic_regression` (maxIter 120, regParam 0.01) or `random_forest` (250 trees,
            depth 12, seed 42, 10 rows in a leaf).
        features: names of the columns it reads.
        classes: every class in order, from 1.

    Attributes:
        model_: the fitted Spark pipeline.
    """

    def __init__(self, kind: str, features: tuple[str, ...], classes: tuple[int, ...]) -> None:
        super().__init__(classes)
        self.kind = kind
        self.features = features

    def predict_proba(self, X: pd.DataFrame) -> NDArray[Any]:  # noqa: N803 - scikit-learn's name
        """P(class) of each row, shape (n, K)."""
        from pyspark.ml.functions import vector_to_array
        from pyspark.sql import functions as F

        frame = _frame(X[list(self.features)].assign(place=np.arange(len(X))))
        asked = self.model_.transform(frame)
        found = asked.select("place", vector_to_array(F.col("probability")).alias("p")).toPandas()
        known = np.stack(found.sort_values("place")["p"].to_numpy())
        # MLlib counts classes up to the highest label that it saw.
        return np.pad(known, ((0, 0), (0, len(self.classes_) - known.shape[1])))

    def __getstate__(self) -> dict[str, Any]:
        """Pickled, it is the files that Spark saves: their size can be had, a model cannot."""
        state = {**super().__getstate__()}
        if "model_" in state:
            state["model_"] = _saved(self.model_)
        return state

    def _learn(self, rows: pd.DataFrame, came: NDArray[Any]) -> None:
        labelled = rows[list(self.features)].assign(label=(came - 1).astype(float))
        self.model_ = _pipeline(self.kind, self.features).fit(_frame(labelled))


def _saved(model: Any) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        model.save(str(path))
        files = [file for file in path.rglob("*") if file.is_file()]
        return {str(file.relative_to(path)): file.read_bytes() for file in files}


def _frame(rows: pd.DataFrame) -> Any:
    from pyspark.sql import SparkSession

    from kpop_assets.engine.jvm import is_running

    if not is_running():
        raise RuntimeError("Spark MLlib needs a session: set KPOP_ENGINE=spark")
    return SparkSession.builder.getOrCreate().createDataFrame(rows.astype("float64"))


def _shaping(features: tuple[str, ...]) -> str:
    """The SQL of a pipeline's first stage: every input without nulls, heavy tails shortened."""
    # The same shortening of heavy tails that the other linear models get; trees do not mind it.
    shaped = [
        f"signum({known}) * log1p(abs({known})) AS shaped_{name}"
        if name in HEAVY_TAILED
        else f"{known} AS shaped_{name}"
        for name in features
        # MLlib takes no null, and its own Imputer no column that is null throughout.
        for known in [f"coalesce(nullif({name}, double('NaN')), 0)"]
    ]
    # The names are those of a contract's columns.
    return f"SELECT *, {', '.join(shaped)} FROM __THIS__"  # noqa: S608


def _pipeline(kind: str, features: tuple[str, ...]) -> Any:
    from pyspark.ml import Pipeline
    from pyspark.ml.classification import LogisticRegression, RandomForestClassifier
    from pyspark.ml.feature import SQLTransformer, VectorAssembler

    names = [f"shaped_{name}" for name in features]
    classifiers: dict[str, Any] = {
        "logistic_regression": LogisticRegression(
            maxIter=120, regParam=0.01, family="multinomial", featuresCol="vector"
        ),
        "random_forest": RandomForestClassifier(
            numTrees=250, maxDepth=12, minInstancesPerNode=10, seed=SEED, featuresCol="vector"
        ),
    }
    return Pipeline(
        stages=[
            SQLTransformer(statement=_shaping(features)),
            VectorAssembler(inputCols=names, outputCol="vector"),
            classifiers[kind],
        ]
    )
