"""Spark's ALS on what listeners have: the road past one machine, on the same tables.

Belongs here: plays in and vectors out of Spark MLlib. Does not belong here: when it competes
(play_families.py), or ALS on one machine (factors.py). It needs a session of the engine `spark`,
which is found when it is fitted; its vectors are arrays like all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kpop_assets.recommend.learners.fitted import Factors
from kpop_assets.recommend.matrices.interactions import Interactions


@dataclass(frozen=True)
class SparkFactors:
    """Weighted factorisation of what is there (Hu, Koren, Volinsky 2008) by Spark MLlib.

    Its penalty is scaled by how many entries a listener or item has (Zhou et al. 2008).

    Attributes:
        factors: length of the vectors.
        alpha: weight of what was played over what was not.
        penalty: MLlib's regParam.
        iterations: rounds over listeners and items. What a round rests on grows with the rounds
            before, and a worker follows it on its stack: ten are too deep for some, unless Spark
            is given a folder of checkpoints.
        seed: of the first vectors.
    """

    factors: int = 32
    alpha: float = 3.0
    penalty: float = 0.1
    iterations: int = 6
    seed: int = 42

    def fit(self, interactions: Interactions) -> Factors:
        """Alternate on the session's workers.

        Raises:
            RuntimeError: there is no session of Spark.
        """
        from pyspark.ml.recommendation import ALS

        session = _session()
        had = interactions.presence().tocoo()
        rows = pd.DataFrame({"user": had.row, "item": had.col, "rating": had.data})
        model = ALS(
            rank=self.factors,
            maxIter=self.iterations,
            regParam=self.penalty,
            alpha=self.alpha,
            implicitPrefs=True,
            seed=self.seed,
        ).fit(session.createDataFrame(rows))
        return Factors(
            _vectors(model.userFactors, interactions.user_count, self.factors),
            _vectors(model.itemFactors, interactions.item_count, self.factors),
        )


def _vectors(rows: Any, count: int, length: int) -> np.ndarray:
    found = rows.toPandas()
    vectors = np.zeros((count, length))
    if len(found):
        vectors[found["id"].to_numpy()] = np.vstack(found["features"].to_list())
    return vectors


def _session() -> Any:
    from pyspark.sql import SparkSession

    from kpop_assets.engine.jvm import is_running

    if not is_running():
        raise RuntimeError("Spark's ALS needs a session: set KPOP_ENGINE=spark")
    return SparkSession.builder.getOrCreate()
