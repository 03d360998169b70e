"""Parts of sentiment models: what is fitted, what is kept of it, and how it scores.

Belongs here: the recipe of a part, a fitted part, and its form as arrays. Does not belong here: how
parts become chances (sentiment_calibration.py), or files (sentiment_kept.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kpop_assets.audience.sentiments.sentiment_linear import ColumnFit, ColumnWeights
from kpop_assets.audience.sentiments.sentiment_readers import (
    LetterReader,
    MorphemeReader,
    SpeechReader,
    TextReader,
)
from kpop_assets.audience.sentiments.sentiment_rows import RatedTexts
from kpop_assets.audience.sentiments.sentiment_vader import VaderPart
from kpop_assets.audience.words.letter_grams import LetterGrams

Floats = NDArray[np.float64]


class FittedPart(Protocol):
    """What scores texts: above 0 rather positive, and the surer the further."""

    @property
    def reader(self) -> TextReader:
        """What it reads of texts."""

    @property
    def size_bytes(self) -> int:
        """Of what it has learnt."""

    def score_read(self, read: Any) -> Floats:
        """A number for each row that its reader made."""


class PartRecipe(Protocol):
    """What a part is made by: a reader, and a fit on what it reads."""

    @property
    def reader(self) -> TextReader:
        """What the part reads; equal ones read once."""

    def fit(self, read: Any, rows: RatedTexts) -> FittedPart:
        """Learn from rows and what the reader made of their texts."""


@dataclass(frozen=True, eq=False)
class ColumnPart:
    """Weights over the columns of a reader."""

    reader: TextReader
    weights: ColumnWeights

    @property
    def size_bytes(self) -> int:
        """Of the columns that say anything."""
        return sum(one.nbytes for one in self.weights.as_arrays().values())

    def score_read(self, read: Any) -> Floats:
        """The weighted sum of each row's columns."""
        return self.weights.score(read)


@dataclass(frozen=True)
class SpeechPart:
    """The list of sayings, of which nothing is learnt."""

    size_bytes: int = 0

    @property
    def reader(self) -> TextReader:
        """The sum of sayings."""
        return SpeechReader()

    def fit(self, read: Any, rows: RatedTexts) -> SpeechPart:
        """Itself."""
        return self

    def score_read(self, read: Any) -> Floats:
        """What was read."""
        return read


@dataclass(frozen=True)
class ColumnRecipe:
    """A reader of columns and a fit of weights on them."""

    reader: TextReader
    fit_columns: ColumnFit

    def fit(self, read: Any, rows: RatedTexts) -> ColumnPart:
        """The weights that the fit finds."""
        return ColumnPart(self.reader, self.fit_columns(read, rows))


def score_parts(parts: Sequence[FittedPart], texts: Sequence[str]) -> Floats:
    """Scores of plain texts by each part, shape (texts, parts); equal readers read once."""
    read: dict[TextReader, Any] = {}
    for part in parts:
        if part.reader not in read:
            read[part.reader] = part.reader.read(texts)
    return np.stack([part.score_read(read[part.reader]) for part in parts], axis=1)


def part_arrays(part: FittedPart) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What is kept of a part: settings, and arrays.

    Raises:
        TypeError: it cannot be kept.
    """
    if isinstance(part, SpeechPart):
        return {"kind": "speech"}, {}
    if isinstance(part, VaderPart):
        return {"kind": "vader", "is_beside": part.is_beside}, {}
    if isinstance(part, ColumnPart):
        return _reader_settings(part.reader) | {
            "intercept": part.weights.intercept
        }, part.weights.as_arrays()
    raise TypeError(f"{type(part).__name__} cannot be kept without PyTorch")


def part_of_arrays(settings: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> FittedPart:
    """The part that `part_arrays` took apart.

    Raises:
        KeyError, ValueError: they are none of a part.
    """
    kind = settings["kind"]
    if kind == "speech":
        return SpeechPart()
    if kind == "vader":
        return VaderPart(bool(settings.get("is_beside")))
    reader: TextReader
    if kind == "letters":
        shortest, longest, bits = (int(settings[name]) for name in ("shortest", "longest", "bits"))
        grams = LetterGrams(shortest, longest, bits, bool(settings["is_spaced"]))
        reader, width = LetterReader(grams, bool(settings["is_marked"])), grams.width
    elif kind == "morphemes":
        reader, width = MorphemeReader(int(settings["bits"])), 1 << int(settings["bits"])
    else:
        raise ValueError(f"no kind of part: {kind!r}")
    weights = ColumnWeights.of_arrays(width, arrays, float(settings["intercept"]))
    return ColumnPart(reader, weights)


def _reader_settings(reader: TextReader) -> dict[str, Any]:
    if isinstance(reader, LetterReader):
        grams = reader.grams
        return {
            "kind": "letters",
            "shortest": grams.shortest,
            "longest": grams.longest,
            "bits": grams.bits,
            "is_spaced": grams.is_spaced,
            "is_marked": reader.is_marked,
        }
    if isinstance(reader, MorphemeReader):
        return {"kind": "morphemes", "bits": reader.bits}
    raise TypeError(f"{type(reader).__name__} cannot be kept")
