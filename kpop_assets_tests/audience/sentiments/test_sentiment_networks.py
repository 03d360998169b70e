"""The neural candidates: they learn, they repeat themselves, and a folder's checkpoint is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.audience.sentiments.sentiment_networks import (
    NetworkRecipe,
    code_texts,
    has_torch,
    known_syllables,
)
from kpop_assets.audience.sentiments.sentiment_transformer import CheckpointError, TransformerRecipe
from kpop_assets_tests.audience.sentiment_world import simulated_ratings


def deep(test: Callable[..., None]) -> Callable[..., None]:
    """A test that needs PyTorch."""
    absent = pytest.mark.skipif(not has_torch(), reason="PyTorch is absent: make test-deep")
    return pytest.mark.deep(absent(test))


def test_a_sign_never_seen_is_still_read_by_its_letters():
    codes = known_syllables(["좋다", "좋네", "싫"])
    assert set(codes) == {"좋"}
    (coded,) = code_texts(["좋괜a"], codes)
    assert coded[:, 0].tolist() == [codes["좋"], 1, 1]
    assert (coded[1, 1:] > 0).all()
    assert coded[2, 1:].tolist() == [0, 0, 0]


@deep
@pytest.mark.parametrize("kind", ["cnn", "gru"])
def test_a_network_learns_words_and_is_the_same_each_time(kind: str):
    learnt, asked = simulated_ratings(600), simulated_ratings(200, seed=2)
    recipe = NetworkRecipe(kind=kind, width=16, filters=16, epochs=12, batch=32)
    read = recipe.reader.read(learnt.texts)
    one, again = recipe.fit(read, learnt), recipe.fit(read, learnt)
    scores = one.score_read(recipe.reader.read(asked.texts))
    assert np.array_equal(scores, again.score_read(recipe.reader.read(asked.texts)))
    ends = asked.is_end
    assert ((scores > 0) == asked.is_positive)[ends].mean() > 0.9
    # Alone or among others, a text is the same.
    alone = one.score_read(recipe.reader.read(asked.texts[:1]))
    assert alone[0] == pytest.approx(scores[0], abs=1e-5)
    assert one.size_bytes > 0


def tiny_checkpoint(folder: Path, is_tuned: bool) -> Path:
    """An ELECTRA of eight numbers a token, by chance, with a tokenizer of single letters."""
    import torch
    from transformers import (
        BertTokenizerFast,
        ElectraConfig,
        ElectraForSequenceClassification,
        ElectraModel,
    )

    folder.mkdir()
    letters = sorted(
        {sign for text in simulated_ratings(100).texts for sign in text if sign != " "}
    )
    signs = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{s}" for s in letters)]
    (folder / "vocab.txt").write_text("\n".join(signs))
    BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)
    torch.manual_seed(1)
    about = ElectraConfig(
        vocab_size=len(signs),
        embedding_size=8,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    made = ElectraForSequenceClassification if is_tuned else ElectraModel
    made(about).save_pretrained(folder)
    return folder


@deep
@pytest.mark.parametrize("is_tuned", [True, False])
def test_a_checkpoint_of_a_folder_is_read_with_nothing_fetched(is_tuned: bool, tmp_path: Path):
    recipe = TransformerRecipe(tiny_checkpoint(tmp_path / "electra", is_tuned))
    rows = simulated_ratings(60)
    read = recipe.reader.read(rows.texts)
    assert read.shape == (60, 1 if is_tuned else 8)
    part = recipe.fit(read, rows)
    scores = part.score_read(read)
    assert np.isfinite(scores).all()
    assert part.size_bytes > 0
    alone = part.score_read(recipe.reader.read(rows.texts[:1]))
    assert alone[0] == pytest.approx(scores[0], abs=1e-5)


@deep
def test_a_folder_without_a_checkpoint_is_refused_in_one_line(tmp_path: Path):
    with pytest.raises(CheckpointError, match="no checkpoint that can be loaded"):
        TransformerRecipe(tmp_path).reader.read(["x"])
    with pytest.raises(CheckpointError, match="is no folder"):
        TransformerRecipe(tmp_path / "none").reader.read(["x"])
