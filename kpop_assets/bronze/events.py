"""Events: usable lines of the kind `events`, each tagged with its artist.

Belongs here: what is special about this kind. Does not belong here: what makes a line usable
(contracts/events.py, parse.py) or which of several equal ones is kept (account.py).
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from kpop_assets.bronze.account import select_rows
from kpop_assets.bronze.tagging import tag_artists
from kpop_assets.catalog.catalog import Catalog
from kpop_assets.contracts.bronze import CATALOG_VERSION, EVENTS
from kpop_assets.contracts.events import EVENT_LINES


def select_events(parsed: DataFrame, catalog: Catalog) -> DataFrame:
    """Usable lines, the first of each (video_id, observed_at) by file and line, with artist."""
    tagged = tag_artists(select_rows(parsed, EVENT_LINES), catalog)
    version = F.lit(catalog.version).alias(CATALOG_VERSION.name)
    return tagged.select("*", version).select(EVENTS.column_names)
