"""Mult-VAE: what a listener has, squeezed through a few numbers and told again. Needs PyTorch.

Belongs here: the one neural recommender, an optional extra (`pip install '.[deep]'`). Does not
belong here: what else competes (training/recommender_families.py, play_families.py).

Liang et al. (2018), Variational autoencoders for collaborative filtering, arXiv 1802.05814.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions

if TYPE_CHECKING:
    import torch


DEEP_IS_ABSENT = "variational was left out: PyTorch was absent (pip install '.[deep]')"


def is_installed() -> bool:
    """Whether PyTorch is there."""
    return find_spec("torch") is not None


@dataclass(frozen=True)
class Retold:
    """The fitted network and what each listener has."""

    history: sp.csr_matrix
    network: Any

    def score(self, users: Codes) -> Floats:
        """What the network tells of the listeners' items, without chance."""
        import torch

        self.network.eval()
        with torch.no_grad():
            rows = torch.from_numpy(self.history[users].toarray().astype(np.float32))
            told, _, _ = self.network(rows)
        return told.numpy()


@dataclass(frozen=True)
class VariationalAutoencoder:
    """One hidden layer on each side, a multinomial likelihood, the prior's weight rising slowly.

    Attributes:
        hidden: width of the hidden layers.
        latent: numbers through which everything goes.
        epochs: rounds over all listeners.
        batch: listeners of a step.
        learning_rate: of Adam.
        prior_weight: weight of the prior once it has risen, over the first half of the steps.
        dropped: share of a listener's items that is hidden from the network in a step.
        seed: of weights, order and chance.
    """

    hidden: int = 300
    latent: int = 100
    epochs: int = 100
    batch: int = 100
    learning_rate: float = 1e-3
    prior_weight: float = 0.3
    dropped: float = 0.5
    seed: int = 42

    def fit(self, interactions: Interactions) -> Retold:
        """Descend with one thread: the same bits every time on one machine."""
        import torch

        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(self.seed)
                return self._fit(interactions)
        finally:
            torch.set_num_threads(threads)

    def _fit(self, interactions: Interactions) -> Retold:
        import torch

        history = interactions.presence().astype(np.float32)
        network = _network(interactions.item_count, self.hidden, self.latent, self.dropped)
        descent = torch.optim.Adam(network.parameters(), self.learning_rate)
        generator = np.random.default_rng(self.seed)
        someone = np.flatnonzero(np.diff(history.indptr))
        steps = self.epochs * max(1, -(-len(someone) // self.batch))
        step = 0
        network.train()
        for _ in range(self.epochs):
            order = generator.permutation(someone)
            for start in range(0, len(order), self.batch):
                rows = torch.from_numpy(history[order[start : start + self.batch]].toarray())
                weight = self.prior_weight * min(1.0, 2 * step / steps)
                told, mean, log_variance = network(rows)
                loss = _loss(rows, told, mean, log_variance, weight)
                descent.zero_grad()
                loss.backward()
                descent.step()
                step += 1
        return Retold(history, network)


def _loss(
    rows: torch.Tensor,
    told: torch.Tensor,
    mean: torch.Tensor,
    log_variance: torch.Tensor,
    weight: float,
) -> torch.Tensor:
    likelihood = (told.log_softmax(1) * rows).sum(1).mean()
    distance = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum(1).mean()
    return weight * distance - likelihood


def _network(item_count: int, hidden: int, latent: int, dropped: float) -> torch.nn.Module:
    """Defined where PyTorch is at hand: importing it takes seconds, and it may be absent."""
    import torch
    from torch import nn

    class Autoencoder(nn.Module):
        """What goes in are rows of 0 and 1, what comes out are logits, means and variances."""

        def __init__(self) -> None:
            super().__init__()
            self.narrow = nn.Sequential(
                nn.Dropout(dropped),
                nn.Linear(item_count, hidden),
                nn.Tanh(),
                nn.Linear(hidden, 2 * latent),
            )
            self.widen = nn.Sequential(
                nn.Linear(latent, hidden), nn.Tanh(), nn.Linear(hidden, item_count)
            )

        def forward(self, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            mean, log_variance = self.narrow(nn.functional.normalize(rows)).chunk(2, dim=1)
            drawn = mean
            if self.training:
                drawn = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
            return self.widen(drawn), mean, log_variance

    return Autoencoder()
