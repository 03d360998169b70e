"""Who the artists are: the catalogue as rows.

Belongs here: agency, generation and kind by artist. Does not belong here: any figure.
"""

from __future__ import annotations

import polars as pl

from kpop_assets.catalog.catalog import Catalog


def list_acts(catalog: Catalog) -> pl.DataFrame:
    """artist, name_ko, kind, agency, generation, debut_year of every act of a catalogue."""
    rows = [(a.artist, a.name_ko, a.kind, a.agency, a.generation, a.debut_year) for a in catalog]
    schema = {
        "artist": pl.String,
        "name_ko": pl.String,
        "kind": pl.String,
        "agency": pl.String,
        "generation": pl.Int64,
        "debut_year": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def describe_act(catalog: Catalog, artist: str) -> dict[str, object]:
    """agency, generation and debut year of an act as a page shows them; empty for none."""
    act = catalog.find(artist)
    if act is None:
        return {}
    about = {"agency": act.agency, "generation": act.generation, "debut": act.debut_year}
    return {key: "-" if value is None else value for key, value in about.items()}
