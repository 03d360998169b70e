"""Frames that are computed once and read many times, beside the tables.

Belongs here: where they lie and how they go again. Does not belong here: tables (lake.py).
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import DataFrame, SparkSession

from kpop_assets.lake.foreign import explained
from kpop_assets.lake.place import (
    Place,
    for_engine,
    is_table,
    list_folders,
    on_machine,
    remove_folder,
)

# No run computes this long; what is older belongs to a dead process.
STAGED_SECONDS = 24 * 3600
_FOLDER = ".staged"


@contextmanager
def scratch(root: Place) -> Iterator[Place]:
    """A folder beside the tables, inside the block: workers of a cluster reach nothing else."""
    folder = root / _FOLDER / uuid.uuid4().hex
    try:
        yield folder
    finally:
        remove_folder(folder)


@contextmanager
def staged(root: Place, spark: SparkSession, rows: DataFrame) -> Iterator[DataFrame]:
    """Compute a frame once and read it back many times, inside the block.

    Neither engine keeps a result by itself: each use of a frame would parse every line again.

    Raises:
        LakeError: the disk is full or not writable, or the bucket does not answer.
    """
    # What killed runs left would else pile up where no daemon ever purges.
    sweep_staged(root)
    with scratch(root) as folder:
        is_table(folder)  # Raises at once where the engine would try a bucket for minutes.
        try:
            # A link to a folder that is not there leads nowhere.
            on_machine(root).mkdir(parents=True, exist_ok=True)
            put(rows, for_engine(folder))
        except Exception as error:
            raise explained("staged rows", folder, error) from error
        yield spark.read.schema(rows.schema).parquet(for_engine(folder))


def put(rows: DataFrame, folder: str) -> None:
    """Write rows into a folder of a scratch; what was there goes."""
    # Read once or twice and gone: what is pressed less is written faster.
    rows.write.mode("overwrite").option("compression", "snappy").parquet(folder)


def sweep_staged(root: Place) -> int:
    """Remove what killed runs had staged; returns how many folders went."""
    changed = list_folders(root / _FOLDER).items()
    dead = [name for name, at in changed if time.time() - at > STAGED_SECONDS]
    for name in dead:
        remove_folder(root / _FOLDER / name)
    return len(dead)
