"""Scores of a history that may never have been seen, by recommenders that were kept as arrays.

Belongs here: how each kind of served part scores by a history alone: no listener has anything of
their own but what they played. Does not belong here: what is kept of a fitted recommender
(kept_parts.py), or files (bundle_write.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kpop_assets.contracts.play_rules import DAY_SECONDS
from kpop_assets.recommend.matrices.bundle_lookups import holders
from kpop_assets.recommend.matrices.bundle_parts import HOLDERS, ServedPart
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Singles, Wholes
from kpop_assets.recommend.matrices.top_items import best_of


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
        return self.where(newest)

    def where(self, chosen: NDArray) -> Heard:
        """Some of the entries, by a mask or places."""
        return Heard(self.items[chosen], self.counts[chosen], self.times[chosen])


@dataclass(frozen=True)
class Histories:
    """Who has what of the items that were learnt, by listener and by item.

    Attributes:
        starts: where the items of each listener begin; one more than there are listeners.
        items: by listener.
        holder_starts: where the listeners of each item begin; one more than there are items.
        holder_users: by item.
    """

    starts: NDArray
    items: Codes
    holder_starts: NDArray
    holder_users: Codes

    @classmethod
    def of(cls, presence: sp.csr_matrix) -> Histories:
        """Of a matrix of listeners by items."""
        rows = sp.csr_matrix(presence)
        told = holders(rows.indptr, rows.indices, rows.shape[1])
        return cls(rows.indptr, rows.indices, *(told[name] for name in HOLDERS))

    @property
    def item_count(self) -> int:
        """Items that were learnt."""
        return len(self.holder_starts) - 1

    def matrix(self) -> sp.csr_matrix:
        """1 where a listener has an item."""
        shape = (len(self.starts) - 1, self.item_count)
        return sp.csr_matrix((np.ones(len(self.items)), self.items, self.starts), shape)


@dataclass(frozen=True)
class HeardScorer:
    """A served part as a recommender of one listener, whoever is asked for.

    Attributes:
        part: what scores.
        heard: what the listener played of what was learnt.
        histories: who has what, for parts that look at listeners.
        direction: of length 1, that what was heard sounds and reads like; None is worked out.
    """

    part: ServedPart
    heard: Heard
    histories: Histories
    direction: Singles | None = None

    def score(self, users: Codes) -> Floats:
        """One row of scores, as often as there are users."""
        return np.broadcast_to(self.scores(), (len(users), self.histories.item_count))

    def scores(self) -> Floats:
        """A score of each item that was learnt."""
        return _SCORES[self.part.kind](self)


def _same(told: HeardScorer) -> Floats:
    return np.asarray(told.part.arrays["scores"], dtype=np.float64)


def _by_weights(told: HeardScorer) -> Floats:
    part, items = told.part, told.heard.items
    if "dense" in part.arrays:
        return part.arrays["dense"][items].sum(axis=0, dtype=np.float32).astype(np.float64)
    rows = sparse_weights(part, told.histories.item_count)[items]
    return np.asarray(rows.sum(axis=0)).ravel().astype(np.float64)


def sparse_weights(part: ServedPart, item_count: int) -> sp.csr_matrix:
    """Weights of items by items that were kept sparse, without copying them."""
    arrays = part.arrays
    told = (arrays["data"], arrays["indices"], arrays["indptr"])
    return sp.csr_matrix(told, (item_count, item_count), copy=False)


def speaking_for(part: ServedPart, heard: Codes, items: Codes) -> Floats:
    """How much each item that was heard (rows) speaks for others (columns), by weights of items."""
    if "dense" in part.arrays:
        return np.asarray(part.arrays["dense"][np.ix_(heard, items)], dtype=np.float64)
    count = len(part.arrays["indptr"]) - 1
    return sparse_weights(part, count)[heard][:, items].toarray().astype(np.float64)


def _by_factors(told: HeardScorer) -> Floats:
    """The listener's vector as alternating least squares would find it, items held still."""
    part, heard = told.part, told.heard
    items, alpha = part.arrays["items"], part.numbers["alpha"]
    if not len(heard):
        return np.zeros(len(items))
    had = items[heard.items].astype(np.float64)
    squares = part.arrays["squares"] + (alpha - 1) * had.T @ had
    squares[np.diag_indices_from(squares)] += part.numbers["penalty"]
    vector = np.linalg.solve(squares, alpha * had.sum(axis=0))
    return (items @ vector.astype(np.float32)).astype(np.float64)


