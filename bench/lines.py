"""Where the lines of a landing file begin and end, found for all of them at once.

Belongs here: splitting a file as both peers need it. Does not belong here: what is in a line.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

_BOM = b"\xef\xbb\xbf"


class Lines:
    """The lines of a file that are not blank.

    Attributes:
        numbers: of each, from 1.
        is_object: whether it begins and ends as a JSON object does.
    """

    def __init__(self, path: Path) -> None:
        data = path.read_bytes().removeprefix(_BOM)
        self._data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
        found = np.frombuffer(self._data + b"\n", np.uint8)
        ends = np.flatnonzero(found == ord("\n"))
        starts = np.append(0, ends[:-1] + 1)
        is_object = (found[starts] == ord("{")) & (found[ends - 1] == ord("}"))
        # Few, so looked at one by one.
        odd = np.flatnonzero(~is_object)
        blank = [i for i in odd if not self._data[starts[i] : ends[i]].strip()]
        kept = np.delete(np.arange(len(ends)), blank)
        self._starts, self._ends = starts[kept], ends[kept]
        self.numbers, self.is_object = (kept + 1).astype(np.int32), is_object[kept]

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, i: int) -> bytes:
        return self._data[self._starts[i] : self._ends[i]]

    def pieces(self, which: np.ndarray, most: int) -> list[tuple[int, int]]:
        """First and last place of the runs of lines, each of at most so many, that `which` has."""
        places = np.flatnonzero(which)
        gaps = np.flatnonzero((np.diff(places) > 1) | (np.diff(self.numbers[places]) > 1)) + 1
        cuts = [0, *gaps.tolist(), len(places)]
        return [
            (int(places[at]), int(places[min(at + most, end) - 1]))
            for begin, end in pairwise(cuts)
            for at in range(begin, end, most)
        ]

    def span(self, first: int, last: int) -> bytes:
        """The bytes from one line's begin to another's end."""
        return self._data[self._starts[first] : self._ends[last]]
