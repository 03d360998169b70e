"""Who the artists are: the catalogue as rows.

Belongs here: agency, generation and kind by artist. Does not belong here: any figure.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from kpop_assets.catalog.catalog import load_catalog


@lru_cache(maxsize=1)
def list_acts() -> pl.DataFrame:
    """artist, name_ko, kind, agency, generation, debut_year of every act of the catalogue."""
    rows = [
        (a.artist, a.name_ko, a.kind, a.agency, a.generation, a.debut_year) for a in load_catalog()
    ]
    schema = {
        "artist": pl.String,
        "name_ko": pl.String,
        "kind": pl.String,
        "agency": pl.String,
        "generation": pl.Int64,
        "debut_year": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
