"""Check-up of the catalogue: the home's own lines, and the days that another one matched.

Belongs here: whether acts and rows go together. Does not belong here: what a line may say
(catalog/overlay.py), or other questions about the data folder (data.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from kpop_assets.catalog.catalog import CatalogError, load_catalog, overlay_path
from kpop_assets.contracts.bronze import CATALOG_VERSION, EVENTS
from kpop_assets.contracts.models import ARTIST_INPUTS
from kpop_assets.days import consecutive
from kpop_assets.lake.errors import LakeError
from kpop_assets.lake.log import data_files
from kpop_assets.lake.purged import purged_days
from kpop_assets.lake.reader import LakeReader
from kpop_assets.operate.checkup.finding import Finding
from kpop_assets.settings import Settings

# More commands than this are no advice.
_MOST_STRETCHES = 3


def check_catalog(settings: Settings, reader: LakeReader) -> Finding:
    """The catalogue can be used, and every day that can be run anew was matched with it."""
    try:
        catalog = load_catalog(overlay=overlay_path(settings.home))
    except CatalogError as error:
        return Finding("catalogue", "problem", error.what, error.way_out)
    text = f"version {catalog.version}, {len(catalog):,} acts"
    if overlay_path(settings.home).exists():
        text += ", with catalog.jsonl"
    late = sorted(_days_of_others(reader, catalog.version) - purged_days(reader))
    if not late:
        return Finding("catalogue", "ok", text)
    stretches = list(consecutive(late))
    if len(stretches) > _MOST_STRETCHES:
        stretches = [(late[0], late[-1])]
    days = f"{len(late)} day{'s' * (len(late) > 1)}"
    return Finding(
        "catalogue",
        "warning",
        f"{text}; {days} ({late[0]} to {late[-1]}) were matched with another one"
        f"{_strangers(reader, catalog.renamed())}",
        " and ".join(f"`kpop run {first} {last}`" for first, last in stretches),
    )


def _strangers(reader: LakeReader, former: Iterable[str]) -> str:
    """A clause on the former names that forecasts take for other acts, empty without any."""
    if not reader.exists(ARTIST_INPUTS):
        return ""
    names = list(former)
    try:
        found = reader.rows(
            ARTIST_INPUTS,
            columns=["artist"],
            then=lambda rows: rows.filter(pl.col("artist").is_in(names)).unique(),
        )
    except LakeError:
        # What is wrong with that table is told by who uses it; a run that did not stays well.
        return ""
    said = ", ".join(sorted(found["artist"]))
    return f"; until they are run again forecasts take {said} for other acts" if said else ""


def _days_of_others(reader: LakeReader, version: str) -> set[dt.date]:
    """Days with events that another catalogue than this version matched, or an unknown one."""
    if not reader.exists(EVENTS):
        return set()
    name = CATALOG_VERSION.name
    # Delta's log knows it of whole files: rows are read only where it is in doubt.
    doubtful = {
        file["ingest_date"]
        for file in data_files(reader.delta(EVENTS)).iter_rows(named=True)
        if not (
            file.get(f"min.{name}") == file.get(f"max.{name}") == version
            and file.get(f"null_count.{name}") == 0
        )
    }
    if not doubtful:
        return set()
    found = reader.rows(
        EVENTS,
        columns=["ingest_date", name],
        where=pl.col("ingest_date").is_in(doubtful),
        then=lambda rows: rows.unique(),
    )
    return {day for day, matched in found.iter_rows() if matched != version}
