"""Events: lines of the kind `events`, each usable one tagged with its artist.

Belongs here: what is special about this kind. Does not belong here: what makes a line usable
(contracts/events.py, parse.py) or which of several equal ones is kept (account.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from kpop_assets.bronze.line_frame import parse_files
from kpop_assets.bronze.tagging import tagger_of
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.bronze import CATALOG_VERSION
from kpop_assets.contracts.events import EVENT_LINES
from kpop_assets.landing.found import LandingFile


def parse_events(spark: SparkSession, files: list[LandingFile], catalog: Catalog) -> DataFrame:
    """Parsed lines of events, the usable ones with artist."""
    return parse_files(spark, files, EVENT_LINES, partial(add_artists, catalog=catalog))


def add_artists(batches: Iterator[pa.Table], catalog: Catalog) -> Iterator[pa.Table]:
    """Add whose title each row has, and by which catalogue."""
    tagger = tagger_of(catalog)
    for rows in batches:
        version = pa.repeat(catalog.version, rows.num_rows)
        yield tagger.tag(rows).append_column(CATALOG_VERSION.name, version)
