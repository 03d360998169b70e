"""Forecasts of a backtest, in files: who trains a week later fits what is new, and reads the rest.

Belongs here: what such forecasts rest on, as a file's name, and the files. Does not belong here:
who is fitted on what (backtest.py).

A file is a hash of its content and the probabilities; neither code nor names lie in it. Any of them
may be lost: its fit is made again. So may be a damaged one, which its hash tells. Several processes
may read, write and sweep one folder at once.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpop_assets.ml.digest import digest_rounded, spelled

Array = NDArray[Any]

# A year of weekly trainings of 300 subjects: 15 candidates of four classes and 8 of two.
MAX_BYTES = 64 * 2**20
# A file is written in milliseconds: what was begun so long ago, nobody will end.
ABANDONED_SECONDS = 3600
_STAGED = ".part"
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
        # What is read stays longest. Another process may have swept it since, which harms nobody:
        # its content was read. `Path.touch` would make it anew, empty.
        with suppress(FileNotFoundError):
            os.utime(path)
        return np.frombuffer(values, "<f8").reshape(shape)

    def write(self, name: str, probabilities: Array) -> None:
        """Keep probabilities, whole or not at all."""
        values = np.ascontiguousarray(probabilities, "<f8").tobytes()
        self.folder.mkdir(parents=True, exist_ok=True)
        # Two who fit the same write the same, each in a file of its own until it is whole: whose
        # comes last stays. What a killed one leaves is swept.
        staged = self.folder / f".{name}.{uuid.uuid4().hex}{_STAGED}"
        try:
            staged.write_bytes(hashlib.sha256(values).digest() + values)
            staged.replace(self.folder / name)
        finally:
            # It is there if the disk was full, say.
            staged.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove those that were not read for longest, down to `max_bytes`.

        What is being written stays and counts for nothing; what was never written to its end goes.
        """
        if not self.folder.is_dir():
            return
        room, abandoned = self.max_bytes, time.time() - ABANDONED_SECONDS
        files = sorted(self._files(), key=lambda file: file[1].st_mtime, reverse=True)
        for path, about in files:
            is_staged = path.name.endswith(_STAGED)
            room -= 0 if is_staged else about.st_size
            if about.st_mtime < abandoned if is_staged else room < 0:
                path.unlink(missing_ok=True)

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        """What lies in the folder, with sizes and times."""
        found = []
        for path in self.folder.iterdir():
            # Since the folder was listed, another process may have swept it, or ended its writing
            # and given it its name.
            with suppress(FileNotFoundError):
                found.append((path, path.stat()))
        return found
