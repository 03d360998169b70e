"""Forecasts of a backtest, in files: who trains a week later fits what is new, and reads the rest.

Belongs here: what such forecasts rest on, as a file's name, and the files. Does not belong here:
who is fitted on what (backtest.py).

A file is a hash of its content and the probabilities; neither code nor names lie in it. Any of them
may be lost: its fit is made again. So may be a damaged one, which its hash tells.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpop_assets.ml.digest import digest_rounded, spelled

Array = NDArray[Any]

# A year of weekly trainings of 15 candidates and 300 subjects.
MAX_BYTES = 64 * 2**20
_HASH_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True)
class KeptForecasts:
    """Probabilities by what they rest on.

    Attributes:
        folder: where the files lie; nothing else does.
        method: what a fit rests on beside its settings and rows: code and libraries.
        max_bytes: what `sweep` leaves.
    """

    folder: Path
    method: str
    max_bytes: int = MAX_BYTES

    def name(self, settings: Any, learned: pd.DataFrame, asked: pd.DataFrame) -> str:
        """The file of forecasts of `asked` by what was fitted with `settings` on `learned`."""
        parts = [self.method, spelled(settings), digest_rounded(learned), digest_rounded(asked)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]

    def read(self, name: str, shape: tuple[int, int]) -> Array | None:
        """The probabilities behind a name; None where there are none, or none that are whole."""
        path = self.folder / name
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        said, values = content[:_HASH_BYTES], content[_HASH_BYTES:]
        if said != hashlib.sha256(values).digest() or len(values) != 8 * shape[0] * shape[1]:
            return None
        # What is read stays longest.
        path.touch()
        return np.frombuffer(values, "<f8").reshape(shape)

    def write(self, name: str, probabilities: Array) -> None:
        """Keep probabilities, whole or not at all."""
        values = np.ascontiguousarray(probabilities, "<f8").tobytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Two who fit the same write the same; what a killed one leaves is replaced or swept.
        staged = self.folder / f".{name}.part"
        staged.write_bytes(hashlib.sha256(values).digest() + values)
        staged.replace(self.folder / name)

    def sweep(self) -> None:
        """Remove those that were not read for longest, down to `max_bytes`."""
        if not self.folder.is_dir():
            return
        files = [(path, path.stat()) for path in self.folder.iterdir()]
        room = self.max_bytes
        for path, about in sorted(files, key=lambda file: file[1].st_mtime, reverse=True):
            room -= about.st_size
            if room < 0:
                path.unlink(missing_ok=True)
