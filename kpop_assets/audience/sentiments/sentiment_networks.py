"""A small network over syllables: convolutions and a recurrent layer. Needs PyTorch.

Belongs here: the neural candidates, an optional extra (`pip install '.[deep]'`). Does not belong
here: checkpoints that somebody else trained (sentiment_transformer.py).

Kim (2014), Convolutional neural networks for sentence classification, EMNLP, on syllables, each
also by its three letters, so that one never seen is read by its sound; GRU by Cho et al. (2014).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_readers import PlainReader, TextReader
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts
from kpop_assets.audience.words.plain_texts import syllable_parts

_MOST_SYLLABLES, _LONGEST_TEXT, _CODES_A_SYLLABLE = 2500, 140, 4
_ABSENT, _UNKNOWN = 0, 1


def has_torch() -> bool:
    """Whether PyTorch is there."""
    return find_spec("torch") is not None


@dataclass(frozen=True)
class NetworkRecipe:
    """How the network is fitted.

    Attributes:
        kind: `cnn` or `gru`.
        width: of a syllable's vector.
        filters: of each convolution, or units of the recurrent layer in each direction.
        epochs: rounds over all texts.
        batch: texts of a step.
        learning_rate: at its highest, which it reaches after a third of the steps.
        seed: of weights, order and chance.
    """

    kind: str = "cnn"
    width: int = 64
    filters: int = 96
    epochs: int = 4
    batch: int = 64
    learning_rate: float = 2e-3
    seed: int = 42

    @property
    def reader(self) -> TextReader:
        """The texts as they are."""
        return PlainReader()

    def fit(self, read: Sequence[str], rows: RatedTexts) -> NetworkPart:
        """Descend on shares of positive, with one thread: the same bits on one machine."""
        import torch

        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(self.seed)
                return self._fit(read, rows)
        finally:
            torch.set_num_threads(threads)

    def _fit(self, read: Sequence[str], rows: RatedTexts) -> NetworkPart:
        import torch

        codes = known_syllables(read)
        coded, network = code_texts(read, codes), sentiment_network(self, len(codes) + 2)
        share = torch.from_numpy(rows.share.astype(np.float32))
        weight = torch.from_numpy(rows.weight.astype(np.float32))
        descent = torch.optim.AdamW(network.parameters(), weight_decay=1e-2)
        batches = -(-len(read) // self.batch)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            descent, self.learning_rate, total_steps=self.epochs * batches
        )
        generator = np.random.default_rng(self.seed)
        network.train()
        for _ in range(self.epochs):
            for places in _batches(coded, self.batch, generator):
                told = network(_padded(coded, places))
                loss = torch.nn.functional.binary_cross_entropy_with_logits(
                    told, share[places], weight[places]
                )
                descent.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                descent.step()
                schedule.step()
        network.eval()
        return NetworkPart(network, codes)


@dataclass(frozen=True, eq=False)
class NetworkPart:
    """The fitted network and the syllables that it knows."""

    network: Any
    codes: Mapping[str, int]

    @property
    def reader(self) -> TextReader:
        """The texts as they are."""
        return PlainReader()

    @property
    def size_bytes(self) -> int:
        """Of its numbers."""
        return sum(one.numel() * one.element_size() for one in self.network.parameters())

    def score_read(self, read: Sequence[str]) -> NDArray[np.float64]:
        """Log-odds of positive of each text."""
        import torch

        coded, scores = code_texts(read, self.codes), np.zeros(len(read))
        with torch.no_grad():
            for places in _batches(coded, 256):
                scores[places] = self.network(_padded(coded, places)).numpy()
        return scores


def known_syllables(texts: Sequence[str]) -> dict[str, int]:
    """The commonest signs of texts that more than one of them has, with a code each."""
    counts = Counter(sign for text in texts for sign in set(text))
    common = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_MOST_SYLLABLES]
    return {sign: place for place, (sign, count) in enumerate(common, _UNKNOWN + 1) if count > 1}


def code_texts(texts: Sequence[str], codes: Mapping[str, int]) -> list[NDArray[np.int64]]:
    """Each text as rows of a sign's code and its three letters, shape (signs, 4)."""
    coded: dict[str, tuple[int, ...]] = {}

    def code(sign: str) -> tuple[int, ...]:
        if sign not in coded:
            coded[sign] = (codes.get(sign, _UNKNOWN), *syllable_parts(sign))
        return coded[sign]

    return [
        np.array([code(sign) for sign in text[:_LONGEST_TEXT]], dtype=np.int64).reshape(
            -1, _CODES_A_SYLLABLE
        )
        for text in texts
    ]


