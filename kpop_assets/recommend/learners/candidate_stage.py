"""First stage: from all items to some hundreds that may suit a listener.

Belongs here: who proposes how many, and every part's score of every candidate. Does not belong
here: their order (mixing.py, ranking_stage.py), or what is shown (service/page.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Mask, Wholes
from kpop_assets.recommend.matrices.top_items import BLOCK, Scorer, best_of


@dataclass(frozen=True)
class Candidates:
    """Pairs of listener and item, by listener in the order that was asked for, then by item.

    Attributes:
        users: code of the listener.
        items: code of the item.
        scores: each part's score of each pair, also where another part proposed it.
        proposed: whether the part proposed the pair itself.
    """

    users: Codes
    items: Codes
    scores: dict[str, Floats]
    proposed: dict[str, Mask]

    def __len__(self) -> int:
        return len(self.users)

    def group_sizes(self) -> Wholes:
        """How many follow each other with one listener."""
        if not len(self.users):
            return np.zeros(0, dtype=np.int64)
        edges = np.flatnonzero(np.diff(self.users)) + 1
        return np.diff(np.concatenate(([0], edges, [len(self.users)]))).astype(np.int64)


def gather(
    parts: Mapping[str, Scorer],
    known: Interactions,
    users: Codes,
    quotas: Mapping[str, int],
    is_open: Mask | None = None,
) -> Candidates:
    """The best items of each part; a part without a quota scores but proposes nothing.

    What a listener has already is no candidate, nor what is not `is_open` (all are by default).
    """
    presence = known.presence()
    rows: list[Codes] = []
    columns: list[Codes] = []
    scores: dict[str, list[Floats]] = {name: [] for name in parts}
    proposed: dict[str, list[Mask]] = {name: [] for name in parts}
    for start in range(0, len(users), BLOCK):
        block = users[start : start + BLOCK]
        had = presence[block].nonzero()
        closed = None if is_open is None else ~is_open
        told = {name: np.array(part.score(block), float) for name, part in parts.items()}
        chosen = {
            name: _best(values, had, closed, quotas.get(name, 0)) for name, values in told.items()
        }
        row, column = np.nonzero(np.logical_or.reduce(list(chosen.values())))
        rows.append(block[row])
        columns.append(column.astype(np.int32))
        for name in parts:
            scores[name].append(told[name][row, column])
            proposed[name].append(chosen[name][row, column])
    return Candidates(
        np.concatenate(rows).astype(np.int32),
        np.concatenate(columns),
        {name: np.concatenate(values) for name, values in scores.items()},
        {name: np.concatenate(values) for name, values in proposed.items()},
    )


def _best(values: Floats, had: tuple[Wholes, Wholes], closed: Mask | None, quota: int) -> Mask:
    open_values = values.copy()
    if closed is not None:
        open_values[:, closed] = -np.inf
    open_values[had] = -np.inf
    chosen = np.zeros(values.shape, dtype=bool)
    if quota:
        for row, line in enumerate(open_values):
            chosen[row, best_of(line, quota)] = True
    return chosen
