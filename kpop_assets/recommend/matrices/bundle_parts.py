"""What a serving bundle is made of: all that an answer needs, and nothing that runs code.

Belongs here: the parts as a training hands them over, their names on disk, the manifest. Does not
belong here: writing (bundle/bundle_write.py), opening (bundle/bundle_read.py), or answers made of
them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from kpop_assets.errors import KpopError
from kpop_assets.recommend.matrices.interactions import Codes, Floats, Interactions, Singles
from kpop_assets.recommend.matrices.top_items import best_of

# Raised where files or their meaning change. Of a bundle of the first format, whose works were all
# learnt, what later ones have in files is worked out as it is opened; others are made anew.
FORMAT_VERSION, FIRST_FORMAT = 2, 1
MANIFEST, CURRENT = "manifest.json", "current"
# What says who plays what: all that forgetting somebody has to reach.
LISTENER_IDS = "listener_ids"
HISTORY = ("history_starts", "history_items", "history_counts", "history_times")
# The same the other way round: where the listeners of each item begin, and who they are.
HOLDERS = ("holder_starts", "holder_users")
# By which near works are found where they are too many to look at all.
NEAR = "near"
# By which works are found as somebody types (works/work_search.py).
SEARCH = "work_search"
WORK_COLUMNS = (
    *("work_id", "artist", "artist_name", "title", "version_count"),
    *("cluster", "cluster_name", "age_days", "rise_chance"),
)
NAME_COLUMNS = ("track_id", "work_id", "artist", "artist_name", "title")
WAY_OUT = "`kpop train recommend` makes it anew"

PartKind = Literal["same", "weights", "factors", "listeners", "sounds", "acts", "network"]


class BundleError(KpopError):
    """There is no serving bundle, or it cannot be used."""


# What code raises over contents that no writer of a bundle makes.
_UNUSABLE = (
    *(ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError),
    *(pl.exceptions.PolarsError, pa.ArrowException),
)


@contextmanager
def bundle_errors(folder: Path) -> Iterator[None]:
    """Whatever goes wrong within is a bundle's that cannot be used; it says the way out."""
    try:
        yield
    except BundleError:
        raise
    except _UNUSABLE as error:
        raise BundleError(
            f"{folder} cannot be used: {type(error).__name__}: {error}".splitlines()[0], WAY_OUT
        ) from error


@dataclass(frozen=True)
class ServedPart:
    """One recommender, as arrays that score a history.

    Attributes:
        kind: how it scores (bundle/served_parts.py).
        arrays: by name, what it learnt.
        numbers: its settings that scoring needs.
    """

    kind: PartKind
    arrays: Mapping[str, NDArray] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def best_first(self) -> Codes | None:
        """All items, best first, of a part that thinks the same for everybody; else None."""
        if self.kind != "same":
            return None
        return best_of(self.arrays["scores"], len(self.arrays["scores"]))


@dataclass(frozen=True)
class BundleParts:
    """What a training hands over. Items are works, in the order of `works`.

    Those that were learnt come first: plays, what recommenders learnt, facts and hours are of
    them alone. The others are known by what they are: shown, found, and proposed by their content.

    Attributes:
        training_day: the last day that was learnt from.
        model: name of the recommender that is served, as in `recommend/model_scores`.
        works: a row an item with `WORK_COLUMNS` at least: cluster and its name null where
            there is none, age in days null where no release is known, P(rise) of the act null
            where nobody foretells it.
        names: every track with `NAME_COLUMNS`, by which works are found.
        listener_ids: hashed id of each listener, ascending; the codes of `known.users`.
        known: what listeners played: counts and last times.
        parts: recommenders by name; `served_parts` in bundle/kept_parts.py makes them.
        quotas: candidates by part; a part without a quota only scores.
        weights: of the mix, where there are no trees.
        vectors: a row an item: what is alike has vectors of like direction; only that is kept.
        trees: LightGBM's text of the learnt order, over `parts` and `facts`; None is the mix.
        facts: a value a learnt item, in the order that the trees learnt them.
        popular_by_hour: hours of Seoul by learnt items; None where no hours are known.
        told_popularity: of each item, as tables of tracks tell it, NaN is unknown; None is of none.
        act_names: every name of acts of the catalogue, by artist: their works are found by them.
        is_simulated: whether any of it was made up.
        counts: figures of the training, to be shown.
    """

    training_day: dt.date
    model: str
    works: pl.DataFrame
    names: pl.DataFrame
    listener_ids: NDArray
    known: Interactions
    parts: Mapping[str, ServedPart]
    quotas: Mapping[str, int]
    weights: Mapping[str, float]
    vectors: Singles
    trees: str | None = None
    facts: Mapping[str, Floats] = field(default_factory=dict)
    popular_by_hour: Singles | None = None
    told_popularity: Floats | None = None
    act_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_simulated: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse parts that do not fit together.

        Raises:
            ValueError: lengths that differ, a column that is missing, or listeners out of order.
        """
        learnt, listeners = self.known.item_count, self.known.user_count
        items = len(self.works)
        lengths = {"vectors": len(self.vectors)}
        if self.told_popularity is not None:
            lengths["told popularity"] = len(self.told_popularity)
        wrong = [f"{name} has {count}" for name, count in lengths.items() if count != items]
        facts = {f"fact {name}": len(values) for name, values in self.facts.items()}
        wrong += [f"{name} has {count}" for name, count in facts.items() if count != learnt]
        if wrong or items < learnt:
            told = ", ".join(wrong) or f"works has {items}"
            raise ValueError(f"there are {items} items, {learnt} of them learnt, but {told}")
        missing = {*WORK_COLUMNS} - {*self.works.columns} | {*NAME_COLUMNS} - {*self.names.columns}
        if missing:
            raise ValueError(f"columns are missing: {sorted(missing)}")
        ids = list(self.listener_ids)
        if len(ids) != listeners or any(a >= b for a, b in pairwise(ids)):
            raise ValueError(f"{listeners} ids of listeners are needed, each once, ascending")


@dataclass(frozen=True)
class StoredFile:
    """One file of a bundle: its name in the folder, and what it must be."""

    file: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself; its files are those that stand here and no others."""

    training_day: str
    model: str
    written_at: str
    files: dict[str, StoredFile]
    parts: dict[str, dict[str, Any]]
    quotas: dict[str, int]
    weights: dict[str, float]
    facts: list[str]
    counts: dict[str, int]
    packages: dict[str, str]
    is_simulated: bool
    format_version: int = FORMAT_VERSION

    def text(self) -> str:
        """As it is written."""
        return json.dumps(asdict(self), indent=1, sort_keys=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a bundle's folder.

    Raises:
        BundleError: there is none, it cannot be read, or another version wrote it.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = told["format_version"]
        if version not in (FIRST_FORMAT, FORMAT_VERSION):
            raise BundleError(f"{folder} has format {version}, not {FORMAT_VERSION}", WAY_OUT)
        files = {name: StoredFile(**one) for name, one in told.pop("files").items()}
        return Manifest(files=files, **told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleError(f"{folder / MANIFEST} cannot be read", WAY_OUT) from error


def serving_folder(home: Path) -> Path:
    """Where the bundles of a data folder lie."""
    return home / "serving" / "recommend"