def sentiment_network(recipe: NetworkRecipe, code_count: int) -> Any:
    """The layers, with weights by chance."""
    import torch
    from torch import nn

    class Syllables(nn.Module):
        """Vectors of signs: their own and those of their letters, added."""

        def __init__(self) -> None:
            super().__init__()
            sizes = (code_count, 20, 22, 29)
            self.vectors = nn.ModuleList(
                nn.Embedding(size, recipe.width, padding_idx=_ABSENT) for size in sizes
            )
            for one in self.vectors:
                nn.init.normal_(one.weight, 0, 0.1)

        def forward(self, coded: torch.Tensor) -> torch.Tensor:
            return sum(one(coded[..., place]) for place, one in enumerate(self.vectors))

    class Network(nn.Module):
        """Syllables, windows or a recurrence, the most and the mean of each, and one number."""

        def __init__(self) -> None:
            super().__init__()
            self.syllables, self.dropped = Syllables(), nn.Dropout(0.5)
            windows = (2, 3, 4, 5) if recipe.kind == "cnn" else (3,)
            self.windows = nn.ModuleList(
                nn.Conv1d(recipe.width, recipe.filters, size, padding=size // 2) for size in windows
            )
            self.recurrent = None
            if recipe.kind == "gru":
                self.recurrent = nn.GRU(
                    recipe.filters, recipe.filters, batch_first=True, bidirectional=True
                )
            found = 2 * recipe.filters if self.recurrent else recipe.filters * len(windows)
            self.told = nn.Linear(2 * found, 1)

        def forward(self, coded: torch.Tensor) -> torch.Tensor:
            there = (coded[..., 0] != _ABSENT).unsqueeze(1).float()
            vectors = nn.functional.dropout(self.syllables(coded), 0.2, self.training)
            signs = vectors.transpose(1, 2) * there
            length = signs.shape[2]
            heard = [torch.relu(one(signs))[..., :length] * there for one in self.windows]
            layer = torch.cat(heard, 1)
            if self.recurrent is not None:
                layer = _run_through(self.recurrent, layer, there)
            most = layer.masked_fill(there == 0, -10.0).amax(2)
            mean = layer.sum(2) / there.sum(2).clamp(min=1)
            return self.told(self.dropped(torch.cat([most, mean], 1))).squeeze(1)

    return Network()


def _run_through(recurrent: Any, layer: Any, there: Any) -> Any:
    """A recurrent layer over the signs of each text, as if it stood alone: padding is not read."""
    from torch.nn.utils import rnn

    lengths = there.sum((1, 2)).clamp(min=1).long()
    packed = rnn.pack_padded_sequence(
        layer.transpose(1, 2), lengths, batch_first=True, enforce_sorted=False
    )
    heard, _ = rnn.pad_packed_sequence(
        recurrent(packed)[0], batch_first=True, total_length=layer.shape[2]
    )
    return heard.transpose(1, 2)


def _batches(
    coded: Sequence[NDArray[np.int64]],
    size: int,
    generator: np.random.Generator | None = None,
) -> Iterator[NDArray[np.int64]]:
    """Places of texts that are about as long; by chance where there is a generator."""
    lengths = np.array([len(one) for one in coded])
    order = np.argsort(lengths, kind="stable")
    if generator is not None:
        # Fifty batches at once by length: sorted as a whole they would come alike each time.
        mixed = generator.permutation(len(coded))
        pools = [mixed[start : start + 50 * size] for start in range(0, len(mixed), 50 * size)]
        order = np.concatenate([pool[np.argsort(lengths[pool], kind="stable")] for pool in pools])
    found = [order[start : start + size] for start in range(0, len(order), size)]
    if generator is not None:
        generator.shuffle(found)
    yield from found


def _padded(coded: Sequence[NDArray[np.int64]], places: NDArray[np.int64]) -> Any:
    """Some texts as one tensor, shape (texts, longest, 4)."""
    import torch

    longest = max(max(len(coded[place]) for place in places), 1)
    padded = np.zeros((len(places), longest, _CODES_A_SYLLABLE), dtype=np.int64)
    for row, place in enumerate(places):
        padded[row, : len(coded[place])] = coded[place]
    return torch.from_numpy(padded)
