"""One act is one line through time, whatever it was called when a day was taken in.

Belongs here: present names for days that were tagged before a rename. Does not belong here: which
names an act has had (catalog/), or a formula.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def present_names(rows: DataFrame, renamed: Mapping[str, str]) -> DataFrame:
    """The rows with the present name of each artist.

    Args:
        rows: with `artist`, as each day was tagged.
        renamed: present name by former one (`Catalog.renamed`).
    """
    artist = F.col("artist")
    for old, new in renamed.items():
        artist = F.when(F.col("artist") == old, F.lit(new)).otherwise(artist)
    return rows.withColumn("artist", artist) if renamed else rows
