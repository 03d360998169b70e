"""Whose video a row is, in Polars: each distinct title goes to the matcher once.

Belongs here: finding the distinct titles and joining the answers. Does not belong here: any rule
about a name (kpop_assets/catalog).
"""

from __future__ import annotations

import polars as pl

from bench import peer
from kpop_assets.catalog.catalog import Catalog


def tag_artists(events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add `artist`, `artist_evidence`, `artists` and `catalog_version`."""
    titles = events.select(peer.TITLE).unique()
    answers = peer.match_titles(titles.rows(), catalog)
    matched = titles.with_columns(
        pl.Series(name, answers[name], dtype=pl.String) for name in peer.MATCHED
    )
    tagged = events.join(matched, peer.TITLE, how="left", nulls_equal=True, maintain_order="left")
    return tagged.with_columns(catalog_version=pl.lit(catalog.version))
