"""A checkpoint in transformers' format as a candidate, for those who have one. Needs PyTorch.

Belongs here: loading it from a folder (`KPOP_SENTIMENT_MODEL`), and its scores. Does not belong
here: the network that is trained here (sentiment_networks.py).

Of one that was tuned to tell classes (KoELECTRA on reviews, say) the log-odds of its last class
against its first are the score. Of any other (KoBERT as it was pretrained) the mean of its last
layer is read, and a logistic regression learns from that. Nothing is fetched: what the folder lacks
is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_readers import TextReader
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts
from kpop_assets.errors import KpopError

_AT_ONCE, _LONGEST_TOKENS = 32, 128
_TELLS_CLASSES = "ForSequenceClassification"
_UNUSABLE = (OSError, ValueError, KeyError, ImportError, RuntimeError)


class CheckpointError(KpopError):
    """A checkpoint cannot be loaded."""


@dataclass(frozen=True)
class CheckpointReader:
    """What a checkpoint makes of texts: one log-odds, or the mean of its last layer."""

    folder: Path

    def read(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of numbers for each text.

        Raises:
            CheckpointError: the folder holds none that can be loaded.
        """
        import torch

        tokens, network, is_tuned = _loaded(self.folder)
        rows = []
        with torch.no_grad():
            for start in range(0, len(texts), _AT_ONCE):
                given = tokens(
                    [*texts[start : start + _AT_ONCE]],
                    padding=True,
                    truncation=True,
                    max_length=_LONGEST_TOKENS,
                    return_tensors="pt",
                )
                rows.append(_read(network(**given), given["attention_mask"], is_tuned))
        return np.concatenate(rows)


@dataclass(frozen=True)
class TransformerRecipe:
    """The checkpoint of a folder."""

    folder: Path

    @property
    def reader(self) -> TextReader:
        """The checkpoint itself."""
        return CheckpointReader(self.folder)

    def fit(self, read: NDArray[np.float32], rows: RatedTexts) -> TransformerPart:
        """The log-odds as they are, or a logistic regression on the last layer."""
        from sklearn.linear_model import LogisticRegression

        if read.shape[1] == 1:
            return TransformerPart(self.folder, np.ones(1), 0.0)
        ends = rows.is_end
        model = LogisticRegression(C=0.1, max_iter=1000)
        model.fit(read[ends], rows.is_positive[ends], sample_weight=rows.weight[ends])
        return TransformerPart(self.folder, model.coef_[0], float(model.intercept_[0]))


@dataclass(frozen=True, eq=False)
class TransformerPart:
    """A checkpoint, and weights of what it says."""

    folder: Path
    weights: NDArray[np.float64]
    intercept: float

    @property
    def reader(self) -> TextReader:
        """The checkpoint itself."""
        return CheckpointReader(self.folder)

    @property
    def size_bytes(self) -> int:
        """Of the checkpoint's numbers."""
        _, network, _ = _loaded(self.folder)
        return sum(one.numel() * one.element_size() for one in network.parameters())

    def score_read(self, read: NDArray[np.float32]) -> NDArray[np.float64]:
        """The weighted sum of each row."""
        return read @ self.weights + self.intercept


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> tuple[Any, Any, bool]:
    """Tokens, network, and whether it tells classes."""
    if not folder.is_dir():
        raise CheckpointError(f"KPOP_SENTIMENT_MODEL={folder} is no folder", "name one that is")
    try:
        from transformers import (
            AutoConfig,
            AutoModel,
            AutoModelForSequenceClassification,
            AutoTokenizer,
        )

        # Code that lies beside a checkpoint is not run, and no address is asked.
        only_here = {"local_files_only": True, "trust_remote_code": False}
        kinds = AutoConfig.from_pretrained(folder, **only_here).architectures or []
        is_tuned = any(kind.endswith(_TELLS_CLASSES) for kind in kinds)
        made = AutoModelForSequenceClassification if is_tuned else AutoModel
        tokens = AutoTokenizer.from_pretrained(folder, **only_here)
        network = made.from_pretrained(folder, use_safetensors=True, **only_here)
    except _UNUSABLE as error:
        raise CheckpointError(
            f"KPOP_SENTIMENT_MODEL={folder} holds no checkpoint that can be loaded",
            "it needs config.json, a tokenizer's files and model.safetensors",
        ) from error
    return tokens, network.eval(), is_tuned


def _read(said: Any, mask: Any, is_tuned: bool) -> NDArray[np.float32]:
    if is_tuned:
        return (said.logits[:, -1:] - said.logits[:, :1]).numpy()
    there = mask.unsqueeze(2).float()
    return ((said.last_hidden_state * there).sum(1) / there.sum(1)).numpy()
