"""Recommenders as arrays, and their scores of a history that may never have been seen.

Belongs here: what is kept of each fitted recommender, and how that scores by a history alone: no
listener has anything of their own but what they played. Does not belong here: learning (each
recommender's module), or files (bundle_write.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.bundle_parts import ServedPart
from kpop_assets.recommend.fitted import (
    EqualForAll,
    Factors,
    ItemWeights,
    ListenerWeights,
    OfTheSameActs,
)
from kpop_assets.recommend.interactions import Codes, Floats
from kpop_assets.recommend.item_facts import SoundsAlike
from kpop_assets.recommend.top_items import Scorer


@dataclass(frozen=True)
class Heard:
    """What one listener played, an entry an item, in any order.

    Attributes:
        items: code of the item, each once.
        counts: how often.
        times: seconds of Seoul's clock since 1970 of the last play, or of its day; 0 where none is
            known.
    """

    items: Codes
    counts: Floats
    times: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.items)

    @classmethod
    def of(cls, items: Codes) -> Heard:
        """Items that were named, the first as the last played; each once."""
        _, places = np.unique(items, return_index=True)
        kept = np.asarray(items, dtype=np.int32)[np.sort(places)]
        return cls(kept, np.ones(len(kept)), np.arange(len(kept), 0, -1, dtype=np.int64))

    def last(self, count: int) -> Heard:
        """The part that was played last."""
        newest = np.lexsort((self.items, -self.times))[:count]
        return Heard(self.items[newest], self.counts[newest], self.times[newest])


@dataclass(frozen=True)
class HeardScorer:
    """A served part as a recommender of one listener, whoever is asked for.

    Attributes:
        part: what scores.
        heard: what the listener played.
        histories: 1 where a listener has an item, for parts that look at listeners.
    """

    part: ServedPart
    heard: Heard
    histories: sp.csr_matrix

    def score(self, users: Codes) -> Floats:
        """One row of scores, as often as there are users."""
        scores = _SCORES[self.part.kind](self.part, self.heard, self.histories)
        return np.broadcast_to(scores, (len(users), self.histories.shape[1]))


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


def _same(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    return np.asarray(part.arrays["scores"], dtype=np.float64)


def _by_weights(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    if "dense" in part.arrays:
        return part.arrays["dense"][heard.items].sum(axis=0, dtype=np.float64)
    rows = sparse_weights(part, histories.shape[1])[heard.items]
    return np.asarray(rows.sum(axis=0)).ravel().astype(np.float64)


def sparse_weights(part: ServedPart, item_count: int) -> sp.csr_matrix:
    """Weights of items by items that were kept sparse, without copying them."""
    arrays = part.arrays
    told = (arrays["data"], arrays["indices"], arrays["indptr"])
    return sp.csr_matrix(told, (item_count, item_count), copy=False)


def speaking_for(part: ServedPart, heard: Codes, items: Codes) -> Floats:
    """How much each item that was heard (rows) speaks for others (columns), by weights of items."""
    if "dense" in part.arrays:
        return np.asarray(part.arrays["dense"][heard][:, items], dtype=np.float64)
    count = len(part.arrays["indptr"]) - 1
    return sparse_weights(part, count)[heard][:, items].toarray().astype(np.float64)


def _by_factors(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    """The listener's vector as alternating least squares would find it, items held still."""
    items, alpha = part.arrays["items"], part.numbers["alpha"]
    if not len(heard):
        return np.zeros(len(items))
    had = items[heard.items].astype(np.float64)
    squares = part.arrays["squares"] + (alpha - 1) * had.T @ had
    squares[np.diag_indices_from(squares)] += part.numbers["penalty"]
    vector = cho_solve(cho_factor(squares), alpha * had.sum(axis=0))
    return items @ vector.astype(np.float32)


def _by_listeners(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    """What the nearest listeners have, by the cosine of what is had."""
    row = np.zeros(histories.shape[1])
    row[heard.items] = 1.0
    lengths = np.sqrt(np.diff(histories.indptr) * max(len(heard), 1))
    likeness = (histories @ row) / np.where(lengths > 0, lengths, 1)
    nearest = np.argsort(-likeness, kind="stable")[: int(part.numbers["nearest"])]
    weights = np.zeros(histories.shape[0])
    weights[nearest] = likeness[nearest]
    return weights @ histories


def _by_sound(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    units = part.arrays["units"]
    worth = heard.counts if part.numbers["is_counted"] else np.ones(len(heard))
    mean = (worth @ units[heard.items]).astype(np.float32)
    length = float(np.linalg.norm(mean))
    return units @ (mean / length if length > 0 else mean)


def _by_acts(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    acts, items = part.arrays["acts"], heard.items
    if "days" in part.numbers:
        # Trainings know days alone.
        days = heard.times // DAY_SECONDS
        items = items[days >= days.max(initial=0) - part.numbers["days"]]
    shares = np.bincount(acts[items], minlength=int(acts.max(initial=0)) + 1)
    return (shares / max(len(items), 1))[acts]


def _by_network(part: ServedPart, heard: Heard, histories: sp.csr_matrix) -> Floats:
    """The autoencoder without chance: its layers, and the mean of what is between them."""
    told = part.arrays
    narrow_in, narrow_out = told["narrow.1.weight"], told["narrow.3.weight"]
    row = np.zeros(narrow_in.shape[1], dtype=np.float32)
    row[heard.items] = 1 / np.sqrt(max(len(heard), 1))
    hidden = np.tanh(narrow_in @ row + told["narrow.1.bias"])
    mean = (narrow_out @ hidden + told["narrow.3.bias"])[: len(narrow_out) // 2]
    hidden = np.tanh(told["widen.0.weight"] @ mean + told["widen.0.bias"])
    return told["widen.2.weight"] @ hidden + told["widen.2.bias"]


_SCORES = {
    "same": _same,
    "weights": _by_weights,
    "factors": _by_factors,
    "listeners": _by_listeners,
    "sounds": _by_sound,
    "acts": _by_acts,
    "network": _by_network,
}
