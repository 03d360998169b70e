"""Who played or rated what, as arrays: what every recommender learns from.

Belongs here: the arrays, parts of them, the matrix of listeners by items, and play counts on the
scale of ratings. Does not belong here: reading tables, splits (splits.py), or a recommender.

Listeners and items are dense codes from 0; who knows what they stand for keeps the two lists.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.stats import rankdata

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
# Half as much memory where many are kept.
Singles = NDArray[np.float32]
Wholes = NDArray[np.int64]
Mask = NDArray[np.bool_]
HIGHEST_RATING = 5.0


@dataclass(frozen=True)
class Interactions:
    """One entry per listener and item (several where a listener came back at other times).

    Attributes:
        users: code of the listener, below `user_count`.
        items: code of the item, below `item_count`.
        values: a rating, or how often it was played.
        times: epoch seconds of the interaction; 0 throughout where no time is known.
        user_count: listeners that there are, also those without an entry.
        item_count: items that there are, also those without an entry.
    """

    users: Codes
    items: Codes
    values: Floats
    times: Wholes
    user_count: int
    item_count: int

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit together.

        Raises:
            ValueError: lengths that differ, or a code that is out of its range.
        """
        lengths = {len(self.users), len(self.items), len(self.values), len(self.times)}
        if len(lengths) > 1:
            raise ValueError(f"one entry each is needed, lengths are {sorted(lengths)}")
        for name, codes, count in (
            ("users", self.users, self.user_count),
            ("items", self.items, self.item_count),
        ):
            if len(codes) and not 0 <= codes.min() <= codes.max() < count:
                raise ValueError(f"{name}: codes must lie in 0 to {count - 1}")

    def __len__(self) -> int:
        return len(self.users)

    def where(self, mask: Mask) -> Interactions:
        """The entries of the mask; listeners and items keep their codes."""
        return replace(
            self,
            users=self.users[mask],
            items=self.items[mask],
            values=self.values[mask],
            times=self.times[mask],
        )

    def matrix(self) -> sp.csr_matrix:
        """Values summed by listener and item, shape (user_count, item_count)."""
        shape = (self.user_count, self.item_count)
        return sp.csr_matrix((self.values, (self.users, self.items)), shape)

    def presence(self) -> sp.csr_matrix:
        """1 where a listener has the item, however often and however well rated."""
        matrix = sp.csr_matrix(
            (np.ones(len(self)), (self.users, self.items)), (self.user_count, self.item_count)
        )
        matrix.data[:] = 1.0
        return matrix

    def has(self, others: Interactions) -> Mask:
        """Of each entry of others, whether its listener has its item here."""
        return np.isin(others.pairs(), self.pairs())

    def pairs(self) -> Wholes:
        """A number for each entry's listener and item."""
        return self.users.astype(np.int64) * self.item_count + self.items

    def items_per_user(self) -> Wholes:
        """How many different items each listener has."""
        return np.diff(self.presence().indptr).astype(np.int64)

    def users_per_item(self) -> Wholes:
        """How many different listeners each item has."""
        return np.bincount(self.presence().indices, minlength=self.item_count).astype(np.int64)


def coded(
    users: NDArray, items: NDArray, values: NDArray, times: NDArray
) -> tuple[Interactions, NDArray, NDArray]:
    """Interactions of any ids, and the ids that the codes of listeners and items stand for."""
    user_ids, user_codes = np.unique(users, return_inverse=True)
    item_ids, item_codes = np.unique(items, return_inverse=True)
    told = Interactions(
        user_codes.astype(np.int32),
        item_codes.astype(np.int32),
        np.asarray(values, dtype=np.float64),
        np.asarray(times, dtype=np.int64),
        len(user_ids),
        len(item_ids),
    )
    return told, user_ids, item_ids


def last_of_each(told: Interactions) -> Interactions:
    """Of each listener and item the last entry, in order of both; of one time the last to stand."""
    order = np.lexsort((told.times, told.pairs()))
    pairs = told.pairs()[order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = pairs[1:] != pairs[:-1]
    chosen = order[is_last]
    return replace(
        told,
        users=told.users[chosen],
        items=told.items[chosen],
        values=told.values[chosen],
        times=told.times[chosen],
    )


def rated_by_counts(played: Interactions) -> Interactions:
    """One entry per listener and item, rated 0 to 5 by the listener's own quantiles of counts.

    The rating is 5 times the middle of the item's rank among all that the listener played, so who
    plays everything equally often rates everything 2.5, and it does not matter how much one plays.
    Times are those of the last play.
    """
    matrix = played.matrix()
    matrix.sort_indices()
    users = np.repeat(np.arange(played.user_count, dtype=np.int32), np.diff(matrix.indptr))
    ratings = np.empty(matrix.nnz)
    for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        ranks = rankdata(matrix.data[start:end])
        ratings[start:end] = HIGHEST_RATING * (ranks - 0.5) / max(end - start, 1)
    keys = users.astype(np.int64) * played.item_count + matrix.indices
    told = played.pairs()
    last = np.full(len(keys), np.iinfo(np.int64).min)
    np.maximum.at(last, np.searchsorted(keys, told), played.times)
    return Interactions(
        users,
        matrix.indices.astype(np.int32),
        ratings,
        last,
        played.user_count,
        played.item_count,
    )
