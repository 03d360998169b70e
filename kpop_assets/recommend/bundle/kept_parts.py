"""What is kept of a fitted recommender: a few arrays, by which it scores any history.

Belongs here: fitted recommenders turned into served parts. Does not belong here: scoring with them
(served_parts.py), or learning (each recommender's module).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kpop_assets.recommend.learners.fitted import (
    EqualForAll,
    Factors,
    ItemWeights,
    ListenerWeights,
    OfTheSameActs,
)
from kpop_assets.recommend.learners.item_facts import SoundsAlike
from kpop_assets.recommend.matrices.bundle_parts import ServedPart
from kpop_assets.recommend.matrices.top_items import Scorer


def served_part(fitted: Scorer) -> ServedPart:
    """What is kept of a fitted recommender.

    Raises:
        TypeError: it cannot be served.
    """
    if isinstance(fitted, EqualForAll):
        return ServedPart("same", {"scores": fitted.item_scores})
    if isinstance(fitted, ItemWeights):
        return ServedPart("weights", _weights(fitted.weights))
    if isinstance(fitted, Factors) and fitted.penalty is not None:
        return _factors(fitted, fitted.penalty)
    if isinstance(fitted, ListenerWeights):
        nearest = int(np.diff(sp.csr_matrix(fitted.likeness).indptr).max(initial=1))
        return ServedPart("listeners", {}, {"nearest": nearest})
    if isinstance(fitted, SoundsAlike):
        is_counted = float(bool((fitted.history.data != 1).any()))
        units = np.asarray(fitted.units, dtype=np.float32)
        return ServedPart("sounds", {"units": units}, {"is_counted": is_counted})
    if isinstance(fitted, OfTheSameActs):
        within = {} if fitted.days is None else {"days": float(fitted.days)}
        return ServedPart("acts", {"acts": fitted.acts}, within)
    network = getattr(fitted, "network", None)
    if network is not None:
        state = network.state_dict()
        layers = {name: value.numpy().astype(np.float32) for name, value in state.items()}
        return ServedPart("network", layers)
    raise TypeError(f"{type(fitted).__name__} cannot be served by a history alone")


def served_parts(fitted: Mapping[str, Scorer]) -> dict[str, ServedPart]:
    """The same of several, by name."""
    return {name: served_part(one) for name, one in fitted.items()}


def _weights(weights: NDArray | sp.spmatrix) -> dict[str, NDArray]:
    if not sp.issparse(weights):
        return {"dense": np.asarray(weights, dtype=np.float32)}
    rows = sp.csr_matrix(weights)
    rows.sort_indices()
    return {
        "data": rows.data.astype(np.float32),
        "indices": rows.indices.astype(np.int32),
        "indptr": rows.indptr.astype(np.int32),
    }


def _factors(fitted: Factors, penalty: float) -> ServedPart:
    """Item vectors, and the sum of their squares as every fold-in needs it."""
    items = np.asarray(fitted.item_factors, dtype=np.float32)
    wide = items.astype(np.float64)
    numbers = {"alpha": fitted.alpha, "penalty": penalty}
    return ServedPart("factors", {"items": items, "squares": wide.T @ wide}, numbers)
