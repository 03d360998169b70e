"""Finding the nearest of many vectors: exactly, or by an index that was measured to find them.

Belongs here: building, keeping and asking an index of faiss. Does not belong here: what a vector
is of (contents.py).

Vectors are near by their product. An index that does not look at all of them is set so that
`recommend_rules.LEAST_RECALL` of the ten nearest are among the `CANDIDATE_TIMES` as many that it
finds first, which is measured on vectors of its own against looking at all. Who asks compares what
was found exactly: of eight bits a number, the order of the first ten is not to be had.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np
import numpy.typing as npt

from kpop_assets.contracts import recommend_rules as rules

Kind = Literal["exact", "ivf", "hnsw"]
Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

_SEED = 42
_MEASURED_QUERIES = 200
_MEASURED_NEAREST = 10
# Of a list of IVF so many vectors are enough to find its centre.
_TRAINED_PER_LIST = 40
_HNSW_LINKS = 32
_HNSW_BUILD_EFFORT = 100


class NearIndex:
    """The nearest of many vectors by their product.

    Args:
        vectors: a row each.
        kind: `exact` looks at all; `ivf` at the lists whose centres are near; `hnsw` goes from
            neighbour to neighbour. By default exact up to `recommend_rules.EXACT_WORKS`, else ivf.

    Attributes:
        kind: as chosen.
        effort: lists that are looked at, or vectors that are kept in view; 0 where all are.
        recall: share of the ten nearest of its own vectors that were among what it found.
    """

    def __init__(self, vectors: Floats, kind: Kind | None = None) -> None:
        self._vectors = np.ascontiguousarray(vectors, np.float32)
        self.kind: Kind = kind or ("exact" if len(vectors) <= rules.EXACT_WORKS else "ivf")
        self.effort, self.recall = 0, 1.0
        self._index = self._build()
        if self.kind != "exact" and len(vectors):
            self._set_effort()

    def nearest(self, asked: Floats, count: int) -> tuple[Floats, Rows]:
        """The nearest rows of each asked vector, nearest first: products and rows; -1 is none."""
        found: tuple[Floats, Rows] = self._index.search(
            np.ascontiguousarray(asked, np.float32), count
        )
        return found

    def write(self, path: Path) -> None:
        """Keep it as a file, with the effort that it was set to; only `ivf` is worth one."""
        # Through memory: what the disk refuses is then said by the system and not by faiss.
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def size_bytes(self) -> int:
        """What it takes, written down."""
        return int(faiss.serialize_index(self._index).nbytes)

    def _build(self) -> Any:
        count, width = self._vectors.shape
        metric = faiss.METRIC_INNER_PRODUCT
        index: Any
        if self.kind == "exact":
            index = faiss.IndexFlatIP(width)
        elif self.kind == "hnsw":
            index = faiss.IndexHNSWFlat(width, _HNSW_LINKS, metric)
            index.hnsw.efConstruction = _HNSW_BUILD_EFFORT
        else:
            lists = max(1, min(count, int(2 * np.sqrt(count))))
            by_centre: Any = faiss.IndexFlatIP(width)
            bits = faiss.ScalarQuantizer.QT_8bit
            index = faiss.IndexIVFScalarQuantizer(by_centre, width, lists, bits, metric)
            # The index goes on using what Python would otherwise let go.
            index.own_fields = True
            by_centre.this.disown()
            index.train(_sample(self._vectors, _TRAINED_PER_LIST * lists))
        index.add(self._vectors)
        return index

    def _set_effort(self) -> None:
        """Raise the effort until enough is found."""
        asked = _sample(self._vectors, _MEASURED_QUERIES)
        exact = faiss.knn(asked, self._vectors, _MEASURED_NEAREST, faiss.METRIC_INNER_PRODUCT)[1]
        most = self._index.nlist if self.kind == "ivf" else len(self._vectors)
        effort = 4 if self.kind == "ivf" else 16
        while True:
            self.effort = min(effort, most)
            if self.kind == "ivf":
                self._index.nprobe = self.effort
            else:
                self._index.hnsw.efSearch = self.effort
            found = self.nearest(asked, rules.CANDIDATE_TIMES * _MEASURED_NEAREST)[1]
            self.recall = recall_of(found, exact)
            if self.recall >= rules.LEAST_RECALL or effort >= most:
                return
            effort = int(effort * 1.5)


class MappedIndex:
    """An index of kind `ivf` that was kept as a file, whose lists the system maps.

    Processes that have it open share one copy.

    Args:
        path: where it was kept.
    """

    def __init__(self, path: Path) -> None:
        index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        self._index = index
        lists: Any = faiss.downcast_InvertedLists(index.invlists)
        # Threads that read ahead are started anew by each query: ten times its time.
        lists.prefetch_nthread = 0

    def nearest(self, asked: Floats, count: int) -> tuple[Floats, Rows]:
        """The nearest rows of each asked vector, nearest first: products and rows; -1 is none."""
        found: tuple[Floats, Rows] = self._index.search(
            np.ascontiguousarray(asked, np.float32), count
        )
        return found


def recall_of(found: Rows, exact: Rows) -> float:
    """Share of the truly nearest that were found."""
    hits = [len({*a.tolist()} & {*b.tolist()} - {-1}) for a, b in zip(found, exact, strict=True)]
    return sum(hits) / max(1, int((exact >= 0).sum()))


def _sample(vectors: Floats, count: int) -> Floats:
    if len(vectors) <= count:
        return vectors
    rows = np.random.default_rng(_SEED).choice(len(vectors), count, replace=False)
    return np.ascontiguousarray(vectors[np.sort(rows)])