def _by_listeners(told: HeardScorer) -> Floats:
    """What the nearest listeners have, by the cosine of what is had."""
    known, items = told.histories, told.heard.items
    shared = np.bincount(_slices(known.holder_users, known.holder_starts, items))
    # Of truths it finds those that hold in a quarter of the time.
    alike = np.flatnonzero(shared > 0)
    lengths = known.starts[alike + 1] - known.starts[alike]
    likeness = shared[alike] / np.sqrt(lengths * max(len(items), 1.0))
    nearest = best_of(likeness, int(told.part.numbers["nearest"]))
    users, weights = alike[nearest], likeness[nearest]
    counts = known.starts[users + 1] - known.starts[users]
    had = _slices(known.items, known.starts, users)
    return np.bincount(had, np.repeat(weights, counts), minlength=known.item_count).astype(float)


def _slices(values: Codes, starts: NDArray, rows: Codes | Wholes) -> Codes:
    """What lies from the start of each row to that of the next, one after the other."""
    parts = [values[int(starts[row]) : int(starts[row + 1])] for row in rows]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def direction_of(units: Singles, worth: Floats) -> Singles:
    """The mean direction of vectors of length 1, of length 1 too; zeros where there is none."""
    mean = (worth @ units).astype(np.float32)
    length = float(np.linalg.norm(mean))
    return mean / length if length > 0 else mean


def worth_of(part: ServedPart, heard: Heard) -> Floats:
    """How much each entry of a history counts for what it sounds like."""
    return heard.counts if part.numbers["is_counted"] else np.ones(len(heard))


def _by_sound(told: HeardScorer) -> Floats:
    units, heard = told.part.arrays["units"], told.heard
    direction = told.direction
    if direction is None:
        direction = direction_of(units[heard.items], worth_of(told.part, heard))
    return (units @ direction).astype(np.float64)


def _by_acts(told: HeardScorer) -> Floats:
    acts, heard = told.part.arrays["acts"], told.heard
    items = played_lately(told.part, heard).items
    shares = np.bincount(acts[items], minlength=int(acts.max(initial=0)) + 1)
    return (shares / max(len(items), 1))[acts]


def played_lately(part: ServedPart, heard: Heard) -> Heard:
    """What a part looks at of a history: all, or what was played in the last days of it."""
    if "days" not in part.numbers:
        return heard
    # Trainings know days alone.
    days = heard.times // DAY_SECONDS
    return heard.where(days >= days.max(initial=0) - part.numbers["days"])


def _by_network(scorer: HeardScorer) -> Floats:
    """The autoencoder without chance: its layers, and the mean of what is between them."""
    told, heard = scorer.part.arrays, scorer.heard
    narrow_in, narrow_out = told["narrow.1.weight"], told["narrow.3.weight"]
    row = np.zeros(narrow_in.shape[1], dtype=np.float32)
    row[heard.items] = 1 / np.sqrt(max(len(heard), 1))
    hidden = np.tanh(narrow_in @ row + told["narrow.1.bias"])
    mean = (narrow_out @ hidden + told["narrow.3.bias"])[: len(narrow_out) // 2]
    hidden = np.tanh(told["widen.0.weight"] @ mean + told["widen.0.bias"])
    return (told["widen.2.weight"] @ hidden + told["widen.2.bias"]).astype(np.float64)


_SCORES = {
    "same": _same,
    "weights": _by_weights,
    "factors": _by_factors,
    "listeners": _by_listeners,
    "sounds": _by_sound,
    "acts": _by_acts,
    "network": _by_network,
}
